//! Server functions of changes of many subscriptions.

use crate::wire::{Api, ApiError, Call};
#[cfg(feature = "ssr")]
use crate::wire::{redirect, serve};
use kontor::{
    bulk::{BulkChoice, BulkQuery, BulkView},
    kernel::id::{BulkId, OrgId},
};
#[cfg(feature = "ssr")]
use kontor::{
    bulk::{BulkForm, service},
    mapping::CustomerQuery,
};
use leptos::prelude::*;

/// What can be chosen from; `query` is the query string of a list of customers.
#[server(name = BulkChoiceCall, prefix = "/api/store", endpoint = "bulk_choice", client = Api, protocol = Call)]
pub async fn choice(org: OrgId, #[server(default)] query: String) -> Result<BulkChoice, ApiError> {
    serve(|cx| async move {
        service::choice(&cx.kontor, &cx.actor(org).await?, CustomerQuery::from_query(&query)).await
    })
    .await
}

/// Begins a dry run.
#[server(name = PlanBulk, prefix = "/api/store", endpoint = "plan_bulk", client = Api, protocol = Call)]
pub async fn plan(
    org: OrgId,
    #[server(default)] operation: String,
    #[server(default)] seats: String,
    #[server(default)] scope: String,
    #[server(default)] query: String,
    #[server(default)] customers: Vec<String>,
    #[server(default)] request_key: String,
) -> Result<(), ApiError> {
    serve(|cx| async move {
        let form = BulkForm { operation, seats, scope, query, customers, request_key };
        let run = service::plan(&cx.kontor, &cx.actor(org).await?, &form).await?;
        cx.done("bulk_planned");
        redirect(&super::run_path(org, run));
        Ok(())
    })
    .await
}

/// Carries out what was tried.
#[server(name = StartBulk, prefix = "/api/store", endpoint = "start_bulk", client = Api, protocol = Call)]
pub async fn start(org: OrgId, run: BulkId) -> Result<(), ApiError> {
    serve(|cx| async move {
        service::start(&cx.kontor, &cx.actor(org).await?, run).await?;
        cx.done("bulk_started");
        redirect(&super::run_path(org, run));
        Ok(())
    })
    .await
}

/// A run with a page of its rows.
#[server(name = BulkCall, prefix = "/api/store", endpoint = "bulk", client = Api, protocol = Call)]
pub async fn run(org: OrgId, run: BulkId, #[server(default)] query: BulkQuery) -> Result<BulkView, ApiError> {
    serve(|cx| async move { service::run(&cx.kontor, &cx.actor(org).await?, run, query).await }).await
}

//! Server functions of commission.

#[cfg(feature = "ssr")]
use crate::wire::serve;
use crate::wire::{Api, ApiError, Call};
#[cfg(feature = "ssr")]
use kontor::{Error, commission::service, kernel::right::Feature};
use kontor::{
    commission::{Earned, LineQuery, LineView, StatementPage, WhatIf, Worked},
    kernel::id::{CommissionId, OrgId},
};
use leptos::prelude::*;

/// What a partner has, its lines and its statements.
#[server(name = CommissionsCall, prefix = "/api/store", endpoint = "commissions", client = Api, protocol = Call)]
pub async fn commissions(org: OrgId, #[server(default)] query: LineQuery) -> Result<Earned, ApiError> {
    serve(|cx| async move {
        let (kontor, actor) = (&cx.kontor, cx.actor(org).await?);
        actor.require(Feature::CommissionView)?;
        Ok(Earned {
            balances: service::balance(kontor, &actor, org).await?,
            lines: service::lines(kontor, &actor, org, &query).await?,
            statements: service::statements(kontor, &actor, org).await?,
        })
    })
    .await
}

/// A line and why it is what it is.
#[server(prefix = "/api/store", endpoint = "commission_line", client = Api, protocol = Call)]
pub async fn commission_line(org: OrgId, line: CommissionId) -> Result<LineView, ApiError> {
    serve(|cx| async move {
        let actor = cx.actor(org).await?;
        actor.require(Feature::CommissionView)?;
        service::line(&cx.kontor, &actor, org, line).await
    })
    .await
}

/// A closed month with a page of its lines; none if it is not closed, or nothing was owed or earned in it.
#[server(prefix = "/api/store", endpoint = "statement", client = Api, protocol = Call)]
pub async fn statement(
    org: OrgId,
    #[server(default)] month: String,
    #[server(default)] after: String,
) -> Result<Option<StatementPage>, ApiError> {
    serve(|cx| async move {
        let actor = cx.actor(org).await?;
        actor.require(Feature::CommissionView)?;
        let Ok(month) = month.parse() else { return Ok(None) };
        let after = after.parse::<CommissionId>().ok();
        match service::statement(&cx.kontor, &actor, org, month, after).await {
            Err(Error::NotFound) => Ok(None),
            found => found.map(Some),
        }
    })
    .await
}

/// What a sale would earn.
#[server(name = WhatIfCall, prefix = "/api/store", endpoint = "what_if", client = Api, protocol = Call)]
pub async fn what_if(org: OrgId, #[server(default)] form: WhatIf) -> Result<Worked, ApiError> {
    serve(|cx| async move {
        let actor = cx.actor(org).await?;
        actor.require(Feature::CommissionView)?;
        service::imagine(&cx.kontor, &actor, org, &form).await
    })
    .await
}

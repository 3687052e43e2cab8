//! Server functions of the demo; not found elsewhere.

use crate::wire::{Api, ApiError};
#[cfg(feature = "ssr")]
use crate::wire::{redirect, serve};
#[cfg(feature = "ssr")]
use kontor::domain::service;
use kontor::{
    domain::{Method, demo::Published},
    notification::KeptMail,
};
use leptos::prelude::*;

/// Everything published, oldest first.
#[server(prefix = "/api/demo", endpoint = "records", client = Api)]
pub async fn records() -> Result<Vec<Published>, ApiError> {
    serve(|cx| async move { service::published(&cx.kontor) }).await
}

/// Publishes a record or the proof file.
#[server(prefix = "/api/demo", endpoint = "publish_record", client = Api)]
pub async fn publish_record(
    method: Method,
    record_name: String,
    record_value: String,
) -> Result<(), ApiError> {
    serve(|cx| async move {
        let wanted = Published { method, name: record_name, value: record_value };
        service::publish(&cx.kontor, wanted)?;
        cx.done("published");
        redirect("/demo/dns");
        Ok(())
    })
    .await
}

/// Takes a record or file away.
#[server(prefix = "/api/demo", endpoint = "remove_record", client = Api)]
pub async fn remove_record(
    method: Method,
    record_name: String,
    record_value: String,
) -> Result<(), ApiError> {
    serve(|cx| async move {
        let gone = Published { method, name: record_name, value: record_value };
        service::unpublish(&cx.kontor, &gone)?;
        cx.done("unpublished");
        redirect("/demo/dns");
        Ok(())
    })
    .await
}

/// The latest mails, newest first; none where they go to a mail server.
#[server(prefix = "/api/demo", endpoint = "mails", client = Api)]
pub async fn mails() -> Result<Option<Vec<KeptMail>>, ApiError> {
    serve(|cx| async move { kontor::notification::service::kept_mails(&cx.kontor).await }).await
}

/// One mail. A malformed id is one of no mail.
#[server(prefix = "/api/demo", endpoint = "mail", client = Api)]
pub async fn mail(mail: String) -> Result<KeptMail, ApiError> {
    serve(|cx| async move { kontor::notification::service::kept_mail(&cx.kontor, mail.parse()?).await }).await
}

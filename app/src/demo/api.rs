//! Server functions of the demo; not found elsewhere.

use crate::wire::{Api, ApiError, Call};
#[cfg(feature = "ssr")]
use crate::wire::{redirect, serve};
#[cfg(feature = "ssr")]
use kontor::domain::service;
use kontor::{
    domain::demo::{Kind, Published},
    kernel::money::Money,
    notification::KeptMail,
};
use leptos::prelude::*;

/// Everything published, oldest first.
#[server(prefix = "/api/demo", endpoint = "records", client = Api, protocol = Call)]
pub async fn records() -> Result<Vec<Published>, ApiError> {
    serve(|cx| async move { service::published(&cx.kontor) }).await
}

/// Publishes a record or the proof file.
#[server(prefix = "/api/demo", endpoint = "publish_record", client = Api, protocol = Call)]
pub async fn publish_record(method: Kind, record_name: String, record_value: String) -> Result<(), ApiError> {
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
#[server(prefix = "/api/demo", endpoint = "remove_record", client = Api, protocol = Call)]
pub async fn remove_record(method: Kind, record_name: String, record_value: String) -> Result<(), ApiError> {
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
#[server(prefix = "/api/demo", endpoint = "mails", client = Api, protocol = Call)]
pub async fn mails() -> Result<Option<Vec<KeptMail>>, ApiError> {
    serve(|cx| async move { kontor::notification::service::kept_mails(&cx.kontor).await }).await
}

/// One mail. A malformed id is one of no mail.
#[server(prefix = "/api/demo", endpoint = "mail", client = Api, protocol = Call)]
pub async fn mail(mail: String) -> Result<KeptMail, ApiError> {
    serve(|cx| async move { kontor::notification::service::kept_mail(&cx.kontor, mail.parse()?).await }).await
}

/// The amount that waits for its card's owner at the demo's bank, if one does.
#[server(name = BankCall, prefix = "/api/demo", endpoint = "bank", client = Api, protocol = Call)]
pub async fn bank(#[server(default)] reference: String) -> Result<Option<Money>, ApiError> {
    serve(|cx| async move { kontor::payment::service::at_bank(&cx.kontor, &reference).await }).await
}

/// The card's owner confirms the payment, or refuses it, and goes back to where they came from.
#[server(prefix = "/api/demo", endpoint = "answer_bank", client = Api, protocol = Call)]
pub async fn answer_bank(
    #[server(default)] reference: String,
    #[server(default)] confirms: String,
) -> Result<(), ApiError> {
    serve(|cx| async move {
        let confirms = confirms == "yes";
        let back = kontor::payment::service::answer_bank(&cx.kontor, &reference, confirms).await?;
        cx.done(if confirms { "bank_confirmed" } else { "bank_refused" });
        redirect(&back);
        Ok(())
    })
    .await
}

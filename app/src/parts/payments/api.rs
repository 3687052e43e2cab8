//! Server functions of payments: cards, lists, and what finance does.

use crate::wire::{Api, ApiError, Call};
#[cfg(feature = "ssr")]
use crate::wire::{redirect, serve};
#[cfg(feature = "ssr")]
use kontor::{account::service::keep_input, payment::service};
use kontor::{
    kernel::id::{MethodId, OrgId, PaymentId},
    payment::{Cards, PaymentPage, PaymentQuery, RefundForm},
};
use leptos::prelude::*;
#[cfg(feature = "ssr")]
use leptos::server_fn::ServerFn;

/// An organisation's cards.
#[server(name = CardsCall, prefix = "/api/admin", endpoint = "cards", client = Api, protocol = Call)]
pub async fn cards(org: OrgId) -> Result<Cards, ApiError> {
    serve(|cx| async move { service::cards(&cx.kontor, &cx.actor(org).await?).await }).await
}

/// The field in which the address of the provider's page comes back.
pub const PROVIDER_PAGE: &str = "provider_page";

/// Makes ready where a card is entered, and leads back to a page with the link there: a form must not lead to another host
/// by itself (`form-action 'self'`), and the page of the provider is on one.
#[server(prefix = "/api/admin", endpoint = "begin_card", client = Api, protocol = Call)]
pub async fn begin_card(org: OrgId) -> Result<(), ApiError> {
    serve(|cx| async move {
        let url = service::begin_card(&cx.kontor, &cx.actor(org).await?).await?;
        let (form, values) = (BeginCard::PATH.to_owned(), vec![(PROVIDER_PAGE.to_owned(), url)]);
        let kept = crate::wire::Kept { form, values, error: None };
        let content = serde_json::to_string(&kept).map_err(kontor::kernel::error::internal)?;
        let state = keep_input(&cx.kontor, &cx.viewer, BeginCard::PATH, content).await?;
        redirect(&format!("/admin/{org}/billing?state={}", state.unwrap_or_default()));
        Ok(())
    })
    .await
}

/// Keeps the card that was entered.
#[server(prefix = "/api/admin", endpoint = "keep_card", client = Api, protocol = Call)]
pub async fn keep_card(org: OrgId, #[server(default)] setup: String) -> Result<(), ApiError> {
    serve(|cx| async move {
        service::keep_card(&cx.kontor, &cx.actor(org).await?, &setup).await?;
        cx.done("card_added");
        redirect(&format!("/admin/{org}/billing"));
        Ok(())
    })
    .await
}

/// Uses a card where none is named.
#[server(prefix = "/api/admin", endpoint = "prefer_card", client = Api, protocol = Call)]
pub async fn prefer_card(org: OrgId, method: MethodId) -> Result<(), ApiError> {
    serve(|cx| async move {
        service::prefer_method(&cx.kontor, &cx.actor(org).await?, method).await?;
        cx.done("card_preferred");
        redirect(&format!("/admin/{org}/billing"));
        Ok(())
    })
    .await
}

/// Forgets a card.
#[server(prefix = "/api/admin", endpoint = "remove_card", client = Api, protocol = Call)]
pub async fn remove_card(org: OrgId, method: MethodId) -> Result<(), ApiError> {
    serve(|cx| async move {
        service::remove_method(&cx.kontor, &cx.actor(org).await?, method).await?;
        cx.done("card_removed");
        redirect(&format!("/admin/{org}/billing"));
        Ok(())
    })
    .await
}

/// Payments a partner or organisation may see.
#[server(name = PaymentsCall, prefix = "/api/store", endpoint = "payments", client = Api, protocol = Call)]
pub async fn payments(org: OrgId, #[server(default)] query: PaymentQuery) -> Result<PaymentPage, ApiError> {
    serve(|cx| async move { service::payments(&cx.kontor, &cx.actor(org).await?, &query).await }).await
}

/// All payments.
#[server(name = AllPaymentsCall, prefix = "/api/vendor", endpoint = "payments", client = Api, protocol = Call)]
pub async fn all_payments(#[server(default)] query: PaymentQuery) -> Result<PaymentPage, ApiError> {
    serve(|cx| async move { service::all_payments(&cx.kontor, &cx.staff().await?, &query).await }).await
}

/// Gives money back.
#[server(name = GiveBackCall, prefix = "/api/vendor", endpoint = "refund_payment", client = Api, protocol = Call)]
pub async fn give_back(payment: PaymentId, #[server(flatten)] form: RefundForm) -> Result<(), ApiError> {
    serve(|cx| async move {
        service::give_back(&cx.kontor, &cx.staff().await?, payment, &form).await?;
        cx.done("payment_refunded");
        redirect("/vendor/payments");
        Ok(())
    })
    .await
}

/// Records that a transfer has come, or will not.
#[server(prefix = "/api/vendor", endpoint = "record_payment", client = Api, protocol = Call)]
pub async fn record_payment(
    payment: PaymentId,
    #[server(default)] arrived: String,
    #[server(default)] reference: String,
) -> Result<(), ApiError> {
    serve(|cx| async move {
        let arrived = arrived == "yes";
        service::record_transfer(&cx.kontor, &cx.staff().await?, payment, arrived, &reference).await?;
        cx.done("payment_recorded");
        redirect("/vendor/payments");
        Ok(())
    })
    .await
}

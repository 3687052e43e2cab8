//! Server functions of payouts. Files come and go by the host (`server/src/host/files.rs`).

use super::{Desk, Queue};
use crate::wire::{Api, ApiError, Call};
#[cfg(feature = "ssr")]
use crate::wire::{redirect, serve};
#[cfg(feature = "ssr")]
use kontor::{
    Error,
    kernel::{Kontor, actor::Actor, money::Currency, right::Feature},
    payout::{Decision, PayoutRow, PayoutStatus, service},
};
use kontor::{
    kernel::id::{OrgId, PayoutId},
    payout::{AccountForm, PayoutQuery},
};
use leptos::prelude::*;

/// The payout an address opens, if it names one that the reader can see.
#[cfg(feature = "ssr")]
async fn opened(kontor: &Kontor, actor: &Actor, id: &str) -> Result<Option<PayoutRow>, Error> {
    let Ok(id) = id.parse::<PayoutId>() else { return Ok(None) };
    match service::payout(kontor, actor, id).await {
        Err(Error::NotFound) => Ok(None),
        found => found.map(Some),
    }
}

/// What a partner can request, and what it has requested; `open` is the payout whose dialog is open.
#[server(name = PayoutsCall, prefix = "/api/store", endpoint = "payouts", client = Api, protocol = Call)]
pub async fn payouts(
    org: OrgId,
    #[server(default)] query: PayoutQuery,
    #[server(default)] open: String,
) -> Result<Desk, ApiError> {
    serve(|cx| async move {
        let (kontor, actor) = (&cx.kontor, cx.actor(org).await?);
        actor.require(Feature::CommissionView)?;
        let offers = service::offers(kontor, &actor, org).await?;
        let account = service::account(kontor, &actor, org).await?;
        Ok(Desk {
            offers,
            page: service::list(kontor, &actor, &query).await?,
            open: opened(kontor, &actor, &open).await?,
            on_hold: account.as_ref().is_some_and(|account| account.usable_at > kontor.now()),
            account,
            acts: actor.may(Feature::PayoutRequest),
            request_key: kontor.token(),
            today: kontor.now().day(),
        })
    })
    .await
}

/// Asks for everything that is available at an entity in a currency.
#[server(prefix = "/api/store", endpoint = "request_payout", client = Api, protocol = Call)]
pub async fn request_payout(
    org: OrgId,
    #[server(default)] entity: String,
    #[server(default)] currency: String,
    #[server(default)] request_key: String,
) -> Result<(), ApiError> {
    serve(|cx| async move {
        let actor = cx.actor(org).await?;
        actor.require(Feature::PayoutRequest)?;
        let currency = Currency::from_key(&currency).ok_or(Error::BadRequest)?;
        service::request(&cx.kontor, &actor, &entity, currency, &request_key).await?;
        cx.done("payout_requested");
        redirect(&format!("/store/{org}/payouts"));
        Ok(())
    })
    .await
}

/// Takes a payout back that nobody has looked at.
#[server(prefix = "/api/store", endpoint = "cancel_payout", client = Api, protocol = Call)]
pub async fn cancel_payout(org: OrgId, payout: PayoutId) -> Result<(), ApiError> {
    serve(|cx| async move {
        service::cancel(&cx.kontor, &cx.actor(org).await?, payout).await?;
        cx.done("payout_cancelled");
        redirect(&format!("/store/{org}/payouts"));
        Ok(())
    })
    .await
}

/// Sets the account payouts go to.
#[server(prefix = "/api/store", endpoint = "set_payout_account", client = Api, protocol = Call)]
pub async fn set_payout_account(org: OrgId, #[server(flatten)] form: AccountForm) -> Result<(), ApiError> {
    serve(|cx| async move {
        let actor = cx.actor(org).await?;
        service::set_account(&cx.kontor, &cx.viewer, &actor, &form).await?;
        cx.done("payout_account_set");
        redirect(&format!("/store/{org}/payouts"));
        Ok(())
    })
    .await
}

/// Payouts of all partners; `open` is the payout whose dialog is open.
#[server(name = AllPayoutsCall, prefix = "/api/vendor", endpoint = "payouts", client = Api, protocol = Call)]
pub async fn all_payouts(
    #[server(default)] query: PayoutQuery,
    #[server(default)] open: String,
) -> Result<Queue, ApiError> {
    serve(|cx| async move {
        let (kontor, staff) = (&cx.kontor, cx.staff().await?);
        let page = service::list(kontor, &staff, &query).await?;
        Ok(Queue { page, open: opened(kontor, &staff, &open).await?, today: kontor.now().day() })
    })
    .await
}

/// Approves or rejects, or notes what became of a payout: `act` is `approve`, `reject`, `sent`, `paid` or `failed`;
/// with a reason, or the bank's reference.
#[server(prefix = "/api/vendor", endpoint = "decide_payout", client = Api, protocol = Call)]
pub async fn decide_payout(
    payout: PayoutId,
    version: i64,
    #[server(default)] act: String,
    #[server(default)] reason: String,
    #[server(default)] reference: String,
) -> Result<(), ApiError> {
    serve(|cx| async move {
        let (kontor, staff) = (&cx.kontor, cx.staff().await?);
        staff.require(Feature::FinanceManage)?;
        match act.as_str() {
            "approve" => service::review(kontor, &staff, payout, version, &Decision::Approve).await.map(drop),
            "reject" => {
                let decision = Decision::Reject { reason };
                service::review(kontor, &staff, payout, version, &decision).await.map(drop)
            }
            "sent" => service::mark_sent(kontor, &staff, payout, version, &reference).await,
            "paid" => service::mark_paid(kontor, &staff, payout, version).await.map(drop),
            "failed" => service::mark_failed(kontor, &staff, payout, version, &reason).await,
            _ => Err(Error::BadRequest),
        }?;
        cx.done("payout_decided");
        redirect("/vendor/payouts");
        Ok(())
    })
    .await
}

/// Notes of the chosen payouts that they are with the bank, or have arrived: `act` is `sent` or `paid`.
#[server(prefix = "/api/vendor", endpoint = "mark_payouts", client = Api, protocol = Call)]
pub async fn mark_payouts(
    #[server(default)] id: Vec<PayoutId>,
    #[server(default)] act: String,
) -> Result<(), ApiError> {
    serve(|cx| async move {
        let staff = cx.staff().await?;
        staff.require(Feature::FinanceManage)?;
        let to = match act.as_str() {
            "sent" => PayoutStatus::Sent,
            "paid" => PayoutStatus::Paid,
            _ => return Err(Error::BadRequest),
        };
        service::mark_many(&cx.kontor, &staff, &id, to).await?;
        cx.done("payouts_marked");
        redirect("/vendor/payouts");
        Ok(())
    })
    .await
}

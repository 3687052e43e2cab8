//! Server functions of a subscription: the partner's, and the organisation's own.

use super::Desk;
use crate::wire::{Api, ApiError, Call};
#[cfg(feature = "ssr")]
use crate::wire::{Cx, redirect, serve};
#[cfg(feature = "ssr")]
use kontor::{
    Error, Refusal,
    kernel::{actor::Actor, right::Feature},
    subscription::{ChangeStatus, Confirmed, service},
};
use kontor::{
    kernel::id::{ChangeId, OrgId},
    subscription::{ChangeForm, ChangeRuleForm, TakeOverForm},
};
use leptos::prelude::*;

/// What the page shows: the subscription, and what a wish or the answer to a proposal would cost.
#[cfg(feature = "ssr")]
async fn desk(
    cx: &Cx,
    (actor, customer): (Actor, OrgId),
    wish: ChangeForm,
    answer: Option<ChangeId>,
) -> Result<Desk, Error> {
    let (kontor, org) = (&cx.kontor, actor.org);
    let account = service::account(kontor, &actor, customer).await?;
    let version = |id| account.open.iter().find(|change| change.id == id).map(|change| change.version);
    let answering = answer.and_then(|id| version(id).map(|version| (id, version)));
    // A wish that cannot be says so on the page, which shows everything else all the same.
    let told = |found: Result<_, Error>| match found {
        Err(error @ (Error::Refused(_) | Error::Invalid(_))) => Ok(Err(error)),
        other => other.map(Ok),
    };
    let wish = match (answering, wish.is_empty()) {
        (Some((id, _)), _) => {
            let found = service::preview_proposal(kontor, &actor, customer, id).await;
            Some((ChangeForm::default(), told(found)?))
        }
        (None, false) => {
            let found = service::preview(kontor, &actor, customer, &wish).await;
            Some((wish, told(found)?))
        }
        (None, true) => None,
    };
    Ok(Desk { org, account, wish, answering })
}

/// Whoever asks in the store, with a right of the store: an organisation that names itself as its customer has none.
#[cfg(feature = "ssr")]
async fn seller(cx: &Cx, org: OrgId, customer: OrgId, feature: Feature) -> Result<(Actor, OrgId), Error> {
    let actor = cx.actor(org).await?;
    actor.require(feature)?;
    Ok((actor, customer))
}

/// Whoever asks for the organisation itself.
#[cfg(feature = "ssr")]
async fn own(cx: &Cx, org: OrgId) -> Result<(Actor, OrgId), Error> {
    Ok((cx.actor(org).await?, org))
}

#[cfg(feature = "ssr")]
fn page(org: OrgId, customer: OrgId) -> String {
    match org == customer {
        true => format!("/admin/{org}/subscription"),
        false => format!("/store/{org}/customers/{customer}"),
    }
}

#[cfg(feature = "ssr")]
fn confirmed(cx: &Cx, org: OrgId, confirmed: &Confirmed) {
    cx.done(match confirmed.status {
        ChangeStatus::Proposed => "change_proposed",
        ChangeStatus::Scheduled => "change_scheduled",
        ChangeStatus::Charging => "change_charging",
        ChangeStatus::Applied => "change_applied",
        // What came to nothing is answered by a refusal.
        ChangeStatus::Undone | ChangeStatus::Declined | ChangeStatus::Expired | ChangeStatus::Failed => {
            "change_undone"
        }
    });
    redirect(&page(org, confirmed.org));
}

#[cfg(feature = "ssr")]
async fn confirm(cx: &Cx, (actor, customer): (Actor, OrgId), form: ChangeForm) -> Result<(), Error> {
    let done = service::confirm(&cx.kontor, &actor, customer, &form).await?;
    confirmed(cx, actor.org, &done);
    Ok(())
}

#[cfg(feature = "ssr")]
async fn approve(
    cx: &Cx,
    (actor, customer): (Actor, OrgId),
    change: ChangeId,
    version: i64,
    form: ChangeForm,
) -> Result<(), Error> {
    let done = service::approve(&cx.kontor, &actor, customer, change, version, &form).await?;
    confirmed(cx, actor.org, &done);
    Ok(())
}

#[cfg(feature = "ssr")]
async fn decline(
    cx: &Cx,
    (actor, customer): (Actor, OrgId),
    change: ChangeId,
    version: i64,
    reason: String,
) -> Result<(), Error> {
    service::decline(&cx.kontor, &actor, customer, change, version, &reason).await?;
    cx.done("change_declined");
    redirect(&page(actor.org, customer));
    Ok(())
}

#[cfg(feature = "ssr")]
async fn undo(
    cx: &Cx,
    (actor, customer): (Actor, OrgId),
    change: ChangeId,
    version: i64,
) -> Result<(), Error> {
    service::undo(&cx.kontor, &actor, customer, change, version).await?;
    cx.done("change_undone");
    redirect(&page(actor.org, customer));
    Ok(())
}

/// A customer's subscription, for its partner.
#[server(name = CustomerDesk, prefix = "/api/store", endpoint = "subscription", client = Api, protocol = Call)]
pub async fn customer_desk(
    org: OrgId,
    customer: OrgId,
    #[server(default)] wish: ChangeForm,
    #[server(default)] answer: Option<ChangeId>,
) -> Result<Desk, ApiError> {
    serve(|cx| async move {
        let who = seller(&cx, org, customer, Feature::CustomersView).await?;
        desk(&cx, who, wish, answer).await
    })
    .await
}

/// Carries out, schedules or proposes what the partner wishes.
#[server(name = ConfirmForCustomer, prefix = "/api/store", endpoint = "confirm_change", client = Api, protocol = Call)]
pub async fn confirm_for_customer(
    org: OrgId,
    customer: OrgId,
    #[server(flatten)] form: ChangeForm,
) -> Result<(), ApiError> {
    serve(|cx| async move {
        let who = seller(&cx, org, customer, Feature::SubsChange).await?;
        confirm(&cx, who, form).await
    })
    .await
}

/// The partner lays down how freely its customer changes the subscription.
#[server(prefix = "/api/store", endpoint = "set_change_rule", client = Api, protocol = Call)]
pub async fn set_change_rule(
    org: OrgId,
    customer: OrgId,
    #[server(flatten)] form: ChangeRuleForm,
) -> Result<(), ApiError> {
    serve(|cx| async move {
        let (actor, customer) = seller(&cx, org, customer, Feature::SubsChange).await?;
        service::set_change_rule(&cx.kontor, &actor, customer, &form).await?;
        cx.done("saved");
        redirect(&page(org, customer));
        Ok(())
    })
    .await
}

/// The partner approves what its customer proposed.
#[server(name = ApproveForCustomer, prefix = "/api/store", endpoint = "approve_change", client = Api, protocol = Call)]
pub async fn approve_for_customer(
    org: OrgId,
    customer: OrgId,
    change: ChangeId,
    change_version: i64,
    #[server(flatten)] form: ChangeForm,
) -> Result<(), ApiError> {
    serve(|cx| async move {
        let who = seller(&cx, org, customer, Feature::SubsChange).await?;
        approve(&cx, who, change, change_version, form).await
    })
    .await
}

/// The partner declines what its customer proposed.
#[server(name = DeclineForCustomer, prefix = "/api/store", endpoint = "decline_change", client = Api, protocol = Call)]
pub async fn decline_for_customer(
    org: OrgId,
    customer: OrgId,
    change: ChangeId,
    change_version: i64,
    #[server(default)] reason: String,
) -> Result<(), ApiError> {
    serve(|cx| async move {
        let who = seller(&cx, org, customer, Feature::SubsChange).await?;
        decline(&cx, who, change, change_version, reason).await
    })
    .await
}

/// Takes back what has no effect yet.
#[server(name = UndoForCustomer, prefix = "/api/store", endpoint = "undo_change", client = Api, protocol = Call)]
pub async fn undo_for_customer(
    org: OrgId,
    customer: OrgId,
    change: ChangeId,
    change_version: i64,
) -> Result<(), ApiError> {
    serve(|cx| async move {
        let who = seller(&cx, org, customer, Feature::SubsChange).await?;
        undo(&cx, who, change, change_version).await
    })
    .await
}

/// The organisation's own subscription, if it ever had one.
#[server(name = OwnDesk, prefix = "/api/admin", endpoint = "own_subscription", client = Api, protocol = Call)]
pub async fn own_desk(
    org: OrgId,
    #[server(default)] wish: ChangeForm,
    #[server(default)] answer: Option<ChangeId>,
) -> Result<Option<Desk>, ApiError> {
    serve(|cx| async move {
        match desk(&cx, own(&cx, org).await?, wish, answer).await {
            Err(Error::Refused(Refusal::NotSubscribed)) => Ok(None),
            found => found.map(Some),
        }
    })
    .await
}

/// Carries out or schedules what the organisation wishes.
#[server(name = ConfirmOwn, prefix = "/api/admin", endpoint = "confirm_change", client = Api, protocol = Call)]
pub async fn confirm_own(org: OrgId, #[server(flatten)] form: ChangeForm) -> Result<(), ApiError> {
    serve(|cx| async move {
        let who = own(&cx, org).await?;
        confirm(&cx, who, form).await
    })
    .await
}

/// The organisation approves what its partner proposed.
#[server(name = ApproveOwn, prefix = "/api/admin", endpoint = "approve_change", client = Api, protocol = Call)]
pub async fn approve_own(
    org: OrgId,
    change: ChangeId,
    change_version: i64,
    #[server(flatten)] form: ChangeForm,
) -> Result<(), ApiError> {
    serve(|cx| async move {
        let who = own(&cx, org).await?;
        approve(&cx, who, change, change_version, form).await
    })
    .await
}

/// The organisation declines what its partner proposed.
#[server(name = DeclineOwn, prefix = "/api/admin", endpoint = "decline_change", client = Api, protocol = Call)]
pub async fn decline_own(
    org: OrgId,
    change: ChangeId,
    change_version: i64,
    #[server(default)] reason: String,
) -> Result<(), ApiError> {
    serve(|cx| async move {
        let who = own(&cx, org).await?;
        decline(&cx, who, change, change_version, reason).await
    })
    .await
}

/// The organisation pays the running term in its partner's place, and every later one.
#[server(name = TakeOverOwn, prefix = "/api/admin", endpoint = "take_over", client = Api, protocol = Call)]
pub async fn take_over_own(org: OrgId, #[server(flatten)] form: TakeOverForm) -> Result<(), ApiError> {
    serve(|cx| async move {
        let (actor, org) = own(&cx, org).await?;
        let done = service::take_over(&cx.kontor, &actor, org, &form).await?;
        cx.done(match (done.status, done.action_url) {
            (ChangeStatus::Applied, _) => "taken_over",
            (_, Some(_)) => "bank_asks",
            (_, None) => "change_charging",
        });
        redirect(&page(org, org));
        Ok(())
    })
    .await
}

/// Takes back what has no effect yet.
#[server(name = UndoOwn, prefix = "/api/admin", endpoint = "undo_change", client = Api, protocol = Call)]
pub async fn undo_own(org: OrgId, change: ChangeId, change_version: i64) -> Result<(), ApiError> {
    serve(|cx| async move {
        let who = own(&cx, org).await?;
        undo(&cx, who, change, change_version).await
    })
    .await
}

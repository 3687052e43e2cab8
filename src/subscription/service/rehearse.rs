//! What a wish would come to and all that stands in its way, for whoever wishes the same of many: nobody sits before a
//! preview and mends what is missing.

use super::{
    answer::may_undo,
    desk::{Desk, For},
    preview::{debtor, plan},
};
use crate::{
    Error, Refusal,
    catalogue::service as catalogue,
    kernel::{
        Kontor,
        actor::Actor,
        id::{ChangeId, OrgId},
        instant::Day,
        money::Money,
        right::Feature,
    },
    payment::service::method_for,
    subscription::{
        ChangeForm, ChangeKind, ChangeStatus, When,
        authority::Say,
        change::{Contract, Terms},
    },
};
use sea_orm::ConnectionTrait;

/// What a wish would come to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Rehearsal {
    /// The wish as it can be confirmed, but for its request key.
    pub form: ChangeForm,
    /// What is.
    pub before: Terms,
    /// What would be.
    pub after: Terms,
    /// Whether the actor decides, or proposes.
    pub say: Say,
    /// What would be charged, today.
    pub total: Money,
    /// The day from which on it would be so.
    pub effective_on: Day,
    /// The subscription's version.
    pub version: i64,
}

/// Tries a wish on a subscription that was bought, with everything that confirming it would ask for. What can only be at
/// the renewal is wished for then. Changes nothing.
pub async fn rehearse(
    kontor: &Kontor,
    actor: &Actor,
    org: OrgId,
    wish: impl Fn(&Contract) -> ChangeForm,
) -> Result<Rehearsal, Error> {
    let db = kontor.db.read();
    let desk = Desk::open(kontor, db, actor, org, For::Wishing).await?;
    let contract = desk.running()?;
    desk.none_is(ChangeStatus::Charging)?;
    let mut form = wish(&contract);
    let found = match plan(kontor, db, &desk, &form).await {
        Err(Error::Refused(Refusal::AtRenewalOnly)) if form.when.is_empty() => {
            form.when = When::Renewal.to_string();
            plan(kontor, db, &desk, &form).await
        }
        found => found,
    }?;
    let total = found.quote.as_ref().map_or(0, |quote| quote.total);
    match found.say {
        Say::Proposes => desk.none_is(ChangeStatus::Proposed)?,
        Say::Decides if total > 0 => {
            payable(kontor, db, actor, debtor(&desk, found.wish.payer)).await?;
        }
        Say::Decides => {}
    }
    form.total = total.to_string();
    form.version = desk.row.version.to_string();
    let cancels = found.overlay.is_some_and(|overlay| overlay.cancel);
    Ok(Rehearsal {
        form,
        before: contract.terms,
        after: if cancels { contract.terms } else { found.wish.terms },
        say: found.say,
        total: Money::new(total, contract.currency),
        effective_on: found.effective_on,
        version: desk.row.version,
    })
}

/// Whether there is all that a charge needs.
async fn payable(
    kontor: &Kontor,
    db: &impl ConnectionTrait,
    actor: &Actor,
    debtor: OrgId,
) -> Result<(), Error> {
    if debtor == actor.org {
        actor.require(Feature::PaymentsCard)?;
    }
    if catalogue::profile(db, debtor).await?.is_none() {
        return Err(Refusal::BillingDetailsNeeded.into());
    }
    method_for(kontor, db, debtor, "").await.map(drop)
}

/// A cancellation that can be taken back.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Cancellation {
    /// The change that cancels.
    pub change: ChangeId,
    /// Its version.
    pub change_version: i64,
    /// What runs.
    pub contract: Contract,
    /// The subscription's version.
    pub version: i64,
}

/// The cancellation of a subscription, as far as the actor may take it back.
pub async fn cancellation(kontor: &Kontor, actor: &Actor, org: OrgId) -> Result<Cancellation, Error> {
    let desk = Desk::open(kontor, kontor.db.read(), actor, org, For::Wishing).await?;
    let contract = desk.running()?;
    let cancels = |status, kind| (status, kind) == (ChangeStatus::Scheduled, ChangeKind::Cancel);
    let change = desk.open.iter().find(|c| cancels(c.status, c.kind)).ok_or(Refusal::NothingChanges)?;
    if !may_undo(&desk, change) {
        return Err(Refusal::SubscriptionLocked.into());
    }
    Ok(Cancellation {
        change: change.id,
        change_version: change.version,
        contract,
        version: desk.row.version,
    })
}

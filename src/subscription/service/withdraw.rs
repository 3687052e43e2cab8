//! Orders that wait for people: for a transfer that may never come, or for a card's owner who was asked by the bank. Whoever
//! ordered takes them back; where nobody does, they lapse when the term they were to change is over, for the renewal does
//! not wait for them. Money that comes afterwards is noted, and goes back.

use super::{
    answer::may_undo,
    confirm::find_open,
    desk::{Desk, For, contract_of},
    notice::{Told, tell_of},
};
use crate::{
    Error, Refusal,
    kernel::{
        Kontor,
        actor::Actor,
        id::{ChangeId, OrgId},
    },
    organisation::rows::organisation,
    payment::{self, Failure},
    subscription::{
        ChangeStatus, Service,
        rows::{subscription, subscription_change},
    },
};

/// Orders looked at in one query.
const PAGE: u64 = 200;

/// Takes an order back. First at the provider, so that it is not paid any more; if it was paid in this very moment it stays.
pub(super) async fn withdraw(
    kontor: &Kontor,
    actor: &Actor,
    org: OrgId,
    id: ChangeId,
    version: i64,
) -> Result<(), Error> {
    let desk = Desk::open(kontor, kontor.db.read(), actor, org, For::Wishing).await?;
    let row = find_open(&desk, id, version)?;
    if !may_undo(&desk, &row) {
        return Err(Refusal::SubscriptionLocked.into());
    }
    let payment = row.payment_id.ok_or(Error::BadRequest)?;
    match payment::service::withdraw(kontor, payment, Failure::Withdrawn).await? {
        true => Ok(()),
        false => Err(Refusal::PaymentUnderWay.into()),
    }
}

/// Lets orders lapse whose term is over, so that it can be renewed.
pub(super) async fn lapse(kontor: &Kontor) -> Result<(), Error> {
    let today = kontor.now().day();
    let mut after = None;
    loop {
        let db = kontor.db.read();
        let orders = subscription_change::charging(db, after, PAGE).await?;
        let Some(last) = orders.last().map(|order| order.subscription_id) else { return Ok(()) };
        for order in &orders {
            let row = subscription::of(db, order.org_id, Service::Workplace).await?;
            let over = row.as_ref().and_then(contract_of).is_some_and(|contract| contract.ends_on < today);
            if let Some(payment) = order.payment_id.filter(|_| over)
                && payment::service::withdraw(kontor, payment, Failure::Abandoned).await?
            {
                tell(kontor, order).await?;
            }
        }
        after = Some(last);
    }
}

async fn tell(kontor: &Kontor, order: &subscription_change::Model) -> Result<(), Error> {
    let tx = kontor.db.begin().await?;
    let org = organisation::by_id(&tx, order.org_id).await?.ok_or(Error::NotFound)?;
    tell_of(kontor, &tx, &org, order.partner_id, order, Told::Undone).await?;
    Ok(tx.commit().await?)
}

/// Whether somebody can still say what becomes of an order: it waits for people, not for a provider.
pub(super) async fn can_be_withdrawn(
    kontor: &Kontor,
    row: &subscription_change::Model,
) -> Result<bool, Error> {
    let Some(id) = row.payment_id.filter(|_| row.status == ChangeStatus::Charging) else {
        return Ok(false);
    };
    let payment = payment::rows::payment::by_id(kontor.db.read(), id).await?;
    Ok(payment.is_some_and(|payment| payment.can_be_withdrawn()))
}

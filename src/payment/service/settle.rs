//! What a provider says, booked once: forward moves only, however late, double or out of order it arrives
//! (domain.md section 18).

use super::{intend::PATIENCE_MS, late};
use crate::{
    Error,
    invoice::{self, rows::invoice as papers},
    kernel::{Kontor, again::again, id::PaymentId},
    ledger::{Posting, service::post_all},
    payment::{PaymentStatus, Purpose, port::ChargeOutcome, rows::payment},
    subscription,
};
use sea_orm::{ActiveModelTrait, DatabaseTransaction, EntityTrait, IntoActiveModel};

/// Books an outcome and what follows from it, in one transaction. What is not a step forward changes nothing, but for money
/// that comes after all: it goes back. Answers
/// the payment as it stands afterwards.
pub async fn settle(kontor: &Kontor, id: PaymentId, outcome: ChargeOutcome) -> Result<payment::Model, Error> {
    let row = again(|| settle_once(kontor, id, outcome.clone())).await?;
    told(kontor, &row);
    Ok(row)
}

async fn settle_once(
    kontor: &Kontor,
    id: PaymentId,
    outcome: ChargeOutcome,
) -> Result<payment::Model, Error> {
    let tx = kontor.db.begin().await?;
    let row = payment::locked(&tx, id).await?.ok_or(Error::NotFound)?;
    let row = settle_in(kontor, &tx, row, outcome).await?;
    tx.commit().await?;
    Ok(row)
}

/// Tells open pages that a payment moved.
pub(super) fn told(kontor: &Kontor, row: &payment::Model) {
    kontor.hub.tell(row.org_id, "subscription");
    if let Some(partner) = row.partner_id {
        kontor.hub.tell(partner, "payment");
    }
}

/// [`settle`] inside the caller's transaction, which holds the payment's lock. It posts to the ledger: whatever else the
/// transaction locks comes before.
pub(super) async fn settle_in(
    kontor: &Kontor,
    tx: &DatabaseTransaction,
    mut row: payment::Model,
    outcome: ChargeOutcome,
) -> Result<payment::Model, Error> {
    if row.status == PaymentStatus::Failed && outcome.status == PaymentStatus::Succeeded {
        late::came_late(kontor, tx, &mut row, &outcome).await?;
        store(tx, &row).await?;
        return Ok(row);
    }
    let mut postings = Vec::new();
    for status in row.status.way_to(outcome.status) {
        let alone = is_alone(kontor, &row);
        row.provider_ref = outcome.provider_ref.clone().or(row.provider_ref);
        row.action_url = outcome.action_url.clone().filter(|_| status == PaymentStatus::RequiresAction);
        row.failure = outcome.failure.map(|f| f.key().to_owned());
        row.status = status;
        row.version += 1;
        if matches!(status, PaymentStatus::Succeeded | PaymentStatus::Failed) {
            row.settled_at = Some(kontor.now());
        }
        store(tx, &row).await?;
        row = follow(kontor, tx, row, alone, &mut postings).await?;
    }
    post_all(kontor, tx, &postings).await?;
    Ok(row)
}

/// Whether nobody sits and waits for the answer any more: they were told that it is under way, and have gone.
fn is_alone(kontor: &Kontor, row: &payment::Model) -> bool {
    row.status != PaymentStatus::Created || kontor.now() >= row.created_at.plus_ms(PATIENCE_MS)
}

/// What follows from the step a payment just took; `postings` takes what is to be posted of it. `alone`: nobody waits for
/// the answer, who has to hear of it is written to. Each of these is a story of its own, and kept on the heap: everything that charges carries them all.
async fn follow(
    kontor: &Kontor,
    tx: &DatabaseTransaction,
    mut row: payment::Model,
    alone: bool,
    postings: &mut Vec<Posting>,
) -> Result<payment::Model, Error> {
    let asked_for = row.request_key.is_some();
    // The subscription's lock comes before the invoice's, as where a step of dunning is taken.
    subscription::rows::subscription::locked(tx, row.org_id, subscription::Service::Workplace).await?;
    match (row.status, row.purpose) {
        (PaymentStatus::Succeeded, Purpose::Change) => {
            // The invoice is made when the money is there, so that a refused card uses no number up.
            let invoice = Box::pin(subscription::service::paid(kontor, tx, &row)).await?;
            row.invoice_id = Some(invoice);
            store(tx, &row).await?;
            let paper = papers::by_id(tx, invoice).await?.ok_or(Error::NotFound)?;
            postings.push(subscription::service::issued(&paper)?);
            postings.extend(Box::pin(invoice::service::paid(kontor, tx, invoice, &row)).await?);
        }
        (PaymentStatus::Succeeded, Purpose::Invoice) => {
            let invoice = row.invoice_id.ok_or(Error::BadRequest)?;
            postings.extend(Box::pin(invoice::service::paid(kontor, tx, invoice, &row)).await?);
            Box::pin(subscription::service::revive(kontor, tx, row.org_id)).await?;
        }
        (PaymentStatus::Failed, Purpose::Change) => {
            Box::pin(subscription::service::unpaid(kontor, tx, &row, alone)).await?;
        }
        // Who tries to pay an invoice and cannot is no worse off for it, and reads so while they wait.
        (PaymentStatus::Failed, Purpose::Invoice) if asked_for && !alone => {}
        (PaymentStatus::Failed, Purpose::Invoice) if asked_for => {
            Box::pin(subscription::service::tell_not_paid(kontor, tx, &row)).await?;
        }
        (PaymentStatus::Failed, Purpose::Invoice) => {
            Box::pin(subscription::service::dun(kontor, tx, &row)).await?;
        }
        (PaymentStatus::Disputed, _) => {
            postings.extend(Box::pin(super::refund::charge_back(kontor, tx, &row)).await?);
        }
        (PaymentStatus::Won, _) => {
            postings.extend(Box::pin(super::refund::chargeback_won(kontor, tx, &row)).await?);
        }
        _ => {}
    }
    Ok(row)
}

pub(super) async fn store(tx: &DatabaseTransaction, row: &payment::Model) -> Result<(), Error> {
    payment::Entity::update(row.clone().into_active_model().reset_all()).exec(tx).await?;
    Ok(())
}

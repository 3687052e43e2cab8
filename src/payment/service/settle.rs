//! What a provider says, booked once: forward moves only, however late, double or out of order it arrives
//! (domain.md section 18).

use super::late;
use crate::{
    Error, invoice,
    kernel::{Kontor, id::PaymentId},
    payment::{PaymentStatus, Purpose, port::ChargeOutcome, rows::payment},
    subscription,
};
use sea_orm::{ActiveModelTrait, DatabaseTransaction, EntityTrait, IntoActiveModel};

/// Books an outcome and what follows from it, in one transaction. What is not a step forward changes nothing, but for money
/// that comes after all: it goes back. Answers
/// the payment as it stands afterwards.
pub async fn settle(kontor: &Kontor, id: PaymentId, outcome: ChargeOutcome) -> Result<payment::Model, Error> {
    let tx = kontor.db.begin().await?;
    let row = payment::locked(&tx, id).await?.ok_or(Error::NotFound)?;
    let row = settle_in(kontor, &tx, row, outcome).await?;
    tx.commit().await?;
    told(kontor, &row);
    Ok(row)
}

/// Tells open pages that a payment moved.
pub(super) fn told(kontor: &Kontor, row: &payment::Model) {
    kontor.hub.tell(row.org_id, "subscription");
    if let Some(partner) = row.partner_id {
        kontor.hub.tell(partner, "payment");
    }
}

/// [`settle`] inside the caller's transaction, which holds the payment's lock.
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
    for status in row.status.way_to(outcome.status) {
        row.provider_ref = outcome.provider_ref.clone().or(row.provider_ref);
        row.action_url = outcome.action_url.clone().filter(|_| status == PaymentStatus::RequiresAction);
        row.failure = outcome.failure.map(|f| f.key().to_owned());
        row.status = status;
        row.version += 1;
        if matches!(status, PaymentStatus::Succeeded | PaymentStatus::Failed) {
            row.settled_at = Some(kontor.now());
        }
        store(tx, &row).await?;
        row = follow(kontor, tx, row).await?;
    }
    Ok(row)
}

/// What follows from the step a payment just took.
async fn follow(
    kontor: &Kontor,
    tx: &DatabaseTransaction,
    mut row: payment::Model,
) -> Result<payment::Model, Error> {
    match (row.status, row.purpose) {
        (PaymentStatus::Succeeded, Purpose::Change) => {
            // The invoice is made when the money is there, so that a refused card uses no number up.
            let invoice = subscription::service::paid(kontor, tx, &row).await?;
            row.invoice_id = Some(invoice);
            store(tx, &row).await?;
            invoice::service::paid(kontor, tx, invoice, &row).await?;
        }
        (PaymentStatus::Succeeded, Purpose::Invoice) => {
            let invoice = row.invoice_id.ok_or(Error::BadRequest)?;
            invoice::service::paid(kontor, tx, invoice, &row).await?;
            subscription::service::revive(kontor, tx, &row).await?;
        }
        (PaymentStatus::Failed, Purpose::Change) => subscription::service::unpaid(kontor, tx, &row).await?,
        (PaymentStatus::Failed, Purpose::Invoice) => subscription::service::dun(kontor, tx, &row).await?,
        (PaymentStatus::Disputed, _) => super::refund::charge_back(kontor, tx, &row).await?,
        (PaymentStatus::Won, _) => super::refund::chargeback_won(kontor, tx, &row).await?,
        _ => {}
    }
    Ok(row)
}

pub(super) async fn store(tx: &DatabaseTransaction, row: &payment::Model) -> Result<(), Error> {
    payment::Entity::update(row.clone().into_active_model().reset_all()).exec(tx).await?;
    Ok(())
}

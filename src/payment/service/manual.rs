//! Bank transfers and offline orders: vendor finance records what has come in (domain.md section 9).

use super::settle;
use crate::{
    Error, Refusal,
    audit::service::{Event, append},
    kernel::{Kontor, actor::Actor, id::PaymentId, right::Feature, text},
    organisation::rows::organisation,
    payment::{Failure, PaymentStatus, Provider, port::ChargeOutcome, rows::payment},
};

/// Records that a transfer has come in, or that it will not come. `reference` is the bank's, for whoever looks it up.
pub async fn record_transfer(
    kontor: &Kontor,
    actor: &Actor,
    id: PaymentId,
    arrived: bool,
    reference: &str,
) -> Result<(), Error> {
    actor.require(Feature::FinanceManage)?;
    let reference = text::line(reference, 0, 80).map_err(|issue| Error::field("reference", issue))?;
    let tx = kontor.db.begin().await?;
    let row = payment::locked(&tx, id).await?.ok_or(Error::NotFound)?;
    // What was given up may come all the same: it is noted, and goes back.
    let comes_late = arrived && row.status == PaymentStatus::Failed && row.refunded == 0;
    if row.provider != Provider::Manual || !(row.status.is_open() || comes_late) {
        return Err(Refusal::ChangeClosed.into());
    }
    let outcome = match arrived {
        true => ChargeOutcome::new(PaymentStatus::Succeeded, Some(row.id.to_string())),
        false => ChargeOutcome::failed(Failure::Abandoned, None),
    };
    let name = organisation::by_id(&tx, row.org_id).await?.map(|o| o.name).unwrap_or_default();
    let facts = serde_json::json!({ "payment": id, "amount": row.amount, "currency": row.currency,
        "arrived": arrived, "reference": reference });
    append(kontor, &tx, actor.org, actor, Event::new("payment.recorded", name).with(facts)).await?;
    let row = settle::settle_in(kontor, &tx, row, outcome).await?;
    tx.commit().await?;
    settle::told(kontor, &row);
    Ok(())
}

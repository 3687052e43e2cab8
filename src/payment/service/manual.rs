//! Bank transfers and offline orders: vendor finance records what has come in (domain.md section 9).

use super::settle;
use crate::{
    Error, Refusal,
    audit::service::{Event, append},
    kernel::{Kontor, actor::Actor, again::again, id::PaymentId, right::Feature, text},
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
    let row = again(|| record(kontor, actor, id, arrived, &reference)).await?;
    settle::told(kontor, &row);
    Ok(())
}

async fn record(
    kontor: &Kontor,
    actor: &Actor,
    id: PaymentId,
    arrived: bool,
    reference: &str,
) -> Result<payment::Model, Error> {
    let tx = kontor.db.begin().await?;
    let row = payment::locked(&tx, id).await?.ok_or(Error::NotFound)?;
    if row.provider != Provider::Manual || !row.status.is_open() {
        return Err(Refusal::ChangeClosed.into());
    }
    let outcome = match arrived {
        true => ChargeOutcome::new(PaymentStatus::Succeeded, Some(row.id.to_string())),
        false => ChargeOutcome {
            failure: Some(Failure::Abandoned),
            ..ChargeOutcome::new(PaymentStatus::Failed, None)
        },
    };
    let name = organisation::by_id(&tx, row.org_id).await?.map(|o| o.name).unwrap_or_default();
    let facts = serde_json::json!({ "payment": id, "amount": row.amount, "currency": row.currency,
        "arrived": arrived, "reference": reference });
    append(kontor, &tx, actor.org, actor, Event::new("payment.recorded", name).with(facts)).await?;
    let row = settle::settle_in(kontor, &tx, row, outcome).await?;
    tx.commit().await?;
    Ok(row)
}

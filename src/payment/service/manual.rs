//! Bank transfers and offline orders: vendor finance records what has come in (domain.md section 9).

use super::{
    intend::{Intent, intend},
    pay::{Counter, free_to_pay},
    settle,
};
use crate::{
    Error, Refusal,
    audit::service::{Event, append},
    invoice::rows::invoice,
    kernel::{
        Kontor,
        actor::Actor,
        again::again,
        id::{InvoiceId, PaymentId},
        money::{Money, parse_amount},
        right::Feature,
        text,
    },
    organisation::rows::organisation,
    payment::{Failure, PaymentStatus, Provider, RecordForm, port::ChargeOutcome, rows::payment},
};
use sea_orm::DatabaseTransaction;

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
    // What was given up may come all the same: it is noted, and goes back.
    let comes_late = arrived && row.status == PaymentStatus::Failed && row.refunded == 0;
    if row.provider != Provider::Manual || !(row.status.is_open() || comes_late) {
        return Err(Refusal::ChangeClosed.into());
    }
    if arrived && !comes_late && row.change_id.is_none() {
        free_to_pay(&tx, row.debtor_id != row.org_id, row.subscription_id).await?;
    }
    let outcome = match arrived {
        true => came(id),
        false => ChargeOutcome::failed(Failure::Abandoned, None),
    };
    noted(kontor, &tx, actor, &row, arrived, &reference).await?;
    let row = settle::settle_in(kontor, &tx, row, outcome).await?;
    tx.commit().await?;
    Ok(row)
}

/// Records a transfer or an offline order that came in for an open invoice, whether one was awaited or not. It may be a
/// part: then the rest is awaited. More than is left is refused: it belongs to something else, or goes back. The same
/// request key records once.
pub async fn record_invoice_payment(
    kontor: &Kontor,
    actor: &Actor,
    id: InvoiceId,
    form: &RecordForm,
) -> Result<PaymentId, Error> {
    actor.require(Feature::FinanceManage)?;
    let bill = invoice::by_id(kontor.db.read(), id).await?.ok_or(Error::NotFound)?;
    let key = text::line(&form.request_key, 8, 80).map_err(|_| Error::BadRequest)?;
    let mut problems = crate::Problems::new();
    let reference = problems.take("reference", text::line(&form.reference, 0, 80));
    let amount = problems.take("amount", parse_amount(&form.amount, bill.currency).map_err(Into::into));
    problems.finish()?;
    let tx = kontor.db.begin().await?;
    if let Some(known) = payment::by_key(&tx, &key).await? {
        let same = known.invoice_id == Some(id) && known.amount == amount;
        return if same { Ok(known.id) } else { Err(Refusal::KeyReused.into()) };
    }
    let Counter { row: bill, left, open } = Counter::open(&tx, bill).await?;
    if amount <= 0 || amount > left {
        return Err(Refusal::PaymentTooMuch { left: Money::new(left, bill.currency) }.into());
    }
    let row = match open {
        // What is awaited has come, or a part of it.
        Some(open) if open.provider == Provider::Manual => {
            payment::Model { amount, request_key: Some(key), version: open.version + 1, ..open }
        }
        Some(_) => return Err(Refusal::PaymentUnderWay.into()),
        None => {
            let new = intend(kontor, &tx, transfer(&bill, amount, Some(key))).await?;
            payment::locked(&tx, new).await?.ok_or(Error::NotFound)?
        }
    };
    settle::store(&tx, &row).await?;
    noted(kontor, &tx, actor, &row, true, &reference).await?;
    let outcome = came(row.id);
    let row = settle::settle_in(kontor, &tx, row, outcome).await?;
    if amount < left {
        intend(kontor, &tx, transfer(&bill, left - amount, None)).await?;
    }
    tx.commit().await?;
    settle::told(kontor, &row);
    Ok(row.id)
}

fn came(id: PaymentId) -> ChargeOutcome {
    ChargeOutcome::new(PaymentStatus::Succeeded, Some(id.to_string()))
}

fn transfer(bill: &invoice::Model, amount: i64, request_key: Option<String>) -> Intent {
    Intent {
        org: bill.org_id,
        debtor: bill.debtor_id,
        partner: bill.partner_id,
        subscription: bill.subscription_id,
        change: None,
        invoice: Some(bill.id),
        provider: Provider::Manual,
        method: None,
        amount: Money::new(amount, bill.currency),
        attempt: 1,
        reference: bill.number.clone(),
        request_key,
    }
}

async fn noted(
    kontor: &Kontor,
    tx: &DatabaseTransaction,
    actor: &Actor,
    row: &payment::Model,
    arrived: bool,
    reference: &str,
) -> Result<(), Error> {
    let name = organisation::by_id(tx, row.org_id).await?.map(|o| o.name).unwrap_or_default();
    let facts = serde_json::json!({ "payment": row.id, "amount": row.amount, "currency": row.currency,
        "arrived": arrived, "reference": reference });
    append(kontor, tx, actor.org, actor, Event::new("payment.recorded", name).with(facts)).await
}

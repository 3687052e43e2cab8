//! Calling the provider: outside every transaction, with the intent's key, as often as it takes to hear an answer.

use super::{intend::watch, settle};
use crate::{
    Error,
    job::{
        back_off_minutes,
        service::{Job, finish},
    },
    kernel::{Kontor, id::PaymentId, money::Money},
    payment::{
        Failure, PaymentStatus, Provider,
        port::{ChargeOrder, ChargeOutcome, PortError},
        rows::{payment, payment_method},
    },
};
use serde::Deserialize;

/// Hours for which a payment may wait for its payer to confirm with the bank.
const ACTION_HOURS: i64 = 24;

/// Asks the provider to collect an intended payment and books what it answers. Without an answer the payment stays as
/// it is, and its job asks again with the same key. Answers the payment as it stands afterwards.
pub async fn carry_out(kontor: &Kontor, id: PaymentId) -> Result<payment::Model, Error> {
    let db = kontor.db.read();
    let row = payment::by_id(db, id).await?.ok_or(Error::NotFound)?;
    if !matches!(row.status, PaymentStatus::Created | PaymentStatus::Processing) {
        return Ok(row);
    }
    let method = match row.method_id {
        Some(method) => payment_method::one(db, row.debtor_id, method).await?,
        None => None,
    };
    let port = kontor.payments.of(row.provider)?;
    let order = ChargeOrder {
        key: row.id.to_string(),
        amount: Money::new(row.amount, row.currency),
        method: method.as_ref().map(|m| m.token.clone()).unwrap_or_default(),
        customer: method.as_ref().map(|m| m.customer_token.clone()).unwrap_or_default(),
        description: row.reference.clone(),
        return_url: kontor.url(&format!("/admin/{}/subscription", row.org_id)),
    };
    match port.charge(&order).await {
        Ok(outcome) => settle(kontor, id, outcome).await,
        Err(PortError::Timeout | PortError::Unreachable(_)) => {
            tracing::warn!(payment = %id, "the payment provider has not answered: it is asked again");
            Ok(row)
        }
        Err(PortError::Refused(what)) => {
            tracing::warn!(payment = %id, %what, "the payment provider refuses");
            settle(kontor, id, failed(Failure::ProviderError)).await
        }
    }
}

fn failed(failure: Failure) -> ChargeOutcome {
    ChargeOutcome {
        status: PaymentStatus::Failed,
        provider_ref: None,
        action_url: None,
        failure: Some(failure),
    }
}

#[derive(Deserialize)]
struct Watched {
    payment: PaymentId,
}

/// The job that sees every payment to its end: after a crash, a lost answer, or a payer who never confirmed.
pub async fn watch_payment(kontor: &Kontor, job: &Job) -> Result<(), Error> {
    let Watched { payment: id } = serde_json::from_value(job.payload.clone()).map_err(|_| Error::BadRequest)?;
    let mut row = carry_out(kontor, id).await?;
    let now = kontor.now();
    if row.status == PaymentStatus::RequiresAction {
        let known = match &row.provider_ref {
            Some(reference) => kontor.payments.of(row.provider)?.look_up(&row.id.to_string(), reference).await,
            None => Ok(None),
        };
        let over = now >= row.created_at.plus_hours(ACTION_HOURS);
        row = match known {
            Ok(Some(outcome)) if outcome.status != PaymentStatus::RequiresAction => {
                settle(kontor, id, outcome).await?
            }
            // The provider is not told to forget it: a payer who confirms later is paid back by finance, who sees it.
            Ok(_) if over => settle(kontor, id, failed(Failure::ActionNotTaken)).await?,
            _ => row,
        };
    }
    let tx = kontor.db.begin().await?;
    if !finish(kontor, &tx, job).await? {
        return Ok(());
    }
    // A transfer is recorded by finance, however long it takes.
    let by_hand = row.provider == Provider::Manual;
    if row.status.is_open() && !by_hand {
        let tries = i32::try_from((now.0 - row.created_at.0) / 60_000).unwrap_or(i32::MAX).clamp(1, 360);
        let pause = back_off_minutes(i32::try_from(tries.ilog2()).unwrap_or(1) + 1).min(60);
        watch(kontor, &tx, id, now.plus_minutes(pause)).await?;
    }
    tx.commit().await?;
    Ok(())
}

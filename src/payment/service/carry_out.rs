//! Calling the provider: outside every transaction, with the intent's key, as often as it takes to hear an answer.

use super::{intend::watch, settle};
use crate::{
    Error,
    invoice::rows::invoice,
    job::{
        back_off_minutes,
        service::{Job, finish},
    },
    kernel::{Kontor, id::PaymentId, instant::Instant, money::Money},
    payment::{
        Failure, PaymentStatus, Provider,
        port::{ChargeOrder, ChargeOutcome, PaymentPort, PortError},
        rows::{payment, payment_method},
    },
    setting::service::policy,
};
use serde::Deserialize;
use std::sync::Arc;

/// Hours for which a payment may wait for its payer to confirm with the bank.
const ACTION_HOURS: i64 = 24;

/// The provider of a payment, if this installation still has it.
pub(super) fn port(kontor: &Kontor, provider: Provider) -> Result<&Arc<dyn PaymentPort>, Error> {
    kontor.payments.get(provider).ok_or_else(|| {
        tracing::error!(%provider, "the payment provider is not configured");
        Error::Unavailable
    })
}

/// Asks the provider to collect an intended payment and books what it answers. Without an answer the payment stays as
/// it is, and its job asks again with the same key. Answers the payment as it stands afterwards.
pub async fn carry_out(kontor: &Kontor, id: PaymentId) -> Result<payment::Model, Error> {
    let row = payment::by_id(kontor.db.read(), id).await?.ok_or(Error::NotFound)?;
    if row.status != PaymentStatus::Created {
        return Ok(row);
    }
    let order = order(kontor, &row).await?;
    let answer = port(kontor, row.provider)?.charge(&order).await;
    book(kontor, row, answer).await
}

/// Asks what became of a payment that is not at its end; sends the order again, with the same key, if the provider
/// knows nothing of it.
pub(super) async fn resume(kontor: &Kontor, row: payment::Model) -> Result<payment::Model, Error> {
    if !row.status.is_open() {
        return Ok(row);
    }
    let order = order(kontor, &row).await?;
    let answer = port(kontor, row.provider)?.resume(&order, row.provider_ref.as_deref()).await;
    book(kontor, row, answer).await
}

/// Gives a payment up that is not at its end: first at the provider, so that nobody pays for what is not sold any more.
/// Answers the payment as it stands afterwards; it is still open if the provider cannot say.
pub(super) async fn give_up(
    kontor: &Kontor,
    row: payment::Model,
    why: Failure,
) -> Result<payment::Model, Error> {
    if !row.status.is_open() {
        return Ok(row);
    }
    let order = order(kontor, &row).await?;
    match port(kontor, row.provider)?.cancel(&order, row.provider_ref.as_deref()).await {
        Ok(outcome) if outcome.status == PaymentStatus::Failed => {
            settle(kontor, row.id, ChargeOutcome { failure: Some(why), ..outcome }).await
        }
        Ok(outcome) => settle(kontor, row.id, outcome).await,
        Err(error) => {
            tracing::warn!(payment = %row.id, %error, "the payment provider does not give it up");
            Ok(row)
        }
    }
}

/// Takes a payment back for whoever ordered what it is for, as long as it waits for a transfer or for its owner's bank.
/// Answers whether it will not come.
pub(crate) async fn withdraw(kontor: &Kontor, id: PaymentId, why: Failure) -> Result<bool, Error> {
    let row = payment::by_id(kontor.db.read(), id).await?.ok_or(Error::NotFound)?;
    if !row.can_be_withdrawn() {
        return Ok(false);
    }
    Ok(give_up(kontor, row, why).await?.status == PaymentStatus::Failed)
}

async fn book(
    kontor: &Kontor,
    row: payment::Model,
    answer: Result<ChargeOutcome, PortError>,
) -> Result<payment::Model, Error> {
    match answer {
        Ok(outcome) => settle(kontor, row.id, outcome).await,
        Err(error @ (PortError::Timeout | PortError::Unreachable)) => {
            tracing::warn!(payment = %row.id, %error, "the payment provider is asked again");
            Ok(row)
        }
        Err(PortError::Refused(what)) => {
            tracing::warn!(payment = %row.id, %what, "the payment provider refuses");
            settle(kontor, row.id, ChargeOutcome::failed(Failure::ProviderError, None)).await
        }
    }
}

/// The order of a payment: the same, word for word, however often it is sent.
async fn order(kontor: &Kontor, row: &payment::Model) -> Result<ChargeOrder, Error> {
    let method = match row.method_id {
        Some(method) => payment_method::one(kontor.db.read(), row.debtor_id, method).await?,
        None => None,
    };
    let (token, customer) = method.map(|m| (m.token, m.customer_token)).unwrap_or_default();
    // Only for what somebody sits and waits for; a renewal comes by itself.
    let present = row.change_id.is_some() || row.request_key.is_some();
    let bill = match row.invoice_id.filter(|_| row.change_id.is_none()) {
        Some(id) => invoice::by_id(kontor.db.read(), id).await?,
        None => None,
    };
    let page = match (bill, row.partner_id.filter(|partner| *partner == row.debtor_id)) {
        (Some(bill), _) => bill.page(),
        (None, Some(partner)) => format!("/store/{partner}/customers/{}", row.org_id),
        (None, None) => format!("/admin/{}/subscription", row.org_id),
    };
    Ok(ChargeOrder {
        key: row.id.to_string(),
        amount: Money::new(row.amount, row.currency),
        method: token,
        customer,
        description: row.reference.clone(),
        return_url: present.then(|| kontor.url(&page)),
        created_at: row.created_at,
    })
}

/// Until when a transfer is waited for that a change takes effect with: as long as an invoice would be. Nothing else can be
/// changed meanwhile.
async fn transfer_until(kontor: &Kontor, row: &payment::Model) -> Result<Instant, Error> {
    let policy = policy(kontor, kontor.db.read()).await?;
    Ok(row.created_at.day().plus(policy.invoice_due_days + policy.grace_days).end())
}

#[derive(Deserialize)]
struct Watched {
    payment: PaymentId,
}

/// The job that sees every payment to its end: after a crash, a lost answer, or a payer who never confirmed.
pub async fn watch_payment(kontor: &Kontor, job: &Job) -> Result<(), Error> {
    let Watched { payment: id } =
        serde_json::from_value(job.payload.clone()).map_err(|_| Error::BadRequest)?;
    let row = payment::by_id(kontor.db.read(), id).await?.ok_or(Error::NotFound)?;
    let mut row = resume(kontor, row).await?;
    let now = kontor.now();
    if row.status == PaymentStatus::RequiresAction && now >= row.created_at.plus_hours(ACTION_HOURS) {
        row = give_up(kontor, row, Failure::Abandoned).await?;
    }
    let awaited = row.status.is_open() && row.provider == Provider::Manual;
    let patience = match awaited && row.change_id.is_some() {
        true => Some(transfer_until(kontor, &row).await?),
        false => None,
    };
    if patience.is_some_and(|until| now >= until) {
        row = settle(kontor, id, ChargeOutcome::failed(Failure::Abandoned, None)).await?;
    }
    let tx = kontor.db.begin().await?;
    if !finish(kontor, &tx, job).await? {
        return Ok(());
    }
    // The transfer of an invoice is dunned with it; finance records it, however long it takes.
    if let Some(until) = patience.filter(|_| row.status.is_open()) {
        watch(kontor, &tx, id, until).await?;
    } else if row.status.is_open() && !awaited {
        let minutes = (now.0 - row.created_at.0) / 60_000;
        let tries = 64 - u64::try_from(minutes).unwrap_or(0).leading_zeros();
        let pause = back_off_minutes(i32::try_from(tries).unwrap_or(10).max(1)).min(60);
        watch(kontor, &tx, id, now.plus_minutes(pause)).await?;
    }
    tx.commit().await?;
    Ok(())
}

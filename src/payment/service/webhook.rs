//! What providers tell of their own accord: `/hooks/{provider}`. Believed only with a valid signature, booked once however
//! often it comes.

use super::{outside, refund, settle};
use crate::{
    Error,
    kernel::{
        Kontor,
        again::again,
        id::{PaymentId, RefundId},
    },
    payment::{
        Failure, PaymentStatus, Provider,
        port::{ChargeOutcome, News, ProviderEvent, RefundOutcome, WebhookFault},
        rows::{payment, webhook_event},
    },
};

/// Takes a webhook. `BadRequest` if it is not what it says; then nothing is kept of it. An error tells the provider to
/// send it again.
pub async fn webhook(
    kontor: &Kontor,
    provider: Provider,
    headers: &[(String, String)],
    body: &[u8],
) -> Result<(), Error> {
    let port = kontor.payments.get(provider).ok_or(Error::NotFound)?;
    let events = port.parse_webhook(headers, body, kontor.now()).map_err(|fault: WebhookFault| {
        tracing::warn!(%provider, %fault, "a webhook is not believed");
        Error::BadRequest
    })?;
    for event in events {
        again(|| take(kontor, provider, event.clone())).await?;
    }
    Ok(())
}

async fn take(kontor: &Kontor, provider: Provider, event: ProviderEvent) -> Result<(), Error> {
    let tx = kontor.db.begin().await?;
    let row = webhook_event::Model {
        provider,
        event_id: event.id.clone(),
        kind: event.kind.clone(),
        payload: serde_json::to_string(&event.news).map_err(crate::kernel::error::internal)?,
        received_at: kontor.now(),
        handled_at: None,
    };
    // Noted in the transaction that books it: one that fails is told again.
    if !webhook_event::note(&tx, row).await? {
        return Ok(());
    }
    let refund = match &event.news {
        News::RefundSettled { key, status, refund_ref } => {
            let id = key.as_deref().and_then(|key| key.parse::<RefundId>().ok());
            id.map(|id| (id, RefundOutcome { status: *status, provider_ref: Some(refund_ref.clone()) }))
        }
        _ => None,
    };
    let found = match event.key.as_deref().and_then(|key| key.parse::<PaymentId>().ok()) {
        Some(id) => payment::by_id(&tx, id).await?,
        None => match &event.provider_ref {
            Some(reference) => payment::by_ref(&tx, provider, reference).await?,
            None => None,
        },
    };
    let found = found.filter(|payment| payment.provider == provider);
    let mut moved = None;
    if let (Some(status), Some(found)) = (event.news.status(), &found) {
        let row = payment::locked(&tx, found.id).await?.ok_or(Error::NotFound)?;
        moved = Some(settle::settle_in(kontor, &tx, row, outcome(status, &event)).await?);
    } else if let (News::Refunded { total }, Some(found)) = (&event.news, &found) {
        let row = payment::locked(&tx, found.id).await?.ok_or(Error::NotFound)?;
        outside::given_back(kontor, &tx, row, *total, &event.id).await?;
    } else if refund.is_none() {
        tracing::info!(%provider, kind = %event.kind, "a webhook about nothing of ours");
    }
    webhook_event::handled(&tx, provider, event.id, kontor.now()).await?;
    tx.commit().await?;
    if let Some(row) = moved {
        settle::told(kontor, &row);
    }
    if let Some((id, outcome)) = refund {
        refund::settle_refund(kontor, id, outcome, None).await?;
    }
    Ok(())
}

fn outcome(status: PaymentStatus, event: &ProviderEvent) -> ChargeOutcome {
    let mut outcome = ChargeOutcome::new(status, event.provider_ref.clone());
    match &event.news {
        News::Failed { failure } => outcome.failure = Some(*failure),
        News::ActionRequired { url } => outcome.action_url.clone_from(url),
        _ => {}
    }
    if status == PaymentStatus::Failed && outcome.failure.is_none() {
        outcome.failure = Some(Failure::Declined);
    }
    outcome
}

//! Money that comes for a payment that was given up: nothing was sold for it, so it goes back by itself, and finance is
//! told. In the ledger it is nothing: it comes and goes.

use super::refund;
use crate::{
    Error,
    audit::service::{Event, append},
    kernel::{Kontor, actor::Actor, money::Money, right::OrgKind},
    notification::{Mail, service::write},
    organisation::{rows::organisation, service::finance},
    payment::{
        RefundKind, RefundStatus,
        port::ChargeOutcome,
        rows::{self, payment},
    },
};
use sea_orm::DatabaseTransaction;

/// Notes once that the money of a failed payment has come, and that all of it goes back. The caller holds the payment's
/// lock, and stores the payment.
pub(super) async fn came_late(
    kontor: &Kontor,
    tx: &DatabaseTransaction,
    row: &mut payment::Model,
    outcome: &ChargeOutcome,
) -> Result<(), Error> {
    let request_key = format!("late-{}", row.id);
    if rows::refund::by_key(tx, &request_key).await?.is_some() {
        return Ok(());
    }
    row.provider_ref = outcome.provider_ref.clone().or(row.provider_ref.take());
    row.refunded = row.amount;
    row.version += 1;
    let actor = Actor::system(row.org_id, OrgKind::Customer, "payments");
    let back = rows::refund::Model {
        id: kontor.id(),
        payment_id: row.id,
        org_id: row.org_id,
        kind: RefundKind::Late,
        amount: row.amount,
        currency: row.currency,
        status: RefundStatus::Processing,
        reason: String::new(),
        request_key,
        provider_ref: None,
        credit_note_id: None,
        by_label: actor.label(),
        failure: None,
        created_at: kontor.now(),
        settled_at: None,
        version: 1,
    };
    refund::decide(kontor, tx, back, kontor.now()).await?;
    let name = organisation::by_id(tx, row.org_id).await?.map(|o| o.name).unwrap_or_default();
    let vendor = organisation::vendor(tx).await?.map(|vendor| vendor.id);
    let facts = serde_json::json!({ "payment": row.id, "amount": row.amount, "currency": row.currency });
    for chain in [vendor, Some(row.org_id)].into_iter().flatten() {
        append(kontor, tx, chain, &actor, Event::new("payment.came_late", &name).with(facts.clone())).await?;
    }
    let mail = Mail::PaymentCameLate {
        organisation: name,
        amount: Money::new(row.amount, row.currency),
        link: kontor.url(&format!("/vendor/payments?customer={}", row.org_id)),
    };
    for to in finance(tx).await? {
        write(kontor, tx, to, &mail).await?;
    }
    Ok(())
}

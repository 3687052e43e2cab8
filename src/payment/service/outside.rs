//! Refunds that were made at the provider's own desk: noted as soon as the provider tells of them, with their credit note, and
//! finance is told. Nothing ends by them: what is to become of the subscription is decided with us.

use super::{refund::book, settle};
use crate::{
    Error,
    audit::service::{Event, append},
    kernel::{Kontor, actor::Actor, money::Money, right::OrgKind},
    ledger::service::post_all,
    notification::{Mail, service::write},
    organisation::{rows::organisation, service::finance},
    payment::{
        PaymentStatus, RefundKind, RefundStatus,
        rows::{payment, refund},
    },
};
use sea_orm::{DatabaseTransaction, EntityTrait};

/// Notes what was given back of a payment beyond what we know of. `total` is all that was given back of it by now; `event`
/// names the news, which count once. The caller holds the payment's lock.
pub(super) async fn given_back(
    kontor: &Kontor,
    tx: &DatabaseTransaction,
    mut row: payment::Model,
    total: Money,
    event: &str,
) -> Result<(), Error> {
    // Our own refunds are known before the provider hears of them.
    let more = total.minor.min(row.amount) - row.refunded;
    let paid = matches!(row.status, PaymentStatus::Succeeded | PaymentStatus::Won);
    if more <= 0 || total.currency != row.currency || !paid || row.invoice_id.is_none() {
        return Ok(());
    }
    row.refunded += more;
    row.version += 1;
    settle::store(tx, &row).await?;
    let actor = Actor::system(row.org_id, OrgKind::Customer, "payments");
    let mut back = refund::Model {
        id: kontor.id(),
        payment_id: row.id,
        org_id: row.org_id,
        kind: RefundKind::Outside,
        amount: more,
        currency: row.currency,
        status: RefundStatus::Succeeded,
        reason: String::new(),
        request_key: format!("outside-{}-{event}", row.provider),
        provider_ref: None,
        credit_note_id: None,
        by_label: actor.label(),
        failure: None,
        created_at: kontor.now(),
        settled_at: Some(kontor.now()),
        version: 1,
    };
    let (note, postings) = book(kontor, tx, &row, &back).await?;
    back.credit_note_id = Some(note);
    refund::Entity::insert(refund::ActiveModel::from(back)).exec_without_returning(tx).await?;
    let name = organisation::by_id(tx, row.org_id).await?.map(|o| o.name).unwrap_or_default();
    let vendor = organisation::vendor(tx).await?.map(|vendor| vendor.id);
    let facts = serde_json::json!({ "payment": row.id, "amount": more, "currency": row.currency,
        "kind": RefundKind::Outside });
    for chain in [vendor, Some(row.org_id), row.partner_id].into_iter().flatten() {
        append(kontor, tx, chain, &actor, Event::new("payment.refunded", &name).with(facts.clone())).await?;
    }
    let mail = Mail::RefundedOutside {
        organisation: name,
        amount: Money::new(more, row.currency),
        link: kontor.url(&format!("/vendor/payments?customer={}", row.org_id)),
    };
    for to in finance(tx).await? {
        write(kontor, tx, to, &mail).await?;
    }
    post_all(kontor, tx, &postings).await?;
    Ok(())
}

//! A change takes effect: the subscription's row, the partner's list, and once paid for its invoice.

use super::{
    answer::{close, store},
    bill::{Sold, bill},
    confirm::set_renewing,
    content::Content,
    desk::{contract_behind, with_contract},
    dun::revive,
    ending::resume,
    hand_over::hand_over,
    notice::{Told, tell_of},
    take_over::release_partner,
};
use crate::{
    Error,
    audit::service::{Event, append},
    invoice::{self, Sale, Settlement},
    kernel::{
        Kontor,
        actor::Actor,
        id::{InvoiceId, OrgId},
        right::OrgKind,
    },
    mapping::{CustomerEventKind, rows::mapping, service::refresh_after},
    organisation::rows::organisation,
    payment::{
        Failure,
        rows::{payment, payment_method},
    },
    subscription::{
        ChangeKind, ChangeStatus, Service,
        change::{Contract, Payer, begun_on},
        rows::{subscription, subscription_change},
    },
};
use sea_orm::{ActiveModelTrait, DatabaseTransaction, EntityTrait, IntoActiveModel};

/// Brings the subscription to what the change makes of it. The caller holds its lock.
pub(super) async fn apply(
    kontor: &Kontor,
    tx: &DatabaseTransaction,
    row: &subscription::Model,
    after: &Contract,
    change: &subscription_change::Model,
) -> Result<(), Error> {
    let content = Content::of(change)?;
    let method = content.pays.and_then(|(_, method)| method);
    let next = subscription::Model {
        entity: Some(content.entity),
        method_id: method.or(row.method_id),
        ..with_contract(row, after)
    };
    subscription::Entity::update(next.into_active_model().reset_all()).exec(tx).await?;
    if !row.status.is_paid() {
        resume(tx, row.org_id).await?;
    }
    let what = (change.kind == ChangeKind::Buy).then_some(CustomerEventKind::Bought);
    refresh_after(kontor, tx, row.org_id, what).await
}

/// A change was paid for: it takes effect, and its invoice is issued. Answers the invoice. Called inside the transaction
/// that books the payment, which posts the invoice, too.
pub async fn paid(
    kontor: &Kontor,
    tx: &DatabaseTransaction,
    payment: &payment::Model,
) -> Result<InvoiceId, Error> {
    let (row, mut change) = charged(tx, payment).await?;
    let mut content = Content::of(&change)?;
    let mut quote = content.quote.clone().ok_or(Error::BadRequest)?;
    let today = kontor.now().day();
    if change.kind == ChangeKind::Buy {
        // Nobody loses the days that a transfer takes: the first term begins when it is paid.
        quote = begun_on(&quote, today);
        content.quote = Some(quote.clone());
        change = subscription_change::Model { effective_on: today, content: content.stored()?, ..change };
    }
    let org = organisation::by_id(tx, row.org_id).await?.ok_or(Error::NotFound)?;
    let method = match payment.method_id {
        Some(id) => payment_method::one(tx, payment.debtor_id, id).await?,
        None => None,
    };
    let settlement =
        method.map_or(Settlement::Transfer, |m| Settlement::Paid { brand: m.brand, last4: m.last4 });
    if change.kind == ChangeKind::TakeOver {
        Box::pin(release_partner(kontor, tx, &row)).await?;
    }
    let sold = Sold {
        org: &org,
        debtor: payment.debtor_id,
        partner: payment.partner_id,
        subscription: row.id,
        change: Some(change.id),
        entity: &content.entity,
        tax: content.tax,
        whole: match change.kind {
            ChangeKind::Buy => Sale::New,
            ChangeKind::Early | ChangeKind::TakeOver => Sale::Renewal,
            _ => Sale::TermChange,
        },
        due_on: today,
        settlement,
    };
    let mut bill = bill(tx, &sold, &quote).await?;
    bill.reference = content.asked.map(|asked| asked.purchase_ref).unwrap_or_default();
    let invoice = invoice::service::issue(kontor, tx, bill).await?;
    let (action, told) = match change.kind {
        // It waits for its day; the running term stays what it is.
        ChangeKind::Early => {
            set_renewing(tx, &row, row.auto_renew).await?;
            ("subscription.renewed_early", Told::Renewed)
        }
        ChangeKind::TakeOver => {
            apply(kontor, tx, &row, &quote.after, &change).await?;
            Box::pin(revive(kontor, tx, row.org_id)).await?;
            ("subscription.taken_over", Told::TakenOver)
        }
        _ => {
            apply(kontor, tx, &row, &quote.after, &change).await?;
            ("subscription.changed", Told::Paid)
        }
    };
    if change.payer == Payer::Partner
        && payment.partner_id != mapping::partner_of(tx, row.org_id, Service::Workplace).await?
    {
        // Ordered by a partner that has gone meanwhile.
        let now = subscription::of(tx, row.org_id, Service::Workplace).await?.ok_or(Error::NotFound)?;
        if let Some(contract) = contract_behind(&now) {
            hand_over(kontor, tx, &now, contract).await?;
        }
    }
    let status = change.kind.once_paid();
    let mut change = close(kontor, change, status, String::new());
    change.invoice_id = Some(invoice.id);
    store(tx, &change).await?;
    let actor = Actor::system(row.org_id, OrgKind::Customer, "payments");
    for chain in [Some(row.org_id), payment.partner_id].into_iter().flatten() {
        let facts = serde_json::json!({ "invoice": invoice.number, "total": invoice.total, "currency": invoice.currency });
        append(kontor, tx, chain, &actor, Event::new(action, &org.name).with(facts)).await?;
    }
    tell_of(kontor, tx, &org, payment.partner_id, &change, told).await?;
    Ok(invoice.id)
}

/// A change could not be paid: nothing of it happens. What was approved can be approved again, with another card. `alone`: who
/// wished it does not read the answer, and is written to.
pub async fn unpaid(
    kontor: &Kontor,
    tx: &DatabaseTransaction,
    payment: &payment::Model,
    alone: bool,
) -> Result<(), Error> {
    let (row, change) = charged(tx, payment).await?;
    let failure = payment.failure.clone().unwrap_or_default();
    let facts = serde_json::json!({ "total": change.total, "currency": change.currency, "failure": failure });
    let withdrawn = failure == Failure::Withdrawn.key();
    let change = match change.expires_at {
        Some(until) if kontor.now() < until => proposed_again(change)?,
        _ if withdrawn => close(kontor, change, ChangeStatus::Undone, String::new()),
        _ => close(kontor, change, ChangeStatus::Failed, failure),
    };
    store(tx, &change).await?;
    let org = organisation::by_id(tx, row.org_id).await?.ok_or(Error::NotFound)?;
    let actor = Actor::system(row.org_id, OrgKind::Customer, "payments");
    append(kontor, tx, row.org_id, &actor, Event::new("subscription.not_paid", &org.name).with(facts))
        .await?;
    if alone && !withdrawn {
        tell_of(kontor, tx, &org, payment.partner_id, &change, Told::NotPaid).await?;
    }
    Ok(())
}

/// A proposal whose payment came to nothing waits for its answer as before.
fn proposed_again(change: subscription_change::Model) -> Result<subscription_change::Model, Error> {
    let content = Content { pays: None, ..Content::of(&change)? };
    Ok(subscription_change::Model {
        status: ChangeStatus::Proposed,
        content: content.stored()?,
        payment_id: None,
        decided_at: None,
        version: change.version + 1,
        ..change
    })
}

/// The subscription, locked, and the change of it that a payment is for.
async fn charged(
    tx: &DatabaseTransaction,
    payment: &payment::Model,
) -> Result<(subscription::Model, subscription_change::Model), Error> {
    let row = subscription::locked(tx, payment.org_id, Service::Workplace).await?.ok_or(Error::NotFound)?;
    let id = payment.change_id.ok_or(Error::BadRequest)?;
    let change = subscription_change::one(tx, payment.org_id, id).await?;
    // A payment moves forward once, so its change is still being charged for.
    let change = change.filter(|c| c.status == ChangeStatus::Charging).ok_or(Error::StaleVersion)?;
    Ok((row, change))
}

/// Who is told of the change on the customer's and the partner's side.
pub(super) fn sides(org: OrgId, partner: Option<OrgId>) -> [(Option<OrgId>, OrgKind); 2] {
    [(Some(org), OrgKind::Customer), (partner, OrgKind::Partner)]
}

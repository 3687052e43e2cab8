//! Debts of a subscription: when one begins to be dunned, and what becomes of the subscription when it is paid after all
//! (domain.md section 9, R9.5 and R9.7). The steps between are the job's ([`super::dunning`]).

use super::{
    apply::sides,
    ending::resume,
    flag::flag,
    notice::{invoice_link, link},
};
use crate::{
    Error,
    audit::service::{Event, append},
    invoice::{rows::invoice, service::owed_for},
    job::{
        JobKind,
        service::{NewJob, enqueue_all},
    },
    kernel::{
        Kontor,
        actor::Actor,
        id::{InvoiceId, OrgId},
        instant::Instant,
        money::Money,
        right::OrgKind,
    },
    notification::{Mail, service::write},
    organisation::{rows::organisation, service::last_words},
    payment::rows::payment,
    setting::{Policy, service::policy},
    subscription::{
        Service, SubscriptionStatus,
        dunning::Progress,
        rows::{subscription, subscription_change},
    },
};
use sea_orm::{ActiveModelTrait, ConnectionTrait, DatabaseTransaction, EntityTrait, IntoActiveModel};
use serde::{Deserialize, Serialize};

/// What the job of an invoice carries from step to step.
#[derive(Debug, Clone, Copy, Serialize, Deserialize)]
pub(super) struct Watch {
    pub invoice: InvoiceId,
    pub org: OrgId,
    pub progress: Progress,
}

/// Begins to watch an invoice whose day of payment is `progress.since`; one that is watched already begins anew.
pub(super) async fn watch_invoice(
    kontor: &Kontor,
    tx: &DatabaseTransaction,
    invoice: InvoiceId,
    org: OrgId,
    progress: Progress,
    policy: &Policy,
) -> Result<(), Error> {
    enqueue_all(kontor, tx, vec![watching(invoice, org, progress, policy)?]).await
}

/// The job of [`watch_invoice`].
pub(super) fn watching(
    invoice: InvoiceId,
    org: OrgId,
    progress: Progress,
    policy: &Policy,
) -> Result<NewJob, Error> {
    let (_, day) = progress.next(policy);
    look(Watch { invoice, org, progress }, day.start())
}

fn look(watch: Watch, due: Instant) -> Result<NewJob, Error> {
    let payload = serde_json::to_value(watch).map_err(crate::kernel::error::internal)?;
    Ok(NewJob { kind: JobKind::Dunning, due, unique: Some(format!("dunning:{}", watch.invoice)), payload })
}

/// Lets the job of an invoice look again.
pub(super) async fn again(
    kontor: &Kontor,
    tx: &DatabaseTransaction,
    watch: Watch,
    at: Instant,
) -> Result<(), Error> {
    enqueue_all(kontor, tx, vec![look(watch, at)?]).await
}

/// Whether a debt can stop the subscription. It cannot once that has come to its end, or something was bought anew: then
/// it is a debt and nothing more.
pub(super) async fn concerns(
    db: &impl ConnectionTrait,
    row: &subscription::Model,
    bill: &invoice::Model,
) -> Result<bool, Error> {
    let runs = row.status.is_paid() || row.past_due_since.is_some();
    Ok(runs && !subscription_change::bought_since(db, row.id, bill.issued_at, bill.change_id).await?)
}

/// A payment of an invoice failed that nobody was waiting for. The first time full service goes on and it is tried again;
/// later failures are steps of the course. An invoice whose day is still to come is not late for it.
pub async fn dun(kontor: &Kontor, tx: &DatabaseTransaction, of: &payment::Model) -> Result<(), Error> {
    let id = of.invoice_id.ok_or(Error::BadRequest)?;
    let bill = invoice::by_id(tx, id).await?.ok_or(Error::NotFound)?;
    let row = subscription::locked(tx, of.org_id, Service::Workplace).await?.ok_or(Error::NotFound)?;
    let today = kontor.now().day();
    if row.status == SubscriptionStatus::Active && bill.due_on <= today && concerns(tx, &row, &bill).await? {
        fall_behind(kontor, tx, &row, &bill).await?;
        let policy = policy(kontor, tx).await?;
        watch_invoice(kontor, tx, id, of.org_id, Progress::new(today), &policy).await?;
    }
    tell_not_paid(kontor, tx, of).await
}

/// Tells the debtor of an invoice that a payment of it failed.
pub async fn tell_not_paid(
    kontor: &Kontor,
    tx: &DatabaseTransaction,
    of: &payment::Model,
) -> Result<(), Error> {
    let id = of.invoice_id.ok_or(Error::BadRequest)?;
    let bill = invoice::by_id(tx, id).await?.ok_or(Error::NotFound)?;
    let organisation = organisation::by_id(tx, of.org_id).await?.map(|o| o.name).unwrap_or_default();
    let amount = Money::new(of.amount, of.currency);
    tell_debtor(kontor, tx, &bill, |link| Mail::PaymentFailed {
        organisation: organisation.clone(),
        amount,
        link,
    })
    .await
}

/// The subscription is past due from today on.
pub(super) async fn fall_behind(
    kontor: &Kontor,
    tx: &DatabaseTransaction,
    row: &subscription::Model,
    bill: &invoice::Model,
) -> Result<subscription::Model, Error> {
    crate::invoice::service::fall_due(tx, bill.id).await?;
    let next = turn(kontor, tx, row, SubscriptionStatus::PastDue).await?;
    let name = organisation::by_id(tx, row.org_id).await?.map(|o| o.name).unwrap_or_default();
    let actor = Actor::system(row.org_id, OrgKind::Customer, "payments");
    let facts = serde_json::json!({ "invoice": bill.number });
    append(kontor, tx, row.org_id, &actor, Event::new("subscription.past_due", name).with(facts)).await?;
    Ok(next)
}

/// An invoice was paid after all: the subscription is what it was, unless another debt stands against it.
pub async fn revive(kontor: &Kontor, tx: &DatabaseTransaction, org: OrgId) -> Result<(), Error> {
    let row = subscription::locked(tx, org, Service::Workplace).await?.ok_or(Error::NotFound)?;
    if row.past_due_since.is_none() {
        return Ok(());
    }
    let today = kontor.now().day();
    for owed in owed_for(tx, org).await? {
        if owed.is_late(today) && concerns(tx, &row, &owed.row).await? {
            return Ok(());
        }
    }
    resume(tx, org).await?;
    turn(kontor, tx, &row, SubscriptionStatus::Active).await?;
    let name = organisation::by_id(tx, org).await?.map(|o| o.name).unwrap_or_default();
    let actor = Actor::system(org, OrgKind::Customer, "payments");
    append(kontor, tx, org, &actor, Event::new("subscription.revived", name)).await
}

/// The payer's bank took money back: the customer is marked, the card is not tried again, and without another payment the
/// subscription is suspended (R9.7).
pub async fn charged_back(
    kontor: &Kontor,
    tx: &DatabaseTransaction,
    of: &payment::Model,
) -> Result<(), Error> {
    let Some(id) = of.invoice_id else { return Ok(()) };
    let bill = invoice::by_id(tx, id).await?.ok_or(Error::NotFound)?;
    let row = subscription::locked(tx, of.org_id, Service::Workplace).await?.ok_or(Error::NotFound)?;
    let row = flag(kontor, tx, &row, true).await?;
    if row.status == SubscriptionStatus::Active && concerns(tx, &row, &bill).await? {
        fall_behind(kontor, tx, &row, &bill).await?;
    }
    let policy = policy(kontor, tx).await?;
    let progress = Progress::without_retries(kontor.now().day());
    watch_invoice(kontor, tx, id, of.org_id, progress, &policy).await?;
    let name = organisation::by_id(tx, of.org_id).await?.map(|o| o.name).unwrap_or_default();
    let amount = Money::new(of.amount - of.refunded, of.currency);
    tell_sides(kontor, tx, &bill, of.partner_id, |_, pays, link| Mail::PaymentTakenBack {
        organisation: name.clone(),
        amount,
        pays,
        link,
    })
    .await
}

/// The bank decided for us: the mark goes, unless another payment of the customer stands taken back, and the subscription
/// is what it was.
pub async fn won_back(kontor: &Kontor, tx: &DatabaseTransaction, of: &payment::Model) -> Result<(), Error> {
    let row = subscription::locked(tx, of.org_id, Service::Workplace).await?.ok_or(Error::NotFound)?;
    if !payment::any_taken_back(tx, of.org_id).await? {
        flag(kontor, tx, &row, false).await?;
    }
    revive(kontor, tx, of.org_id).await
}

/// Brings the subscription into a status.
pub(super) async fn turn(
    kontor: &Kontor,
    tx: &DatabaseTransaction,
    row: &subscription::Model,
    status: SubscriptionStatus,
) -> Result<subscription::Model, Error> {
    let since = match status {
        SubscriptionStatus::Active => None,
        _ => row.past_due_since.or(Some(kontor.now().day())),
    };
    let next = subscription::Model { status, past_due_since: since, version: row.version + 1, ..row.clone() };
    subscription::Entity::update(next.clone().into_active_model().reset_all()).exec(tx).await?;
    crate::mapping::service::refresh(kontor, tx, row.org_id).await?;
    Ok(next)
}

/// Writes to whoever owes an invoice; the link leads to where it is paid.
pub(super) async fn tell_debtor(
    kontor: &Kontor,
    tx: &DatabaseTransaction,
    bill: &invoice::Model,
    mail: impl Fn(String) -> Mail,
) -> Result<(), Error> {
    let kind = if bill.debtor_id == bill.org_id { OrgKind::Customer } else { OrgKind::Partner };
    let mail = mail(invoice_link(kontor, bill));
    for to in last_words(tx, bill.debtor_id, kind).await? {
        write(kontor, tx, to, &mail).await?;
    }
    Ok(())
}

/// Writes to the customer and its partner. The mail is told to whom it goes, whether they owe the invoice, and its link:
/// to where the invoice is paid, or for the other side to the subscription.
pub(super) async fn tell_sides(
    kontor: &Kontor,
    tx: &DatabaseTransaction,
    bill: &invoice::Model,
    partner: Option<OrgId>,
    mail: impl Fn(OrgKind, bool, String) -> Mail,
) -> Result<(), Error> {
    let mut told = sides(bill.org_id, partner).to_vec();
    // Whoever owes it is told also if it is the customer's partner no more.
    if bill.debtor_id != bill.org_id && partner != Some(bill.debtor_id) {
        told.push((Some(bill.debtor_id), OrgKind::Partner));
    }
    for (side, kind) in told {
        let Some(side) = side else { continue };
        let pays = side == bill.debtor_id;
        let link = if pays { invoice_link(kontor, bill) } else { link(kontor, side, kind, bill.org_id) };
        let mail = mail(kind, pays, link);
        for to in last_words(tx, side, kind).await? {
            write(kontor, tx, to, &mail).await?;
        }
    }
    Ok(())
}

//! Dunning: an invoice that was not paid is collected again, people are warned, the subscription is suspended and closed
//! (domain.md section 9, R9.5). One job per invoice, moved from step to step.

use super::{
    apply::sides,
    ending::{end, suspend},
    notice::link,
};
use crate::{
    Error,
    audit::service::{Event, append},
    invoice::{
        InvoiceStatus,
        rows::{invoice, invoice_state},
        service::write_off,
    },
    job::{
        JobKind,
        service::{Job, enqueue, finish},
    },
    kernel::{
        Kontor,
        actor::Actor,
        id::{InvoiceId, OrgId},
        money::Money,
        right::OrgKind,
    },
    mapping::rows::mapping,
    notification::{Mail, service::write},
    organisation::{OrgStatus, rows::organisation, service::last_words},
    payment::{
        rows::{payment, payment_method},
        service::{Intent, intend},
    },
    setting::{Policy, service::policy},
    subscription::{
        ChangeKind, Service, SubscriptionStatus,
        change::Payer,
        dunning::{Progress, Step},
        rows::subscription,
    },
};
use sea_orm::{ActiveModelTrait, ActiveValue::Set, DatabaseTransaction, EntityTrait, IntoActiveModel};
use serde::{Deserialize, Serialize};

#[derive(Debug, Clone, Copy, Serialize, Deserialize)]
struct Watch {
    invoice: InvoiceId,
    org: OrgId,
    progress: Progress,
}

/// Begins to watch an invoice whose day of payment is `progress.since`.
pub(super) async fn watch_invoice(
    kontor: &Kontor,
    tx: &DatabaseTransaction,
    invoice: InvoiceId,
    org: OrgId,
    progress: Progress,
    policy: &Policy,
) -> Result<(), Error> {
    again(kontor, tx, Watch { invoice, org, progress }, policy).await
}

async fn again(
    kontor: &Kontor,
    tx: &DatabaseTransaction,
    watch: Watch,
    policy: &Policy,
) -> Result<(), Error> {
    let (_, day) = watch.progress.next(policy);
    let payload = serde_json::to_value(watch).map_err(crate::kernel::error::internal)?;
    let key = Some(format!("dunning:{}", watch.invoice));
    enqueue(kontor, tx, JobKind::Dunning, day.start(), key, payload).await?;
    Ok(())
}

/// A renewal could not be collected: full service goes on, and it is tried again.
pub async fn dun(kontor: &Kontor, tx: &DatabaseTransaction, of: &payment::Model) -> Result<(), Error> {
    let id = of.invoice_id.ok_or(Error::BadRequest)?;
    let row = subscription::locked(tx, of.org_id, Service::Workplace).await?.ok_or(Error::NotFound)?;
    let name = organisation::by_id(tx, of.org_id).await?.map(|o| o.name).unwrap_or_default();
    let today = kontor.now().day();
    // Only the first failure begins the course; later ones are its steps.
    if row.status == SubscriptionStatus::Active {
        turn(kontor, tx, &row, SubscriptionStatus::PastDue).await?;
        past_due(tx, id).await?;
        let policy = policy(kontor, tx).await?;
        watch_invoice(kontor, tx, id, of.org_id, Progress::new(today), &policy).await?;
        let actor = Actor::system(of.org_id, OrgKind::Customer, "payments");
        append(kontor, tx, of.org_id, &actor, Event::new("subscription.past_due", &name)).await?;
    }
    let payer = if of.debtor_id == of.org_id { OrgKind::Customer } else { OrgKind::Partner };
    let mail = |link| Mail::PaymentFailed {
        organisation: name.clone(),
        amount: Money::new(of.amount, of.currency),
        link,
    };
    tell(kontor, tx, of.org_id, of.debtor_id, payer, mail).await
}

/// An invoice was paid after all: the subscription is what it was.
pub async fn revive(kontor: &Kontor, tx: &DatabaseTransaction, of: &payment::Model) -> Result<(), Error> {
    let row = subscription::locked(tx, of.org_id, Service::Workplace).await?.ok_or(Error::NotFound)?;
    if row.past_due_since.is_none() {
        return Ok(());
    }
    let org = organisation::by_id(tx, of.org_id).await?.ok_or(Error::NotFound)?;
    if row.status == SubscriptionStatus::Suspended && org.status == OrgStatus::Suspended {
        let change = organisation::ActiveModel {
            id: Set(org.id),
            status: Set(OrgStatus::Active),
            ..Default::default()
        };
        organisation::Entity::update(change).exec(tx).await?;
    }
    turn(kontor, tx, &row, SubscriptionStatus::Active).await?;
    let actor = Actor::system(of.org_id, OrgKind::Customer, "payments");
    append(kontor, tx, of.org_id, &actor, Event::new("subscription.revived", &org.name)).await
}

/// The payer's bank took money back: the card is not tried again, and without another payment the subscription is
/// suspended (R9.7).
pub async fn charged_back(
    kontor: &Kontor,
    tx: &DatabaseTransaction,
    of: &payment::Model,
) -> Result<(), Error> {
    let Some(id) = of.invoice_id else { return Ok(()) };
    let row = subscription::locked(tx, of.org_id, Service::Workplace).await?.ok_or(Error::NotFound)?;
    if row.status.is_paid() {
        turn(kontor, tx, &row, SubscriptionStatus::PastDue).await?;
        let policy = policy(kontor, tx).await?;
        let progress = Progress::without_retries(kontor.now().day());
        watch_invoice(kontor, tx, id, of.org_id, progress, &policy).await?;
    }
    let name = organisation::by_id(tx, of.org_id).await?.map(|o| o.name).unwrap_or_default();
    for (side, kind) in sides(of.org_id, of.partner_id) {
        let Some(side) = side else { continue };
        let mail = |link| Mail::PaymentTakenBack {
            organisation: name.clone(),
            amount: Money::new(of.amount, of.currency),
            link,
        };
        tell(kontor, tx, of.org_id, side, kind, mail).await?;
    }
    Ok(())
}

/// Takes the step that is due, in one transaction with the job.
pub async fn dunning(kontor: &Kontor, job: &Job) -> Result<(), Error> {
    let mut watch: Watch = serde_json::from_value(job.payload.clone()).map_err(|_| Error::BadRequest)?;
    let policy = policy(kontor, kontor.db.read()).await?;
    let tx = kontor.db.begin().await?;
    let row = subscription::locked(&tx, watch.org, Service::Workplace).await?;
    let state = invoice_state::locked(&tx, watch.invoice).await?;
    if !finish(kontor, &tx, job).await? {
        return Ok(());
    }
    let (Some(row), Some(state)) = (row, state) else { return Ok(tx.commit().await?) };
    let (step, day) = watch.progress.next(&policy);
    let over = !state.status.is_open() && row.past_due_since.is_none();
    if over || row.status == SubscriptionStatus::Closed {
        return Ok(tx.commit().await?);
    }
    if kontor.now().day() >= day {
        // A transfer that is late makes the subscription past due only now.
        let row = match row.status {
            SubscriptionStatus::Active => turn(kontor, &tx, &row, SubscriptionStatus::PastDue).await?,
            _ => row,
        };
        take(kontor, &tx, &row, &watch, step, &policy).await?;
        watch.progress = watch.progress.taken(step);
    }
    if step != Step::Close || kontor.now().day() < day {
        again(kontor, &tx, watch, &policy).await?;
    }
    tx.commit().await?;
    kontor.hub.tell(watch.org, "subscription");
    Ok(())
}

async fn take(
    kontor: &Kontor,
    tx: &DatabaseTransaction,
    row: &subscription::Model,
    watch: &Watch,
    step: Step,
    policy: &Policy,
) -> Result<(), Error> {
    let bill = invoice::by_id(tx, watch.invoice).await?.ok_or(Error::NotFound)?;
    let org = organisation::by_id(tx, watch.org).await?.ok_or(Error::NotFound)?;
    let partner = mapping::partner_of(tx, watch.org, Service::Workplace).await?;
    let actor = Actor::system(watch.org, OrgKind::Customer, "dunning");
    let suspended_on = watch.progress.since.plus(policy.grace_days);
    let organisation = org.name.clone();
    match step {
        Step::Retry => collect(kontor, tx, row, &bill, watch.progress.retried).await,
        Step::Grace => turn(kontor, tx, row, SubscriptionStatus::Grace).await.map(drop),
        Step::Warn => {
            for (side, kind) in sides(watch.org, partner) {
                let Some(side) = side else { continue };
                let takes_over = bill.payer == Payer::Partner && kind == OrgKind::Customer;
                let mail = |link| Mail::SuspensionAhead {
                    organisation: organisation.clone(),
                    on: suspended_on,
                    takes_over,
                    link,
                };
                tell(kontor, tx, watch.org, side, kind, mail).await?;
            }
            Ok(())
        }
        Step::Suspend => {
            turn(kontor, tx, row, SubscriptionStatus::Suspended).await?;
            suspend(tx, watch.org).await?;
            append(kontor, tx, watch.org, &actor, Event::new("subscription.suspended", &org.name)).await?;
            crate::mapping::service::refresh(kontor, tx, watch.org).await?;
            for (side, kind) in sides(watch.org, partner) {
                let Some(side) = side else { continue };
                let mail = |link| Mail::SubscriptionSuspended { organisation: organisation.clone(), link };
                tell(kontor, tx, watch.org, side, kind, mail).await?;
            }
            Ok(())
        }
        Step::Close => {
            write_off(kontor, tx, &bill).await?;
            end(kontor, tx, row, &org, partner, policy, ChangeKind::End).await
        }
    }
}

/// Tries the debtor's usual card again. Where there is none, finance waits for the transfer that was intended.
async fn collect(
    kontor: &Kontor,
    tx: &DatabaseTransaction,
    row: &subscription::Model,
    bill: &invoice::Model,
    retried: usize,
) -> Result<(), Error> {
    let known = payment::of_invoice(tx, bill.id).await?;
    if known.iter().any(|payment| payment.status.is_open()) {
        return Ok(());
    }
    let state = invoice_state::of(tx, bill.id).await?;
    let left = bill.total - state.map_or(0, |state| state.paid);
    let all = payment_method::of(tx, bill.debtor_id).await?;
    let Some(card) = all.iter().find(|card| card.is_default).or(all.first()) else { return Ok(()) };
    let intent = Intent {
        org: row.org_id,
        debtor: bill.debtor_id,
        partner: bill.partner_id,
        subscription: row.id,
        change: None,
        invoice: Some(bill.id),
        provider: card.provider,
        method: Some(card.id),
        amount: Money::new(left, bill.currency),
        attempt: i32::try_from(retried).unwrap_or(i32::MAX - 2) + 2,
        reference: bill.number.clone(),
    };
    intend(kontor, tx, intent).await.map(drop)
}

async fn past_due(tx: &DatabaseTransaction, id: InvoiceId) -> Result<(), Error> {
    let Some(mut state) = invoice_state::locked(tx, id).await? else { return Ok(()) };
    if state.status.may_become(InvoiceStatus::PastDue) {
        state.status = InvoiceStatus::PastDue;
        state.version += 1;
        invoice_state::Entity::update(state.into_active_model().reset_all()).exec(tx).await?;
    }
    Ok(())
}

/// Brings the subscription into a status.
async fn turn(
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

async fn tell(
    kontor: &Kontor,
    tx: &DatabaseTransaction,
    org: OrgId,
    side: OrgId,
    kind: OrgKind,
    mail: impl Fn(String) -> Mail,
) -> Result<(), Error> {
    let mail = mail(link(kontor, side, kind, org));
    for to in last_words(tx, side, kind).await? {
        write(kontor, tx, to, &mail).await?;
    }
    Ok(())
}

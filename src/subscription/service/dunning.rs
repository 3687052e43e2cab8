//! Dunning: an invoice that was not paid is collected again, people are warned, the subscription is suspended and closed
//! (domain.md section 9, R9.5). One job per invoice, moved from step to step.

use super::{
    dun::{Watch, again, concerns, fall_behind, tell_debtor, tell_sides, turn},
    ending::{end, suspend},
    notice::take_over_link,
};
use crate::{
    Error,
    audit::service::{Event, append},
    invoice::{
        rows::{invoice, invoice_state},
        service::{left, write_off},
    },
    job::service::{Job, finish},
    kernel::{Kontor, actor::Actor, money::Money, right::OrgKind},
    mapping::rows::mapping,
    notification::Mail,
    organisation::rows::organisation,
    payment::{
        CardFacts, Failure,
        rows::{payment, payment_method},
        service::{Intent, intend},
    },
    setting::{Policy, service::policy},
    subscription::{
        ChangeKind, Service, SubscriptionStatus,
        change::Payer,
        dunning::Step,
        rows::{subscription, subscription_change},
    },
};
use sea_orm::DatabaseTransaction;

/// Minutes after which a step is looked at again that waits for the customer to take the invoice over.
const PATIENCE: i64 = 60;

/// Takes the step that is due, in one transaction with the job.
pub async fn dunning(kontor: &Kontor, job: &Job) -> Result<(), Error> {
    let mut watch: Watch = serde_json::from_value(job.payload.clone()).map_err(|_| Error::BadRequest)?;
    let policy = policy(kontor, kontor.db.read()).await?;
    let tx = kontor.db.begin().await?;
    let row = subscription::locked(&tx, watch.org, Service::Workplace).await?;
    let state = invoice_state::locked(&tx, watch.invoice).await?;
    let bill = invoice::by_id(&tx, watch.invoice).await?;
    if !finish(kontor, &tx, job).await? {
        return Ok(());
    }
    let (Some(row), Some(state), Some(bill)) = (row, state, bill) else { return Ok(tx.commit().await?) };
    if !state.status.is_open() {
        return Ok(tx.commit().await?);
    }
    let (step, day) = watch.progress.next(&policy);
    let due = kontor.now().day() >= day;
    if due && subscription_change::is_taken_over(&tx, row.id).await? {
        again(kontor, &tx, watch, kontor.now().plus_minutes(PATIENCE)).await?;
        return Ok(tx.commit().await?);
    }
    if due {
        let concerned = concerns(&tx, &row, &bill).await?;
        // A transfer that is late makes the subscription past due only now.
        let row = match row.status {
            SubscriptionStatus::Active if concerned => {
                let owed = Money::new(left(&tx, &bill, &state).await?, bill.currency);
                let row = fall_behind(kontor, &tx, &row, &bill).await?;
                remind(kontor, &tx, &bill, owed).await?;
                row
            }
            _ => row,
        };
        match concerned {
            true => Box::pin(take(kontor, &tx, &row, &bill, &watch, step, &policy)).await?,
            false => Box::pin(pursue(kontor, &tx, &row, &bill, step)).await?,
        }
        watch.progress = watch.progress.taken(step);
    }
    if step != Step::Close || !due {
        let (_, next) = watch.progress.next(&policy);
        again(kontor, &tx, watch, next.start()).await?;
    }
    tx.commit().await?;
    kontor.hub.tell(watch.org, "subscription");
    Ok(())
}

/// Tells the debtor that a transfer is late.
async fn remind(
    kontor: &Kontor,
    tx: &DatabaseTransaction,
    bill: &invoice::Model,
    amount: Money,
) -> Result<(), Error> {
    let organisation = organisation::by_id(tx, bill.org_id).await?.map(|o| o.name).unwrap_or_default();
    tell_debtor(kontor, tx, bill, |link| Mail::PaymentOverdue {
        organisation: organisation.clone(),
        number: bill.number.clone(),
        amount,
        due_on: bill.due_on,
        link,
    })
    .await
}

async fn take(
    kontor: &Kontor,
    tx: &DatabaseTransaction,
    row: &subscription::Model,
    bill: &invoice::Model,
    watch: &Watch,
    step: Step,
    policy: &Policy,
) -> Result<(), Error> {
    let org = organisation::by_id(tx, watch.org).await?.ok_or(Error::NotFound)?;
    let partner = mapping::partner_of(tx, watch.org, Service::Workplace).await?;
    let actor = Actor::system(watch.org, OrgKind::Customer, "dunning");
    let organisation = org.name.clone();
    match step {
        Step::Retry => collect(kontor, tx, row, bill).await,
        Step::Grace => turn(kontor, tx, row, SubscriptionStatus::Grace).await.map(drop),
        Step::Warn => {
            let on = watch.progress.since.plus(policy.grace_days);
            let by_partner = bill.payer == Payer::Partner && row.payer == Some(Payer::Partner);
            tell_sides(kontor, tx, bill, partner, |kind, pays, link| {
                let takes_over = by_partner && kind == OrgKind::Customer;
                let link = if takes_over { take_over_link(kontor, watch.org) } else { link };
                let organisation = organisation.clone();
                Mail::SuspensionAhead { organisation, on, takes_over, pays, link }
            })
            .await
        }
        Step::Suspend => {
            turn(kontor, tx, row, SubscriptionStatus::Suspended).await?;
            suspend(tx, watch.org).await?;
            append(kontor, tx, watch.org, &actor, Event::new("subscription.suspended", &org.name)).await?;
            crate::mapping::service::refresh(kontor, tx, watch.org).await?;
            tell_sides(kontor, tx, bill, partner, |_, pays, link| {
                let organisation = organisation.clone();
                Mail::SubscriptionSuspended { organisation, pays, link }
            })
            .await
        }
        Step::Close => {
            write_off(kontor, tx, bill).await?;
            end(kontor, tx, row, &org, partner, policy, ChangeKind::End).await
        }
    }
}

/// The course of a debt that has no subscription behind it any more: it is collected as long as that is tried, and given
/// up in the end.
async fn pursue(
    kontor: &Kontor,
    tx: &DatabaseTransaction,
    row: &subscription::Model,
    bill: &invoice::Model,
    step: Step,
) -> Result<(), Error> {
    crate::invoice::service::fall_due(tx, bill.id).await?;
    match step {
        Step::Retry => collect(kontor, tx, row, bill).await,
        Step::Grace | Step::Warn | Step::Suspend => Ok(()),
        Step::Close => write_off(kontor, tx, bill).await,
    }
}

/// Tries a card of the debtor's again: the usual one, else another. A card whose failure does not pass by itself is left
/// alone: its owner is needed, and was told. Where there is no card, finance waits for the transfer that was intended.
async fn collect(
    kontor: &Kontor,
    tx: &DatabaseTransaction,
    row: &subscription::Model,
    bill: &invoice::Model,
) -> Result<(), Error> {
    let state = invoice_state::locked(tx, bill.id).await?.ok_or(Error::NotFound)?;
    let left = left(tx, bill, &state).await?;
    let known = payment::of_invoice(tx, bill.id).await?;
    if left == 0 || known.iter().any(|payment| payment.status.is_open()) {
        return Ok(());
    }
    let today = kontor.now().day();
    let usable = |card: &&payment_method::Model| !facts(card).has_expired(today) && may_pass(&known, card);
    let all = payment_method::of(tx, bill.debtor_id).await?;
    let usual = all.iter().filter(|card| card.is_default).find(usable);
    let Some(card) = usual.or_else(|| all.iter().find(usable)) else { return Ok(()) };
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
        attempt: i32::try_from(known.len()).unwrap_or(i32::MAX - 1) + 1,
        reference: bill.number.clone(),
        request_key: None,
    };
    intend(kontor, tx, intent).await.map(drop)
}

fn facts(card: &payment_method::Model) -> CardFacts {
    CardFacts {
        brand: card.brand.clone(),
        last4: card.last4.clone(),
        exp_month: card.exp_month,
        exp_year: card.exp_year,
    }
}

/// Whether what the card failed with last may have passed. A card that was not tried yet may be.
fn may_pass(known: &[payment::Model], card: &payment_method::Model) -> bool {
    let last = known.iter().rev().find(|payment| payment.method_id == Some(card.id));
    let failure = last.and_then(|payment| payment.failure.as_deref()).and_then(Failure::from_key);
    failure.is_none_or(Failure::may_pass)
}

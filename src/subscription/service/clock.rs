//! The clock of trials: reminders, the end, and what follows from it (domain.md section 8, R8.6 and R8.7). One job
//! per organisation, moved from one point in time to the next; after downtime it catches up with one mail, not with
//! all that were missed.

use crate::{
    Error,
    audit::service::{Event, append},
    job::{
        JobKind,
        service::{Job, enqueue, finish},
    },
    kernel::{
        Kontor,
        actor::Actor,
        id::OrgId,
        instant::{Day, Instant},
        right::OrgKind,
    },
    mapping::rows::mapping,
    notification::{Mail, service::write},
    organisation::{
        OrgStatus,
        rows::{member, organisation},
        service::last_words,
    },
    setting::{Policy, service::policy},
    subscription::{
        Plan, Service, SubscriptionStatus, Term,
        rows::subscription,
        trial::{self, ClockState, ClockStep},
    },
};
use sea_orm::{ActiveValue::Set, DatabaseTransaction, EntityTrait};
use serde::{Deserialize, Serialize};

/// What the job carries from one run to the next.
#[derive(Debug, Clone, Serialize, Deserialize)]
struct Watch {
    org: OrgId,
    state: ClockState,
}

/// Begins to watch a trial's end anew, inside the transaction that set it.
pub async fn watch_trial(
    kontor: &Kontor,
    tx: &DatabaseTransaction,
    org: OrgId,
    ends_on: Day,
    policy: &Policy,
) -> Result<(), Error> {
    let mut state = ClockState::new(ends_on);
    let now = kontor.now();
    // Whoever just set this end knows how near it is: only what lies ahead is worth a mail.
    if let Some(ClockStep::Remind { reminder, .. }) = state.due(SubscriptionStatus::Trial, policy, now) {
        state.reminded = Some(reminder);
    }
    let next = state.next(SubscriptionStatus::Trial, policy, now).unwrap_or(now);
    again(kontor, tx, Watch { org, state }, next).await
}

async fn again(kontor: &Kontor, tx: &DatabaseTransaction, watch: Watch, at: Instant) -> Result<(), Error> {
    let key = format!("trial:{}", watch.org);
    let payload = serde_json::to_value(&watch).map_err(crate::kernel::error::internal)?;
    enqueue(kontor, tx, JobKind::TrialClock, at, Some(key), payload).await?;
    Ok(())
}

/// Where a mail about a trial leads: the partner to its cards, the organisation to its subscription.
fn link(kontor: &Kontor, side: OrgId, kind: OrgKind) -> String {
    match kind {
        OrgKind::Partner => kontor.url(&format!("/admin/{side}/partner/customers?status=trial")),
        _ => kontor.url(&format!("/admin/{side}/subscription")),
    }
}

/// Does what is due about a trial's end, and finishes the job, in one transaction.
pub async fn trial_clock(kontor: &Kontor, job: &Job) -> Result<(), Error> {
    let watch: Watch = serde_json::from_value(job.payload.clone()).map_err(|_| Error::BadRequest)?;
    let Watch { org, mut state } = watch;
    let policy = policy(kontor, kontor.db.read()).await?;
    let tx = kontor.db.begin().await?;
    let subscription = subscription::locked(&tx, org, Service::Workplace).await?;
    if !finish(kontor, &tx, job).await? {
        return Ok(());
    }
    let organisation = organisation::by_id(&tx, org).await?;
    let (Some(mut row), Some(organisation)) = (subscription, organisation) else {
        tx.commit().await?;
        return Ok(());
    };
    let now = kontor.now();
    if let Some(end) = row.ends_on.filter(|end| *end != state.ends_on) {
        state = ClockState::new(end);
    }
    let due = row.ends_on.and_then(|_| state.due(row.status, &policy, now));
    if let Some(step) = due {
        take(kontor, &tx, &mut row, &mut state, &organisation.name, step, &policy).await?;
    }
    let next = row.ends_on.and_then(|_| state.next(row.status, &policy, now));
    if let Some(next) = next {
        again(kontor, &tx, Watch { org, state }, next).await?;
    }
    tx.commit().await?;
    if due.is_some() {
        kontor.hub.tell(org, "subscription");
    }
    Ok(())
}

async fn take(
    kontor: &Kontor,
    tx: &DatabaseTransaction,
    row: &mut subscription::Model,
    state: &mut ClockState,
    name: &str,
    step: ClockStep,
    policy: &Policy,
) -> Result<(), Error> {
    let org = row.org_id;
    let organisation = name.to_owned();
    let ends_on = state.ends_on;
    let now = kontor.now();
    match step {
        ClockStep::Remind { days, reminder } => {
            state.reminded = Some(reminder);
            tell(kontor, tx, org, |link| Mail::TrialEnding {
                organisation: organisation.clone(),
                days,
                ends_on,
                link,
            })
            .await
        }
        ClockStep::End => {
            let used = member::count(tx, org).await?;
            let status = trial::after_end(used, ends_on, policy, now);
            turn(kontor, tx, row, state, name, status, policy).await
        }
        ClockStep::Suspend => turn(kontor, tx, row, state, name, SubscriptionStatus::Suspended, policy).await,
        ClockStep::Close => {
            row.ends_on = None;
            let change = subscription::ActiveModel {
                id: Set(row.id),
                ends_on: Set(None),
                version: Set(row.version + 1),
                ..Default::default()
            };
            subscription::Entity::update(change).exec(tx).await?;
            crate::mapping::service::refresh(kontor, tx, org).await
        }
        ClockStep::Notice => {
            state.notices.push(now);
            let actor = Actor::system(org, OrgKind::Customer, "trial clock");
            append(kontor, tx, org, &actor, Event::new("organisation.deletion_notice", name)).await?;
            let from = now.day().plus(trial::NOTICE_GAP_DAYS);
            tell(kontor, tx, org, |link| Mail::DeletionNotice {
                organisation: organisation.clone(),
                from,
                link,
            })
            .await
        }
    }
}

/// Brings the subscription into the status that follows, and says so.
async fn turn(
    kontor: &Kontor,
    tx: &DatabaseTransaction,
    row: &mut subscription::Model,
    state: &mut ClockState,
    name: &str,
    status: SubscriptionStatus,
    policy: &Policy,
) -> Result<(), Error> {
    let org = row.org_id;
    row.status = status;
    if status == SubscriptionStatus::Free {
        row.plan = Plan::Free;
        row.term = Term::None;
        row.seats = policy.free_users_max;
    }
    let change = subscription::ActiveModel {
        id: Set(row.id),
        status: Set(row.status),
        plan: Set(row.plan),
        term: Set(row.term),
        seats: Set(row.seats),
        version: Set(row.version + 1),
        ..Default::default()
    };
    subscription::Entity::update(change).exec(tx).await?;
    if status == SubscriptionStatus::Suspended {
        state.suspended_at = Some(kontor.now());
        let change = organisation::ActiveModel {
            id: Set(org),
            status: Set(OrgStatus::Suspended),
            ..Default::default()
        };
        organisation::Entity::update(change).exec(tx).await?;
    }
    let actor = Actor::system(org, OrgKind::Customer, "trial clock");
    let event = Event::new("trial.ended", name).with(serde_json::json!({ "status": status.key() }));
    append(kontor, tx, org, &actor, event).await?;
    let organisation = name.to_owned();
    tell(kontor, tx, org, |link| Mail::TrialEnded { organisation: organisation.clone(), status, link })
        .await?;
    crate::mapping::service::refresh(kontor, tx, org).await
}

/// Writes to the super admin and to the partner's owners, each with a link of their own.
pub(super) async fn tell(
    kontor: &Kontor,
    tx: &DatabaseTransaction,
    org: OrgId,
    mail: impl Fn(String) -> Mail,
) -> Result<(), Error> {
    let partner = mapping::partner_of(tx, org, Service::Workplace).await?;
    for (side, kind) in [(Some(org), OrgKind::Customer), (partner, OrgKind::Partner)] {
        let Some(side) = side else { continue };
        let mail = mail(link(kontor, side, kind));
        for to in last_words(tx, side, kind).await? {
            write(kontor, tx, to, &mail).await?;
        }
    }
    Ok(())
}

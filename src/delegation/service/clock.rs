//! The clock of grants: warns both sides 30, 7 and 1 days before, ends the grant (domain.md section 6, R6.1).

use super::grant::Sides;
use crate::{
    Error,
    audit::service::{Event, append},
    delegation::{GrantKind, GrantStatus, WARNINGS, rows::grant},
    job::{
        JobKind,
        service::{Job, enqueue, finish},
    },
    kernel::{
        Kontor,
        actor::Actor,
        id::{GrantId, OrgId},
        instant::{DAY_MS, Instant},
        right::OrgKind,
    },
    notification::Mail,
};
use sea_orm::{ActiveValue::Set, DatabaseTransaction, EntityTrait};
use serde::{Deserialize, Serialize};

/// What the job carries from one run to the next.
#[derive(Debug, Clone, Serialize, Deserialize)]
struct Watch {
    org: OrgId,
    grant: GrantId,
    /// The last warning sent, in days before the end.
    warned: Option<i32>,
}

/// Begins to watch a grant, or watches it anew, inside the transaction that gives it or changes its end.
pub(super) async fn watch_grant(
    kontor: &Kontor,
    tx: &DatabaseTransaction,
    row: &grant::Model,
) -> Result<(), Error> {
    let watch = Watch { org: row.org_id, grant: row.id, warned: None };
    let now = kontor.now();
    again(kontor, tx, watch, next(row.until_at, now)).await
}

async fn again(kontor: &Kontor, tx: &DatabaseTransaction, watch: Watch, at: Instant) -> Result<(), Error> {
    let key = format!("grant:{}", watch.grant);
    let payload = serde_json::to_value(&watch).map_err(crate::kernel::error::internal)?;
    enqueue(kontor, tx, JobKind::GrantClock, at, Some(key), payload).await?;
    Ok(())
}

/// The next warning that lies ahead, or the end.
fn next(until: Instant, now: Instant) -> Instant {
    let warnings = WARNINGS.into_iter().map(|days| until.plus_days(-i64::from(days)));
    warnings.chain([until]).filter(|at| *at > now).min().unwrap_or(now)
}

/// The warning due now: the nearest to the end, those missed before it are stale.
fn warning(until: Instant, now: Instant, warned: Option<i32>) -> Option<i32> {
    let due = WARNINGS.into_iter().filter(|days| until.plus_days(-i64::from(*days)) <= now).min()?;
    warned.is_none_or(|last| due < last).then_some(due)
}

/// Warns of a grant's end or ends it, and finishes the job, in one transaction.
pub async fn grant_clock(kontor: &Kontor, job: &Job) -> Result<(), Error> {
    let watch: Watch = serde_json::from_value(job.payload.clone()).map_err(|_| Error::BadRequest)?;
    let tx = kontor.db.begin().await?;
    let found = grant::locked(&tx, watch.org, watch.grant).await?;
    if !finish(kontor, &tx, job).await? {
        return Ok(());
    }
    let now = kontor.now();
    let Some(row) = found.filter(|g| g.status == GrantStatus::Active) else {
        tx.commit().await?;
        return Ok(());
    };
    let sides = Sides::of(&tx, row.org_id, row.partner_id).await?;
    if now >= row.until_at {
        expire(kontor, &tx, &sides, &row).await?;
        crate::mapping::service::refresh(kontor, &tx, row.org_id).await?;
    } else {
        let mut watch = watch;
        if let Some(due) = warning(row.until_at, now, watch.warned) {
            watch.warned = Some(due);
            // Whole days left, at least the one that has begun.
            let days = ((row.until_at.0 - now.0 + DAY_MS - 1) / DAY_MS) as i32;
            let mail = |link| Mail::AccessEnding {
                organisation: sides.organisation.clone(),
                partner: sides.partner_name.clone(),
                days,
                link,
            };
            sides.tell(kontor, &tx, mail).await?;
        }
        again(kontor, &tx, watch, next(row.until_at, now)).await?;
    }
    tx.commit().await?;
    sides.changed(kontor);
    Ok(())
}

/// Ends the grant of a partner that has run out but whose clock has not come round yet, so that another can be given.
pub(super) async fn end_if_over(
    kontor: &Kontor,
    tx: &DatabaseTransaction,
    sides: &Sides,
) -> Result<(), Error> {
    match grant::active_locked(tx, sides.org, sides.partner).await? {
        Some(row) if !row.in_force(kontor.now()) => expire(kontor, tx, sides, &row).await,
        _ => Ok(()),
    }
}

/// The grant has run out: both sides are told, of the vendor's way in only the customer.
async fn expire(
    kontor: &Kontor,
    tx: &DatabaseTransaction,
    sides: &Sides,
    row: &grant::Model,
) -> Result<(), Error> {
    let change = grant::ActiveModel {
        id: Set(row.id),
        status: Set(GrantStatus::Expired),
        ended_at: Set(Some(row.until_at)),
        version: Set(row.version + 1),
        ..Default::default()
    };
    grant::Entity::update(change).exec(tx).await?;
    let actor = Actor::system(row.org_id, OrgKind::Customer, "grant clock");
    append(kontor, tx, row.org_id, &actor, Event::new("access.expired", &sides.partner_name)).await?;
    let mail = |link| Mail::AccessExpired {
        organisation: sides.organisation.clone(),
        partner: sides.partner_name.clone(),
        link,
    };
    match row.kind {
        GrantKind::Agreed => sides.tell(kontor, tx, mail).await,
        GrantKind::BreakGlass => sides.tell_customer(kontor, tx, mail).await,
    }
}

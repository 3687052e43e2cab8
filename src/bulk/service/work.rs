//! The job of a run: it tries or carries out what waits, a stretch at a time, and is taken up again wherever it was left.

use super::{
    carry_out::{carried_out, paid_meanwhile},
    plan::again,
    try_row::tried,
};
use crate::{
    Error,
    audit::service::{Event, append},
    bulk::{
        RowState, RunStatus,
        rows::{bulk_row, bulk_run},
    },
    job::service::{Job, finish},
    kernel::{
        Kontor,
        actor::Actor,
        id::{BulkId, OrgId},
        right::OrgKind,
    },
    organisation::{rows::organisation, service::actor_of_member},
};
use sea_orm::{ActiveModelTrait, DatabaseTransaction, EntityTrait, IntoActiveModel};
use serde::Deserialize;

/// Rows read at a time; those of a dry run are also written together.
const BATCH: u64 = 50;

/// For how long a job goes on before it queues up again: well below its lease, and others get their turn.
const STRETCH_MS: i64 = 60_000;

/// Days for which payments that are under way are looked after.
const PAYING_DAYS: i64 = 60;

#[derive(Deserialize)]
struct Payload {
    partner: OrgId,
    run: BulkId,
}

/// Goes on with a run.
pub async fn bulk(kontor: &Kontor, job: &Job) -> Result<(), Error> {
    let Payload { partner, run: id } =
        serde_json::from_value(job.payload.clone()).map_err(|_| Error::BadRequest)?;
    let run = bulk_run::one(kontor.db.read(), partner, id).await?.ok_or(Error::NotFound)?;
    let through = match run.status {
        RunStatus::Dry => try_all(kontor, &run).await?,
        RunStatus::Live => carry_out_all(kontor, &run).await?,
        RunStatus::Ready => true,
        RunStatus::Done => {
            look_after_payments(kontor, &run).await?;
            true
        }
    };
    let tx = kontor.db.begin().await?;
    let run = bulk_run::locked(&tx, partner, id).await?.ok_or(Error::NotFound)?;
    if !finish(kontor, &tx, job).await? {
        return Ok(());
    }
    let now = kontor.now();
    let run = match (run.status, through) {
        (RunStatus::Dry, true) => {
            settle(&tx, bulk_run::Model { status: RunStatus::Ready, tried_at: Some(now), ..run }).await?
        }
        (RunStatus::Live, true) => {
            let run = bulk_run::Model { status: RunStatus::Done, done_at: Some(now), ..run };
            say_done(kontor, &tx, &run).await?;
            settle(&tx, run).await?
        }
        _ => run,
    };
    if run.status.is_working() {
        again(kontor, &tx, partner, id, now).await?;
    } else if run.status == RunStatus::Done && is_paying(&tx, &run, now).await? {
        again(kontor, &tx, partner, id, now.plus_hours(1)).await?;
    }
    tx.commit().await?;
    kontor.hub.tell(partner, "bulk");
    Ok(())
}

async fn settle(tx: &DatabaseTransaction, run: bulk_run::Model) -> Result<bulk_run::Model, Error> {
    let run = bulk_run::Model { version: run.version + 1, ..run };
    bulk_run::Entity::update(run.clone().into_active_model().reset_all()).exec(tx).await?;
    Ok(run)
}

/// In whose name it goes on: nobody's any more, if they have left or lost their place.
async fn in_whose_name(kontor: &Kontor, run: &bulk_run::Model) -> Result<Option<Actor>, Error> {
    let found = actor_of_member(kontor, run.partner_id, run.account_id, run.session_id, run.ip.clone()).await;
    match found {
        Ok(actor) => Ok(Some(actor)),
        Err(Error::NotFound) => Ok(None),
        Err(error) => Err(error),
    }
}

/// Tries what waits; answers whether nothing waits any more.
async fn try_all(kontor: &Kontor, run: &bulk_run::Model) -> Result<bool, Error> {
    let until = kontor.now().plus_ms(STRETCH_MS);
    while kontor.now() < until {
        let rows = waiting(kontor, run).await?;
        if rows.is_empty() {
            return Ok(true);
        }
        let actor = in_whose_name(kontor, run).await?;
        let mut done = Vec::new();
        for row in rows {
            done.push(match &actor {
                Some(actor) => tried(kontor, actor, run, row).await?,
                None => super::try_row::refused(row, Error::Forbidden)?,
            });
        }
        let tx = kontor.db.begin().await?;
        for row in &done {
            bulk_row::note(&tx, row, RowState::Waiting).await?;
        }
        tx.commit().await?;
        kontor.hub.tell(run.partner_id, "bulk");
    }
    Ok(false)
}

/// Carries out what waits, each row for itself; answers whether nothing waits any more.
async fn carry_out_all(kontor: &Kontor, run: &bulk_run::Model) -> Result<bool, Error> {
    let until = kontor.now().plus_ms(STRETCH_MS);
    loop {
        let rows = waiting(kontor, run).await?;
        if rows.is_empty() {
            return Ok(true);
        }
        let actor = in_whose_name(kontor, run).await?;
        for row in rows {
            if kontor.now() >= until {
                return Ok(false);
            }
            let row = carried_out(kontor, actor.as_ref(), run, row).await?;
            bulk_row::note(kontor.db.writer(), &row, RowState::Waiting).await?;
        }
        kontor.hub.tell(run.partner_id, "bulk");
    }
}

async fn waiting(kontor: &Kontor, run: &bulk_run::Model) -> Result<Vec<bulk_row::Model>, Error> {
    Ok(bulk_row::read(kontor.db.read(), run.id, Some(RowState::Waiting), None, BATCH).await?)
}

/// Notes what became of payments that were under way when their rows were carried out.
async fn look_after_payments(kontor: &Kontor, run: &bulk_run::Model) -> Result<(), Error> {
    let mut after = None;
    loop {
        let rows = bulk_row::read(kontor.db.read(), run.id, Some(RowState::Paying), after, BATCH).await?;
        let Some(last) = rows.last().map(|row| row.position) else { return Ok(()) };
        for row in rows {
            if let Some(row) = paid_meanwhile(kontor, row).await? {
                bulk_row::note(kontor.db.writer(), &row, RowState::Paying).await?;
            }
        }
        after = Some(last);
    }
}

async fn is_paying(
    tx: &DatabaseTransaction,
    run: &bulk_run::Model,
    now: crate::kernel::instant::Instant,
) -> Result<bool, Error> {
    if run.done_at.is_none_or(|at| now >= at.plus_days(PAYING_DAYS)) {
        return Ok(false);
    }
    Ok(!bulk_row::read(tx, run.id, Some(RowState::Paying), None, 1).await?.is_empty())
}

async fn say_done(kontor: &Kontor, tx: &DatabaseTransaction, run: &bulk_run::Model) -> Result<(), Error> {
    let mut facts = serde_json::json!({ "run": run.id, "operation": run.operation });
    for sum in bulk_row::sums(tx, run.id).await? {
        let known = facts[sum.state.key()].as_i64().unwrap_or(0);
        facts[sum.state.key()] = (known + sum.n).into();
    }
    let name = organisation::by_id(tx, run.partner_id).await?.map(|o| o.name).unwrap_or_default();
    let actor = Actor::system(run.partner_id, OrgKind::Partner, "bulk changes");
    append(kontor, tx, run.partner_id, &actor, Event::new("bulk.done", &name).with(facts)).await
}

//! Carrying out what was tried.

use super::plan::{again, of_partner};
use crate::{
    Error, Refusal,
    audit::service::{Event, append},
    bulk::{
        DRY_HOURS, RowState, RunStatus,
        rows::{bulk_row, bulk_run},
    },
    kernel::{
        Kontor,
        actor::{Actor, Standing},
        id::BulkId,
    },
    organisation::rows::organisation,
    partner::service::in_business,
};
use sea_orm::{ActiveModelTrait, EntityTrait, IntoActiveModel};

/// Starts a run that was tried, in the name of whoever starts it. A second click finds it started.
pub async fn start(kontor: &Kontor, actor: &Actor, id: BulkId) -> Result<(), Error> {
    of_partner(actor)?;
    let Standing::Member { account, session, .. } = actor.standing else { return Err(Error::NotFound) };
    let tx = kontor.db.begin().await?;
    in_business(&tx, actor.org).await?;
    let run = bulk_run::locked(&tx, actor.org, id).await?.ok_or(Error::NotFound)?;
    let tried_at = match (run.status, run.tried_at) {
        (RunStatus::Live | RunStatus::Done, _) => return Ok(()),
        (RunStatus::Ready, Some(at)) => at,
        // The page was older than the dry run.
        _ => return Err(Error::StaleVersion),
    };
    if kontor.now() >= tried_at.plus_hours(DRY_HOURS) {
        return Err(Refusal::DryRunOver.into());
    }
    let mut waiting = 0;
    for state in [RowState::Done, RowState::Proposed] {
        waiting += bulk_row::wait(&tx, id, state).await?;
    }
    if waiting == 0 {
        return Err(Refusal::NothingChanges.into());
    }
    let facts = serde_json::json!({ "run": id, "operation": run.operation, "seats": run.seats,
        "customers": waiting });
    let run = bulk_run::Model {
        status: RunStatus::Live,
        started_at: Some(kontor.now()),
        account_id: account,
        session_id: session,
        by_label: actor.label(),
        ip: actor.ip.clone(),
        version: run.version + 1,
        ..run
    };
    bulk_run::Entity::update(run.into_active_model().reset_all()).exec(&tx).await?;
    let name = organisation::by_id(&tx, actor.org).await?.map(|o| o.name).unwrap_or_default();
    append(kontor, &tx, actor.org, actor, Event::new("bulk.started", &name).with(facts)).await?;
    again(kontor, &tx, actor.org, id, kontor.now()).await?;
    tx.commit().await?;
    kontor.hub.tell(actor.org, "bulk");
    Ok(())
}

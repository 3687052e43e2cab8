//! Choosing customers and what is done to each: a dry run begins.

use crate::{
    Error, Issue, Refusal,
    audit::service::{Event, append},
    bulk::{
        BulkForm, MAX_ROWS, RowState, RunStatus,
        rows::{bulk_row, bulk_run},
    },
    job::{JobKind, service::enqueue},
    kernel::{
        Kontor,
        actor::{Actor, Standing},
        id::BulkId,
        instant::Instant,
        right::{Feature, OrgKind},
        text,
    },
    mapping::{
        CustomerQuery,
        service::{listed, matching},
    },
    organisation::rows::organisation,
    partner::service::in_business,
};
use sea_orm::{DatabaseTransaction, EntityTrait};

/// Rows inserted by one statement: SQLite binds at most 32,766 values.
const CHUNK: usize = 1_000;

/// Only a partner's own people change subscriptions of many of its customers.
pub(super) fn of_partner(actor: &Actor) -> Result<(), Error> {
    actor.require(Feature::SubsChange)?;
    match (actor.kind, &actor.standing) {
        (OrgKind::Partner, Standing::Member { .. }) => Ok(()),
        _ => Err(Error::NotFound),
    }
}

/// Begins a dry run over the customers chosen. The same request key begins it once.
pub async fn plan(kontor: &Kontor, actor: &Actor, form: &BulkForm) -> Result<BulkId, Error> {
    of_partner(actor)?;
    let Standing::Member { account, session, .. } = actor.standing else { return Err(Error::NotFound) };
    let db = kontor.db.read();
    in_business(db, actor.org).await?;
    let key = text::line(&form.request_key, 8, 80).map_err(|_| Error::BadRequest)?;
    let chosen = form.read()?;
    let most = MAX_ROWS as usize;
    let customers = match chosen.only {
        Some(ids) if ids.len() > most => return Err(too_many()),
        Some(ids) => listed(kontor, actor, ids).await?,
        None => matching(kontor, actor, &CustomerQuery::from_query(&form.query), most + 1).await?,
    };
    if customers.is_empty() || customers.len() > most {
        return Err(too_many());
    }
    let run = bulk_run::Model {
        id: kontor.id(),
        partner_id: actor.org,
        operation: chosen.operation,
        seats: chosen.seats,
        status: RunStatus::Dry,
        total: i64::try_from(customers.len()).unwrap_or(i64::MAX),
        request_key: key,
        account_id: account,
        session_id: session,
        by_label: actor.label(),
        ip: actor.ip.clone(),
        created_at: kontor.now(),
        tried_at: None,
        started_at: None,
        done_at: None,
        version: 1,
    };
    let tx = kontor.db.begin().await?;
    // Two clicks at the same time queue up here.
    crate::organisation::rows::queue_up(&tx, &format!("bulk:{}", actor.org)).await?;
    if let Some(known) = bulk_run::by_key(&tx, actor.org, &run.request_key).await? {
        let same = (known.operation, known.seats, known.total) == (run.operation, run.seats, run.total);
        return if same { Ok(known.id) } else { Err(Refusal::KeyReused.into()) };
    }
    let id = run.id;
    let facts = serde_json::json!({ "run": id, "operation": run.operation, "seats": run.seats,
        "customers": run.total });
    bulk_run::Entity::insert(bulk_run::ActiveModel::from(run)).exec_without_returning(&tx).await?;
    let rows: Vec<bulk_row::ActiveModel> = (1i64..)
        .zip(customers)
        .map(|(position, (org_id, name))| {
            bulk_row::ActiveModel::from(bulk_row::Model {
                run_id: id,
                position,
                org_id,
                name,
                state: RowState::Waiting,
                seen_version: 0,
                seats_before: None,
                seats_after: None,
                effective_on: None,
                amount: None,
                currency: None,
                problem: None,
                change_id: None,
            })
        })
        .collect();
    for chunk in rows.chunks(CHUNK) {
        bulk_row::Entity::insert_many(chunk.to_vec()).exec_without_returning(&tx).await?;
    }
    let name = organisation::by_id(&tx, actor.org).await?.map(|o| o.name).unwrap_or_default();
    append(kontor, &tx, actor.org, actor, Event::new("bulk.planned", &name).with(facts)).await?;
    again(kontor, &tx, actor.org, id, kontor.now()).await?;
    tx.commit().await?;
    kontor.hub.tell(actor.org, "bulk");
    Ok(id)
}

fn too_many() -> Error {
    Error::field("scope", Issue::OutOfRange { min: 1, max: i64::from(MAX_ROWS) })
}

/// Lets the job of a run go on at a moment.
pub(super) async fn again(
    kontor: &Kontor,
    tx: &DatabaseTransaction,
    partner: crate::kernel::id::OrgId,
    run: BulkId,
    at: Instant,
) -> Result<(), Error> {
    let payload = serde_json::json!({ "partner": partner, "run": run });
    enqueue(kontor, tx, JobKind::Bulk, at, Some(format!("bulk:{run}")), payload).await?;
    Ok(())
}

//! Runs as their partner sees them.

use super::plan::of_partner;
use crate::{
    Error,
    bulk::{
        BulkChoice, BulkCount, BulkLine, BulkQuery, BulkSummary, BulkView, DRY_HOURS, PAGE, RUNS, RowState,
        RunStatus,
        rows::{bulk_row, bulk_run},
    },
    kernel::{Kontor, actor::Actor, id::BulkId, money::Money},
    mapping::{CustomerQuery, service::customers},
};
use futures::{Stream, stream};

/// Rows of a file read at a time.
const BATCH: u64 = 500;

/// Where a run is begun: a page of the customers asked for, and the latest runs.
pub async fn choice(kontor: &Kontor, actor: &Actor, query: CustomerQuery) -> Result<BulkChoice, Error> {
    of_partner(actor)?;
    let page = customers(kontor, actor, &query).await?;
    let runs = bulk_run::read_latest(kontor.db.read(), actor.org, RUNS).await?;
    let runs = runs.into_iter().map(summary).collect();
    Ok(BulkChoice { query, page, runs, request_key: kontor.token() })
}

/// A run of the actor's partner, with a page of its rows.
pub async fn run(kontor: &Kontor, actor: &Actor, id: BulkId, query: BulkQuery) -> Result<BulkView, Error> {
    of_partner(actor)?;
    let db = kontor.db.read();
    let row = bulk_run::one(db, actor.org, id).await?.ok_or(Error::NotFound)?;
    let counts = counts(bulk_row::sums(db, id).await?);
    let mut lines = bulk_row::read(db, id, query.state, query.after, PAGE + 1).await?;
    let more = lines.len() as u64 > PAGE;
    lines.truncate(PAGE as usize);
    let next = lines.last().filter(|_| more).map(|line| line.position);
    let until = row.tried_at.filter(|_| row.status == RunStatus::Ready).map(|at| at.plus_hours(DRY_HOURS));
    let over = until.is_some_and(|until| kontor.now() >= until);
    let any = counts.iter().any(|c| matches!(c.state, RowState::Done | RowState::Proposed));
    Ok(BulkView {
        run: summary(row),
        counts,
        startable_until: until.filter(|_| any && !over),
        over,
        lines: lines.into_iter().map(line).collect(),
        next,
    })
}

/// All rows of a run, batch by batch, for a file. Rights are checked before the first batch.
pub async fn all_lines(
    kontor: Kontor,
    actor: &Actor,
    id: BulkId,
    state: Option<RowState>,
) -> Result<impl Stream<Item = Result<Vec<BulkLine>, Error>> + Send + use<>, Error> {
    of_partner(actor)?;
    bulk_run::one(kontor.db.read(), actor.org, id).await?.ok_or(Error::NotFound)?;
    let begin = (Some(None::<i64>), kontor, id, state);
    Ok(stream::try_unfold(begin, async |(from, kontor, id, state)| {
        let Some(after) = from else { return Ok(None) };
        let rows = bulk_row::read(kontor.db.read(), id, state, after, BATCH).await?;
        let full = rows.len() as u64 >= BATCH;
        let next = rows.last().filter(|_| full).map(|row| Some(row.position));
        Ok(Some((rows.into_iter().map(line).collect(), (next, kontor, id, state))))
    }))
}

fn summary(row: bulk_run::Model) -> BulkSummary {
    BulkSummary {
        id: row.id,
        operation: row.operation,
        seats: row.seats,
        status: row.status,
        total: row.total,
        by: row.by_label,
        at: row.created_at,
    }
}

/// Per state, in the order of the states.
fn counts(sums: Vec<bulk_row::Sum>) -> Vec<BulkCount> {
    let of = |state: RowState| {
        let mine = || sums.iter().filter(move |sum| sum.state == state);
        let money = |sum: &bulk_row::Sum| sum.currency.map(|currency| Money::new(sum.amount, currency));
        let rows = mine().map(|sum| sum.n).sum();
        let sums = mine().filter_map(money).filter(|sum| sum.minor != 0).collect();
        (rows > 0).then_some(BulkCount { state, rows, sums })
    };
    RowState::ALL.iter().copied().filter_map(of).collect()
}

fn line(row: bulk_row::Model) -> BulkLine {
    BulkLine {
        position: row.position,
        org: row.org_id,
        name: row.name,
        state: row.state,
        seats: row.seats_before.zip(row.seats_after),
        amount: row.amount.zip(row.currency).map(|(minor, currency)| Money::new(minor, currency)),
        effective_on: row.effective_on,
        // What cannot be read came from another version of the program: that it was refused still shows.
        problem: row.problem.and_then(|problem| serde_json::from_str(&problem).ok()),
    }
}

//! Carrying out one customer of a run, once, however often it is begun.

use super::try_row::refused;
use crate::{
    Error, Refusal,
    bulk::{
        Operation, RowState,
        rows::{bulk_row, bulk_run},
    },
    kernel::{Kontor, actor::Actor},
    payment::Failure,
    subscription::{
        ChangeForm, ChangeStatus,
        authority::Say,
        rows::subscription_change,
        service::{cancellation, confirm, rehearse, undo},
    },
};

/// The key of a row's change: a crash and another try find the change that was made.
fn key(row: &bulk_row::Model) -> String {
    format!("{}-{}", row.run_id, row.position)
}

/// The row as it stands after it was carried out. Exactly what the dry run said is done, or nothing: what was changed in
/// the meantime, or became dearer, is refused.
pub(super) async fn carried_out(
    kontor: &Kontor,
    actor: Option<&Actor>,
    run: &bulk_run::Model,
    row: bulk_row::Model,
) -> Result<bulk_row::Model, Error> {
    if let Some(known) = known(kontor, run, &row).await? {
        return Ok(outcome(row, &known));
    }
    // Whoever started it may no longer do this.
    let Some(actor) = actor else { return refused(row, Error::Forbidden) };
    let done = match run.operation {
        Operation::RenewOn => take_back(kontor, actor, &row).await,
        _ => wish(kontor, actor, run, &row).await,
    };
    // Whatever the answer was: what the change itself says is what happened.
    match (known(kontor, run, &row).await?, done) {
        (Some(known), _) => Ok(outcome(row, &known)),
        (None, Ok(())) => refused(row, Error::StaleVersion),
        (None, Err(error)) => refused(row, error),
    }
}

/// What is on record of this row: the change made under its key, or the cancellation it takes back, once that is
/// closed.
async fn known(
    kontor: &Kontor,
    run: &bulk_run::Model,
    row: &bulk_row::Model,
) -> Result<Option<subscription_change::Model>, Error> {
    let db = kontor.db.read();
    if run.operation != Operation::RenewOn {
        return Ok(subscription_change::by_key(db, row.org_id, &key(row)).await?);
    }
    let Some(change) = row.change_id else { return Ok(None) };
    let change = subscription_change::one(db, row.org_id, change).await?;
    Ok(change.filter(|change| change.status == ChangeStatus::Undone))
}

async fn wish(
    kontor: &Kontor,
    actor: &Actor,
    run: &bulk_run::Model,
    row: &bulk_row::Model,
) -> Result<(), Error> {
    let wish = |contract: &_| run.operation.wish(contract, run.seats);
    let found = rehearse(kontor, actor, row.org_id, wish).await?;
    // Of a proposal the customer is shown the price of the day it answers.
    let dearer = found.say == Say::Decides && Some(found.total.minor) > row.amount;
    if found.version != row.seen_version || dearer {
        return Err(Error::StaleVersion);
    }
    let form = ChangeForm { request_key: key(row), ..found.form };
    confirm(kontor, actor, row.org_id, &form).await.map(drop)
}

async fn take_back(kontor: &Kontor, actor: &Actor, row: &bulk_row::Model) -> Result<(), Error> {
    let found = cancellation(kontor, actor, row.org_id).await?;
    if Some(found.change) != row.change_id || found.version != row.seen_version {
        return Err(Error::StaleVersion);
    }
    undo(kontor, actor, row.org_id, found.change, found.change_version).await
}

/// The row after what became of its change.
fn outcome(row: bulk_row::Model, change: &subscription_change::Model) -> bulk_row::Model {
    let paid = || Failure::from_key(&change.reason).map_or(Refusal::PaymentDeclined, Failure::refusal);
    let (state, problem) = match change.status {
        ChangeStatus::Proposed => (RowState::Proposed, None),
        ChangeStatus::Charging => (RowState::Paying, None),
        ChangeStatus::Failed => (RowState::Failed, Some(Error::from(paid()))),
        ChangeStatus::Applied | ChangeStatus::Scheduled => (RowState::Done, None),
        // Ordered, and taken back before it was paid.
        ChangeStatus::Undone if change.payment_id.is_some() => {
            (RowState::Failed, Some(Refusal::ChangeClosed.into()))
        }
        ChangeStatus::Undone => (RowState::Done, None),
        // The customer has answered in the meantime: the proposal was made, and its own page says more.
        ChangeStatus::Declined | ChangeStatus::Expired => (RowState::Proposed, None),
    };
    bulk_row::Model {
        state,
        amount: Some(change.total),
        problem: problem.and_then(|problem| serde_json::to_string(&problem).ok()),
        change_id: Some(change.id),
        ..row
    }
}

/// What became of a row whose payment was under way.
pub(super) async fn paid_meanwhile(
    kontor: &Kontor,
    row: bulk_row::Model,
) -> Result<Option<bulk_row::Model>, Error> {
    let Some(id) = row.change_id else { return Ok(None) };
    let Some(change) = subscription_change::one(kontor.db.read(), row.org_id, id).await? else {
        return Ok(None);
    };
    let row = outcome(row, &change);
    Ok((row.state != RowState::Paying).then_some(row))
}

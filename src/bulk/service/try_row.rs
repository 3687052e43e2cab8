//! What would come of one customer of a run.

use crate::{
    Error,
    bulk::{
        Operation, RowState,
        rows::{bulk_row, bulk_run},
    },
    kernel::{Kontor, actor::Actor, error::internal},
    subscription::{
        authority::Say,
        service::{cancellation, rehearse},
    },
};

/// The row as it stands after a dry run; changes nothing. Only what lies outside of this customer is an error.
pub(super) async fn tried(
    kontor: &Kontor,
    actor: &Actor,
    run: &bulk_run::Model,
    row: bulk_row::Model,
) -> Result<bulk_row::Model, Error> {
    let found = match run.operation {
        Operation::RenewOn => taken_back(kontor, actor, &row).await,
        _ => wished(kontor, actor, run, &row).await,
    };
    match found {
        Ok(row) => Ok(row),
        Err(error) => refused(row, error),
    }
}

async fn wished(
    kontor: &Kontor,
    actor: &Actor,
    run: &bulk_run::Model,
    row: &bulk_row::Model,
) -> Result<bulk_row::Model, Error> {
    let wish = |contract: &_| run.operation.wish(contract, run.seats);
    let found = rehearse(kontor, actor, row.org_id, wish).await?;
    Ok(bulk_row::Model {
        state: if found.say == Say::Proposes { RowState::Proposed } else { RowState::Done },
        seen_version: found.version,
        seats_before: Some(found.before.seats),
        seats_after: Some(found.after.seats),
        effective_on: Some(found.effective_on),
        amount: Some(found.total.minor),
        currency: Some(found.total.currency),
        problem: None,
        ..row.clone()
    })
}

async fn taken_back(kontor: &Kontor, actor: &Actor, row: &bulk_row::Model) -> Result<bulk_row::Model, Error> {
    let found = cancellation(kontor, actor, row.org_id).await?;
    let contract = found.contract;
    Ok(bulk_row::Model {
        state: RowState::Done,
        seen_version: found.version,
        seats_before: Some(contract.terms.seats),
        seats_after: Some(contract.terms.seats),
        effective_on: Some(contract.ends_on.plus(1)),
        amount: Some(0),
        currency: Some(contract.currency),
        problem: None,
        change_id: Some(found.change),
        ..row.clone()
    })
}

/// The row with the reason why not. What may pass by itself is handed back: the job tries again.
pub(super) fn refused(row: bulk_row::Model, error: Error) -> Result<bulk_row::Model, Error> {
    if error == Error::Unavailable {
        return Err(error);
    }
    let problem = serde_json::to_string(&error).map_err(internal)?;
    let state = match &error {
        Error::Refused(refusal) if is_payment(refusal) => RowState::Failed,
        Error::Internal { .. } => RowState::Failed,
        _ => RowState::Refused,
    };
    let amount = row.amount.filter(|_| state == RowState::Failed);
    Ok(bulk_row::Model { state, amount, problem: Some(problem), ..row })
}

fn is_payment(refusal: &crate::Refusal) -> bool {
    use crate::Refusal::*;
    matches!(refusal, PaymentDeclined | InsufficientFunds | ActionRequired | PaymentUnderWay)
}

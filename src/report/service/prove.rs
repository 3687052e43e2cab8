//! Figures come from summaries that are kept as things happen: once a day a job proves them against what they are sums of.

use crate::{
    Error,
    commission::{Month, service::prove_statements},
    job::{
        JobKind,
        service::{Job, enqueue, fail, finish},
    },
    kernel::{Kontor, instant::Instant},
    ledger::service::verify_ledger,
    mapping::service::verify_counters,
};

/// Sees to it that the figures are proven: tonight, then daily. Called at every start.
pub async fn begin_proofs(kontor: &Kontor) -> Result<(), Error> {
    let tx = kontor.db.begin().await?;
    again(kontor, &tx).await?;
    tx.commit().await?;
    Ok(())
}

/// The next night's proof, a job of its own: one that found something stays where staff sees it.
async fn again(kontor: &Kontor, tx: &sea_orm::DatabaseTransaction) -> Result<(), Error> {
    let night: Instant = kontor.now().day().end().plus_hours(2);
    let key = Some(format!("proof-{}", night.day()));
    enqueue(kontor, tx, JobKind::Proof, night, key, serde_json::Value::Null).await?;
    Ok(())
}

/// Proves the ledger and its summaries, the counters of customers, and the statements of the latest closed month. What
/// does not add up makes the job fail, so that it stands under `/vendor/jobs` with what was found.
pub async fn prove(kontor: &Kontor, job: &Job) -> Result<(), Error> {
    let mut found: Vec<String> = verify_ledger(kontor).await?.differences;
    let counters = verify_counters(kontor).await?;
    if !counters.is_clean() {
        found.push(format!("counters: {counters:?}"));
    }
    found.extend(prove_statements(kontor, Month::of(kontor.now().day()).previous()).await?);
    let tx = kontor.db.begin().await?;
    again(kontor, &tx).await?;
    if found.is_empty() && !finish(kontor, &tx, job).await? {
        return Ok(());
    }
    tx.commit().await?;
    match found.is_empty() {
        true => Ok(()),
        false => fail(kontor, job, &found.join("; "), true).await,
    }
}

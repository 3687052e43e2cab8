//! The queue: enqueue inside a transaction, claim with a lease, finish or try again later.

use crate::{
    Error,
    job::{JobKind, JobStatus, Kinds, MAX_ATTEMPTS, back_off_minutes, rows::job},
    kernel::{
        Kontor,
        db::insert_all,
        id::JobId,
        instant::{Instant, MINUTE_MS},
    },
};
use sea_orm::{ActiveValue::Set, ConnectionTrait, EntityTrait, sea_query::OnConflict};

/// A claimed job.
#[derive(Debug, Clone)]
pub struct Job {
    /// Its id; stable over retries.
    pub id: JobId,
    /// Its kind.
    pub kind: JobKind,
    /// What the kind needs to know.
    pub payload: serde_json::Value,
    /// Tries so far, this one included.
    pub attempts: i32,
    lease: Instant,
}

/// How long a worker may take before another one may claim the job.
const LEASE_MS: i64 = 5 * MINUTE_MS;

/// A job to be enqueued.
#[derive(Debug, Clone)]
pub struct NewJob {
    /// Its kind.
    pub kind: JobKind,
    /// When it is to be done.
    pub due: Instant,
    /// What it is known by, if there is to be one of it.
    pub unique: Option<String>,
    /// What the kind needs to know.
    pub payload: serde_json::Value,
}

impl NewJob {
    fn row(self, kontor: &Kontor) -> job::ActiveModel {
        let row = job::Model {
            id: kontor.id(),
            kind: self.kind.key().into(),
            unique_key: self.unique,
            payload: self.payload.to_string(),
            status: JobStatus::Waiting,
            due_at: self.due,
            lease_until: None,
            attempts: 0,
            last_error: None,
            created_at: kontor.now(),
            done_at: None,
        };
        row.into()
    }
}

/// What becomes of a job that is there under its key already: it waits anew.
fn again() -> OnConflict {
    use job::Column;
    OnConflict::column(Column::UniqueKey)
        .update_columns([
            Column::Payload,
            Column::Status,
            Column::DueAt,
            Column::LeaseUntil,
            Column::Attempts,
            Column::LastError,
            Column::DoneAt,
        ])
        .to_owned()
}

/// Enqueues inside the caller's transaction. With a `unique` key, a job of the same key that still waits is moved to
/// the new due time instead, and one that is done or failed is woken again.
pub async fn enqueue(
    kontor: &Kontor,
    tx: &impl ConnectionTrait,
    kind: JobKind,
    due: Instant,
    unique: Option<String>,
    payload: serde_json::Value,
) -> Result<JobId, Error> {
    let row = NewJob { kind, due, unique, payload }.row(kontor);
    let row = job::Entity::insert(row).on_conflict(again()).exec_with_returning(tx).await?;
    Ok(row.id)
}

/// [`enqueue`] for many jobs, no two of one key, in few statements.
pub async fn enqueue_all(kontor: &Kontor, tx: &impl ConnectionTrait, jobs: Vec<NewJob>) -> Result<(), Error> {
    let rows = jobs.into_iter().map(|job| job.row(kontor)).collect();
    Ok(insert_all::<job::ActiveModel>(tx, rows, Some(&again())).await?)
}

/// Claims up to `most` due jobs for this worker. On PostgreSQL several workers claim side by side.
pub async fn claim(kontor: &Kontor, most: u64) -> Result<Vec<Job>, Error> {
    claim_of(kontor, Kinds::All, most).await
}

/// Whether jobs of these kinds are due.
pub async fn any_due(kontor: &Kontor, kinds: Kinds) -> Result<bool, Error> {
    Ok(job::any_due(kontor.db.read(), kinds, kontor.now()).await?)
}

/// [`claim`] for a worker of some kinds.
pub async fn claim_of(kontor: &Kontor, kinds: Kinds, most: u64) -> Result<Vec<Job>, Error> {
    let tx = kontor.db.begin().await?;
    let now = kontor.now();
    let mut claimed = Vec::new();
    for row in job::due(&tx, kinds, now, most).await? {
        let Some(kind) = JobKind::from_key(&row.kind) else {
            let error = Some("unknown kind of job".to_owned());
            let change = job::ActiveModel {
                id: Set(row.id),
                status: Set(JobStatus::Failed),
                last_error: Set(error),
                ..Default::default()
            };
            job::Entity::update(change).exec(&tx).await?;
            continue;
        };
        let lease = now.plus_ms(LEASE_MS);
        let attempts = row.attempts + 1;
        let change = job::ActiveModel {
            id: Set(row.id),
            lease_until: Set(Some(lease)),
            attempts: Set(attempts),
            ..Default::default()
        };
        job::Entity::update(change).exec(&tx).await?;
        let payload = serde_json::from_str(&row.payload).unwrap_or(serde_json::Value::Null);
        claimed.push(Job { id: row.id, kind, payload, attempts, lease });
    }
    tx.commit().await?;
    Ok(claimed)
}

/// Marks a job as done, inside the transaction that wrote its result. Answers false if the lease was lost or the job
/// was enqueued anew meanwhile: then the caller must roll back.
pub async fn finish(kontor: &Kontor, tx: &impl ConnectionTrait, job: &Job) -> Result<bool, Error> {
    Ok(job::finish(tx, job.id, job.lease, kontor.now()).await?)
}

/// Notes a failure in a transaction of its own; see [`fail_in`].
pub async fn fail(kontor: &Kontor, job: &Job, error: &str, hopeless: bool) -> Result<(), Error> {
    let tx = kontor.db.begin().await?;
    fail_in(kontor, &tx, job, error, hopeless).await?;
    tx.commit().await?;
    Ok(())
}

/// Notes a failure: tries again after a pause, or gives up if trying is of no use or was done often enough. Answers
/// whether it is given up; whoever lost the lease gives nothing up.
pub async fn fail_in(
    kontor: &Kontor,
    tx: &impl ConnectionTrait,
    job: &Job,
    error: &str,
    hopeless: bool,
) -> Result<bool, Error> {
    let given_up = hopeless || job.attempts >= MAX_ATTEMPTS;
    let status = if given_up { JobStatus::Failed } else { JobStatus::Waiting };
    let pause = if given_up { 0 } else { back_off_minutes(job.attempts) };
    let due = kontor.now().plus_minutes(pause);
    let text: String = error.chars().take(500).collect();
    tracing::warn!(job = %job.id, kind = job.kind.key(), attempts = job.attempts, given_up, error = %text, "job failed");
    let noted = job::fail(tx, job.id, job.lease, status, due, text).await?;
    Ok(noted && given_up)
}

/// When the next waiting job is due.
pub async fn next_due(kontor: &Kontor) -> Result<Option<Instant>, Error> {
    Ok(job::next_due(kontor.db.read()).await?)
}

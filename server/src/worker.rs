//! Does jobs when they are due. Every node runs one worker; leases keep them apart.

use kontor::{
    Error,
    job::{
        JobKind,
        service::{self, Job},
    },
    kernel::Kontor,
};
use std::time::Duration;
use tokio::sync::watch;

/// Jobs claimed at once.
const BATCH: u64 = 16;
/// The longest pause between two looks at the queue: another node may have enqueued.
const PAUSE: Duration = Duration::from_millis(500);

/// Works until told to stop; a job begun is finished.
pub async fn run(kontor: Kontor, mut stopping: watch::Receiver<bool>) {
    while !*stopping.borrow() {
        let jobs = match service::claim(&kontor, BATCH).await {
            Ok(jobs) => jobs,
            Err(error) => {
                tracing::error!(%error, "cannot claim jobs");
                Vec::new()
            }
        };
        let idle = jobs.is_empty();
        for job in jobs {
            work(&kontor, job).await;
        }
        if idle {
            tokio::select! {
                () = tokio::time::sleep(PAUSE) => {}
                _ = stopping.wait_for(|stop| *stop) => {}
            }
        }
    }
}

async fn work(kontor: &Kontor, job: Job) {
    let result: Result<(), Error> = match job.kind {
        JobKind::DomainCheck => kontor::domain::service::recheck(kontor, &job).await,
        JobKind::Mail | JobKind::TrialClock | JobKind::ApplicationClock | JobKind::GrantClock => {
            Err(Error::Unavailable)
        }
    };
    if let Err(error) = result
        && let Err(error) = service::fail(kontor, &job, &error.to_string(), false).await
    {
        // The lease runs out and another try follows.
        tracing::error!(job = %job.id, %error, "cannot note a job's failure");
    }
}

//! Does jobs when they are due. Every node runs one worker; leases keep them apart.

use crate::mail;
use kontor::{
    Error, application, bulk, delegation, domain,
    job::{
        JobKind, Kinds,
        service::{self, Job},
    },
    kernel::Kontor,
    mapping, notification, payment, subscription,
};
use std::time::Duration;
use tokio::{sync::watch, task::JoinSet};

/// The longest pause between two looks at the queue: another node may have enqueued.
const PAUSE: Duration = Duration::from_millis(500);

/// Jobs that wait for the same part of the world outside share a lane, so that a slow mail server holds up neither the
/// look-ups nor the clocks.
#[derive(Clone, Copy)]
struct Lane {
    kinds: Kinds,
    /// Jobs at the same time.
    most: usize,
}

const LANES: [Lane; 4] = [
    Lane { kinds: Kinds::Only(&[JobKind::Mail]), most: 4 },
    Lane { kinds: Kinds::Only(&[JobKind::DomainCheck]), most: 8 },
    Lane { kinds: Kinds::Only(&[JobKind::MailCheck]), most: 8 },
    Lane { kinds: Kinds::Except(&[JobKind::Mail, JobKind::DomainCheck, JobKind::MailCheck]), most: 2 },
];

/// Works until told to stop; jobs begun are finished.
pub async fn run(kontor: Kontor, stopping: watch::Receiver<bool>) {
    let mut lanes = JoinSet::new();
    for lane in LANES {
        lanes.spawn(drive(lane, kontor.clone(), stopping.clone()));
    }
    while let Some(ended) = lanes.join_next().await {
        if let Err(error) = ended {
            tracing::error!(%error, "a lane of the worker broke");
        }
    }
}

async fn drive(lane: Lane, kontor: Kontor, mut stopping: watch::Receiver<bool>) {
    let mut running = JoinSet::new();
    while !*stopping.borrow() {
        let free = lane.most.saturating_sub(running.len());
        let jobs = match claim(&kontor, lane.kinds, free).await {
            Ok(jobs) => jobs,
            Err(error) => {
                tracing::error!(%error, "cannot claim jobs");
                Vec::new()
            }
        };
        for job in jobs {
            let kontor = kontor.clone();
            running.spawn(async move { work(&kontor, job).await });
        }
        tokio::select! {
            Some(ended) = running.join_next() => note(ended),
            () = tokio::time::sleep(PAUSE) => {}
            _ = stopping.wait_for(|stop| *stop) => {}
        }
        while let Some(ended) = running.try_join_next() {
            note(ended);
        }
    }
    while let Some(ended) = running.join_next().await {
        note(ended);
    }
}

fn note(ended: Result<(), tokio::task::JoinError>) {
    if let Err(error) = ended {
        // The job's lease runs out, and another try follows.
        tracing::error!(%error, "a job broke");
    }
}

/// An idle worker only reads.
async fn claim(kontor: &Kontor, kinds: Kinds, free: usize) -> Result<Vec<Job>, Error> {
    if free == 0 || !service::any_due(kontor, kinds).await? {
        return Ok(Vec::new());
    }
    service::claim_of(kontor, kinds, u64::try_from(free).unwrap_or(1)).await
}

async fn work(kontor: &Kontor, job: Job) {
    let result = match job.kind {
        JobKind::Mail => notification::service::deliver(kontor, &job, mail::render).await,
        JobKind::DomainCheck => domain::service::recheck(kontor, &job).await,
        JobKind::MailCheck => domain::service::recheck_mail(kontor, &job).await,
        JobKind::TrialClock => subscription::service::trial_clock(kontor, &job).await,
        JobKind::ApplicationClock => application::service::clock(kontor, &job).await,
        JobKind::GrantClock => delegation::service::grant_clock(kontor, &job).await,
        JobKind::AccessRenewal => delegation::service::renew_one(kontor, &job).await,
        JobKind::AccessRequest => delegation::service::request_clock(kontor, &job).await,
        JobKind::MappingRequest => mapping::service::request_clock(kontor, &job).await,
        JobKind::MappingNotice => mapping::service::notice_over(kontor, &job).await,
        JobKind::HandOver => subscription::service::remind_of_hand_over(kontor, &job).await,
        JobKind::Payment => payment::service::watch_payment(kontor, &job).await,
        JobKind::Refund => payment::service::watch_refund(kontor, &job).await,
        JobKind::ForgetCard => payment::service::forget_card(kontor, &job).await,
        JobKind::Billing => subscription::service::billing(kontor, &job).await,
        JobKind::Dunning => subscription::service::dunning(kontor, &job).await,
        JobKind::Bulk => bulk::service::bulk(kontor, &job).await,
        JobKind::Proof => kontor::report::service::prove(kontor, &job).await,
        JobKind::Housekeeping => service::housekeeping(kontor, &job).await,
    };
    if let Err(error) = result
        && let Err(error) = service::fail(kontor, &job, &error.to_string(), false).await
    {
        // The lease runs out and another try follows.
        tracing::error!(job = %job.id, %error, "cannot note a job's failure");
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use kontor::{
        job::{JobStatus, rows::job},
        kernel::{
            locale::Locale,
            port::{MailFault, MailPort, OutgoingMail},
            testing::Bench,
        },
        notification::{Mail, service::Recipient},
    };
    use sea_orm::EntityTrait;
    use std::sync::{
        Arc,
        atomic::{AtomicUsize, Ordering},
    };
    use tokio::sync::Semaphore;

    /// A mail server that answers when it is let.
    struct Slow {
        open: Semaphore,
        waiting: AtomicUsize,
    }

    #[async_trait::async_trait]
    impl MailPort for Slow {
        async fn send(&self, _: &OutgoingMail) -> Result<(), MailFault> {
            self.waiting.fetch_add(1, Ordering::SeqCst);
            self.open.acquire().await.unwrap().forget();
            Ok(())
        }
    }

    #[expect(clippy::disallowed_methods, reason = "the test looks at every row")]
    async fn done(kontor: &Kontor, kind: JobKind) -> usize {
        let rows = job::Entity::find().all(kontor.db.read()).await.unwrap();
        rows.iter().filter(|r| r.kind == kind.key() && r.status == JobStatus::Done).count()
    }

    async fn until(what: &str, mut ready: impl AsyncFnMut() -> bool) {
        for _ in 0..400 {
            if ready().await {
                return;
            }
            tokio::time::sleep(Duration::from_millis(25)).await;
        }
        panic!("waited in vain: {what}");
    }

    #[tokio::test]
    async fn a_slow_mail_server_holds_up_nothing_else_and_is_waited_for_at_the_end() {
        for bench in Bench::all().await {
            let slow = Arc::new(Slow { open: Semaphore::new(0), waiting: AtomicUsize::new(0) });
            let kontor = bench.with_mail(slow.clone());
            let tx = kontor.db.begin().await.unwrap();
            for n in 0..6 {
                let to = Recipient { email: format!("a{n}@example.org"), locale: Locale::En };
                let mail = Mail::ConfirmEmail { link: "https://x".into() };
                notification::service::write(&kontor, &tx, to, &mail).await.unwrap();
            }
            let nobody = serde_json::json!({ "org": kontor.id::<kontor::kernel::id::OrgId>(),
                "domain": kontor.id::<kontor::kernel::id::DomainId>() });
            service::enqueue(&kontor, &tx, JobKind::DomainCheck, kontor.now(), None, nobody).await.unwrap();
            tx.commit().await.unwrap();
            let (stop, stopping) = watch::channel(false);
            let worker = tokio::spawn(run(kontor.clone(), stopping));
            until("the domain check", async || done(&kontor, JobKind::DomainCheck).await == 1).await;
            until("mails under way", async || slow.waiting.load(Ordering::SeqCst) == 4).await;
            assert_eq!(done(&kontor, JobKind::Mail).await, 0, "{}", bench.name);
            slow.open.add_permits(1);
            until("the first mail", async || done(&kontor, JobKind::Mail).await == 1).await;
            stop.send(true).unwrap();
            slow.open.add_permits(100);
            worker.await.unwrap();
            let sent = done(&kontor, JobKind::Mail).await;
            assert!((4..=6).contains(&sent), "{}: {sent} mails are noted as sent", bench.name);
            assert_eq!(sent, slow.waiting.load(Ordering::SeqCst), "what was begun was finished");
        }
    }
}

//! What failed, and trying it again: `/vendor/jobs`.

use crate::{
    Error,
    audit::service::{Event, append},
    job::{JobKind, JobStatus, TROUBLES, Trouble, Troubles, rows::job},
    kernel::{
        Kontor,
        actor::Actor,
        id::{JobId, MailId},
        right::Feature,
    },
    notification::rows::mail,
};

/// What failed, and how the queue stands.
pub async fn troubles(kontor: &Kontor, actor: &Actor) -> Result<Troubles, Error> {
    actor.require(Feature::JobsManage)?;
    let db = kontor.db.read();
    let failed = job::failed(db, TROUBLES).await?;
    let retried = job::retried(db, TROUBLES).await?;
    let ids = failed.iter().chain(&retried).filter_map(mail_of).collect();
    let mails = mail::by_ids(db, ids).await?;
    let show = |row: job::Model| {
        let mail = mail_of(&row).and_then(|id| mails.iter().find(|m| m.id == id));
        Trouble {
            id: row.id,
            kind: JobKind::from_key(&row.kind),
            recipient: mail.map(|m| m.recipient.clone()),
            template: mail.map(|m| m.template.clone()),
            mail_status: mail.map(|m| m.status),
            since: row.created_at,
            attempts: row.attempts,
            due_at: row.due_at,
            last_error: row.last_error.unwrap_or_default(),
        }
    };
    Ok(Troubles {
        failed: failed.into_iter().map(show).collect(),
        retried: retried.into_iter().map(show).collect(),
        counts: job::counts(db, kontor.now()).await?,
    })
}

/// The mail a job is to send.
fn mail_of(row: &job::Model) -> Option<MailId> {
    if row.kind != JobKind::Mail.key() {
        return None;
    }
    serde_json::from_str::<serde_json::Value>(&row.payload).ok()?.get("mail")?.as_str()?.parse().ok()
}

/// Tries a given-up job again, as if for the first time. One that is no longer given up is left alone.
pub async fn retry(kontor: &Kontor, actor: &Actor, id: JobId) -> Result<(), Error> {
    actor.require(Feature::JobsManage)?;
    let tx = kontor.db.begin().await?;
    let row = job::locked(&tx, id).await?.ok_or(Error::NotFound)?;
    if row.status != JobStatus::Failed {
        // Ended here and now: the lock of a transaction that is merely dropped may outlive this call a little, and the
        // worker passes locked jobs by.
        tx.rollback().await?;
        return Ok(());
    }
    job::wake(&tx, Some(id), kontor.now()).await?;
    if let Some(mail) = mail_of(&row) {
        mail::wake(&tx, Some(mail)).await?;
    }
    let event = Event::new("job.retried", id).with(serde_json::json!({ "kind": row.kind }));
    append(kontor, &tx, actor.org, actor, event).await?;
    tx.commit().await?;
    kontor.hub.tell(actor.org, "job");
    Ok(())
}

/// Tries everything given up again.
pub async fn retry_all(kontor: &Kontor, actor: &Actor) -> Result<u64, Error> {
    actor.require(Feature::JobsManage)?;
    let tx = kontor.db.begin().await?;
    let woken = job::wake(&tx, None, kontor.now()).await?;
    if woken == 0 {
        return Ok(0);
    }
    mail::wake(&tx, None).await?;
    append(kontor, &tx, actor.org, actor, Event::new("job.retried_all", woken)).await?;
    tx.commit().await?;
    kontor.hub.tell(actor.org, "job");
    Ok(woken)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        job::service::{claim, enqueue, fail},
        kernel::{
            actor::Standing,
            instant::HOUR_MS,
            locale::Locale,
            port::MailFault,
            right::{OrgKind, Role},
            testing::Bench,
        },
        notification::{
            Letter, Mail, MailStatus,
            service::{Recipient, deliver, write},
        },
        organisation::service::{NewStaff, create_staff},
    };

    async fn admin(bench: &Bench) -> Actor {
        let new = NewStaff {
            email: "admin@vendor.test".into(),
            first_name: String::new(),
            last_name: String::new(),
            role: Role::VendorAdmin,
            organisation: "Vendor".into(),
            country: "DE".into(),
        };
        let staff = create_staff(&bench.kontor, new).await.unwrap();
        Actor::system(staff.org, OrgKind::Vendor, "test")
    }

    async fn a_mail(bench: &Bench, to: &str) {
        let tx = bench.kontor.db.begin().await.unwrap();
        let to = Recipient { email: to.into(), locale: Locale::En };
        write(&bench.kontor, &tx, to, &Mail::ConfirmEmail { link: "https://x".into() }).await.unwrap();
        tx.commit().await.unwrap();
    }

    async fn work(bench: &Bench, fault: Option<(bool, &str)>) -> usize {
        let fault = fault.map(|(permanent, detail)| MailFault { permanent, detail: detail.into() });
        *bench.outside.mail_fault.lock().unwrap() = fault;
        let jobs = claim(&bench.kontor, 10).await.unwrap();
        for job in &jobs {
            let letter =
                |_: &Kontor, _, _: &Mail| Letter { subject: "s".into(), text: "t".into(), html: "h".into() };
            deliver(&bench.kontor, job, letter).await.unwrap();
        }
        jobs.len()
    }

    #[tokio::test]
    async fn a_refused_mail_is_listed_and_goes_out_when_it_is_tried_again() {
        for bench in Bench::all().await {
            let kontor = &bench.kontor;
            let admin = admin(&bench).await;
            a_mail(&bench, "ada@example.org").await;
            work(&bench, Some((true, "550 no such mailbox"))).await;
            let seen = troubles(kontor, &admin).await.unwrap();
            assert_eq!(
                (seen.failed.len(), seen.retried.len(), seen.counts.failed),
                (1, 0, 1),
                "{}",
                bench.name
            );
            let trouble = &seen.failed[0];
            assert_eq!(trouble.recipient.as_deref(), Some("ada@example.org"));
            assert_eq!(trouble.template.as_deref(), Some("confirm_email"));
            assert_eq!(trouble.mail_status, Some(MailStatus::Failed));
            assert_eq!((trouble.last_error.as_str(), trouble.due_at), ("550 no such mailbox", kontor.now()));
            retry(kontor, &admin, trouble.id).await.unwrap();
            retry(kontor, &admin, trouble.id).await.unwrap();
            assert_eq!(work(&bench, None).await, 1);
            assert_eq!(bench.outside.sent.lock().unwrap().len(), 1);
            assert_eq!(troubles(kontor, &admin).await.unwrap(), Troubles::default());
        }
    }

    #[tokio::test]
    async fn what_waits_for_its_next_try_is_listed_apart() {
        for bench in Bench::all().await {
            let kontor = &bench.kontor;
            let admin = admin(&bench).await;
            a_mail(&bench, "ada@example.org").await;
            work(&bench, Some((false, "connection refused"))).await;
            let seen = troubles(kontor, &admin).await.unwrap();
            assert_eq!((seen.failed.len(), seen.retried.len()), (0, 1), "{}", bench.name);
            assert_eq!(seen.retried[0].due_at, kontor.now().plus_minutes(1));
            assert_eq!((seen.counts.waiting, seen.counts.retried, seen.counts.overdue), (1, 1, 0));
            bench.clock.move_ms(HOUR_MS);
            assert_eq!(troubles(kontor, &admin).await.unwrap().counts.overdue, 1);
        }
    }

    #[tokio::test]
    async fn everything_given_up_is_tried_again_at_once() {
        for bench in Bench::all().await {
            let kontor = &bench.kontor;
            let admin = admin(&bench).await;
            assert_eq!(retry_all(kontor, &admin).await.unwrap(), 0);
            a_mail(&bench, "ada@example.org").await;
            a_mail(&bench, "bob@example.org").await;
            work(&bench, Some((true, "550 never"))).await;
            let tx = kontor.db.begin().await.unwrap();
            let nothing = serde_json::Value::Null;
            enqueue(kontor, &tx, JobKind::TrialClock, kontor.now(), None, nothing).await.unwrap();
            tx.commit().await.unwrap();
            let clock = claim(kontor, 10).await.unwrap().pop().unwrap();
            fail(kontor, &clock, "bad request", true).await.unwrap();
            assert_eq!(retry_all(kontor, &admin).await.unwrap(), 3, "{}", bench.name);
            let seen = troubles(kontor, &admin).await.unwrap();
            assert_eq!((seen.counts.failed, seen.counts.waiting), (0, 3));
        }
    }

    #[tokio::test]
    async fn only_staff_with_the_feature_see_and_retry() {
        for bench in Bench::all().await {
            let kontor = &bench.kontor;
            let mut actor = admin(&bench).await;
            actor.standing = Standing::Member {
                account: kontor.id(),
                email: "reviewer@vendor.test".into(),
                member: kontor.id(),
                role: Role::Reviewer,
                features: Role::Reviewer.features(),
                session: kontor.id(),
            };
            assert_eq!(troubles(kontor, &actor).await, Err(Error::Forbidden));
            assert_eq!(retry(kontor, &actor, kontor.id()).await, Err(Error::Forbidden));
            assert_eq!(retry_all(kontor, &actor).await, Err(Error::Forbidden));
        }
    }

    #[tokio::test]
    async fn an_unknown_job_is_not_found() {
        for bench in Bench::all().await {
            let admin = admin(&bench).await;
            assert_eq!(retry(&bench.kontor, &admin, bench.kontor.id()).await, Err(Error::NotFound));
        }
    }
}

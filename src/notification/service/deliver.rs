//! Sends one mail. The mail server is asked outside any transaction; what it answered is then noted in one.

use crate::{
    Error,
    job::service::{Job, fail_in, finish},
    kernel::{
        Kontor,
        id::MailId,
        locale::Locale,
        port::{MailFault, OutgoingMail},
    },
    notification::{Letter, Mail, MailStatus, rows::mail, service::compose_key},
};

/// Puts a mail into words of the reader's language.
pub type Render = fn(&Kontor, Locale, &Mail) -> Letter;

/// Sends the mail that `job` names. It goes out at least once, always under the same `Message-ID`; what cannot be sent
/// now stays in the queue, and what never can is noted as failed, with its content, so that staff may try again.
pub async fn deliver(kontor: &Kontor, job: &Job, render: Render) -> Result<(), Error> {
    let id = job.payload.get("mail").cloned().and_then(|id| serde_json::from_value::<MailId>(id).ok());
    let row = match id {
        Some(id) => mail::by_id(kontor.db.read(), id).await?,
        None => None,
    };
    let Some(row) = row else {
        let tx = kontor.db.begin().await?;
        fail_in(kontor, &tx, job, "there is no such mail", true).await?;
        return Ok(tx.commit().await?);
    };
    let id = row.id;
    let result = match row.status {
        MailStatus::Sent => Ok(()),
        MailStatus::Waiting | MailStatus::Failed => match compose(kontor, row, render) {
            Ok(outgoing) => kontor.mail.send(&outgoing).await,
            // The key may come back with the right secret file: keep trying.
            Err(detail) => Err(MailFault { permanent: false, detail }),
        },
    };
    let tx = kontor.db.begin().await?;
    match result {
        Ok(()) => {
            mail::sent(&tx, id, kontor.now()).await?;
            if !finish(kontor, &tx, job).await? {
                return Ok(tx.rollback().await?);
            }
        }
        Err(fault) => {
            let given_up = fail_in(kontor, &tx, job, &fault.detail, fault.permanent).await?;
            let status = if given_up { MailStatus::Failed } else { MailStatus::Waiting };
            mail::set_status(&tx, id, status).await?;
        }
    }
    Ok(tx.commit().await?)
}

fn compose(kontor: &Kontor, row: mail::Model, render: Render) -> Result<OutgoingMail, String> {
    let sealed = row.content.ok_or("the mail has no content")?;
    let plain = kontor.secrets.open(&compose_key(row.id), &sealed).map_err(|e| e.to_string())?;
    let content: Mail = serde_json::from_slice(&plain).map_err(|e| e.to_string())?;
    let Letter { subject, text, html } = render(kontor, row.locale, &content);
    let host = kontor.programme.public_url.split("://").nth(1).and_then(host_of).unwrap_or("localhost");
    Ok(OutgoingMail { message_id: format!("{}@{host}", row.id), to: row.recipient, subject, text, html })
}

/// The host of `host:port/path`; brackets of an IPv6 address have no place in a message id.
fn host_of(authority: &str) -> Option<&str> {
    let authority = authority.split('/').next()?;
    match authority.strip_prefix('[') {
        Some(_) => None,
        None => authority.split(':').next().filter(|host| !host.is_empty()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        job::{
            JobStatus,
            rows::job,
            service::{claim, enqueue},
        },
        kernel::{
            instant::{DAY_MS, MINUTE_MS},
            testing::Bench,
        },
        notification::service::{Recipient, write},
    };
    use sea_orm::EntityTrait;

    fn render(_: &Kontor, locale: Locale, mail: &Mail) -> Letter {
        let text = format!("{} {}", locale.key(), mail.key());
        Letter { subject: text.clone(), html: text.clone(), text }
    }

    async fn write_one(bench: &Bench) -> MailId {
        let kontor = &bench.kontor;
        let tx = kontor.db.begin().await.unwrap();
        let to = Recipient { email: "ada@example.org".into(), locale: Locale::De };
        write(kontor, &tx, to, &Mail::ResetPassword { link: "https://x/reset/t".into() }).await.unwrap();
        tx.commit().await.unwrap();
        mails(bench).await.pop().unwrap().id
    }

    #[expect(clippy::disallowed_methods, reason = "the test looks at every row")]
    async fn mails(bench: &Bench) -> Vec<mail::Model> {
        mail::Entity::find().all(bench.kontor.db.read()).await.unwrap()
    }

    #[expect(clippy::disallowed_methods, reason = "the test looks at every row")]
    async fn jobs(bench: &Bench) -> Vec<job::Model> {
        job::Entity::find().all(bench.kontor.db.read()).await.unwrap()
    }

    async fn work(bench: &Bench) -> usize {
        let claimed = claim(&bench.kontor, 10).await.unwrap();
        for job in &claimed {
            deliver(&bench.kontor, job, render).await.unwrap();
        }
        claimed.len()
    }

    fn fault(bench: &Bench, fault: Option<(bool, &str)>) {
        let fault = fault.map(|(permanent, detail)| MailFault { permanent, detail: detail.into() });
        *bench.outside.mail_fault.lock().unwrap() = fault;
    }

    #[tokio::test]
    async fn a_sent_mail_keeps_nothing_of_what_it_said() {
        for bench in Bench::all().await {
            let id = write_one(&bench).await;
            assert_eq!(work(&bench).await, 1);
            let sent = bench.outside.sent.lock().unwrap().clone();
            assert_eq!(sent.len(), 1, "{}", bench.name);
            assert_eq!(sent[0].message_id, format!("{id}@127.0.0.1"));
            assert_eq!(sent[0].subject, "de reset_password");
            let row = mails(&bench).await.pop().unwrap();
            assert_eq!((row.status, row.content), (MailStatus::Sent, None));
            assert_eq!(row.sent_at, Some(bench.kontor.now()));
            assert_eq!(jobs(&bench).await[0].status, JobStatus::Done);
            assert_eq!(work(&bench).await, 0);
        }
    }

    #[tokio::test]
    async fn a_mail_server_that_is_down_loses_nothing() {
        for bench in Bench::all().await {
            let id = write_one(&bench).await;
            fault(&bench, Some((false, "connection refused")));
            for pause in [1, 2, 4] {
                assert_eq!(work(&bench).await, 1, "{}", bench.name);
                assert_eq!(work(&bench).await, 0, "{}: waits before the next try", bench.name);
                bench.clock.move_ms(pause * MINUTE_MS);
            }
            let row = mails(&bench).await.pop().unwrap();
            assert!(row.status == MailStatus::Waiting && row.content.is_some());
            fault(&bench, None);
            assert_eq!(work(&bench).await, 1);
            let sent = bench.outside.sent.lock().unwrap().clone();
            assert_eq!(sent.len(), 1);
            assert_eq!(sent[0].message_id, format!("{id}@127.0.0.1"));
        }
    }

    #[tokio::test]
    async fn a_server_down_for_days_ends_in_a_failed_mail_that_can_be_tried_again() {
        for bench in Bench::all().await {
            write_one(&bench).await;
            fault(&bench, Some((false, "connection refused")));
            let mut tries = 0;
            while work(&bench).await == 1 {
                tries += 1;
                bench.clock.move_ms(DAY_MS);
            }
            assert_eq!(tries, crate::job::MAX_ATTEMPTS);
            let row = mails(&bench).await.pop().unwrap();
            assert!(row.status == MailStatus::Failed && row.content.is_some());
            assert_eq!(jobs(&bench).await[0].status, JobStatus::Failed);
        }
    }

    #[tokio::test]
    async fn what_the_server_refuses_for_good_is_not_tried_again() {
        for bench in Bench::all().await {
            write_one(&bench).await;
            fault(&bench, Some((true, "550 no such mailbox")));
            assert_eq!(work(&bench).await, 1);
            let (mail, job) = (mails(&bench).await.pop().unwrap(), jobs(&bench).await.pop().unwrap());
            assert_eq!((mail.status, job.status), (MailStatus::Failed, JobStatus::Failed));
            assert_eq!(job.last_error.as_deref(), Some("550 no such mailbox"));
            bench.clock.move_ms(DAY_MS);
            assert_eq!(work(&bench).await, 0);
        }
    }

    #[tokio::test]
    async fn a_worker_that_lost_its_lease_changes_nothing() {
        for bench in Bench::all().await {
            write_one(&bench).await;
            let slow = claim(&bench.kontor, 10).await.unwrap().pop().unwrap();
            bench.clock.move_ms(10 * MINUTE_MS);
            let quick = claim(&bench.kontor, 10).await.unwrap().pop().unwrap();
            deliver(&bench.kontor, &slow, render).await.unwrap();
            assert_eq!(mails(&bench).await[0].status, MailStatus::Waiting, "{}", bench.name);
            fault(&bench, Some((true, "550 never")));
            deliver(&bench.kontor, &slow, render).await.unwrap();
            assert_eq!(mails(&bench).await[0].status, MailStatus::Waiting, "{}", bench.name);
            fault(&bench, None);
            deliver(&bench.kontor, &quick, render).await.unwrap();
            assert_eq!(mails(&bench).await[0].status, MailStatus::Sent);
            // A mail that is out is not sent again, whatever the queue says.
            let tx = bench.kontor.db.begin().await.unwrap();
            let payload = serde_json::json!({ "mail": mails(&bench).await[0].id });
            let now = bench.kontor.now();
            enqueue(&bench.kontor, &tx, crate::job::JobKind::Mail, now, None, payload).await.unwrap();
            tx.commit().await.unwrap();
            let before = bench.outside.sent.lock().unwrap().len();
            assert_eq!(work(&bench).await, 1);
            assert_eq!(bench.outside.sent.lock().unwrap().len(), before);
            assert!(jobs(&bench).await.iter().all(|j| j.status == JobStatus::Done));
        }
    }

    #[test]
    fn hosts_of_message_ids() {
        assert_eq!(host_of("kontor.example:8443/x"), Some("kontor.example"));
        assert_eq!(host_of("[::1]:3000"), None);
        assert_eq!(host_of(""), None);
    }
}

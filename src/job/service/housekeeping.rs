//! Once a day: what nobody can use any more is thrown away. Applications, organisations, mails and the audit trail stay.

use super::{Job, enqueue, finish};
use crate::{
    Error,
    account::rows::{form_state, link, passkey_question, session},
    identity::rows::{logout_seen, sign_in_try},
    job::{JobKind, rows::job},
    kernel::{Kontor, instant::Instant},
    setting::service::policy,
};

/// Days for which a done job is kept: as long as somebody may ask what became of it.
const DONE_DAYS: i64 = 30;

/// Days for which a link is kept after its end, so that whoever follows it hears that it is too old.
const LINK_DAYS: i64 = 90;

/// Rows thrown away in one transaction: others wait no longer than that.
const BATCH: u64 = 1_000;

/// Sees to it that housekeeping happens: at once, then daily. Called at every start.
pub async fn begin_housekeeping(kontor: &Kontor) -> Result<(), Error> {
    let tx = kontor.db.begin().await?;
    again(kontor, &tx, kontor.now()).await?;
    tx.commit().await?;
    Ok(())
}

async fn again(kontor: &Kontor, tx: &sea_orm::DatabaseTransaction, at: Instant) -> Result<(), Error> {
    let key = Some("housekeeping".to_owned());
    enqueue(kontor, tx, JobKind::Housekeeping, at, key, serde_json::Value::Null).await?;
    Ok(())
}

/// Throws away: done jobs, sessions and links that no longer work, and forms whose time is over.
pub async fn housekeeping(kontor: &Kontor, job: &Job) -> Result<(), Error> {
    let now = kontor.now();
    let policy = policy(kontor, kontor.db.read()).await?;
    let (idle, oldest) = (now.plus_days(-policy.session_idle_days), now.plus_days(-policy.session_max_days));
    loop {
        let tx = kontor.db.begin().await?;
        let gone = job::drop_done(&tx, now.plus_days(-DONE_DAYS), BATCH).await?;
        tx.commit().await?;
        if gone < BATCH {
            break;
        }
    }
    let tx = kontor.db.begin().await?;
    if !finish(kontor, &tx, job).await? {
        return Ok(());
    }
    session::drop_over(&tx, idle, oldest).await?;
    link::drop_over(&tx, now.plus_days(-LINK_DAYS)).await?;
    form_state::drop_expired(&tx, now).await?;
    passkey_question::drop_over(&tx, now).await?;
    sign_in_try::drop_over(&tx, now).await?;
    logout_seen::drop_over(&tx, now).await?;
    again(kontor, &tx, now.plus_days(1)).await?;
    tx.commit().await?;
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        account::service::{request_reset, resolve, sign_in, sign_up},
        job::{
            JobStatus,
            service::{claim, fail},
        },
        kernel::{actor::Viewer, locale::Locale, testing::Bench},
        organisation::service::stage::rows,
    };
    use sea_orm::EntityTrait;

    async fn keep_house(bench: &Bench) {
        for job in claim(&bench.kontor, 100).await.unwrap() {
            match job.kind {
                JobKind::Housekeeping => housekeeping(&bench.kontor, &job).await.unwrap(),
                _ => fail(&bench.kontor, &job, "not wanted here", true).await.unwrap(),
            }
        }
    }

    #[tokio::test]
    async fn what_nobody_can_use_is_thrown_away_and_nothing_else() {
        for bench in Bench::all().await {
            let kontor = &bench.kontor;
            let viewer = Viewer {
                session: None,
                ip: String::new(),
                user_agent: String::new(),
                locale: Locale::En,
                anonymous: None,
            };
            let (email, password) = ("eva@example.org", "a long enough one");
            sign_up(kontor, &viewer, email, password).await.unwrap();
            let token = sign_in(kontor, &viewer, email, password).await.unwrap().token;
            request_reset(kontor, "eva@example.org").await.unwrap();
            let tx = kontor.db.begin().await.unwrap();
            for number in 0..2_500 {
                let kind = JobKind::DomainCheck;
                enqueue(
                    kontor,
                    &tx,
                    kind,
                    kontor.now(),
                    Some(format!("done {number}")),
                    serde_json::Value::Null,
                )
                .await
                .unwrap();
            }
            tx.commit().await.unwrap();
            let tx = kontor.db.begin().await.unwrap();
            for row in rows::<job::Entity>(&bench).await {
                if row.kind == JobKind::DomainCheck.key() {
                    let done = job::ActiveModel {
                        id: sea_orm::Set(row.id),
                        status: sea_orm::Set(JobStatus::Done),
                        ..Default::default()
                    };
                    job::Entity::update(done).exec(&tx).await.unwrap();
                }
            }
            tx.commit().await.unwrap();
            begin_housekeeping(kontor).await.unwrap();
            keep_house(&bench).await;
            let done = || async {
                let all = rows::<job::Entity>(&bench).await;
                all.iter().filter(|j| j.status == JobStatus::Done).count()
            };
            assert_eq!(done().await, 2_500, "{}: nothing is old yet", bench.name);
            assert!(resolve(kontor, &token).await.unwrap().is_some());
            assert!(!rows::<link::Entity>(&bench).await.is_empty());

            bench.clock.move_ms(200 * crate::kernel::instant::DAY_MS);
            keep_house(&bench).await;
            assert_eq!(done().await, 0, "{}", bench.name);
            assert!(rows::<session::Entity>(&bench).await.is_empty(), "{}", bench.name);
            assert!(rows::<link::Entity>(&bench).await.is_empty(), "{}", bench.name);
            // Tomorrow again.
            let next = rows::<job::Entity>(&bench).await;
            let next = next.iter().find(|j| j.kind == JobKind::Housekeeping.key()).unwrap();
            assert_eq!((next.status, next.due_at), (JobStatus::Waiting, kontor.now().plus_days(1)));
        }
    }
}

//! The automatic check (`JobKind::DomainCheck`): for proofs that appear later, and for proofs that get lost.

use crate::{
    Error,
    domain::{
        DomainStatus, Method,
        rows::domain,
        service::{
            look::look_everywhere,
            settle::{By, settle},
            show::{expected, view},
        },
    },
    job::service::{Job, finish},
    kernel::{
        Kontor,
        actor::Actor,
        error::internal,
        id::{DomainId, OrgId},
    },
    organisation::rows::organisation,
};
use serde::Deserialize;

#[derive(Deserialize)]
struct Payload {
    org: OrgId,
    domain: DomainId,
}

/// Looks once, writes what it came to, and plans the next look. Late after downtime it goes on from now. A job whose
/// domain is gone, claimed or given up has nothing left to do.
pub async fn recheck(kontor: &Kontor, job: &Job) -> Result<(), Error> {
    let payload: Payload = serde_json::from_value(job.payload.clone()).map_err(internal)?;
    let row = domain::by_id(kontor.db.read(), payload.org, payload.domain).await?;
    let wanted = row.filter(|r| r.status == DomainStatus::Pending || r.status.is_held());
    let Some(row) = wanted else {
        let tx = kontor.db.begin().await?;
        if finish(kontor, &tx, job).await? {
            tx.commit().await?;
        }
        return Ok(());
    };
    let tried = row.method.or_else(|| view(&row).last_check.map(|c| c.method));
    let check = look_everywhere(kontor, expected(kontor, &row), tried.unwrap_or(Method::Txt)).await;
    let tx = kontor.db.begin().await?;
    // Finished first: planning the next look wakes this very job again.
    if !finish(kontor, &tx, job).await? {
        return Ok(());
    }
    let organisation = organisation::by_id(&tx, row.org_id).await?.ok_or(Error::NotFound)?;
    let system = Actor::system(row.org_id, organisation.kind, "domain-check");
    match settle(kontor, &tx, &system, &row, &check, By::Job).await {
        Ok(Some(told)) => {
            tx.commit().await?;
            told.into_iter().for_each(|org| kontor.hub.tell(org, "domain"));
            Ok(())
        }
        // Somebody else proved it in this very moment: the job stays due and finds it claimed.
        Ok(None) => Err(Error::StaleVersion),
        // Removed meanwhile: nothing left to do, but for finishing the job the next time.
        Err(other) => Err(other),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        domain::{
            Outcome, VerifyInput,
            service::{list, testing::*, verify},
        },
        kernel::{instant::DAY_MS, port::DnsOutcome},
    };

    async fn only(scene: &Scene) -> crate::domain::DomainView {
        list(&scene.bench.kontor, &scene.admin).await.unwrap().remove(0)
    }

    #[tokio::test]
    async fn a_record_that_appears_later_is_found_by_itself() {
        for scene in Scene::all().await {
            let value = scene.add(&scene.admin, "kunde.test").await;
            assert_eq!(scene.work().await, 0);
            scene.bench.clock.move_ms(5 * 60_000);
            assert_eq!(scene.work().await, 1);
            assert_eq!(only(&scene).await.next_check_at, Some(scene.now().plus_minutes(25)));
            scene.publish("kunde.test", &value);
            assert_eq!(scene.work().await, 0);
            scene.bench.clock.move_ms(25 * 60_000);
            assert_eq!(scene.work().await, 1);
            let seen = only(&scene).await;
            assert_eq!((seen.status, seen.method), (DomainStatus::Verified, Some(Method::Txt)));
            assert_eq!(scene.mails().await.len(), 2);
            assert_eq!(scene.trail(scene.admin.org).await, ["domain.add", "domain.verify"]);
        }
    }

    #[tokio::test]
    async fn after_fourteen_days_nobody_looks_by_itself() {
        for scene in Scene::all().await {
            scene.add(&scene.admin, "kunde.test").await;
            let start = scene.now();
            let mut checks = 0;
            while let Some(due) = only(&scene).await.next_check_at {
                scene.bench.clock.set(due);
                checks += scene.work().await;
            }
            assert_eq!(checks, 18);
            assert_eq!(scene.now(), start.plus_days(14));
            assert_eq!(only(&scene).await.status, DomainStatus::Lapsed);
            assert_eq!(
                scene.mails().await,
                ["domain_unverified admin@kunde.test", "domain_unverified owner@nordlicht.test"]
            );
            scene.bench.clock.move_ms(30 * DAY_MS);
            assert_eq!(scene.work().await, 0);
            // Whoever comes back by hand begins the wait anew.
            let input =
                VerifyInput { org: scene.admin.org, domain: "kunde.test".into(), method: Method::Txt };
            let seen = verify(&scene.bench.kontor, &scene.admin, input).await.unwrap().domain;
            assert_eq!(seen.status, DomainStatus::Pending);
            assert_eq!(seen.next_check_at, Some(scene.now().plus_minutes(5)));
        }
    }

    #[tokio::test]
    async fn after_downtime_one_check_catches_up() {
        for scene in Scene::all().await {
            scene.add(&scene.admin, "kunde.test").await;
            let start = scene.now();
            scene.bench.clock.move_ms(3 * DAY_MS + 1000);
            assert_eq!(scene.work().await, 1);
            assert_eq!(scene.work().await, 0);
            assert_eq!(only(&scene).await.next_check_at, Some(start.plus_days(4)));
            scene.bench.clock.move_ms(40 * DAY_MS);
            assert_eq!(scene.work().await, 1);
            assert_eq!(only(&scene).await.status, DomainStatus::Lapsed);
        }
    }

    #[tokio::test]
    async fn a_proof_lost_twice_is_warned_of_once_and_takes_nothing_away() {
        for scene in Scene::all().await {
            let value = scene.add(&scene.admin, "kunde.test").await;
            scene.publish("kunde.test", &value);
            scene.bench.clock.move_ms(5 * 60_000);
            scene.work().await;
            let mails = scene.mails().await.len();
            scene.answer("kunde.test", DnsOutcome::Timeout);
            scene.bench.clock.move_ms(7 * DAY_MS);
            assert_eq!(scene.work().await, 1);
            // Nobody answered: nothing is known, look again tomorrow.
            assert_eq!(only(&scene).await.next_check_at, Some(scene.now().plus_days(1)));
            scene.answer("kunde.test", DnsOutcome::NoRecords);
            for days in [1, 1, 7] {
                scene.bench.clock.move_ms(days * DAY_MS);
                assert_eq!(scene.work().await, 1);
            }
            let seen = only(&scene).await;
            assert_eq!(seen.status, DomainStatus::AtRisk);
            assert_eq!(seen.last_check.unwrap().outcome, Outcome::RecordMissing);
            let sent = scene.mails().await;
            assert_eq!(sent.len(), mails + 2);
            assert!(sent.contains(&"domain_at_risk admin@kunde.test".to_owned()));
            // Nobody else can take it.
            let theirs = crate::domain::service::add(
                &scene.bench.kontor,
                &scene.stranger,
                crate::domain::AddInput { domain: "kunde.test".into() },
            );
            assert!(theirs.await.is_err());
            scene.publish("kunde.test", &value);
            scene.bench.clock.move_ms(7 * DAY_MS);
            assert_eq!(scene.work().await, 1);
            assert_eq!(only(&scene).await.status, DomainStatus::Verified);
        }
    }

    #[tokio::test]
    async fn a_job_done_twice_has_its_effect_once() {
        for scene in Scene::all().await {
            let value = scene.add(&scene.admin, "kunde.test").await;
            scene.publish("kunde.test", &value);
            scene.bench.clock.move_ms(5 * 60_000);
            let jobs = crate::job::service::claim(&scene.bench.kontor, 10).await.unwrap();
            recheck(&scene.bench.kontor, &jobs[0]).await.unwrap();
            recheck(&scene.bench.kontor, &jobs[0]).await.unwrap();
            assert_eq!(scene.mails().await.len(), 2);
            assert_eq!(scene.trail(scene.admin.org).await, ["domain.add", "domain.verify"]);
        }
    }

    #[tokio::test]
    async fn a_removed_domain_leaves_a_job_with_nothing_to_do() {
        for scene in Scene::all().await {
            scene.add(&scene.admin, "erste.test").await;
            scene.add(&scene.admin, "zweite.test").await;
            crate::domain::service::remove(&scene.bench.kontor, &scene.admin, "zweite.test").await.unwrap();
            scene.bench.clock.move_ms(5 * 60_000);
            assert_eq!(scene.work().await, 2);
            assert_eq!(scene.work().await, 0);
        }
    }
}

//! *Check now*: looks for the proof and writes what it came to.

use crate::{
    Error, Refusal,
    domain::{
        DomainInput, Proof, VerifyInput,
        rows::{domain, domain_try},
        service::{
            access::{Act, reach},
            look::look,
            settle::{By, settle},
            show::{expected, proof},
        },
    },
    kernel::{
        Kontor,
        actor::Actor,
        id::{AccountId, DomainId},
        instant::{Instant, MINUTE_MS},
    },
};
use sea_orm::{ActiveValue::Set, EntityTrait};

/// Manual checks of one domain a person may ask for in a minute (R5.5).
const PER_MINUTE: usize = 10;

/// Checks a domain of the actor's organisation, or of a customer mapped to it, by one method. Whatever the outside
/// answers is an outcome in the domain's last check, not an error.
pub async fn verify(kontor: &Kontor, actor: &Actor, input: VerifyInput) -> Result<Proof, Error> {
    let db = kontor.db.read();
    reach(db, actor, input.org, Act::Verify).await?;
    let row = domain::of_org(db, input.org, &input.domain).await?.ok_or(Error::NotFound)?;
    if let Some(account) = actor.account() {
        take_turn(kontor, row.id, account).await?;
    }
    let check = look(kontor, expected(kontor, &row), input.method).await;
    // Two turns: whoever loses a race to the very instant finds the name claimed the second time.
    for _ in 0..2 {
        let tx = kontor.db.begin().await?;
        let Some(told) = settle(kontor, &tx, actor, &row, &check, By::Person).await? else { continue };
        tx.commit().await?;
        told.into_iter().for_each(|org| kontor.hub.tell(org, "domain"));
        return proof(kontor, actor, DomainInput { org: input.org, domain: input.domain }).await;
    }
    Err(Error::StaleVersion)
}

/// Counts this check, or refuses it because ten lie within the last minute.
pub(super) async fn take_turn(kontor: &Kontor, domain: DomainId, account: AccountId) -> Result<(), Error> {
    let tx = kontor.db.begin().await?;
    let row = domain_try::locked(&tx, domain, account).await?;
    let now = kontor.now();
    let mut recent: Vec<i64> = serde_json::from_str(&row.recent).unwrap_or_default();
    recent.retain(|at| now.0 - at < MINUTE_MS && *at <= now.0);
    if recent.len() >= PER_MINUTE {
        let until = Instant(recent[0]).plus_ms(MINUTE_MS);
        return Err(Refusal::CheckTooOften { until }.into());
    }
    recent.push(now.0);
    let recent = serde_json::to_string(&recent).map_err(crate::kernel::error::internal)?;
    let change =
        domain_try::ActiveModel { domain_id: Set(domain), account_id: Set(account), recent: Set(recent) };
    domain_try::Entity::update(change).exec(&tx).await?;
    tx.commit().await?;
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        domain::{DomainStatus, Hint, Method, Outcome, service::testing::*},
        kernel::{
            id::OrgId,
            port::{DnsOutcome, RecordKind, WebOutcome},
            right::{OrgKind, Role},
        },
    };

    fn by(method: Method, org: OrgId, domain: &str) -> VerifyInput {
        VerifyInput { org, domain: domain.into(), method }
    }

    #[tokio::test]
    async fn a_published_record_proves_the_domain() {
        for scene in Scene::all().await {
            let kontor = &scene.bench.kontor;
            let mut told = kontor.hub.listen();
            let value = scene.add(&scene.admin, "kunde.test").await;
            let input = by(Method::Txt, scene.admin.org, "kunde.test");
            scene.publish("kunde.test", "v=spf1 -all");
            let seen = verify(kontor, &scene.admin, input.clone()).await.unwrap().domain;
            let check = seen.last_check.unwrap();
            assert_eq!((seen.status, check.outcome), (DomainStatus::Pending, Outcome::RecordMissing));
            assert_eq!((check.found, check.server.as_str()), (vec!["v=spf1 -all".to_owned()], "ns.test"));
            assert_eq!(check.at, scene.now());
            assert_eq!(seen.next_check_at, Some(scene.now().plus_minutes(5)));

            scene.publish("kunde.test", &value);
            let seen = verify(kontor, &scene.admin, input).await.unwrap().domain;
            assert_eq!(seen.status, DomainStatus::Verified, "{}", scene.bench.name);
            assert_eq!((seen.method, seen.verified_at), (Some(Method::Txt), Some(scene.now())));
            assert_eq!(seen.next_check_at, Some(scene.now().plus_days(7)));
            assert_eq!(
                scene.mails().await,
                ["domain_verified admin@kunde.test", "domain_verified owner@nordlicht.test"]
            );
            assert_eq!(scene.trail(scene.admin.org).await, ["domain.add", "domain.check", "domain.verify"]);
            let mut rooms = Vec::new();
            while let Ok(change) = told.try_recv() {
                rooms.push((change.org, change.what));
            }
            for org in [scene.admin.org, scene.owner.org] {
                assert!(rooms.contains(&(Some(org), "domain".into())), "{rooms:?}");
            }
        }
    }

    #[tokio::test]
    async fn cname_and_file_prove_too() {
        for scene in Scene::all().await {
            let kontor = &scene.bench.kontor;
            for name in ["a.test", "b.test"] {
                scene.add(&scene.admin, name).await;
            }
            let input = |domain: &str| DomainInput { org: scene.admin.org, domain: domain.into() };
            let cname = proof(kontor, &scene.admin, input("a.test")).await.unwrap().cname;
            scene.bench.outside.dns.lock().unwrap().insert(
                (cname.host_full, RecordKind::Cname),
                DnsOutcome::Records(vec!["verify.vendor.test".into()]),
            );
            let seen =
                verify(kontor, &scene.admin, by(Method::Cname, scene.admin.org, "a.test")).await.unwrap();
            assert_eq!(seen.domain.status, DomainStatus::Verified);

            let file = proof(kontor, &scene.admin, input("b.test")).await.unwrap().html;
            let serve =
                |outcome| scene.bench.outside.web.lock().unwrap().insert("b.test".to_owned(), outcome);
            serve(WebOutcome::Status(404));
            let input = by(Method::Html, scene.admin.org, "b.test");
            let seen = verify(kontor, &scene.admin, input.clone()).await.unwrap();
            let check = seen.domain.last_check.unwrap();
            assert_eq!((check.outcome, check.status), (Outcome::HttpStatus, Some(404)));
            serve(WebOutcome::Body(format!("{}\n", file.value)));
            let seen = verify(kontor, &scene.admin, input).await.unwrap();
            assert_eq!(seen.domain.status, DomainStatus::Verified);
        }
    }

    #[tokio::test]
    async fn the_partner_checks_its_customer_and_nobody_elses() {
        for scene in Scene::all().await {
            let kontor = &scene.bench.kontor;
            let value = scene.add(&scene.admin, "kunde.test").await;
            scene.add(&scene.stranger, "fremd.test").await;
            scene.publish("kunde.test", &value);
            let mine = by(Method::Txt, scene.admin.org, "kunde.test");
            let foreign = by(Method::Txt, scene.stranger.org, "fremd.test");
            assert_eq!(verify(kontor, &scene.owner, foreign).await.unwrap_err(), Error::NotFound);
            assert_eq!(verify(kontor, &scene.stranger, mine.clone()).await.unwrap_err(), Error::NotFound);
            let missing = by(Method::Txt, scene.admin.org, "nirgends.test");
            assert_eq!(verify(kontor, &scene.owner, missing).await.unwrap_err(), Error::NotFound);
            let mut finance = scene.owner.clone();
            if let crate::kernel::actor::Standing::Member { features, .. } = &mut finance.standing {
                *features = Role::PartnerFinance.features();
            }
            assert_eq!(verify(kontor, &finance, mine.clone()).await.unwrap_err(), Error::Forbidden);
            let seen = verify(kontor, &scene.owner, mine).await.unwrap();
            assert_eq!(seen.domain.status, DomainStatus::Verified);
        }
    }

    #[tokio::test]
    async fn first_to_verify_wins() {
        for scene in Scene::all().await {
            let kontor = &scene.bench.kontor;
            let (org_a, org_b) = (scene.admin.org, scene.stranger.org);
            let a = scene.add(&scene.admin, "streit.test").await;
            let b = scene.add(&scene.stranger, "streit.test").await;
            scene.answer("streit.test", DnsOutcome::Records(vec![a, b]));
            let (one, two) = tokio::join!(
                verify(kontor, &scene.admin, by(Method::Txt, org_a, "streit.test")),
                verify(kontor, &scene.stranger, by(Method::Txt, org_b, "streit.test")),
            );
            let both = [one.unwrap().domain, two.unwrap().domain];
            let won: Vec<_> = both.iter().filter(|d| d.status == DomainStatus::Verified).collect();
            assert_eq!(won.len(), 1, "{}: {both:?}", scene.bench.name);
            let loser = if won[0].org == org_a { &scene.stranger } else { &scene.admin };
            let seen = verify(kontor, loser, by(Method::Txt, loser.org, "streit.test")).await.unwrap().domain;
            assert_eq!(seen.status, DomainStatus::Claimed);
            assert_eq!(seen.last_check.unwrap().outcome, Outcome::AlreadyClaimed);
            assert_eq!(seen.next_check_at, None);
            assert_eq!(scene.trail(loser.org).await.iter().filter(|a| *a == "domain.claimed").count(), 1);
            let third = person(&scene.bench, "admin@dritte.test", OrgKind::Customer, Role::SuperAdmin).await;
            let refused = crate::domain::service::add(
                kontor,
                &third,
                crate::domain::AddInput { domain: "Streit.test".into() },
            );
            assert_eq!(refused.await.unwrap_err(), Refusal::DomainClaimed.into());
        }
    }

    #[tokio::test]
    async fn ten_checks_a_minute() {
        for scene in Scene::all().await {
            let kontor = &scene.bench.kontor;
            scene.add(&scene.admin, "kunde.test").await;
            let input = by(Method::Txt, scene.admin.org, "kunde.test");
            let first = scene.now();
            for _ in 0..10 {
                verify(kontor, &scene.admin, input.clone()).await.unwrap();
                scene.bench.clock.move_ms(1000);
            }
            let refused = verify(kontor, &scene.admin, input.clone()).await.unwrap_err();
            assert_eq!(refused, Refusal::CheckTooOften { until: first.plus_minutes(1) }.into());
            verify(kontor, &scene.owner, input.clone()).await.unwrap();
            scene.bench.clock.set(first.plus_minutes(1));
            verify(kontor, &scene.admin, input.clone()).await.unwrap();
            assert!(verify(kontor, &scene.admin, input).await.is_err());
        }
    }

    #[tokio::test]
    async fn a_host_the_provider_doubled_is_noticed() {
        for scene in Scene::all().await {
            let value = scene.add(&scene.admin, "kunde.test").await;
            scene.answer("kunde.test", DnsOutcome::NoRecords);
            scene.publish("kunde.test.kunde.test", &value);
            let input = by(Method::Txt, scene.admin.org, "kunde.test");
            let seen = verify(&scene.bench.kontor, &scene.admin, input).await.unwrap().domain;
            assert_eq!(seen.status, DomainStatus::Pending);
            assert_eq!(seen.last_check.unwrap().hint, Some(Hint::HostDuplicated));
        }
    }
}

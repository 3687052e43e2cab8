//! Lamps, keys and settings on both databases.

use super::*;
use crate::{
    Error, Issue, Refusal,
    domain::{
        mail::{Lamp, LampHint, LampState, MailFlow, settings::MailForm, wanted::Wanted},
        rows::domain_mail,
        service::testing::*,
    },
    job::{JobKind, service::claim},
    kernel::{
        actor::{Actor, Standing},
        instant::DAY_MS,
        port::{DnsOutcome, RecordKind},
        right::{Feature, Features, OrgKind, Role},
    },
    setting::{ChangeSetting, service::change},
};
use futures::future::join_all;

const DOMAIN: &str = "kunde.test";

/// A scene in which the customer holds its domain, and the vendor has named its servers.
async fn held(scene: &Scene, named: bool) {
    let value = scene.add(&scene.admin, DOMAIN).await;
    scene.publish(DOMAIN, &value);
    scene.bench.clock.move_ms(5 * 60_000);
    scene.work().await;
    if named {
        name_servers(scene).await;
    }
}

async fn name_servers(scene: &Scene) {
    let vendor = person(&scene.bench, "admin@vendor.test", OrgKind::Vendor, Role::VendorAdmin).await;
    let input = ChangeSetting { key: "mail_domain".into(), value: "suite.test".into(), ..Default::default() };
    change(&scene.bench.kontor, &vendor, &input).await.unwrap();
}

fn answer(scene: &Scene, name: &str, kind: RecordKind, outcome: DnsOutcome) {
    scene.bench.outside.dns.lock().unwrap().insert((name.into(), kind), outcome);
}

/// Publishes everything that a domain's page asks for.
fn publish(scene: &Scene, flow: &MailFlow) {
    for record in flow.lamps.iter().flat_map(|lamp| &lamp.records) {
        let (kind, value) = match record.priority {
            Some(priority) => (RecordKind::Mx, format!("{priority} {}", record.value)),
            None => (RecordKind::Txt, record.value.clone()),
        };
        let mut dns = scene.bench.outside.dns.lock().unwrap();
        let there = dns.entry((record.host_full.clone(), kind)).or_insert(DnsOutcome::NoRecords);
        match there {
            DnsOutcome::Records(values) => values.push(value),
            other => *other = DnsOutcome::Records(vec![value]),
        }
    }
}

/// Does the looks that are due, as a worker does.
async fn work(scene: &Scene) -> usize {
    let jobs = claim(&scene.bench.kontor, 100).await.unwrap();
    let mut done = 0;
    for job in jobs.iter().filter(|job| job.kind == JobKind::MailCheck) {
        recheck_mail(&scene.bench.kontor, job).await.unwrap();
        done += 1;
    }
    done
}

async fn flow(scene: &Scene) -> MailFlow {
    mail_flow(&scene.bench.kontor, &scene.admin, scene.id(DOMAIN).await).await.unwrap()
}

fn states(flow: &MailFlow) -> Vec<LampState> {
    flow.lamps.iter().map(|lamp| lamp.look.state).collect()
}

/// The partner's owner in the customer's console, with these capabilities.
fn acting(scene: &Scene, may: &[Feature]) -> Actor {
    let Standing::Member { account, email, session, .. } = scene.owner.standing.clone() else {
        panic!("the owner is a member")
    };
    let mut actor = scene.admin.clone();
    actor.standing = Standing::Acting {
        account,
        email,
        partner: scene.owner.org,
        grant: scene.bench.kontor.id(),
        acting: scene.bench.kontor.id(),
        allowed: Features::of(may),
        session,
    };
    actor
}

#[tokio::test]
async fn the_four_lamps_are_looked_at_after_the_proof_and_daily() {
    for scene in Scene::all().await {
        held(&scene, true).await;
        let before = flow(&scene).await;
        assert_eq!(states(&before), [LampState::Unknown; 4]);
        assert!(before.named && before.key.is_none() && before.lamps[2].records.is_empty());
        assert_eq!(work(&scene).await, 1);
        let seen = flow(&scene).await;
        assert_eq!(states(&seen), [LampState::Missing; 4]);
        assert_eq!(seen.looked_at, Some(scene.now()));
        publish(&scene, &seen);
        assert_eq!(work(&scene).await, 0);
        scene.bench.clock.set(seen.next_look_at.unwrap());
        assert_eq!(work(&scene).await, 1);
        let seen = flow(&scene).await;
        assert_eq!(states(&seen), [LampState::Right; 4], "{seen:?}");
        assert!(seen.key.unwrap().seen);
        assert_eq!(seen.next_look_at, Some(scene.now().plus_days(1)));
        let list = crate::domain::service::list(&scene.bench.kontor, &scene.admin).await.unwrap();
        assert_eq!(list[0].lamps.iter().filter(|lamp| lamp.1 == LampState::Right).count(), 4);
        // Nothing of it is in the trail: nobody did anything.
        assert_eq!(scene.trail(scene.admin.org).await, ["domain.add", "domain.verify"]);
        // Servers that fail take nothing away, and are asked again within the hour.
        for (name, kind) in [(DOMAIN, RecordKind::Mx), ("_dmarc.kunde.test", RecordKind::Txt)] {
            answer(&scene, name, kind, DnsOutcome::ServFail);
        }
        scene.bench.clock.set(seen.next_look_at.unwrap());
        assert_eq!(work(&scene).await, 1);
        let seen = flow(&scene).await;
        let silent = LampState::NoAnswer;
        assert_eq!(states(&seen), [silent, LampState::Right, LampState::Right, silent]);
        assert_eq!(seen.next_look_at, Some(scene.now().plus_hours(1)));
    }
}

#[tokio::test]
async fn as_long_as_the_vendor_has_named_nothing_nothing_is_looked_at() {
    for scene in Scene::all().await {
        let kontor = &scene.bench.kontor;
        held(&scene, false).await;
        assert_eq!(work(&scene).await, 1);
        let seen = flow(&scene).await;
        assert!(!seen.named && seen.lamps.is_empty() && seen.key.is_none());
        assert_eq!(
            check_mail(kontor, &scene.admin, scene.id(DOMAIN).await).await,
            Err(Refusal::MailUnnamed.into())
        );
        assert!(!mail_page(kontor, &scene.admin).await.unwrap().named);
        name_servers(&scene).await;
        scene.bench.clock.move_ms(2 * DAY_MS);
        assert_eq!(work(&scene).await, 1);
        assert_eq!(states(&flow(&scene).await), [LampState::Missing; 4]);
    }
}

#[tokio::test]
async fn a_new_key_takes_over_when_it_is_seen() {
    for scene in Scene::all().await {
        let kontor = &scene.bench.kontor;
        held(&scene, true).await;
        let first = check_mail(kontor, &scene.admin, scene.id(DOMAIN).await).await.unwrap();
        let version = first.key.as_ref().unwrap().version;
        // One that was never seen is replaced: nobody signs with it.
        new_mail_key(kontor, &scene.admin, scene.id(DOMAIN).await, version).await.unwrap();
        let stale = new_mail_key(kontor, &scene.admin, scene.id(DOMAIN).await, version).await;
        assert_eq!(stale, Err(Error::StaleVersion));
        let second = flow(&scene).await;
        let key = second.key.clone().unwrap();
        assert_eq!((key.selector.as_str(), key.old_selector), ("kontor2", None));
        publish(&scene, &second);
        let seen = check_mail(kontor, &scene.admin, scene.id(DOMAIN).await).await.unwrap();
        assert_eq!(states(&seen), [LampState::Right; 4]);
        // One that is in use stays until the next one is there.
        new_mail_key(kontor, &scene.admin, scene.id(DOMAIN).await, seen.key.unwrap().version).await.unwrap();
        let third = check_mail(kontor, &scene.admin, scene.id(DOMAIN).await).await.unwrap();
        let key = third.key.clone().unwrap();
        assert_eq!((key.selector.as_str(), key.old_selector.as_deref()), ("kontor3", Some("kontor2")));
        let look = &third.lamps[2].look;
        assert_eq!(
            (look.lamp, look.state, look.hint),
            (Lamp::Dkim, LampState::Right, Some(LampHint::DkimOld))
        );
        let record = &third.lamps[2].records[0];
        answer(&scene, &record.host_full, RecordKind::Txt, DnsOutcome::Records(vec![record.value.clone()]));
        let seen = check_mail(kontor, &scene.admin, scene.id(DOMAIN).await).await.unwrap();
        let key = seen.key.unwrap();
        assert!(key.seen && key.old_selector.is_none());
        let domain =
            crate::domain::rows::domain::of_org(kontor.db.read(), scene.admin.org, DOMAIN).await.unwrap();
        let kept =
            domain_mail::of(kontor.db.read(), scene.admin.org, domain.unwrap().id).await.unwrap().unwrap();
        assert_eq!((kept.key_no, kept.old_private_key), (3, None));
        assert!(kontor.secrets.open(crate::domain::mail::key::PURPOSE, &kept.private_key).is_ok());
        let trail = scene.trail(scene.admin.org).await;
        assert_eq!(trail.iter().filter(|a| *a == "domain.key").count(), 2);
        assert_eq!(trail.iter().filter(|a| *a == "domain.mail_check").count(), 4);
    }
}

#[tokio::test]
async fn ten_looks_a_minute_and_none_of_what_is_not_held() {
    for scene in Scene::all().await {
        let kontor = &scene.bench.kontor;
        held(&scene, true).await;
        scene.add(&scene.admin, "neu.test").await;
        let unproven = check_mail(kontor, &scene.admin, scene.id("neu.test").await).await;
        assert_eq!(unproven, Err(Refusal::DomainUnverified.into()));
        for _ in 0..10 {
            check_mail(kontor, &scene.admin, scene.id(DOMAIN).await).await.unwrap();
        }
        let too_many = check_mail(kontor, &scene.admin, scene.id(DOMAIN).await).await;
        assert!(matches!(too_many, Err(Error::Refused(Refusal::CheckTooOften { .. }))), "{too_many:?}");
        for foreign in [&scene.stranger, &scene.owner] {
            assert_eq!(check_mail(kontor, foreign, scene.id(DOMAIN).await).await, Err(Error::NotFound));
            assert_eq!(mail_flow(kontor, foreign, scene.id(DOMAIN).await).await, Err(Error::NotFound));
            assert_eq!(new_mail_key(kontor, foreign, scene.id(DOMAIN).await, 1).await, Err(Error::NotFound));
        }
    }
}

#[tokio::test]
async fn whoever_acts_does_what_the_grant_lists() {
    for scene in Scene::all().await {
        let kontor = &scene.bench.kontor;
        held(&scene, true).await;
        let form = MailForm { attachment_mb: "10".into(), keep_days: "30".into(), ..MailForm::default() };
        let reads = acting(&scene, &[Feature::OrgView, Feature::DomainsView, Feature::MailView]);
        assert!(mail_flow(kontor, &reads, scene.id(DOMAIN).await).await.is_ok());
        assert!(!mail_page(kontor, &reads).await.unwrap().may_edit);
        let refused = Err(Error::DelegatedForbidden);
        assert_eq!(check_mail(kontor, &reads, scene.id(DOMAIN).await).await.map(|_| ()), refused);
        assert_eq!(new_mail_key(kontor, &reads, scene.id(DOMAIN).await, 1).await, refused);
        assert_eq!(save_mail(kontor, &reads, 0, &form).await, refused);
        let make = crate::domain::service::make_primary(kontor, &reads, scene.id(DOMAIN).await).await;
        assert_eq!(make, refused);
        let narrow = acting(&scene, &[Feature::OrgView]);
        assert_eq!(mail_page(kontor, &narrow).await.map(|_| ()), refused);
        assert_eq!(mail_flow(kontor, &narrow, scene.id(DOMAIN).await).await.map(|_| ()), refused);
        let edits = acting(&scene, &[Feature::MailView, Feature::MailEdit]);
        save_mail(kontor, &edits, 0, &form).await.unwrap();
        assert_eq!(mail_page(kontor, &scene.admin).await.unwrap().settings.attachment_mb, 10);
    }
}

#[tokio::test]
async fn settings_are_saved_once_and_the_trail_says_what_changed() {
    for scene in Scene::all().await {
        let kontor = &scene.bench.kontor;
        let usual = mail_page(kontor, &scene.admin).await.unwrap().settings;
        assert_eq!((usual.version, usual.attachment_mb, usual.keep_days), (0, 25, 30));
        let form = MailForm {
            catch_all: "Admin@kunde.test".into(),
            outside_notice: "true".into(),
            attachment_mb: "20".into(),
            footer: "Kunde GmbH, Hamburg".into(),
            keep_days: "30".into(),
            ..MailForm::default()
        };
        // Two first savings at once: one of them is told that it came second.
        let both =
            join_all([save_mail(kontor, &scene.admin, 0, &form), save_mail(kontor, &scene.admin, 0, &form)])
                .await;
        assert_eq!(both.iter().filter(|done| done.is_ok()).count(), 1, "{both:?}");
        assert!(both.contains(&Err(Error::StaleVersion)), "{both:?}");
        let now = mail_page(kontor, &scene.admin).await.unwrap().settings;
        assert_eq!((now.version, now.catch_all.as_deref()), (1, Some("admin@kunde.test")));
        assert_eq!(now.footer, "Kunde GmbH, Hamburg");
        // Nothing new is nothing done.
        save_mail(kontor, &scene.admin, 1, &form).await.unwrap();
        assert_eq!(mail_page(kontor, &scene.admin).await.unwrap().settings.version, 1);
        for nobody in ["admin@fremd.test", "nobody@kunde.test"] {
            let wrong = MailForm { catch_all: nobody.into(), ..form.clone() };
            let refused = save_mail(kontor, &scene.admin, 1, &wrong).await;
            assert_eq!(refused, Err(Error::field("catch_all", Issue::NotAPerson)), "{nobody}");
        }
        let trail = trail_of(&scene).await;
        assert_eq!(trail.len(), 1);
        let facts: serde_json::Value = serde_json::from_str(&trail[0]).unwrap();
        let expected = serde_json::json!({
            "catch_all": [null, "admin@kunde.test"], "attachment_mb": [25, 20], "footer": "changed"
        });
        assert_eq!(facts, expected);
        assert!(!mail_page(kontor, &scene.stranger).await.unwrap().settings.forwarding);
        assert_eq!(mail_page(kontor, &scene.stranger).await.unwrap().settings.version, 0);
    }
}

#[allow(clippy::disallowed_methods, reason = "a test may look at everything")]
async fn trail_of(scene: &Scene) -> Vec<String> {
    use crate::audit::rows::audit_event;
    use sea_orm::EntityTrait;
    let all = audit_event::Entity::find().all(scene.bench.kontor.db.read()).await.unwrap();
    all.into_iter().filter(|event| event.action == "mail.settings").map(|event| event.detail).collect()
}

#[tokio::test]
async fn a_person_who_goes_takes_the_catch_all_with_them_and_a_lower_limit_holds() {
    use crate::organisation::{MemberStatus, rows::member};
    use sea_orm::{ActiveValue::Set, EntityTrait};
    for scene in Scene::all().await {
        let kontor = &scene.bench.kontor;
        let form = MailForm {
            catch_all: "admin@kunde.test".into(),
            attachment_mb: "25".into(),
            keep_days: "1".into(),
            ..MailForm::default()
        };
        save_mail(kontor, &scene.admin, 0, &form).await.unwrap();
        let vendor = person(&scene.bench, "admin@vendor.test", OrgKind::Vendor, Role::VendorAdmin).await;
        let less = ChangeSetting {
            key: "mail_attachment_max".into(),
            was: "25".into(),
            value: "5".into(),
            ..Default::default()
        };
        change(kontor, &vendor, &less).await.unwrap();
        let now = mail_page(kontor, &scene.admin).await.unwrap();
        assert_eq!(
            (now.settings.attachment_mb, now.attachment_max, now.settings.catch_all_gone),
            (5, 5, false)
        );
        let Standing::Member { member: id, .. } = scene.admin.standing else { panic!("a member") };
        let change =
            member::ActiveModel { id: Set(id), status: Set(MemberStatus::Suspended), ..Default::default() };
        member::Entity::update(change).exec(kontor.db.writer()).await.unwrap();
        let now = mail_page(kontor, &scene.admin).await.unwrap().settings;
        assert!(now.catch_all_gone && now.catch_all.is_some());
        member::remove(kontor.db.writer(), scene.admin.org, id).await.unwrap();
        let now = mail_page(kontor, &scene.admin).await.unwrap().settings;
        assert!(now.catch_all_gone && now.catch_all.is_none());
    }
}

#[tokio::test]
async fn every_domain_has_a_key_of_its_own() {
    for scene in Scene::all().await {
        let kontor = &scene.bench.kontor;
        held(&scene, true).await;
        let policy = crate::setting::service::policy(kontor, kontor.db.read()).await.unwrap();
        let wanted = Wanted::of(&policy).unwrap();
        let row = crate::domain::rows::domain::of_org(kontor.db.read(), scene.admin.org, DOMAIN)
            .await
            .unwrap()
            .unwrap();
        // Two first looks at once agree on one key.
        let both = join_all([
            super::look::with_key(kontor, &row, &wanted),
            super::look::with_key(kontor, &row, &wanted),
        ])
        .await;
        let [one, two] = [both[0].as_ref().unwrap(), both[1].as_ref().unwrap()];
        assert_eq!(one.public_key, two.public_key);
        let value = scene.add(&scene.stranger, "fremd.test").await;
        scene.publish("fremd.test", &value);
        scene.bench.clock.move_ms(5 * 60_000);
        scene.work().await;
        work(&scene).await;
        let theirs = crate::domain::service::list(kontor, &scene.stranger).await.unwrap()[0].id;
        let theirs = mail_flow(kontor, &scene.stranger, theirs).await.unwrap();
        assert_ne!(theirs.lamps[2].records[0].value, flow(&scene).await.lamps[2].records[0].value);
    }
}

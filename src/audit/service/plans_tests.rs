//! Every query of the trail walks an index: EXPLAIN on 20,000 analysed events.

use super::*;
use crate::{
    audit::{TrailQuery, rows::audit_event},
    kernel::{
        actor::Actor,
        id::OrgId,
        instant::Day,
        right::{OrgKind, Role},
        testing::{Bench, analyse, plan_of},
    },
    organisation::service::stage::{actor, organisation, person},
};
use sea_orm::QueryTrait;

/// Events of ten organisations, 8,000 of the first, over 200 days: mostly the programme's, some of one person, some of one
/// partner, of two kinds.
async fn twenty_thousand(bench: &Bench) -> (Vec<OrgId>, OrgId) {
    let kontor = &bench.kontor;
    let mut orgs = Vec::new();
    for n in 0..10 {
        orgs.push(organisation(bench, OrgKind::Customer, &format!("Kunde {n}")).await);
    }
    let boss = person(bench, orgs[0], Role::SuperAdmin, "boss@mail.example").await;
    let boss = actor(bench, &boss, orgs[0]).await;
    let partner = organisation(bench, OrgKind::Partner, "Nordlicht").await;
    let partner = Actor::system(partner, OrgKind::Partner, "bench");
    let programme = Actor::system(orgs[0], OrgKind::Customer, "renewals");
    for from in (0..20_000usize).step_by(1_000) {
        let events = (from..from + 1_000).map(|n| {
            let org = orgs[if n % 5 < 2 { 0 } else { 1 + n % 9 }];
            let by = match n % 10 {
                0 => &boss,
                5 => &partner,
                _ => &programme,
            };
            let action = if n % 4 == 0 { "domain.verified" } else { "subscription.renewed" };
            (org, by, Event::new(action, format!("target {}", n % 40)))
        });
        let tx = kontor.db.begin().await.unwrap();
        append_all(kontor, &tx, events.collect()).await.unwrap();
        tx.commit().await.unwrap();
        bench.clock.move_ms(10 * 24 * 3_600_000);
    }
    analyse(kontor).await;
    (orgs, partner.org)
}

#[tokio::test]
async fn every_query_walks_its_index() {
    for bench in Bench::all().await {
        let kontor = &bench.kontor;
        let (orgs, partner) = twenty_thousand(&bench).await;
        let (org, backend) = (orgs[0], kontor.db.backend());
        let all = TrailQuery::default();
        let place = audit_event::latest(kontor.db.read(), org, None, None, 3_000).await.unwrap();
        let place = place.last().map(|event| (event.at, event.seq)).unwrap();
        let day = |n: i32| Some(Day(kontor.now().day().0 - n));
        let asked = [
            ("audit_event_at", None, all.clone()),
            ("audit_event_at", None, TrailQuery { from: day(120), to: day(110), ..all.clone() }),
            ("audit_event_category", None, TrailQuery { category: Some("domain".into()), ..all.clone() }),
            ("audit_event_actor", None, TrailQuery { who: Some("boss@mail.example".into()), ..all.clone() }),
            ("audit_event_acting", None, TrailQuery { partner: Some(partner), ..all.clone() }),
            ("audit_event_acting", Some(partner), all.clone()),
            ("audit_event_target", None, TrailQuery { target: Some("target 25".into()), ..all.clone() }),
        ];
        let mut plans = Vec::new();
        for (index, of, query) in asked {
            for place in [None, Some(place)] {
                // A small page: PostgreSQL likes to sort the few hundred events it expects here.
                let select = audit_event::search_of(org, of, &query, place, 6);
                plans.push((index, plan_of(kontor, select.build(backend)).await));
            }
        }
        let first = audit_event::first_from_of(org, kontor.now().plus_days(-30)).build(backend);
        plans.push(("audit_event_at", plan_of(kontor, first).await));
        for partner in [None, Some(partner)] {
            let next = audit_event::partner_behind(org, partner).build(backend);
            plans.push(("audit_event_acting", plan_of(kontor, next).await));
        }
        let chain = if kontor.db.is_postgres() { "audit_event_chain" } else { "PRIMARY KEY" };
        let behind = audit_event::behind_of(org, 4_000, 100).build(backend);
        plans.push((chain, plan_of(kontor, behind).await));
        let every = audit_event::all_behind_of(Some((org, 4_000)), 100).build(backend);
        plans.push((chain, plan_of(kontor, every).await));
        for (index, plan) in plans {
            assert!(plan.contains(index), "{}: {index} in\n{plan}", bench.name);
            for bad in ["Seq Scan", "SCAN ", "TEMP B-TREE", "Sort Key"] {
                assert!(!plan.contains(bad), "{}: {bad} in\n{plan}", bench.name);
            }
        }
        assert_eq!(audit_event::partners(kontor.db.read(), org, 9).await.unwrap(), [partner]);
        // And what they find is what there is.
        let found = async |query: TrailQuery| {
            audit_event::search(kontor.db.read(), org, None, &query, 10_000).await.unwrap()
        };
        let everything = found(all.clone()).await;
        assert_eq!(everything.len(), 8_000, "{}", bench.name);
        let rare = found(TrailQuery { category: Some("domain".into()), ..all.clone() }).await;
        let expected = everything.iter().filter(|event| event.action == "domain.verified");
        assert!(rare.iter().eq(expected), "{}", bench.name);
        let (from, to) = (day(120), day(100));
        let days = found(TrailQuery { from, to, who: Some("boss@mail.example".into()), ..all.clone() }).await;
        let within = |at: crate::kernel::instant::Instant| Some(at.day()) >= from && Some(at.day()) <= to;
        let expected =
            everything.iter().filter(|event| event.actor == "boss@mail.example" && within(event.at));
        assert!(!days.is_empty() && days.iter().eq(expected), "{}", bench.name);
        // Page by page it is the same, without gap and without repetition.
        let (mut before, mut walked) = (None, Vec::new());
        loop {
            let query = TrailQuery { before, ..all.clone() };
            let page = audit_event::search(kontor.db.read(), org, None, &query, 700).await.unwrap();
            let Some(last) = page.last() else { break };
            before = Some(last.seq);
            walked.extend(page);
        }
        assert_eq!(walked, everything, "{}", bench.name);
    }
}

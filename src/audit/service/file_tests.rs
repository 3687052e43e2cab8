//! Files of chains: whatever was tampered with is found, and nobody sees more than they may.

use super::{testing::*, *};
use crate::{
    Error,
    audit::{
        Fault,
        FaultKind::{Changed, Missing, OutOfPlace, Unreadable},
        NoTrail,
        rows::audit_event,
        trail::FileCheck,
    },
    kernel::testing::Bench,
    organisation::service::stage::{actor, partner},
    partner::PartnerType,
};
use proptest::{prelude::*, test_runner::TestRunner};
use sea_orm::EntityTrait;

#[tokio::test]
async fn a_partner_finds_its_own_acts_and_the_links_of_the_rest() {
    for bench in Bench::all().await {
        let scene = Scene::set(&bench).await;
        let (alpen, other) = partner(&bench, "Alpen", PartnerType::Reseller).await;
        let stranger = actor(&bench, &other, alpen).await;
        let denied = download(scene.kontor, &stranger, Some(scene.org)).await.err();
        assert_eq!(denied, Some(Error::NotFound), "{}", bench.name);
        assert_eq!(download(scene.kontor, &scene.partner, Some(alpen)).await.err(), Some(Error::NotFound));

        let text = scene.file(&scene.partner, Some(scene.org)).await;
        let report = read(&text, 1_000).unwrap();
        assert!(report.chain.is_whole(), "{}: {report:?}", bench.name);
        let own =
            audit_event::latest(scene.kontor.db.read(), scene.org, Some(scene.partner.org), None, 1_000);
        assert_eq!(report.shown as usize, own.await.unwrap().len(), "{}", bench.name);
        assert!(report.shown < report.chain.events);
        // Nothing of the others' is in it: neither what it was nor when, who or from where.
        for secret in ["user.added", "user1@kunde.example", &scene.boss.label()] {
            assert!(!text.contains(secret), "{}: {secret}", bench.name);
        }
        let linked = text.lines().filter(|line| line.contains("\"content\"")).collect::<Vec<_>>();
        assert!(linked.iter().all(|line| !line.contains("\"at\"") && !line.contains("salt")));
        assert_eq!(scene.checked().await, report.chain, "{}", bench.name);
        // A change in an event it cannot see is found all the same.
        let digit = |line: &str| {
            let at = line.find("\"content\":\"").unwrap() + 11;
            let other = if line[at..].starts_with('0') { "1" } else { "0" };
            format!("{}{other}{}", &line[..at], &line[at + 1..])
        };
        let hidden = text.lines().position(|line| line.contains("\"content\"")).unwrap();
        let changed = with(&text, |lines| lines[hidden] = digit(&lines[hidden]));
        assert_eq!(faults(&changed), [(hidden as i64, Changed)], "{}", bench.name);
    }
}

#[tokio::test]
async fn whatever_is_done_to_a_file_is_found() {
    for bench in Bench::all().await {
        let scene = Scene::set(&bench).await;
        let text = scene.file(&scene.boss, None).await;
        let last = text.lines().count() as i64 - 1;
        let changed = |from: &str, to: &str| {
            with(&text, |lines| {
                let event = lines[5].replacen(from, to, 1);
                assert_ne!(event, lines[5], "{from}");
                lines[5] = event;
            })
        };
        let salt = text.lines().nth(5).unwrap().split("\"salt\":\"").nth(1).unwrap()[..8].to_owned();
        for (from, to) in [
            ("\"at\":1", "\"at\":2"),
            ("\"acting_for\":", "\"acting_for\":\"org_00000000000000000000000000\",\"x\":"),
            ("\"action\":\"", "\"action\":\"x"),
            ("\"value\":\"", "\"value\":\"x"),
            ("\"detail\":{\"salt\":\"", "\"detail\":{\"salt\":\"0"),
            (salt.as_str(), "00000000"),
            ("\"hash\":\"", "\"hash\":\"0"),
        ] {
            let found = faults(&changed(from, to));
            // Of what cannot be read only the line's number is known: one more, for the header.
            let first = if to.contains("\"x\":") { (6, Unreadable) } else { (5, Changed) };
            assert_eq!(found.first(), Some(&first), "{} {from}: {found:?}", bench.name);
        }
        // A link put in place of another, and the next one no longer follows.
        assert_eq!(faults(&changed("\"hash\":\"", "\"hash\":\"0")), [(5, Changed), (6, Changed)]);
        assert_eq!(faults(&with(&text, |l| drop(l.remove(5)))), [(5, Missing { until: 5 })]);
        assert_eq!(faults(&with(&text, |l| drop(l.drain(2..5)))), [(2, Missing { until: 4 })]);
        let cut = with(&text, |l| l.truncate(8));
        assert_eq!(faults(&cut), [(8, Missing { until: last })]);
        let swapped = faults(&with(&text, |l| l.swap(5, 6)));
        assert_eq!(swapped, [(5, Missing { until: 5 }), (5, OutOfPlace)]);
        let twice = with(&text, |l| l.insert(6, l[5].clone()));
        assert_eq!(faults(&twice), [(5, OutOfPlace)]);
        // Half a line: the end is gone.
        let half = &text[..text.len() - 100];
        assert_eq!(faults(half), [(last + 1, Unreadable), (last, Missing { until: last })]);
        // Numbers changed as well, so that nothing is missing.
        let renumbered = with(&text, |l| {
            let number = |line: &str, from: i64, to: i64| {
                line.replacen(&format!("\"seq\":{from},"), &format!("\"seq\":{to},"), 1)
            };
            (l[5], l[6]) = (number(&l[6], 6, 5), number(&l[5], 5, 6));
        });
        assert_eq!(faults(&renumbered), [(5, Changed), (6, Changed), (7, Changed)]);
        // A stranger's event, well linked in its own chain.
        let (alpen, other) = partner(&bench, "Alpen", PartnerType::Reseller).await;
        let stranger = actor(&bench, &other, alpen).await;
        let elsewhere = Scene { org: alpen, boss: stranger.clone(), partner: stranger, ..scene };
        for n in 0..6 {
            elsewhere.add(&elsewhere.boss, "user.added", &format!("{n}")).await;
        }
        let foreign = elsewhere.file(&elsewhere.boss, None).await;
        let foreign = foreign.lines().nth(5).unwrap().to_owned();
        let mixed = with(&text, |l| l[5] = foreign.clone());
        assert_eq!(faults(&mixed), [(5, Changed), (6, Changed)], "{}", bench.name);
        assert_eq!(faults(&with(&text, |l| l.insert(6, foreign))), [(5, OutOfPlace)]);
        // The head says which chain it was.
        let head = with(&text, |l| l[0] = l[0].replacen("\"head\":{\"seq\":", "\"head\":{\"seq\":1", 1));
        assert!(matches!(faults(&head)[..], [(_, Missing { .. })]));
        for odd in ["", "\n\n", "x", "{}", "{\"kontor_trail\":2}", &text[1..]] {
            assert_eq!(read(odd, 10), Err(NoTrail), "{odd:.20}");
        }
        // A line without end is not kept.
        let mut check = FileCheck::default();
        check.feed(text.as_bytes()).unwrap();
        for _ in 0..100 {
            check.feed(&[b'x'; 100_000]).unwrap();
        }
        assert_eq!(check.finish().unwrap().chain.faults, [Fault { seq: last + 2, kind: Unreadable }]);
    }
}

#[tokio::test]
async fn a_customer_sees_neither_a_partners_prices_nor_where_others_came_from() {
    for bench in Bench::all().await {
        let scene = Scene::set(&bench).await;
        let mut by = scene.partner.clone();
        by.ip = "192.0.2.77".into();
        let mut boss = scene.boss.clone();
        boss.ip = "192.0.2.11".into();
        let tx = scene.kontor.db.begin().await.unwrap();
        let price = serde_json::json!({ "total": 12_345, "seats": 7 });
        let event = Event::new("subscription.changed", "Kunde").with(price);
        append(scene.kontor, &tx, scene.org, &by, event).await.unwrap();
        append(scene.kontor, &tx, scene.org, &boss, Event::new("user.added", "x")).await.unwrap();
        tx.commit().await.unwrap();
        let (own, partners) =
            (scene.file(&scene.boss, None).await, scene.file(&scene.partner, Some(scene.org)).await);
        for (file, sees, hidden) in [
            (&own, vec!["subscription.changed", "192.0.2.11", "user.added"], vec!["12345", "192.0.2.77"]),
            (
                &partners,
                vec!["subscription.changed", "12345", "192.0.2.77"],
                vec!["192.0.2.11", "user.added"],
            ),
        ] {
            assert!(read(file, 1_000).unwrap().chain.is_whole(), "{}", bench.name);
            assert!(sees.iter().all(|text| file.contains(text)), "{}: {sees:?}", bench.name);
            assert!(!hidden.iter().any(|text| file.contains(text)), "{}: {hidden:?}", bench.name);
        }
    }
}

/// What somebody does to the lines of a file or the rows of a chain.
#[derive(Debug, Clone)]
enum Tampering {
    Remove(usize),
    Swap(usize, usize),
    Repeat(usize, usize),
    Byte(usize, usize, u8),
    CutOff(usize),
}

fn tampering() -> impl Strategy<Value = Tampering> {
    let n = 0..1_000usize;
    prop_oneof![
        n.clone().prop_map(Tampering::Remove),
        (n.clone(), n.clone()).prop_map(|(a, b)| Tampering::Swap(a, b)),
        (n.clone(), n.clone()).prop_map(|(a, b)| Tampering::Repeat(a, b)),
        (n.clone(), 0..100_000usize, any::<u8>()).prop_map(|(a, at, to)| Tampering::Byte(a, at, to)),
        n.prop_map(Tampering::CutOff),
    ]
}

/// Does it to the lines of events.
fn tamper(lines: &mut Vec<Vec<u8>>, tampering: &Tampering) {
    let n = lines.len();
    match *tampering {
        Tampering::Remove(a) => drop(lines.remove(a % n)),
        Tampering::Swap(a, b) => lines.swap(a % n, b % n),
        Tampering::Repeat(a, b) => lines.insert(b % n, lines[a % n].clone()),
        Tampering::Byte(a, at, to) => {
            let line = &mut lines[a % n];
            let at = at % line.len();
            // A line end in the midst of a line is a change as well, but a blank is none.
            line[at] = if to.is_ascii_whitespace() { b'#' } else { to };
        }
        Tampering::CutOff(a) => lines.truncate(a % n),
    }
}

#[tokio::test]
async fn nothing_anybody_thought_of_goes_unseen() {
    for bench in Bench::all().await {
        let scene = Scene::set(&bench).await;
        for text in [scene.file(&scene.boss, None).await, scene.file(&scene.partner, Some(scene.org)).await] {
            let (header, events) = text.split_once('\n').unwrap();
            let events: Vec<Vec<u8>> = events.lines().map(|line| line.as_bytes().to_vec()).collect();
            let check = |lines: &[Vec<u8>]| {
                let mut check = FileCheck::default();
                check.feed(header.as_bytes()).unwrap();
                check.feed(b"\n").unwrap();
                for line in lines {
                    check.feed(line).unwrap();
                    check.feed(b"\n").unwrap();
                }
                check.finish().unwrap().chain
            };
            assert!(check(&events).is_whole(), "{}", bench.name);
            let mut runner = TestRunner::default();
            runner
                .run(&prop::collection::vec(tampering(), 1..4), |done| {
                    let mut lines = events.clone();
                    for one in &done {
                        if !lines.is_empty() {
                            tamper(&mut lines, one);
                        }
                    }
                    prop_assert_eq!(check(&lines).is_whole(), lines == events, "{:?}", done);
                    Ok(())
                })
                .unwrap();
        }
        // The rows themselves, one deed at a time; what was there is put back.
        let rows = audit_event::latest(scene.kontor.db.read(), scene.org, None, None, 1_000).await.unwrap();
        let deeds = [
            "DELETE FROM audit_event WHERE ",
            "UPDATE audit_event SET actor = actor || 'x' WHERE ",
            "UPDATE audit_event SET target = target || 'x' WHERE ",
            "UPDATE audit_event SET detail = '{}' || detail WHERE ",
            "UPDATE audit_event SET ip = ip || '1' WHERE ",
            "UPDATE audit_event SET action = action || 'x' WHERE ",
            "UPDATE audit_event SET at = at - 1 WHERE ",
            "UPDATE audit_event SET salt = '' WHERE ",
            "UPDATE audit_event SET hash = '' WHERE ",
            "UPDATE audit_event SET acting_for = CASE WHEN acting_for IS NULL THEN org_id END WHERE ",
        ];
        for (n, deed) in deeds.iter().enumerate() {
            let row = &rows[n * 7 % rows.len()];
            scene.by_force(&[format!("{deed}{}", scene.at(row.seq))]).await;
            let found = kinds(&verify(scene.kontor, scene.org).await.unwrap());
            let kind = if n == 0 { Missing { until: row.seq } } else { Changed };
            assert_eq!(found.first(), Some(&(row.seq, kind)), "{} {deed}: {found:?}", bench.name);
            scene.by_force(&[format!("DELETE FROM audit_event WHERE {}", scene.at(row.seq))]).await;
            let again = audit_event::ActiveModel::from(row.clone());
            let db = scene.kontor.db.writer();
            audit_event::Entity::insert(again).exec_without_returning(db).await.unwrap();
        }
        assert!(scene.checked().await.is_whole(), "{}", bench.name);
    }
}

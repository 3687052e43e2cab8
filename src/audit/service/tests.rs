//! Chains of the database and files of them: whatever was tampered with is found, by both alike.

use super::*;
use crate::{
    Error,
    audit::{
        ChainReport, Fault,
        FaultKind::{self, *},
        FileReport, NoTrail,
        rows::{audit_event, audit_head},
        trail::FileCheck,
    },
    kernel::{
        Kontor,
        actor::Actor,
        id::OrgId,
        right::{OrgKind, Role},
        testing::Bench,
    },
    organisation::service::stage::{actor, customer, partner, super_admin},
    partner::PartnerType,
};
use proptest::{prelude::*, test_runner::TestRunner};
use sea_orm::{ConnectionTrait, EntityTrait};

/// A customer with a chain of some events of its own, its partner's and the programme's.
pub struct Scene<'a> {
    pub kontor: &'a Kontor,
    pub org: OrgId,
    pub boss: Actor,
    pub partner: Actor,
}

impl<'a> Scene<'a> {
    pub async fn set(bench: &'a Bench) -> Self {
        let kontor = &bench.kontor;
        let (nordlicht, owner) = partner(bench, "Nordlicht", PartnerType::Reseller).await;
        let there = actor(bench, &owner, nordlicht).await;
        let org = customer(bench, &there, "kunde.example").await;
        let boss = super_admin(bench, org).await;
        let boss = actor(bench, &boss, org).await;
        let scene = Self { kontor, org, boss, partner: there };
        for n in 0..5 {
            scene.add(&scene.boss, "user.added", &format!("user{n}@kunde.example")).await;
            scene.add(&scene.partner, "trial.extended", "Kunde").await;
        }
        scene
    }

    pub async fn add(&self, by: &Actor, action: &'static str, target: &str) {
        let tx = self.kontor.db.begin().await.unwrap();
        let event = Event::new(action, target).with(serde_json::json!({ "of": target }));
        append(self.kontor, &tx, self.org, by, event).await.unwrap();
        tx.commit().await.unwrap();
    }

    pub async fn head(&self) -> audit_head::Model {
        audit_head::of(self.kontor.db.read(), self.org).await.unwrap()
    }

    async fn checked(&self) -> ChainReport {
        let one = verify(self.kontor, self.org).await.unwrap();
        // The check of all chains says the same of this one, and that the others are whole.
        let mut told = Vec::new();
        let all = verify_all(self.kontor, |report| told.push(report.clone())).await.unwrap();
        let broken: Vec<_> = std::iter::once(&one).filter(|one| !one.is_whole()).cloned().collect();
        assert_eq!(told, broken);
        assert_eq!(all.broken as usize, broken.len());
        one
    }

    /// Lets somebody who has the database itself do what the program never does.
    async fn by_force(&self, statements: &[String]) {
        let db = self.kontor.db.writer();
        let (off, on) = match self.kontor.db.is_postgres() {
            true => (
                vec!["ALTER TABLE audit_event DISABLE TRIGGER USER".to_owned()],
                vec!["ALTER TABLE audit_event ENABLE TRIGGER USER".to_owned()],
            ),
            false => {
                let rows = db
                    .query_all_raw(sea_orm::Statement::from_string(
                        db.get_database_backend(),
                        "SELECT name, sql FROM sqlite_master WHERE type = 'trigger' AND tbl_name = 'audit_event'",
                    ))
                    .await
                    .unwrap();
                let of = |column: &str| {
                    rows.iter().map(|row| row.try_get::<String>("", column).unwrap()).collect::<Vec<_>>()
                };
                (of("name").into_iter().map(|name| format!("DROP TRIGGER {name}")).collect(), of("sql"))
            }
        };
        for statement in off.iter().chain(statements).chain(&on) {
            db.execute_unprepared(statement).await.unwrap();
        }
    }

    /// The condition that names one event.
    pub fn at(&self, seq: i64) -> String {
        use crate::kernel::id::Id;
        match self.kontor.db.is_postgres() {
            true => format!("org_id = '{}' AND seq = {seq}", self.org.uuid()),
            false => format!("org_id = x'{}' AND seq = {seq}", self.org.uuid().simple()),
        }
    }

    pub async fn file(&self, by: &Actor, customer: Option<OrgId>) -> String {
        let mut trail = download(self.kontor, by, customer).await.unwrap();
        let mut text = String::new();
        while let Some(piece) = trail.next().await.unwrap() {
            text.push_str(&piece);
        }
        text
    }
}

/// Checks a file, in pieces of some size.
fn read(text: &str, piece: usize) -> Result<FileReport, NoTrail> {
    let mut check = FileCheck::default();
    for bytes in text.as_bytes().chunks(piece) {
        check.feed(bytes)?;
    }
    check.finish()
}

fn faults(text: &str) -> Vec<(i64, FaultKind)> {
    let report = read(text, 1_000).unwrap();
    report.chain.faults.iter().map(|fault| (fault.seq, fault.kind)).collect()
}

/// The file's lines, header and all, changed.
fn with(text: &str, change: impl FnOnce(&mut Vec<String>)) -> String {
    let mut lines: Vec<String> = text.lines().map(str::to_owned).collect();
    change(&mut lines);
    lines.join("\n") + "\n"
}

#[tokio::test]
async fn a_chain_is_whole_and_its_file_says_the_same() {
    for bench in Bench::all().await {
        let scene = Scene::set(&bench).await;
        let text = scene.file(&scene.boss, None).await;
        let chain = scene.checked().await;
        assert!(chain.is_whole(), "{}: {chain:?}", bench.name);
        assert!(chain.events > 10 && chain.events as i64 == chain.last, "{chain:?}");
        for piece in [1, 7, 100_000] {
            let report = read(&text, piece).unwrap();
            assert_eq!((&report.chain, report.shown), (&chain, chain.events), "{}", bench.name);
        }
        assert_eq!(check(scene.kontor, &scene.boss).await.unwrap(), chain);
        // The download is itself an event.
        assert!(text.lines().last().unwrap().contains("audit.downloaded"));
        // What has no chain yet is whole, too.
        assert!(verify(scene.kontor, scene.kontor.id()).await.unwrap().is_whole());
    }
}

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
async fn whatever_is_done_to_the_database_is_found_by_both_alike() {
    for bench in Bench::all().await {
        let scene = Scene::set(&bench).await;
        let last = scene.head().await.seq;
        assert!(last > 10, "{last}");
        let set = |what: &str, seq| format!("UPDATE audit_event SET {what} WHERE {}", scene.at(seq));
        let mut broken = Vec::new();
        let mut add = |fault| broken.push(fault);
        scene.by_force(&[set("target = 'somebody else'", 2)]).await;
        add((2, Changed));
        assert_eq!(kinds(&scene.checked().await), [(2, Changed)], "{}", bench.name);
        scene.by_force(&[set("at = at + 1", 4)]).await;
        add((4, Changed));
        scene.by_force(&[set("actor_id = NULL", 5)]).await;
        add((5, Changed));
        scene.by_force(&[format!("DELETE FROM audit_event WHERE {}", scene.at(7))]).await;
        add((7, Missing { until: 7 }));
        // Two events change places.
        scene.by_force(&[set("seq = -1", 9), set("seq = 9", 10), set("seq = 10", -1)]).await;
        add((9, Changed));
        add((10, Changed));
        add((11, Changed));
        assert_eq!(kinds(&scene.checked().await), broken, "{}", bench.name);
        // The file of such a chain shows the same, its own event at the end.
        let text = scene.file(&scene.boss, None).await;
        let (file, chain) = (read(&text, 1_000).unwrap().chain, scene.checked().await);
        assert_eq!((kinds(&file), &file), (broken.clone(), &chain), "{}", bench.name);
        let hidden = scene.file(&scene.partner, Some(scene.org)).await;
        assert_eq!(kinds(&read(&hidden, 1_000).unwrap().chain), broken, "{}", bench.name);
        // The end of the chain goes.
        let last = scene.head().await.seq;
        scene.by_force(&[format!("DELETE FROM audit_event WHERE {}", scene.at(last))]).await;
        broken.push((last, Missing { until: last }));
        assert_eq!(kinds(&scene.checked().await), broken, "{}", bench.name);
    }
}

fn kinds(report: &ChainReport) -> Vec<(i64, FaultKind)> {
    report.faults.iter().map(|fault| (fault.seq, fault.kind)).collect()
}

#[tokio::test]
async fn a_head_that_is_not_the_chains_is_found() {
    for bench in Bench::all().await {
        let scene = Scene::set(&bench).await;
        let (db, last) = (scene.kontor.db.writer(), scene.head().await.seq);
        let org = scene.at(0).replace(" AND seq = 0", "");
        // The guard lets a head go on; one that claims more than there is finds its events missing.
        db.execute_unprepared(&format!("UPDATE audit_head SET seq = {} WHERE {org}", last + 2))
            .await
            .unwrap();
        let gone = [(last + 1, Missing { until: last + 2 })];
        assert_eq!(kinds(&scene.checked().await), gone, "{}", bench.name);
        // An event put behind the head.
        scene.add(&scene.boss, "user.added", "x").await;
        assert_eq!(kinds(&scene.checked().await), gone, "{}", bench.name);
        let mut stray = audit_event::latest(scene.kontor.db.read(), scene.org, None, None, 1).await.unwrap();
        let mut stray = stray.pop().unwrap();
        stray.seq += 1;
        let stray = audit_event::ActiveModel::from(stray);
        audit_event::Entity::insert(stray).exec_without_returning(db).await.unwrap();
        let found = kinds(&scene.checked().await);
        assert_eq!(found.last(), Some(&(last + 4, PastHead)), "{}: {found:?}", bench.name);
    }
}

#[tokio::test]
async fn an_erased_person_leaves_the_chain_whole() {
    for bench in Bench::all().await {
        let scene = Scene::set(&bench).await;
        let before = scene.file(&scene.boss, None).await;
        let email = scene.boss.label();
        assert!(before.contains(&email));
        let programme = Actor::system(scene.org, OrgKind::Customer, "erasure");
        assert_eq!(erase(scene.kontor, &programme, "").await, Ok(0));
        assert!(erase(scene.kontor, &programme, &email).await.unwrap() >= 5, "{}", bench.name);
        assert_eq!(erase(scene.kontor, &programme, "user1@kunde.example").await, Ok(1), "{}", bench.name);
        // A second time there is nothing left, and nothing is written.
        assert_eq!(erase(scene.kontor, &programme, &email).await, Ok(0), "{}", bench.name);
        let chain = scene.checked().await;
        assert!(chain.is_whole(), "{}: {chain:?}", bench.name);
        let rows = audit_event::latest(scene.kontor.db.read(), scene.org, None, None, 1_000).await.unwrap();
        let kept = rows.iter().map(|row| format!("{row:?}")).collect::<String>();
        assert!(!kept.contains(&email) && !kept.contains("user1@kunde.example"), "{}", bench.name);
        assert!(kept.contains("user2@kunde.example"), "{}: what others are named stays", bench.name);
        // The file of before is still one of this chain: its last link is in it.
        let old = read(&before, 1_000).unwrap().chain;
        assert!(rows.iter().any(|row| row.seq == old.last && row.hash == old.hash), "{}", bench.name);
        let customer = crate::organisation::service::stage::person(
            &bench,
            scene.org,
            Role::CustomerAdmin,
            "second@kunde.example",
        );
        let second = actor(&bench, &customer.await, scene.org).await;
        let after = scene.file(&second, None).await;
        let after_report = read(&after, 1_000).unwrap();
        assert!(after_report.chain.is_whole(), "{}", bench.name);
        assert!(!after.contains(&email) && after.contains("\"digest\""), "{}", bench.name);
        // What was erased cannot be put back as something else.
        let forged = with(&after, |lines| {
            let at = lines.iter().position(|line| line.contains("\"actor\":{\"digest\"")).unwrap();
            let (head, rest) = lines[at].split_once("\"actor\":{\"digest\":\"").unwrap();
            lines[at] = format!("{head}\"actor\":{{\"salt\":\"00\",\"value\":\"eva\"}}{}", &rest[66..]);
        });
        assert_eq!(faults(&forged).len(), 1, "{}", bench.name);
        assert_eq!(faults(&forged)[0].1, Changed, "{}", bench.name);
    }
}

#[tokio::test]
async fn what_is_cut_off_leaves_the_rest_provable() {
    for bench in Bench::all().await {
        let scene = Scene::set(&bench).await;
        let (kontor, first) = (scene.kontor, scene.head().await);
        let old = read(&scene.file(&scene.boss, None).await, 1_000).unwrap().chain;
        bench.clock.move_ms(10 * 24 * 3_600_000);
        let day = kontor.now().day();
        for n in 0..3 {
            scene.add(&scene.boss, "user.added", &format!("later{n}@kunde.example")).await;
        }
        let none = cut(kontor, Some(scene.org), crate::kernel::instant::Day(0), |_| {}).await.unwrap();
        assert_eq!(none, CutChains::default(), "{}", bench.name);
        // A chain that is not whole is left alone.
        scene.by_force(&[format!("UPDATE audit_event SET at = at + 1 WHERE {}", scene.at(2))]).await;
        let mut told = Vec::new();
        let left = cut(kontor, Some(scene.org), day, |report| told.push(kinds(report))).await.unwrap();
        assert_eq!((left.chains, left.events, left.broken), (0, 0, 1), "{}", bench.name);
        assert_eq!(told, [[(2, Changed)]], "{}", bench.name);
        let whole = format!("UPDATE audit_event SET at = at - 1 WHERE {}", scene.at(2));
        scene.by_force(&[whole]).await;

        let all = cut(kontor, None, day, |_| {}).await.unwrap();
        assert!(all.chains > 1 && all.events as i64 > first.seq && all.broken == 0, "{all:?}");
        let rows = audit_event::latest(kontor.db.read(), scene.org, None, None, 1_000).await.unwrap();
        let (last, oldest) = (rows.first().unwrap(), rows.last().unwrap());
        assert_eq!((oldest.seq, last.action.as_str()), (first.seq + 2, "audit.cut"), "{}", bench.name);
        let chain = scene.checked().await;
        assert!(chain.is_whole() && chain.after == first.seq + 1, "{}: {chain:?}", bench.name);
        // The file of what stays joins the one of before.
        let text = scene.file(&scene.boss, None).await;
        let stays = read(&text, 1_000).unwrap().chain;
        assert!(
            stays.is_whole()
                && text.contains(&format!("\"after\":{{\"seq\":{},\"hash\":\"{}\"}}", old.last, old.hash))
        );
        // Again there is nothing to cut, and what is wrong is found as before.
        assert_eq!(cut(kontor, None, day, |_| {}).await.unwrap(), CutChains::default(), "{}", bench.name);
        let gone = format!("DELETE FROM audit_event WHERE {}", scene.at(oldest.seq));
        scene.by_force(&[gone]).await;
        let missing = [(oldest.seq, Missing { until: oldest.seq })];
        assert_eq!(kinds(&scene.checked().await), missing, "{}", bench.name);
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

#[tokio::test]
async fn events_added_while_a_chain_is_read_do_not_break_it() {
    for bench in Bench::all().await {
        let scene = Scene::set(&bench).await;
        let adding = async {
            for n in 0..40 {
                scene.add(&scene.boss, "user.added", &format!("more{n}")).await;
            }
        };
        let reading = async {
            for _ in 0..10 {
                assert!(verify(scene.kontor, scene.org).await.unwrap().is_whole(), "{}", bench.name);
                let all = verify_all(scene.kontor, |_| {}).await.unwrap();
                assert_eq!(all.broken, 0, "{}", bench.name);
            }
        };
        tokio::join!(adding, reading);
        assert!(scene.checked().await.is_whole(), "{}", bench.name);
    }
}

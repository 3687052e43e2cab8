//! Chains of the database: whatever was tampered with is found, and a file of the chain says the same.

use super::{testing::*, *};
use crate::{
    audit::{
        FaultKind::{Changed, Missing, PastHead},
        rows::audit_event,
    },
    kernel::{
        actor::Actor,
        right::{OrgKind, Role},
        testing::Bench,
    },
    migration::Migrator,
    organisation::service::stage::{actor, person},
};
use sea_orm::{ConnectionTrait, EntityTrait};
use sea_orm_migration::MigratorTrait;

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
        let second = person(&bench, scene.org, Role::CustomerAdmin, "second@kunde.example").await;
        let second = actor(&bench, &second, scene.org).await;
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
async fn events_of_before_are_linked_anew() {
    for bench in Bench::all().await {
        let scene = Scene::set(&bench).await;
        let (before, db) = (scene.head().await, scene.kontor.db.writer());
        let steps = Migrator::migrations();
        let since = steps.iter().position(|step| step.name() == "m0086_audit_kept").unwrap();
        Migrator::down(db, Some((steps.len() - since) as u32)).await.unwrap();
        for table in ["audit_event", "audit_head"] {
            db.execute_unprepared(&format!("UPDATE {table} SET hash = 'as it was'")).await.unwrap();
        }
        Migrator::up(db, None).await.unwrap();
        assert_eq!(scene.head().await, before, "{}", bench.name);
        assert!(scene.checked().await.is_whole(), "{}", bench.name);
        scene.add(&scene.boss, "user.added", "later").await;
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

//! What is posted is what is read, whatever happens at once.

use super::{testing::*, *};
use crate::{
    Error,
    kernel::{
        Kontor,
        actor::Actor,
        id::OrgId,
        instant::{Day, Instant},
        money::{Currency, Money},
        right::{OrgKind, Role},
        testing::Bench,
    },
    ledger::{Account, Balance, Cause, Draft, EVERYBODY, Entry, LINES, LineQuery, Posting},
    organisation::service::stage::{actor, organisation, partner, person},
    partner::PartnerType,
};
use proptest::{
    prelude::*,
    test_runner::{Config, TestRunner},
};
use sea_orm::ConnectionTrait;
use std::collections::BTreeMap;

fn eur(minor: i64) -> Money {
    Money::new(minor, Currency::Eur)
}

fn finance(kontor: &Kontor) -> Actor {
    Actor::system(kontor.id(), OrgKind::Vendor, "finance")
}

fn query(accounts: &[Account]) -> LineQuery {
    LineQuery {
        owner: None,
        accounts: accounts.to_vec(),
        entity: None,
        currency: Currency::Eur,
        from: Day(0),
        until: Day(99_999),
        after: None,
    }
}

#[tokio::test]
async fn what_is_posted_is_posted_once() {
    for bench in Bench::all().await {
        let kontor = &bench.kontor;
        let owner: OrgId = kontor.id();
        let one = between(kontor, owner, Account::Cash, Account::Sales, eur(1_250));
        let other = between(kontor, owner, Account::Cash, Account::Sales, eur(1));
        let ids = posted_now(kontor, std::slice::from_ref(&one)).await;
        let db = kontor.db.read();
        assert_eq!(posted(db, one.cause(), one.cause_id()).await.unwrap(), Some(ids[0]), "{}", bench.name);
        assert_eq!(posted(db, Cause::Invoice, one.cause_id()).await.unwrap(), None);

        for batch in [vec![one.clone()], vec![other.clone(), one.clone()], vec![other.clone(), other.clone()]]
        {
            let tx = kontor.db.begin().await.unwrap();
            assert_eq!(post_all(kontor, &tx, &batch).await, Err(PostError::AlreadyPosted), "{}", bench.name);
            tx.rollback().await.unwrap();
        }
        assert_eq!(Error::from(PostError::AlreadyPosted), Error::StaleVersion);
        let balance = |account, minor| Balance { account, entity: "de".into(), amount: eur(minor) };
        let expected = [balance(Account::Cash, 1_250), balance(Account::Sales, -1_250)];
        for of in [owner, EVERYBODY] {
            assert_eq!(balances_of(kontor.db.read(), of, Account::ALL).await.unwrap(), expected);
        }
        assert_eq!(balances_of(kontor.db.read(), owner, &[]).await.unwrap(), []);
        posted_now(kontor, &[]).await;
        posted_now(kontor, &[other]).await;
        assert!(verify_ledger(kontor).await.unwrap().is_clean());
    }
}

/// Sums of the entries of some postings, by account, entity and currency.
fn sums<'a>(
    postings: impl Iterator<Item = &'a Posting>,
    owner: OrgId,
) -> BTreeMap<(Account, String, Currency), i64> {
    let mut sums = BTreeMap::new();
    for posting in postings {
        for Entry { account, amount, .. } in of(posting, owner) {
            *sums.entry((*account, posting.entity().to_owned(), amount.currency)).or_default() +=
                amount.minor;
        }
    }
    sums
}

fn of(posting: &Posting, owner: OrgId) -> impl Iterator<Item = &Entry> {
    posting.entries().iter().filter(move |e| owner == EVERYBODY || e.owner == owner)
}

fn by_key(balances: Vec<Balance>) -> BTreeMap<(Account, String, Currency), i64> {
    balances.into_iter().map(|b| ((b.account, b.entity, b.amount.currency), b.amount.minor)).collect()
}

/// Every reading agrees with what was posted.
async fn check(kontor: &Kontor, all: &[Posting], owners: &[OrgId]) {
    let (db, vendor) = (kontor.db.read(), finance(kontor));
    for owner in owners {
        let now = by_key(balances_of(db, *owner, Account::ALL).await.unwrap());
        assert_eq!(now, sums(all.iter(), *owner));
        for instant in [-1, 0, 3, 7, 12].map(|n| FIRST.plus(n).start()) {
            let then = balances(kontor, &vendor, Some(*owner), Some(instant)).await.unwrap();
            assert_eq!(
                by_key(then),
                sums(all.iter().filter(|p| p.at() <= instant), *owner),
                "at {instant:?}"
            );
        }
        let accounts = [Account::Cash, Account::Commission, Account::CommissionPending, Account::Sales];
        let (from, until) = (FIRST.plus(2), FIRST.plus(8));
        let mut moved: BTreeMap<_, (i64, i64)> = BTreeMap::new();
        for posting in all.iter().filter(|p| (from..=until).contains(&p.day())) {
            for entry in of(posting, *owner).filter(|e| accounts.contains(&e.account)) {
                let key = (entry.account, posting.day(), posting.entity().to_owned(), entry.amount.currency);
                let (debit, credit) = moved.entry(key).or_default();
                *debit += entry.amount.minor.max(0);
                *credit += (-entry.amount.minor).max(0);
            }
        }
        let days = days(db, *owner, &accounts, from, until).await.unwrap();
        for currency in Currency::ALL {
            let ask = LineQuery {
                owner: Some(*owner),
                currency: *currency,
                from,
                until,
                ..query(&[&accounts[..], &accounts[..]].concat())
            };
            let (mut lines, mut after) = (Vec::new(), None);
            loop {
                let page = entries(kontor, &vendor, &LineQuery { after, ..ask.clone() }).await.unwrap();
                assert!(page.next.is_none() || page.lines.len() == LINES);
                lines.extend(page.lines);
                after = page.next;
                if after.is_none() {
                    break;
                }
            }
            assert!(lines.is_sorted_by(|a, b| a.place > b.place), "latest first, none twice");
            let net: i64 = days.iter().filter(|d| d.currency == *currency).map(|d| d.net().minor).sum();
            assert_eq!(lines.iter().map(|l| l.amount.minor).sum::<i64>(), net, "the lines are the figure");
        }
        let days: BTreeMap<_, _> = days
            .into_iter()
            .map(|d| ((d.account, d.day, d.entity, d.currency), (d.debit, d.credit)))
            .collect();
        assert_eq!(days, moved);
    }
    let report = verify_ledger(kontor).await.unwrap();
    assert!(report.is_clean(), "{report:?}");
}

#[test]
fn every_reading_follows_every_history() {
    let runtime = tokio::runtime::Runtime::new().unwrap();
    for bench in runtime.block_on(Bench::all()) {
        let kontor = &bench.kontor;
        let batches = prop::collection::vec(
            (prop::collection::vec(any_thrown(3), 0..40), prop::bool::weighted(0.8)),
            1..5,
        );
        let config = Config { cases: 8, failure_persistence: None, ..Config::default() };
        let mut all = Vec::new();
        // Later histories come on top of earlier ones.
        let all = std::cell::RefCell::new(&mut all);
        let owners: [OrgId; 3] = [kontor.id(), kontor.id(), EVERYBODY];
        let outcome = TestRunner::new(config).run(&batches, |batches| {
            runtime.block_on(async {
                for (thrown, commits) in batches {
                    let batch: Vec<_> =
                        thrown.iter().filter_map(|t| t.posting(kontor, &owners, None)).collect();
                    let tx = kontor.db.begin().await.unwrap();
                    post_all(kontor, &tx, &batch).await.unwrap();
                    if commits {
                        tx.commit().await.unwrap();
                        all.borrow_mut().extend(batch);
                    } else {
                        tx.rollback().await.unwrap();
                    }
                }
                let posted = all.borrow().clone();
                check(kontor, &posted, &owners).await;
            });
            Ok(())
        });
        if let Err(failure) = outcome {
            panic!("on {}: {failure}", bench.name);
        }
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn eight_at_once_leave_summaries_as_a_recount_finds_them() {
    for bench in Bench::all().await {
        let kontor = &bench.kontor;
        let partners: Vec<OrgId> = (0..4).map(|_| kontor.id()).collect();
        let accounts = [Account::Cash, Account::Sales, Account::Tax, Account::Commission];
        let tasks = (0..8usize).map(|task| {
            let (kontor, partners) = (kontor.clone(), partners.clone());
            tokio::spawn(async move {
                for round in 0..12usize {
                    // Each task names partners and accounts in an order of its own.
                    let batch: Vec<_> = (0..4usize)
                        .map(|n| {
                            let (turn, back) = (n * (1 + task % 3) + round, accounts.len() - 1 - n);
                            let owner = partners[turn % partners.len()];
                            between(&kontor, owner, accounts[back], accounts[turn % 4], eur(1 + n as i64))
                        })
                        .collect();
                    let tx = kontor.db.begin().await.unwrap();
                    post_all(&kontor, &tx, &batch).await.unwrap();
                    tx.commit().await.unwrap();
                }
            })
        });
        for task in tasks.collect::<Vec<_>>() {
            task.await.unwrap();
        }
        let report = verify_ledger(kontor).await.unwrap();
        assert!(report.is_clean(), "{}: {report:?}", bench.name);
        let moved = days(kontor.db.read(), EVERYBODY, &accounts, Day(0), Day(99_999)).await.unwrap();
        assert_eq!(moved.iter().map(|d| d.debit).sum::<i64>(), 8 * 12 * (1 + 2 + 3 + 4), "{}", bench.name);
    }
}

#[tokio::test]
async fn everybody_reads_their_own_and_finance_reads_all() {
    for bench in Bench::all().await {
        let kontor = &bench.kontor;
        let (nordlicht, owner) = partner(&bench, "Nordlicht", PartnerType::Reseller).await;
        let (alpen, _) = partner(&bench, "Alpen", PartnerType::Reseller).await;
        let customer = organisation(&bench, OrgKind::Customer, "Kunde").await;
        let vendor = organisation(&bench, OrgKind::Vendor, "Vendor").await;
        let mut batch = vec![between(kontor, alpen, Account::Cash, Account::Sales, eur(500))];
        for n in 0..=LINES as u128 {
            let draft =
                Draft::new(Cause::Payment, uuid::Uuid::from_u128(n), "de", kontor.now()).org(customer);
            let draft =
                draft.debit(Account::Cash, nordlicht, eur(2)).credit(Account::Sales, nordlicht, eur(2));
            batch.push(draft.build().unwrap());
        }
        posted_now(kontor, &batch).await;

        let owner = actor(&bench, &owner, nordlicht).await;
        let page = entries(kontor, &owner, &query(&[Account::Cash])).await.unwrap();
        assert_eq!(page.lines.len(), LINES, "{}", bench.name);
        assert_eq!(page.lines[0].customer, Some((customer, "Kunde".into())));
        assert_eq!((page.lines[0].cause, page.lines[0].amount), (Cause::Payment, eur(2)));
        let rest = LineQuery { after: page.next, ..query(&[Account::Cash]) };
        let rest = entries(kontor, &owner, &rest).await.unwrap();
        assert_eq!((rest.lines.len(), rest.next), (1, None));
        assert!(page.lines.iter().all(|l| !rest.lines.contains(l)));
        let foreign = LineQuery { owner: Some(alpen), ..query(&[Account::Cash]) };
        assert_eq!(entries(kontor, &owner, &foreign).await, Err(Error::NotFound));
        assert_eq!(balances(kontor, &owner, Some(EVERYBODY), None).await, Err(Error::NotFound));
        let own = balances(kontor, &owner, None, None).await.unwrap();
        assert_eq!(own[0].amount, eur(2 * (LINES as i64 + 1)));

        for (org, role, may) in [
            (nordlicht, Role::PartnerFinance, true),
            (nordlicht, Role::PartnerSales, false),
            (nordlicht, Role::PartnerAdmin, false),
            (vendor, Role::VendorFinance, true),
            (vendor, Role::VendorAdmin, true),
            (vendor, Role::Reviewer, false),
            (vendor, Role::Support, false),
        ] {
            let somebody = person(&bench, org, role, &format!("{role}@mail.example")).await;
            let somebody = actor(&bench, &somebody, org).await;
            let answer = balances(kontor, &somebody, None, None).await;
            assert_eq!(answer.as_ref().err(), (!may).then_some(&Error::Forbidden), "{role}");
            if may && org == vendor {
                assert_eq!(answer.unwrap()[0].amount, eur(500 + 2 * (LINES as i64 + 1)));
                let one = balances(kontor, &somebody, Some(alpen), Some(kontor.now())).await.unwrap();
                assert_eq!(one[0].amount, eur(500));
                assert_eq!(balances(kontor, &somebody, Some(alpen), Some(Instant(0))).await.unwrap(), []);
            }
        }
        let admin = person(&bench, customer, Role::SuperAdmin, "admin@kunde.test").await;
        let admin = actor(&bench, &admin, customer).await;
        assert_eq!(balances(kontor, &admin, None, None).await, Err(Error::NotFound));
    }
}

#[tokio::test]
async fn verify_finds_what_is_wrong_and_rebuild_mends_the_summaries() {
    for bench in Bench::all().await {
        let kontor = &bench.kontor;
        let owner: OrgId = kontor.id();
        let posting = between(kontor, owner, Account::Cash, Account::Sales, eur(100));
        let ids = posted_now(kontor, &[posting]).await;
        let writer = kontor.db.writer();
        writer
            .execute_unprepared("UPDATE ledger_day SET debit = debit + 1 WHERE account = 'cash'")
            .await
            .unwrap();
        writer.execute_unprepared("DELETE FROM ledger_day WHERE account = 'sales'").await.unwrap();
        let found = verify_ledger(kontor).await.unwrap().differences;
        assert_eq!(found.len(), 4, "{}: {found:?}", bench.name);
        assert!(found.iter().any(|l| l.contains("cash de EUR") && l.contains("kept 101/0, entries 100/0")));
        assert!(found.iter().any(|l| l.contains("sales de EUR") && l.contains("kept 0/0, entries 0/100")));
        rebuild_ledger(kontor).await.unwrap();
        assert_eq!(verify_ledger(kontor).await.unwrap().differences, [""; 0], "{}", bench.name);

        // What no way leads to, but a file copied half: the guards are off.
        let off: &[&str] = match kontor.db.is_postgres() {
            true => &[
                "ALTER TABLE ledger_entry DISABLE TRIGGER ALL",
                "ALTER TABLE ledger_transaction DISABLE TRIGGER ALL",
            ],
            false => &[
                "PRAGMA foreign_keys = OFF",
                "DROP TRIGGER ledger_entry_sealed",
                "DROP TRIGGER ledger_entry_not_changed",
                "DROP TRIGGER ledger_transaction_sums",
            ],
        };
        for statement in off {
            writer.execute_unprepared(statement).await.unwrap();
        }
        let id = |n: u32| match kontor.db.is_postgres() {
            true => format!("'00000000-0000-0000-0000-00000000000{n}'::uuid"),
            false => format!("x'0000000000000000000000000000000{n}'"),
        };
        for statement in [
            format!(
                "INSERT INTO ledger_transaction (id, kind, cause_id, entity, day, at) VALUES ({}, 'invoice', {}, 'de', 1, 1)",
                id(1),
                id(1)
            ),
            format!("INSERT INTO ledger_entry VALUES ({}, 1, 'cash', {}, 'de', 'EUR', 7, 1)", id(2), id(3)),
            "UPDATE ledger_entry SET day = 5 WHERE account = 'cash' AND amount = 100".into(),
        ] {
            writer.execute_unprepared(&statement).await.unwrap();
        }
        rebuild_ledger(kontor).await.unwrap();
        let found = verify_ledger(kontor).await.unwrap().differences.join("\n");
        for sign in
            ["EUR is out of balance by 7", "1: no entries", "2: no transaction", "another day or entity"]
        {
            assert!(found.contains(sign), "{}: {sign} in\n{found}", bench.name);
        }
        assert_eq!(found.lines().count(), 4, "{}: {found}", bench.name);
        assert_eq!(ids.len(), 1);
    }
}

//! The database itself refuses what a ledger does not do, whoever asks it and however.

use super::{testing::*, *};
use crate::{
    kernel::{
        Kontor,
        id::OrgId,
        money::{Currency, Money},
        testing::Bench,
    },
    ledger::Account,
};
use sea_orm::{ConnectionTrait, DatabaseTransaction, DbErr, TransactionTrait};

fn id(kontor: &Kontor, n: u8) -> String {
    match kontor.db.is_postgres() {
        true => format!("'00000000-0000-0000-0000-0000000000{n:02x}'::uuid"),
        false => format!("x'000000000000000000000000000000{n:02x}'"),
    }
}

fn entry(kontor: &Kontor, n: u8, line: i32, currency: &str, minor: &str) -> String {
    format!(
        "INSERT INTO ledger_entry (transaction_id, line, account, owner_id, entity, currency, amount, day) \
         VALUES ({}, {line}, 'cash', {}, 'de', '{currency}', {minor}, 7)",
        id(kontor, n),
        id(kontor, 0)
    )
}

fn seal(kontor: &Kontor, n: u8) -> String {
    let (id, cause) = (id(kontor, n), id(kontor, n));
    format!(
        "INSERT INTO ledger_transaction (id, kind, cause_id, entity, day, at) VALUES ({id}, 'invoice', {cause}, 'de', 7, 1)"
    )
}

async fn all(tx: &DatabaseTransaction, statements: &[String]) -> Result<(), DbErr> {
    for statement in statements {
        tx.execute_unprepared(statement).await?;
    }
    Ok(())
}

/// Runs statements in one database transaction and says with which words they were refused.
async fn refused(kontor: &Kontor, statements: &[String]) -> Option<String> {
    let tx = kontor.db.begin().await.unwrap();
    let outcome = match all(&tx, statements).await {
        Ok(()) => tx.commit().await,
        Err(err) => {
            tx.rollback().await.unwrap();
            Err(err)
        }
    };
    outcome.err().map(|e| e.to_string())
}

#[tokio::test]
async fn nothing_posted_is_changed_or_deleted() {
    for bench in Bench::all().await {
        let kontor = &bench.kontor;
        let owner: OrgId = kontor.id();
        let amount = Money::new(5, Currency::Jpy);
        posted_now(kontor, &[between(kontor, owner, Account::Cash, Account::Sales, amount)]).await;
        let mut tries = vec![
            "UPDATE ledger_entry SET amount = amount".to_owned(),
            "UPDATE ledger_entry SET line = line + 10".into(),
            "DELETE FROM ledger_entry".into(),
            "UPDATE ledger_transaction SET day = 1".into(),
            "DELETE FROM ledger_transaction".into(),
        ];
        match kontor.db.is_postgres() {
            true => tries.extend([
                "TRUNCATE ledger_entry".to_owned(),
                "TRUNCATE ledger_transaction".into(),
                "TRUNCATE ledger_transaction, ledger_entry, ledger_day CASCADE".into(),
                "INSERT INTO ledger_transaction SELECT * FROM ledger_transaction ON CONFLICT (id) DO UPDATE SET day = 1".into(),
            ]),
            false => tries.extend([
                "UPDATE OR REPLACE ledger_transaction SET day = 1".to_owned(),
                "INSERT INTO ledger_transaction SELECT * FROM ledger_transaction WHERE true ON CONFLICT (id) DO UPDATE SET day = 1".into(),
                // A replaced row is deleted without a word to the triggers for deletion.
                "INSERT OR REPLACE INTO ledger_transaction SELECT id, kind, cause_id, entity, org_id, partner_id, day, 1 FROM ledger_transaction".into(),
                format!("INSERT OR REPLACE INTO ledger_transaction SELECT {}, kind, cause_id, entity, org_id, partner_id, day, 1 FROM ledger_transaction", id(kontor, 1)),
                "INSERT OR REPLACE INTO ledger_entry SELECT transaction_id, line, account, owner_id, entity, currency, 6, day FROM ledger_entry".into(),
            ]),
        }
        for statement in tries {
            let words = refused(kontor, std::slice::from_ref(&statement)).await.unwrap_or_default();
            assert!(words.contains("kontor: "), "{}: {statement} answered {words:?}", bench.name);
        }
        assert!(verify_ledger(kontor).await.unwrap().is_clean(), "{}", bench.name);
        assert_eq!(balances_of(kontor.db.read(), owner, Account::ALL).await.unwrap()[0].amount, amount);
    }
}

#[tokio::test]
async fn only_whole_transactions_come_in() {
    for bench in Bench::all().await {
        let kontor = &bench.kontor;
        let entry = |n, line, currency, minor: i64| entry(kontor, n, line, currency, &minor.to_string());
        let whole = [entry(1, 1, "EUR", 5), entry(1, 2, "EUR", -5), seal(kontor, 1)];
        assert_eq!(refused(kontor, &whole).await, None, "{}", bench.name);

        let unbalanced = "kontor: the transaction does not sum to zero";
        let orphan = if kontor.db.is_postgres() { "kontor: the entry belongs" } else { "FOREIGN KEY" };
        let cases = [
            ("empty", unbalanced, vec![seal(kontor, 2)]),
            ("one-sided", unbalanced, vec![entry(2, 1, "EUR", 5), seal(kontor, 2)]),
            (
                "two currencies",
                unbalanced,
                vec![entry(2, 1, "EUR", 5), entry(2, 2, "USD", -5), seal(kontor, 2)],
            ),
            (
                "another day",
                unbalanced,
                vec![
                    entry(2, 1, "EUR", 5),
                    entry(2, 2, "EUR", -5),
                    seal(kontor, 2).replace(", 7, 1)", ", 8, 1)"),
                ],
            ),
            (
                "another entity",
                unbalanced,
                vec![entry(2, 1, "EUR", 5), entry(2, 2, "EUR", -5), seal(kontor, 2).replace("'de'", "'us'")],
            ),
            ("unsealed", orphan, vec![entry(2, 1, "EUR", 5), entry(2, 2, "EUR", -5)]),
            (
                "later, balanced",
                "kontor: the transaction is sealed",
                vec![entry(1, 3, "EUR", 5), entry(1, 4, "EUR", -5)],
            ),
            (
                "after the seal",
                "kontor: the transaction is sealed",
                vec![entry(2, 1, "EUR", 5), entry(2, 2, "EUR", -5), seal(kontor, 2), entry(2, 3, "EUR", 0)],
            ),
        ];
        for (what, words, statements) in cases {
            let answer = refused(kontor, &statements).await.unwrap_or_default();
            assert!(answer.contains(words), "{}: {what} answered {answer:?}", bench.name);
        }
        if !kontor.db.is_postgres() {
            let halves = [
                self::entry(kontor, 2, 1, "EUR", "0.5"),
                self::entry(kontor, 2, 2, "EUR", "-0.5"),
                seal(kontor, 2),
            ];
            assert!(refused(kontor, &halves).await.is_some_and(|w| w.contains(unbalanced)), "half a cent");
        }
    }
}

#[tokio::test]
async fn an_entry_from_another_session_does_not_slip_in_while_the_seal_is_not_yet_seen() {
    for bench in Bench::all().await {
        let kontor = &bench.kontor;
        // SQLite has one writer: there is no other session.
        if !kontor.db.is_postgres() {
            continue;
        }
        let entry = |n, line, minor: i64| entry(kontor, n, line, "EUR", &minor.to_string());
        let (one, other) = (kontor.db.begin().await.unwrap(), kontor.db.begin().await.unwrap());
        all(&one, &[entry(1, 1, 5), entry(1, 2, -5), seal(kontor, 1)]).await.unwrap();
        all(&other, &[entry(1, 3, 7), entry(1, 4, -7)]).await.unwrap();
        one.commit().await.unwrap();
        let words = other.commit().await.unwrap_err().to_string();
        assert!(words.contains("kontor: the entry belongs"), "{words}");

        // A savepoint is still the same database transaction.
        let tx = kontor.db.begin().await.unwrap();
        let inner = tx.begin().await.unwrap();
        all(&inner, &[entry(2, 1, 5), entry(2, 2, -5), seal(kontor, 2)]).await.unwrap();
        inner.commit().await.unwrap();
        tx.commit().await.unwrap();
        let claimed =
            seal(kontor, 3).replace("day, at)", "day, at, sealed_by)").replace(", 7, 1)", ", 7, 1, '3')");
        let words = refused(kontor, &[entry(3, 1, 5), entry(3, 2, -5), claimed]).await.unwrap_or_default();
        assert!(words.contains("does not sum to zero"), "a seal in another's name answered {words:?}");
    }
}

//! Every query of the ledger walks an index: EXPLAIN on 20,000 analysed transactions.

use super::testing::*;
use crate::{
    kernel::{
        id::{OrgId, TransactionId},
        instant::Instant,
        money::{Currency, Money},
        testing::{Bench, analyse, plan_of},
    },
    ledger::{
        Account, Draft, EVERYBODY, LinePlace, LineQuery,
        rows::{journal, line, sum},
    },
};

/// Transactions of two entries by 400 partners, on 800 days.
async fn twenty_thousand(bench: &Bench) -> (OrgId, TransactionId) {
    let kontor = &bench.kontor;
    let owners: Vec<OrgId> = (0..400).map(|_| kontor.id()).collect();
    let mut last = None;
    let accounts = Account::ALL;
    for from in (0..20_000usize).step_by(1_000) {
        let batch: Vec<_> = (from..from + 1_000)
            .map(|n| {
                let cause = crate::ledger::Cause::ALL[n % 5];
                let at = Instant(FIRST.start().0 + (n as i64) * 3_456_000);
                let (owner, amount) = (owners[n % 400], Money::new(n as i64 + 1, Currency::ALL[n % 2]));
                let (debit, credit) = (accounts[n % 7], accounts[7 + n % 8]);
                let draft = Draft::new(cause, new_id(kontor), ENTITIES[n % 3], at).org(owner);
                draft.debit(debit, owner, amount).credit(credit, EVERYBODY, amount).build().unwrap()
            })
            .collect();
        last = posted_now(kontor, &batch).await.pop();
    }
    analyse(kontor).await;
    (owners[7], last.unwrap())
}

#[tokio::test]
async fn every_query_walks_its_index() {
    for bench in Bench::all().await {
        let kontor = &bench.kontor;
        let (owner, last) = twenty_thousand(&bench).await;
        let backend = kontor.db.backend();
        let accounts = [Account::Receivable, Account::Sales];
        let (from, until) = (FIRST.plus(100), FIRST.plus(130));
        let postgres = kontor.db.is_postgres();
        let own = if postgres { "ledger_day_pkey" } else { "USING PRIMARY KEY (owner_id=? AND account=?" };
        let mut plans = Vec::new();
        for of in [owner, EVERYBODY] {
            plans.push((own, plan_of(kontor, sum::balances_statement(backend, of, &accounts)).await));
            let days = sum::days_statement(backend, of, &accounts, from, until);
            plans.push((own, plan_of(kontor, days).await));
        }
        // Small pages, for on so few rows PostgreSQL likes to read whole tables: half of a partner's time; of everybody's, hours: half of all entries are best read in one go.
        let at = sum::balances_at_statement(backend, owner, FIRST.plus(200).start());
        plans.push(("ledger_entry_owner", plan_of(kontor, at).await));
        let at = sum::balances_at_statement(backend, EVERYBODY, FIRST.start().plus_hours(12));
        plans.push(("ledger_transaction_at", plan_of(kontor, at).await));
        let place = LinePlace { day: until, transaction: last, line: 1 };
        for (of, index) in [(owner, "ledger_entry_owner"), (EVERYBODY, "ledger_entry_account")] {
            for after in [None, Some(place)] {
                let query = LineQuery {
                    owner: Some(of),
                    accounts: Vec::new(),
                    entity: None,
                    currency: Currency::Eur,
                    from,
                    until,
                    after,
                };
                let lines = line::of_account_statement(backend, of, Account::Receivable, &query, 21);
                plans.push((index, plan_of(kontor, lines).await));
            }
        }
        let few = [owner, kontor.id(), kontor.id()];
        let of_orgs = sum::of_orgs_statement(backend, owner, &few, &accounts, from, until);
        plans.push(("ledger_transaction_org", plan_of(kontor, of_orgs).await));
        let of_owners = sum::of_owners_statement(backend, &few, &accounts, from, until);
        plans.push((own, plan_of(kontor, of_owners).await));
        for after in [None, Some((FIRST.plus(200).start(), last))] {
            let page = journal::page_statement(backend, after, None, 20);
            plans.push(("ledger_transaction_at", plan_of(kontor, page).await));
        }
        for (index, plan) in plans {
            assert!(plan.contains(index), "{}: {index} in\n{plan}", bench.name);
            // The organisations' table is empty here: reading it whole is the shortest way.
            for line in plan.lines().filter(|l| l.contains("ledger")) {
                for bad in ["Seq Scan", "SCAN "] {
                    let whole = line.contains(bad) && !line.contains("USING");
                    assert!(!whole, "{}: {line} in\n{plan}", bench.name);
                }
            }
        }
    }
}

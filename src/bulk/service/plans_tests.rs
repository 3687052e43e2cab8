//! The lists of runs and of their rows walk their indexes: EXPLAIN on 20,000 analysed rows.

use crate::{
    bulk::{
        Operation, PAGE, RUNS, RowState, RunStatus,
        rows::{bulk_row, bulk_run},
    },
    kernel::{
        Kontor,
        id::{BulkId, OrgId},
        money::Currency,
        testing::{Bench, analyse, plan_of},
    },
};
use sea_orm::{EntityTrait, QueryTrait};

/// 5,000 runs of ten partners, 20,000 rows: the half of them of the first run.
async fn twenty_thousand(kontor: &Kontor) -> (OrgId, BulkId) {
    let tx = kontor.db.begin().await.unwrap();
    let partners: Vec<OrgId> = (0..10).map(|_| kontor.id()).collect();
    let runs: Vec<bulk_run::Model> = (0..5_000).map(|n| run(kontor, partners[n % 10], n)).collect();
    for chunk in runs.chunks(500) {
        let models = chunk.iter().cloned().map(bulk_run::ActiveModel::from);
        bulk_run::Entity::insert_many(models).exec_without_returning(&tx).await.unwrap();
    }
    for from in (0..20_000usize).step_by(500) {
        let rows = (from..from + 500).map(|n| {
            let run = if n % 2 == 0 { &runs[0] } else { &runs[1 + n % 4_999] };
            bulk_row::ActiveModel::from(bulk_row::Model {
                run_id: run.id,
                position: i64::try_from(n).unwrap(),
                org_id: kontor.id(),
                name: format!("Kunde {n}"),
                state: RowState::ALL[n / 2 % RowState::ALL.len()],
                seen_version: 1,
                seats_before: Some(10),
                seats_after: Some(12),
                effective_on: None,
                amount: Some(685),
                currency: Some(Currency::Eur),
                problem: None,
                change_id: None,
            })
        });
        bulk_row::Entity::insert_many(rows).exec_without_returning(&tx).await.unwrap();
    }
    tx.commit().await.unwrap();
    analyse(kontor).await;
    (partners[0], runs[0].id)
}

fn run(kontor: &Kontor, partner: OrgId, n: usize) -> bulk_run::Model {
    bulk_run::Model {
        id: kontor.id(),
        partner_id: partner,
        operation: Operation::SeatsUp,
        seats: 2,
        status: RunStatus::Done,
        total: 200,
        request_key: format!("request-{n}"),
        account_id: kontor.id(),
        session_id: kontor.id(),
        by_label: "ada@partner.test".into(),
        ip: String::new(),
        created_at: kontor.now(),
        tried_at: None,
        started_at: None,
        done_at: None,
        version: 1,
    }
}

#[tokio::test]
async fn runs_and_their_rows_walk_their_indexes() {
    for bench in Bench::all().await {
        let kontor = &bench.kontor;
        let (partner, run) = twenty_thousand(kontor).await;
        let backend = kontor.db.backend();
        let key = if kontor.db.is_postgres() { "bulk_row_pkey" } else { "sqlite_autoindex_bulk_row_1" };
        let waiting = Some(RowState::Waiting);
        let mut plans = Vec::new();
        for (index, state, after) in [
            (key, None, None),
            (key, None, Some(5_000)),
            ("bulk_row_state", waiting, None),
            ("bulk_row_state", waiting, Some(5_000)),
        ] {
            let page = bulk_row::page(run, state, after, PAGE).build(backend);
            plans.push((index, plan_of(kontor, page).await));
        }
        let runs = bulk_run::latest(partner, RUNS).build(backend);
        plans.push(("bulk_run", plan_of(kontor, runs).await));
        for (index, plan) in plans {
            assert!(plan.contains(index), "{}: {index} in\n{plan}", bench.name);
            for bad in ["Seq Scan", "SCAN ", "TEMP B-TREE", "Sort Key"] {
                assert!(!plan.contains(bad), "{}: {bad} in\n{plan}", bench.name);
            }
        }
        // The sums are read off an index that holds all they are made of.
        let sums = plan_of(kontor, bulk_row::summing(backend, run)).await;
        let index = if kontor.db.is_postgres() {
            "Index Only Scan using bulk_row_sum"
        } else {
            "COVERING INDEX bulk_row_sum"
        };
        assert!(sums.contains(index), "{}: {sums}", bench.name);
    }
}

//! Random histories of partners' customers: list and counters always say what the rooms say.

use crate::{
    delegation::{GrantStatus, rows::grant},
    domain::{DomainStatus, rows::domain},
    kernel::{Kontor, id::OrgId, instant::Day, right::Role, testing::Bench},
    mapping::{
        CustomerQuery, CustomerStatus, MappingStatus,
        rows::{
            count, customer,
            facts::{self, Facts},
            mapping,
        },
        service::{customers, rebuild_counters, refresh, verify_counters},
        testing::*,
    },
    organisation::{OrgStatus, rows::organisation},
    subscription::{Plan, SubscriptionStatus, rows::subscription},
};
use proptest::{
    prelude::*,
    sample::select,
    test_runner::{Config, TestRunner},
};
use sea_orm::{ColumnTrait, DatabaseTransaction, EntityTrait, QueryFilter, sea_query::Expr};

/// Something that happens to one customer.
#[derive(Debug, Clone)]
enum Change {
    Rename(String),
    Verify(bool),
    AddDomain,
    AddMember,
    Subscribe(SubscriptionStatus, Plan, Option<i32>),
    Organisation(OrgStatus),
    EndMapping,
    Map(usize),
    Grant(GrantStatus),
    EndGrants(GrantStatus),
}

fn any_change() -> impl Strategy<Value = Change> {
    let status = select(SubscriptionStatus::ALL);
    prop_oneof![
        "[A-ZÄÖÜ][a-zäöüß%_ ]{2,12}".prop_map(Change::Rename),
        any::<bool>().prop_map(Change::Verify),
        Just(Change::AddDomain),
        Just(Change::AddMember),
        (status, select(Plan::ALL), proptest::option::of(24_900i32..25_100))
            .prop_map(|(s, p, d)| Change::Subscribe(s, p, d)),
        select(OrgStatus::ALL).prop_map(Change::Organisation),
        Just(Change::EndMapping),
        (0usize..2).prop_map(Change::Map),
        select(GrantStatus::ALL).prop_map(Change::Grant),
        select(&[GrantStatus::Revoked, GrantStatus::Expired][..]).prop_map(Change::EndGrants),
    ]
}

/// Which of four customers, what happens, and whether the transaction commits.
fn any_history() -> impl Strategy<Value = Vec<(usize, Vec<Change>, bool)>> {
    let step = (0usize..4, prop::collection::vec(any_change(), 1..4), prop::bool::weighted(0.9));
    prop::collection::vec(step, 1..12)
}

async fn apply(kontor: &Kontor, tx: &DatabaseTransaction, org: OrgId, partners: &[OrgId], change: Change) {
    match change {
        Change::Rename(name) => {
            let rename = organisation::Entity::update_many()
                .col_expr(organisation::Column::Name, Expr::value(name))
                .filter(organisation::Column::Id.eq(org));
            rename.exec(tx).await.unwrap();
        }
        Change::Verify(yes) => {
            let status = if yes { DomainStatus::Verified } else { DomainStatus::Lapsed };
            let change = domain::Entity::update_many()
                .col_expr(domain::Column::Status, Expr::value(status))
                .filter(domain::Column::OrgId.eq(org))
                .filter(domain::Column::IsPrimary.eq(true));
            change.exec(tx).await.unwrap();
        }
        Change::AddDomain => {
            let name = format!("{}.test", kontor.token().to_lowercase().replace('_', "x"));
            insert_domain(kontor, tx, org, &name, false, false).await;
        }
        Change::AddMember => {
            let email = format!("{}@kunde.test", kontor.token().to_lowercase());
            insert_member(kontor, tx, org, &email, Role::User).await;
        }
        Change::Subscribe(status, plan, ends) => {
            let change = subscription::Entity::update_many()
                .col_expr(subscription::Column::Status, Expr::value(status))
                .col_expr(subscription::Column::Plan, Expr::value(plan))
                .col_expr(subscription::Column::EndsOn, Expr::value(ends))
                .filter(subscription::Column::OrgId.eq(org));
            change.exec(tx).await.unwrap();
        }
        Change::Organisation(status) => {
            let change = organisation::Entity::update_many()
                .col_expr(organisation::Column::Status, Expr::value(status))
                .filter(organisation::Column::Id.eq(org));
            change.exec(tx).await.unwrap();
        }
        Change::EndMapping => end_mappings(tx, org).await,
        Change::Map(partner) => {
            end_mappings(tx, org).await;
            insert_mapping(kontor, tx, partners[partner], org).await;
        }
        Change::Grant(status) => {
            end_grants(tx, org, GrantStatus::Expired).await;
            insert_grant(kontor, tx, partners[0], org, status).await;
        }
        Change::EndGrants(status) => end_grants(tx, org, status).await,
    }
}

async fn end_mappings(tx: &DatabaseTransaction, org: OrgId) {
    let end = mapping::Entity::update_many()
        .col_expr(mapping::Column::Status, Expr::value(MappingStatus::Ended))
        .filter(mapping::Column::OrgId.eq(org));
    end.exec(tx).await.unwrap();
}

async fn end_grants(tx: &DatabaseTransaction, org: OrgId, status: GrantStatus) {
    let end = grant::Entity::update_many()
        .col_expr(grant::Column::Status, Expr::value(status))
        .filter(grant::Column::OrgId.eq(org))
        .filter(grant::Column::Status.eq(GrantStatus::Active));
    end.exec(tx).await.unwrap();
}

/// Counters, list and rooms agree.
async fn check(kontor: &Kontor, orgs: &[OrgId], partners: &[OrgId]) {
    let report = verify_counters(kontor).await.unwrap();
    assert!(report.is_clean(), "{report:?}");
    let tx = kontor.db.begin().await.unwrap();
    let mut all = Vec::new();
    for org in orgs {
        let mut rows = customer::of(&tx, vec![*org]).await.unwrap();
        all.extend(rows.clone());
        rows.iter_mut().for_each(|r| r.id = 0);
        let truth: Vec<_> =
            facts::gather(&tx, vec![*org]).await.unwrap().into_iter().map(Facts::row).collect();
        assert_eq!(rows, truth);
    }
    tx.rollback().await.unwrap();
    for partner in partners {
        let page = customers(kontor, &as_partner(*partner), &CustomerQuery::default()).await.unwrap();
        let own: Vec<_> = all.iter().filter(|r| r.partner_id == *partner).collect();
        let count = |test: &dyn Fn(&customer::Model) -> bool| own.iter().filter(|r| test(r)).count() as i64;
        assert_eq!(page.facets.all, count(&|r| r.listed));
        assert_eq!(page.facets.withdrawn, count(&|r| !r.listed));
        assert_eq!(page.facets.unverified, count(&|r| r.listed && !r.verified));
        for status in CustomerStatus::ALL {
            assert_eq!(page.facets.in_status(*status), count(&|r| r.listed && r.status == *status));
        }
        assert_eq!(page.cards.len() as i64, page.facets.all.min(24));
    }
}

#[test]
fn counters_and_list_follow_every_history() {
    let runtime = tokio::runtime::Runtime::new().unwrap();
    let benches = runtime.block_on(Bench::all());
    for bench in benches {
        let kontor = &bench.kontor;
        let partners = runtime
            .block_on(async { [new_partner(kontor, "Nordlicht").await, new_partner(kontor, "Alpen").await] });
        let mut runner =
            TestRunner::new(Config { cases: 24, failure_persistence: None, ..Config::default() });
        let outcome = runner.run(&any_history(), |history| {
            runtime.block_on(async {
                let mut orgs = Vec::new();
                for _ in 0..4 {
                    let domain = format!("{}.test", kontor.token().to_lowercase().replace('_', "x"));
                    let new = NewCustomer { domain: &domain, ..NewCustomer::default() };
                    orgs.push(new_customer(kontor, partners[0], new).await);
                }
                for (which, changes, commits) in history {
                    let tx = kontor.db.begin().await.unwrap();
                    for change in changes {
                        apply(kontor, &tx, orgs[which], &partners, change).await;
                    }
                    refresh(kontor, &tx, orgs[which]).await.unwrap();
                    match commits {
                        true => tx.commit().await.unwrap(),
                        false => tx.rollback().await.unwrap(),
                    }
                }
                check(kontor, &orgs, &[]).await;
                // Later cases begin with an empty list.
                for org in orgs {
                    let tx = kontor.db.begin().await.unwrap();
                    end_mappings(&tx, org).await;
                    refresh(kontor, &tx, org).await.unwrap();
                    tx.commit().await.unwrap();
                }
                let page =
                    customers(kontor, &as_partner(partners[0]), &CustomerQuery::default()).await.unwrap();
                assert_eq!((page.facets.all, page.facets.withdrawn), (0, 0));
            });
            Ok(())
        });
        if let Err(failure) = outcome {
            panic!("on {}: {failure}", bench.name);
        }
    }
}

#[tokio::test]
async fn a_second_refresh_moves_nothing_and_rebuild_mends() {
    for bench in Bench::all().await {
        let kontor = &bench.kontor;
        let partner = new_partner(kontor, "Nordlicht").await;
        let org = new_customer(kontor, partner, NewCustomer::default()).await;
        for _ in 0..2 {
            let tx = kontor.db.begin().await.unwrap();
            refresh(kontor, &tx, org).await.unwrap();
            tx.commit().await.unwrap();
        }
        check(kontor, &[org], &[partner]).await;

        // A partner's people as such have no row anywhere.
        let tx = kontor.db.begin().await.unwrap();
        refresh(kontor, &tx, partner).await.unwrap();
        let mut moves = count::Moves::default();
        moves.add(&customer::of(&tx, vec![org]).await.unwrap()[0], 3);
        moves.write(&tx).await.unwrap();
        end_mappings(&tx, org).await;
        tx.commit().await.unwrap();
        let report = verify_counters(kontor).await.unwrap();
        assert_eq!(report.strays, [org]);
        assert!(report.differences.iter().any(|d| d.contains("all=: counter 4, rows 1")), "{report:?}");
        rebuild_counters(kontor).await.unwrap();
        check(kontor, &[org], &[partner]).await;
    }
}

#[tokio::test]
async fn two_nodes_at_once_count_once() {
    for bench in Bench::all().await {
        let kontor = &bench.kontor;
        let partner = new_partner(kontor, "Nordlicht").await;
        let org = new_customer(kontor, partner, NewCustomer::default()).await;
        let one = async |day: i32| {
            let tx = kontor.db.begin().await.unwrap();
            let change = Change::Subscribe(SubscriptionStatus::Trial, Plan::Professional, Some(day));
            apply(kontor, &tx, org, &[partner], change).await;
            refresh(kontor, &tx, org).await.unwrap();
            tx.commit().await.unwrap();
        };
        futures::future::join_all((0..8).map(|n| one(Day(25_000 + n).0))).await;
        check(kontor, &[org], &[partner]).await;
    }
}

//! What renewals read for a whole batch walks indexes: EXPLAIN on 20,000 analysed rows.

use crate::{
    delegation::{GrantKind, GrantStatus, RenewBy, rows::grant},
    kernel::{
        Kontor,
        db::insert_all,
        id::{Id, OrgId, SubscriptionId},
        instant::Day,
        money::Currency,
        right::OrgKind,
        testing::{Bench, analyse, plan_of},
    },
    mapping::{MappingSource, MappingStatus, rows::mapping},
    organisation::{OrgStatus, rows::organisation},
    subscription::{
        ChangeKind, ChangeStatus, Plan, Service, SubscriptionStatus, Term,
        authority::Side,
        change::Payer,
        rows::{subscription, subscription_change},
    },
};
use sea_orm::QueryTrait;

/// Customers of a hundred partners, each with a term that runs, what made it and what went before, and a grant that is
/// over. Answers some of them.
async fn twenty_thousand(kontor: &Kontor, today: Day) -> Vec<(OrgId, SubscriptionId)> {
    let at = today.start();
    let org = |kind, n: u32| organisation::Model {
        id: kontor.id(),
        kind,
        name: format!("Haus {n}"),
        country: "DE".into(),
        status: OrgStatus::Active,
        created_at: at,
        second_factor_required: false,
        version: 1,
    };
    let partners: Vec<_> = (0..100).map(|n| org(OrgKind::Partner, n)).collect();
    let orgs: Vec<_> = (0..20_000).map(|n| org(OrgKind::Customer, n)).collect();
    let (mut subscriptions, mut changes, mut mappings, mut grants) = (vec![], vec![], vec![], vec![]);
    let mut some = Vec::new();
    for (n, org) in (0i32..).zip(&orgs) {
        let partner_id = partners[n as usize % partners.len()].id;
        let started = today.plus(-(n % 365));
        let row = subscription::Model {
            plan: Plan::Standard,
            status: SubscriptionStatus::Active,
            term: Term::Yearly,
            term_started: Some(started),
            ends_on: Some(started.plus(364)),
            payer: Some(Payer::Partner),
            currency: Some(Currency::Eur),
            ..subscription::Model::free(kontor.id(), org.id, 10, at)
        };
        for before in 0..4 {
            changes.push(subscription_change::ActiveModel::from(subscription_change::Model {
                id: kontor.id(),
                org_id: org.id,
                subscription_id: row.id,
                partner_id: Some(partner_id),
                kind: ChangeKind::Renewal,
                status: if before == 3 { ChangeStatus::Undone } else { ChangeStatus::Applied },
                content: "{}".into(),
                effective_on: started.plus(-365 * before),
                list_amount: 0,
                discount: 0,
                tax: 0,
                total: 0,
                currency: Currency::Eur,
                payer: Payer::Partner,
                payment_id: None,
                invoice_id: None,
                replaces: None,
                request_key: format!("renewal-{before}"),
                by_side: Side::Programme,
                by_label: String::new(),
                reason: String::new(),
                created_at: at,
                decided_at: None,
                expires_at: None,
                version: 1,
            }));
        }
        mappings.push(mapping::ActiveModel::from(mapping::Model {
            id: kontor.id(),
            partner_id,
            org_id: org.id,
            service: Service::Workplace,
            status: if n % 10 == 0 { MappingStatus::Ended } else { MappingStatus::Active },
            source: MappingSource::Seed,
            since: at,
            ended_at: None,
            ended_why: None,
            notice_until: None,
            baseline_plan: None,
            baseline_seats: 0,
            baseline_addon_units: 0,
        }));
        grants.push(grant::ActiveModel::from(grant::Model {
            id: kontor.id(),
            org_id: org.id,
            partner_id,
            capabilities: String::new(),
            kind: GrantKind::Agreed,
            days: 365,
            renewal: RenewBy::Customer,
            reason: String::new(),
            granted_by: String::new(),
            status: GrantStatus::Expired,
            from_at: at,
            until_at: at,
            ended_at: None,
            ended_by: None,
            version: 1,
        }));
        if n % 400 == 1 {
            some.push((org.id, row.id));
        }
        subscriptions.push(subscription::ActiveModel::from(row));
    }
    let tx = kontor.db.begin().await.unwrap();
    let orgs = partners.into_iter().chain(orgs).map(organisation::ActiveModel::from).collect();
    insert_all::<organisation::ActiveModel>(&tx, orgs, None).await.unwrap();
    insert_all(&tx, subscriptions, None).await.unwrap();
    insert_all(&tx, changes, None).await.unwrap();
    insert_all(&tx, mappings, None).await.unwrap();
    insert_all(&tx, grants, None).await.unwrap();
    tx.commit().await.unwrap();
    analyse(kontor).await;
    some
}

#[tokio::test]
async fn what_a_batch_reads_walks_indexes() {
    for bench in Bench::all().await {
        let kontor = &bench.kontor;
        let today = kontor.now().day();
        let (orgs, subscriptions): (Vec<_>, Vec<_>) =
            twenty_thousand(kontor, today).await.into_iter().unzip();
        let backend = kontor.db.backend();
        let place = Some((today.plus(-2), SubscriptionId::from_uuid(uuid::Uuid::max())));
        let ended = |after| subscription::ended_query(today, after, 200).build(backend);
        let statements = [
            ("ended", ended(None), "subscription_end"),
            ("ended, further on", ended(place), "subscription_end"),
            (
                "open changes",
                subscription_change::open_query(subscriptions.clone()).build(backend),
                "subscription_change_open",
            ),
            (
                "changes of the term",
                subscription_change::of_terms_query(subscriptions).build(backend),
                "subscription_change_term",
            ),
            ("mappings", mapping::active_query(orgs.clone()).build(backend), "mapping_active"),
            ("grants", grant::standings_query(orgs).build(backend), "access_grant_of"),
        ];
        for (what, statement, index) in statements {
            let plan = plan_of(kontor, statement).await;
            assert!(plan.contains(index), "{} {what}: {index} in\n{plan}", bench.name);
            for line in plan.lines() {
                let whole = line.contains("Seq Scan") || line.contains("SCAN ") && !line.contains("USING");
                assert!(!whole, "{} {what}: {line} in\n{plan}", bench.name);
            }
        }
    }
}

//! Whoever signs in is found by an index: EXPLAIN on 20,000 analysed rows.
#![allow(clippy::disallowed_methods, reason = "the statements that are explained, as rows.rs makes them")]

use crate::{
    identity::rows::{identity_link, identity_provider, sign_in_try},
    kernel::{
        id::{IdentityProviderId, OrgId},
        right::OrgKind,
        testing::{Bench, analyse, plan_of},
    },
    organisation::service::stage::organisation,
};
use sea_orm::{EntityTrait, QueryTrait};

#[expect(clippy::disallowed_methods, reason = "a test looks at the plans of rows.rs")]
#[tokio::test]
async fn providers_and_those_they_know_are_found_by_an_index() {
    for bench in Bench::all().await {
        let kontor = &bench.kontor;
        let mut orgs: Vec<OrgId> = Vec::new();
        for n in 0..20 {
            orgs.push(organisation(&bench, OrgKind::Customer, &format!("Kunde {n}")).await);
        }
        let tx = kontor.db.begin().await.unwrap();
        let mut ids = Vec::<IdentityProviderId>::new();
        for chunk in 0..40 {
            let rows: Vec<_> = (0..500usize).map(|n| provider(&bench, orgs[(chunk + n) % 20])).collect();
            ids.extend(rows.iter().map(|row| row.id));
            let rows = rows.into_iter().map(identity_provider::ActiveModel::from);
            identity_provider::Entity::insert_many(rows).exec_without_returning(&tx).await.unwrap();
            let known = (0..500usize).map(|n| identity_link::Model {
                provider_id: ids[n % 10],
                issuer: "https://own.example".into(),
                subject: format!("{chunk}-{n}"),
                account_id: kontor.id(),
                created_at: kontor.now(),
                used_at: kontor.now(),
            });
            let known = known.map(identity_link::ActiveModel::from);
            identity_link::Entity::insert_many(known).exec_without_returning(&tx).await.unwrap();
            let tries = (0..500usize).map(|n| {
                sign_in_try::ActiveModel::from(sign_in_try::Model {
                    state_hash: format!("{chunk}-{n}"),
                    provider_id: ids[0],
                    browser_hash: "b".into(),
                    next: "/".into(),
                    expires_at: kontor.now(),
                })
            });
            sign_in_try::Entity::insert_many(tries).exec_without_returning(&tx).await.unwrap();
        }
        tx.commit().await.unwrap();
        analyse(kontor).await;
        let backend = kontor.db.backend();
        for statement in [
            identity_provider::of(None).build(backend),
            identity_provider::of(Some(orgs[3])).build(backend),
            identity_link::Entity::find_by_id((ids[0], "https://own.example".to_owned(), "3-3".to_owned()))
                .build(backend),
            sign_in_try::Entity::find_by_id("3-3").build(backend),
        ] {
            let plan = plan_of(kontor, statement.clone()).await;
            let walks = plan.contains("Seq Scan") || plan.contains("SCAN ");
            assert!(!walks, "{}: {}\n{plan}", bench.name, statement.sql);
        }
    }
}

fn provider(bench: &Bench, org: OrgId) -> identity_provider::Model {
    identity_provider::Model {
        id: bench.kontor.id(),
        org_id: Some(org),
        name: "Own".into(),
        issuer: "https://own.example".into(),
        client_id: "kontor".into(),
        client_secret: None,
        scopes: String::new(),
        active: true,
        required: false,
        creates_people: false,
        default_role: None,
        role_claim: String::new(),
        role_map: String::new(),
        trusts_factor: false,
        created_at: bench.kontor.now(),
        version: 1,
    }
}

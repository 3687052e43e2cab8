//! Domains and what belongs to them are found by an index: EXPLAIN on 20,000 analysed rows.
#![allow(clippy::disallowed_methods, reason = "the statements that are explained, as rows.rs makes them")]

use crate::{
    domain::{
        DomainStatus,
        rows::{domain, domain_mail},
    },
    kernel::{
        id::OrgId,
        right::OrgKind,
        testing::{Bench, analyse, plan_of},
    },
    organisation::service::stage::organisation,
};
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter, QueryTrait};

#[tokio::test]
async fn a_domains_mail_and_an_organisations_are_found_by_an_index() {
    for bench in Bench::all().await {
        let kontor = &bench.kontor;
        let mut orgs: Vec<OrgId> = Vec::new();
        for n in 0..40 {
            orgs.push(organisation(&bench, OrgKind::Customer, &format!("Kunde {n}")).await);
        }
        let tx = kontor.db.begin().await.unwrap();
        let mut one = None;
        for (chunk, org) in orgs.iter().enumerate() {
            let rows: Vec<_> = (0..500).map(|n| domain_row(&bench, *org, chunk, n)).collect();
            one = rows.first().map(|row| row.id);
            let mails = rows
                .iter()
                .map(|row| domain_mail::ActiveModel::from(mail_row(&bench, row)))
                .collect::<Vec<_>>();
            let rows = rows.into_iter().map(domain::ActiveModel::from);
            domain::Entity::insert_many(rows).exec_without_returning(&tx).await.unwrap();
            domain_mail::Entity::insert_many(mails).exec_without_returning(&tx).await.unwrap();
        }
        tx.commit().await.unwrap();
        analyse(kontor).await;
        let backend = kontor.db.backend();
        let (org, id) = (orgs[39], one.unwrap());
        for statement in [
            domain_mail::Entity::find_by_id(id).filter(domain_mail::Column::OrgId.eq(org)).build(backend),
            domain_mail::Entity::find().filter(domain_mail::Column::OrgId.eq(org)).build(backend),
            domain::Entity::find()
                .filter(domain::Column::OrgId.eq(org))
                .filter(domain::Column::IsPrimary.eq(true))
                .build(backend),
            domain::Entity::find_by_id(id).filter(domain::Column::OrgId.eq(org)).build(backend),
        ] {
            let plan = plan_of(kontor, statement.clone()).await;
            let walks = plan.contains("Seq Scan") || plan.contains("SCAN ");
            assert!(!walks, "{}: {}\n{plan}", bench.name, statement.sql);
        }
    }
}

fn domain_row(bench: &Bench, org: OrgId, chunk: usize, n: usize) -> domain::Model {
    let name = format!("d{n}-{chunk}.example");
    domain::Model {
        id: bench.kontor.id(),
        org_id: org,
        name: name.clone(),
        verified_name: Some(name),
        is_primary: n == 0,
        status: DomainStatus::Verified,
        token: "t".into(),
        method: None,
        verified_at: Some(bench.kontor.now()),
        checked_at: None,
        last_check: None,
        created_at: bench.kontor.now(),
        version: 1,
        pending_since: None,
        next_check_at: None,
        lost_at: None,
    }
}

fn mail_row(bench: &Bench, row: &domain::Model) -> domain_mail::Model {
    domain_mail::Model {
        domain_id: row.id,
        org_id: row.org_id,
        key_no: 1,
        selector: "kontor".into(),
        public_key: "AAAA".into(),
        private_key: vec![1],
        key_at: bench.kontor.now(),
        key_seen: true,
        old_selector: None,
        old_public_key: None,
        old_private_key: None,
        lamps: "[]".into(),
        looked_at: None,
        next_look_at: None,
        version: 1,
    }
}

//! The lists of people and jobs walk their indexes: EXPLAIN on 20,000 analysed rows.

use super::stage::*;
use crate::{
    job::{JobKind, JobStatus, rows::job},
    kernel::{
        Kontor,
        id::OrgId,
        right::{OrgKind, Role},
        testing::{Bench, analyse, plan_of},
    },
    organisation::{MemberStatus, rows::member},
};
use sea_orm::{EntityTrait, QueryTrait};

/// 20,000 people and jobs: 8,000 of the first of ten organisations. One account is enough for all places but
/// its own.
async fn twenty_thousand(bench: &Bench) -> Vec<OrgId> {
    let kontor = &bench.kontor;
    let mut orgs = Vec::new();
    for n in 0..10 {
        orgs.push(organisation(bench, OrgKind::Customer, &format!("Kunde {n}")).await);
    }
    let of = |n: u32| orgs[if n % 5 < 2 { 0 } else { 1 + n as usize % 9 }];
    let tx = kontor.db.begin().await.unwrap();
    for from in (0..20_000u32).step_by(500) {
        let chunk = from..from + 500;
        let accounts = chunk.clone().map(|n| account(kontor, n)).collect::<Vec<_>>();
        let members = chunk.clone().zip(&accounts).map(|(n, account)| {
            member::ActiveModel::from(member::Model {
                id: kontor.id(),
                org_id: of(n),
                account_id: account.id,
                role: Role::User,
                status: MemberStatus::Active,
                store_role_id: None,
                licensed: true,
                sort_key: format!("name {:05}", n * 7919 % 20_000),
                created_at: kontor.now(),
                version: 1,
            })
        });
        let members = members.collect::<Vec<_>>();
        let accounts = accounts.into_iter().map(crate::account::rows::account::ActiveModel::from);
        crate::account::rows::account::Entity::insert_many(accounts)
            .exec_without_returning(&tx)
            .await
            .unwrap();
        member::Entity::insert_many(members).exec_without_returning(&tx).await.unwrap();
        let jobs = chunk.map(|n| {
            job::ActiveModel::from(job::Model {
                id: kontor.id(),
                kind: JobKind::Mail.key().into(),
                unique_key: None,
                payload: "{}".into(),
                status: JobStatus::ALL[n as usize % JobStatus::ALL.len()],
                due_at: kontor.now().plus_minutes(i64::from(n)),
                lease_until: None,
                attempts: 0,
                last_error: None,
                created_at: kontor.now(),
                done_at: None,
            })
        });
        job::Entity::insert_many(jobs).exec_without_returning(&tx).await.unwrap();
    }
    tx.commit().await.unwrap();
    analyse(kontor).await;
    orgs
}

fn account(kontor: &Kontor, n: u32) -> crate::account::rows::account::Model {
    crate::account::rows::account::Model {
        id: kontor.id(),
        email: format!("user{n}@mail.example"),
        email_key: format!("user{n}@mail.example"),
        first_name: "Ada".into(),
        last_name: "Beispiel".into(),
        password_hash: None,
        locale: crate::kernel::locale::Locale::En,
        locale_chosen: false,
        theme: crate::kernel::locale::Theme::System,
        confirmed_at: None,
        totp_secret: None,
        totp_on: false,
        totp_last_step: 0,
        passkeys: 0,
        suspended: false,
        created_at: kontor.now(),
    }
}

#[tokio::test]
async fn people_and_jobs_walk_their_indexes() {
    for bench in Bench::all().await {
        let kontor = &bench.kontor;
        let orgs = twenty_thousand(&bench).await;
        let org = orgs[0];
        let first = member::page(org, None, None, None, false, 50).all(kontor.db.read()).await.unwrap();
        let last = first.last();
        let backend = kontor.db.backend();
        let people = [
            member::page(org, None, None, None, false, 50),
            member::page(org, None, None, last, false, 50),
            member::page(org, None, None, last, true, 50),
            member::page(org, None, Some("%name 00%".into()), last, false, 50),
        ];
        let mut plans: Vec<(&str, String)> = Vec::new();
        for select in people {
            plans.push(("member_sort", plan_of(kontor, select.build(backend)).await));
        }
        plans.push(("job_due", plan_of(kontor, job::failed_ones(50).build(backend)).await));
        for (index, plan) in plans {
            assert!(plan.contains(index), "{}: {index} in\n{plan}", bench.name);
            for bad in ["Seq Scan", "SCAN ", "TEMP B-TREE", "Sort Key"] {
                assert!(!plan.contains(bad), "{}: {bad} in\n{plan}", bench.name);
            }
        }
    }
}

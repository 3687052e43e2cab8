//! Every list, order, filter, search and counter uses its index: EXPLAIN on 20,000 analysed rows.

use crate::{
    kernel::{
        Kontor,
        id::OrgId,
        instant::{Day, Instant},
        money::Currency,
        testing::{Bench, analyse, plan_of},
        text::fold,
    },
    mapping::{
        Access, CustomerStatus, Direction, Place, Sort,
        rows::{
            count,
            customer::{self, RenewingOf},
            gram,
            list::{self, Scope, Window},
        },
        search_text, words,
    },
    partner::Tier,
    subscription::{Plan, Service, Term, change::Payer},
};
use sea_orm::{ActiveValue::NotSet, ConnectionTrait, EntityTrait, IntoActiveModel};

/// 20,000 customers: 8,000 of the first of ten partners.
async fn twenty_thousand(kontor: &Kontor) -> OrgId {
    let partners: Vec<OrgId> = (0..10).map(|_| kontor.id()).collect();
    let mut rows: Vec<customer::Model> = (0..20_000u32)
        .map(|n| {
            let name =
                format!("Kunde {:05} {}", n * 7919 % 20_000, ["Bau", "Druck", "Optik"][n as usize % 3]);
            let domain = format!("kunde-{n}.test");
            customer::Model {
                id: 0,
                partner_id: partners[if n % 5 < 2 { 0 } else { 1 + n as usize % 9 }],
                org_id: kontor.id(),
                service: Service::Workplace,
                listed: n % 50 != 0,
                sort_key: fold(&name),
                domain_id: None,
                domains: domain.clone(),
                domain_count: 1,
                verified: n % 7 != 0,
                admin_email: format!("admin@{domain}"),
                plan: Plan::ALL[n as usize % 5],
                seats_used: 1,
                seats_total: 10,
                term: Term::Yearly,
                status: CustomerStatus::ALL[n as usize % 5],
                trial_started: None,
                ends_key: if n % 4 == 0 { customer::NO_END } else { Day(20_000 + (n % 365) as i32) },
                created_at: Instant(i64::from(n) * 60_000),
                access: Access::Granted,
                search_text: search_text([name.as_str(), &domain, &format!("admin@{domain}")]),
                domain,
                name,
                country: "DE".into(),
                currency: (n % 2 == 0).then_some(Currency::Eur),
                term_value: 12_000,
                payer: (n % 2 == 0).then_some(Payer::ALL[n as usize / 2 % 2]),
                renews: true,
                flagged: false,
            }
        })
        .collect();
    let tx = kontor.db.begin().await.unwrap();
    let numbered = gram::number_rows(&tx, &mut rows).await.unwrap().is_some();
    for chunk in rows.chunks(1_000) {
        let active = chunk.iter().cloned().map(|row| {
            let mut row = row.into_active_model();
            if !numbered {
                row.id = NotSet;
            }
            row
        });
        customer::Entity::insert_many(active).exec_without_returning(&tx).await.unwrap();
    }
    gram::put_all(&tx, &rows).await.unwrap();
    count::rebuild(&tx).await.unwrap();
    tx.commit().await.unwrap();
    // A programme has a thousand partners: counters of three would be read in one go whatever the index.
    let others = match kontor.db.is_postgres() {
        true => {
            "INSERT INTO customer_count SELECT gen_random_uuid(), 'status', 'trial', 0, 1 FROM generate_series(1, 3000)"
        }
        false => {
            "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 3000) \
             INSERT INTO customer_count SELECT randomblob(16), 'status', 'trial', 0, 1 FROM n"
        }
    };
    kontor.db.writer().execute_unprepared(others).await.unwrap();
    analyse(kontor).await;
    partners[0]
}

/// The plan walks the index and neither reads the whole table nor sorts what it reads.
fn walks(plan: &str, index: &str, what: &str) {
    let by_index = [
        format!("USING INDEX {index} "),
        format!("USING COVERING INDEX {index} "),
        format!("Index Scan using {index} "),
        format!("Index Only Scan using {index} "),
        format!("Index Scan Backward using {index} "),
    ];
    assert!(by_index.iter().any(|i| plan.contains(i)), "{what} should use {index}:\n{plan}");
    for bad in ["Seq Scan", "SCAN customer", "TEMP B-TREE", "Sort Key"] {
        assert!(!plan.contains(bad), "{what}: {bad} in\n{plan}");
    }
}

#[tokio::test]
async fn every_list_and_filter_walks_its_index() {
    for bench in Bench::all().await {
        let kontor = &bench.kontor;
        let partner = twenty_thousand(kontor).await;
        let backend = kontor.db.backend();
        let of = |owner| Scope { owner, ..Scope::default() };
        let scopes: Vec<(&str, Scope)> = [Some(partner), None]
            .into_iter()
            .flat_map(|owner| {
                [
                    ("all", of(owner)),
                    ("withdrawn", Scope { withdrawn: true, ..of(owner) }),
                    ("status", Scope { status: Some(CustomerStatus::Expired), ..of(owner) }),
                    ("plan", Scope { plan: Some(Plan::MailLite), ..of(owner) }),
                    ("unverified", Scope { verified: Some(false), ..of(owner) }),
                    (
                        "status and unverified",
                        Scope { status: Some(CustomerStatus::Trial), verified: Some(false), ..of(owner) },
                    ),
                    ("searched", Scope { words: words("druck"), ..of(owner) }),
                ]
            })
            .collect();
        let window = Window { sort: Sort::Name, direction: Direction::After, place: None, limit: 25 };
        for (owner, index) in [(Some(partner), "customer_country"), (None, "customer_all_country")] {
            let abroad = Scope { country: Some("AT".into()), ..of(owner) };
            let plan = plan_of(kontor, list::walk(backend, &abroad, &window)).await;
            walks(&plan, index, &format!("country on {}", bench.name));
        }
        for (what, scope) in scopes {
            let orders: &[(Sort, &str, Place)] = match scope.owner {
                Some(_) => &[
                    (Sort::Name, "customer_name", Place::Name("kunde 11".into(), 5)),
                    (Sort::Renewal, "customer_renewal", Place::Renewal(Day(20_100), 5)),
                    (Sort::Newest, "customer_newest", Place::Newest(Instant(900_000_000), 5)),
                ],
                None => &[
                    (Sort::Name, "customer_all_name", Place::Name("kunde 11".into(), 5)),
                    (Sort::Newest, "customer_all_newest", Place::Newest(Instant(900_000_000), 5)),
                ],
            };
            for (sort, index, place) in orders {
                for direction in Direction::ALL {
                    for place in [None, Some(place.clone())] {
                        let what = format!("{what} by {sort} {direction} {place:?} on {}", bench.name);
                        let window = Window { sort: *sort, direction: *direction, place, limit: 25 };
                        let plan = plan_of(kontor, list::walk(backend, &scope, &window)).await;
                        walks(&plan, index, &what);
                    }
                }
            }
        }
        let due = Scope {
            status: Some(CustomerStatus::Active),
            ends: Some((Day(20_100), Day(20_130))),
            ..of(Some(partner))
        };
        let window = Window { sort: Sort::Renewal, direction: Direction::After, place: None, limit: 25 };
        walks(&plan_of(kontor, list::walk(backend, &due, &window)).await, "customer_renewal", "due");
    }
}

#[tokio::test]
async fn what_renews_is_summed_from_an_index_alone() {
    for bench in Bench::all().await {
        let kontor = &bench.kontor;
        let partner = twenty_thousand(kontor).await;
        let covers = match kontor.db.is_postgres() {
            true => "Index Only Scan using customer_renewing ",
            false => "USING COVERING INDEX customer_renewing ",
        };
        for of in [
            RenewingOf::Partner(partner, Plan::ALL.iter().map(|plan| (*plan, 2_000)).collect()),
            RenewingOf::Everybody(Tier::ALL.iter().map(|tier| (*tier, 2_000)).collect()),
        ] {
            let days = (Day(20_100), Day(20_110));
            let plan = plan_of(kontor, customer::renewing_statement(kontor.db.backend(), &of, days)).await;
            assert!(plan.contains(covers), "{of:?} on {}:\n{plan}", bench.name);
            let alone = matches!(of, RenewingOf::Partner(..));
            assert!(!alone || !plan.contains("B-TREE") && !plan.contains("Sort"), "{}:\n{plan}", bench.name);
        }
    }
}

#[tokio::test]
async fn every_search_and_count_uses_its_index() {
    for bench in Bench::all().await {
        let kontor = &bench.kontor;
        let partner = twenty_thousand(kontor).await;
        let backend = kontor.db.backend();
        for q in ["kunde-777", "druck 1977", "qx"] {
            let scope = Scope { owner: Some(partner), words: words(q), ..Scope::default() };
            let window = Window { sort: Sort::Name, direction: Direction::After, place: None, limit: 25 };
            let by_gram = list::by_gram(backend, &scope, &window, 1_001);
            for statement in [by_gram, list::count_by_gram(backend, &scope, 1_001)] {
                let plan = plan_of(kontor, statement).await;
                let expected = match kontor.db.is_postgres() {
                    true => "Bitmap Index Scan on customer_gram",
                    false => "customer_gram VIRTUAL TABLE INDEX",
                };
                assert!(plan.contains(expected), "{q} on {}:\n{plan}", bench.name);
                for bad in ["Seq Scan", "SCAN customer\n", "SCAN customer USING"] {
                    assert!(!plan.contains(bad), "{q} on {}: {bad} in\n{plan}", bench.name);
                }
            }
        }
        for scope in [
            Scope { owner: Some(partner), status: Some(CustomerStatus::Trial), ..Scope::default() },
            Scope { owner: Some(partner), plan: Some(Plan::Free), verified: Some(false), ..Scope::default() },
            Scope { owner: Some(partner), words: words("druck"), ..Scope::default() },
        ] {
            let plan = plan_of(kontor, list::count_walk(backend, &scope, 1_001)).await;
            let by_index = plan.contains("INDEX customer_") || plan.contains(" using customer_");
            assert!(by_index && !plan.contains("Seq Scan"), "{scope:?} on {}:\n{plan}", bench.name);
        }
        let statement = count::of_owner_statement(backend, partner, (Day(1), Day(31)), (Day(1), Day(8)));
        let plan = plan_of(kontor, statement).await;
        let keys = match kontor.db.is_postgres() {
            true => ["customer_count_pkey", "customer_day_count_pkey"],
            false => ["sqlite_autoindex_customer_count_1", "sqlite_autoindex_customer_day_count_1"],
        };
        for key in keys {
            assert!(plan.contains(key), "counters on {}:\n{plan}", bench.name);
        }
        assert!(!plan.contains("Seq Scan") && !plan.contains("SCAN customer"), "{plan}");
    }
}

//! The catalogue on both databases: the past stays, what is announced comes by itself, strangers get nothing.

use super::*;
use crate::{
    Error, Issue,
    audit::TrailQuery,
    catalogue::{
        EntityForm, LimitsForm, PlanLimits, PriceForm,
        billing::tests as details,
        entity::tests as houses,
        rows::{plan_offer, price},
    },
    kernel::{
        actor::Actor,
        id::OrgId,
        instant::Day,
        money::Currency,
        right::{OrgKind, Role},
        testing::{Bench, analyse, plan_of as explain},
    },
    organisation::service::{activity, stage},
    partner::PartnerType,
    subscription::{Plan, Term, change::Item},
};
use sea_orm::{EntityTrait, QueryTrait};

async fn admin(bench: &Bench) -> Actor {
    let vendor = stage::organisation(bench, OrgKind::Vendor, "Vendor").await;
    let person = stage::person(bench, vendor, Role::VendorAdmin, "admin@vendor.test").await;
    stage::actor(bench, &person, vendor).await
}

fn price_of(item: Item, term: Term, from: Day, amount: &str) -> PriceForm {
    PriceForm {
        item: item.key().into(),
        term: term.key().into(),
        currency: "EUR".into(),
        valid_from: from.to_string(),
        amount: amount.into(),
    }
}

fn limits_of(plan: Plan, from: Day, users: &str, on_sale: bool) -> LimitsForm {
    LimitsForm {
        plan: plan.key().into(),
        valid_from: from.to_string(),
        users_max: users.into(),
        storage_gb: "30".into(),
        domains_max: "30".into(),
        on_sale: if on_sale { "true".into() } else { String::new() },
    }
}

fn move_days(bench: &Bench, days: i64) {
    bench.clock.set(bench.kontor.now().plus_days(days));
}

#[tokio::test]
async fn an_old_day_keeps_its_price_and_an_announced_one_comes_by_itself() {
    for bench in Bench::all().await {
        let (kontor, admin) = (&bench.kontor, admin(&bench).await);
        let db = kontor.db.read();
        let first = kontor.now().day();
        use {Item::*, Term::*};
        for form in [
            price_of(Standard, Yearly, first, "36"),
            price_of(Standard, Monthly, first, "3.60"),
            price_of(Standard, Yearly, first.plus(100), "40"),
            price_of(ExtraStorage, Yearly, first.plus(10), "10"),
        ] {
            set_price(kontor, &admin, &form).await.unwrap();
        }
        let dollars = PriceForm { currency: "USD".into(), ..price_of(Standard, Yearly, first, "44") };
        set_price(kontor, &admin, &dollars).await.unwrap();
        let on = async |day| {
            let mut prices = prices_on(db, Currency::Eur, day).await.unwrap();
            prices.sort();
            prices
        };
        let name = bench.name;
        assert_eq!(on(first.plus(-1)).await, [], "{name}");
        assert_eq!(on(first).await, [(Standard, Monthly, 360), (Standard, Yearly, 3600)], "{name}");
        let later = [(Standard, Monthly, 360), (Standard, Yearly, 3600), (ExtraStorage, Yearly, 1000)];
        assert_eq!(on(first.plus(99)).await, later, "{name}");
        let latest = [(Standard, Monthly, 360), (Standard, Yearly, 4000), (ExtraStorage, Yearly, 1000)];
        assert_eq!(on(first.plus(100)).await, latest, "{name}");
        // The same question about the old day has the same answer a year later.
        move_days(&bench, 365);
        set_price(kontor, &admin, &price_of(Standard, Yearly, first.plus(365), "50")).await.unwrap();
        assert_eq!(on(first.plus(99)).await, later, "{name}");
        assert_eq!(prices_on(db, Currency::Usd, first.plus(365)).await.unwrap(), [(Standard, Yearly, 4400)]);
        let amounts: Vec<i64> =
            history(db, Currency::Eur, Standard, Yearly).await.unwrap().iter().map(|p| p.amount).collect();
        assert_eq!(amounts, [5000, 4000, 3600], "{name}");
    }
}

#[tokio::test]
async fn nothing_past_changes_and_only_what_is_announced_can_be_withdrawn() {
    for bench in Bench::all().await {
        let (kontor, admin) = (&bench.kontor, admin(&bench).await);
        let (db, today) = (kontor.db.read(), kontor.now().day());
        let form = |from, amount| price_of(Item::Standard, Term::Yearly, from, amount);
        let now = set_price(kontor, &admin, &form(today, "36")).await.unwrap();
        let ahead = set_price(kontor, &admin, &form(today.plus(10), "40")).await.unwrap();
        let on_the_day = |issue| Err(Error::field("valid_from", issue));
        let yesterday = set_price(kontor, &admin, &form(today.plus(-1), "1")).await;
        assert_eq!(yesterday, on_the_day(Issue::DateNotAhead));
        for taken in [today, today.plus(10)] {
            let again = set_price(kontor, &admin, &form(taken, "1")).await;
            assert_eq!(again, on_the_day(Issue::DateTaken), "{}", bench.name);
        }
        assert_eq!(withdraw_price(kontor, &admin, now).await, Err(Error::StaleVersion));
        assert_eq!(withdraw_price(kontor, &admin, kontor.id()).await, Err(Error::NotFound));
        // It can go until the evening before, and then no more.
        move_days(&bench, 9);
        withdraw_price(kontor, &admin, ahead).await.unwrap();
        let again = set_price(kontor, &admin, &form(today.plus(10), "41")).await.unwrap();
        move_days(&bench, 1);
        assert_eq!(withdraw_price(kontor, &admin, again).await, Err(Error::StaleVersion));
        let prices = prices_on(db, Currency::Eur, today.plus(10)).await.unwrap();
        assert_eq!(prices, [(Item::Standard, Term::Yearly, 4100)], "{}", bench.name);
        let trail = activity(kontor, &admin, &TrailQuery::default()).await.unwrap().rows;
        let actions: Vec<&str> = trail.iter().map(|e| e.action.as_str()).collect();
        assert_eq!(actions, ["price.set", "price.withdrawn", "price.set", "price.set"]);
        assert_eq!(trail[0].target, "standard yearly");
    }
}

#[tokio::test]
async fn limits_have_a_history_of_their_own() {
    for bench in Bench::all().await {
        let (kontor, admin) = (&bench.kontor, admin(&bench).await);
        let (db, today) = (kontor.db.read(), kontor.now().day());
        let set = async |form| set_limits(kontor, &admin, &form).await;
        set(limits_of(Plan::Free, today, "5", true)).await.unwrap();
        set(limits_of(Plan::Free, today.plus(30), "3", true)).await.unwrap();
        set(limits_of(Plan::Standard, today.plus(1), "", false)).await.unwrap();
        let users = async |plan, day| limits_on(db, plan, day).await.unwrap().map(|l| l.users_max);
        assert_eq!(users(Plan::Free, today.plus(-1)).await, None, "{}", bench.name);
        assert_eq!(users(Plan::Free, today.plus(29)).await, Some(Some(5)), "{}", bench.name);
        assert_eq!(users(Plan::Free, today.plus(30)).await, Some(Some(3)), "{}", bench.name);
        let standard = PlanLimits { users_max: None, storage_gb: 30, domains_max: 30, on_sale: false };
        let offers = offers_on(db, today.plus(1)).await.unwrap();
        assert_eq!(offers.len(), 2);
        assert_eq!(offers[1], (Plan::Standard, standard));
        let past = set(limits_of(Plan::Free, today.plus(-1), "9", true)).await;
        assert_eq!(past, Err(Error::field("valid_from", Issue::DateNotAhead)));
        let twice = set(limits_of(Plan::Free, today, "9", true)).await;
        assert_eq!(twice, Err(Error::field("valid_from", Issue::DateTaken)));
        let withdraw = async |plan, day| withdraw_limits(kontor, &admin, plan, day).await;
        assert_eq!(withdraw(Plan::Free, today).await, Err(Error::StaleVersion));
        withdraw(Plan::Free, today.plus(30)).await.unwrap();
        assert_eq!(withdraw(Plan::Free, today.plus(30)).await, Err(Error::StaleVersion));
        assert_eq!(users(Plan::Free, today.plus(30)).await, Some(Some(5)), "{}", bench.name);
    }
}

#[tokio::test]
async fn an_entity_is_made_changed_and_found_by_country() {
    for bench in Bench::all().await {
        let (kontor, admin) = (&bench.kontor, admin(&bench).await);
        let db = kontor.db.read();
        let save = async |version, form: &EntityForm| save_entity(kontor, &admin, version, form).await;
        let rest = EntityForm { currency: "USD".into(), ..houses::good("us", "*") };
        let here = houses::good("de", "DE AT");
        save(0, &rest).await.unwrap();
        save(0, &here).await.unwrap();
        let found = async |country| entity_for(db, country).await.unwrap().map(|e| e.key);
        assert_eq!(found("AT").await, Some("de".into()), "{}", bench.name);
        assert_eq!(found("FR").await, Some("us".into()), "{}", bench.name);
        let field = |field, issue| Err(Error::field(field, issue));
        assert_eq!(save(0, &here).await, field("entity_key", Issue::KeyTaken));
        let greedy = EntityForm { countries: "DE FR AT".into(), ..rest.clone() };
        assert_eq!(save(1, &greedy).await, field("countries", Issue::CountryTaken { code: "AT".into() }));
        let all = houses::good("nl", "*");
        assert_eq!(save(0, &all).await, field("countries", Issue::CountryTaken { code: "*".into() }));
        let dear = EntityForm { currency: "USD".into(), ..here.clone() };
        assert_eq!(save(1, &dear).await, field("currency", Issue::NotAChoice));
        let wider = EntityForm { countries: "DE AT FR".into(), ..here.clone() };
        save(1, &wider).await.unwrap();
        assert_eq!(save(1, &here).await, Err(Error::StaleVersion));
        assert_eq!(save(7, &houses::good("fr", "")).await, Err(Error::StaleVersion));
        assert_eq!(found("FR").await, Some("de".into()), "{}", bench.name);
        let row = entity(db, "de").await.unwrap();
        assert_eq!((row.version, row.position, row.tax_bp), (2, 2, 1900));
        assert_eq!(entity(db, "fr").await, Err(Error::NotFound));
        assert_eq!(list_entities(kontor, &admin).await.unwrap().len(), 2);
    }
}

#[tokio::test]
async fn billing_details_are_the_organisations_own() {
    for bench in Bench::all().await {
        let (kontor, admin) = (&bench.kontor, admin(&bench).await);
        save_entity(kontor, &admin, 0, &houses::good("de", "DE")).await.unwrap();
        let (partner, owner) = stage::partner(&bench, "Nord", PartnerType::Reseller).await;
        let owner = stage::actor(&bench, &owner, partner).await;
        let before = billing(kontor, &owner).await.unwrap();
        assert_eq!((before.profile.name.as_str(), before.profile.version), ("Nord", 0));
        assert_eq!(before.entity, Some(("Kontor GmbH".into(), Currency::Eur)), "{}", bench.name);
        assert_eq!(profile(kontor.db.read(), partner).await, Ok(None));
        save_profile(kontor, &owner, 0, &details::good()).await.unwrap();
        assert_eq!(save_profile(kontor, &owner, 0, &details::good()).await, Err(Error::StaleVersion));
        let moved = crate::catalogue::BillingForm {
            country: "US".into(),
            postal_code: "95014".into(),
            ..details::good()
        };
        save_profile(kontor, &owner, 1, &moved).await.unwrap();
        let after = billing(kontor, &owner).await.unwrap();
        assert_eq!((after.profile.version, after.entity), (2, None), "{}", bench.name);
        assert_eq!(profile(kontor.db.read(), partner).await, Ok(Some(after.profile)));
        let customer = stage::customer(&bench, &owner, "kunde.example").await;
        assert_eq!(profile(kontor.db.read(), customer).await, Ok(None), "{}", bench.name);
    }
}

#[tokio::test]
async fn the_store_shows_what_can_be_bought_at_the_partners_own_price() {
    for bench in Bench::all().await {
        let (kontor, admin) = (&bench.kontor, admin(&bench).await);
        let today = kontor.now().day();
        let (partner, owner) = stage::partner(&bench, "Nord", PartnerType::Reseller).await;
        let owner = stage::actor(&bench, &owner, partner).await;
        let empty = store(kontor, &owner, None).await.unwrap();
        assert_eq!((empty.plans.len(), empty.currencies.len()), (0, 0));
        save_entity(kontor, &admin, 0, &houses::good("de", "*")).await.unwrap();
        for (plan, on_sale) in
            [(Plan::Free, true), (Plan::MailLite, true), (Plan::Standard, true), (Plan::Professional, false)]
        {
            set_limits(kontor, &admin, &limits_of(plan, today, "", on_sale)).await.unwrap();
        }
        // Mail Lite is on sale and has no price yet, Professional has one and is not on sale.
        for plan in [Plan::Standard, Plan::Professional] {
            let item = Item::of(plan).unwrap();
            set_price(kontor, &admin, &price_of(item, Term::Yearly, today, "36")).await.unwrap();
        }
        let lite = price_of(Item::MailLite, Term::Yearly, today.plus(1), "12");
        set_price(kontor, &admin, &lite).await.unwrap();
        let seen = store(kontor, &owner, Some(Currency::Jpy)).await.unwrap();
        let plans: Vec<Plan> = seen.plans.iter().map(|p| p.plan).collect();
        assert_eq!(
            (seen.currency, plans),
            (Currency::Eur, vec![Plan::Free, Plan::Standard]),
            "{}",
            bench.name
        );
        let (term, offered) = seen.plans[1].prices[0];
        assert_eq!((term, offered.list, offered.own()), (Term::Yearly, 3600, 2880));
        move_days(&bench, 1);
        assert_eq!(store(kontor, &owner, None).await.unwrap().plans.len(), 3, "{}", bench.name);
    }
}

#[tokio::test]
async fn whoever_has_no_business_here_changes_and_sees_nothing() {
    for bench in Bench::all().await {
        let kontor = &bench.kontor;
        let admin = admin(&bench).await;
        let reviewer = stage::person(&bench, admin.org, Role::Reviewer, "reviewer@vendor.test").await;
        let (partner, owner) = stage::partner(&bench, "Nord", PartnerType::Reseller).await;
        let sales = stage::person(&bench, partner, Role::PartnerSales, "sales@nord.test").await;
        let at = async |person: &stage::Person, org: OrgId| stage::actor(&bench, person, org).await;
        let today = kontor.now().day();
        for actor in [at(&reviewer, admin.org).await, at(&owner, partner).await] {
            let price = price_of(Item::Standard, Term::Yearly, today, "1");
            assert_eq!(set_price(kontor, &actor, &price).await, Err(Error::Forbidden));
            assert_eq!(withdraw_price(kontor, &actor, kontor.id()).await, Err(Error::Forbidden));
            let limits = limits_of(Plan::Free, today, "5", true);
            assert_eq!(set_limits(kontor, &actor, &limits).await, Err(Error::Forbidden));
            assert_eq!(withdraw_limits(kontor, &actor, Plan::Free, today).await, Err(Error::Forbidden));
            assert_eq!(save_entity(kontor, &actor, 0, &houses::good("de", "*")).await, Err(Error::Forbidden));
            assert_eq!(list_entities(kontor, &actor).await, Err(Error::Forbidden));
            assert_eq!(catalogue(kontor, &actor, None).await, Err(Error::Forbidden));
        }
        let sales = at(&sales, partner).await;
        assert_eq!(billing(kontor, &sales).await, Err(Error::Forbidden));
        assert_eq!(save_profile(kontor, &sales, 0, &details::good()).await, Err(Error::Forbidden));
        assert_eq!(store(kontor, &admin, None).await, Err(Error::Forbidden));
        assert_eq!(stage::rows::<price::Entity>(&bench).await, []);
        assert_eq!(stage::rows::<plan_offer::Entity>(&bench).await, []);
    }
}

#[tokio::test]
async fn the_page_shows_what_is_and_what_is_next() {
    for bench in Bench::all().await {
        let (kontor, admin) = (&bench.kontor, admin(&bench).await);
        let today = kontor.now().day();
        let none = catalogue(kontor, &admin, None).await.unwrap();
        assert_eq!((none.currencies.len(), none.prices.len(), none.limits.len()), (0, 0, 0));
        save_entity(kontor, &admin, 0, &houses::good("de", "*")).await.unwrap();
        for (days, amount) in [(0, "36"), (20, "40"), (40, "44")] {
            let form = price_of(Item::Standard, Term::Yearly, today.plus(days), amount);
            set_price(kontor, &admin, &form).await.unwrap();
        }
        set_limits(kontor, &admin, &limits_of(Plan::Standard, today.plus(5), "", true)).await.unwrap();
        move_days(&bench, 1);
        let seen = catalogue(kontor, &admin, Some(Currency::Eur)).await.unwrap();
        let (now, next) = seen.price(Item::Standard, Term::Yearly);
        assert_eq!((now.unwrap().amount, next.unwrap().amount), (3600, 4000), "{}", bench.name);
        let history = seen.history(Item::Standard, Term::Yearly).map(|p| p.amount).collect::<Vec<_>>();
        assert_eq!(history, [4400, 4000, 3600], "{}", bench.name);
        let (now, next) = seen.limits(Plan::Standard);
        assert_eq!((now, next.map(|row| row.valid_from)), (None, Some(today.plus(5))));
        let dollars = catalogue(kontor, &admin, Some(Currency::Usd)).await.unwrap();
        assert_eq!((dollars.prices.len(), dollars.limits.len()), (0, 1), "{}", bench.name);
    }
}

#[tokio::test]
async fn prices_and_limits_of_a_day_walk_their_indexes() {
    for bench in Bench::all().await {
        let kontor = &bench.kontor;
        let tx = kontor.db.begin().await.unwrap();
        let day = Day(20_000);
        let mut made = 0;
        for currency in Currency::ALL.iter().copied() {
            for (item, term) in
                Item::ALL.iter().flat_map(|i| [Term::Monthly, Term::Yearly].map(|term| (*i, term)))
            {
                let rows = (0..330).map(|n| {
                    price::ActiveModel::from(price::Model {
                        id: kontor.id(),
                        item,
                        term,
                        currency,
                        valid_from: day.plus(n),
                        amount: 100,
                        created_at: kontor.now(),
                        created_by: "test".into(),
                    })
                });
                made += 330;
                price::Entity::insert_many(rows).exec_without_returning(&tx).await.unwrap();
            }
        }
        assert!(made >= 19_000);
        for plan in Plan::ALL.iter().copied() {
            let rows = (0..4_000).map(|n| {
                plan_offer::ActiveModel::from(plan_offer::Model {
                    plan,
                    valid_from: day.plus(n),
                    users_max: None,
                    storage_gb: 1,
                    domains_max: 1,
                    on_sale: true,
                    created_at: kontor.now(),
                    created_by: "test".into(),
                })
            });
            let rows: Vec<_> = rows.collect();
            for chunk in rows.chunks(1_000) {
                let chunk = chunk.iter().cloned();
                plan_offer::Entity::insert_many(chunk).exec_without_returning(&tx).await.unwrap();
            }
        }
        tx.commit().await.unwrap();
        analyse(kontor).await;
        let (eur, backend) = (Currency::Eur, kontor.db.backend());
        let statements = [
            price::until(eur, day.plus(5)).build(backend),
            price::history(eur, Item::Standard, Term::Yearly).build(backend),
            price::on(eur, Item::Standard, Term::Yearly, day).build(backend),
            plan_offer::until(Plan::Standard, day.plus(5)).build(backend),
        ];
        for statement in statements {
            let plan = explain(kontor, statement.clone()).await;
            assert!(!plan.contains("SCAN ") && !plan.contains("Seq Scan"), "{}:\n{plan}", statement.sql);
            assert!(!plan.contains("TEMP B-TREE"), "{}:\n{plan}", statement.sql);
        }
    }
}

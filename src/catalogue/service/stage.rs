//! Catalogues for tests.

use crate::{
    catalogue::{
        PlanLimits,
        rows::{billing_entity, billing_profile, plan_offer, price},
    },
    kernel::{id::OrgId, instant::Day, money::Currency, testing::Bench},
    subscription::{Plan, Term, change::Item},
};
use sea_orm::EntityTrait;

/// Where an organisation's invoices go.
pub(crate) async fn profile(bench: &Bench, org: OrgId) {
    let row = billing_profile::Model {
        org_id: org,
        name: "Kunde GmbH".into(),
        street: "Hauptstraße 1".into(),
        street2: String::new(),
        postal_code: "20095".into(),
        city: "Hamburg".into(),
        state: String::new(),
        country: "DE".into(),
        vat_id: String::new(),
        email: "billing@kunde.test".into(),
        version: 1,
    };
    let active = billing_profile::ActiveModel::from(row);
    billing_profile::Entity::insert(active).exec_without_returning(bench.kontor.db.writer()).await.unwrap();
}

/// The vendor's entity, and prices and limits as the demo's catalogue has them.
pub(crate) async fn catalogue(bench: &Bench) {
    let writer = bench.kontor.db.writer();
    let row = billing_entity::Model {
        key: "de".into(),
        name: "Vendor GmbH".into(),
        street: "Hafen 1".into(),
        postal_code: "20095".into(),
        city: "Hamburg".into(),
        country: "DE".into(),
        vat_id: "DE123456788".into(),
        email: "billing@vendor.test".into(),
        currency: Currency::Eur,
        iban: "DE89370400440532013000".into(),
        bic: "COBADEFFXXX".into(),
        tax_bp: 1900,
        countries: "*".into(),
        position: 0,
        version: 1,
    };
    billing_entity::Entity::insert(billing_entity::ActiveModel::from(row))
        .exec_without_returning(writer)
        .await
        .unwrap();
    let sold = [
        (Item::Standard, Term::Yearly, 3600),
        (Item::Standard, Term::Monthly, 360),
        (Item::Professional, Term::Yearly, 7200),
        (Item::Professional, Term::Monthly, 720),
    ];
    prices(bench, &sold).await;
    for (plan, users_max, storage_gb, domains_max) in
        [(Plan::Free, Some(5), 5, 1), (Plan::Standard, None, 30, 30), (Plan::Professional, None, 100, 30)]
    {
        let limits = PlanLimits { users_max, storage_gb, domains_max, on_sale: true };
        offer(bench, plan, Day(0), limits).await;
    }
}

/// What is sold costs so much, in cents of a euro, since ever.
pub(crate) async fn prices(bench: &Bench, sold: &[(Item, Term, i64)]) {
    for (item, term, amount) in sold.iter().copied() {
        let row = price::Model {
            id: bench.kontor.id(),
            item,
            term,
            currency: Currency::Eur,
            valid_from: Day(0),
            amount,
            created_at: bench.kontor.now(),
            created_by: "test".into(),
        };
        let active = price::ActiveModel::from(row);
        price::Entity::insert(active).exec_without_returning(bench.kontor.db.writer()).await.unwrap();
    }
}

/// What a plan holds from a day on, and whether it is on sale.
pub(crate) async fn offer(bench: &Bench, plan: Plan, valid_from: Day, limits: PlanLimits) {
    let PlanLimits { users_max, storage_gb, domains_max, on_sale } = limits;
    let (created_at, created_by) = (bench.kontor.now(), "test".into());
    let row = plan_offer::Model {
        plan,
        valid_from,
        users_max,
        storage_gb,
        domains_max,
        on_sale,
        created_at,
        created_by,
    };
    let active = plan_offer::ActiveModel::from(row);
    plan_offer::Entity::insert(active).exec_without_returning(bench.kontor.db.writer()).await.unwrap();
}

/// A plan that everybody may buy, or nobody any more, from a day on.
pub(crate) async fn sell(bench: &Bench, plan: Plan, valid_from: Day, on_sale: bool) {
    let limits = PlanLimits { users_max: None, storage_gb: 30, domains_max: 30, on_sale };
    offer(bench, plan, valid_from, limits).await;
}

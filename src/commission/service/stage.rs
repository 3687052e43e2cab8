//! What the tests of commission and payouts play on: a partner, a customer, the vendor's finance, and sales.

use super::{Accrual, Back, Sale, accrue, claw_back, release_due};
use crate::{
    commission::{Baseline, Deal, LineState, Moved, SaleKind, rows::commission_line},
    kernel::{
        actor::Actor,
        id::*,
        instant::Day,
        money::Currency,
        right::{OrgKind, Role},
        testing::Bench,
    },
    organisation::service::stage::{Person, actor, organisation, partner, person, rows},
    partner::PartnerType,
    setting::service::policy,
    subscription::{Plan, Term, change::Payer},
};

/// The people and organisations of a test.
pub struct Stage<'a> {
    pub bench: &'a Bench,
    pub partner: OrgId,
    pub owner_person: Person,
    pub owner: Actor,
    pub customer: OrgId,
    pub finance: Actor,
    pub vendor: OrgId,
}

impl<'a> Stage<'a> {
    pub async fn open(bench: &'a Bench) -> Self {
        let (org, owner_person) = partner(bench, "Nordlicht", PartnerType::Reseller).await;
        let customer = organisation(bench, OrgKind::Customer, "Kunde").await;
        let vendor = organisation(bench, OrgKind::Vendor, "Vendor").await;
        let staff = person(bench, vendor, Role::VendorFinance, "finance@vendor.test").await;
        let owner = actor(bench, &owner_person, org).await;
        let finance = actor(bench, &staff, vendor).await;
        Self { bench, partner: org, owner_person, owner, customer, finance, vendor }
    }

    pub fn today(&self) -> Day {
        self.bench.kontor.now().day()
    }

    pub fn days(&self, days: i64) {
        self.bench.clock.set(self.bench.kontor.now().plus_days(days));
    }

    /// A first sale of a year at this price, of today.
    pub fn sale(&self, base: i64) -> Sale {
        let id = || self.bench.kontor.id::<JobId>().uuid();
        Sale {
            partner: self.partner,
            org: self.customer,
            subscription: SubscriptionId(id()),
            invoice: InvoiceId(id()),
            cause: id(),
            entity: "de".into(),
            deal: Deal {
                kind: SaleKind::New,
                payer: Payer::Customer,
                currency: Currency::Eur,
                base,
                plan: Plan::Standard,
                term: Term::Yearly,
                seats: 10,
                addon_units: 0,
                unit_price: base / 10,
                addon_price: 0,
                baseline_unit_price: 0,
                sold_on: self.today(),
                settled_on: self.today(),
                first_paid_on: None,
                mapped_since: self.today(),
                baseline: Baseline::default(),
            },
        }
    }

    /// Ids of one millisecond are in no order: what comes later comes at a later one.
    pub fn tick(&self) {
        self.bench.clock.move_ms(1);
    }

    pub async fn accrue(&self, sale: &Sale) -> Option<Accrual> {
        self.tick();
        let kontor = &self.bench.kontor;
        let policy = policy(kontor, kontor.db.read()).await.unwrap();
        let tx = kontor.db.begin().await.unwrap();
        let accrual = accrue(kontor, &tx, &policy, sale).await.unwrap();
        tx.commit().await.unwrap();
        accrual
    }

    /// A sale that earns and can be paid out at once.
    pub async fn available(&self, base: i64) -> Sale {
        let mut sale = self.sale(base);
        sale.deal.sold_on = self.today().plus(-45);
        sale.deal.settled_on = sale.deal.sold_on;
        sale.deal.mapped_since = sale.deal.sold_on;
        self.accrue(&sale).await.unwrap();
        self.release(100).await;
        sale
    }

    pub async fn back(&self, sale: &Sale, part: i64, cause: u128) -> Vec<Moved> {
        self.tick();
        let kontor = &self.bench.kontor;
        let tx = kontor.db.begin().await.unwrap();
        let back = Back {
            invoice: sale.invoice,
            part,
            whole: sale.deal.base,
            cause: uuid::Uuid::from_u128(cause),
            kind: SaleKind::Refund,
        };
        let moves = claw_back(kontor, &tx, &back).await.unwrap();
        tx.commit().await.unwrap();
        moves
    }

    pub async fn release(&self, most: u64) -> (u64, Vec<Moved>) {
        let kontor = &self.bench.kontor;
        let tx = kontor.db.begin().await.unwrap();
        let released = release_due(kontor, &tx, most).await.unwrap();
        tx.commit().await.unwrap();
        released
    }

    /// Amounts and states of all lines, in the order they came.
    pub async fn states(&self) -> Vec<(i64, LineState)> {
        let mut lines = rows::<commission_line::Entity>(self.bench).await;
        lines.sort_by_key(|line| (line.created_at, line.id));
        lines.into_iter().map(|line| (line.amount, line.state)).collect()
    }
}

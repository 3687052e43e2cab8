//! A report as it is shown: figures by bucket and in sum, each traceable to lines of the ledger (R11.5).

use super::{Bucket, CustomerFlow, Group, Recurring, Revenue, Span};
use crate::{
    kernel::{
        id::{CustomerEventId, OrgId},
        instant::Day,
        money::{Currency, Money},
    },
    ledger::Account,
    mapping::CustomerEventKind,
    subscription::{Plan, Term, change::Payer},
};
use serde::{Deserialize, Serialize};

crate::keyed! {
    /// A figure of a report that is a sum of ledger entries.
    pub enum Figure {
        /// Sales at list price.
        List = "list",
        /// Charged, without tax.
        Gross = "gross",
        /// Given back.
        Refunds = "refunds",
        /// Taken back by banks.
        Chargebacks = "chargebacks",
        /// Charged less what went back.
        Net = "net",
        /// Commission earned, less what was clawed back.
        Commission = "commission",
        /// Commission paid out.
        PaidOut = "paid-out",
        /// Commission within its hold, at the end of the days.
        Pending = "pending",
        /// Commission that may be requested, at the end of the days.
        Available = "available",
        /// Commission in payouts under way, at the end of the days.
        Locked = "locked",
        /// Billed, tax included, and not paid yet, at the end of the days.
        Owed = "owed",
    }
}

impl Figure {
    /// The accounts it sums.
    pub fn accounts(self) -> &'static [Account] {
        match self {
            Figure::List => &[Account::Sales],
            Figure::Gross => &[Account::Sales, Account::Discount],
            Figure::Refunds => &[Account::Refunds],
            Figure::Chargebacks => &[Account::Chargebacks],
            Figure::Net => &[Account::Sales, Account::Discount, Account::Refunds, Account::Chargebacks],
            Figure::Commission => &[Account::Commission],
            Figure::PaidOut => &[Account::Bank],
            Figure::Pending => &[Account::CommissionPending],
            Figure::Available => &[Account::CommissionAvailable],
            Figure::Locked => &[Account::CommissionLocked],
            Figure::Owed => &[Account::Receivable],
        }
    }
    /// How the entries count, which are debits where positive: sales and debts are credits.
    pub fn sign(self) -> i64 {
        match self {
            Figure::Refunds | Figure::Chargebacks | Figure::Commission | Figure::Owed => 1,
            _ => -1,
        }
    }
}

/// Money of one currency.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct MoneyReport {
    /// Which currency.
    pub currency: Currency,
    /// What was sold, by bucket.
    pub revenue: Vec<Revenue>,
    /// What was sold in all the days.
    pub total: Revenue,
    /// The same of the days before, to compare with.
    pub before: Revenue,
    /// Commission earned by bucket, minor units; below zero where more was clawed back.
    pub commission: Vec<i64>,
    /// Commission earned in all the days.
    pub earned: i64,
    /// Commission paid out in all the days.
    pub paid_out: i64,
    /// Commission within its hold, now.
    pub pending: i64,
    /// Commission that may be requested, now; below zero what is owed back.
    pub available: i64,
    /// Commission in payouts under way, now.
    pub locked: i64,
    /// Billed, tax included, and not paid yet, now.
    pub owed: i64,
    /// Under contract: list value that comes again.
    pub recurring: Recurring,
}

/// Customers.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct CustomerReport {
    /// Who came and went, by bucket.
    pub flow: Vec<CustomerFlow>,
    /// How many there were at the end of each bucket; none of those that lie ahead.
    pub present: Vec<Option<i64>>,
    /// What happened in all the days, of each kind.
    pub events: Vec<(CustomerEventKind, i64)>,
    /// Customers by plan, now; most first.
    pub by_plan: Vec<(Plan, i64)>,
    /// Customers by country, now; most first.
    pub by_country: Vec<(String, i64)>,
    /// Of those that are there now: who has withdrawn the partner's access and is therefore in no list.
    pub withdrawn: i64,
}

impl CustomerReport {
    /// How often something happened.
    pub fn count(&self, kind: CustomerEventKind) -> i64 {
        self.events.iter().find(|(k, _)| *k == kind).map_or(0, |(_, n)| *n)
    }
}

/// Renewals within some days, of one payer and currency.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct RenewalSum {
    /// Within how many days from today.
    pub within: i32,
    /// Who pays.
    pub payer: Payer,
    /// How many subscriptions.
    pub count: i64,
    /// What they cost at list price for their next term, without tax and by today's contract.
    pub list: Money,
    /// What partners' discounts take off that, by today's rates.
    pub discount: i64,
}

impl RenewalSum {
    /// What will be charged: list price less discount.
    pub fn net(&self) -> Money {
        Money::new(self.list.minor - self.discount, self.list.currency)
    }
}

/// The distances renewals are summed up to (R11.6), in days.
pub const RENEWALS_WITHIN: [i32; 4] = [7, 30, 60, 90];

/// A report.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Report {
    /// The days.
    pub span: Span,
    /// The days compared with.
    pub previous: Span,
    /// How they are put together.
    pub group: Group,
    /// The buckets.
    pub buckets: Vec<Bucket>,
    /// One for each currency, in the order of [`Currency::ALL`].
    pub money: Vec<MoneyReport>,
    /// Customers.
    pub customers: CustomerReport,
    /// What renews next.
    pub renewals: Vec<RenewalSum>,
    /// Customers whose payment failed and who are in grace.
    pub unpaid: i64,
    /// Renewals that wait for people, the oldest first: the first ones.
    pub waiting: Vec<WaitingRenewal>,
    /// The latest day anything may be booked on by now: what stands, stands by then.
    pub latest: Day,
    /// The zone the days are counted in.
    pub time_zone: String,
}

/// A renewal that waits for people to do something.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct WaitingRenewal {
    /// Whose.
    pub org: OrgId,
    /// Its name.
    pub name: String,
    /// The last day that was paid for.
    pub ended_on: Day,
    /// What it waits for.
    pub why: crate::Refusal,
}

/// A subscription that renews soon.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct RenewalRow {
    /// Whose.
    pub org: OrgId,
    /// Its name.
    pub name: String,
    /// Which plan.
    pub plan: Plan,
    /// Licences.
    pub seats: i64,
    /// Monthly or yearly.
    pub term: Term,
    /// The last day of the term.
    pub ends_on: Day,
    /// Who pays, if known.
    pub payer: Option<Payer>,
    /// At list price, without tax.
    pub list: Option<Money>,
    /// What the partner's discount takes off that.
    pub discount: i64,
    /// Whether it renews by itself; if not, it ends.
    pub renews: bool,
    /// The row's number, for the place of the next page.
    pub number: i64,
}

/// A page of renewals, next first.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct RenewalPage {
    /// The rows.
    pub rows: Vec<RenewalRow>,
    /// Where the next page begins, if there is one: behind this day and number.
    pub next: Option<(Day, i64)>,
}

/// Something that happened to a customer.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct CustomerEventRow {
    /// Its own id.
    pub id: CustomerEventId,
    /// On which day, in the partner's zone.
    pub day: Day,
    /// Whose.
    pub org: OrgId,
    /// Its name.
    pub name: String,
}

/// A page of what happened to customers, latest first.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct CustomerEventPage {
    /// The rows.
    pub rows: Vec<CustomerEventRow>,
    /// Where the next page begins.
    pub next: Option<(Day, CustomerEventId)>,
}

/// What was sold in one currency, and what that earned; minor units.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Sales {
    /// Which currency.
    pub currency: Currency,
    /// What was sold.
    pub revenue: Revenue,
    /// Commission earned, less what was taken back.
    pub commission: i64,
}

impl Sales {
    /// Nothing yet.
    pub fn none(currency: Currency) -> Self {
        Self { currency, revenue: Revenue::default(), commission: 0 }
    }
}

/// A customer, or for the vendor a partner, and what was sold to it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct SalesRow {
    /// Which.
    pub org: OrgId,
    /// Its name.
    pub name: String,
    /// By currency; empty if nothing was sold in the days.
    pub sales: Vec<Sales>,
}

/// A page of sales by customer or partner, by name.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct SalesPage {
    /// The days.
    pub span: Span,
    /// Of all together, former customers included.
    pub total: Vec<Sales>,
    /// The rows.
    pub rows: Vec<SalesRow>,
    /// Behind which row the next page begins, if there is one.
    pub next: Option<OrgId>,
    /// Whether the rows are partners.
    pub of_partners: bool,
}

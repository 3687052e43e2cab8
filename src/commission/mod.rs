//! Commission: what a sale earns a partner, why, and when it can be paid out (domain.md sections 10 and 18).
//!
//! [`rule`] works an amount out and says why, [`claw`] takes it back, [`month`] is what statements are of. The same
//! code accrues, explains and answers *what if*.

pub mod claw;
pub mod month;
#[cfg(feature = "ssr")]
pub mod rows;
pub mod rule;
#[cfg(feature = "ssr")]
pub mod service;
mod what_if;

pub use month::Month;
pub use rule::{Baseline, Deal, Facts, Outcome, Rates, Reason, Step, Why, work_out};
pub use what_if::{WhatIf, Worked};

use crate::{
    kernel::{
        id::{CommissionId, InvoiceId, OrgId, PayoutId, StatementId},
        instant::{Day, Instant},
        money::{Currency, Money},
    },
    subscription::Plan,
};
use serde::{Deserialize, Serialize};

crate::keyed! {
    /// What was sold, or undone.
    pub enum SaleKind {
        /// The first paid term.
        New = "new",
        /// More licences or a higher plan within a term.
        Upgrade = "upgrade",
        /// An add-on within a term.
        AddOn = "add_on",
        /// The next term.
        Renewal = "renewal",
        /// Money given back: takes commission back.
        Refund = "refund",
        /// Money taken back by the payer's bank: takes commission back.
        Chargeback = "chargeback",
        /// Decided by the vendor's finance.
        Adjustment = "adjustment",
    }
}

impl SaleKind {
    /// Whether it takes commission back.
    pub fn takes_back(self) -> bool {
        matches!(self, SaleKind::Refund | SaleKind::Chargeback)
    }
    /// Whether something was sold.
    pub fn is_a_sale(self) -> bool {
        !self.takes_back() && self != SaleKind::Adjustment
    }
}

crate::keyed! {
    /// Which rule a line follows.
    pub enum Rule {
        /// The whole amount earns.
        Full = "full",
        /// Only what was bought after the mapping earns.
        DeltaOnly = "delta_only",
        /// Nothing earns; [`Reason`] says why.
        None = "none",
    }
}

crate::keyed! {
    /// Where a rate comes from, the first that there is (R10.8).
    pub enum RateSource {
        /// Agreed for this partner and plan.
        PartnerPlan = "partner_plan",
        /// Agreed for this partner.
        Partner = "partner",
        /// The tier's.
        Tier = "tier",
        /// The programme's default.
        Programme = "programme",
    }
}

crate::keyed! {
    /// Where a line stands (domain.md section 18).
    pub enum LineState {
        /// The sale can still be refunded in full.
        Pending = "pending",
        /// Can be paid out.
        Available = "available",
        /// In a payout that is under way.
        Locked = "locked",
        /// Paid out; never changes again.
        Paid = "paid",
        /// Wholly taken back before it was paid out; counts nowhere, together with the lines that took it back.
        Reversed = "reversed",
    }
}

impl LineState {
    /// Whether the step is one of domain.md section 18.
    pub fn may_become(self, to: Self) -> bool {
        use LineState::*;
        matches!(
            (self, to),
            (Pending, Available | Reversed) | (Available, Locked | Reversed) | (Locked, Available | Paid)
        )
    }
    /// Whether neither a payout nor a whole claw-back holds it.
    pub fn is_open(self) -> bool {
        matches!(self, LineState::Pending | LineState::Available)
    }
}

crate::keyed! {
    /// Why commission moved from one state to another: what the ledger's posting is about.
    pub enum Movement {
        /// Earned.
        Accrued = "accrued",
        /// The hold is over.
        Released = "released",
        /// A refund or chargeback took it back.
        TakenBack = "taken_back",
        /// The vendor's finance put it right, or a dispute was won.
        Adjusted = "adjusted",
        /// A payout was requested.
        Requested = "requested",
        /// A payout was cancelled or rejected.
        Returned = "returned",
        /// A payout has arrived.
        Paid = "paid",
    }
}

/// Commission that moved between states in the caller's transaction, for the ledger. Never zero.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Moved {
    /// Why; unique together with `cause`.
    pub movement: Movement,
    /// The line, or the payout with all of its lines.
    pub cause: uuid::Uuid,
    /// Whose commission.
    pub partner: OrgId,
    /// From which customer; nothing for a payout.
    pub org: Option<OrgId>,
    /// Key of the vendor's entity that owes it.
    pub entity: String,
    /// From which state; nothing if it came into being.
    pub from: Option<LineState>,
    /// Into which state.
    pub to: LineState,
    /// How much; negative for what takes back.
    pub amount: Money,
}

/// Which lines a list shows; all of it is in the address of the page.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct LineQuery {
    /// In one state.
    pub state: Option<LineState>,
    /// Of one month.
    pub month: Option<Month>,
    /// Of one customer.
    pub customer: Option<OrgId>,
    /// Of one kind.
    pub kind: Option<SaleKind>,
    /// Of one payout.
    pub payout: Option<PayoutId>,
    /// The page behind this line.
    pub after: Option<CommissionId>,
}

impl LineQuery {
    /// Reads the parameters of an address. Whatever is unknown or malformed counts as not given.
    pub fn from_pairs<'a>(pairs: impl IntoIterator<Item = (&'a str, &'a str)>) -> Self {
        let mut query = Self::default();
        for (name, value) in pairs {
            match name {
                "state" => query.state = LineState::from_key(value),
                "month" => query.month = value.parse().ok(),
                "customer" => query.customer = value.parse().ok(),
                "kind" => query.kind = SaleKind::from_key(value),
                "payout" => query.payout = value.parse().ok(),
                "after" => query.after = value.parse().ok(),
                _ => {}
            }
        }
        query
    }

    /// The parameters that say this query, without those that say the default.
    pub fn pairs(&self) -> Vec<(&'static str, String)> {
        let mut pairs = Vec::new();
        let mut add = |name, value: Option<String>| pairs.extend(value.map(|value| (name, value)));
        add("state", self.state.map(|state| state.to_string()));
        add("month", self.month.map(|month| month.to_string()));
        add("customer", self.customer.map(|org| org.to_string()));
        add("kind", self.kind.map(|kind| kind.to_string()));
        add("payout", self.payout.map(|payout| payout.to_string()));
        add("after", self.after.map(|line| line.to_string()));
        pairs
    }
}

/// A line, as lists show it. Amounts are minor units of `currency`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[expect(missing_docs, reason = "columns of the line")]
pub struct LineRow {
    pub id: CommissionId,
    pub at: Instant,
    pub earned_on: Day,
    pub org: OrgId,
    /// The customer's name.
    pub customer: String,
    pub plan: Plan,
    pub kind: SaleKind,
    pub rule: Rule,
    pub base: i64,
    pub eligible: i64,
    pub rate_bp: i64,
    pub rate_source: RateSource,
    pub amount: i64,
    pub currency: Currency,
    pub entity: String,
    pub state: LineState,
    pub available_on: Day,
    /// The month whose statement it is on, or will be.
    pub month: Month,
    pub payout: Option<PayoutId>,
    /// The line it takes back.
    pub reverses: Option<CommissionId>,
}

/// A page of lines, newest first.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct LinePage {
    /// The lines.
    pub rows: Vec<LineRow>,
    /// Behind which line the next page begins, if there is one.
    pub next: Option<CommissionId>,
}

/// A line with why it is what it is.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct LineView {
    /// The line.
    pub row: LineRow,
    /// The invoice it is from.
    pub invoice: InvoiceId,
    /// Rule, inputs and arithmetic.
    pub why: Why,
    /// Lines that took some of it back, oldest first.
    pub reversals: Vec<LineRow>,
}

/// What a partner has at one of the vendor's entities, in minor units.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Balance {
    /// Key of the vendor's entity.
    pub entity: String,
    /// In which currency.
    pub currency: Currency,
    /// On hold until the sales can no longer be refunded.
    pub pending: i64,
    /// Can be paid out; negative if more was taken back.
    pub available: i64,
    /// In payouts under way.
    pub locked: i64,
    /// Paid out so far.
    pub paid: i64,
}

/// A closed month of one entity and currency, in minor units.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Statement {
    /// The statement.
    pub id: StatementId,
    /// Of which month.
    pub month: Month,
    /// Key of the vendor's entity.
    pub entity: String,
    /// In which currency.
    pub currency: Currency,
    /// What it says.
    pub figures: Figures,
    /// When it was closed.
    pub closed_at: Instant,
}

/// The figures of a statement: `closing = opening + earned − reversed − paid`, in minor units.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Figures {
    /// Owed at the beginning of the month.
    pub opening: i64,
    /// Earned in the month.
    pub earned: i64,
    /// Taken back in the month.
    pub reversed: i64,
    /// Paid out in the month.
    pub paid: i64,
    /// Owed at its end.
    pub closing: i64,
    /// How many lines.
    pub lines: i64,
    /// SHA-256 over the lines in order, hexadecimal.
    pub digest: String,
}

/// A statement's figures beside those its lines give when they are counted again.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Recount {
    /// What the statement says.
    pub stated: Figures,
    /// What the lines say.
    pub counted: Figures,
}

impl Recount {
    /// Whether both are the same.
    pub fn agrees(&self) -> bool {
        self.stated == self.counted
    }
}

/// A month's statements, one per entity and currency, with a page of its lines.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct StatementPage {
    /// The statements.
    pub statements: Vec<Statement>,
    /// What their lines give when they are counted again, in the same order; empty if that was not asked for.
    pub checked: Vec<Recount>,
    /// Lines of the month.
    pub lines: LinePage,
}

/// What a partner has, its lines and its statements: its page of commission.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Earned {
    /// Per entity and currency.
    pub balances: Vec<Balance>,
    /// A page of lines.
    pub lines: LinePage,
    /// Closed months, the latest first.
    pub statements: Vec<Statement>,
    /// Before which month there are more.
    pub earlier: Option<Month>,
}

/// What finance gives or takes beside a line, as typed.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct AdjustCommission {
    /// How much, in the line's currency; with a minus what is taken.
    pub amount: String,
    /// Why: 3 to 500 characters; the partner reads it.
    pub reason: String,
    /// For one adjustment.
    pub request_key: String,
}

/// A wish to set the rate of a partner for a plan.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct SetRate {
    /// A key of [`Plan`].
    pub plan: String,
    /// Percent, at most two decimals; nothing takes the agreement away.
    pub rate: String,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_paid_line_never_changes_and_a_reversed_one_neither() {
        for to in LineState::ALL {
            assert!(!LineState::Paid.may_become(*to), "{to}");
            assert!(!LineState::Reversed.may_become(*to), "{to}");
        }
        assert!(LineState::Locked.may_become(LineState::Available));
        assert!(!LineState::Pending.may_become(LineState::Locked));
        assert!(!LineState::Locked.may_become(LineState::Reversed));
    }

    #[test]
    fn a_query_reads_back_from_its_address() {
        let query = LineQuery {
            state: Some(LineState::Locked),
            month: Some("2026-03".parse().unwrap()),
            customer: Some(OrgId(uuid::Uuid::from_u128(7))),
            kind: Some(SaleKind::AddOn),
            payout: Some(PayoutId(uuid::Uuid::from_u128(9))),
            after: Some(CommissionId(uuid::Uuid::from_u128(8))),
        };
        let pairs = query.pairs();
        assert_eq!(LineQuery::from_pairs(pairs.iter().map(|(n, v)| (*n, v.as_str()))), query);
        assert_eq!(
            LineQuery::from_pairs([("state", "nonsense"), ("month", "2026-13")]),
            LineQuery::default()
        );
    }
}

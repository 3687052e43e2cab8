//! What payments and refunds are for, and how lists of them are asked for and shown.

use super::{Failure, PaymentStatus, Provider, Script};
use crate::{
    kernel::{
        id::{InvoiceId, OrgId, PaymentId},
        instant::{Day, Instant},
        money::Money,
    },
    subscription::{MethodView, Plan, change::Payer},
};
use serde::{Deserialize, Serialize};

crate::keyed! {
    /// What is paid for.
    pub enum Purpose {
        /// A change of a subscription: it takes effect once it is paid.
        Change = "change",
        /// An invoice that stands: a renewal's.
        Invoice = "invoice",
    }
}

crate::keyed! {
    /// Kinds of refund (domain.md section 9, R9.6).
    pub enum RefundKind {
        /// All of a payment, within the refund window; the term it bought ends, the change it paid for is undone.
        Full = "full",
        /// A part, by finance, with a reason.
        Partial = "partial",
        /// A part, or all that is left, put on the debtor's account for its next invoice, with a reason.
        Credit = "credit",
        /// Taken back by the payer's bank (R9.7).
        Chargeback = "chargeback",
        /// Given back at the provider's own desk, without us: noted, and nothing ends by it.
        Outside = "outside",
        /// All of a payment that came after it was given up: nothing was sold for it.
        Late = "late",
    }
}

/// A refund, as typed.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct RefundForm {
    /// `full`, `partial` or `credit`.
    pub kind: String,
    /// How much, in major units; of a full one all.
    pub amount: String,
    /// Why.
    pub reason: String,
    /// Sent with the form, so that two clicks are one refund.
    pub request_key: String,
}

crate::keyed! {
    /// With what something is paid.
    pub enum PaidBy {
        /// With a card.
        Card = "card",
        /// By a bank transfer, or an offline order.
        Transfer = "transfer",
    }
}

/// What is looked for among payments. All of it is in the address of the page.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct PaymentQuery {
    /// Of one status.
    pub status: Option<PaymentStatus>,
    /// Of one customer.
    pub customer: Option<OrgId>,
    /// Of customers with these words in their names, domains or addresses.
    pub q: String,
    /// Paid by one side.
    pub payer: Option<Payer>,
    /// Paid with one kind of means.
    pub method: Option<PaidBy>,
    /// From this day on.
    pub from: Option<Day>,
    /// Up to and with this day.
    pub until: Option<Day>,
    /// Behind this payment.
    pub after: Option<PaymentId>,
}

impl PaymentQuery {
    /// Reads the parameters of an address. Whatever is unknown or malformed counts as not given.
    pub fn from_pairs<'a>(pairs: impl IntoIterator<Item = (&'a str, &'a str)>) -> Self {
        let mut query = Self::default();
        for (name, value) in pairs {
            match name {
                "status" => query.status = PaymentStatus::from_key(value),
                "customer" => query.customer = value.parse().ok(),
                "q" => query.q = value.trim().chars().take(100).collect(),
                "method" => query.method = PaidBy::from_key(value),
                "payer" => query.payer = Payer::from_key(value),
                "from" => query.from = value.parse().ok(),
                "until" => query.until = value.parse().ok(),
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
        add("status", self.status.map(|v| v.to_string()));
        add("customer", self.customer.map(|v| v.to_string()));
        add("q", Some(self.q.clone()).filter(|q| !q.is_empty()));
        add("payer", self.payer.map(|v| v.to_string()));
        add("method", self.method.map(|v| v.to_string()));
        add("from", self.from.map(|v| v.to_string()));
        add("until", self.until.map(|v| v.to_string()));
        add("after", self.after.map(|v| v.to_string()));
        pairs
    }
}

/// A payment, as its readers see it (domain.md section 9, payment reports).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct PaymentRow {
    /// Which.
    pub id: PaymentId,
    /// When it was intended.
    pub at: Instant,
    /// The customer.
    pub org: OrgId,
    /// Its name.
    pub customer: String,
    /// Its primary domain.
    pub domain: String,
    /// Who pays.
    pub payer: Payer,
    /// What is paid for: a change, or a renewal's invoice.
    pub purpose: Purpose,
    /// Which plan: what was bought, or is to be.
    pub plan: Option<Plan>,
    /// How many licences of it.
    pub seats: Option<i64>,
    /// First and last day it is for; nothing as long as there is no invoice.
    pub period: Option<(Day, Day)>,
    /// Its invoice: id and number.
    pub invoice: Option<(InvoiceId, String)>,
    /// By list, without tax; nothing as long as there is no invoice.
    pub list: Option<i64>,
    /// The partner's discount.
    pub discount: Option<i64>,
    /// List price less discount.
    pub net: Option<i64>,
    /// Tax.
    pub tax: Option<i64>,
    /// The amount, tax included.
    pub amount: Money,
    /// Given back of it.
    pub refunded: i64,
    /// The credit notes about that: ids and numbers.
    pub credit_notes: Vec<(InvoiceId, String)>,
    /// Through whom.
    pub provider: Provider,
    /// Card: brand and last four digits.
    pub card: Option<(String, String)>,
    /// Where it stands.
    pub status: PaymentStatus,
    /// Why it failed.
    pub failure: Option<Failure>,
}

/// What payments of one currency come to.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct PaymentSum {
    /// How many there are.
    pub count: i64,
    /// What was paid.
    pub amount: Money,
    /// What was given back of it.
    pub refunded: Money,
}

/// A page of payments, newest first.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct PaymentPage {
    /// The payments.
    pub rows: Vec<PaymentRow>,
    /// What was paid of all that is looked for, currency by currency; on the first page only.
    pub sums: Vec<PaymentSum>,
    /// The customer looked for by id: its name.
    pub customer: Option<(OrgId, String)>,
    /// Behind which the next page begins.
    pub next: Option<PaymentId>,
}

/// An organisation's cards, and how another one is entered.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Cards {
    /// Whose.
    pub org: OrgId,
    /// Its cards, the usual one first.
    pub methods: Vec<MethodView>,
    /// Cards of the demo's provider to choose from.
    pub scripts: Vec<Script>,
    /// Whether a card is entered on a page of the provider's.
    pub elsewhere: bool,
}

/// What is left to pay of an invoice, as whoever may do something about it sees it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Due {
    /// Who looks: the debtor, or the vendor.
    pub org: OrgId,
    /// The invoice.
    pub invoice: InvoiceId,
    /// How much.
    pub left: Money,
    /// Whether its day is over.
    pub late: bool,
    /// A payment that is under way.
    pub waiting: Option<Waiting>,
    /// What the debtor can pay with.
    pub methods: Vec<MethodView>,
    /// Whether the reader may pay it.
    pub pays: bool,
    /// Whether the reader may record that a payment came in.
    pub records: bool,
    /// Sent with the form, so that two clicks are one payment.
    pub request_key: String,
}

/// A payment of an invoice that is under way.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Waiting {
    /// Through whom: a transfer is awaited, a card's provider is at it.
    pub provider: Provider,
    /// How much.
    pub amount: Money,
    /// What is to be named in the transfer.
    pub reference: String,
    /// Where the card's owner confirms with the bank, if that is asked for.
    pub action_url: Option<String>,
}

/// Where a payment of an invoice led.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Paying {
    /// The payment.
    pub payment: PaymentId,
    /// Where it stands.
    pub status: PaymentStatus,
    /// Where the card's owner confirms with the bank, if that is asked for.
    pub action_url: Option<String>,
}

/// What the form of a payment of an invoice says.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct PayForm {
    /// An id of a payment method, `transfer`, or nothing for the usual one.
    pub method: String,
    /// What the reader was shown to be left, in minor units: exactly that is paid, or nothing.
    pub left: String,
    /// Sent with the form, so that two clicks are one payment.
    pub request_key: String,
}

/// What finance types of a payment that came in for an invoice.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct RecordForm {
    /// How much came, in major units.
    pub amount: String,
    /// The bank's reference, or the offline order's.
    pub reference: String,
    /// Sent with the form, so that two clicks are one payment.
    pub request_key: String,
}

//! Payouts: available commission on its way to the partner's bank (domain.md sections 10 and 18).

pub mod iban;
pub mod pain;
pub mod ready;
#[cfg(feature = "ssr")]
pub mod rows;
#[cfg(feature = "ssr")]
pub mod service;
pub mod upload;

pub use ready::Offer;

use crate::kernel::{
    id::{OrgId, PayoutId, PayoutInvoiceId},
    instant::{Day, Instant},
    money::{Currency, Money},
};
use serde::{Deserialize, Serialize};

crate::keyed! {
    /// Where a payout stands (domain.md section 18).
    pub enum PayoutStatus {
        /// Requested; the programme asks for no invoice.
        Requested = "requested",
        /// The partner's invoice is missing.
        AwaitingInvoice = "awaiting_invoice",
        /// The vendor's finance looks at it.
        UnderReview = "under_review",
        /// To be sent.
        Approved = "approved",
        /// With the bank.
        Sent = "sent",
        /// Arrived.
        Paid = "paid",
        /// Refused with a reason; its lines are available again.
        Rejected = "rejected",
        /// The bank gave it back; it can be approved again.
        Failed = "failed",
        /// Withdrawn by the partner; its lines are available again.
        Cancelled = "cancelled",
    }
}

impl PayoutStatus {
    /// Whether the step is one of domain.md section 18. Where no invoice is asked for, a requested payout can be
    /// decided on at once.
    pub fn may_become(self, to: Self) -> bool {
        use PayoutStatus::*;
        matches!(
            (self, to),
            (Requested, AwaitingInvoice | UnderReview | Approved | Rejected | Cancelled)
                | (AwaitingInvoice, UnderReview | Cancelled)
                | (UnderReview, Approved | Rejected)
                | (Approved, Sent)
                | (Sent, Paid | Failed)
                | (Failed, Approved)
        )
    }
    /// Whether the partner may still upload its invoice, or another one instead.
    pub fn takes_invoice(self) -> bool {
        matches!(self, PayoutStatus::Requested | PayoutStatus::AwaitingInvoice | PayoutStatus::UnderReview)
    }
}

/// How a payout reaches the partner; the only way yet.
pub const METHOD: &str = "bank_transfer";

/// Days an invoice may be old when it is uploaded (R10.3).
pub const INVOICE_DAYS: i32 = 60;

/// The account payouts go to, as typed.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct AccountForm {
    /// Whose account.
    pub holder: String,
    /// IBAN, blanks allowed.
    pub iban: String,
    /// BIC; may be empty.
    pub bic: String,
    /// The bank's name; may be empty.
    pub bank: String,
}

/// The account payouts go to.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct AccountView {
    /// Whose account.
    pub holder: String,
    /// The last four characters of the IBAN; nobody is shown more.
    pub last4: String,
    /// BIC; may be empty.
    pub bic: String,
    /// The bank's name; may be empty.
    pub bank: String,
    /// ISO 3166-1 code of the account's country.
    pub country: String,
    /// When payouts to it are possible.
    pub usable_at: Instant,
}

/// A partner's invoice for a payout, as typed.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct UploadInvoice {
    /// The invoice's number.
    pub number: String,
    /// Its date, ISO 8601.
    pub issued_on: String,
    /// Its total, as people type amounts.
    pub amount: String,
    /// A key of [`Currency`].
    pub currency: String,
    /// What the file is called.
    pub file_name: String,
    /// The file.
    pub content: Vec<u8>,
}

/// What finance decides.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub enum Decision {
    /// To be sent.
    Approve,
    /// Not to be paid; the partner reads why.
    Reject {
        /// Why: 1 to 500 characters.
        reason: String,
    },
}

/// Which payouts a list shows.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct PayoutQuery {
    /// Of one partner; a partner's people see their own in any case.
    pub partner: Option<OrgId>,
    /// In one status.
    pub status: Option<PayoutStatus>,
    /// The page behind this payout.
    pub after: Option<PayoutId>,
}

impl PayoutQuery {
    /// Reads the parameters of an address. Whatever is unknown or malformed counts as not given.
    pub fn from_pairs<'a>(pairs: impl IntoIterator<Item = (&'a str, &'a str)>) -> Self {
        let mut query = Self::default();
        for (name, value) in pairs {
            match name {
                "partner" => query.partner = value.parse().ok(),
                "status" => query.status = PayoutStatus::from_key(value),
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
        add("partner", self.partner.map(|org| org.to_string()));
        add("status", self.status.map(|status| status.to_string()));
        add("after", self.after.map(|payout| payout.to_string()));
        pairs
    }
}

/// The invoice that belongs to a payout.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[expect(missing_docs, reason = "columns of the invoice")]
pub struct InvoiceFacts {
    pub id: PayoutInvoiceId,
    pub number: String,
    pub issued_on: Day,
    pub file_name: String,
    pub uploaded_at: Instant,
}

/// A payout.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[expect(missing_docs, reason = "columns of the payout")]
pub struct PayoutRow {
    pub id: PayoutId,
    pub version: i64,
    pub partner: OrgId,
    /// The partner's name.
    pub partner_name: String,
    pub entity: String,
    pub number: String,
    pub amount: Money,
    /// How many lines it pays.
    pub lines: i64,
    pub status: PayoutStatus,
    pub method: String,
    /// The last four characters of the account's IBAN.
    pub account_last4: String,
    pub invoice: Option<InvoiceFacts>,
    /// Those it replaced, latest first.
    pub earlier: Vec<InvoiceFacts>,
    pub requested_by: String,
    pub requested_at: Instant,
    pub decided_at: Option<Instant>,
    pub sent_at: Option<Instant>,
    pub paid_at: Option<Instant>,
    /// The bank's or finance's own reference.
    pub reference: String,
    pub reject_reason: String,
    /// When and by whom it was last written into a file for the bank.
    pub exported: Option<(Instant, String)>,
}

/// What was chosen for the bank.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Chosen {
    /// Which payouts.
    pub ids: Vec<PayoutId>,
    /// Also those that were written into a file before.
    pub again: bool,
}

/// A page of payouts, newest first.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct PayoutPage {
    /// The payouts.
    pub rows: Vec<PayoutRow>,
    /// Behind which payout the next page begins, if there is one.
    pub next: Option<PayoutId>,
}

/// A file to be downloaded.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct File {
    /// What it is called.
    pub name: String,
    /// Its media type.
    pub media_type: String,
    /// Its bytes.
    pub content: Vec<u8>,
}

/// The least payout of a currency, in minor units; the policy is in major ones.
pub fn least(policy: &crate::setting::Policy, currency: Currency) -> i64 {
    policy.payout_min.saturating_mul(currency.minor_per_major())
}

#[cfg(test)]
mod tests {
    use super::*;
    use PayoutStatus::*;

    #[test]
    fn a_payout_takes_only_the_steps_there_are() {
        let path = [Requested, AwaitingInvoice, UnderReview, Approved, Sent, Failed, Approved, Sent, Paid];
        for pair in path.windows(2) {
            assert!(pair[0].may_become(pair[1]), "{} to {}", pair[0], pair[1]);
        }
        for end in [Paid, Rejected, Cancelled] {
            for to in PayoutStatus::ALL {
                assert!(!end.may_become(*to), "{end} to {to}");
            }
        }
        for (from, to) in
            [(AwaitingInvoice, Approved), (Approved, Cancelled), (UnderReview, Cancelled), (Approved, Paid)]
        {
            assert!(!from.may_become(to), "{from} to {to}");
        }
    }

    #[test]
    fn the_least_payout_counts_in_the_currencys_own_units() {
        let policy = crate::setting::Policy::defaults(false);
        assert_eq!(least(&policy, Currency::Eur), 10_000);
        assert_eq!(least(&policy, Currency::Jpy), 100);
    }

    #[test]
    fn a_query_reads_back_from_its_address() {
        let query = PayoutQuery {
            partner: Some(OrgId(uuid::Uuid::from_u128(7))),
            status: Some(Sent),
            after: Some(PayoutId(uuid::Uuid::from_u128(8))),
        };
        let pairs = query.pairs();
        assert_eq!(PayoutQuery::from_pairs(pairs.iter().map(|(n, v)| (*n, v.as_str()))), query);
    }
}

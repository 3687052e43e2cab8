//! The double-entry ledger (domain.md section 9, R9.9): every movement of money is a transaction whose entries sum to
//! zero, in integer minor units, never changed afterwards. Positive amounts are debits, negative ones credits.

pub mod posting;
#[cfg(feature = "ssr")]
pub mod rows;
#[cfg(feature = "ssr")]
pub mod service;

pub use posting::{BadPosting, Draft, Entry, Posting};

use crate::kernel::{
    id::{OrgId, TransactionId},
    instant::{Day, Instant},
    money::{Currency, Money},
};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

/// As owner of an entry: no partner's. As owner of summaries and balances: all partners and none, together.
pub const EVERYBODY: OrgId = OrgId(Uuid::nil());

crate::keyed! {
    /// The accounts there are.
    pub enum Account {
        /// What customers and partners have been billed and not paid.
        Receivable = "receivable",
        /// What payment providers hold for the vendor.
        Cash = "cash",
        /// Sales at list price, without tax.
        Sales = "sales",
        /// Discount given to partners who pay: lessens sales.
        Discount = "discount",
        /// Tax billed, to be passed on.
        Tax = "tax",
        /// Money given back: lessens sales.
        Refunds = "refunds",
        /// Money taken back by banks: lessens sales.
        Chargebacks = "chargebacks",
        /// Commission as a cost of the vendor's.
        Commission = "commission",
        /// Commission owed, within the refund window.
        CommissionPending = "commission_pending",
        /// Commission owed that may be requested.
        CommissionAvailable = "commission_available",
        /// Commission owed in a payout under way.
        CommissionLocked = "commission_locked",
        /// The vendor's own bank account: payouts have gone out of it.
        Bank = "bank",
        /// What debtors have on account, for their next invoices.
        Credit = "credit",
        /// Bills nobody will pay.
        BadDebt = "bad_debt",
        /// What rounding leaves.
        Rounding = "rounding",
    }
}

crate::keyed! {
    /// What an account is in accounting.
    pub enum Nature {
        /// What the vendor has: debits make it more.
        Asset = "assets",
        /// What the vendor owes: credits make it more.
        Liability = "liabilities",
        /// What the vendor earns: credits make it more.
        Income = "income",
        /// What the vendor spends: debits make it more.
        Expense = "expenses",
        /// Neither earned nor owed.
        Equity = "equity",
    }
}

impl Account {
    /// What it is. Whatever lessens sales is income too, on the other side.
    pub fn nature(self) -> Nature {
        use Account::*;
        match self {
            Receivable | Cash | Bank => Nature::Asset,
            Tax | CommissionPending | CommissionAvailable | CommissionLocked | Credit => Nature::Liability,
            Sales | Discount | Refunds | Chargebacks => Nature::Income,
            Commission | BadDebt => Nature::Expense,
            Rounding => Nature::Equity,
        }
    }

    /// Its name in a journal, below its nature.
    pub fn journal_name(self) -> &'static str {
        match self {
            Account::CommissionPending => "commission:pending",
            Account::CommissionAvailable => "commission:available",
            Account::CommissionLocked => "commission:locked",
            Account::BadDebt => "bad-debt",
            other => other.key(),
        }
    }

    /// Whether it is what the vendor owes to single partners.
    pub fn is_owed_to_partners(self) -> bool {
        matches!(self, Account::CommissionPending | Account::CommissionAvailable | Account::CommissionLocked)
    }
}

crate::keyed! {
    /// What a transaction follows from. With the id of that it is posted once.
    pub enum Cause {
        /// An invoice was issued: `InvoiceId`.
        Invoice = "invoice",
        /// A payment was collected: `PaymentId`.
        Payment = "payment",
        /// A payment was given back: `RefundId`.
        Refund = "refund",
        /// A credit note was issued: `InvoiceId`.
        CreditNote = "credit_note",
        /// A bank took a payment back: the case's id.
        Chargeback = "chargeback",
        /// A chargeback was won: the case's id.
        ChargebackWon = "chargeback_won",
        /// Commission was earned: `CommissionId`.
        Commission = "commission",
        /// Commission became available: `CommissionId`.
        CommissionRelease = "commission_release",
        /// Commission was taken back: `CommissionId` of the reversing line.
        ClawBack = "claw_back",
        /// A payout was requested: `PayoutId`.
        PayoutRequest = "payout_request",
        /// A payout was paid: `PayoutId`.
        PayoutPaid = "payout_paid",
        /// A payout was rejected or came back: `PayoutId`.
        PayoutReturned = "payout_returned",
        /// A term ended and left what rounding leaves: the term's id.
        TermClose = "term_close",
        /// A bill was paid from what its debtor had on account: `InvoiceId`.
        AccountUsed = "account_used",
        /// A bill was given up: `InvoiceId`.
        WriteOff = "write_off",
        /// Staff put commission right, or a won dispute did: `CommissionId` of the line that does.
        Adjustment = "adjustment",
    }
}

/// What stands in an account.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Balance {
    /// The account.
    pub account: Account,
    /// The vendor's entity.
    pub entity: String,
    /// Debits less credits.
    pub amount: Money,
}

/// What moved in an account on a day.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct DaySum {
    /// The account.
    pub account: Account,
    /// The vendor's entity.
    pub entity: String,
    /// The day (UTC).
    pub day: Day,
    /// In which currency.
    pub currency: Currency,
    /// Sum of the debits, minor units, not negative.
    pub debit: i64,
    /// Sum of the credits, minor units, not negative.
    pub credit: i64,
}

impl DaySum {
    /// Debits less credits.
    pub fn net(&self) -> Money {
        Money::new(self.debit - self.credit, self.currency)
    }
}

/// Which entries are asked for: the lines behind a figure.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct LineQuery {
    /// Whose; none: the reader's own partner, or everybody for the vendor's staff.
    pub owner: Option<OrgId>,
    /// Of which accounts.
    pub accounts: Vec<Account>,
    /// Of which entity of the vendor; none: all.
    pub entity: Option<String>,
    /// In which currency.
    pub currency: Currency,
    /// First day.
    pub from: Day,
    /// Last day.
    pub until: Day,
    /// Behind which line the page begins; none: the first page.
    pub after: Option<LinePlace>,
}

/// Where a line stands: latest day first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct LinePlace {
    /// The day.
    pub day: Day,
    /// The transaction.
    pub transaction: TransactionId,
    /// The line in it, from 1.
    pub line: i32,
}

impl std::fmt::Display for LinePlace {
    /// For addresses: `20515.txn_….2`.
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{}.{}.{}", self.day.0, self.transaction, self.line)
    }
}

impl std::str::FromStr for LinePlace {
    type Err = crate::kernel::id::MalformedId;
    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let bad = crate::kernel::id::MalformedId;
        let mut parts = text.split('.');
        let (Some(day), Some(transaction), Some(line), None) =
            (parts.next(), parts.next(), parts.next(), parts.next())
        else {
            return Err(bad);
        };
        Ok(Self {
            day: Day(day.parse().map_err(|_| bad)?),
            transaction: transaction.parse()?,
            line: line.parse().map_err(|_| bad)?,
        })
    }
}

/// An entry as readers see it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Line {
    /// Where it stands.
    pub place: LinePlace,
    /// When it was posted.
    pub at: Instant,
    /// The account.
    pub account: Account,
    /// The vendor's entity.
    pub entity: String,
    /// Debit, or credit if negative.
    pub amount: Money,
    /// What it follows from.
    pub cause: Cause,
    /// The id of that.
    pub cause_id: Uuid,
    /// The customer it is about, if any: id and name.
    pub customer: Option<(OrgId, String)>,
}

/// Lines on a page.
pub const LINES: usize = 50;

/// A page of lines, latest first.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct LinePage {
    /// At most [`LINES`].
    pub lines: Vec<Line>,
    /// Behind which line the next page begins, if there is one.
    pub next: Option<LinePlace>,
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn accounts_of_one_nature_have_journal_names_of_their_own() {
        for one in Account::ALL {
            for other in Account::ALL {
                let same = (one.nature(), one.journal_name()) == (other.nature(), other.journal_name());
                assert_eq!(same, one == other, "{one} {other}");
            }
        }
    }

    #[test]
    fn a_place_that_is_none_is_refused() {
        for bad in
            ["", "1", "1.2.3", "1.txn_00000000000000000000000000", "x.txn_00000000000000000000000000.1"]
        {
            assert!(bad.parse::<LinePlace>().is_err(), "{bad}");
        }
    }

    proptest! {
        #[test]
        fn a_place_reads_back(day: i32, id: u128, line: i32) {
            let place = LinePlace { day: Day(day), transaction: TransactionId(Uuid::from_u128(id)), line };
            prop_assert_eq!(place.to_string().parse::<LinePlace>(), Ok(place));
        }
    }
}

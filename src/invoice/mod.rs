//! Invoices and credit notes (domain.md sections 9 and 17): what they say, and where they stand. Once issued they never
//! change (R9.3); what happens to them afterwards is their state.

#[cfg(feature = "ssr")]
pub mod rows;
#[cfg(feature = "ssr")]
pub mod service;
pub mod tax;

pub use tax::{Tax, TaxRule, tax_for};

use crate::{
    kernel::{
        id::{InvoiceId, OrgId},
        instant::{Day, Instant},
        money::{Currency, Money, basis_points},
        right::OrgKind,
    },
    payment::{PaymentStatus, Provider},
    subscription::{Term, change::Item},
};
use serde::{Deserialize, Serialize};

crate::keyed! {
    /// What kind of paper it is.
    pub enum InvoiceKind {
        /// Asks for an amount.
        Invoice = "invoice",
        /// Takes back all or part of an invoice. Its amounts are negative.
        CreditNote = "credit_note",
    }
}

crate::keyed! {
    /// Where an invoice stands (domain.md section 18). Drafts are not kept: an invoice begins when it is issued.
    pub enum InvoiceStatus {
        /// Sent, nothing paid.
        Issued = "issued",
        /// Paid in full.
        Paid = "paid",
        /// Paid in part.
        PartiallyPaid = "partially_paid",
        /// The due day is over and not all is paid.
        PastDue = "past_due",
        /// Given up.
        Uncollectible = "uncollectible",
        /// Taken back by a credit note before it was paid.
        Void = "void",
        /// Paid, and all given back.
        Refunded = "refunded",
        /// Paid, and part given back.
        PartiallyRefunded = "partially_refunded",
    }
}

impl InvoiceStatus {
    /// Whether the next may follow this one. Money that comes late is money all the same: also what was past due or given
    /// up can be paid. What was paid is past due once more when the payer's bank takes the money back.
    pub fn may_become(self, next: Self) -> bool {
        use InvoiceStatus::*;
        match self {
            Issued => matches!(next, Paid | PartiallyPaid | PastDue | Void),
            PartiallyPaid => matches!(next, Paid | PastDue | Uncollectible),
            PastDue => matches!(next, Paid | PartiallyPaid | Uncollectible | Void),
            Uncollectible => matches!(next, Paid),
            Paid => matches!(next, Refunded | PartiallyRefunded | PastDue),
            PartiallyRefunded => matches!(next, Refunded | PastDue),
            Void | Refunded => false,
        }
    }

    /// Whether something is still to be paid.
    pub fn is_open(self) -> bool {
        matches!(self, InvoiceStatus::Issued | InvoiceStatus::PartiallyPaid | InvoiceStatus::PastDue)
    }
}

/// Name, address and tax number of one side, as they were on the day of issue. Empty texts are facts not given.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Party {
    /// Name of the company.
    pub name: String,
    /// Street and number.
    pub street: String,
    /// More of the address.
    pub street2: String,
    /// Postal code.
    pub postal_code: String,
    /// City.
    pub city: String,
    /// State or province.
    pub state: String,
    /// ISO 3166-1 alpha-2.
    pub country: String,
    /// VAT or other tax number.
    pub vat_id: String,
    /// Address for mail about invoices.
    pub email: String,
}

/// The vendor's entity that issues an invoice.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Issuer {
    /// Name, address, tax number.
    pub party: Party,
    /// IBAN of its account, without blanks; empty if transfers are not taken.
    pub iban: String,
    /// BIC of its bank.
    pub bic: String,
}

crate::keyed! {
    /// Why a line is on the invoice.
    pub enum Sale {
        /// The first term.
        New = "new",
        /// A further term.
        Renewal = "renewal",
        /// Licences or units added within the term.
        Added = "added",
        /// The difference to a higher plan for what is left of the term.
        Upgrade = "upgrade",
        /// Another term begins.
        TermChange = "term_change",
        /// Given back.
        Refund = "refund",
    }
}

/// What a line is about: put into words in the reader's language.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct LineText {
    /// The licence or unit sold.
    pub item: Item,
    /// Why.
    pub sale: Sale,
    /// The term it is sold for.
    pub term: Term,
    /// The plan before, of an upgrade.
    pub was: Option<Item>,
}

/// A line. Amounts are in minor units of the invoice's currency, without tax; negative on credit notes.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct InvoiceLine {
    /// What.
    pub text: LineText,
    /// Licences or units; always positive.
    pub quantity: i64,
    /// Price of one for a whole term (of an upgrade: the difference).
    pub unit_price: i64,
    /// First day of the period.
    pub from: Day,
    /// Last day of the period.
    pub until: Day,
    /// Days charged, and days of the whole term, where only part of it is charged.
    pub days: Option<(i32, i32)>,
    /// List price: quantity × unit price, prorated.
    pub list: i64,
    /// What the partner need not pay of it.
    pub discount: i64,
    /// `list − discount`.
    pub net: i64,
}

/// How the amount finds its way, as agreed on the day of issue.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub enum Settlement {
    /// A card was charged already, or gets the money back.
    Paid {
        /// The card's brand, as the provider names it.
        brand: String,
        /// Its last four digits.
        last4: String,
    },
    /// A card will be charged on the due day.
    Charge {
        /// The card's brand, as the provider names it.
        brand: String,
        /// Its last four digits.
        last4: String,
    },
    /// The debtor transfers it; a credit note's issuer does.
    Transfer,
    /// A credit note against an invoice that was never paid: nothing moves.
    Offset,
    /// A credit note whose amount waits on the debtor's account for its next invoice.
    Account,
}

/// Sums of lines in minor units.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Totals {
    /// List prices.
    pub list: i64,
    /// Discounts.
    pub discount: i64,
    /// `list − discount`.
    pub net: i64,
    /// Tax on the net sum, rounded half away from zero.
    pub tax: i64,
    /// `net + tax`.
    pub total: i64,
}

impl Totals {
    /// Adds lines up. The tax is taken on the sum, not line by line.
    pub fn of(lines: &[InvoiceLine], tax: Tax) -> Self {
        let list = lines.iter().map(|line| line.list).sum();
        let discount = lines.iter().map(|line| line.discount).sum();
        let net = lines.iter().map(|line| line.net).sum();
        let tax = basis_points(net, tax.bp);
        Self { list, discount, net, tax, total: net + tax }
    }
}

/// What an invoice says, kept as it was on the day of issue.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Content {
    /// Who issued it.
    pub issuer: Issuer,
    /// Who owes it.
    pub debtor: Party,
    /// The customer's name, if the debtor is the partner.
    pub customer: Option<String>,
    /// What for.
    pub lines: Vec<InvoiceLine>,
    /// The number of the invoice that a credit note corrects.
    pub credits: Option<String>,
    /// How the amount finds its way.
    pub settlement: Settlement,
    /// Taken for it from what the debtor had on account, in minor units: so much less is to be paid.
    #[serde(default)]
    pub from_account: i64,
    /// The debtor's own reference, such as the number of its order; empty if there is none.
    #[serde(default)]
    pub reference: String,
    /// A sentence more, such as why something was credited; empty if there is none.
    pub note: String,
}

/// An invoice or credit note, as its readers see it. Amounts in minor units.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct InvoiceView {
    /// Which.
    pub id: InvoiceId,
    /// Invoice or credit note.
    pub kind: InvoiceKind,
    /// Its number.
    pub number: String,
    /// What it says.
    pub content: Content,
    /// The currency of all amounts.
    pub currency: Currency,
    /// Sums.
    pub totals: Totals,
    /// The tax rule and rate.
    pub tax: Tax,
    /// Day of issue.
    pub issued_on: Day,
    /// Last day for paying.
    pub due_on: Day,
    /// Where it stands.
    pub status: InvoiceStatus,
    /// Paid so far.
    pub paid: i64,
}

/// A payment of an invoice, as its debtor sees it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct InvoicePayment {
    /// When it was begun.
    pub at: Instant,
    /// How much.
    pub amount: Money,
    /// Given back of it, in minor units.
    pub refunded: i64,
    /// Through whom.
    pub provider: Provider,
    /// Brand and last four digits of the card, if it was one.
    pub card: Option<(String, String)>,
    /// Where it stands.
    pub status: PaymentStatus,
}

/// An invoice or credit note in the list of its debtor.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct InvoiceRow {
    /// Which.
    pub id: InvoiceId,
    /// Invoice or credit note.
    pub kind: InvoiceKind,
    /// Its number.
    pub number: String,
    /// Day of issue.
    pub issued_on: Day,
    /// Last day for paying.
    pub due_on: Day,
    /// What it asks for; negative on credit notes.
    pub total: Money,
    /// What is still to be paid of it.
    pub left: Money,
    /// Where it stands.
    pub status: InvoiceStatus,
    /// Tries to pay it, oldest first.
    pub payments: Vec<InvoicePayment>,
}

/// Invoices of a debtor, newest first.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct InvoicePage {
    /// The debtor.
    pub org: OrgId,
    /// What the debtor is: a partner reads its invoices in its store, a customer in its console.
    pub kind: OrgKind,
    /// What it has on account, for its next invoices.
    pub on_account: Vec<Money>,
    /// The invoices.
    pub rows: Vec<InvoiceRow>,
    /// Behind which the next page begins.
    pub next: Option<InvoiceId>,
}

/// The number of an invoice: `DE-2026-000123`, of a credit note `DE-C-2026-000007`. `entity` is the key of the billing
/// entity; `seq` counts from 1 within entity, kind and year, without gap.
pub fn number(entity: &str, kind: InvoiceKind, year: i32, seq: i64) -> String {
    let letter = match kind {
        InvoiceKind::Invoice => "",
        InvoiceKind::CreditNote => "C-",
    };
    format!("{}-{letter}{year}-{seq:06}", entity.to_uppercase())
}

#[cfg(test)]
mod tests {
    use super::*;
    use InvoiceStatus::*;
    use proptest::prelude::*;

    #[test]
    fn numbers_name_entity_kind_and_year() {
        assert_eq!(number("de", InvoiceKind::Invoice, 2026, 123), "DE-2026-000123");
        assert_eq!(number("DE", InvoiceKind::CreditNote, 2026, 7), "DE-C-2026-000007");
        assert_eq!(number("us", InvoiceKind::Invoice, 2027, 1_234_567), "US-2027-1234567");
    }

    #[test]
    fn what_is_over_stays_over_and_nothing_is_issued_twice() {
        for from in InvoiceStatus::ALL.iter().copied() {
            assert!(!from.may_become(Issued) && !from.may_become(from), "{from}");
            assert!(!Void.may_become(from) && !Refunded.may_become(from), "{from}");
            // Only what was paid in full can be given back; only what was not paid at all can be void.
            assert_eq!(from.may_become(Refunded), matches!(from, Paid | PartiallyRefunded), "{from}");
            assert_eq!(from.may_become(Void), matches!(from, Issued | PastDue), "{from}");
            assert_eq!(from.may_become(Uncollectible), matches!(from, PastDue | PartiallyPaid), "{from}");
            // A bank may take back whatever was paid.
            let paid = matches!(from, Paid | PartiallyPaid | PartiallyRefunded);
            assert_eq!(from.may_become(PastDue), paid || from == Issued, "{from}");
            assert!(!from.is_open() || from.may_become(Paid), "{from}");
        }
    }

    fn line(list: i64, discount: i64) -> InvoiceLine {
        InvoiceLine {
            text: LineText { item: Item::Standard, sale: Sale::New, term: Term::Yearly, was: None },
            quantity: 1,
            unit_price: list,
            from: Day(20_500),
            until: Day(20_864),
            days: None,
            list,
            discount,
            net: list - discount,
        }
    }

    #[test]
    fn tax_is_taken_on_the_sum_not_line_by_line() {
        let tax = Tax { rule: TaxRule::Domestic, bp: 1900 };
        // Three times 0.03 of tax if taken one by one (13 × 19 % = 2.47, rounded to 2).
        let lines = [line(13, 0), line(13, 0), line(13, 0)];
        assert_eq!(Totals::of(&lines, tax), Totals { list: 39, discount: 0, net: 39, tax: 7, total: 46 });
    }

    proptest! {
        /// A credit note of all lines takes back exactly what the invoice asked for.
        #[test]
        fn a_full_credit_note_leaves_nothing(lines in prop::collection::vec((0i64..10_000_000, 0i64..100), 1..20), bp in 0i64..3000) {
            let tax = Tax { rule: TaxRule::Domestic, bp };
            let of = |sign: i64| {
                let lines: Vec<_> = lines.iter().map(|(list, percent)| line(sign * list, sign * list * percent / 100)).collect();
                Totals::of(&lines, tax)
            };
            let (invoice, credit) = (of(1), of(-1));
            prop_assert_eq!(invoice.total + credit.total, 0);
            prop_assert_eq!(invoice.tax + credit.tax, 0);
            prop_assert_eq!(invoice.list - invoice.discount, invoice.net);
        }
    }
}

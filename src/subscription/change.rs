//! Changes of a paid subscription: what a change costs, what it gives back, and what comes of it (domain.md section 7).
//! Pure: the same code makes the preview, the booking and the reader's *what if*.
//!
//! A day belongs to the terms it began with: a change made today is paid for, or gives back, from tomorrow on. What a
//! subscription is worth is its list price for a term, spread evenly over the days the term was sold with; credits buy
//! further days at that worth and are never paid out.

pub mod early;
pub mod limit;
pub mod now;
#[cfg(test)]
mod now_tests;
#[cfg(test)]
mod path_tests;
pub mod price;
pub mod quote;
pub mod renewal;
pub mod scheduled;
pub mod settle;
mod take_over;
pub mod term;

pub use early::{begin_early, changed_since, renew_early};
pub use limit::{Limits, Loss, LossOf, Usage, excesses, losses};
pub use now::{begun_on, buy, change_now};
pub use price::{PriceList, Rates, TaxRate};
pub use quote::{LineKind, NextRenewal, Quote, QuoteLine};
pub use renewal::{at_renewal, next_renewal};
pub use scheduled::{Conflict, Field, Scheduled, Target, conflicts, covered, overlay};
pub use settle::{Exact, Segment, Settlement, consumed, settle_term};
pub use take_over::take_over;
pub use term::{Span, first_term, next_term};

use super::{MAX_SEATS, Plan, Term};
use crate::kernel::{
    error::{FieldError, Issue},
    instant::Day,
    money::{Currency, MAX_MINOR},
    refusal::Refusal,
};
use serde::{Deserialize, Serialize};

crate::keyed! {
    /// Who pays for a subscription (design.md section 1).
    pub enum Payer {
        /// The partner: list price less discount, no commission.
        Partner = "partner",
        /// The customer: list price, commission.
        Customer = "customer",
    }
}

crate::keyed! {
    /// What can be bought: a plan's licence, or a unit of an add-on.
    pub enum Item {
        /// A licence of Mail Lite.
        MailLite = "mail-lite",
        /// A licence of Mail Lite with ten gigabytes.
        MailLite10 = "mail-lite-10",
        /// A licence of Mail Premium.
        MailPremium = "mail-premium",
        /// A licence of Workplace Standard.
        Standard = "standard",
        /// A licence of Workplace Professional.
        Professional = "professional",
        /// Ten gigabytes of mail storage for the organisation.
        ExtraStorage = "extra-storage",
    }
}

impl Item {
    /// What a licence of the plan is sold as; nothing for the free plan.
    pub fn of(plan: Plan) -> Option<Self> {
        match plan {
            Plan::Free => None,
            Plan::MailLite => Some(Item::MailLite),
            Plan::MailLite10 => Some(Item::MailLite10),
            Plan::MailPremium => Some(Item::MailPremium),
            Plan::Standard => Some(Item::Standard),
            Plan::Professional => Some(Item::Professional),
        }
    }
}

/// Most units of extra storage of a subscription: 100 terabytes.
pub const MAX_ADDON_UNITS: i64 = 10_000;

/// What is wished of a subscription.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Terms {
    /// The plan.
    pub plan: Plan,
    /// Its term.
    pub term: Term,
    /// Licences.
    pub seats: i64,
    /// Units of extra storage.
    pub addon_units: i64,
}

impl Terms {
    /// Which numbers are out of range, by field name. [`buy`], [`change_now`] and [`at_renewal`] refuse such terms as
    /// not on sale; a form asks here first and can say more.
    pub fn faults(&self) -> Vec<FieldError> {
        let fields = [
            ("seats", self.seats, 1, i64::from(MAX_SEATS)),
            ("addon_units", self.addon_units, 0, MAX_ADDON_UNITS),
        ];
        let wrong = fields.into_iter().filter(|(_, given, min, max)| given < min || given > max);
        wrong
            .map(|(field, _, min, max)| FieldError {
                field: field.into(),
                issue: Issue::OutOfRange { min, max },
            })
            .collect()
    }

    /// What is sold, as what: refused if the plan costs nothing, is not offered for the term, or a number is out of
    /// range.
    fn sold(&self) -> Result<Item, Refusal> {
        let item = Item::of(self.plan).ok_or(Refusal::NotOnSale)?;
        match self.plan.terms().contains(&self.term) && self.faults().is_empty() {
            true => Ok(item),
            false => Err(Refusal::NotOnSale),
        }
    }
}

/// A paid subscription as it runs. Prices are in minor units, per licence or unit and *per term*, and stay what they are
/// until the renewal.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Contract {
    /// What was bought.
    pub terms: Terms,
    /// Price of a licence for a term.
    pub unit_price: i64,
    /// Price of a unit of extra storage for a term.
    pub addon_price: i64,
    /// In which currency.
    pub currency: Currency,
    /// Who pays.
    pub payer: Payer,
    /// First day of the term that runs.
    pub started: Day,
    /// Its last day: it ends at 24:00 UTC.
    pub ends_on: Day,
    /// Days of the term as it was sold, without days that credits added: 28 to 31, 365 or 366.
    pub term_days: i32,
    /// Day of the month on which terms begin (1 to 31).
    pub anchor: u8,
    /// What is left of credits that did not fill a day, in minor units × days of the term: less than a day's price.
    pub carry: i64,
}

impl Contract {
    /// What the whole subscription costs for a term by list, in minor units.
    pub fn value(&self) -> i64 {
        let licences = self.terms.seats.saturating_mul(self.unit_price);
        licences.saturating_add(self.terms.addon_units.saturating_mul(self.addon_price))
    }
    /// Days after today to the last one; negative when the term is over.
    pub fn remaining(&self, today: Day) -> i32 {
        self.ends_on.0.saturating_sub(today.0)
    }
    /// What has been paid and not been used when today is over, carry included: minor units × days of the term.
    pub fn unused(&self, today: Day) -> i128 {
        i128::from(self.value()) * i128::from(self.remaining(today).max(0)) + i128::from(self.carry)
    }
    /// Whether this is a subscription that was bought, with figures that can be reckoned with. Rows that were never
    /// paid for hold zeros.
    fn is_sound(&self) -> bool {
        self.terms.sold().is_ok()
            && self.unit_price > 0
            && self.addon_price >= 0
            && self.value() <= MAX_MINOR
            && self.term_days > 0
            && (1..=31).contains(&self.anchor)
            && self.started <= self.ends_on
            && self.carry >= 0
    }
}

/// Something the organisation uses more of than the wished plan holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Excess {
    /// Of what.
    pub what: Limit,
    /// Used.
    pub used: i64,
    /// The most the plan holds.
    pub most: i64,
}

crate::keyed! {
    /// What a plan limits.
    pub enum Limit {
        /// People.
        Users = "users",
        /// Domains.
        Domains = "domains",
    }
}

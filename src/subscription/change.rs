//! Changes of a paid subscription: what a change costs, what it gives back, and what comes of it (domain.md section 7).
//! Pure: the same code makes the preview, the booking and the reader's *what if*.

use super::{Plan, Term};
use crate::kernel::{instant::Day, money::Currency};
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

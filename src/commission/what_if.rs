//! What a sale would earn.

use super::Outcome;
use crate::kernel::money::Currency;
use serde::{Deserialize, Serialize};

/// A sale that is only imagined, as typed; what is left empty is as plain as can be.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct WhatIf {
    /// A key of [`crate::subscription::Plan`].
    pub plan: String,
    /// A key of [`crate::subscription::Term`].
    pub term: String,
    /// Licences.
    pub seats: String,
    /// A key of [`crate::subscription::change::Payer`].
    pub payer: String,
    /// A key of [`super::SaleKind`]: `new`, `renewal`, `upgrade` or `add_on`.
    pub sale: String,
    /// Units of extra storage; of an `add_on` those that are added.
    pub addon_units: String,
    /// Of an `upgrade`: a key of the [`crate::subscription::Plan`] before.
    pub was_plan: String,
    /// Of an `upgrade` or `add_on`: days left of the term; empty for a whole one.
    pub days_left: String,
    /// When the customer first paid for the service, ISO 8601; empty if it never did.
    pub first_paid_on: String,
    /// Since when it is mapped to the partner, ISO 8601; empty for today.
    pub mapped_since: String,
    /// Licences it had of the same plan when the mapping began.
    pub baseline_seats: String,
}

impl WhatIf {
    /// Reads the parameters of an address.
    pub fn from_pairs<'a>(pairs: impl IntoIterator<Item = (&'a str, &'a str)>) -> Self {
        let mut form = Self::default();
        for (name, value) in pairs {
            let field = match name {
                "plan" => &mut form.plan,
                "term" => &mut form.term,
                "seats" => &mut form.seats,
                "payer" => &mut form.payer,
                "sale" => &mut form.sale,
                "addon_units" => &mut form.addon_units,
                "was_plan" => &mut form.was_plan,
                "days_left" => &mut form.days_left,
                "first_paid_on" => &mut form.first_paid_on,
                "mapped_since" => &mut form.mapped_since,
                "baseline_seats" => &mut form.baseline_seats,
                _ => continue,
            };
            *field = value.to_owned();
        }
        form
    }
}

/// What an imagined sale would earn.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Worked {
    /// In which currency: the partner's.
    pub currency: Currency,
    /// What the customer would be charged, minor units without tax.
    pub base: i64,
    /// What of it is earned, and why.
    pub outcome: Outcome,
}

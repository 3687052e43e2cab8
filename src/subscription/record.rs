//! What is kept of a change: who wished it, what it would cost, and where it stands.

use crate::kernel::id::{MethodId, OrgId};
use serde::{Deserialize, Serialize};

crate::keyed! {
    /// What kind of change it is.
    pub enum ChangeKind {
        /// From trial or free plan to a paid one.
        Buy = "buy",
        /// Another plan, term, number of licences or add-ons, now.
        Now = "now",
        /// The same, from the renewal on.
        AtRenewal = "at_renewal",
        /// No renewal: the subscription ends with its term.
        Cancel = "cancel",
        /// Another payer, from the renewal on.
        Payer = "payer",
        /// A term that was renewed by the programme.
        Renewal = "renewal",
        /// The subscription came to its end.
        End = "end",
        /// Refunded in full: back to the free plan.
        Refund = "refund",
    }
}

crate::keyed! {
    /// Where a change stands (domain.md section 18, `pending_change` and the scheduled overlay).
    pub enum ChangeStatus {
        /// The other side is asked.
        Proposed = "proposed",
        /// Being paid for.
        Charging = "charging",
        /// Takes effect at the renewal.
        Scheduled = "scheduled",
        /// In effect.
        Applied = "applied",
        /// Taken back before it had an effect.
        Undone = "undone",
        /// The other side said no, and why.
        Declined = "declined",
        /// Nobody answered in time.
        Expired = "expired",
        /// It could not be paid.
        Failed = "failed",
    }
}

impl ChangeStatus {
    /// Whether something may still come of it.
    pub fn is_open(self) -> bool {
        matches!(self, Self::Proposed | Self::Charging | Self::Scheduled)
    }
}

/// A wish, as typed. An empty field leaves what is.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct ChangeForm {
    /// A key of [`super::Plan`].
    pub plan: String,
    /// Licences.
    pub seats: String,
    /// A key of [`super::Term`].
    pub term: String,
    /// Units of extra storage.
    pub addon_units: String,
    /// `now` or `renewal`.
    pub when: String,
    /// A key of [`super::change::Payer`]; asked for when something is bought for the first time.
    pub payer: String,
    /// With what is paid: an id of a payment method, `transfer`, or nothing for the usual one.
    pub method: String,
    /// The total the reader was shown, in minor units: exactly that is booked, or nothing.
    pub total: String,
    /// The subscription's version the reader was shown.
    pub version: String,
    /// Sent with the form, so that two clicks are one change.
    pub request_key: String,
}

impl ChangeForm {
    /// Reads the parameters of an address; unknown ones count as not given.
    pub fn from_pairs<'a>(pairs: impl IntoIterator<Item = (&'a str, &'a str)>) -> Self {
        let mut form = Self::default();
        for (name, value) in pairs {
            let value: String = value.chars().take(80).collect();
            match name {
                "plan" => form.plan = value,
                "seats" => form.seats = value,
                "term" => form.term = value,
                "addon_units" => form.addon_units = value,
                "when" => form.when = value,
                "payer" => form.payer = value,
                "method" => form.method = value,
                _ => {}
            }
        }
        form
    }
    /// Whether anything was wished at all.
    pub fn is_empty(&self) -> bool {
        *self == Self::default()
    }
}

/// Where a confirmed wish led.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Confirmed {
    /// The change.
    pub change: crate::kernel::id::ChangeId,
    /// Whose subscription.
    pub org: OrgId,
    /// Where it stands now.
    pub status: ChangeStatus,
    /// Where the payer confirms with the bank, if that is asked for.
    pub action_url: Option<String>,
}

/// A means to pay with, as a reader may see it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct MethodView {
    /// Its id.
    pub id: MethodId,
    /// Brand: `visa`.
    pub brand: String,
    /// The last four digits.
    pub last4: String,
    /// Until when it is good: month and year.
    pub expires: (i32, i32),
    /// Whether it is used where none is named.
    pub is_default: bool,
    /// Whether it is no longer good.
    pub expired: bool,
}

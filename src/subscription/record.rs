//! What is kept of a change: who wished it, what it would cost, and where it stands.

use super::{
    authority::{ChangeMode, Say, Side},
    change::{Conflict, Contract, Excess, Loss, NextRenewal, Payer, Quote, Terms},
};
use crate::{
    invoice::Tax,
    kernel::{
        id::{ChangeId, InvoiceId, MethodId, OrgId},
        instant::{Day, Instant},
        money::{Currency, Money},
    },
};
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
        /// The next term, bought before its day.
        Early = "early",
        /// The customer pays the running term, which its partner did not.
        TakeOver = "take_over",
        /// A term that was renewed by the programme.
        Renewal = "renewal",
        /// The subscription came to its end.
        End = "end",
        /// Refunded in full: back to the free plan.
        Refund = "refund",
    }
}

impl ChangeKind {
    /// Where a change of this kind stands once it is paid for, or costs nothing: a term bought early waits for its day.
    pub fn once_paid(self) -> ChangeStatus {
        if self == Self::Early { ChangeStatus::Scheduled } else { ChangeStatus::Applied }
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

crate::keyed! {
    /// When a wish is to take effect.
    #[derive(Default)]
    pub enum When {
        /// At once.
        #[default]
        Now = "now",
        /// From the renewal on.
        Renewal = "renewal",
        /// The renewal itself, bought now.
        Early = "early",
    }
}

/// Most characters of a purchase reference (domain.md section 17).
pub const PURCHASE_REF: u32 = 40;

/// A wish, as typed. An empty field leaves what is, or at the renewal what is planned.
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
    /// A key of [`When`]; empty for now.
    pub when: String,
    /// A key of [`super::change::Payer`]: who pays what is bought for the first time, or who is to pay from the renewal on.
    pub payer: String,
    /// With what is paid: an id of a payment method, `transfer`, or nothing for the usual one.
    pub method: String,
    /// The payer's own reference, for the invoice: at most [`PURCHASE_REF`] characters.
    pub purchase_ref: String,
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
    pub change: ChangeId,
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

/// The renewal that lies ahead, line by line, by what is known of its day today.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Ahead {
    /// What it will cost, and what the subscription will be.
    pub quote: Quote,
    /// Rate and rule of the tax.
    pub tax: Tax,
}

impl Ahead {
    /// In short.
    pub fn next(&self) -> NextRenewal {
        NextRenewal::of(&self.quote)
    }
}

/// What a wish would do, line by line, before anything is confirmed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Preview {
    /// Whose subscription.
    pub org: OrgId,
    /// The organisation's name.
    pub organisation: String,
    /// What is; nothing before the first purchase.
    pub current: Option<Contract>,
    /// What is wished.
    pub wish: Terms,
    /// When it would take effect.
    pub when: When,
    /// The day from which on it would be so.
    pub effective_on: Day,
    /// Who would pay.
    pub payer: Payer,
    /// Whether the reader decides, or proposes and the other side approves.
    pub say: Say,
    /// What is charged now; nothing if it takes effect at the renewal.
    pub quote: Option<Quote>,
    /// The renewal after it, by the prices of its day.
    pub next: Option<Ahead>,
    /// Rate and rule of the tax.
    pub tax: Tax,
    /// What the wished plan holds less of.
    pub losses: Vec<Loss>,
    /// What is used beyond what the free plan holds, if the subscription is to end: a consequence, no refusal.
    pub excesses: Vec<Excess>,
    /// Whether the organisation would be suspended at that end, as things are.
    pub suspends: bool,
    /// Scheduled changes that this one meets; they stay.
    pub conflicts: Vec<Conflict>,
    /// People in the organisation: each needs a licence.
    pub people: i64,
    /// What can be paid with.
    pub methods: Vec<MethodView>,
    /// Whether billing details are missing, so that no invoice can be made.
    pub details_missing: bool,
    /// The subscription's version this was reckoned from.
    pub version: i64,
    /// Sent back with the confirmation, so that two clicks are one change.
    pub request_key: String,
}

/// A change, as a reader sees it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ChangeView {
    /// Which.
    pub id: ChangeId,
    /// Its kind.
    pub kind: ChangeKind,
    /// Where it stands.
    pub status: ChangeStatus,
    /// What was wished.
    pub wish: Terms,
    /// What was when it was wished.
    pub before: Option<Terms>,
    /// From which day on.
    pub effective_on: Day,
    /// What it costs, tax included.
    pub total: Money,
    /// Without tax.
    pub net: Money,
    /// Who pays.
    pub payer: Payer,
    /// Who wished it, and on whose side.
    pub by: (Side, String),
    /// Why it was declined or undone.
    pub reason: String,
    /// When.
    pub at: Instant,
    /// Until when it can be answered.
    pub expires_at: Option<Instant>,
    /// Its invoice and the invoice's number, where the reader may see it.
    pub invoice: Option<(InvoiceId, String)>,
    /// Where the payer confirms with the bank.
    pub action_url: Option<String>,
    /// Whether the reader may answer it.
    pub answerable: bool,
    /// Whether the reader may take it back.
    pub undoable: bool,
    /// For a change that is sent back with an answer.
    pub version: i64,
}

/// How freely a partner's customer changes its subscription.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct ChangeRuleView {
    /// The mode.
    pub mode: ChangeMode,
    /// Most licences it reaches by itself, with [`ChangeMode::Free`].
    pub seats: i64,
}

/// The same, as typed.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct ChangeRuleForm {
    /// Key of a [`ChangeMode`].
    pub mode: String,
    /// A whole number, with [`ChangeMode::Free`].
    pub free_seats: String,
}

/// A subscription with all that was, is and will be of it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Account {
    /// Whose.
    pub org: OrgId,
    /// The organisation's name.
    pub organisation: String,
    /// On which side the reader stands.
    pub side: Side,
    /// Its state.
    pub status: super::SubscriptionStatus,
    /// Plan, term, licences and add-ons, also of a trial or the free plan.
    pub terms: Terms,
    /// The contract, if something was bought. Without prices for a customer whose partner pays (domain.md section 20).
    pub contract: Option<Contract>,
    /// Who pays, if something was bought.
    pub payer: Option<Payer>,
    /// In which currency, if something was bought.
    pub currency: Option<Currency>,
    /// Its last day.
    pub ends_on: Option<Day>,
    /// Whether it renews by itself.
    pub auto_renew: bool,
    /// The next renewal, as it stands.
    pub next: Option<NextRenewal>,
    /// First and last day of the next term, if it was bought early.
    pub bought: Option<(Day, Day)>,
    /// Whether the reader may buy the next term now, or propose it.
    pub early: bool,
    /// How freely the customer changes it; nothing without a partner.
    pub rule: Option<ChangeRuleView>,
    /// Whom the reader may propose as the payer from the renewal on.
    pub other_payer: Option<Payer>,
    /// People in the organisation.
    pub people: i64,
    /// The plans that can be wished for.
    pub plans: Vec<super::Plan>,
    /// Proposed, being paid for, scheduled.
    pub open: Vec<ChangeView>,
    /// The latest others.
    pub history: Vec<ChangeView>,
    /// Whether the reader may wish changes at all.
    pub changes: bool,
    /// Why not, or what stands in the way.
    pub blocked: Option<crate::Refusal>,
    /// The partner's name.
    pub partner: Option<String>,
    /// Intended plan, licences, term of a trial.
    pub intended: Option<Terms>,
    /// Invoices on which something is still to be paid, as far as the reader may see them.
    pub owed: Vec<OpenInvoice>,
    /// Who pays for what runs, or is stopped because it was not paid.
    pub payer_behind: Option<Payer>,
    /// What the customer may pay in its partner's place.
    pub take_over: Option<TakeOver>,
    /// Whether a payment of it stands taken back by the payer's bank.
    pub flagged: bool,
    /// Its version.
    pub version: i64,
    /// Key of the forms of this page.
    pub request_key: String,
}

/// An invoice on which something is still to be paid.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct OpenInvoice {
    /// Which.
    pub id: InvoiceId,
    /// Its number.
    pub number: String,
    /// What is left of it.
    pub left: Money,
    /// Until when it was to be paid.
    pub due_on: Day,
    /// Whether that day is over.
    pub late: bool,
    /// Whether the reader's own organisation owes it.
    pub own: bool,
}

/// The running term, which the customer may pay because its partner did not.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct TakeOver {
    /// Last day of the term.
    pub until: Day,
    /// What it costs by list.
    pub net: Money,
    /// Tax on it.
    pub tax: Money,
    /// The tax's rate, in hundredths of a percent.
    pub tax_bp: i64,
    /// What is charged.
    pub total: Money,
    /// What can be paid with.
    pub methods: Vec<MethodView>,
    /// Whether billing details are missing, so that no invoice can be made.
    pub details_missing: bool,
}

/// What the form of a take-over says.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct TakeOverForm {
    /// An id of a card, or nothing for the usual one.
    pub method: String,
    /// The total the reader was shown, in minor units: exactly that is charged, or nothing.
    pub total: String,
    /// Sent with the form, so that two clicks are one payment.
    pub request_key: String,
}

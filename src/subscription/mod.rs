//! Services, plans, licences and trials.

pub mod authority;
pub mod change;
pub mod dunning;
mod record;
#[cfg(feature = "ssr")]
pub mod rows;
#[cfg(feature = "ssr")]
pub mod service;
pub mod trial;

pub use record::{
    Account, Ahead, ChangeForm, ChangeKind, ChangeRuleForm, ChangeRuleView, ChangeStatus, ChangeView,
    Confirmed, MethodView, OpenInvoice, PURCHASE_REF, Preview, TakeOver, TakeOverForm, When,
};
pub use trial::{ExtendTrial, Extension, TrialView};

use serde::{Deserialize, Serialize};

crate::keyed! {
    /// Services of the vendor's suite. One for now; the key is in every row.
    pub enum Service {
        /// Mail, office and drive.
        Workplace = "workplace",
    }
}

crate::keyed! {
    /// Plans (domain.md section 7).
    pub enum Plan {
        /// Free.
        Free = "free",
        /// Mail Lite.
        MailLite = "mail-lite",
        /// Mail Lite with ten gigabytes instead of five.
        MailLite10 = "mail-lite-10",
        /// Mail Premium.
        MailPremium = "mail-premium",
        /// Workplace Standard.
        Standard = "standard",
        /// Workplace Professional.
        Professional = "professional",
    }
}

impl Plan {
    /// The plan's name, a product name in every language.
    pub fn name(self) -> &'static str {
        match self {
            Plan::Free => "Free",
            Plan::MailLite => "Mail Lite",
            Plan::MailLite10 => "Mail Lite 10 GB",
            Plan::MailPremium => "Mail Premium",
            Plan::Standard => "Workplace Standard",
            Plan::Professional => "Workplace Professional",
        }
    }
    /// Whether it costs anything.
    pub fn is_paid(self) -> bool {
        self != Plan::Free
    }
    /// Terms it is offered for (domain.md section 7: Mail Lite and Mail Premium yearly only).
    pub fn terms(self) -> &'static [Term] {
        match self {
            Plan::Free => &[Term::None],
            Plan::MailLite | Plan::MailLite10 | Plan::MailPremium => &[Term::Yearly],
            Plan::Standard | Plan::Professional => &[Term::Monthly, Term::Yearly],
        }
    }
}

crate::keyed! {
    /// How long a paid subscription runs before it renews.
    pub enum Term {
        /// Free plan and trial.
        None = "none",
        /// A month.
        Monthly = "monthly",
        /// A year.
        Yearly = "yearly",
    }
}

crate::keyed! {
    /// Where a subscription stands (domain.md section 18).
    pub enum SubscriptionStatus {
        /// On trial.
        Trial = "trial",
        /// Paid.
        Active = "active",
        /// The renewal was not paid; it is tried again, with full service (R9.5).
        PastDue = "past_due",
        /// All tries failed; full service goes on for the rest of the grace.
        Grace = "grace",
        /// On the free plan.
        Free = "free",
        /// The trial is over and more people are in than the free plan holds: readable only.
        TrialExpired = "trial_expired",
        /// Stopped.
        Suspended = "suspended",
        /// Over.
        Closed = "closed",
    }
}

impl SubscriptionStatus {
    /// Whether something was bought and is in full service.
    pub fn is_paid(self) -> bool {
        matches!(self, Self::Active | Self::PastDue | Self::Grace)
    }
}

/// Most licences of a paid subscription (domain.md section 17).
pub const MAX_SEATS: u32 = 100_000;

/// The plan tried when nobody chose one (domain.md section 17).
pub const TRIAL_PLAN: Plan = Plan::Professional;

/// What a new organisation starts with: the choices of the field `plan` (labels.md, "Add organisation").
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum Start {
    /// A trial of [`TRIAL_PLAN`].
    Trial,
    /// The free plan.
    Free,
    /// A trial of a paid plan, which is meant to be bought afterwards (R8.3).
    Intended(Plan),
}

impl Start {
    /// The choices while these paid plans are on sale, in the order they are offered.
    pub fn choices(on_sale: &[Plan]) -> impl Iterator<Item = Self> {
        [Start::Trial, Start::Free].into_iter().chain(on_sale.iter().copied().map(Start::Intended))
    }
    /// The stable key; `trial` or the plan's.
    pub fn key(self) -> &'static str {
        match self {
            Start::Trial => "trial",
            Start::Free => Plan::Free.key(),
            Start::Intended(plan) => plan.key(),
        }
    }
    /// Reads a key.
    pub fn from_key(key: &str) -> Option<Self> {
        match key {
            "trial" => Some(Start::Trial),
            key => Plan::from_key(key)
                .map(|plan| if plan.is_paid() { Start::Intended(plan) } else { Start::Free }),
        }
    }
}

/// Licences of an organisation.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Licences {
    /// Held by people, the suspended ones included.
    pub used: i64,
    /// All there are.
    pub total: i64,
}

impl Licences {
    /// Not held by anybody.
    pub fn free(self) -> i64 {
        (self.total - self.used).max(0)
    }
}

/// An organisation's subscription, as its console shows it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct SubscriptionView {
    /// The plan.
    pub plan: Plan,
    /// Where it stands.
    pub status: SubscriptionStatus,
    /// Its term.
    pub term: Term,
    /// Its licences.
    pub licences: Licences,
    /// Day of renewal of a paid subscription.
    pub renews_on: Option<crate::kernel::instant::Day>,
    /// Plan, licences and term meant to be bought after the trial.
    pub intended: Option<(Plan, i64, Term)>,
    /// The trial, also one that is over.
    pub trial: Option<TrialView>,
    /// The partner who looks after it.
    pub partner: Option<(crate::kernel::id::OrgId, String)>,
    /// A proposal that waits for the reader's answer: which, and until when.
    pub proposal: Option<(crate::kernel::id::ChangeId, Option<crate::kernel::instant::Instant>)>,
}

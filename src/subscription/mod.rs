//! Services, plans, licences and trials.

#[cfg(feature = "ssr")]
pub mod rows;
#[cfg(feature = "ssr")]
pub mod service;

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
            Plan::MailPremium => "Mail Premium",
            Plan::Standard => "Workplace Standard",
            Plan::Professional => "Workplace Professional",
        }
    }
    /// Terms it is offered for (domain.md section 7: Mail Lite and Mail Premium yearly only).
    pub fn terms(self) -> &'static [Term] {
        match self {
            Plan::Free => &[Term::None],
            Plan::MailLite | Plan::MailPremium => &[Term::Yearly],
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

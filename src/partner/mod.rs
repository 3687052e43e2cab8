//! Organisations that sell.

#[cfg(feature = "ssr")]
pub mod rows;
#[cfg(feature = "ssr")]
pub mod service;

crate::keyed! {
    /// What a partner may do (design.md section 1).
    pub enum PartnerType {
        /// Everything.
        Reseller = "reseller",
        /// Brings customers and earns commission; no *Manage*, no partner-paid.
        Referral = "referral",
    }
}

crate::keyed! {
    /// Where a partner stands (domain.md section 18).
    pub enum PartnerStatus {
        /// Accepted; has not signed in as partner yet.
        Onboarding = "onboarding",
        /// In business.
        Active = "active",
        /// Stopped by the vendor.
        Suspended = "suspended",
        /// Idle for long; comes back on request.
        Inactive = "inactive",
        /// Over.
        Terminated = "terminated",
    }
}

crate::keyed! {
    /// Tiers of the programme (domain.md section 1).
    pub enum Tier {
        /// The first.
        Authorized = "authorized",
        /// The second.
        Advanced = "advanced",
        /// The highest.
        Premium = "premium",
    }
}

crate::keyed! {
    /// Currencies commission is paid in (domain.md section 10), by ISO 4217 code.
    pub enum Currency {
        /// Euro.
        Eur = "EUR",
        /// US dollar.
        Usd = "USD",
        /// Indian rupee.
        Inr = "INR",
        /// Canadian dollar.
        Cad = "CAD",
        /// Japanese yen.
        Jpy = "JPY",
        /// Australian dollar.
        Aud = "AUD",
    }
}

impl PartnerStatus {
    /// Whether the partner may work for its customers.
    pub fn is_in_business(self) -> bool {
        matches!(self, PartnerStatus::Onboarding | PartnerStatus::Active)
    }
}

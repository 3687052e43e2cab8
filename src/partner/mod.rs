//! Organisations that sell.

pub mod people;
#[cfg(feature = "ssr")]
pub mod rows;
#[cfg(feature = "ssr")]
pub mod service;

pub use crate::kernel::money::Currency;
pub use people::{RoleForm, RoleHeld, StorePeople, StorePerson, StoreRole};

use crate::kernel::{
    id::{ApplicationId, OrgId},
    instant::Instant,
};
use serde::{Deserialize, Serialize};

/// What a partner sets for its store.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct StoreSettings {
    /// The IANA name of the zone the days of its reports are counted in.
    pub time_zone: String,
    /// The zones there are.
    pub zones: Vec<String>,
    /// Of the partner's row.
    pub version: i64,
}

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

impl PartnerStatus {
    /// Whether the partner may work for its customers.
    pub fn is_in_business(self) -> bool {
        matches!(self, PartnerStatus::Onboarding | PartnerStatus::Active)
    }
}

/// A partner, as the vendor's staff see it in the list.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[expect(missing_docs, reason = "columns of the partner")]
pub struct PartnerRow {
    pub org: OrgId,
    pub version: i64,
    pub name: String,
    pub country: String,
    pub company_domain: String,
    pub partner_type: PartnerType,
    pub status: PartnerStatus,
    pub tier: Tier,
    /// Commission rate in basis points.
    pub rate_bp: Option<i64>,
    pub currency: Currency,
    /// The account manager's name.
    pub manager: Option<String>,
    /// The application it came from.
    pub application: Option<ApplicationId>,
    pub since: Instant,
}

/// What the vendor's staff look for. All of it is in the address of the page.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct PartnerQuery {
    /// Words of name or domain; at most 100 characters.
    pub q: String,
    /// Of one status.
    pub status: Option<PartnerStatus>,
    /// The page behind this partner.
    pub after: Option<OrgId>,
    /// The page before this partner.
    pub before: Option<OrgId>,
}

impl PartnerQuery {
    /// Reads the parameters of an address. Whatever is unknown or malformed counts as not given.
    pub fn from_pairs<'a>(pairs: impl IntoIterator<Item = (&'a str, &'a str)>) -> Self {
        let mut query = Self::default();
        for (name, value) in pairs {
            match name {
                "q" => query.q = value.trim().chars().take(100).collect::<String>().trim().to_owned(),
                "status" => query.status = PartnerStatus::from_key(value),
                "after" => query.after = value.parse().ok(),
                "before" => query.before = value.parse().ok(),
                _ => {}
            }
        }
        if query.after.is_some() {
            query.before = None;
        }
        query
    }

    /// The parameters that say this query, without those that say the default.
    pub fn pairs(&self) -> Vec<(&'static str, String)> {
        let mut pairs = Vec::new();
        let mut add = |name, value: Option<String>| pairs.extend(value.map(|value| (name, value)));
        add("q", Some(self.q.clone()).filter(|q| !q.is_empty()));
        add("status", self.status.map(|status| status.to_string()));
        add("after", self.after.map(|org| org.to_string()));
        add("before", self.before.map(|org| org.to_string()));
        pairs
    }
}

impl PartnerQuery {
    /// The same query from its first page on.
    pub fn first_page(&self) -> Self {
        Self { after: None, before: None, ..self.clone() }
    }
}

/// A page of partners.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct PartnerPage {
    /// By name.
    pub rows: Vec<PartnerRow>,
    /// Behind whom the next page begins, if there is one.
    pub next: Option<OrgId>,
    /// Before whom the previous page ends, if there is one.
    pub previous: Option<OrgId>,
}

/// A change of a partner's terms, as typed. An empty field leaves what it is.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct PartnerChange {
    /// A key of [`Tier`].
    pub tier: String,
    /// Percent, at most two decimals.
    pub rate: String,
    /// Anything: no rate of its own, its tier's counts.
    pub no_rate: String,
    /// `suspended` stops the partner, `active` brings it back.
    pub status: String,
}

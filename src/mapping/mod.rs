//! Which partner a customer belongs to, per service ("tag"), and the partner's list of customers.

mod card;
mod consent;
mod dispute;
mod query;
mod search;

#[cfg(feature = "ssr")]
pub mod rows;
#[cfg(feature = "ssr")]
pub mod service;
#[cfg(all(test, feature = "ssr"))]
mod testing;

pub use crate::kernel::csv::csv_line;
pub use card::{Access, Blocked, CardTerm, CustomerCard, CustomerPage, CustomerStatus, Facets, Offer, Total};
pub use consent::{
    Answer, Ask, AskMany, AskedMany, CODE_GUESSES, CodeView, Consents, Found, MAX_ASKED, MapPage, NewToken,
    Notice, OwnPartner, Question, RequestView, TokenStatus, TokenView,
};
pub use dispute::{
    Candidate, DecideDispute, DisputeDetail, DisputePage, DisputeRow, DisputeStatus, DisputeView, OpenDispute,
};
pub use query::{Cursor, CustomerQuery, Direction, Due, ListView, Place, Sort};
pub use search::{Word, search_text, words};

crate::keyed! {
    /// Where a mapping stands.
    pub enum MappingStatus {
        /// In force.
        Active = "active",
        /// Over; kept because commission looks back.
        Ended = "ended",
    }
}

crate::keyed! {
    /// What happens to a partner's customers, as reports count it (domain.md section 11).
    pub enum CustomerEventKind {
        /// It came: added, or mapped to the partner.
        New = "new",
        /// It went: closed, or taken from the partner.
        Lost = "lost",
        /// Its first paid term began.
        Bought = "bought",
        /// A paid term was followed by another.
        Renewed = "renewed",
        /// A paid term was not: cancelled, or not paid for.
        Lapsed = "lapsed",
        /// What it bought was given back within the window.
        Refunded = "refunded",
    }
}

crate::keyed! {
    /// How a mapping came about.
    pub enum MappingSource {
        /// The partner added the organisation.
        Console = "console",
        /// The partner asked, and the customer agreed (domain.md section 4, flow A).
        Request = "request",
        /// The customer entered the partner's code (flow B).
        Code = "code",
        /// The partner showed the customer's token (flow C).
        Token = "token",
        /// The vendor's reviewers decided a dispute (flow D).
        Dispute = "dispute",
        /// The demo or a load for measuring.
        Seed = "seed",
    }
}

crate::keyed! {
    /// Why a mapping is over (domain.md section 18).
    pub enum MappingEnd {
        /// The customer left.
        Customer = "untagged_by_customer",
        /// The partner let the customer go.
        Partner = "untagged_by_partner",
        /// The customer went to another partner.
        Switched = "switched",
    }
}

crate::keyed! {
    /// Where a partner's request stands (domain.md section 18, "Mapping request").
    pub enum RequestStatus {
        /// Nobody has answered.
        Open = "open",
        /// The customer agreed.
        Approved = "approved",
        /// The customer refused.
        Denied = "denied",
        /// Nobody answered in time.
        Expired = "expired",
        /// The partner took it back.
        Cancelled = "cancelled",
        /// The customer came to the partner another way.
        Superseded = "superseded",
    }
}

/// Cards on a page (domain.md section 12).
pub const PAGE_SIZE: u32 = 24;

/// Bounded counts stop here and are shown as `1,000+` (design.md section 3, rule 10).
pub const COUNT_BOUND: u32 = 1_000;

/// Days within which a renewal counts as due (domain.md section 12).
pub const RENEWAL_DAYS: i32 = 30;

/// Days within which a trial counts as ending: the first reminder's distance (R8.7).
pub const TRIAL_ENDING_DAYS: i32 = 7;

/// What greets a partner in the Partner Store.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub struct Greeting {
    /// The partner.
    pub partner: crate::kernel::id::OrgId,
    /// Its name.
    pub name: String,
    /// Reseller or referral.
    pub partner_type: crate::partner::PartnerType,
    /// Where it stands.
    pub status: crate::partner::PartnerStatus,
    /// Its tier.
    pub tier: crate::partner::Tier,
    /// Customers by status and by what needs attention; `None` without the right to see them.
    pub facets: Option<Facets>,
    /// The latest events of the partner's trail, newest first.
    pub latest: Vec<crate::organisation::ActivityRow>,
    /// Whether whoever asks may add organisations.
    pub adds: bool,
}

//! A partner's access to a customer's console: the grant, and the acting session under it (domain.md section 6).

#[cfg(feature = "ssr")]
pub mod rows;
#[cfg(feature = "ssr")]
pub mod service;

crate::keyed! {
    /// Where a grant stands.
    pub enum GrantStatus {
        /// In force until it runs out.
        Active = "active",
        /// Ended by the customer.
        Revoked = "revoked",
        /// Run out.
        Expired = "expired",
    }
}

crate::keyed! {
    /// Why a stay in a customer's console ended.
    pub enum ClosedWhy {
        /// *Leave*.
        Left = "left",
        /// Idle for too long, or open for too long.
        TimedOut = "timed_out",
        /// The grant, or what it rests on, is gone.
        Cut = "cut",
    }
}

use crate::kernel::{
    id::{ActingId, GrantId, OrgId},
    instant::Instant,
    right::Feature,
};
use serde::{Deserialize, Serialize};

/// Days before a grant's end on which both sides are warned (domain.md section 6, R6.1).
pub const WARNINGS: [i32; 3] = [30, 7, 1];

/// How long after the cut people are told that access was withdrawn, rather than that there is nothing: parts of one
/// page ask separately.
pub const CUT_TOLD_MINUTES: i64 = 5;

/// What the banner of an acting session says.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Banner {
    /// The acting session.
    pub acting: ActingId,
    /// The organisation managed.
    pub org: OrgId,
    /// Its name.
    pub organisation: String,
    /// Its primary domain.
    pub domain: Option<String>,
    /// The partner acted for.
    pub partner: OrgId,
    /// The partner's name.
    pub partner_name: String,
    /// When the stay ends at the latest.
    pub ends_at: Instant,
    /// Minutes until then, or until it ends for lack of use, whichever comes first.
    pub minutes_left: i64,
}

/// One act in a partner's name.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Act {
    /// When.
    pub at: Instant,
    /// Who.
    pub actor: String,
    /// What: the stable key of the action.
    pub action: String,
    /// To what.
    pub target: String,
}

/// A stay in the organisation's console that goes on.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct OpenStay {
    /// Who.
    pub email: String,
    /// Since when.
    pub opened_at: Instant,
    /// When they last did something.
    pub seen_at: Instant,
}

/// A grant, as the organisation that gave it sees it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct GrantView {
    /// The grant.
    pub id: GrantId,
    /// The partner.
    pub partner: OrgId,
    /// The partner's name.
    pub partner_name: String,
    /// Where it stands now.
    pub status: GrantStatus,
    /// Who gave it.
    pub granted_by: String,
    /// Since when.
    pub from: Instant,
    /// Until when at the latest.
    pub until: Instant,
    /// When it was ended.
    pub ended_at: Option<Instant>,
    /// Who ended it.
    pub ended_by: Option<String>,
    /// What it allows.
    pub capabilities: Vec<Feature>,
    /// When somebody last came in under it, and who.
    pub last_entry: Option<(Instant, String)>,
    /// Who is in now.
    pub open: Vec<OpenStay>,
    /// The last acts in the partner's name, newest first, fifty at most.
    pub acts: Vec<Act>,
}

/// The page *Partner access* (domain.md section 6, R6.6).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct AccessOverview {
    /// The grants in force, then those that are over, newest first.
    pub grants: Vec<GrantView>,
    /// Whether whoever asks may end one.
    pub may_revoke: bool,
}

/// What stands between a partner's person and a customer's console.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Ready {
    /// The customer.
    pub org: OrgId,
    /// Its name.
    pub organisation: String,
    /// The fresh proof that is still asked for; `None` if there is one.
    pub proof: Option<ProofKind>,
}

/// How a person shows again who they are.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum ProofKind {
    /// By password.
    Password,
    /// By second factor.
    SecondFactor,
    /// By second factor, which is to be set up first.
    SecondFactorSetup,
}

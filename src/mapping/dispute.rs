//! Disputes: a partner says that an organisation is its customer, and the vendor's reviewers decide (domain.md section 4, flow D).

use crate::kernel::{
    id::{DisputeId, OrgId},
    instant::Instant,
};
use serde::{Deserialize, Serialize};

crate::keyed! {
    /// Where a dispute stands (domain.md section 18, "Dispute overlay").
    pub enum DisputeStatus {
        /// Nobody has decided.
        Open = "open",
        /// The customer became the claimant's.
        Moved = "moved",
        /// All stays as it was.
        Upheld = "upheld",
        /// The partner took it back.
        Withdrawn = "withdrawn",
    }
}

/// A partner's claim.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct OpenDispute {
    /// The customer's domain, or the address of one of its admins.
    pub about: String,
    /// Why it is the partner's customer.
    pub statement: String,
    /// The name of the file that shows it: the customer's mail.
    pub file_name: String,
    /// The file.
    pub content: Vec<u8>,
    /// The same key opens one.
    pub request_key: String,
}

/// A dispute as its partner reads it. Which organisation it is about is not in it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct DisputeView {
    /// The dispute.
    pub id: DisputeId,
    /// What was named.
    pub about: String,
    /// What was said.
    pub statement: String,
    /// Where it stands.
    pub status: DisputeStatus,
    /// When it was opened.
    pub opened_at: Instant,
    /// By whom.
    pub opened_by: String,
    /// What the reviewer said to it.
    pub reason: String,
    /// When it was decided.
    pub decided_at: Option<Instant>,
    /// The customer that became the partner's.
    pub customer: Option<OrgId>,
}

/// A dispute in the reviewers' queue.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct DisputeRow {
    /// The dispute.
    pub id: DisputeId,
    /// Who claims.
    pub partner: OrgId,
    /// Its name.
    pub partner_name: String,
    /// What was named.
    pub about: String,
    /// When it was opened.
    pub opened_at: Instant,
    /// Where it stands.
    pub status: DisputeStatus,
}

/// A page of the queue.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct DisputePage {
    /// The disputes: open ones oldest first, others newest first.
    pub rows: Vec<DisputeRow>,
    /// The last one, if there are more behind it.
    pub next: Option<DisputeId>,
}

/// An organisation that what was named may mean.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Candidate {
    /// The organisation.
    pub org: OrgId,
    /// Its name.
    pub name: String,
    /// Its primary domain, and whether it is proved.
    pub domain: Option<(String, bool)>,
    /// Its partner and since when; nothing if it has none.
    pub partner: Option<(OrgId, String, Instant)>,
}

/// A dispute as a reviewer decides it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct DisputeDetail {
    /// The dispute.
    pub row: DisputeRow,
    /// What the partner says.
    pub statement: String,
    /// Who of the partner opened it.
    pub opened_by: String,
    /// The file's name.
    pub file_name: String,
    /// Which organisations it may be about.
    pub candidates: Vec<Candidate>,
    /// Who decided, when, and what was said.
    pub decided: Option<(String, Instant, String)>,
    /// The organisation that was decided about.
    pub decided_about: Option<OrgId>,
    /// For the form that decides.
    pub version: i64,
    /// Whether the reader may decide: nobody does so on their own partner's claim.
    pub may_decide: bool,
}

/// What a reviewer decides.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct DecideDispute {
    /// Whether the customer becomes the claimant's.
    pub moves: bool,
    /// Which organisation, if it moves.
    pub org: Option<OrgId>,
    /// What is told to the claimant.
    pub reason: String,
    /// Of the dispute that was shown.
    pub version: i64,
}

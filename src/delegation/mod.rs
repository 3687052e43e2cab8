//! A partner's access to a customer's console: the grant, and the acting session under it (domain.md section 6).

#[cfg(feature = "ssr")]
pub mod rows;
#[cfg(feature = "ssr")]
pub mod service;
mod terms;

pub use terms::{AS_ASKED, OWN_CHOICE, RenewBy, Template, Terms, TermsForm, TermsView, whole};

crate::keyed! {
    /// How a grant came about.
    pub enum GrantKind {
        /// The customer agreed, or its partner set it up.
        Agreed = "agreed",
        /// The vendor went in without consent, with a reason and for a short time.
        BreakGlass = "break_glass",
    }
}

crate::keyed! {
    /// Where a partner's request for access stands.
    pub enum AccessRequestStatus {
        /// It waits for the customer.
        Open = "open",
        /// The customer agreed.
        Granted = "granted",
        /// The customer refused.
        Declined = "declined",
        /// The partner took it back, or access came about otherwise.
        Withdrawn = "withdrawn",
        /// Nobody answered.
        Lapsed = "lapsed",
    }
}

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
    id::{AccessRequestId, ActingId, GrantId, MappingId, MappingTokenId, OrgId},
    instant::{Day, Instant},
    right::{Feature, Role},
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
    /// How it came about.
    pub kind: GrantKind,
    /// Why the vendor went in without consent.
    pub reason: String,
    /// Where it stands now.
    pub status: GrantStatus,
    /// Who may renew it.
    pub renewal: RenewBy,
    /// Its terms, as a form shows them.
    pub form: TermsForm,
    /// Whether it can be given again with one click: it is over, and nothing took its place.
    pub restorable: bool,
    /// Sent back with a change.
    pub version: i64,
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
    /// Everybody who can touch the organisation.
    pub parties: Vec<Party>,
    /// Partners' requests for access that wait for an answer.
    pub requests: Vec<AccessQuestion>,
    /// The grants in force, then those that are over, newest first.
    pub grants: Vec<GrantView>,
    /// The organisation's partner, if it could be given access and has none.
    pub could_have: Option<(OrgId, String)>,
    /// What a form for new terms begins with.
    pub usual: TermsForm,
    /// Most days of a grant, for each capability.
    pub caps: Vec<(Feature, i64)>,
    /// Whether whoever asks may give access and change its terms.
    pub may_give: bool,
    /// Whether whoever asks may end one.
    pub may_revoke: bool,
}

crate::keyed! {
    /// As what somebody can touch an organisation.
    pub enum PartyKind {
        /// One of its own people who administers it.
        Own = "own",
        /// Its partner, for what it sells: the subscription and what is paid for it, nothing of the console.
        Seller = "seller",
        /// Somebody under a grant.
        Access = "access",
        /// The vendor, without consent.
        BreakGlass = "break_glass",
        /// Whoever holds a token it gave away.
        Token = "token",
    }
}

/// Somebody who can touch an organisation: one line of *Who can touch us*.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Party {
    /// As what.
    pub kind: PartyKind,
    /// Who; empty for a token.
    pub name: String,
    /// The role of one's own people.
    pub role: Option<Role>,
    /// What a grant or a token allows.
    pub capabilities: Vec<Feature>,
    /// Since when.
    pub since: Instant,
    /// Until when at the latest, where there is an end.
    pub until: Option<Instant>,
    /// When they last made use of it.
    pub last_use: Option<Instant>,
    /// What there is to take back, if whoever asks may.
    pub revoke: Option<Revocable>,
}

/// What can be taken back from a party.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum Revocable {
    /// A grant.
    Grant(GrantId),
    /// The mapping to a partner.
    Mapping(MappingId),
    /// A token.
    Token(MappingTokenId),
}

/// A partner's request for access, as the organisation reads it before it answers.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct AccessQuestion {
    /// The request.
    pub id: AccessRequestId,
    /// The partner's name.
    pub partner: String,
    /// What is asked for.
    pub terms: TermsView,
    /// The form that agrees to just this.
    pub form: TermsForm,
    /// What the partner has already, if it has access.
    pub has: Option<TermsView>,
    /// A few words of the partner's.
    pub note: String,
    /// When it was asked.
    pub asked_at: Instant,
    /// Until when it can be answered.
    pub answer_by: Day,
}

/// Days ahead of its end from which access is renewed together with that of others: the first warning (domain.md section 6).
pub const RENEW_TOGETHER_DAYS: i64 = 30;

/// Access of a partner to one of its customers, in the list by its end.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct EndingRow {
    /// The customer.
    pub customer: OrgId,
    /// Its name.
    pub name: String,
    /// When the access ends.
    pub until: Instant,
    /// Whether that is within [`RENEW_TOGETHER_DAYS`].
    pub soon: bool,
    /// Whether the partner may renew it by itself.
    pub alone: bool,
    /// Whether the customer is asked already.
    pub asked: bool,
}

/// A page of a partner's access by its end.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Ending {
    /// The partner.
    pub org: OrgId,
    /// The access.
    pub rows: Vec<EndingRow>,
    /// Where the next page begins, if there is one.
    pub next: Option<GrantId>,
    /// How many end within [`RENEW_TOGETHER_DAYS`].
    pub due: u64,
}

/// A partner's access to one of its customers, as the partner sees it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct HeldAccess {
    /// Where it stands; nothing if there never was any.
    pub status: Option<GrantStatus>,
    /// The terms there are, or were last.
    pub terms: Option<TermsView>,
    /// When it ended.
    pub ended_at: Option<Instant>,
    /// The open request, and until when it can be answered.
    pub asked: Option<(AccessRequestId, TermsView, Day)>,
    /// What a form that asks begins with: the last terms, or the usual ones.
    pub form: TermsForm,
    /// Most days of a grant, for each capability.
    pub caps: Vec<(Feature, i64)>,
    /// Whether whoever looks may ask and give up.
    pub may_ask: bool,
    /// Whether the partner may renew it by itself now.
    pub may_renew: bool,
}

/// A partner asks a customer of its own for access.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct AskAccess {
    /// The terms wished for.
    pub terms: TermsForm,
    /// A few words to the customer; may be empty.
    pub note: String,
}

/// The customer's answer to a request for access.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub enum AccessAnswer {
    /// Yes, on these terms.
    Grant(TermsForm),
    /// No.
    Decline,
}

/// The vendor enters a customer's console without its consent.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct BreakGlassForm {
    /// Why; the customer reads it.
    pub reason: String,
    /// Key of a [`Template`].
    pub template: String,
    /// For how many minutes.
    pub minutes: String,
}

/// What stands before *break glass*.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct BreakGlassView {
    /// The customer.
    pub org: OrgId,
    /// Its name.
    pub organisation: String,
    /// Until when it is open already, why, and what it allows.
    pub open: Option<(Instant, String, Vec<Feature>)>,
    /// Most minutes.
    pub most: i64,
    /// The fresh proof that is still asked for.
    pub proof: Option<ProofKind>,
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

//! How customers that are there already come to a partner (domain.md section 4): what both sides read and send.

use super::RequestStatus;
use crate::delegation::TermsForm;
use crate::kernel::{
    id::{MappingId, MappingRequestId, MappingTokenId, OrgId},
    instant::{Day, Instant},
    right::Feature,
};
use serde::{Deserialize, Serialize};

/// Codes that one person may try in an hour and nobody has (R4.4).
pub const CODE_GUESSES: u64 = 10;

/// A partner asks a customer (flow A).
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Ask {
    /// An address of somebody who may answer for the customer.
    pub email: String,
    /// A few words to them; may be empty.
    pub note: String,
    /// The same key asks once.
    pub request_key: String,
}

/// Most customers asked at once.
pub const MAX_ASKED: u32 = 10_000;

/// A partner asks many customers.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct AskMany {
    /// Their addresses, one a line.
    pub list: String,
    /// A few words to them; may be empty.
    pub note: String,
    /// The same key asks once.
    pub request_key: String,
}

/// What came of it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct AskedMany {
    /// Asked.
    pub asked: u32,
    /// Left out, because the partner has asked them already.
    pub open: u32,
}

/// A request, as the partner that made it reads it. Whether the address belongs to anybody is not in it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct RequestView {
    /// The request.
    pub id: MappingRequestId,
    /// Whom it went to.
    pub email: String,
    /// Where it stands.
    pub status: RequestStatus,
    /// When it was made.
    pub asked_at: Instant,
    /// By whom.
    pub asked_by: String,
    /// Until when it can be answered.
    pub until: Day,
    /// The customer that agreed, and its name.
    pub customer: Option<(OrgId, String)>,
}

/// A partner's code, and the link that carries it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct CodeView {
    /// The code.
    pub code: String,
    /// Where a customer's admin answers it.
    pub link: String,
    /// Since when.
    pub changed_at: Instant,
    /// For the form that changes it.
    pub version: i64,
}

/// The page *Map customer*.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct MapPage {
    /// The partner's code; nothing if it has made none.
    pub code: Option<CodeView>,
    /// Its requests, newest first.
    pub requests: Vec<RequestView>,
    /// The last request shown, if there are more behind it.
    pub before: Option<MappingRequestId>,
    /// Key of the form that asks.
    pub request_key: String,
}

/// A partner that wishes to be, or is found by its code, as the customer reads it before it agrees.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Found {
    /// The partner.
    pub partner: OrgId,
    /// Its name.
    pub name: String,
    /// Its country.
    pub country: String,
    /// Whether it can be given access at all; a referral partner cannot.
    pub manages: bool,
    /// The partner it would take the place of.
    pub replaces: Option<String>,
    /// From which day on the organisation would pay itself, if the partner it has now pays.
    pub pays_from: Option<Day>,
}

/// A request, as the customer that is asked reads it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Question {
    /// The request.
    pub id: MappingRequestId,
    /// Who asks.
    pub found: Found,
    /// A few words of theirs.
    pub note: String,
    /// When.
    pub asked_at: Instant,
    /// Until when it can be answered.
    pub until: Day,
}

/// The customer's answer.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub enum Answer {
    /// Be our partner; with access to the console or without.
    Map {
        /// On which terms access is given as well, if it is.
        access: Option<TermsForm>,
    },
    /// No.
    Deny,
}

crate::keyed! {
    /// Where a token stands.
    pub enum TokenStatus {
        /// It can be used.
        Open = "open",
        /// A partner has used it.
        Used = "used",
        /// It is too old.
        Expired = "expired",
        /// The customer took it back.
        Withdrawn = "withdrawn",
    }
}

/// A token, as the customer that made it reads it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct TokenView {
    /// The token's number; the token itself is shown once.
    pub id: MappingTokenId,
    /// What access it gives as well; nothing if it gives none.
    pub capabilities: Vec<Feature>,
    /// When it was made.
    pub created_at: Instant,
    /// By whom.
    pub created_by: String,
    /// Until when it can be used.
    pub until: Day,
    /// Where it stands.
    pub status: TokenStatus,
}

/// A token that was made a moment ago: it is shown to whoever made it, and to nobody later.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct NewToken {
    /// The token.
    pub token: String,
    /// Until when it can be used.
    pub until: Day,
}

/// An organisation's partner, as the organisation reads it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct OwnPartner {
    /// The mapping to it.
    pub mapping: MappingId,
    /// The partner.
    pub org: OrgId,
    /// Its name.
    pub name: String,
    /// Since when.
    pub since: Instant,
    /// From which day on the organisation would pay itself if it left: the day after what the partner has paid for.
    pub pays_from: Option<Day>,
    /// When the partner leaves, if it has given notice.
    pub ends_on: Option<Day>,
}

/// What a customer decides about partners.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Consents {
    /// The partner the organisation is mapped to.
    pub partner: Option<OwnPartner>,
    /// Whether whoever asks may leave it.
    pub may_leave: bool,
    /// Requests that wait for an answer.
    pub questions: Vec<Question>,
    /// A token made a moment ago.
    pub new_token: Option<NewToken>,
    /// Tokens, newest first.
    pub tokens: Vec<TokenView>,
    /// Days a token can be used.
    pub token_days: i64,
    /// Whether whoever asks may choose a partner.
    pub may: bool,
}

/// What a partner may do about a customer's mapping.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Notice {
    /// When the mapping ends, if notice was given.
    pub until: Option<Day>,
    /// When it would end if notice were given now; nothing if at once.
    pub would_be: Option<Day>,
}

//! The mail flow of a domain: four lamps (MX, SPF, DKIM, DMARC), the records that make them right, and the key mail is
//! signed with (domain.md section 5, R5.7). None of it holds up anything else.

pub mod host;
#[cfg(feature = "ssr")]
pub mod judge;
#[cfg(feature = "ssr")]
pub mod key;
#[cfg(feature = "ssr")]
pub mod plan;
pub mod settings;
#[cfg(feature = "ssr")]
pub mod wanted;

use super::DomainView;
use crate::kernel::instant::Instant;
use serde::{Deserialize, Serialize};

crate::keyed! {
    /// What of a domain's mail is looked at.
    pub enum Lamp {
        /// Where its mail goes (RFC 5321 section 5).
        Mx = "mx",
        /// Who may send in its name (RFC 7208).
        Spf = "spf",
        /// Whether its mail's signature can be checked (RFC 6376).
        Dkim = "dkim",
        /// What becomes of mail that passes neither (RFC 7489).
        Dmarc = "dmarc",
    }
}

crate::keyed! {
    /// What a lamp says.
    pub enum LampState {
        /// Nobody has looked yet.
        Unknown = "unknown",
        /// It is as it is to be.
        Right = "right",
        /// There is no such record.
        Missing = "missing",
        /// There is one, but another.
        Differs = "differs",
        /// The name servers did not answer: nothing is known.
        NoAnswer = "no_answer",
    }
}

crate::keyed! {
    /// What is wrong, where it can be told; or what is to be known although nothing is.
    pub enum LampHint {
        /// Other servers come before the suite's, or beside the first of them.
        MxElsewhere = "mx_elsewhere",
        /// Some of the suite's servers are not named.
        MxIncomplete = "mx_incomplete",
        /// More than one SPF record: receivers take neither (RFC 7208 section 4.5).
        SpfSeveral = "spf_several",
        /// The suite's servers are not among those that may send.
        SpfNoInclude = "spf_no_include",
        /// The record does not end in `~all` or `-all`.
        SpfOpen = "spf_open",
        /// More than one key at the name: receivers may take any (RFC 6376 section 3.6.2.2).
        DkimSeveral = "dkim_several",
        /// Another key.
        DkimOther = "dkim_other",
        /// The record takes the key back: `p=` is empty.
        DkimRevoked = "dkim_revoked",
        /// The key before is seen and still in use; the new one is not there yet.
        DkimOld = "dkim_old",
        /// More than one DMARC record: receivers take none (RFC 7489 section 6.6.3).
        DmarcSeveral = "dmarc_several",
        /// The record says not, or not in words there are, what is to become of such mail.
        DmarcNoPolicy = "dmarc_no_policy",
        /// The record asks for less than the programme does.
        DmarcWeak = "dmarc_weak",
    }
}

crate::keyed! {
    /// What a domain's owner asks of receivers for mail that is not its own (RFC 7489 section 6.3), weakest first.
    pub enum DmarcPolicy {
        /// Deliver it, and report.
        None = "none",
        /// Put it aside.
        Quarantine = "quarantine",
        /// Refuse it.
        Reject = "reject",
    }
}

/// What one look at one lamp came to. Stored as JSON.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Look {
    /// Which lamp.
    pub lamp: Lamp,
    /// What it says.
    pub state: LampState,
    /// What is wrong.
    pub hint: Option<LampHint>,
    /// The values seen, at most five, each cut to 200 characters.
    pub found: Vec<String>,
}

/// A record to be set.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct RecordToSet {
    /// `MX` or `TXT`.
    pub kind: String,
    /// The host as most providers ask for it: relative to the registered domain, `@` for the domain itself.
    pub host: String,
    /// The host in full.
    pub host_full: String,
    /// The value; of an MX record the server.
    pub value: String,
    /// The priority of an MX record.
    pub priority: Option<u16>,
}

/// A lamp with what makes it right.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct LampView {
    /// What was last seen.
    pub look: Look,
    /// The records to be set.
    pub records: Vec<RecordToSet>,
}

/// The key a domain's mail is signed with, without its secret part.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct KeyView {
    /// Its selector.
    pub selector: String,
    /// Since when it is there.
    pub made_at: Instant,
    /// Whether its record was seen.
    pub seen: bool,
    /// The selector of the key before, as long as mail is signed with that.
    pub old_selector: Option<String>,
    /// What *New key* has to name.
    pub version: i64,
}

/// The mail flow of a domain, as its page shows it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct MailFlow {
    /// The domain.
    pub domain: DomainView,
    /// Whether the vendor has said which servers take the suite's mail.
    pub named: bool,
    /// The lamps, if it has.
    pub lamps: Vec<LampView>,
    /// The key, once there is one.
    pub key: Option<KeyView>,
    /// When somebody last looked.
    pub looked_at: Option<Instant>,
    /// When the next look is due.
    pub next_look_at: Option<Instant>,
    /// Whether the reader may look now, and change something.
    pub may_edit: bool,
}

/// At most five values, each cut to 200 characters, for people to read.
#[cfg(feature = "ssr")]
pub(crate) fn shown<'a>(values: impl Iterator<Item = &'a str>) -> Vec<String> {
    let plain = |c: char| if c.is_control() { ' ' } else { c };
    values.take(5).map(|v| v.chars().take(200).map(plain).collect()).collect()
}

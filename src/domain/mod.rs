//! Domains and the proof that they belong to an organisation (domain.md section 5).

pub mod demo;
#[cfg(feature = "ssr")]
pub mod judge;
pub mod mail;
#[cfg(feature = "ssr")]
pub mod name;
#[cfg(feature = "ssr")]
pub mod rows;
pub mod schedule;
#[cfg(feature = "ssr")]
pub mod service;

use crate::kernel::{
    id::{DomainId, OrgId},
    instant::Instant,
};
use serde::{Deserialize, Serialize};

crate::keyed! {
    /// Where a domain stands.
    pub enum DomainStatus {
        /// Its proof is looked for.
        Pending = "pending",
        /// Proven.
        Verified = "verified",
        /// Proven once, but the proof was missing twice within seven days (R5.6).
        AtRisk = "at_risk",
        /// Another organisation proved it first.
        Claimed = "claimed",
        /// No proof for 14 days; nobody looks by itself any more.
        Lapsed = "lapsed",
    }
}

impl DomainStatus {
    /// Whether the organisation holds the domain: a warning about its proof takes nothing away (R5.6).
    pub fn is_held(self) -> bool {
        matches!(self, DomainStatus::Verified | DomainStatus::AtRisk)
    }
}

crate::keyed! {
    /// How a domain is proven (R5.8).
    pub enum Method {
        /// A TXT record at the domain.
        Txt = "txt",
        /// A CNAME record below the domain.
        Cname = "cname",
        /// A file on the domain's web server.
        Html = "html",
    }
}

crate::keyed! {
    /// What a check came to (R5.3, and what a web server can answer besides).
    pub enum Outcome {
        /// The proof is there.
        Verified = "verified",
        /// The name has no such record.
        RecordMissing = "record_missing",
        /// There is something, but not the proof.
        ValueMismatch = "value_mismatch",
        /// The proof is seen, but not at the servers that answer for the domain.
        WrongNameserver = "wrong_nameserver_hint",
        /// There is no such domain in the DNS.
        NxDomain = "nxdomain",
        /// The domain's name servers fail or refuse.
        ServFail = "servfail",
        /// No answer in time.
        Timeout = "timeout",
        /// The web server answers with another status than 200.
        HttpStatus = "http_status",
        /// The web server sends the reader to another host.
        RedirectOffsite = "http_redirect_offsite",
        /// Another organisation proved the domain first.
        AlreadyClaimed = "already_claimed",
        /// The host has no public address.
        PrivateAddress = "private_address",
        /// No connection to the web server.
        Unreachable = "unreachable",
        /// The file is larger than 64 KiB.
        TooLarge = "too_large",
    }
}

impl Outcome {
    /// Whether the check says for certain that the proof is not there, as opposed to nobody answering.
    pub fn is_loss(self) -> bool {
        !matches!(
            self,
            Outcome::Verified
                | Outcome::ServFail
                | Outcome::Timeout
                | Outcome::Unreachable
                | Outcome::AlreadyClaimed
        )
    }
}

crate::keyed! {
    /// What probably went wrong, where it can be told.
    pub enum Hint {
        /// The provider appended the domain to the host: `example.org.example.org`.
        HostDuplicated = "host_duplicated",
    }
}

/// One check: what was seen, where and when.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Check {
    /// The method checked.
    pub method: Method,
    /// What it came to.
    pub outcome: Outcome,
    /// The values seen, at most five, each cut to 200 characters.
    pub found: Vec<String>,
    /// The web server's status, with [`Outcome::HttpStatus`].
    pub status: Option<u16>,
    /// Who said so: a name server, the resolver, or the address of the file.
    pub server: String,
    /// What probably went wrong.
    pub hint: Option<Hint>,
    /// When.
    pub at: Instant,
}

/// A domain name as stored, and as people read it if that differs. Both are shown where they differ, because
/// letters of several scripts look alike (domain.md section 16).
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct DomainName {
    /// A-labels, lower case, no final dot.
    pub ascii: String,
    /// The same with U-labels, if there are any.
    pub unicode: Option<String>,
}

impl std::fmt::Display for DomainName {
    /// `example.org`, or `müller.example (xn--mller-kva.example)`.
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match &self.unicode {
            Some(unicode) => write!(f, "{unicode} ({})", self.ascii),
            None => f.write_str(&self.ascii),
        }
    }
}

/// A domain in its organisation's list.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct DomainView {
    /// Its id.
    pub id: DomainId,
    /// Whose it is.
    pub org: OrgId,
    /// Its name.
    pub name: DomainName,
    /// Where it stands.
    pub status: DomainStatus,
    /// Whether the organisation is known by it.
    pub is_primary: bool,
    /// How it was proven.
    pub method: Option<Method>,
    /// Since when it is proven.
    pub verified_at: Option<Instant>,
    /// The last check.
    pub last_check: Option<Check>,
    /// When the next automatic check is due.
    pub next_check_at: Option<Instant>,
    /// What the lamps of its mail said last, in the organisation's list of held domains.
    pub lamps: Vec<(mail::Lamp, mail::LampState)>,
}

/// A DNS record that would prove a domain.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct RecordProof {
    /// The host as most providers ask for it: relative to the registered domain, `@` for the domain itself.
    pub host: String,
    /// The host in full.
    pub host_full: String,
    /// The TXT value or the CNAME target.
    pub value: String,
}

/// A file that would prove a domain.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct FileProof {
    /// The path on the web server.
    pub path: String,
    /// The address in full.
    pub url: String,
    /// Its whole content.
    pub value: String,
}

/// What the dialog *Verify {domain}* shows (R5.1).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Proof {
    /// The domain, its last check and the next one.
    pub domain: DomainView,
    /// The TXT record.
    pub txt: RecordProof,
    /// The CNAME record.
    pub cname: RecordProof,
    /// The file.
    pub html: FileProof,
}

/// Adds a domain to the actor's organisation.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct AddInput {
    /// What was typed (labels.md: `domain`).
    pub domain: String,
}

/// Names a domain of an organisation.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct DomainInput {
    /// The organisation: the actor's own, or a customer of the actor's.
    pub org: OrgId,
    /// The domain's name, as stored.
    pub domain: String,
}

/// Asks for a check now.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct VerifyInput {
    /// The organisation: the actor's own, or a customer of the actor's.
    pub org: OrgId,
    /// The domain's name, as stored.
    pub domain: String,
    /// The method to check.
    pub method: Method,
}

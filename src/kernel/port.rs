//! Ports to the world outside, as traits: the server brings the real ones.

use super::id::MailId;
use crate::notification::KeptMail;
use async_trait::async_trait;
use serde::{Deserialize, Serialize};

/// The record types that are looked up.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum RecordKind {
    /// TXT.
    Txt,
    /// CNAME.
    Cname,
    /// MX.
    Mx,
}

/// What one name server said.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub enum DnsOutcome {
    /// Records of the kind asked for: TXT strings joined per record, CNAME targets without the last dot, MX
    /// servers the same behind their priority and a blank.
    Records(Vec<String>),
    /// The name exists, but has none of that kind.
    NoRecords,
    /// There is no such name.
    NxDomain,
    /// The server failed or refused.
    ServFail,
    /// No answer in time.
    Timeout,
}

/// One question and its answer.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct DnsAnswer {
    /// The server asked: name and address, or "resolver".
    pub server: String,
    /// Whether it answers for the zone itself.
    pub authoritative: bool,
    /// What it said.
    pub outcome: DnsOutcome,
}

/// Looks up names (domain.md section 5, R5.2).
#[async_trait]
pub trait DnsPort: Send + Sync {
    /// Asks the authoritative servers, then the configured resolver; in that order in the answer. CNAME chains are
    /// followed for all but CNAME, at most five links. Never fails: trouble is an outcome.
    async fn look_up(&self, name: &str, kind: RecordKind) -> Vec<DnsAnswer>;
    /// Whether the name has an address: a hint for reviewers.
    async fn resolves(&self, host: &str) -> bool;
}

/// What a web server said to the request for the proof file.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub enum WebOutcome {
    /// 200, and its body: at most 64 KiB.
    Body(String),
    /// Another status.
    Status(u16),
    /// Sends the reader to another host.
    OffsiteRedirect(String),
    /// The host has no public address.
    PrivateAddress,
    /// There is no such host.
    NoHost,
    /// No answer in time.
    Timeout,
    /// No connection, or a broken one.
    Unreachable,
    /// More than 64 KiB.
    TooLarge,
}

/// One request and its answer.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct WebAnswer {
    /// The address asked for.
    pub url: String,
    /// What came back.
    pub outcome: WebOutcome,
}

/// Fetches the proof file (domain.md section 5, R5.4): HTTPS, then HTTP; no private addresses, no other host.
#[async_trait]
pub trait WebPort: Send + Sync {
    /// Asks for `path` on `host`. Stops at the first answer with a body.
    async fn fetch_proof(&self, host: &str, path: &str) -> Vec<WebAnswer>;
}

/// A mail ready to go out.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OutgoingMail {
    /// Stable over retries, without angle brackets.
    pub message_id: String,
    /// The recipient's address.
    pub to: String,
    /// The subject, one line.
    pub subject: String,
    /// The text part.
    pub text: String,
    /// The HTML part.
    pub html: String,
}

/// Why a mail did not go out.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{detail}")]
pub struct MailFault {
    /// The server said never; trying again is of no use.
    pub permanent: bool,
    /// What it said, for the log and for `/vendor/jobs`.
    pub detail: String,
}

/// Sends mail.
#[async_trait]
pub trait MailPort: Send + Sync {
    /// Hands the mail to the mail server.
    async fn send(&self, mail: &OutgoingMail) -> Result<(), MailFault>;
    /// Where mails stay readable for the demo, if they do.
    fn folder(&self) -> Option<&dyn MailFolderPort> {
        None
    }
}

/// Mails that stay where they were put: `/demo/mail` reads them.
#[async_trait]
pub trait MailFolderPort: Send + Sync {
    /// The latest mails, newest first, at most so many.
    async fn latest(&self, most: u32) -> Result<Vec<KeptMail>, MailFault>;
    /// One of them.
    async fn one(&self, id: MailId) -> Result<Option<KeptMail>, MailFault>;
}

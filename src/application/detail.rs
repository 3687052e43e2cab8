//! One application in full, as reviewers see it, and what they decide.

use super::{ApplicationStatus, CheckedApplication, RejectReason, review::Ageing, standing::Message};
use crate::{
    kernel::{
        id::{AccountId, ApplicationId, OrgId},
        instant::{Day, Instant},
        locale::Locale,
    },
    partner::Currency,
};
use serde::{Deserialize, Serialize};

/// One of the vendor's people.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Person {
    /// Who.
    pub id: AccountId,
    /// First and last name, or the e-mail address until they are given.
    pub name: String,
}

crate::keyed! {
    /// What two applications, or an application and a partner, have in common (R1.2).
    pub enum HintKind {
        /// The company's name, legal form and spelling aside.
        Name = "name",
        /// The company's domain.
        Domain = "domain",
        /// The telephone number.
        Phone = "phone",
        /// The domain of the e-mail address, unless a public mail provider's.
        MailDomain = "mail_domain",
    }
}

/// Somebody who may be the same company.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Hint {
    /// The other application, if it is one.
    pub application: Option<ApplicationId>,
    /// The other company's name.
    pub company_name: String,
    /// Where the other application stands; none for a partner that never applied.
    pub status: Option<ApplicationStatus>,
    /// What they have in common.
    pub kinds: Vec<HintKind>,
}

/// What can be found out about website and domain.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct WebCheck {
    /// The website's host.
    pub host: String,
    /// Whether the host has an address; none if nobody answered in time.
    pub host_resolves: Option<bool>,
    /// The company's domain; empty if the website is on a shared host and the mailbox at a public provider.
    pub domain: String,
    /// Whether the mailbox is on the company's domain.
    pub mail_on_domain: bool,
    /// Whether the mailbox is at a public mail provider.
    pub public_mail: bool,
}

/// An event of an application's history.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct HistoryEntry {
    /// When.
    pub at: Instant,
    /// Who.
    pub actor: String,
    /// What: an action of the trail, `application.…`.
    pub action: String,
}

/// One application in full.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ApplicationDetail {
    /// Which.
    pub id: ApplicationId,
    /// Given back with every change, so that nobody overwrites what they have not seen.
    pub version: i64,
    /// Where it stands.
    pub status: ApplicationStatus,
    /// How old it looks, while it is open.
    pub ageing: Option<Ageing>,
    /// Whole days since it was submitted.
    pub age_days: i64,
    /// Past its due date and still open.
    pub overdue: bool,
    /// The confirmed e-mail address.
    pub email: String,
    /// Everything submitted.
    pub facts: CheckedApplication,
    /// Version of the accepted terms.
    pub terms_version: String,
    /// When they were accepted.
    pub terms_at: Instant,
    /// The address it was sent from.
    pub ip: String,
    /// The applicant's language.
    pub locale: Locale,
    /// When it was submitted with a confirmed address.
    pub submitted_at: Instant,
    /// The day by which it is to be answered.
    pub due: Day,
    /// Who has it.
    pub assigned_to: Option<Person>,
    /// Whether the reader has it.
    pub mine: bool,
    /// Who decided.
    pub decided_by: Option<String>,
    /// When.
    pub decided_at: Option<Instant>,
    /// Why it was rejected.
    pub reject_reason: Option<RejectReason>,
    /// What the applicant was told about the rejection.
    pub reject_note: Option<String>,
    /// First day on which the company may apply again.
    pub reapply_on: Option<Day>,
    /// The partner it became.
    pub partner: Option<OrgId>,
    /// Possible duplicates.
    pub hints: Vec<Hint>,
    /// Website and domain.
    pub web: WebCheck,
    /// What happened, the latest first.
    pub history: Vec<HistoryEntry>,
    /// Questions, answers and internal notes, the oldest first.
    pub messages: Vec<Message>,
    /// The reader may assign, ask, note and decide.
    pub may_decide: bool,
    /// Deciding is refused to the reader because of the four-eyes policy (R1.5).
    pub four_eyes: bool,
    /// Who can be account manager or have the application.
    pub staff: Vec<Person>,
    /// The rate first offered, in basis points.
    pub default_rate_bp: i64,
    /// The currency first offered.
    pub default_currency: Currency,
}

/// An approval, as typed.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct ApproveForm {
    /// A key of [`crate::partner::Tier`].
    pub tier: String,
    /// Percent, at most two decimals.
    pub rate: String,
    /// A key of [`Currency`].
    pub currency: String,
    /// An account of the staff; empty for none.
    pub manager: String,
}

/// A rejection, as typed.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct RejectForm {
    /// A key of [`RejectReason`].
    pub reason: String,
    /// Mailed to the applicant; at most 2,000 characters, may be empty.
    pub note: String,
    /// A day ahead, ISO 8601, or empty.
    pub reapply_on: String,
}

//! What the applicant sees under `/apply/status/{token}` (R1.9).

use super::{ApplicationStatus, MessageKind, RejectReason};
use crate::kernel::instant::{Day, Instant};
use serde::{Deserialize, Serialize};

/// Where an application stands, as far as the applicant may know.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ApplicationStanding {
    /// The company's name.
    pub company_name: String,
    /// Where it stands.
    pub status: ApplicationStatus,
    /// When it was sent.
    pub created_at: Instant,
    /// When the address was confirmed: from then on the clock runs.
    pub submitted_at: Option<Instant>,
    /// The day by which it is answered.
    pub due: Option<Day>,
    /// When it was decided, withdrawn or closed.
    pub decided_at: Option<Instant>,
    /// Why it was rejected.
    pub reject_reason: Option<RejectReason>,
    /// What the reviewer wrote about the rejection.
    pub reject_note: Option<String>,
    /// First day on which the company may apply again.
    pub reapply_on: Option<Day>,
    /// Questions and answers, the oldest first. Internal notes are not among them.
    pub thread: Vec<Message>,
}

impl ApplicationStanding {
    /// Whether a question waits for an answer.
    pub fn can_answer(&self) -> bool {
        self.status == ApplicationStatus::WaitingForAnswer
    }
    /// Whether it can still be withdrawn.
    pub fn can_withdraw(&self) -> bool {
        self.status.is_open()
    }
}

/// A message about an application.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Message {
    /// A question, an answer or an internal note.
    pub kind: MessageKind,
    /// Who wrote it. The applicant does not learn the reviewers' names.
    pub author: Option<String>,
    /// What was written.
    pub body: String,
    /// When.
    pub at: Instant,
}

/// A sent application.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Receipt {
    /// The token of `/apply/status/{token}`.
    pub token: String,
    /// Whether the clock runs; otherwise the e-mail address must be confirmed first.
    pub submitted: bool,
}

/// Most characters of a question, an answer, a note.
pub const MESSAGE_MAX: u32 = 2000;

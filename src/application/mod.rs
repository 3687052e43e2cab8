//! The wish to become a partner, from the form to the decision.

pub mod clock;
pub mod contact;
pub mod country;
pub mod detail;
pub mod form;
#[cfg(feature = "ssr")]
pub mod identity;
pub mod postal;
pub mod review;
pub mod standing;

pub use form::{ApplicationForm, CheckedApplication, check};

#[cfg(feature = "ssr")]
pub mod rows;
#[cfg(feature = "ssr")]
pub mod service;

crate::keyed! {
    /// Where an application stands (domain.md section 18).
    pub enum ApplicationStatus {
        /// Sent, but the address is not confirmed yet: no reviewer sees it, no clock runs.
        Unconfirmed = "unconfirmed",
        /// Waits for a reviewer.
        Submitted = "submitted",
        /// A reviewer has it.
        InReview = "in_review",
        /// A question waits for the applicant's answer.
        WaitingForAnswer = "waiting_for_answer",
        /// Accepted: the partner exists.
        Approved = "approved",
        /// Not accepted.
        Rejected = "rejected",
        /// Withdrawn by the applicant, or silent for too long.
        Withdrawn = "withdrawn",
    }
}

impl ApplicationStatus {
    /// Not decided yet.
    pub fn is_open(self) -> bool {
        use ApplicationStatus::*;
        matches!(self, Unconfirmed | Submitted | InReview | WaitingForAnswer)
    }
}

crate::keyed! {
    /// Number of employees (labels.md).
    pub enum Employees {
        /// 1–5.
        UpTo5 = "1-5",
        /// 6–20.
        UpTo20 = "6-20",
        /// 21–50.
        UpTo50 = "21-50",
        /// 51–200.
        UpTo200 = "51-200",
        /// 201 or more.
        More = "201+",
    }
}

crate::keyed! {
    /// Primary expertise and interest (labels.md).
    pub enum Expertise {
        /// The workplace suite.
        Workplace = "workplace",
        /// Customer relations.
        Crm = "crm",
        /// Finance.
        Finance = "finance",
        /// Human resources.
        Hr = "hr",
        /// Service desk.
        ServiceDesk = "service-desk",
        /// Analytics.
        Analytics = "analytics",
        /// Something else.
        Other = "other",
    }
}

crate::keyed! {
    /// Why an application is rejected (domain.md section 17).
    pub enum RejectReason {
        /// Facts are missing.
        Incomplete = "incomplete",
        /// The programme is not open in the region.
        Region = "region",
        /// A conflict of interest.
        Conflict = "conflict",
        /// The programme asks for more.
        Quality = "quality",
        /// There is one already.
        Duplicate = "duplicate",
        /// Something else.
        Other = "other",
    }
}

crate::keyed! {
    /// Kinds of message about an application.
    pub enum MessageKind {
        /// From a reviewer to the applicant.
        Question = "question",
        /// From the applicant.
        Answer = "answer",
        /// Among reviewers only.
        Note = "note",
    }
}

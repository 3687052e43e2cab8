//! Work to be done later, committed together with the rows it follows from (design.md section 3, rule 4).

#[cfg(feature = "ssr")]
pub mod rows;
#[cfg(feature = "ssr")]
pub mod service;

crate::keyed! {
    /// Where a job stands.
    pub enum JobStatus {
        /// To be done when due, or again after a failure.
        Waiting = "waiting",
        /// Done.
        Done = "done",
        /// Given up; staff may retry it under `/vendor/jobs`.
        Failed = "failed",
    }
}

crate::keyed! {
    /// What kinds of work there are.
    pub enum JobKind {
        /// Send a mail.
        Mail = "mail",
        /// Look again for a domain's proof (R5.5).
        DomainCheck = "domain_check",
        /// Look at the mail flow of a domain (R5.7).
        MailCheck = "mail_check",
        /// Remind of a trial's end, or end it (R8.6, R8.7).
        TrialClock = "trial_clock",
        /// Remind reviewers, close applications nobody answered (domain.md section 18).
        ApplicationClock = "application_clock",
        /// End grants that have run out and warn before (domain.md section 6, R6.1).
        GrantClock = "grant_clock",
        /// Remind of a partner's request for access, let it lapse (domain.md section 6).
        AccessRequest = "access_request",
        /// Renew a partner's access to a customer, or ask for it, as one of many (domain.md section 6).
        AccessRenewal = "access_renewal",
        /// Bring a partner's request to whoever answers, remind them, let it lapse (domain.md section 4, R4.3).
        MappingRequest = "mapping_request",
        /// End a mapping whose partner has given notice (R4.9).
        MappingNotice = "mapping_notice",
        /// Remind a customer that it pays soon, because its partner has gone (domain.md section 4, R4.10).
        HandOver = "hand_over",
        /// See a payment to its end: after a crash or a lost answer the provider is asked again.
        Payment = "payment",
        /// Give money back through the provider.
        Refund = "refund",
        /// Have a provider forget a card.
        ForgetCard = "forget_card",
        /// Renew what ended, announce renewals, release commission, close months: hourly.
        Billing = "billing",
        /// Collect an unpaid invoice again, warn, suspend, close (domain.md section 9, R9.5).
        Dunning = "dunning",
        /// Try, or carry out, a change of many subscriptions.
        Bulk = "bulk",
        /// Prove the figures against what they are sums of, daily.
        Proof = "proof",
        /// Throw away what nobody can use any more, daily.
        Housekeeping = "housekeeping",
    }
}

/// Minutes to wait before try number `attempts` (from 1): 1, 2, 4, … up to six hours.
pub fn back_off_minutes(attempts: i32) -> i64 {
    (1i64 << attempts.clamp(1, 10).saturating_sub(1)).min(360)
}

/// After so many tries a job is given up; with the back-off above that is more than two days.
pub const MAX_ATTEMPTS: i32 = 18;

/// Which kinds of job a worker claims: a slow mail server must not hold up anything else.
#[derive(Debug, Clone, Copy)]
pub enum Kinds {
    /// Every kind.
    All,
    /// These.
    Only(&'static [JobKind]),
    /// All but these, unknown ones included.
    Except(&'static [JobKind]),
}

use crate::{
    kernel::{id::JobId, instant::Instant},
    notification::MailStatus,
};
use serde::{Deserialize, Serialize};

/// A job that failed at least once and is not done.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Trouble {
    /// The job.
    pub id: JobId,
    /// Its kind; unknown ones come from another version of the program.
    pub kind: Option<JobKind>,
    /// To whom, if it is a mail.
    pub recipient: Option<String>,
    /// Which mail it is: the template's stable key.
    pub template: Option<String>,
    /// Where the mail stands.
    pub mail_status: Option<MailStatus>,
    /// When it was enqueued.
    pub since: Instant,
    /// Tries so far.
    pub attempts: i32,
    /// When it is tried again; when it was given up.
    pub due_at: Instant,
    /// What went wrong the last time.
    pub last_error: String,
}

/// What `/vendor/jobs` shows.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Troubles {
    /// Given up, the latest first; at most [`TROUBLES`].
    pub failed: Vec<Trouble>,
    /// Tried again by themselves, the next one first; at most [`TROUBLES`].
    pub retried: Vec<Trouble>,
    /// How the queue stands.
    pub counts: QueueCounts,
}

/// How the queue stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct QueueCounts {
    /// Waiting, whenever they are due.
    pub waiting: i64,
    /// Waiting although due for more than five minutes: the worker does not keep up, or does not run.
    pub overdue: i64,
    /// Waiting after a failure.
    pub retried: i64,
    /// Given up.
    pub failed: i64,
}

/// Most jobs `/vendor/jobs` lists of each sort.
pub const TROUBLES: u64 = 100;

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
        /// Remind of a trial's end, or end it (R8.6, R8.7).
        TrialClock = "trial_clock",
        /// Remind reviewers, close applications nobody answered (domain.md section 18).
        ApplicationClock = "application_clock",
        /// End grants that have run out and warn before (domain.md section 6, R6.1).
        GrantClock = "grant_clock",
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

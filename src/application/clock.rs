//! When an application asks for attention by itself: reviewers are reminded, silent ones are closed.

use super::ApplicationStatus;
use crate::kernel::instant::Instant;

/// Days before the due date on which reviewers are reminded (domain.md section 14).
const REMIND_DAYS: i64 = 2;

/// How far reviewers were reminded of an application.
pub const NOT_REMINDED: i32 = 0;
/// They were told that it is due soon.
pub const REMINDED_SOON: i32 = 1;
/// They were told that it is overdue.
pub const REMINDED_OVERDUE: i32 = 2;

/// What the clock needs to know of an application.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ClockState {
    /// Where it stands.
    pub status: ApplicationStatus,
    /// When it is due.
    pub due_at: Option<Instant>,
    /// Since when a question waits for an answer.
    pub waiting_since: Option<Instant>,
    /// [`NOT_REMINDED`], [`REMINDED_SOON`] or [`REMINDED_OVERDUE`].
    pub reminded: i32,
}

/// What the clock strikes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Strike {
    /// Reviewers: due soon.
    DueSoon,
    /// Reviewers: overdue.
    Overdue,
    /// Nobody answered the question for too long: close it.
    Silent,
}

/// What is to be done now, if anything, and when to look again. After a downtime only the last reminder is given,
/// not those it has overtaken.
pub fn strike(state: ClockState, silence_days: i32, now: Instant) -> (Option<Strike>, Option<Instant>) {
    match state.status {
        ApplicationStatus::Submitted | ApplicationStatus::InReview => {
            let Some(due) = state.due_at else { return (None, None) };
            let soon = due.plus_days(-REMIND_DAYS);
            if now >= due {
                ((state.reminded < REMINDED_OVERDUE).then_some(Strike::Overdue), None)
            } else if now >= soon {
                ((state.reminded < REMINDED_SOON).then_some(Strike::DueSoon), Some(due))
            } else {
                (None, Some(soon))
            }
        }
        ApplicationStatus::WaitingForAnswer => {
            let Some(since) = state.waiting_since else { return (None, None) };
            let end = since.plus_days(i64::from(silence_days));
            if now >= end { (Some(Strike::Silent), None) } else { (None, Some(end)) }
        }
        _ => (None, None),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn reminders_come_once_each_and_the_silent_are_closed() {
        let start = Instant(1_772_442_000_000);
        let mut state = ClockState {
            status: ApplicationStatus::Submitted,
            due_at: Some(start.plus_days(7)),
            waiting_since: None,
            reminded: NOT_REMINDED,
        };
        assert_eq!(strike(state, 30, start), (None, Some(start.plus_days(5))));
        assert_eq!(strike(state, 30, start.plus_days(5)), (Some(Strike::DueSoon), Some(start.plus_days(7))));
        assert_eq!(strike(state, 30, start.plus_days(40)), (Some(Strike::Overdue), None));
        state.reminded = REMINDED_SOON;
        assert_eq!(strike(state, 30, start.plus_days(6)), (None, Some(start.plus_days(7))));
        state.reminded = REMINDED_OVERDUE;
        assert_eq!(strike(state, 30, start.plus_days(9)), (None, None));
        state.status = ApplicationStatus::WaitingForAnswer;
        state.waiting_since = Some(start);
        assert_eq!(strike(state, 30, start.plus_days(29)), (None, Some(start.plus_days(30))));
        assert_eq!(strike(state, 30, start.plus_days(30)), (Some(Strike::Silent), None));
        state.status = ApplicationStatus::Approved;
        assert_eq!(strike(state, 30, start.plus_days(99)), (None, None));
    }

    proptest! {
        #[test]
        fn the_next_look_always_lies_ahead(
            status in proptest::sample::select(ApplicationStatus::ALL),
            due in proptest::option::of(0i64..4_000_000_000_000), since in proptest::option::of(0i64..4_000_000_000_000),
            reminded in 0i32..3, silence in 0i32..400, now in 0i64..4_000_000_000_000,
        ) {
            let state = ClockState { status, due_at: due.map(Instant), waiting_since: since.map(Instant), reminded };
            let (_, next) = strike(state, silence, Instant(now));
            prop_assert!(next.is_none_or(|next| next > Instant(now)));
        }
    }
}

//! The rules of trials (domain.md section 8, R8.1–R8.10). Pure: the same answers on every node, at any hour.

use super::{Plan, SubscriptionStatus};
use crate::{
    Refusal,
    kernel::{
        id::OrgId,
        instant::{Day, Instant},
    },
    setting::Policy,
};
use serde::{Deserialize, Serialize};

/// Days before the end on which people are reminded; 0 is the last day itself (R8.7).
pub const REMINDERS: [i32; 4] = [7, 3, 1, 0];

/// Days between the two notices of deletion: nothing is deleted without both (R8.6).
pub const NOTICE_GAP_DAYS: i32 = 7;

/// The last day of a trial that starts on `started`: it counts as the first of its days.
pub fn first_end(started: Day, policy: &Policy) -> Day {
    started.plus(policy.trial_days - 1)
}

/// The last day a trial started on `started` can ever have (R8.1: counted from its first day).
pub fn furthest_end(started: Day, policy: &Policy) -> Day {
    started.plus(policy.trial_max - 1)
}

/// The new last day if the trial were extended now: a step more than the current end, cut at the greatest length
/// (R8.2); also up to seven days after it ended, counted from the old end, as long as nothing was bought (R8.3).
pub fn extended(
    status: SubscriptionStatus,
    started: Option<Day>,
    ends_on: Option<Day>,
    policy: &Policy,
    today: Day,
) -> Result<Day, Refusal> {
    use SubscriptionStatus::*;
    let (Trial | Free | TrialExpired, Some(started), Some(end)) = (status, started, ends_on) else {
        return Err(Refusal::TrialNotActive);
    };
    if today > end.plus(policy.trial_late_days) {
        return Err(Refusal::TrialNotActive);
    }
    let until = end.plus(policy.trial_step).min(furthest_end(started, policy));
    // A remainder so short that it lies in the past would help nobody.
    if until <= end || until < today { Err(Refusal::TrialMax) } else { Ok(until) }
}

/// The key of the extension from this end: a page sends the one it shows, so that two clicks on the same end, on
/// whichever node, are one extension (R8.4).
pub fn request_key(ends_on: Day) -> String {
    format!("from-{ends_on}")
}

/// What is to be done next about a trial's end.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ClockStep {
    /// Say that so many days are left.
    Remind {
        /// Days to the last day.
        days: i32,
        /// Which of [`REMINDERS`] this is.
        reminder: i32,
    },
    /// The trial is over: free, readable only, or already suspended, by people and days passed.
    End,
    /// The readable time is over.
    Suspend,
    /// Say that the data may be deleted.
    Notice,
    /// The time in which a trial that became free can be taken up again is over.
    Close,
}

/// What was done already about the end on `ends_on`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ClockState {
    /// The end that all this is about; after an extension it starts anew.
    pub ends_on: Day,
    /// The last reminder sent.
    pub reminded: Option<i32>,
    /// Since when the organisation stands suspended.
    pub suspended_at: Option<Instant>,
    /// When notices of deletion were sent.
    pub notices: Vec<Instant>,
}

impl ClockState {
    /// Nothing done yet.
    pub fn new(ends_on: Day) -> Self {
        Self { ends_on, reminded: None, suspended_at: None, notices: Vec::new() }
    }

    /// When the first, then the second notice of deletion is due.
    fn notice_at(&self, policy: &Policy) -> Option<Instant> {
        let since = self.suspended_at?;
        match self.notices.as_slice() {
            [] => Some(since.plus_days(policy.suspended_days.into())),
            [first] => Some(first.plus_days(NOTICE_GAP_DAYS.into())),
            _ => None,
        }
    }

    /// What is due now. After downtime only the latest reminder counts; those that were missed are stale.
    pub fn due(&self, status: SubscriptionStatus, policy: &Policy, now: Instant) -> Option<ClockStep> {
        match status {
            SubscriptionStatus::Trial if now >= self.ends_on.end() => Some(ClockStep::End),
            SubscriptionStatus::Trial => {
                let days = self.ends_on.since(now.day());
                let reminder = REMINDERS.into_iter().filter(|r| days <= *r).min()?;
                let fresh = self.reminded.is_none_or(|last| reminder < last);
                fresh.then_some(ClockStep::Remind { days, reminder })
            }
            SubscriptionStatus::TrialExpired => {
                (now >= suspend_at(self.ends_on, policy)).then_some(ClockStep::Suspend)
            }
            SubscriptionStatus::Suspended => {
                self.notice_at(policy).filter(|at| *at <= now).map(|_| ClockStep::Notice)
            }
            SubscriptionStatus::Free => (now >= close_at(self.ends_on, policy)).then_some(ClockStep::Close),
            _ => None,
        }
    }

    /// When to look again, if anything is left to be done: call it after [`ClockState::due`] answers `None`.
    pub fn next(&self, status: SubscriptionStatus, policy: &Policy, now: Instant) -> Option<Instant> {
        match status {
            SubscriptionStatus::Trial => {
                let reminders = REMINDERS.into_iter().map(|r| self.ends_on.plus(-r).start());
                reminders.chain([self.ends_on.end()]).filter(|at| *at > now).min()
            }
            SubscriptionStatus::TrialExpired => Some(suspend_at(self.ends_on, policy)),
            SubscriptionStatus::Suspended => self.notice_at(policy),
            SubscriptionStatus::Free => Some(close_at(self.ends_on, policy)),
            _ => None,
        }
    }
}

/// When an expired trial stops being readable.
pub fn suspend_at(ends_on: Day, policy: &Policy) -> Instant {
    ends_on.plus(policy.trial_expired_days).end()
}

/// When a trial that became free can no longer be extended (R8.3).
pub fn close_at(ends_on: Day, policy: &Policy) -> Instant {
    ends_on.plus(policy.trial_late_days).end()
}

/// What a trial becomes when it ends (R8.6): free if its people fit, else readable only, and suspended at once if
/// the readable time has passed meanwhile as well.
pub fn after_end(used: i64, ends_on: Day, policy: &Policy, now: Instant) -> SubscriptionStatus {
    if used <= policy.free_users_max {
        SubscriptionStatus::Free
    } else if now < suspend_at(ends_on, policy) {
        SubscriptionStatus::TrialExpired
    } else {
        SubscriptionStatus::Suspended
    }
}

/// The first day of the twelve months (or as the policy says) that end today (R8.5).
pub fn months_back(today: Day, months: i32) -> Day {
    let (year, month, day) = today.civil();
    let count = year * 12 + i32::from(month) - 1 - months;
    let (year, month) = (count.div_euclid(12), count.rem_euclid(12) as u8 + 1);
    // The day of the month, or the month's last if it is shorter.
    (0..=3)
        .find_map(|less| Day::from_civil(year, month, day.checked_sub(less)?))
        .unwrap_or_else(|| today.plus(-31 * months))
}

/// The wish to extend a trial.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ExtendTrial {
    /// Whose trial.
    pub org: OrgId,
    /// The key the page showed ([`TrialView::request_key`]): names the end to extend from.
    pub request_key: String,
}

/// One extension, as shown: who, when, until when.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Extension {
    /// Whose decision it was.
    pub by: String,
    /// When it was made.
    pub at: Instant,
    /// The last day before.
    pub from: Day,
    /// The last day since.
    pub until: Day,
}

/// A trial, as its organisation and its partner see it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct TrialView {
    /// The organisation's name.
    pub organisation: String,
    /// Whose trial.
    pub org: OrgId,
    /// The plan tried.
    pub plan: Plan,
    /// Where the subscription stands.
    pub status: SubscriptionStatus,
    /// First day.
    pub started: Day,
    /// Last day; the trial ends at 24:00 UTC of it.
    pub ends_on: Day,
    /// Days left, today included; 0 once it is over.
    pub days_left: i32,
    /// The last day a trial started then can have.
    pub furthest: Day,
    /// The last day after one more extension, or why there is none.
    pub extendable: Result<Day, Refusal>,
    /// Sent with the wish to extend from the end shown here.
    pub request_key: String,
    /// All extensions, oldest first.
    pub extensions: Vec<Extension>,
}

#[cfg(test)]
mod tests {
    use super::*;
    use SubscriptionStatus::*;
    use proptest::prelude::*;

    fn policy() -> Policy {
        Policy::defaults(false)
    }

    #[test]
    fn fifteen_days_then_three_extensions_and_no_more() {
        let start = Day(20_000);
        let mut end = first_end(start, &policy());
        assert_eq!(end.since(start) + 1, 15);
        for length in [30, 45, 60] {
            end = extended(Trial, Some(start), Some(end), &policy(), end).unwrap();
            assert_eq!(end.since(start) + 1, length);
        }
        assert_eq!(extended(Trial, Some(start), Some(end), &policy(), end), Err(Refusal::TrialMax));
    }

    #[test]
    fn late_extension_counts_from_the_old_end_for_seven_days() {
        let (start, end) = (Day(20_000), Day(20_014));
        for status in [Trial, Free, TrialExpired] {
            let at = |days| extended(status, Some(start), Some(end), &policy(), end.plus(days));
            assert_eq!(at(7), Ok(end.plus(15)), "{status}");
            assert_eq!(at(8), Err(Refusal::TrialNotActive), "{status}");
        }
    }

    #[test]
    fn only_trials_and_what_became_of_them_can_be_extended() {
        let (start, end) = (Some(Day(20_000)), Some(Day(20_014)));
        for status in [Active, Suspended, Closed] {
            assert_eq!(
                extended(status, start, end, &policy(), Day(20_001)),
                Err(Refusal::TrialNotActive),
                "{status}"
            );
        }
        // A free plan that never was a trial.
        assert_eq!(extended(Free, None, None, &policy(), Day(20_001)), Err(Refusal::TrialNotActive));
    }

    #[test]
    fn a_changed_cap_leaves_the_remainder() {
        let short = Policy { trial_max: 20, ..policy() };
        let (start, end) = (Day(20_000), Day(20_014));
        assert_eq!(extended(Trial, Some(start), Some(end), &short, end), Ok(Day(20_019)));
        // A remainder that has passed already is none.
        let shorter = Policy { trial_max: 17, ..policy() };
        assert_eq!(extended(Free, Some(start), Some(end), &shorter, end.plus(5)), Err(Refusal::TrialMax));
    }

    #[test]
    fn reminders_come_once_and_stale_ones_never() {
        let end = Day(20_014);
        let mut state = ClockState::new(end);
        assert_eq!(state.due(Trial, &policy(), end.plus(-8).start()), None);
        assert_eq!(state.next(Trial, &policy(), end.plus(-8).start()), Some(end.plus(-7).start()));
        let week = ClockStep::Remind { days: 7, reminder: 7 };
        assert_eq!(state.due(Trial, &policy(), end.plus(-7).start()), Some(week));
        state.reminded = Some(7);
        assert_eq!(state.due(Trial, &policy(), end.plus(-7).end().plus_ms(-1)), None);
        // The node slept through the third and the first day before the end: one mail, for today.
        let today = ClockStep::Remind { days: 0, reminder: 0 };
        assert_eq!(state.due(Trial, &policy(), end.start()), Some(today));
        state.reminded = Some(0);
        assert_eq!(state.next(Trial, &policy(), end.start()), Some(end.end()));
        assert_eq!(state.due(Trial, &policy(), end.end()), Some(ClockStep::End));
    }

    #[test]
    fn after_the_end_free_or_readable_or_suspended() {
        let end = Day(20_014);
        assert_eq!(after_end(5, end, &policy(), end.end()), Free);
        assert_eq!(after_end(6, end, &policy(), end.end()), TrialExpired);
        assert_eq!(after_end(6, end, &policy(), end.plus(15).end().plus_ms(-1)), TrialExpired);
        assert_eq!(after_end(6, end, &policy(), end.plus(15).end()), Suspended);
    }

    #[test]
    fn two_notices_a_week_apart_and_then_silence() {
        let at = Day(20_030).start();
        let mut state = ClockState { suspended_at: Some(at), ..ClockState::new(Day(20_014)) };
        assert_eq!(state.due(Suspended, &policy(), at.plus_days(29)), None);
        assert_eq!(state.next(Suspended, &policy(), at), Some(at.plus_days(30)));
        // Long downtime: the second still keeps its distance from the first.
        assert_eq!(state.due(Suspended, &policy(), at.plus_days(60)), Some(ClockStep::Notice));
        state.notices.push(at.plus_days(60));
        assert_eq!(state.due(Suspended, &policy(), at.plus_days(66)), None);
        assert_eq!(state.due(Suspended, &policy(), at.plus_days(67)), Some(ClockStep::Notice));
        state.notices.push(at.plus_days(67));
        assert_eq!(state.next(Suspended, &policy(), at.plus_days(68)), None);
    }

    #[test]
    fn twelve_months_back() {
        let day = |text: &str| text.parse::<Day>().unwrap();
        assert_eq!(months_back(day("2026-11-23"), 12), day("2025-11-23"));
        assert_eq!(months_back(day("2024-02-29"), 12), day("2023-02-28"));
        assert_eq!(months_back(day("2026-03-31"), 1), day("2026-02-28"));
        assert_eq!(months_back(day("2026-01-15"), 2), day("2025-11-15"));
    }

    proptest! {
        /// Whatever the order of clicks and pauses, no trial passes its greatest length, and each extension adds
        /// exactly fifteen days to the end there was.
        #[test]
        fn a_trial_never_passes_sixty_days(start in 0i32..40_000, pauses in prop::collection::vec(0i32..30, 0..20)) {
            let (policy, start) = (policy(), Day(start));
            let (mut end, mut today) = (first_end(start, &policy), start);
            for pause in pauses {
                today = today.plus(pause);
                let status = if today > end { Free } else { Trial };
                match extended(status, Some(start), Some(end), &policy, today) {
                    Ok(until) => {
                        prop_assert_eq!(until.since(end), 15);
                        prop_assert!(today <= end.plus(7) && until >= today);
                        end = until;
                    }
                    Err(Refusal::TrialMax) => prop_assert_eq!(end.since(start) + 1, 60),
                    Err(_) => prop_assert!(today > end.plus(7)),
                }
                prop_assert!(end.since(start) < 60);
            }
        }

        /// With any policy the cap holds, and what is added is a step or the remainder.
        #[test]
        fn the_cap_holds_under_any_policy(days in 1i32..90, step in 1i32..60, max in 1i32..120, clicks in 0usize..12) {
            let policy = Policy { trial_days: days.min(max), trial_step: step, trial_max: max, ..policy() };
            let start = Day(20_000);
            let mut end = first_end(start, &policy);
            for _ in 0..clicks {
                if let Ok(until) = extended(Trial, Some(start), Some(end), &policy, end) {
                    prop_assert!(until.since(end) == step || until == furthest_end(start, &policy));
                    end = until;
                }
            }
            prop_assert!(end.since(start) < max);
        }

        /// The clock always comes to rest: every due step leads to a state in which nothing is due at once.
        #[test]
        fn the_clock_never_spins(late in 0i64..2_000) {
            let policy = policy();
            let end = Day(20_014);
            let now = end.plus(-10).start().plus_hours(late);
            let mut state = ClockState::new(end);
            let mut status = Trial;
            let mut steps = 0;
            while let Some(step) = state.due(status, &policy, now) {
                steps += 1;
                match step {
                    ClockStep::Remind { reminder, .. } => state.reminded = Some(reminder),
                    ClockStep::End => status = after_end(99, end, &policy, now),
                    ClockStep::Suspend => status = Suspended,
                    ClockStep::Notice => state.notices.push(now),
                    ClockStep::Close => break,
                }
                if status == Suspended {
                    state.suspended_at.get_or_insert(now);
                }
                prop_assert!(steps <= 1, "one step a look: {:?}", step);
            }
            prop_assert!(state.next(status, &policy, now).is_none_or(|at| at > now));
        }
    }
}

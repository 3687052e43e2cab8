//! What happens to an invoice that is not paid, day by day (domain.md section 9, R9.5). Pure.

use crate::{kernel::instant::Day, setting::Policy};
use serde::{Deserialize, Serialize};

/// Days after the first failure on which a card is tried again.
pub const RETRIES: [i32; 4] = [1, 3, 5, 7];

/// Days before the suspension on which the other party is warned.
pub const WARNING_DAYS: i32 = 7;

/// How far an unpaid invoice has come.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Progress {
    /// The day it should have been paid.
    pub since: Day,
    /// Tries made after the first one.
    pub retried: usize,
    /// Whether the full service is in its last days.
    pub in_grace: bool,
    /// Whether the other party was warned.
    pub warned: bool,
    /// Whether the subscription was suspended.
    pub suspended: bool,
}

/// What is due.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum Step {
    /// Try the card again.
    Retry,
    /// All tries failed: the rest of the grace begins.
    Grace,
    /// Tell the other party that the subscription will be suspended.
    Warn,
    /// Suspend.
    Suspend,
    /// Close, and give the invoice up.
    Close,
}

impl Progress {
    /// Of an invoice that was not paid on a day.
    pub fn new(since: Day) -> Self {
        Self { since, retried: 0, in_grace: false, warned: false, suspended: false }
    }
    /// Of money that the payer's bank took back: the card is not tried again.
    pub fn without_retries(since: Day) -> Self {
        Self { retried: RETRIES.len(), ..Self::new(since) }
    }

    /// The next step and its day. A grace shorter than the tries cuts them off.
    pub fn next(&self, policy: &Policy) -> (Step, Day) {
        let suspend_on = self.since.plus(policy.grace_days);
        if self.suspended {
            return (Step::Close, suspend_on.plus(policy.suspend_days));
        }
        let warn_on = suspend_on.plus(-WARNING_DAYS).max(self.since);
        let retry_on = RETRIES.get(self.retried).map(|days| self.since.plus(*days));
        let grace_on = self.since.plus(*RETRIES.last().unwrap_or(&0)).min(suspend_on);
        let mut steps = vec![(Step::Suspend, suspend_on)];
        steps.extend((!self.warned).then_some((Step::Warn, warn_on)));
        steps.extend((!self.in_grace && retry_on.is_none()).then_some((Step::Grace, grace_on)));
        steps.extend(retry_on.filter(|day| *day < suspend_on).map(|day| (Step::Retry, day)));
        // Of what falls on one day, the milder comes first.
        steps.reverse();
        steps.into_iter().min_by_key(|(_, day)| *day).unwrap_or((Step::Suspend, suspend_on))
    }

    /// The progress after a step.
    pub fn taken(mut self, step: Step) -> Self {
        match step {
            Step::Retry => self.retried += 1,
            Step::Grace => self.in_grace = true,
            Step::Warn => self.warned = true,
            Step::Suspend => self.suspended = true,
            Step::Close => {}
        }
        self
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn course(policy: &Policy, mut progress: Progress) -> Vec<(Step, i32)> {
        let mut steps = Vec::new();
        loop {
            let (step, day) = progress.next(policy);
            steps.push((step, day.since(progress.since)));
            if step == Step::Close {
                return steps;
            }
            progress = progress.taken(step);
        }
    }

    #[test]
    fn an_unpaid_invoice_takes_the_course_of_the_defaults() {
        use Step::*;
        let policy = Policy::defaults(false);
        let expected = [
            (Retry, 1),
            (Retry, 3),
            (Retry, 5),
            (Retry, 7),
            (Grace, 7),
            (Warn, 8),
            (Suspend, 15),
            (Close, 45),
        ];
        assert_eq!(course(&policy, Progress::new(Day(100))), expected);
        let expected = [(Grace, 7), (Warn, 8), (Suspend, 15), (Close, 45)];
        assert_eq!(course(&policy, Progress::without_retries(Day(100))), expected);
    }

    proptest! {
        #[test]
        fn every_course_warns_before_it_suspends_and_ends(grace in 1i32..365, suspend in 1i32..365) {
            let mut policy = Policy::defaults(false);
            policy.grace_days = grace;
            policy.suspend_days = suspend;
            let steps = course(&policy, Progress::new(Day(0)));
            prop_assert!(steps.windows(2).all(|pair| pair[0].1 <= pair[1].1), "{steps:?}");
            let at = |step| steps.iter().position(|(s, _)| *s == step);
            prop_assert!(at(Step::Warn) < at(Step::Suspend));
            prop_assert_eq!(steps.last().copied(), Some((Step::Close, grace + suspend)));
        }
    }
}

//! When to look again by itself (R5.5, R5.6). Pure: a check that comes late goes on from the time it is then.

use crate::kernel::instant::{DAY_MS, HOUR_MS, Instant, MINUTE_MS};

/// Days without proof after which nobody looks by itself any more.
pub const PENDING_DAYS: i64 = 14;
/// Days between checks of a proven domain.
pub const WEEK_DAYS: i64 = 7;
/// Hours after which a lost proof, or a server that did not answer, is looked at again.
pub const RETRY_HOURS: i64 = 24;

/// The first checks, from the moment the wait began: 5 min, 30 min, 2 h, 6 h. Daily ones follow.
const FIRST: [i64; 4] = [5 * MINUTE_MS, 30 * MINUTE_MS, 2 * HOUR_MS, 6 * HOUR_MS];

/// When a domain that waits for its proof since `since` is to be looked at next; nothing once 14 days are over.
pub fn next_pending(since: Instant, now: Instant) -> Option<Instant> {
    let early = FIRST.iter().map(|offset| since.plus_ms(*offset));
    let daily = (1..=PENDING_DAYS).map(|day| since.plus_days(day));
    early.chain(daily).find(|due| *due > now)
}

/// What a check of a proven domain means (R5.6).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Standing {
    /// The proof is there; look again in a week.
    Proven,
    /// Lost for the first time; look again in a day.
    LostOnce,
    /// Lost twice within seven days: warn.
    AtRisk,
    /// Nobody answered: look again in a day, nothing is known.
    Unknown,
}

/// Weighs a check of a proven domain. `lost_at` is the last time its proof was found missing.
pub fn weigh(proven: bool, loss: bool, lost_at: Option<Instant>, now: Instant) -> Standing {
    match (proven, loss, lost_at) {
        (true, ..) => Standing::Proven,
        (_, false, _) => Standing::Unknown,
        (_, true, Some(before)) if now.0 - before.0 <= WEEK_DAYS * DAY_MS => Standing::AtRisk,
        (_, true, _) => Standing::LostOnce,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn the_checks_of_a_fortnight() {
        let start = Instant(0);
        let mut now = start;
        let mut all = Vec::new();
        while let Some(due) = next_pending(start, now) {
            all.push(due.0 / MINUTE_MS);
            now = due;
        }
        assert_eq!(&all[..7], &[5, 30, 120, 360, 1440, 2880, 4320]);
        assert_eq!(all.len(), 18);
        assert_eq!(all.last(), Some(&(14 * 1440)));
    }

    #[test]
    fn lost_twice_within_a_week_warns() {
        let at = |days: i64| Instant(days * DAY_MS);
        assert_eq!(weigh(false, true, None, at(7)), Standing::LostOnce);
        assert_eq!(weigh(false, true, Some(at(7)), at(8)), Standing::AtRisk);
        assert_eq!(weigh(false, true, Some(at(7)), at(15)), Standing::LostOnce);
        assert_eq!(weigh(false, false, Some(at(7)), at(8)), Standing::Unknown);
        assert_eq!(weigh(true, false, Some(at(7)), at(8)), Standing::Proven);
    }

    proptest! {
        #[test]
        fn late_checks_never_lie_behind_nor_beyond_the_fortnight(since in 0i64..1_000_000_000, late in 0i64..40 * DAY_MS) {
            let (since, now) = (Instant(since), Instant(since + late));
            match next_pending(since, now) {
                Some(due) => prop_assert!(due > now && due <= since.plus_days(PENDING_DAYS)),
                None => prop_assert!(now >= since.plus_days(PENDING_DAYS)),
            }
        }
    }
}

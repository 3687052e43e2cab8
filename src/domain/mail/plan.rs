//! When to look at a domain's mail again. Pure.

use crate::kernel::{
    id::DomainId,
    instant::{DAY_MS, HOUR_MS, Instant, MINUTE_MS},
};

/// Hours after which name servers that did not answer are asked again.
pub const RETRY_HOURS: i64 = 1;

/// The next look: daily, each domain at a minute of its own, so that they spread over the day. At least half a day
/// from now.
pub fn next_look(domain: DomainId, now: Instant) -> Instant {
    let own = (domain.0.as_u128() % 1440) as i64 * MINUTE_MS;
    let earliest = now.0 + 12 * HOUR_MS;
    let today = earliest.div_euclid(DAY_MS) * DAY_MS + own;
    Instant(if today >= earliest { today } else { today + DAY_MS })
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn every_day_once_at_its_own_minute(id: u128, now in 0i64..4_000_000_000_000) {
            let id = DomainId(uuid::Uuid::from_u128(id));
            let first = next_look(id, Instant(now));
            prop_assert!(first.0 - now >= 12 * HOUR_MS && first.0 - now < 36 * HOUR_MS);
            // A worker comes up to some hours late: the day after is looked at all the same, at the same minute.
            for late in [0, 1, 11 * HOUR_MS] {
                prop_assert_eq!(next_look(id, first.plus_ms(late)), first.plus_days(1));
            }
        }
    }
}

//! New ids in the order in which they are given.

use super::{clock::Random, instant::Instant};
use std::sync::{Mutex, PoisonError};

/// Gives UUIDv7s, each behind all it has given at the same millisecond (RFC 9562 section 6.2, method 2): what a batch
/// writes lies side by side in every index over ids, not wherever chance would have it. Still no one can tell the next.
#[derive(Default)]
pub struct Sequence(Mutex<Last>);

/// The millisecond of the last id, and the 74 bits that follow it.
#[derive(Default)]
struct Last {
    ms: u64,
    tail: u128,
}

impl Sequence {
    /// The next id, of `now`.
    pub fn next(&self, now: Instant, random: &dyn Random) -> uuid::Uuid {
        let mut bytes = [0u8; 16];
        random.fill(&mut bytes);
        let chance = u128::from_be_bytes(bytes);
        let ms = u64::try_from(now.0).unwrap_or(0);
        let mut last = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        last.tail = if last.ms == ms {
            last.tail + 1 + u128::from(chance as u32)
        } else {
            // One bit less than there are: room for more ids than a millisecond can ask for.
            chance >> 55
        };
        last.ms = ms;
        let after_ms = (last.tail >> 62 << 64) | (last.tail & ((1 << 62) - 1));
        let mut tail = [0u8; 10];
        tail.copy_from_slice(&after_ms.to_be_bytes()[6..]);
        uuid::Builder::from_unix_timestamp_millis(ms, &tail).into_uuid()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::kernel::clock::SystemRandom;

    #[test]
    fn ids_of_a_millisecond_are_in_the_order_they_were_given_and_say_when() {
        let sequence = Sequence::default();
        let ids: Vec<_> =
            (0..50_000).map(|n| sequence.next(Instant(7 + n / 10_000), &SystemRandom)).collect();
        assert!(ids.is_sorted_by(|a, b| a < b));
        assert!(ids.iter().all(|id| id.get_version_num() == 7 && id.get_variant() == uuid::Variant::RFC4122));
        assert_eq!(ids[49_999].get_timestamp().map(|t| t.to_unix()), Some((0, 11_000_000)));
    }

    #[test]
    fn the_next_one_is_not_a_step_away() {
        let sequence = Sequence::default();
        let mut tails = (0..1_000).map(|_| sequence.next(Instant(7), &SystemRandom).as_u128());
        let mut before = tails.next().expect("a thousand");
        let near = tails.filter(|tail| tail - std::mem::replace(&mut before, *tail) < 1_000).count();
        assert!(near < 5, "{near} of 1,000 could be guessed");
    }
}

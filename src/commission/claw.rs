//! Taking commission back when the customer gets money back (domain.md section 10, claw-back). Pure.

use crate::kernel::money::share;

/// What taking back does to a line.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Reversal {
    /// What is taken back, with the sign of the amount it is taken from.
    pub taken: i64,
    /// Whether nothing of the line is left.
    pub wholly: bool,
}

/// How much of `amount` goes back when `part` of `whole` is given back, after `taken` went back for `parts` earlier:
/// pro rata, half-up, never more than is left; whoever completes the whole takes the rest, so that no cent stays and
/// none is taken twice. A part or whole that is not positive takes nothing.
pub fn claw_back(amount: i64, taken: i64, parts: i64, part: i64, whole: i64) -> Reversal {
    let left = amount.saturating_sub(taken);
    if part <= 0 || whole <= 0 {
        return Reversal { taken: 0, wholly: left == 0 };
    }
    let fair = share(amount, part, whole);
    let complete = parts.saturating_add(part) >= whole;
    let taken = if complete || fair.abs() > left.abs() { left } else { fair };
    Reversal { taken, wholly: taken == left }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn a_refund_takes_its_share_to_the_cent() {
        // R10.9: list 360.00 at 20 % earns 72.00; a refund of 100.00 takes 20.00.
        assert_eq!(claw_back(7200, 0, 0, 10_000, 36_000), Reversal { taken: 2000, wholly: false });
        assert_eq!(claw_back(7200, 2000, 10_000, 26_000, 36_000), Reversal { taken: 5200, wholly: true });
        // Three thirds of a cent: the last one takes what is left.
        assert_eq!(claw_back(1, 0, 0, 1, 3).taken, 0);
        assert_eq!(claw_back(1, 0, 1, 1, 3).taken, 0);
        assert_eq!(claw_back(1, 0, 2, 1, 3), Reversal { taken: 1, wholly: true });
    }

    #[test]
    fn nothing_is_taken_for_nothing() {
        for (part, whole) in [(0, 100), (-5, 100), (5, 0), (5, -1)] {
            assert_eq!(claw_back(7200, 0, 0, part, whole).taken, 0, "{part}/{whole}");
        }
    }

    proptest! {
        #[test]
        fn refunds_in_any_order_take_back_exactly_the_line(
            amount in -1_000_000_000i64..1_000_000_000,
            parts in prop::collection::vec(1i64..1_000_000, 1..12),
            kept in 0i64..1000,
        ) {
            let whole = parts.iter().sum::<i64>() + kept;
            let (mut taken, mut before, mut wholly) = (0, 0, false);
            for part in parts {
                let step = claw_back(amount, taken, before, part, whole);
                prop_assert!(step.taken.signum() * amount.signum() >= 0);
                taken += step.taken;
                before += part;
                wholly = step.wholly;
                prop_assert!(taken.abs() <= amount.abs());
            }
            // Everything given back takes everything; what is kept keeps its share, a cent per refund aside.
            if kept == 0 {
                prop_assert_eq!(taken, amount);
                prop_assert!(wholly);
            } else {
                prop_assert!((taken - share(amount, before, whole)).abs() <= 12);
            }
        }
    }
}

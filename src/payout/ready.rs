//! What stands in the way of a payout: the same rules refuse a request and tell beforehand why it would be refused.

use crate::{
    Refusal,
    commission::Balance,
    kernel::{
        instant::Instant,
        money::{Currency, Money},
    },
    partner::PartnerStatus,
};
use serde::{Deserialize, Serialize};

/// What a partner has at one entity in one currency, and what keeps it from requesting it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Offer {
    /// What it has.
    pub balance: Balance,
    /// Why nothing can be requested now; empty if everything available can be.
    pub obstacles: Vec<Refusal>,
}

/// Why a partner can request nothing at all: `PartnerInactive` if it is suspended, `PayoutNoAccount`, or `PayoutHold`
/// while its account, given by the instant from which it can be used, is new. One that is merely idle or over may still
/// draw what it has earned (R10.6).
pub fn standing(status: PartnerStatus, usable_at: Option<Instant>, now: Instant) -> Option<Refusal> {
    match (status, usable_at) {
        (PartnerStatus::Suspended, _) => Some(Refusal::PartnerInactive),
        (_, None) => Some(Refusal::PayoutNoAccount),
        (_, Some(until)) if until > now => Some(Refusal::PayoutHold { until }),
        _ => None,
    }
}

/// Why an available amount is no payout, in minor units: `PayoutNegative`, or `PayoutBelowMin` with what is missing to
/// the least one. At least a cent, also where the programme sets no minimum.
pub fn amount(available: i64, least: i64, currency: Currency) -> Option<Refusal> {
    let least = least.max(1);
    match available {
        below if below < 0 => Some(Refusal::PayoutNegative),
        short if short < least => {
            Some(Refusal::PayoutBelowMin { missing: Money::new(least - short, currency) })
        }
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use PartnerStatus::*;

    #[test]
    fn only_a_suspended_partner_or_one_without_a_usable_account_is_kept_waiting() {
        let (now, later) = (Instant(1_000), Instant(1_001));
        for status in [Onboarding, Active, Inactive, Terminated] {
            assert_eq!(standing(status, Some(now), now), None, "{status}");
            assert_eq!(standing(status, None, now), Some(Refusal::PayoutNoAccount), "{status}");
            assert_eq!(standing(status, Some(later), now), Some(Refusal::PayoutHold { until: later }));
        }
        assert_eq!(standing(Suspended, Some(now), now), Some(Refusal::PartnerInactive));
    }

    #[test]
    fn an_amount_is_told_what_it_lacks() {
        let missing = |minor| Some(Refusal::PayoutBelowMin { missing: Money::new(minor, Currency::Eur) });
        for (available, least, expected) in [
            (10_000, 10_000, None),
            (9_999, 10_000, missing(1)),
            (0, 10_000, missing(10_000)),
            (-1, 10_000, Some(Refusal::PayoutNegative)),
            (0, 0, missing(1)),
            (1, 0, None),
        ] {
            assert_eq!(amount(available, least, Currency::Eur), expected, "{available} of {least}");
        }
    }
}

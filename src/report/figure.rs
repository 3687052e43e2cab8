//! What the figures mean (R11.2, R11.3). Amounts are minor units of one currency: no figure crosses currencies.

use crate::{kernel::money::ratio, subscription::Term};
use serde::{Deserialize, Serialize};

/// What was sold in a stretch of days, in minor units of one currency, without tax. Every part counts upwards: money
/// that went back stands here as a positive amount.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Revenue {
    /// Worth at list price: what partner-paid subscriptions would have cost without the partner's discount.
    pub list: i64,
    /// Charged: after discounts.
    pub charged: i64,
    /// Given back by credit note or refund.
    pub refunded: i64,
    /// Taken back by the payer's bank.
    pub charged_back: i64,
}

impl Revenue {
    /// Gross revenue: charged, without tax.
    pub fn gross(self) -> i64 {
        self.charged
    }
    /// Net revenue: gross less refunds and chargebacks. Below zero where more went back than came in.
    pub fn net(self) -> i64 {
        self.charged.saturating_sub(self.refunded).saturating_sub(self.charged_back)
    }
    /// What partners' discounts took off the list price.
    pub fn discount(self) -> i64 {
        self.list.saturating_sub(self.charged)
    }
    /// Both together. Saturates, far beyond [`crate::kernel::money::MAX_MINOR`].
    pub fn plus(self, other: Self) -> Self {
        Self {
            list: self.list.saturating_add(other.list),
            charged: self.charged.saturating_add(other.charged),
            refunded: self.refunded.saturating_add(other.refunded),
            charged_back: self.charged_back.saturating_add(other.charged_back),
        }
    }
}

/// List value that comes again every month or year, kept exactly: rounding happens once, where it is shown.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Recurring {
    yearly: i64,
}

impl Recurring {
    /// With a subscription more: the list value of one term, in minor units. What has no term does not recur.
    pub fn with(self, list_value: i64, term: Term) -> Self {
        let yearly = match term {
            Term::None => 0,
            Term::Monthly => list_value.saturating_mul(12),
            Term::Yearly => list_value,
        };
        Self { yearly: self.yearly.saturating_add(yearly) }
    }
    /// Both together.
    pub fn plus(self, other: Self) -> Self {
        Self { yearly: self.yearly.saturating_add(other.yearly) }
    }
    /// Monthly recurring revenue (MRR) in minor units: list value normalised to a month, rounded half away from zero.
    pub fn monthly(self) -> i64 {
        ratio(i128::from(self.yearly), 12)
    }
    /// The same over a year.
    pub fn yearly(self) -> i64 {
        self.yearly
    }
}

/// Customers who came and went during a period.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct CustomerFlow {
    /// Who came.
    pub new: i64,
    /// Who went.
    pub lost: i64,
}

impl CustomerFlow {
    /// New less lost.
    pub fn net(self) -> i64 {
        self.new - self.lost
    }
}

/// Retention in basis points: of the subscriptions due for renewal, how many renewed. None where none was due.
pub fn retention(renewed: i64, due: i64) -> Option<i64> {
    share_of(renewed, due)
}

/// A part of a whole in basis points, rounded half away from zero; none where the whole is not above zero, for then a
/// share says nothing.
pub fn share_of(part: i64, whole: i64) -> Option<i64> {
    (whole > 0).then(|| ratio(i128::from(part) * 10_000, i128::from(whole)))
}

/// Growth against an earlier figure in basis points; none where that was not above zero.
pub fn growth(now: i64, before: i64) -> Option<i64> {
    (before > 0).then(|| ratio((i128::from(now) - i128::from(before)) * 10_000, i128::from(before)))
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::{collection::vec, prelude::*, sample::select};

    #[test]
    fn net_revenue_is_gross_less_what_went_back() {
        // domain.md section 10: list 360.00 at 20 % discount, 100.00 refunded.
        let sold = Revenue { list: 36_000, charged: 28_800, refunded: 10_000, charged_back: 0 };
        assert_eq!((sold.gross(), sold.net(), sold.discount()), (28_800, 18_800, 7_200));
        let back = Revenue { charged_back: 28_800, ..Revenue::default() };
        assert_eq!(back.net(), -28_800);
        assert_eq!(sold.plus(back).net(), -10_000);
    }

    #[test]
    fn recurring_revenue_is_rounded_once() {
        let three = (0..3).fold(Recurring::default(), |sum, _| sum.with(1_000, Term::Yearly));
        // Each alone is 83.33…; three rounded ones would be 249.
        assert_eq!((Recurring::default().with(1_000, Term::Yearly).monthly(), three.monthly()), (83, 250));
        let mixed = three.with(500, Term::Monthly).with(9_999, Term::None);
        assert_eq!((mixed.monthly(), mixed.yearly()), (750, 9_000));
    }

    #[test]
    fn nobody_due_is_not_all_lost() {
        assert_eq!(retention(0, 0), None);
        assert_eq!(retention(0, 4), Some(0));
        assert_eq!(retention(2, 3), Some(6_667));
        assert_eq!(retention(7, 7), Some(10_000));
    }

    #[test]
    fn growth_from_nothing_is_none() {
        assert_eq!(growth(5, 0), None);
        assert_eq!(growth(5, -5), None);
        assert_eq!(growth(150, 100), Some(5_000));
        assert_eq!(growth(0, 100), Some(-10_000));
        assert_eq!(growth(i64::MAX, 1), Some(i64::MAX));
    }

    #[test]
    fn net_is_new_less_lost() {
        assert_eq!(CustomerFlow { new: 2, lost: 5 }.net(), -3);
    }

    proptest! {
        #[test]
        fn monthly_value_of_many_is_within_half_a_unit_of_the_exact_one(
            items in vec((0i64..1_000_000_000, select(Term::ALL)), 0..50),
        ) {
            let sum = items.iter().fold(Recurring::default(), |sum, (value, term)| sum.with(*value, *term));
            let exact: i128 = items.iter().map(|(value, term)| match term {
                Term::None => 0,
                Term::Monthly => i128::from(*value) * 12,
                Term::Yearly => i128::from(*value),
            }).sum();
            prop_assert!((i128::from(sum.monthly()) * 12 - exact).abs() <= 6);
        }
    }
}

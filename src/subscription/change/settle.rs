//! What a term comes to when it is over: the value used, and the fractions that rounding left.

use super::Contract;
use crate::kernel::{instant::Day, money::ratio};
use serde::{Deserialize, Serialize};

/// Days on which a subscription was one and the same. A change on a day begins its segment on the day after.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Segment {
    /// The subscription on these days.
    pub contract: Contract,
    /// First of them.
    pub from: Day,
    /// Last of them; before `from` if another change of the same day left it none.
    pub until: Day,
}

/// An exact amount: numerator ÷ denominator minor units, the denominator positive.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Exact {
    /// Above the line.
    pub numerator: i128,
    /// Below the line.
    pub denominator: i128,
}

impl Exact {
    /// Nothing.
    pub const ZERO: Self = Self { numerator: 0, denominator: 1 };

    /// So many minor units × days of a term of so many days.
    pub fn new(minor_days: i128, term_days: i32) -> Self {
        Self { numerator: minor_days, denominator: i128::from(term_days.max(1)) }
    }
    /// Both together, over the least common denominator: terms have few lengths, so that it stays small.
    pub fn plus(self, other: Self) -> Self {
        let shared = common(self.denominator, other.denominator);
        let denominator = self.denominator / shared * other.denominator;
        let (left, right) = (other.denominator / shared, self.denominator / shared);
        Self { numerator: self.numerator * left + other.numerator * right, denominator }
    }
    /// In minor units, rounded half away from zero.
    pub fn rounded(self) -> i64 {
        ratio(self.numerator, self.denominator)
    }
}

fn common(a: i128, b: i128) -> i128 {
    if b == 0 { a } else { common(b, a % b) }
}

/// The value used on all these days, by list.
pub fn consumed(segments: &[Segment]) -> Exact {
    let used = segments.iter().map(|Segment { contract, from, until }| {
        let days = i128::from(until.0) - i128::from(from.0) + 1;
        Exact::new(i128::from(contract.value()) * days.max(0), contract.term_days)
    });
    used.fold(Exact::ZERO, Exact::plus)
}

/// What a finished term comes to, in minor units by list. `charged` + `brought` = all four together.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Settlement {
    /// Value used.
    pub consumed: i64,
    /// Value of the credits that the next term begins with: its `brought`.
    pub carried: i64,
    /// Value of credits that ended with the subscription, less than a day's.
    pub forfeited: i64,
    /// What rounding left, for the ledger's account `rounding`. At most half a minor unit for each rounded line, and two
    /// for the fractions of this settlement itself.
    pub residue: i64,
}

/// Settles a finished term. `charged` are the list amounts of all its quotes together, credits being negative
/// ([`super::Quote::closing`] tells the part of a quote that belongs to the term before); `brought` is the `carried` of
/// the term before, 0 for the first; `segments` are all its days; `renews` tells whether another term follows.
pub fn settle_term(charged: i64, brought: i64, segments: &[Segment], renews: bool) -> Settlement {
    let consumed = consumed(segments).rounded();
    let left =
        segments.last().map_or(0, |last| last.contract.carry / i64::from(last.contract.term_days.max(1)));
    let (carried, forfeited) = if renews { (left, 0) } else { (0, left) };
    Settlement { consumed, carried, forfeited, residue: charged + brought - consumed - left }
}

#[cfg(test)]
mod tests {
    use super::super::{
        super::{Plan, Term},
        Payer, buy, change_now,
        path_tests::{contract, day, prices, rates, terms},
    };
    use super::*;

    #[test]
    fn a_term_nobody_touched_leaves_nothing() {
        let Contract { started, ends_on, .. } = contract();
        let whole = Segment { contract: contract(), from: started, until: ends_on };
        let settled = settle_term(36_000, 0, &[whole], true);
        assert_eq!(settled, Settlement { consumed: 36_000, carried: 0, forfeited: 0, residue: 0 });
        assert_eq!(consumed(&[Segment { until: started.plus(-1), ..whole }]).numerator, 0);
        assert_eq!(consumed(&[Segment { until: started.plus(-9), ..whole }]).numerator, 0);
        assert_eq!(consumed(&[]), Exact::ZERO);
    }

    #[test]
    fn terms_of_different_lengths_add_up_exactly() {
        let april = buy(
            &terms(Plan::Standard, Term::Monthly, 1, 0),
            Payer::Customer,
            day("2027-04-01"),
            &prices(),
            &rates(),
        );
        let first =
            Segment { contract: april.unwrap().after, from: day("2027-04-01"), until: day("2027-04-07") };
        let second = Segment { contract: contract(), from: day("2027-01-01"), until: day("2027-01-03") };
        // 360 × 7/30 and 36,000 × 3/365: 84 and 295 65/73.
        let both = consumed(&[first, second]);
        assert_eq!(both.numerator * 365, (84 * 365 + 108_000) * both.denominator);
        assert_eq!(both.rounded(), 380);
    }

    #[test]
    fn what_a_credit_left_is_carried_over_or_ends_with_the_subscription() {
        let today = day("2027-12-31").plus(-100);
        let wish = terms(Plan::Standard, Term::Yearly, 7, 0);
        let quote = change_now(&contract(), &wish, today, &prices(), &rates(), &[]).unwrap();
        let segments = [
            Segment { contract: contract(), from: contract().started, until: today },
            Segment { contract: quote.after, from: today.plus(1), until: quote.after.ends_on },
        ];
        // 6/7 of a day of 7 × 36.00: 59 65/365 cents.
        let settled = settle_term(36_000 + quote.list, 0, &segments, true);
        assert_eq!(settled, Settlement { consumed: 35_941, carried: 59, forfeited: 0, residue: 0 });
        let ended = settle_term(36_000, 0, &segments, false);
        assert_eq!((ended.carried, ended.forfeited, ended.residue), (0, 59, 0));
    }

    #[test]
    fn rounded_lines_leave_their_fractions() {
        // One licence more each for the last 1 to 9 days: 9.86 cents are charged 10, and so on.
        let (mut now, mut charged, mut segments, mut from) =
            (contract(), 36_000, Vec::new(), contract().started);
        for left in (1..10).rev() {
            let today = now.ends_on.plus(-left);
            let wish = terms(Plan::Standard, Term::Yearly, now.terms.seats + 1, 0);
            let quote = change_now(&now, &wish, today, &prices(), &rates(), &[]).unwrap();
            segments.push(Segment { contract: now, from, until: today });
            (now, from, charged) = (quote.after, today.plus(1), charged + quote.list);
        }
        segments.push(Segment { contract: now, from, until: now.ends_on });
        let settled = settle_term(charged, 0, &segments, true);
        // 45 × 3,600/365 = 443.8, charged line by line: 89+79+69+59+49+39+30+20+10.
        assert_eq!((charged, settled.consumed, settled.residue), (36_444, 36_444, 0));
    }
}

//! The next term, bought before its day.

use super::{
    Contract, PriceList, Quote, Rates, Scheduled, Terms, at_renewal, next_term,
    now::{add_days, spend_carry},
    overlay,
};
use crate::kernel::{instant::Day, refusal::Refusal};

/// The price of the next term if it is bought on `today`: whole, at the prices of today, with what is scheduled. It
/// begins where the running term ends, which stays as it is. `bought` is a next term that was bought before.
///
/// Credits stay with the running term until it ends ([`begin_early`]): they may still grow.
///
/// # Errors
/// - [`Refusal::NotSubscribed`]: nothing was bought, or today is not within the term.
/// - [`Refusal::RenewedEarly`]: the next term was bought already.
/// - [`Refusal::RenewalCancelled`]: there will be no next term.
/// - [`Refusal::NotOnSale`]: as for [`at_renewal`].
pub fn renew_early(
    contract: &Contract,
    bought: Option<&Contract>,
    scheduled: &[Scheduled],
    today: Day,
    prices: &PriceList,
    rates: &Rates,
) -> Result<Quote, Refusal> {
    if today < contract.started || today > contract.ends_on {
        return Err(Refusal::NotSubscribed);
    }
    if let Some(bought) = bought {
        return Err(Refusal::RenewedEarly { on: bought.started });
    }
    let target = overlay(contract, scheduled);
    if target.cancel {
        return Err(Refusal::RenewalCancelled);
    }
    at_renewal(&Contract { carry: 0, ..*contract }, Some(&target), prices, rates)
}

/// The term that was bought early, as it begins behind the running one: later than it was bought for, if credits made
/// the running one longer meanwhile. What they left over becomes days of it, or waits in its carry.
pub fn begin_early(contract: &Contract, bought: &Contract) -> Contract {
    let mut after = *bought;
    if let Some(span) = next_term(contract, bought.terms.term) {
        after.started = span.started;
        after.ends_on = span.ends_on;
        after.term_days = span.term_days;
        after.anchor = span.anchor;
    }
    let (_, credit) = spend_carry(contract, after.term_days, 0);
    let first_day = after.started;
    if add_days(&mut after, credit, first_day).is_none() {
        // More days than anybody means: the credit waits as it is.
        after.carry = i64::try_from(credit).unwrap_or(i64::MAX);
    }
    after
}

/// What a term that was bought early is wished to be, where the running one was changed since the purchase: whatever
/// differs from `before`, as it was then, goes on; the rest is as it was bought.
pub fn changed_since(before: &Terms, now: &Terms, bought: &Terms) -> Terms {
    fn pick<T: PartialEq + Copy>(before: T, now: T, bought: T) -> T {
        if before == now { bought } else { now }
    }
    Terms {
        plan: pick(before.plan, now.plan, bought.plan),
        term: bought.term,
        seats: pick(before.seats, now.seats, bought.seats),
        addon_units: pick(before.addon_units, now.addon_units, bought.addon_units),
    }
}

#[cfg(test)]
mod tests {
    use super::super::{
        super::{Plan, Term},
        Payer, PriceList, Segment, change_now,
        path_tests::{check, contract, day, prices, rates, terms},
        settle_term,
    };
    use super::*;
    use crate::kernel::money::Currency;
    use proptest::prelude::*;

    fn early(contract: &Contract, scheduled: &[Scheduled], today: &str) -> Result<Quote, Refusal> {
        renew_early(contract, None, scheduled, day(today), &prices(), &rates())
            .inspect(|quote| check(quote, &rates()))
    }

    #[test]
    fn the_next_term_costs_today_what_it_costs_today_and_begins_behind_the_running_one() {
        let cheap = Contract { unit_price: 3_000, ..contract() };
        let quote = early(&cheap, &[], "2027-03-01").unwrap();
        assert_eq!((quote.list, quote.total), (36_000, 42_840));
        assert_eq!((quote.after.started, quote.after.ends_on), (day("2028-01-01"), day("2028-12-31")));
        assert_eq!(quote.next.unwrap().on, day("2029-01-01"));
    }

    #[test]
    fn what_is_scheduled_is_what_is_bought() {
        let wish = Scheduled { seats: Some(4), payer: Some(Payer::Partner), ..Scheduled::default() };
        let quote = early(&contract(), &[wish], "2027-12-31").unwrap();
        assert_eq!((quote.list, quote.discount, quote.after.terms.seats), (14_400, 2_880, 4));
    }

    #[test]
    fn every_refusal_has_its_reason() {
        let cancelled = Scheduled { cancel: true, ..Scheduled::default() };
        assert_eq!(early(&contract(), &[cancelled], "2027-03-01"), Err(Refusal::RenewalCancelled));
        for outside in ["2026-12-31", "2028-01-01"] {
            assert_eq!(early(&contract(), &[], outside), Err(Refusal::NotSubscribed), "{outside}");
        }
        let bought = early(&contract(), &[], "2027-03-01").unwrap().after;
        let again = renew_early(&contract(), Some(&bought), &[], day("2027-03-01"), &prices(), &rates());
        assert_eq!(again, Err(Refusal::RenewedEarly { on: day("2028-01-01") }));
        let empty = PriceList::new(Currency::Eur, Vec::new());
        let unsold = renew_early(&contract(), None, &[], day("2027-03-01"), &empty, &rates());
        assert_eq!(unsold, Err(Refusal::NotOnSale));
    }

    #[test]
    fn credits_are_neither_spent_twice_nor_lost() {
        let left = Contract { carry: 12 * 365 + 100, ..contract() };
        let quote = early(&left, &[], "2027-03-01").unwrap();
        assert_eq!((quote.list, quote.after.carry), (36_000, 0), "the credit stays with the running term");
        let begun = begin_early(&left, &quote.after);
        // 12 cents and 100/365 of a cent, in a year of 366 days: a day costs 98 cents.
        assert_eq!((begun.ends_on, begun.carry), (day("2028-12-31"), (12 * 365 + 100) * 366 / 365));
        let whole = Segment { contract: begun, from: begun.started, until: begun.ends_on };
        let settled = settle_term(quote.list, 12, &[whole], true);
        assert_eq!((settled.consumed, settled.carried, settled.residue), (36_000, 12, 0));
    }

    #[test]
    fn a_running_term_that_became_longer_moves_the_one_bought_behind_it() {
        let bought = early(&contract(), &[], "2027-03-01").unwrap().after;
        let fewer = terms(Plan::Standard, Term::Yearly, 8, 0);
        let longer =
            change_now(&contract(), &fewer, day("2027-07-01"), &prices(), &rates(), &[]).unwrap().after;
        let begun = begin_early(&longer, &bought);
        assert_eq!(begun.started, longer.ends_on.plus(1));
        assert!(begun.started > bought.started && begun.terms.seats == 10);
    }

    #[test]
    fn only_what_was_changed_since_goes_on() {
        let before = terms(Plan::Standard, Term::Yearly, 10, 0);
        let bought = terms(Plan::Professional, Term::Monthly, 6, 0);
        assert_eq!(changed_since(&before, &before, &bought), bought);
        let more = terms(Plan::Standard, Term::Yearly, 12, 1);
        assert_eq!(changed_since(&before, &more, &bought), terms(Plan::Professional, Term::Monthly, 12, 1));
    }

    proptest! {
        /// Whatever a credit left, the next term has it: as days at its worth, and less than a day's as carry.
        #[test]
        fn a_credit_becomes_days_of_the_term_bought(seats in 1i64..500, carry in 0i64..1_300_000) {
            let left = Contract { carry, ..contract() };
            let wish = Scheduled { seats: Some(seats), ..Scheduled::default() };
            let bought = early(&left, &[wish], "2027-05-05").unwrap().after;
            let begun = begin_early(&left, &bought);
            let days = i128::from(begun.ends_on.since(begun.started) + 1 - begun.term_days);
            let value = i128::from(begun.value());
            prop_assert_eq!(days * value + i128::from(begun.carry), i128::from(carry) * 366 / 365);
            prop_assert!(i128::from(begun.carry) < value);
        }
    }
}

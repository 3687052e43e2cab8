//! When terms begin and end.

use super::{super::Term, Contract};
use crate::kernel::instant::Day;
use serde::{Deserialize, Serialize};

/// A term in the calendar.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Span {
    /// First day.
    pub started: Day,
    /// Last day: it ends at 24:00 UTC.
    pub ends_on: Day,
    /// Days from the first to the last, both included: 28 to 31, 365 or 366.
    pub term_days: i32,
    /// Day of the month on which terms begin (1 to 31).
    pub anchor: u8,
}

impl Span {
    fn new(started: Day, term: Term, anchor: u8) -> Option<Self> {
        let (year, month, _) = started.civil();
        let next = match term {
            Term::None => return None,
            Term::Monthly if month < 12 => on_anchor(year, month + 1, anchor),
            Term::Monthly => on_anchor(year + 1, 1, anchor),
            Term::Yearly => on_anchor(year + 1, month, anchor),
        }?;
        Some(Self { started, ends_on: next.plus(-1), term_days: next.since(started), anchor })
    }
}

/// The anchor's day in a month, or the month's last if it is shorter. `None` beyond the calendar.
fn on_anchor(year: i32, month: u8, anchor: u8) -> Option<Day> {
    (0..=3).find_map(|less| Day::from_civil(year, month, anchor.checked_sub(less)?))
}

/// The term that begins on a day, anchored there. `None` for [`Term::None`], which has no end, and for days beyond the
/// calendar (year 9999).
pub fn first_term(start: Day, term: Term) -> Option<Span> {
    Span::new(start, term, start.civil().2)
}

/// The term after the one that runs, which may be of another length. It begins on the day after the last. The anchor
/// stays, so that a term begun on the 31st returns to it after shorter months; if days were added to the term, the
/// anchor is where it ends now. `None` as for [`first_term`].
pub fn next_term(contract: &Contract, term: Term) -> Option<Span> {
    let started = contract.ends_on.plus(1);
    let as_sold = contract.ends_on.since(contract.started) + 1 == contract.term_days;
    Span::new(started, term, if as_sold { contract.anchor } else { started.civil().2 })
}

#[cfg(test)]
mod tests {
    use super::super::path_tests::{contract, day};
    use super::*;
    use proptest::prelude::*;

    fn follow(from: Span, term: Term) -> Span {
        let Span { started, ends_on, term_days, anchor } = from;
        next_term(&Contract { started, ends_on, term_days, anchor, ..contract() }, term).unwrap()
    }

    fn starts(from: &str, term: Term, times: usize) -> Vec<String> {
        let first = first_term(day(from), term);
        let terms = std::iter::successors(first, |span| Some(follow(*span, term)));
        terms.skip(1).take(times).map(|span| span.started.to_string()).collect()
    }

    #[test]
    fn a_month_begun_on_the_31st_returns_to_it() {
        let months = starts("2027-01-31", Term::Monthly, 5);
        assert_eq!(months, ["2027-02-28", "2027-03-31", "2027-04-30", "2027-05-31", "2027-06-30"]);
        assert_eq!(starts("2028-01-30", Term::Monthly, 2), ["2028-02-29", "2028-03-30"]);
        assert_eq!(starts("2026-12-15", Term::Monthly, 1), ["2027-01-15"]);
    }

    #[test]
    fn a_year_begun_on_a_leap_day_returns_to_it() {
        let years = starts("2024-02-29", Term::Yearly, 4);
        assert_eq!(years, ["2025-02-28", "2026-02-28", "2027-02-28", "2028-02-29"]);
        // Neither 1900 nor 2100 has one.
        assert_eq!(
            starts("2096-02-29", Term::Yearly, 8)[3..],
            ["2100-02-28", "2101-02-28", "2102-02-28", "2103-02-28", "2104-02-29"]
        );
    }

    #[test]
    fn days_added_by_credits_move_the_anchor() {
        let sold = first_term(day("2026-01-31"), Term::Yearly).unwrap();
        let Span { started, term_days, anchor, .. } = sold;
        let longer = Contract { started, ends_on: sold.ends_on.plus(18), term_days, anchor, ..contract() };
        let next = next_term(&longer, Term::Monthly).unwrap();
        assert_eq!((next.started, next.anchor), (day("2027-02-18"), 18));
        assert_eq!(next.ends_on, day("2027-03-17"));
    }

    #[test]
    fn what_has_no_end_or_lies_beyond_the_calendar_is_no_term() {
        assert_eq!(first_term(day("2026-01-01"), Term::None), None);
        assert_eq!(first_term(day("9999-12-15"), Term::Monthly), None);
        assert_eq!(first_term(Day(i32::MAX), Term::Yearly), None);
    }

    #[test]
    fn terms_follow_each_other_without_gap_for_four_hundred_years() {
        for from in ["2000-01-31", "2000-02-29", "2000-03-30", "2000-08-01"] {
            for (term, count, lengths) in [(Term::Monthly, 4800, 28..=31), (Term::Yearly, 400, 365..=366)] {
                let first = first_term(day(from), term).unwrap();
                let mut span = first;
                for _ in 0..count {
                    let next = follow(span, term);
                    assert_eq!(next.started, span.ends_on.plus(1));
                    assert!(lengths.contains(&span.term_days), "{span:?}");
                    let (.., begins) = next.started.civil();
                    let (.., tomorrow) = next.started.plus(1).civil();
                    assert!(begins == first.anchor || (begins < first.anchor && tomorrow == 1), "{next:?}");
                    span = next;
                }
                // The calendar repeats after 400 years to the day.
                assert_eq!(span.started.since(first.started), 146_097);
            }
        }
    }

    proptest! {
        /// Whatever lengths follow each other, a term is never shorter or longer than a month or a year can be, and
        /// days add up.
        #[test]
        fn any_row_of_terms_is_without_gap(start in 0i32..160_000, row in prop::collection::vec(any::<bool>(), 1..40)) {
            let mut span = first_term(Day(start), Term::Monthly).unwrap();
            let mut days = 0;
            for yearly in row {
                days += span.term_days;
                let term = if yearly { Term::Yearly } else { Term::Monthly };
                span = follow(span, term);
                let lengths = if yearly { 365..=366 } else { 28..=31 };
                prop_assert!(lengths.contains(&span.term_days));
                prop_assert_eq!(span.started.since(Day(start)), days);
            }
        }
    }
}

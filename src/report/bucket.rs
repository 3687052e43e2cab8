//! The days of a range, put together to days, months, quarters or years.

use super::span::{Calendar, Span, first_of_month};
use crate::kernel::instant::Day;
use serde::{Deserialize, Serialize};

crate::keyed! {
    /// What a range is divided into, from fine to coarse.
    pub enum Group {
        /// Days.
        Day = "day",
        /// Calendar months.
        Month = "month",
        /// Calendar quarters.
        Quarter = "quarter",
        /// Calendar years.
        Year = "year",
    }
}

/// Most buckets of a report: a quarter by days, eight years by months.
pub const MOST_BUCKETS: usize = 100;

/// What a bucket is called, in parts: the reader's language puts them together.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[expect(missing_docs, reason = "parts of a date: year, quarter (1–4), month (1–12), day (1–31)")]
pub enum Label {
    Day { year: i32, month: u8, day: u8 },
    Month { year: i32, month: u8 },
    Quarter { year: i32, quarter: u8 },
    Year { year: i32 },
}

/// Days that are shown as one.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Bucket {
    /// The first day.
    pub from: Day,
    /// The first day no longer in it.
    pub until: Day,
    /// Whether it holds all days of the period it is named after, and all of them are over. What is not complete is
    /// marked wherever it is shown.
    pub complete: bool,
    /// What it is called.
    pub label: Label,
}

impl Bucket {
    /// Its days.
    pub fn span(&self) -> Span {
        Span { from: self.from, until: self.until }
    }
}

impl Group {
    /// The next finer one, if there is one.
    pub fn finer(self) -> Option<Self> {
        match self {
            Group::Day => None,
            Group::Month => Some(Group::Day),
            Group::Quarter => Some(Group::Month),
            Group::Year => Some(Group::Quarter),
        }
    }
    fn coarser(self) -> Self {
        match self {
            Group::Day => Group::Month,
            Group::Month => Group::Quarter,
            Group::Quarter | Group::Year => Group::Year,
        }
    }

    /// The whole period a day lies in.
    pub fn around(self, day: Day) -> Span {
        let (year, month, _) = day.civil();
        let month = i32::from(month) - 1;
        let of = |first: i32, months: i32| Span {
            from: first_of_month(year, first),
            until: first_of_month(year, first + months),
        };
        match self {
            Group::Day => Span::of_days(day, day),
            Group::Month => of(month, 1),
            Group::Quarter => of(month / 3 * 3, 3),
            Group::Year => of(0, 12),
        }
    }

    /// This grouping, or the finest coarser one that makes at most [`MOST_BUCKETS`] of these days. Spans of more years
    /// than that stay at years; no query has one.
    pub fn fitting(self, span: Span) -> Self {
        let mut group = self;
        while group != Group::Year && group.count(span) > MOST_BUCKETS {
            group = group.coarser();
        }
        group
    }

    fn count(self, span: Span) -> usize {
        let (first, _, _) = span.from.civil();
        let months = |day: Day| {
            let (year, month, _) = day.civil();
            (year - first) * 12 + i32::from(month) - 1
        };
        let periods = |length: i32| months(span.last()) / length - months(span.from) / length + 1;
        let count = match self {
            Group::Day => span.days(),
            Group::Month => periods(1),
            Group::Quarter => periods(3),
            Group::Year => periods(12),
        };
        usize::try_from(count).unwrap_or(0)
    }

    /// The days of a span in buckets, in order and without gaps. The first and the last hold only what of their period
    /// lies in the span.
    pub fn buckets(self, span: Span, calendar: Calendar) -> Vec<Bucket> {
        let mut out = Vec::with_capacity(self.count(span));
        let mut from = span.from;
        while from < span.until {
            let whole = self.around(from);
            let until = whole.until.min(span.until);
            let complete = whole == Span { from, until } && until <= calendar.open;
            out.push(Bucket { from, until, complete, label: self.label(from) });
            from = until;
        }
        out
    }

    fn label(self, from: Day) -> Label {
        let (year, month, day) = from.civil();
        match self {
            Group::Day => Label::Day { year, month, day },
            Group::Month => Label::Month { year, month },
            Group::Quarter => Label::Quarter { year, quarter: (month - 1) / 3 + 1 },
            Group::Year => Label::Year { year },
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::{prelude::*, sample::select};

    fn day(text: &str) -> Day {
        text.parse().unwrap()
    }
    fn span(from: &str, last: &str) -> Span {
        Span::of_days(day(from), day(last))
    }

    #[test]
    fn what_is_cut_or_not_over_is_incomplete() {
        let calendar = Calendar::of_partner(day("2026-11-23"));
        let buckets = Group::Month.buckets(span("2026-08-15", "2026-11-23"), calendar);
        let seen: Vec<_> =
            buckets.iter().map(|b| (b.from.to_string(), b.until.to_string(), b.complete)).collect();
        let expected = [
            ("2026-08-15", "2026-09-01", false),
            ("2026-09-01", "2026-10-01", true),
            ("2026-10-01", "2026-11-01", true),
            ("2026-11-01", "2026-11-24", false),
        ];
        assert_eq!(seen, expected.map(|(from, until, complete)| (from.into(), until.into(), complete)));
        assert_eq!(buckets[3].label, Label::Month { year: 2026, month: 11 });
    }

    #[test]
    fn a_period_is_complete_from_the_midnight_on_that_ends_it() {
        let november = span("2026-11-01", "2026-11-30");
        let complete = |open| Group::Month.buckets(november, Calendar::of_partner(day(open)))[0].complete;
        assert!(!complete("2026-11-30"));
        assert!(complete("2026-12-01"));
    }

    #[test]
    fn quarters_are_those_of_the_calendar() {
        let buckets =
            Group::Quarter.buckets(span("2026-01-01", "2026-12-31"), Calendar::of_partner(day("2027-01-01")));
        let first: Vec<_> = buckets.iter().map(|b| (b.from.to_string(), b.label)).collect();
        let quarter = |quarter| Label::Quarter { year: 2026, quarter };
        assert_eq!(
            first,
            [("2026-01-01", 1), ("2026-04-01", 2), ("2026-07-01", 3), ("2026-10-01", 4)]
                .map(|(from, n)| (from.to_owned(), quarter(n)))
        );
        assert!(buckets.iter().all(|b| b.complete));
    }

    #[test]
    fn a_grouping_too_fine_becomes_coarser() {
        assert_eq!(Group::Day.fitting(span("2026-01-01", "2026-04-10")), Group::Day);
        assert_eq!(Group::Day.fitting(span("2026-01-01", "2026-04-11")), Group::Month);
        assert_eq!(Group::Day.fitting(span("2000-01-01", "2026-12-31")), Group::Year);
        assert_eq!(Group::Year.fitting(span("2026-01-01", "2026-01-01")), Group::Year);
    }

    proptest! {
        #[test]
        fn buckets_cover_the_span_without_gaps_and_within_the_bound(
            from in 0i32..60_000, days in 1i32..30_000, asked in select(Group::ALL), open in 0i32..90_000,
        ) {
            let span = Span { from: Day(from), until: Day(from + days) };
            let group = asked.fitting(span);
            let buckets = group.buckets(span, Calendar::of_partner(Day(open)));
            prop_assert!(group >= asked && buckets.len() <= MOST_BUCKETS);
            prop_assert_eq!(buckets.len(), group.count(span));
            prop_assert_eq!(buckets.first().map(|b| b.from), Some(span.from));
            prop_assert_eq!(buckets.last().map(|b| b.until), Some(span.until));
            prop_assert!(buckets.windows(2).all(|pair| pair[0].until == pair[1].from));
            for bucket in &buckets {
                let whole = group.around(bucket.from);
                prop_assert_eq!(bucket.complete, whole == bucket.span() && bucket.until <= Day(open));
                prop_assert!(whole.contains(bucket.from) && whole.contains(bucket.span().last()));
            }
        }
    }
}

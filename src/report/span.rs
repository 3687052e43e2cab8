//! Stretches of days, and what "today" means to whom.

use crate::kernel::instant::Day;
use serde::{Deserialize, Serialize};

/// Days from the first to the last, without gaps; never empty.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Span {
    /// The first day.
    pub from: Day,
    /// The first day no longer in it.
    pub until: Day,
}

impl Span {
    /// From a day to a day, both in it.
    pub fn of_days(from: Day, last: Day) -> Self {
        Self { from, until: last.plus(1) }
    }
    /// The last day in it.
    pub fn last(self) -> Day {
        self.until.plus(-1)
    }
    /// How many days.
    pub fn days(self) -> i32 {
        self.until.since(self.from)
    }
    /// Whether a day lies in it.
    pub fn contains(self, day: Day) -> bool {
        self.from <= day && day < self.until
    }
}

/// Where in time a report stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Calendar {
    /// Today in the zone of whoever the report is about: what "this month" goes by.
    pub today: Day,
    /// From this day on, entries may still be booked; what lies before it is complete.
    pub open: Day,
}

impl Calendar {
    /// For one partner: its today is the day that entries are booked in.
    pub fn of_partner(today: Day) -> Self {
        Self { today, open: today }
    }
    /// For all partners together, in the vendor's zone: a day is over once it is over in the last zone on earth
    /// (UTC−12).
    #[cfg(feature = "ssr")]
    pub fn of_everybody(zone: &crate::kernel::zone::Zone, now: crate::kernel::instant::Instant) -> Self {
        let today = crate::kernel::zone::today_in(zone, now);
        Self { today, open: now.plus_hours(-12).day().min(today) }
    }
}

/// The same day of the month so many months away; the month's last day where it has no such day.
pub(super) fn plus_months(day: Day, months: i32) -> Day {
    let (year, month, in_month) = day.civil();
    let first = first_of_month(year, i32::from(month) - 1 + months);
    let next = first_of_month(year, i32::from(month) + months);
    first.plus(i32::from(in_month) - 1).min(next.plus(-1))
}

/// The first day of a month, counted from January (0) of a year; below and beyond the year too.
pub(super) fn first_of_month(year: i32, month: i32) -> Day {
    let (year, month) = (year + month.div_euclid(12), month.rem_euclid(12) + 1);
    // A year that no calendar holds is cut to the last that it does.
    Day::from_civil(year.clamp(-9_999, 9_999), month as u8, 1).unwrap_or(Day(0))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn day(text: &str) -> Day {
        text.parse().unwrap()
    }

    #[test]
    fn months_that_are_too_short_end_the_shift() {
        assert_eq!(plus_months(day("2026-03-31"), -1), day("2026-02-28"));
        assert_eq!(plus_months(day("2024-02-29"), -12), day("2023-02-28"));
        assert_eq!(plus_months(day("2026-01-15"), -1), day("2025-12-15"));
        assert_eq!(plus_months(day("2026-11-30"), 3), day("2027-02-28"));
    }

    #[cfg(feature = "ssr")]
    #[test]
    fn a_day_of_all_partners_is_open_until_it_is_over_everywhere() {
        let zone = crate::kernel::zone::Zone::named("Europe/Berlin").unwrap();
        let at = |hour| Calendar::of_everybody(&zone, day("2026-11-24").start().plus_hours(hour));
        assert_eq!(at(11), Calendar { today: day("2026-11-24"), open: day("2026-11-23") });
        assert_eq!(at(12), Calendar { today: day("2026-11-24"), open: day("2026-11-24") });
        assert_eq!(at(23), Calendar { today: day("2026-11-25"), open: day("2026-11-24") });
    }
}

//! Calendar months, UTC: what statements are of.

use crate::kernel::instant::{Day, Instant};
use serde::{Deserialize, Serialize};
use std::{fmt, str::FromStr};

/// A calendar month: months since the year 0.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "ssr", derive(sea_orm::DeriveValueType))]
pub struct Month(pub i32);

impl Month {
    /// The month a day lies in.
    pub fn of(day: Day) -> Self {
        let (year, month, _) = day.civil();
        Self(year * 12 + i32::from(month) - 1)
    }
    /// Its year and its number, 1–12.
    pub fn civil(self) -> (i32, u8) {
        (self.0.div_euclid(12), self.0.rem_euclid(12) as u8 + 1)
    }
    /// Its first day. Beyond the calendar's years it is the last day there is.
    pub fn first(self) -> Day {
        let (year, month) = self.civil();
        Day::from_civil(year, month, 1).unwrap_or(Day(i32::MAX / 2))
    }
    /// Its first instant.
    pub fn start(self) -> Instant {
        self.first().start()
    }
    /// The first instant no longer in it.
    pub fn end(self) -> Instant {
        self.next().start()
    }
    /// The month after.
    pub fn next(self) -> Self {
        Self(self.0 + 1)
    }
    /// The month before.
    pub fn previous(self) -> Self {
        Self(self.0 - 1)
    }
}

impl fmt::Display for Month {
    /// ISO 8601: `2026-03`.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (year, month) = self.civil();
        write!(f, "{year:04}-{month:02}")
    }
}

impl FromStr for Month {
    type Err = crate::kernel::instant::MalformedDay;
    fn from_str(text: &str) -> Result<Self, Self::Err> {
        format!("{text}-01").parse().map(Month::of)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn a_month_begins_where_the_one_before_ends() {
        let march: Month = "2026-03".parse().unwrap();
        assert_eq!(march.first().to_string(), "2026-03-01");
        assert_eq!(march.end().day().to_string(), "2026-04-01");
        assert_eq!("2025-12".parse::<Month>().unwrap().next().to_string(), "2026-01");
        for wrong in ["2026", "2026-13", "2026-03-01", ""] {
            assert!(wrong.parse::<Month>().is_err(), "{wrong}");
        }
    }

    proptest! {
        #[test]
        fn every_day_lies_in_its_month(day in 0i32..100_000) {
            let month = Month::of(Day(day));
            prop_assert!(month.start() <= Day(day).start() && Day(day).end() <= month.end());
            prop_assert_eq!(month.previous().end(), month.start());
            prop_assert_eq!(month.to_string().parse::<Month>().ok(), Some(month));
        }
    }
}

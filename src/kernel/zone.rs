//! Time zones: which calendar day an instant lies in, for somebody somewhere. The database of zones is part of the
//! program; the system's is not asked.

use super::instant::{Day, Instant};
use jiff::{
    Timestamp,
    civil::Date,
    tz::{TimeZone, TimeZoneDatabase},
};
use std::sync::OnceLock;

/// A zone of the IANA database.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Zone(TimeZone);

fn database() -> &'static TimeZoneDatabase {
    static DATABASE: OnceLock<TimeZoneDatabase> = OnceLock::new();
    DATABASE.get_or_init(TimeZoneDatabase::bundled)
}

impl Zone {
    /// Coordinated universal time.
    pub fn utc() -> Self {
        Self(TimeZone::UTC)
    }
    /// The zone of a name like `Europe/Berlin`, upper or lower case; none if there is no such zone.
    pub fn named(name: &str) -> Option<Self> {
        database().get(name).ok().map(Self)
    }
    /// The names of all zones, in order.
    pub fn names() -> Vec<String> {
        let mut names: Vec<String> = database().available().map(|name| name.as_str().to_owned()).collect();
        names.sort();
        names
    }
    /// The zone's name as the database writes it.
    pub fn name(&self) -> &str {
        self.0.iana_name().unwrap_or("UTC")
    }
    /// The calendar day an instant lies in.
    pub fn day_of(&self, at: Instant) -> Day {
        let local = Timestamp::from_millisecond(at.0).map(|at| self.0.to_datetime(at));
        let civil = local.ok().and_then(|local| {
            let (month, day) = (u8::try_from(local.month()).ok()?, u8::try_from(local.day()).ok()?);
            Day::from_civil(i32::from(local.year()), month, day)
        });
        // Beyond the years the database counts in, zones are as good as unknown.
        civil.unwrap_or_else(|| at.day())
    }
    /// The first instant of a calendar day: midnight, or what comes after it where clocks jump over midnight, or the
    /// earlier of two midnights.
    pub fn start_of(&self, day: Day) -> Instant {
        let (year, month, in_month) = day.civil();
        let civil = i16::try_from(year)
            .ok()
            .and_then(|year| Date::new(year, i8::try_from(month).ok()?, i8::try_from(in_month).ok()?).ok());
        let start = civil.and_then(|date| date.to_zoned_datetime(self.0.clone()).ok());
        start.map_or_else(|| day.start(), |start| Instant(start.timestamp().as_millisecond()))
    }
}

/// Which day it is in a zone.
pub fn today_in(zone: &Zone, now: Instant) -> Day {
    zone.day_of(now)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::{prelude::*, sample::select};

    fn zone(name: &str) -> Zone {
        Zone::named(name).unwrap()
    }
    fn day(text: &str) -> Day {
        text.parse().unwrap()
    }

    #[test]
    fn the_same_instant_lies_in_different_days() {
        let at = day("2026-11-23").start().plus_hours(23).plus_minutes(30);
        assert_eq!(today_in(&Zone::utc(), at), day("2026-11-23"));
        assert_eq!(today_in(&zone("Europe/Berlin"), at), day("2026-11-24"));
        assert_eq!(today_in(&zone("America/New_York"), at), day("2026-11-23"));
        assert_eq!(today_in(&zone("Asia/Kathmandu"), at), day("2026-11-24"));
    }

    #[test]
    fn days_of_23_and_25_hours_begin_where_they_should() {
        let berlin = zone("Europe/Berlin");
        let hours = |a: &str, b: &str| (berlin.start_of(day(b)).0 - berlin.start_of(day(a)).0) / 3_600_000;
        assert_eq!(hours("2026-03-29", "2026-03-30"), 23);
        assert_eq!(hours("2026-10-25", "2026-10-26"), 25);
        assert_eq!(hours("2026-06-01", "2026-06-02"), 24);
    }

    #[test]
    fn a_midnight_that_does_not_exist_is_the_next_instant() {
        // Chile's clocks go from 24:00 to 01:00.
        let start = zone("America/Santiago").start_of(day("2024-09-08"));
        assert_eq!(start.rfc3339(), "2024-09-08T04:00:00Z");
        assert_eq!(zone("America/Santiago").day_of(start.plus_ms(-1)), day("2024-09-07"));
    }

    #[test]
    fn zones_are_known_by_name_only() {
        assert_eq!(Zone::named("europe/berlin").unwrap().name(), "Europe/Berlin");
        assert_eq!(Zone::utc().name(), "UTC");
        for no in ["", "Berlin", "../../etc/passwd", "Europe/Atlantis", "\0"] {
            assert!(Zone::named(no).is_none(), "{no:?}");
        }
        let names = Zone::names();
        assert!(names.len() > 400 && names.contains(&"Pacific/Auckland".to_owned()));
    }

    proptest! {
        #[test]
        fn a_day_holds_exactly_the_instants_from_its_start_to_the_next(
            name in select(vec!["Europe/Berlin", "America/New_York", "America/Santiago", "Asia/Kathmandu",
                "Pacific/Auckland", "Pacific/Kiritimati", "Africa/Cairo", "Australia/Lord_Howe", "UTC"]),
            // 1990 to 2060.
            n in 7_305i32..32_873,
        ) {
            let (zone, day) = (zone(name), Day(n));
            // Kiritimati once left a day out.
            prop_assume!(zone.start_of(day) < zone.start_of(day.plus(1)));
            prop_assert_eq!(zone.day_of(zone.start_of(day)), day);
            prop_assert_eq!(zone.day_of(zone.start_of(day.plus(1)).plus_ms(-1)), day);
        }
    }
}

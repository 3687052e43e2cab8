//! Instants and days, both UTC (design.md section 3, rule 7).

use serde::{Deserialize, Serialize};

/// Milliseconds since 1970-01-01T00:00:00Z.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "ssr", derive(sea_orm::DeriveValueType))]
pub struct Instant(pub i64);

/// Milliseconds in a UTC day.
pub const DAY_MS: i64 = 86_400_000;
/// Milliseconds in a minute.
pub const MINUTE_MS: i64 = 60_000;
/// Milliseconds in an hour.
pub const HOUR_MS: i64 = 3_600_000;

impl Instant {
    /// The UTC day this instant lies in.
    pub fn day(self) -> Day {
        Day(self.0.div_euclid(DAY_MS) as i32)
    }
    /// This instant moved by milliseconds.
    pub fn plus_ms(self, ms: i64) -> Self {
        Self(self.0 + ms)
    }
    /// This instant moved by minutes.
    pub fn plus_minutes(self, minutes: i64) -> Self {
        self.plus_ms(minutes * MINUTE_MS)
    }
    /// This instant moved by hours.
    pub fn plus_hours(self, hours: i64) -> Self {
        self.plus_ms(hours * HOUR_MS)
    }
    /// This instant moved by days of 24 hours.
    pub fn plus_days(self, days: i64) -> Self {
        self.plus_ms(days * DAY_MS)
    }
    /// Hour and minute of the day, UTC.
    pub fn hour_minute(self) -> (u8, u8) {
        let in_day = self.0.rem_euclid(DAY_MS);
        ((in_day / HOUR_MS) as u8, (in_day % HOUR_MS / MINUTE_MS) as u8)
    }
    /// RFC 3339, to the second, UTC.
    pub fn rfc3339(self) -> String {
        let (h, m) = self.hour_minute();
        let s = self.0.rem_euclid(MINUTE_MS) / 1000;
        format!("{}T{h:02}:{m:02}:{s:02}Z", self.day())
    }
}

impl std::str::FromStr for Instant {
    type Err = MalformedDay;
    /// ISO 8601 in UTC to the second, `2026-11-23T09:05:00Z`; a day alone is its last instant.
    fn from_str(text: &str) -> Result<Self, MalformedDay> {
        let Some((day, time)) = text.split_once('T') else {
            return Ok(Self(text.parse::<Day>()?.end().0 - 1));
        };
        let parts: Vec<&str> = time.strip_suffix('Z').ok_or(MalformedDay)?.split(':').collect();
        let [h, m, s] = parts.as_slice() else { return Err(MalformedDay) };
        let read = |text: &str, most: i64| {
            let two = text.len() == 2 && text.bytes().all(|b| b.is_ascii_digit());
            let number: i64 = text.parse().map_err(|_| MalformedDay)?;
            if two && number <= most { Ok(number) } else { Err(MalformedDay) }
        };
        let seconds = (read(h, 23)? * 60 + read(m, 59)?) * 60 + read(s, 59)?;
        Ok(Self(day.parse::<Day>()?.start().0 + seconds * 1000))
    }
}

/// Days since 1970-01-01, UTC. A trial or term that ends on a day ends at 24:00 UTC of it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "ssr", derive(sea_orm::DeriveValueType))]
pub struct Day(pub i32);

impl Day {
    /// The first instant of the day.
    pub fn start(self) -> Instant {
        Instant(i64::from(self.0) * DAY_MS)
    }
    /// 24:00 UTC of the day: the first instant no longer in it.
    pub fn end(self) -> Instant {
        self.plus(1).start()
    }
    /// 9999-12-31: the last day that can be written.
    pub const LAST: Self = Self(2_932_896);

    /// The day so many days later.
    pub fn plus(self, days: i32) -> Self {
        Self(self.0 + days)
    }
    /// Days from `earlier` to this day; negative if it lies before.
    pub fn since(self, earlier: Self) -> i32 {
        self.0 - earlier.0
    }
    /// Year, month (1–12) and day of the month.
    pub fn civil(self) -> (i32, u8, u8) {
        let (year, month, day) = self.date().to_calendar_date();
        (year, month as u8, day)
    }
    /// The day of a calendar date, if there is such a date.
    pub fn from_civil(year: i32, month: u8, day: u8) -> Option<Self> {
        let month = time::Month::try_from(month).ok()?;
        let date = time::Date::from_calendar_date(year, month, day).ok()?;
        Some(Self(date.to_julian_day() - EPOCH_JULIAN))
    }
    fn date(self) -> time::Date {
        time::Date::from_julian_day(self.0.saturating_add(EPOCH_JULIAN)).unwrap_or(time::Date::MAX)
    }
}

/// The Julian day of 1970-01-01.
const EPOCH_JULIAN: i32 = 2_440_588;

impl std::fmt::Display for Day {
    /// ISO 8601: `2026-11-23`.
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let (y, m, d) = self.civil();
        write!(f, "{y:04}-{m:02}-{d:02}")
    }
}

impl std::str::FromStr for Day {
    type Err = MalformedDay;
    fn from_str(text: &str) -> Result<Self, MalformedDay> {
        let mut parts = text.splitn(3, '-').map(str::parse::<i32>);
        let mut next = || parts.next().and_then(Result::ok).ok_or(MalformedDay);
        let (y, m, d) = (next()?, next()?, next()?);
        let small = |n: i32| u8::try_from(n).map_err(|_| MalformedDay);
        Self::from_civil(y, small(m)?, small(d)?).ok_or(MalformedDay)
    }
}

/// A text is not a calendar date in ISO 8601.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("malformed day")]
pub struct MalformedDay;

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn an_instant_reads_back_and_a_day_stands_for_its_end() {
        let at = Instant(1_772_442_001_000);
        assert_eq!(at.rfc3339().parse::<Instant>(), Ok(at));
        let day: Day = "2026-03-02".parse().unwrap();
        assert_eq!("2026-03-02".parse::<Instant>(), Ok(Instant(day.end().0 - 1)));
        for wrong in
            ["", "2026-03-02T24:00:00Z", "2026-03-02T09:00:00", "2026-03-02T9:0:0Z", "2026-02-30T09:00:00Z"]
        {
            assert!(wrong.parse::<Instant>().is_err(), "{wrong}");
        }
    }

    #[test]
    fn known_days() {
        assert_eq!(Day(0).to_string(), "1970-01-01");
        assert_eq!("2024-02-29".parse::<Day>().map(|d| d.plus(1).to_string()), Ok("2024-03-01".into()));
        assert!("2023-02-29".parse::<Day>().is_err());
        assert_eq!(Day::LAST.to_string(), "9999-12-31");
        assert_eq!(Instant(-1).day(), Day(-1));
        assert_eq!(Instant(1_700_000_000_000).rfc3339(), "2023-11-14T22:13:20Z");
    }

    proptest! {
        #[test]
        fn a_day_reads_back(n in 0i32..2_000_000) {
            let day = Day(n);
            prop_assert_eq!(day.to_string().parse::<Day>(), Ok(day));
            prop_assert_eq!(day.end().plus_ms(-1).day(), day);
        }
    }
}

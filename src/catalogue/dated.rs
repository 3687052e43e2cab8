//! Things that hold from a day on, until the next of their kind does. Nothing is ever overwritten: the past stays as it
//! was, and what is announced comes by itself.

use crate::{Issue, kernel::instant::Day, kernel::text::line};

/// Something that holds from a day on.
pub trait Dated {
    /// The first day on which it holds.
    fn valid_from(&self) -> Day;
}

/// What holds on a day: the latest that began on it or before.
pub fn in_force<'a, T: Dated + 'a>(rows: impl IntoIterator<Item = &'a T>, day: Day) -> Option<&'a T> {
    rows.into_iter().filter(|row| row.valid_from() <= day).max_by_key(|row| row.valid_from())
}

/// What holds next after a day, if anything is announced.
pub fn next_after<'a, T: Dated + 'a>(rows: impl IntoIterator<Item = &'a T>, day: Day) -> Option<&'a T> {
    rows.into_iter().filter(|row| row.valid_from() > day).min_by_key(|row| row.valid_from())
}

/// Whether it is announced only: until its day comes it can be withdrawn.
pub fn is_ahead(row: &impl Dated, today: Day) -> bool {
    row.valid_from() > today
}

/// A typed first day: today or later, for the past never changes.
pub fn first_day(typed: &str, today: Day) -> Result<Day, Issue> {
    let day: Day = line(typed, 1, 40)?.parse().map_err(|_| Issue::BadDate)?;
    if day >= today { Ok(day) } else { Err(Issue::DateNotAhead) }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    struct From(Day);
    impl Dated for From {
        fn valid_from(&self) -> Day {
            self.0
        }
    }

    #[test]
    fn a_first_day_is_today_or_later() {
        let today: Day = "2026-03-02".parse().unwrap();
        assert_eq!(first_day(" 2026-03-02 ", today), Ok(today));
        assert_eq!(first_day("2026-12-31", today), Ok(Day::from_civil(2026, 12, 31).unwrap()));
        assert_eq!(first_day("2026-03-01", today), Err(Issue::DateNotAhead));
        assert_eq!(first_day("", today), Err(Issue::Required));
        for wrong in ["2026-02-30", "01.03.2026", "soon", "20260302"] {
            assert_eq!(first_day(wrong, today), Err(Issue::BadDate), "{wrong}");
        }
    }

    proptest! {
        /// Announcing something for later changes nothing about the days before it.
        #[test]
        fn what_is_announced_leaves_the_days_before_it_alone(
            days in prop::collection::hash_set(0i32..1000, 0..12),
            day in 0i32..1000,
            later in 1i32..100,
        ) {
            let mut rows: Vec<From> = days.into_iter().map(|day| From(Day(day))).collect();
            let before = in_force(&rows, Day(day)).map(|row| row.0);
            prop_assert!(before.is_none_or(|from| from <= Day(day)));
            prop_assert_eq!(before.is_none(), rows.iter().all(|row| row.0 > Day(day)));
            rows.push(From(Day(day + later)));
            prop_assert_eq!(in_force(&rows, Day(day)).map(|row| row.0), before);
            let next = next_after(&rows, Day(day)).map(|row| row.0).unwrap();
            prop_assert!(next > Day(day) && next <= Day(day + later));
        }
    }
}

//! A run as CSV: amounts as plain numbers with their currency beside them.

use super::words;
use crate::{message, t};
use kontor::{
    bulk::BulkLine,
    kernel::csv::{Cell, csv_line, csv_row},
};

/// The first line. The mark at the beginning tells spreadsheets that this is UTF-8.
pub fn heading() -> String {
    let line = csv_line([
        t::bulk::customer(),
        t::bulk::state(),
        t::bulk::seats_before(),
        t::bulk::seats_after(),
        t::report::currency(),
        t::bulk::amount(),
        t::bulk::effective_on(),
        t::bulk::reason(),
    ]);
    format!("\u{feff}{line}")
}

/// A customer of a run that was started, or not yet.
pub fn line(row: &BulkLine, started: bool) -> String {
    let (before, after) = row.seats.unzip();
    let count = |seats: Option<i64>| seats.map_or(Cell::Empty, Cell::Count);
    let reason = row.problem.as_ref().map(message::error).unwrap_or_default();
    csv_row([
        Cell::Text(&row.name),
        Cell::Text(words::row(row.state, started).0),
        count(before),
        count(after),
        row.amount.map_or(Cell::Empty, |sum| Cell::Text(sum.currency.key())),
        row.amount.map_or(Cell::Empty, Cell::Amount),
        row.effective_on.map_or(Cell::Empty, Cell::Date),
        Cell::Text(&reason),
    ])
}

#[cfg(all(test, feature = "ssr"))]
mod tests {
    use super::*;
    use crate::i18n::with_locale;
    use kontor::{
        Refusal,
        bulk::RowState,
        kernel::{
            instant::Day,
            locale::Locale,
            money::{Currency, Money},
        },
    };

    #[test]
    fn a_line_says_what_would_be_and_what_was() {
        let row = BulkLine {
            position: 1,
            org: "org_00000000000000000000000001".parse().unwrap(),
            name: "=Nord, licht".into(),
            state: RowState::Done,
            seats: Some((10, 12)),
            amount: Some(Money::new(123_450, Currency::Eur)),
            effective_on: Some(Day(20_500)),
            problem: None,
        };
        let of = |row: &BulkLine, started| with_locale(Locale::En, || line(row, started));
        assert_eq!(
            of(&row, false),
            "\"'=Nord, licht\",\"Would be changed\",\"10\",\"12\",\"EUR\",\"1234.50\",\"2026-02-16\",\"\"\r\n"
        );
        let refused = BulkLine {
            state: RowState::Refused,
            seats: None,
            amount: None,
            effective_on: None,
            problem: Some(Refusal::NothingChanges.into()),
            ..row
        };
        let line = of(&refused, true);
        assert!(line.contains("\"Not possible\",\"\",\"\",\"\",\"\",\"\",\"Nothing would change"), "{line}");
    }

    #[test]
    fn the_first_line_names_as_many_columns_as_a_row_has() {
        for locale in Locale::ALL {
            assert_eq!(with_locale(*locale, heading).matches("\",\"").count(), 7);
        }
    }
}

//! Lines of a CSV file (RFC 4180) that spreadsheets open without running anything.

use super::{instant::Day, money::Money};

/// A cell of a report's file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Cell<'a> {
    /// What somebody wrote, or may have: never taken for a formula.
    Text(&'a str),
    /// An amount, in major units with a point and the currency's decimals ([`Money::plain`]).
    Amount(Money),
    /// A count.
    Count(i64),
    /// A ratio in basis points, as a percentage with a point and two decimals, without sign: `97.50`.
    BasisPoints(i64),
    /// A date, ISO 8601.
    Date(Day),
    /// Nothing is known.
    Empty,
}

/// One line of texts with its line end. Cells are quoted; a cell a spreadsheet would take for a formula gets an
/// apostrophe in front (OWASP, "CSV injection").
pub fn csv_line<'a>(cells: impl IntoIterator<Item = &'a str>) -> String {
    csv_row(cells.into_iter().map(Cell::Text))
}

/// One line with its line end. Figures of ours stay figures, also below zero: an apostrophe in front of `-12.50` would
/// make it a text that no sum counts.
pub fn csv_row<'a>(cells: impl IntoIterator<Item = Cell<'a>>) -> String {
    let mut line = String::new();
    for (i, cell) in cells.into_iter().enumerate() {
        if i > 0 {
            line.push(',');
        }
        line.push('"');
        match cell {
            Cell::Text(text) => push_text(&mut line, text),
            Cell::Amount(amount) => line.push_str(&amount.plain()),
            Cell::Count(count) => line.push_str(&count.to_string()),
            Cell::BasisPoints(bp) => {
                let sign = if bp < 0 { "-" } else { "" };
                let (whole, rest) = (bp.unsigned_abs() / 100, bp.unsigned_abs() % 100);
                line.push_str(&format!("{sign}{whole}.{rest:02}"));
            }
            Cell::Date(day) => line.push_str(&day.to_string()),
            Cell::Empty => {}
        }
        line.push('"');
    }
    line.push_str("\r\n");
    line
}

fn push_text(line: &mut String, text: &str) {
    // Spreadsheets pass over leading blanks before they look for a formula.
    if text.trim_start().starts_with(['=', '+', '-', '@']) || text.starts_with(['\t', '\r', '\n']) {
        line.push('\'');
    }
    line.push_str(&text.replace('"', "\"\""));
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::kernel::money::Currency;

    #[test]
    fn formulas_become_text() {
        assert_eq!(
            csv_line(["=1+1", "a\"b", "@x", " +1", "x=1"]),
            "\"'=1+1\",\"a\"\"b\",\"'@x\",\"' +1\",\"x=1\"\r\n"
        );
    }

    #[test]
    fn figures_stay_figures_below_zero_too() {
        let cells = [
            Cell::Text("-12.50"),
            Cell::Amount(Money::new(-1_250, Currency::Eur)),
            Cell::Amount(Money::new(-1_250, Currency::Jpy)),
            Cell::Count(-3),
            Cell::BasisPoints(-5),
            Cell::BasisPoints(9_750),
            Cell::Date(Day(0)),
            Cell::Empty,
        ];
        assert_eq!(
            csv_row(cells),
            "\"'-12.50\",\"-12.50\",\"-1250\",\"-3\",\"-0.05\",\"97.50\",\"1970-01-01\",\"\"\r\n"
        );
    }
}

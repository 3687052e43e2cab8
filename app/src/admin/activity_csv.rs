//! The trail as CSV: what its page shows, and the stable key of each action.

use super::words;
use crate::t;
use kontor::{
    kernel::csv::{Cell, csv_line, csv_row},
    organisation::ActivityRow,
};

/// The first line. The mark at the beginning tells spreadsheets that this is UTF-8.
pub fn heading() -> String {
    let line = csv_line([
        t::audit::number(),
        t::admin::when(),
        t::admin::what(),
        t::audit::category(),
        t::admin::target(),
        t::admin::who(),
        t::admin::on_behalf(),
    ]);
    format!("\u{feff}{line}")
}

/// An event; its time to the second, UTC, for programs to read.
pub fn line(row: &ActivityRow) -> String {
    csv_row([
        Cell::Count(row.seq),
        Cell::Text(&row.at.rfc3339()),
        Cell::Text(&words::happened(&row.action)),
        Cell::Text(&row.action),
        Cell::Text(&row.target),
        Cell::Text(&words::actor(&row.actor)),
        Cell::Text(row.acting_for.as_deref().unwrap_or_default()),
    ])
}

//! Commission as CSV: lines and statements, amounts as plain numbers, also below zero.

use super::words;
use crate::t;
use kontor::{
    commission::{LineRow, Statement},
    kernel::{
        csv::{Cell, csv_line, csv_row},
        money::Money,
    },
};

/// Lines of commission; without rows their heading, with the mark that tells spreadsheets that this is UTF-8.
pub fn lines_csv(rows: Option<&[LineRow]>) -> String {
    let Some(rows) = rows else {
        let heading = csv_line([
            t::payment::date(),
            t::payment::customer(),
            t::commission::kind(),
            t::field::plan(),
            t::commission::entity(),
            t::report::currency(),
            t::commission::base(),
            t::commission::eligible(),
            t::commission::rate(),
            t::commission::amount(),
            t::commission::state(),
            t::commission::available_on(),
            t::commission::month(),
            t::commission::line(),
            t::commission::payout(),
        ]);
        return format!("\u{feff}{heading}");
    };
    let line = |row: &LineRow| {
        let amount = |minor| Cell::Amount(Money::new(minor, row.currency));
        let (month, id) = (row.month.to_string(), row.id.to_string());
        let payout = row.payout.map(|id| id.to_string()).unwrap_or_default();
        csv_row([
            Cell::Date(row.earned_on),
            Cell::Text(&row.customer),
            Cell::Text(words::kind(row.kind)),
            Cell::Text(row.plan.name()),
            Cell::Text(&row.entity),
            Cell::Text(row.currency.key()),
            amount(row.base),
            amount(row.eligible),
            Cell::BasisPoints(row.rate_bp),
            amount(row.amount),
            Cell::Text(words::state(row.state).0),
            Cell::Date(row.available_on),
            Cell::Text(&month),
            Cell::Text(&id),
            Cell::Text(&payout),
        ])
    };
    rows.iter().map(line).collect()
}

/// Statements; without rows their heading.
pub fn statements_csv(rows: Option<&[Statement]>) -> String {
    let Some(rows) = rows else {
        let heading = csv_line([
            t::commission::month(),
            t::commission::entity(),
            t::report::currency(),
            t::commission::opening(),
            t::commission::earned(),
            t::commission::reversed(),
            t::commission::paid(),
            t::commission::closing(),
            t::commission::lines(),
            "SHA-256",
        ]);
        return format!("\u{feff}{heading}");
    };
    let line = |row: &Statement| {
        let amount = |minor| Cell::Amount(Money::new(minor, row.currency));
        let (month, figures) = (row.month.to_string(), &row.figures);
        csv_row([
            Cell::Text(&month),
            Cell::Text(&row.entity),
            Cell::Text(row.currency.key()),
            amount(figures.opening),
            amount(figures.earned),
            amount(-figures.reversed),
            amount(-figures.paid),
            amount(figures.closing),
            Cell::Count(figures.lines),
            Cell::Text(&figures.digest),
        ])
    };
    rows.iter().map(line).collect()
}

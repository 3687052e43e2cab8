//! Payouts as CSV.

use super::words;
use crate::t;
use kontor::{
    kernel::csv::{Cell, csv_line, csv_row},
    payout::PayoutRow,
};

/// Payouts; without rows their heading, with the mark that tells spreadsheets that this is UTF-8.
pub fn csv(rows: Option<&[PayoutRow]>) -> String {
    let Some(rows) = rows else {
        let heading = csv_line([
            t::payout::number(),
            t::payout::partner(),
            t::payout::requested_on(),
            t::commission::entity(),
            t::report::currency(),
            t::payment::amount(),
            t::payout::lines(),
            t::payout::account(),
            t::payout::invoice_number(),
            t::payment::status(),
            t::payout::reference(),
            t::payout::reason(),
        ]);
        return format!("\u{feff}{heading}");
    };
    let line = |row: &PayoutRow| {
        csv_row([
            Cell::Text(&row.number),
            Cell::Text(&row.partner_name),
            Cell::Date(row.requested_at.day()),
            Cell::Text(&row.entity),
            Cell::Text(row.amount.currency.key()),
            Cell::Amount(row.amount),
            Cell::Count(row.lines),
            Cell::Text(&row.account_last4),
            Cell::Text(row.invoice.as_ref().map_or("", |invoice| invoice.number.as_str())),
            Cell::Text(words::status(row.status).0),
            Cell::Text(&row.reference),
            Cell::Text(&row.reject_reason),
        ])
    };
    rows.iter().map(line).collect()
}

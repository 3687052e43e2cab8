//! Payments as CSV: amounts as plain numbers with their currency beside them.

use super::words;
use crate::{parts::subscription::words::payer, t};
use kontor::{
    kernel::{
        csv::{Cell, csv_line, csv_row},
        money::Money,
    },
    payment::PaymentRow,
};

/// The first line. The mark at the beginning tells spreadsheets that this is UTF-8.
pub fn heading() -> String {
    let line = csv_line([
        t::payment::date(),
        t::payment::customer(),
        t::customers::domain(),
        t::payment::invoice(),
        t::field::payer(),
        t::report::currency(),
        t::payment::list(),
        t::payment::discount(),
        t::payment::tax(),
        t::payment::amount(),
        t::report::refunds(),
        t::payment::method(),
        t::payment::status(),
    ]);
    format!("\u{feff}{line}")
}

/// A payment of a day, as the reader's language writes it.
pub fn line(row: &PaymentRow, day: String) -> String {
    let currency = row.amount.currency;
    let amount = |minor: i64| Cell::Amount(Money::new(minor, currency));
    let maybe = |minor: Option<i64>| minor.map_or(Cell::Empty, amount);
    csv_row([
        Cell::Text(&day),
        Cell::Text(&row.customer),
        Cell::Text(&row.domain),
        Cell::Text(row.invoice.as_ref().map_or("", |(_, number)| number.as_str())),
        Cell::Text(payer(row.payer)),
        Cell::Text(currency.key()),
        maybe(row.list),
        maybe(row.discount),
        maybe(row.tax),
        Cell::Amount(row.amount),
        amount(row.refunded),
        Cell::Text(&words::method(row)),
        Cell::Text(words::status(row.status).0),
    ])
}

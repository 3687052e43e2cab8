//! Payments as CSV: amounts as plain numbers with their currency beside them.

use super::words;
use crate::{parts::subscription::words::payer, t};
use kontor::{
    kernel::{csv::csv_line, money::Money},
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
    let plain = |minor: i64| Money::new(minor, currency).plain();
    let maybe = |minor: Option<i64>| minor.map(plain).unwrap_or_default();
    csv_line([
        day.as_str(),
        &row.customer,
        &row.domain,
        row.invoice.as_ref().map_or("", |(_, number)| number.as_str()),
        payer(row.payer),
        currency.key(),
        &maybe(row.list),
        &maybe(row.discount),
        &maybe(row.tax),
        &row.amount.plain(),
        &plain(row.refunded),
        &words::method(row),
        words::status(row.status).0,
    ])
}

//! Payments as CSV: amounts as plain numbers with their currency beside them.

use super::words;
use crate::{parts::subscription::words::payer, t};
use kontor::{
    kernel::{
        csv::{Cell, csv_line, csv_row},
        instant::Day,
        money::Money,
    },
    payment::PaymentRow,
    subscription::Plan,
};

/// The first line. The mark at the beginning tells spreadsheets that this is UTF-8.
pub fn heading() -> String {
    let line = csv_line([
        t::payment::date(),
        t::payment::customer(),
        t::customers::domain(),
        t::payment::invoice(),
        t::field::plan(),
        t::field::seats(),
        t::payment::from(),
        t::payment::until(),
        t::field::payer(),
        t::report::currency(),
        t::payment::list(),
        t::payment::discount(),
        t::payment::net(),
        t::payment::tax(),
        t::payment::amount(),
        t::report::refunds(),
        t::payment::credit_notes(),
        t::payment::method(),
        t::payment::status(),
    ]);
    format!("\u{feff}{line}")
}

/// A payment; days as the reader's language writes them.
pub fn line(row: &PaymentRow, write: impl Fn(Day) -> String) -> String {
    let (day, notes) = (write(row.at.day()), row.credit_notes.iter().map(|(_, number)| number.as_str()));
    let (from, until) = row.period.map(|(from, until)| (write(from), write(until))).unwrap_or_default();
    let currency = row.amount.currency;
    let amount = |minor: i64| Cell::Amount(Money::new(minor, currency));
    let maybe = |minor: Option<i64>| minor.map_or(Cell::Empty, amount);
    csv_row([
        Cell::Text(&day),
        Cell::Text(&row.customer),
        Cell::Text(&row.domain),
        Cell::Text(row.invoice.as_ref().map_or("", |(_, number)| number.as_str())),
        Cell::Text(row.plan.map_or("", Plan::name)),
        Cell::Text(&row.seats.map(|seats| seats.to_string()).unwrap_or_default()),
        Cell::Text(&from),
        Cell::Text(&until),
        Cell::Text(payer(row.payer)),
        Cell::Text(currency.key()),
        maybe(row.list),
        maybe(row.discount),
        maybe(row.net),
        maybe(row.tax),
        Cell::Amount(row.amount),
        amount(row.refunded),
        Cell::Text(&notes.collect::<Vec<_>>().join(" ")),
        Cell::Text(&words::method(row)),
        Cell::Text(words::status(row.status).0),
    ])
}

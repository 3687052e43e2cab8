//! Reports and the lists behind their figures as CSV: amounts as plain numbers, also below zero, so that spreadsheets
//! reckon with them. The mark at the beginning tells spreadsheets that this is UTF-8.

use super::customers::event_name;
use crate::{
    admin::words::term,
    parts::{report::bucket_name, subscription::words::payer},
    t,
};
use kontor::{
    kernel::{
        csv::{Cell, csv_line, csv_row},
        money::Money,
    },
    ledger::Line,
    mapping::CustomerEventKind,
    report::{CustomerEventRow, RenewalRow, Report, SalesRow},
};

fn heading<'a>(cells: impl IntoIterator<Item = &'a str>) -> String {
    format!("\u{feff}{}", csv_line(cells))
}

/// The whole report, heading first: a row for each period and currency.
pub fn csv(report: &Report) -> String {
    let mut out = heading([
        t::report::period(),
        t::report::from(),
        t::report::to(),
        t::report::currency(),
        t::report::list(),
        t::report::gross(),
        t::report::refunds(),
        t::report::chargebacks(),
        t::report::net(),
        t::report::commission(),
        t::report::event_new(),
        t::report::event_lost(),
        t::report::net_customers(),
        t::report::customers_at_end(),
        t::report::incomplete(),
    ]);
    for (at, bucket) in report.buckets.iter().enumerate() {
        let name = bucket_name(bucket);
        let (flow, present) = (report.customers.flow[at], report.customers.present[at]);
        let line = |currency: &str, figures: [Cell<'_>; 6]| {
            let head = [
                Cell::Text(&name),
                Cell::Date(bucket.from),
                Cell::Date(bucket.span().last()),
                Cell::Text(currency),
            ];
            let customers = [
                Cell::Count(flow.new),
                Cell::Count(flow.lost),
                Cell::Count(flow.net()),
                present.map_or(Cell::Empty, Cell::Count),
                Cell::Text(if bucket.complete { "" } else { "x" }),
            ];
            csv_row(head.into_iter().chain(figures).chain(customers))
        };
        for money in &report.money {
            let revenue = money.revenue[at];
            let amount = |minor| Cell::Amount(Money::new(minor, money.currency));
            let figures = [
                amount(revenue.list),
                amount(revenue.gross()),
                amount(revenue.refunded),
                amount(revenue.charged_back),
                amount(revenue.net()),
                amount(money.commission[at]),
            ];
            out += &line(money.currency.key(), figures);
        }
        if report.money.is_empty() {
            out += &line("", [const { Cell::Empty }; 6]);
        }
    }
    out
}

/// Lines of the ledger behind a figure that counts them with a sign; without lines their heading.
pub fn lines_csv(lines: Option<(&[Line], i64)>) -> String {
    let Some((lines, sign)) = lines else {
        return heading([
            t::report::booked_on(),
            t::report::customer(),
            t::report::cause(),
            t::report::account(),
            t::commission::entity(),
            t::report::currency(),
            t::report::amount(),
        ]);
    };
    let line = |line: &Line| {
        let word =
            |prefix: &str, key: &str| t::report::lookup(&format!("{prefix}_{key}")).unwrap_or_default();
        csv_row([
            Cell::Date(line.place.day),
            Cell::Text(line.customer.as_ref().map_or("", |(_, name)| name.as_str())),
            Cell::Text(word("cause", line.cause.key())),
            Cell::Text(word("account", line.account.key())),
            Cell::Text(&line.entity),
            Cell::Text(line.amount.currency.key()),
            Cell::Amount(Money::new(line.amount.minor * sign, line.amount.currency)),
        ])
    };
    lines.iter().map(line).collect()
}

/// Upcoming renewals; without rows their heading.
pub fn renewals_csv(rows: Option<&[RenewalRow]>) -> String {
    let Some(rows) = rows else {
        return heading([
            t::report::ends_on(),
            t::report::customer(),
            t::report::plan(),
            t::customers::licences(),
            t::customers::term(),
            t::field::payer(),
            t::report::currency(),
            t::report::list(),
            t::report::charged(),
            t::report::then(),
        ]);
    };
    let line = |row: &RenewalRow| {
        let charged = row.list.map(|list| Money::new(list.minor - row.discount, list.currency));
        csv_row([
            Cell::Date(row.ends_on),
            Cell::Text(&row.name),
            Cell::Text(row.plan.name()),
            Cell::Count(row.seats),
            Cell::Text(term(row.term)),
            Cell::Text(row.payer.map_or("", payer)),
            Cell::Text(row.list.map_or("", |list| list.currency.key())),
            row.list.map_or(Cell::Empty, Cell::Amount),
            charged.map_or(Cell::Empty, Cell::Amount),
            Cell::Text(if row.renews { t::report::renews() } else { t::report::ends() }),
        ])
    };
    rows.iter().map(line).collect()
}

/// What happened to customers; without rows their heading.
pub fn events_csv(kind: CustomerEventKind, rows: Option<&[CustomerEventRow]>) -> String {
    let Some(rows) = rows else {
        return heading([t::report::on(), t::report::customer(), t::report::event()]);
    };
    let line = |row: &CustomerEventRow| {
        csv_row([Cell::Date(row.day), Cell::Text(&row.name), Cell::Text(event_name(kind))])
    };
    rows.iter().map(line).collect()
}

/// Sales by customer or partner; without rows their heading.
pub fn sales_csv(of_partners: bool, rows: Option<&[SalesRow]>) -> String {
    let Some(rows) = rows else {
        return heading([
            if of_partners { t::payout::partner() } else { t::report::customer() },
            t::report::currency(),
            t::report::list(),
            t::report::gross(),
            t::report::refunds(),
            t::report::chargebacks(),
            t::report::net(),
            t::report::commission(),
        ]);
    };
    let mut out = String::new();
    for row in rows {
        for sales in &row.sales {
            let amount = |minor| Cell::Amount(Money::new(minor, sales.currency));
            out += &csv_row([
                Cell::Text(&row.name),
                Cell::Text(sales.currency.key()),
                amount(sales.revenue.list),
                amount(sales.revenue.gross()),
                amount(sales.revenue.refunded),
                amount(sales.revenue.charged_back),
                amount(sales.revenue.net()),
                amount(sales.commission),
            ]);
        }
        if row.sales.is_empty() {
            out += &csv_row([Cell::Text(&row.name)].into_iter().chain([const { Cell::Empty }; 7]));
        }
    }
    out
}

#[cfg(all(test, feature = "ssr"))]
mod tests {
    use super::*;
    use crate::i18n;
    use kontor::{
        kernel::{id::OrgId, locale::Locale, money::Currency},
        report::{Revenue, Sales},
    };

    #[test]
    fn amounts_below_zero_stay_numbers_and_names_do_not_become_formulas() {
        let revenue = Revenue { refunded: 2_000, ..Revenue::default() };
        let sales = vec![Sales { currency: Currency::Eur, revenue, commission: -400 }];
        let row = SalesRow { org: OrgId(Default::default()), name: "=1+1".into(), sales };
        let text = i18n::with_locale(Locale::En, || sales_csv(false, Some(&[row])));
        let expected = "\"'=1+1\",\"EUR\",\"0.00\",\"0.00\",\"20.00\",\"0.00\",\"-20.00\",\"-4.00\"\r\n";
        assert_eq!(text, expected);
    }
}

//! A report as CSV: a row for each period and currency, amounts as plain numbers so that spreadsheets reckon with them.

use crate::{parts::report::bucket_name, t};
use kontor::{
    kernel::{csv::csv_line, money::Money},
    report::Report,
};

/// The whole report, heading first. The mark at the beginning tells spreadsheets that this is UTF-8.
pub fn csv(report: &Report) -> String {
    let mut out = String::from('\u{feff}');
    out += &csv_line([
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
        t::report::customers_at_end(),
        t::report::incomplete(),
    ]);
    for (at, bucket) in report.buckets.iter().enumerate() {
        let (name, from, to) =
            (bucket_name(bucket), bucket.from.to_string(), bucket.span().last().to_string());
        let (flow, present) = (report.customers.flow[at], report.customers.present[at]);
        let count = |n: i64| n.to_string();
        let present = present.map(count).unwrap_or_default();
        let open = if bucket.complete { "" } else { "x" };
        let line = |currency: &str, figures: [String; 6]| {
            let [list, gross, refunds, chargebacks, net, commission] = &figures;
            csv_line([
                name.as_str(),
                &from,
                &to,
                currency,
                list,
                gross,
                refunds,
                chargebacks,
                net,
                commission,
                &count(flow.new),
                &count(flow.lost),
                &present,
                open,
            ])
        };
        for money in &report.money {
            let (revenue, plain) = (money.revenue[at], |minor| Money::new(minor, money.currency).plain());
            let figures = [
                plain(revenue.list),
                plain(revenue.gross()),
                plain(revenue.refunded),
                plain(revenue.charged_back),
                plain(revenue.net()),
                plain(money.commission[at]),
            ];
            out += &line(money.currency.key(), figures);
        }
        if report.money.is_empty() {
            out += &line("", Default::default());
        }
    }
    out
}

//! A report's figures as charts.

use super::Reader;
use crate::{
    i18n,
    parts::report::{bucket_name, chart_words, slot},
    t,
    ui::{ChartData, ChartSeries, ChartSlot, ChartUnit, Text},
};
use kontor::{
    kernel::money::Money,
    mapping::CustomerEventKind,
    report::{Bucket, Figure, MoneyReport, Report, ReportQuery},
};

fn slots(report: &Report, query: &ReportQuery, reader: Reader) -> Vec<ChartSlot> {
    let finer = report.group.finer().is_some();
    let href = |b: &Bucket| finer.then(|| reader.report(&query.into_bucket(b, report.group)));
    report.buckets.iter().map(|bucket| slot(bucket, href(bucket))).collect()
}

fn period(report: &Report) -> (String, String) {
    let name = |b: Option<&Bucket>| b.map(bucket_name).unwrap_or_default();
    (name(report.buckets.first()), name(report.buckets.last()))
}

/// What a bucket is worth, and where that leads.
fn series(
    name: &'static str,
    figure: Figure,
    report: &Report,
    money: &MoneyReport,
    reader: Reader,
    value: impl Fn(usize) -> i64,
) -> ChartSeries {
    let link = |b: &Bucket| Text::from(reader.lines(figure, money.currency, b.span()));
    ChartSeries {
        name: name.into(),
        values: (0..report.buckets.len()).map(|at| Some(value(at))).collect(),
        links: report.buckets.iter().map(link).collect(),
        total_link: Some(reader.lines(figure, money.currency, report.span).into()),
    }
}

/// Revenue by bucket: charged, and what is left of it.
pub fn revenue(report: &Report, money: &MoneyReport, query: &ReportQuery, reader: Reader) -> ChartData {
    let of = |name, figure, value: &dyn Fn(usize) -> i64| series(name, figure, report, money, reader, value);
    let gross = of(t::report::gross(), Figure::Gross, &|at| money.revenue[at].gross());
    let net = of(t::report::net(), Figure::Net, &|at| money.revenue[at].net());
    let (from, until) = period(report);
    let sum = i18n::money(Money::new(money.total.net(), money.currency));
    ChartData {
        id: format!("revenue-{}", money.currency).into(),
        caption: t::report::revenue_in(money.currency.key()).into(),
        summary: t::report::revenue_summary(from, sum, until).into(),
        unit: ChartUnit::Money(money.currency),
        slots: slots(report, query, reader),
        series: vec![gross, net],
        sums: true,
        words: chart_words(),
    }
}

/// Commission earned by bucket.
pub fn commission(report: &Report, money: &MoneyReport, query: &ReportQuery, reader: Reader) -> ChartData {
    let name = t::report::commission();
    let (from, until) = period(report);
    let sum = i18n::money(Money::new(money.earned, money.currency));
    ChartData {
        id: format!("commission-{}", money.currency).into(),
        caption: t::report::commission_in(money.currency.key()).into(),
        summary: t::report::commission_summary(from, sum, until).into(),
        unit: ChartUnit::Money(money.currency),
        slots: slots(report, query, reader),
        series: vec![series(name, Figure::Commission, report, money, reader, |at| money.commission[at])],
        sums: true,
        words: chart_words(),
    }
}

/// Who came and went.
pub fn flow(report: &Report, query: &ReportQuery, reader: Reader) -> ChartData {
    use CustomerEventKind::{Lost, New};
    let of = |name: &'static str, kind, value: &dyn Fn(usize) -> i64| ChartSeries {
        name: name.into(),
        values: (0..report.buckets.len()).map(|at| Some(value(at))).collect(),
        links: report.buckets.iter().map(|b| Text::from(reader.events(kind, b.span()))).collect(),
        total_link: Some(reader.events(kind, report.span).into()),
    };
    let customers = &report.customers;
    let (from, until) = period(report);
    let (new, lost) = (i18n::number(customers.count(New)), i18n::number(customers.count(Lost)));
    ChartData {
        id: "customer-flow".into(),
        caption: t::report::flow().into(),
        summary: t::report::flow_summary(from, lost, new, until).into(),
        unit: ChartUnit::Count,
        slots: slots(report, query, reader),
        series: vec![
            of(t::report::event_new(), New, &|at| customers.flow[at].new),
            of(t::report::event_lost(), Lost, &|at| customers.flow[at].lost),
        ],
        sums: true,
        words: chart_words(),
    }
}

/// How many there were.
pub fn present(report: &Report, query: &ReportQuery, reader: Reader) -> ChartData {
    let (from, until) = period(report);
    let last = report.customers.present.iter().rev().find_map(|n| *n).unwrap_or(0);
    ChartData {
        id: "customers".into(),
        caption: t::report::customers_at_end().into(),
        summary: t::report::customers_summary(from, i18n::number(last), until).into(),
        unit: ChartUnit::Count,
        slots: slots(report, query, reader),
        series: vec![ChartSeries {
            name: t::report::customers().into(),
            values: report.customers.present.clone(),
            links: Vec::new(),
            total_link: None,
        }],
        sums: false,
        words: chart_words(),
    }
}

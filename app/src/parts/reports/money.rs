//! The figures of one currency.

use super::{Reader, charts};
use crate::{
    i18n, t,
    ui::{BarChart, Stat, Text},
};
use kontor::{
    kernel::money::Money,
    mapping::CustomerStatus,
    report::{Figure, MoneyReport, Report, ReportQuery, growth},
};
use leptos::prelude::*;

/// A figure against the one before: `+12 % against 1 Jan – 24 Nov 2025`.
pub fn compared(now: i64, before: i64, report: &Report) -> Option<Text> {
    let change = growth(now, before)?;
    let sign = if change > 0 { "+" } else { "" };
    let percent = format!("{sign}{}", i18n::percent((change + change.signum() * 5) / 10 * 10));
    let (from, to) = (i18n::date(report.previous.from), i18n::date(report.previous.last()));
    Some(t::report::against(from, percent, to).into())
}

/// Revenue and commission in one currency.
#[component]
pub fn MoneyFigures(
    /// The report.
    report: Report,
    /// One of its currencies.
    money: MoneyReport,
    /// What was asked for.
    query: ReportQuery,
    /// Who looks.
    reader: Reader,
) -> impl IntoView {
    let currency = money.currency;
    let show = move |minor: i64| i18n::money(Money::new(minor, currency));
    let line = |figure| reader.lines(figure, currency, report.span);
    let stand = |figure| reader.balance(figure, currency, report.latest);
    let total = money.total;
    let note = compared(total.net(), money.before.net(), &report);
    let back = (total.refunded + total.charged_back != 0).then(|| {
        view! {
            <Stat label=t::report::refunds() value=show(total.refunded) href=line(Figure::Refunds)/>
            <Stat label=t::report::chargebacks() value=show(total.charged_back) href=line(Figure::Chargebacks)/>
        }
    });
    let net = match note {
        Some(note) => {
            view! { <Stat label=t::report::net() value=show(total.net()) href=line(Figure::Net) note/> }
                .into_any()
        }
        None => {
            view! { <Stat label=t::report::net() value=show(total.net()) href=line(Figure::Net)/> }.into_any()
        }
    };
    let heading = format!("money-{currency}");
    let labelled = heading.clone();
    view! {
        <section class="stack" aria-labelledby=labelled>
            <h2 id=heading>{t::report::in_currency(currency.key())}</h2>
            <div class="stat-grid">
                {net}
                <Stat label=t::report::gross() value=show(total.gross()) href=line(Figure::Gross)/>
                <Stat label=t::report::list() value=show(total.list) href=line(Figure::List)/>
                {back}
                <Stat label=t::report::recurring() value=show(money.recurring.monthly()) note=t::report::recurring_note()
                    href=reader.customers("status", CustomerStatus::Active.to_string())/>
                <Stat label=t::report::owed() value=show(money.owed) note=t::report::owed_note() href=stand(Figure::Owed)/>
            </div>
            <div class="card">
                <BarChart data=charts::revenue(&report, &money, &query, reader)/>
            </div>
            <div class="stat-grid">
                <Stat label=t::report::earned() value=show(money.earned) href=line(Figure::Commission)/>
                <Stat label=t::report::pending() value=show(money.pending) href=stand(Figure::Pending)/>
                <Stat label=t::report::available() value=show(money.available) href=stand(Figure::Available)/>
                <Stat label=t::report::locked() value=show(money.locked) href=stand(Figure::Locked)/>
                <Stat label=t::report::paid_out() value=show(money.paid_out) href=line(Figure::PaidOut)/>
            </div>
            <div class="card">
                <BarChart data=charts::commission(&report, &money, &query, reader)/>
            </div>
        </section>
    }
    .into_any()
}

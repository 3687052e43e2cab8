//! The figures of customers, and what renews next.

use super::{Reader, RenewalsAsked, charts};
use crate::{
    i18n,
    parts::{choice::country, report::chart_words, subscription::words::payer},
    t,
    ui::{BarChart, Card, ChartUnit, DataTable, LineChart, Share, ShareRow, Stat, Tone},
};
use kontor::{
    mapping::CustomerEventKind,
    report::{CustomerFlow, RENEWALS_WITHIN, RenewalSum, Report, ReportQuery, WaitingRenewal, retention},
};
use leptos::prelude::*;

/// Parts named on a chart; the rest is one.
const PARTS: usize = 8;

/// What happened to customers, in words.
pub fn event_name(kind: CustomerEventKind) -> &'static str {
    match kind {
        CustomerEventKind::New => t::report::event_new(),
        CustomerEventKind::Lost => t::report::event_lost(),
        CustomerEventKind::Bought => t::report::event_bought(),
        CustomerEventKind::Renewed => t::report::event_renewed(),
        CustomerEventKind::Lapsed => t::report::event_lapsed(),
        CustomerEventKind::Refunded => t::report::event_refunded(),
    }
}

/// Customers who came, bought, renewed and went.
#[component]
pub fn CustomerFigures(
    /// The report.
    report: Report,
    /// What was asked for.
    query: ReportQuery,
    /// Who looks.
    reader: Reader,
) -> impl IntoView {
    let customers = &report.customers;
    let (renewed, lapsed) =
        (customers.count(CustomerEventKind::Renewed), customers.count(CustomerEventKind::Lapsed));
    let kept = retention(renewed, renewed + lapsed);
    let kept = kept.map_or_else(|| "–".to_owned(), |bp| i18n::percent((bp + 5) / 10 * 10));
    let events = customers
        .events
        .iter()
        .map(|(kind, n)| {
            let href = reader.events(*kind, report.span);
            view! { <Stat label=event_name(*kind) value=i18n::number(*n) href/> }
        })
        .collect_view();
    let plans = customers.by_plan.iter().map(|(plan, n)| ShareRow {
        name: plan.name().into(),
        value: *n,
        href: Some(reader.customers("plan", plan.to_string()).into()),
    });
    let of_country = |(code, n): &(String, i64)| ShareRow {
        name: country(code).into(),
        value: *n,
        href: Some(reader.customers("country", code.clone()).into()),
    };
    let mut countries: Vec<ShareRow> = customers.by_country.iter().map(of_country).collect();
    let flow = CustomerFlow {
        new: customers.count(CustomerEventKind::New),
        lost: customers.count(CustomerEventKind::Lost),
    };
    let net = match flow.net() {
        more @ 1.. => format!("+{}", i18n::number(more)),
        other => i18n::number(other),
    };
    let now = customers.present.iter().rev().find_map(|n| *n).unwrap_or(0);
    let (label, value) = (t::report::customers_at_end(), i18n::number(now));
    let list = reader.customers("sort", "newest".to_owned());
    let at_end = match customers.withdrawn {
        0 => view! { <Stat label value href=list/> }.into_any(),
        n => view! { <Stat label value href=list note=t::report::customers_withdrawn(i18n::number(n))/> }
            .into_any(),
    };
    if countries.len() > PARTS {
        let rest = countries.split_off(PARTS - 1).iter().map(|row| row.value).sum();
        countries.push(ShareRow { name: t::report::other_countries().into(), value: rest, href: None });
    }
    view! {
        <section class="stack" aria-labelledby="customers-heading">
            <h2 id="customers-heading">{t::report::customers()}</h2>
            <div class="stat-grid">
                {at_end}
                {events}
                <Stat label=t::report::net_customers() value=net note=t::report::net_customers_note()
                    href=reader.events(CustomerEventKind::New, report.span)/>
                <Stat label=t::report::retention() value=kept note=t::report::retention_note(renewed, renewed + lapsed)
                    href=reader.events(CustomerEventKind::Renewed, report.span)/>
            </div>
            <div class="chart-grid">
                <div class="card"><LineChart data=charts::present(&report, &query, reader)/></div>
                <div class="card"><BarChart data=charts::flow(&report, &query, reader)/></div>
                <div class="card">
                    <Share caption=t::report::by_plan() heading=t::report::plan() figure=t::report::customers()
                        unit=ChartUnit::Count rows=plans.collect() words=chart_words()/>
                </div>
                <div class="card">
                    <Share caption=t::report::by_country() heading=t::report::country() figure=t::report::customers()
                        unit=ChartUnit::Count rows=countries words=chart_words()/>
                </div>
            </div>
        </section>
    }
    .into_any()
}

/// Renewals within a distance of one payer, or of both.
fn renewal_row(reader: Reader, sum: &RenewalSum, of: Option<&'static str>) -> AnyView {
    let asked = RenewalsAsked {
        within: sum.within.to_string(),
        payer: of.map(|_| sum.payer.to_string()).unwrap_or_default(),
        currency: sum.list.currency.to_string(),
        after: String::new(),
    };
    view! {
        <tr>
            <th scope="row"><a href=reader.renewals(&asked)>{t::report::within(i64::from(sum.within))}</a></th>
            <td>{of.unwrap_or(t::report::total())}</td>
            <td class="num">{i18n::number(sum.count)}</td>
            <td class="num">{i18n::money(sum.list)}</td>
            <td class="num">{i18n::money(sum.net())}</td>
        </tr>
    }
    .into_any()
}

/// What renews next, and what was not paid.
#[component]
pub fn Ahead(
    /// The report.
    report: Report,
    /// Who looks.
    reader: Reader,
) -> impl IntoView {
    let unpaid = report.unpaid;
    let href = reader.customers("status", kontor::mapping::CustomerStatus::Unpaid.to_string());
    let unpaid = match unpaid {
        0 => view! { <Stat label=t::report::unpaid() value=i18n::number(0) href/> }.into_any(),
        n => view! { <Stat label=t::report::unpaid() value=i18n::number(n) href tone=Tone::Danger/> }
            .into_any(),
    };
    let rows = report
        .renewals
        .iter()
        .map(|sum| renewal_row(reader, sum, Some(payer(sum.payer))))
        .collect::<Vec<_>>();
    // Both payers together, by distance and currency.
    let mut all: Vec<RenewalSum> = Vec::new();
    for sum in &report.renewals {
        match all.iter_mut().find(|s| (s.within, s.list.currency) == (sum.within, sum.list.currency)) {
            Some(known) => {
                known.count += sum.count;
                known.list.minor += sum.list.minor;
                known.discount += sum.discount;
            }
            None => all.push(sum.clone()),
        }
    }
    all.sort_by_key(|sum| RENEWALS_WITHIN.iter().position(|days| *days == sum.within));
    let totals = all.iter().map(|sum| renewal_row(reader, sum, None)).collect_view();
    let table = match rows.is_empty() {
        true => view! { <p class="muted">{t::report::no_renewals()}</p> }.into_any(),
        false => view! {
            <DataTable caption=t::report::renewals() caption_hidden=true>
                <thead>
                    <tr>
                        <th scope="col">{t::report::within_heading()}</th>
                        <th scope="col">{t::field::payer()}</th>
                        <th scope="col" class="num">{t::report::subscriptions()}</th>
                        <th scope="col" class="num">{t::report::list()}</th>
                        <th scope="col" class="num">{t::report::charged()}</th>
                    </tr>
                </thead>
                <tbody>{rows}</tbody>
                <tbody>{totals}</tbody>
            </DataTable>
        }
        .into_any(),
    };
    view! {
        <Card heading=t::report::renewals() id="renewals-heading">
            <p class="muted">{t::report::renewals_text()}</p>
            {table}
        </Card>
        <Card heading=t::report::failing() id="failing-heading">
            <div class="stat-grid">{unpaid}</div>
            <p><a href=reader.payments()>{t::report::failed_payments()}</a></p>
        </Card>
        {(!report.waiting.is_empty()).then(|| view! { <Waiting waiting=report.waiting reader/> })}
    }
    .into_any()
}

/// Renewals that wait for people.
#[component]
fn Waiting(
    /// Which.
    waiting: Vec<WaitingRenewal>,
    /// Who looks.
    reader: Reader,
) -> impl IntoView {
    let rows = waiting.into_iter().map(move |renewal| {
        view! {
            <tr>
                <th scope="row">{super::lists::customer(reader, renewal.org, renewal.name)}</th>
                <td class="nowrap">{i18n::date(renewal.ended_on)}</td>
                <td>{crate::message::refusal(&renewal.why)}</td>
            </tr>
        }
    });
    view! {
        <Card heading=t::report::waiting() id="waiting-heading">
            <p class="muted">{t::report::waiting_text()}</p>
            <DataTable caption=t::report::waiting() caption_hidden=true>
                <thead>
                    <tr>
                        <th scope="col">{t::report::customer()}</th>
                        <th scope="col">{t::report::ended_on()}</th>
                        <th scope="col">{t::report::waits_for()}</th>
                    </tr>
                </thead>
                <tbody>{rows.collect_view()}</tbody>
            </DataTable>
        </Card>
    }
    .into_any()
}

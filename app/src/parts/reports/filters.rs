//! Which days a report is about.

use super::{EventsAsked, LinesAsked, customers::event_name, lists::figure_name};
use crate::{
    parts::report::{group, period},
    t,
    ui::{Button, Input, InputKind, Select, Text},
};
use kontor::{
    kernel::money::Currency,
    mapping::CustomerEventKind,
    report::{Figure, Group, Period, Preset, Report, ReportQuery},
};
use leptos::prelude::*;

/// The choice of a figure's lines: which figure, its currency, its days.
#[component]
pub fn LineFilters(
    /// The page's path.
    path: String,
    /// What is asked for.
    asked: LinesAsked,
) -> impl IntoView {
    let figures =
        Figure::ALL.iter().map(|f| (Text::from(f.key()), Text::from(figure_name(*f)))).collect::<Vec<_>>();
    view! {
        <form class="row" method="get" action=path>
            <Select name="figure" label=t::report::figure() options=figures selected=asked.figure().key()/>
            <Select name="currency" label=t::report::currency() options=currencies() selected=asked.currency().key()/>
            <Days from=asked.from to=asked.to/>
            <Button label=t::report::show()/>
        </form>
    }
    .into_any()
}

/// The choice of what happened to customers, and when.
#[component]
pub fn EventFilters(
    /// The page's path.
    path: String,
    /// What is asked for.
    asked: EventsAsked,
) -> impl IntoView {
    let kinds = CustomerEventKind::ALL.iter();
    let kinds = kinds.map(|k| (Text::from(k.key()), Text::from(event_name(*k)))).collect::<Vec<_>>();
    view! {
        <form class="row" method="get" action=path>
            <Select name="kind" label=t::report::event() options=kinds selected=asked.kind().key()/>
            <Days from=asked.from to=asked.to/>
            <Button label=t::report::show()/>
        </form>
    }
    .into_any()
}

#[component]
fn Days(
    /// The first day.
    from: String,
    /// The last day.
    to: String,
) -> impl IntoView {
    view! {
        <Input name="from" label=t::report::from() kind=InputKind::Date value=from/>
        <Input name="to" label=t::report::to() kind=InputKind::Date value=to/>
    }
    .into_any()
}

fn currencies() -> Vec<(Text, Text)> {
    Currency::ALL.iter().map(|c| (Text::from(c.key()), Text::from(c.key()))).collect()
}

/// The choice of days, grouping and currency. It asks the page itself.
#[component]
pub fn Filters(
    /// The page's path.
    path: String,
    /// What is asked for.
    query: ReportQuery,
    /// What was found.
    report: Report,
) -> impl IntoView {
    let custom = Period::Custom { from: report.span.from, to: report.span.last() };
    let periods = Preset::ALL.iter().map(|p| Period::Preset(*p)).chain([custom]);
    let periods = periods.map(|p| (Text::from(p.key()), Text::from(period(p)))).collect::<Vec<_>>();
    let groups = Group::ALL.iter().map(|g| (Text::from(g.key()), Text::from(group(*g)))).collect::<Vec<_>>();
    view! {
        <form class="row" method="get" action=path>
            <Select name="period" label=t::report::period() options=periods selected=query.period.key()/>
            <Days from=report.span.from.to_string() to=report.span.last().to_string()/>
            <Select name="by" label=t::report::by() options=groups selected=report.group.key()/>
            <Select name="currency" label=t::report::currency() options=currencies() placeholder=t::report::all()
                selected=query.currency.map(|c| c.key()).unwrap_or_default()/>
            <Button label=t::report::show()/>
        </form>
    }
    .into_any()
}

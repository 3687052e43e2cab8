//! Which days a report is about.

use crate::{
    parts::report::{group, period},
    t,
    ui::{Button, Input, InputKind, Select, Text},
};
use kontor::{
    kernel::money::Currency,
    report::{Group, Period, Preset, Report, ReportQuery},
};
use leptos::prelude::*;

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
    let currencies =
        Currency::ALL.iter().map(|c| (Text::from(c.key()), Text::from(c.key()))).collect::<Vec<_>>();
    view! {
        <form class="row" method="get" action=path>
            <Select name="period" label=t::report::period() options=periods selected=query.period.key()/>
            <Input name="from" label=t::report::from() kind=InputKind::Date value=report.span.from.to_string()/>
            <Input name="to" label=t::report::to() kind=InputKind::Date value=report.span.last().to_string()/>
            <Select name="by" label=t::report::by() options=groups selected=report.group.key()/>
            <Select name="currency" label=t::report::currency() options=currencies placeholder=t::report::all()
                selected=query.currency.map(|c| c.key()).unwrap_or_default()/>
            <Button label=t::report::show()/>
        </form>
    }
    .into_any()
}

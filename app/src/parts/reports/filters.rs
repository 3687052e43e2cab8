//! Which days a report is about.

use super::{EventsAsked, LinesAsked, Reader, customers::event_name, lists::figure_name};
use crate::{
    message,
    parts::report::{group, period},
    t,
    ui::{Button, Callout, Input, InputKind, Select, Text, Tone},
};
use kontor::{
    FieldError,
    kernel::{instant::Day, money::Currency},
    mapping::CustomerEventKind,
    report::{Figure, Group, Period, Preset, ReportQuery},
};
use leptos::prelude::*;

/// The choice of a figure's lines: which figure, its currency, its days.
#[component]
pub fn LineFilters(
    /// Who looks.
    reader: Reader,
    /// What is asked for.
    asked: LinesAsked,
) -> impl IntoView {
    let figures =
        Figure::ALL.iter().map(|f| (Text::from(f.key()), Text::from(figure_name(*f)))).collect::<Vec<_>>();
    view! {
        <Faults faults=asked.faults()/>
        <form class="row" method="get" action=format!("{}/lines", reader.base())>
            <Of reader/>
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
    /// Who looks.
    reader: Reader,
    /// What is asked for.
    asked: EventsAsked,
) -> impl IntoView {
    let kinds = CustomerEventKind::ALL.iter();
    let kinds = kinds.map(|k| (Text::from(k.key()), Text::from(event_name(*k)))).collect::<Vec<_>>();
    view! {
        <Faults faults=asked.faults()/>
        <form class="row" method="get" action=format!("{}/customers", reader.base())>
            <Of reader/>
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

/// Keeps the partner that is looked at.
#[component]
pub fn Of(
    /// Who looks.
    reader: Reader,
) -> impl IntoView {
    let partner = reader.of();
    view! { {partner.map(|partner| view! { <input type="hidden" name="partner" value=partner.to_string()/> })} }
}

/// What is wrong with what was typed.
#[component]
pub fn Faults(
    /// Field by field.
    faults: Vec<FieldError>,
) -> impl IntoView {
    if faults.is_empty() {
        return ().into_any();
    }
    let said = faults.into_iter().map(|fault| {
        let label = if fault.field == "from" { t::report::from() } else { t::report::to() };
        view! { <li>{format!("{label}: {}", message::issue(&fault.issue))}</li> }
    });
    let said = said.collect_view();
    view! {
        <Callout tone=Tone::Danger live=true><p>{t::shell::problem()}</p><ul>{said}</ul></Callout>
    }
    .into_any()
}

/// The choice of days, grouping and currency. It asks the page itself. Dates that are typed count before the period; so
/// that those left in their fields do not, the form says which ones it showed.
#[component]
pub fn Filters(
    /// The page's path.
    path: String,
    /// Who looks.
    reader: Reader,
    /// What is asked for.
    query: ReportQuery,
    /// The first day, as it stands in its field.
    from: String,
    /// The last day.
    to: String,
    /// How the days are put together; empty if that is no choice here.
    by: String,
    /// What is wrong with the dates.
    #[prop(optional)]
    faults: Vec<FieldError>,
) -> impl IntoView {
    let own = matches!(query.period, Period::Custom { .. }) || !faults.is_empty();
    let custom = Period::Custom { from: Day(0), to: Day(0) };
    let periods = Preset::ALL.iter().map(|p| Period::Preset(*p)).chain([custom]);
    let periods = periods.map(|p| (Text::from(p.key()), Text::from(period(p)))).collect::<Vec<_>>();
    let groups = Group::ALL.iter().map(|g| (Text::from(g.key()), Text::from(group(*g)))).collect::<Vec<_>>();
    let selected = if own { custom.key() } else { query.period.key() };
    let shown = format!("{from}..{to}");
    let by = (!by.is_empty()).then(|| {
        view! { <Select name="by" label=t::report::by() options=groups selected=by/> }
    });
    view! {
        <Faults faults/>
        <form class="row" method="get" action=path>
            <Of reader/>
            <input type="hidden" name="shown" value=shown/>
            <Select name="period" label=t::report::period() options=periods selected=selected/>
            <Days from to/>
            {by}
            <Select name="currency" label=t::report::currency() options=currencies() placeholder=t::report::all()
                selected=query.currency.map(|c| c.key()).unwrap_or_default()/>
            <Button label=t::report::show()/>
        </form>
    }
    .into_any()
}

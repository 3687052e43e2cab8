//! Charts, drawn by server and browser alike, without script. Under every chart stands the table of its figures.

mod draw;
mod scale;

use super::{DataTable, Text};
use crate::i18n;
use draw::{Kind, colour, drawing, spark};
use kontor::{
    kernel::money::{Currency, Money},
    report::share_of,
};
use leptos::prelude::*;

/// What a chart's figures count; one chart never mixes two.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ChartUnit {
    /// Minor units of a currency.
    Money(Currency),
    /// Things or people.
    Count,
    /// Basis points, shown as a percentage.
    Percent,
}

impl ChartUnit {
    /// One of it, in the figures' own units.
    fn one(self) -> i64 {
        match self {
            ChartUnit::Money(currency) => currency.minor_per_major(),
            ChartUnit::Count => 1,
            ChartUnit::Percent => 100,
        }
    }
    /// For an axis: without the currency, which the chart's name tells.
    fn short(self, value: i64) -> String {
        match self {
            ChartUnit::Money(currency) => i18n::short(value, currency.decimals()),
            ChartUnit::Count => i18n::short(value, 0),
            ChartUnit::Percent => i18n::percent(value),
        }
    }
    /// To the last digit.
    fn full(self, value: i64) -> String {
        match self {
            ChartUnit::Money(currency) => i18n::money(Money::new(value, currency)),
            ChartUnit::Count => i18n::number(value),
            ChartUnit::Percent => i18n::percent(value),
        }
    }
}

/// A place on a chart's horizontal axis, and a row of its table.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ChartSlot {
    /// On the axis: `Nov`.
    pub short: Text,
    /// Below it, where it changes: `2026`. Empty for none.
    pub under: Text,
    /// In full: `November 2026`.
    pub name: Text,
    /// Where it leads: what the slot is made of.
    pub href: Option<Text>,
    /// Whether all its figures are in; what is not is hatched, or dashed, and said.
    pub complete: bool,
}

/// Figures of one kind, a value for each slot.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ChartSeries {
    /// What they are.
    pub name: Text,
    /// One for each slot, in the chart's unit; none where nothing is known.
    pub values: Vec<Option<i64>>,
    /// Where each figure of the table leads: its lines of the ledger. One for each slot, or none at all.
    pub links: Vec<Text>,
    /// Where the sum leads.
    pub total_link: Option<Text>,
}

impl ChartSeries {
    fn at(&self, slot: usize) -> Option<i64> {
        self.values.get(slot).copied().flatten()
    }
    fn total(&self) -> i64 {
        self.values.iter().flatten().fold(0, |sum, value| sum.saturating_add(*value))
    }
}

/// The words around a chart, the same for all charts of a page.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ChartWords {
    /// Heading of the first column: "Period".
    pub period: Text,
    /// "Not complete".
    pub incomplete: Text,
    /// What opens the table: "Figures as a table".
    pub table: Text,
    /// Heading of sums: "Total".
    pub total: Text,
    /// Heading of parts of the whole: "Share".
    pub share: Text,
    /// In place of a chart that has nothing to show: "Nothing in this period".
    pub empty: Text,
}

/// A chart and its table.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ChartData {
    /// Unique on the page.
    pub id: Text,
    /// The chart's name, with its currency: "Net revenue in EUR".
    pub caption: Text,
    /// What it shows, in a sentence, for those who do not see it.
    pub summary: Text,
    /// What is counted.
    pub unit: ChartUnit,
    /// The horizontal axis, in order.
    pub slots: Vec<ChartSlot>,
    /// What is shown, at most six.
    pub series: Vec<ChartSeries>,
    /// Whether the figures of the slots may be added up: revenue may, customers at the end of a month may not.
    pub sums: bool,
    /// The words around it.
    pub words: ChartWords,
}

impl ChartData {
    fn slot_name(&self, slot: &ChartSlot) -> String {
        match slot.complete {
            true => slot.name.to_string(),
            false => format!("{} ({})", slot.name, self.words.incomplete),
        }
    }
    fn is_empty(&self) -> bool {
        self.series.iter().all(|series| series.values.iter().all(|value| value.unwrap_or(0) == 0))
    }
}

/// Bars, side by side or stacked, with the table of their figures.
#[component]
pub fn BarChart(
    /// What it shows.
    data: ChartData,
    /// On top of each other instead of side by side: for parts of a whole.
    #[prop(optional)]
    stacked: bool,
) -> impl IntoView {
    chart(data, if stacked { Kind::Stacked } else { Kind::Grouped })
}

/// Lines, with the table of their figures: for what is measured at a point of time.
#[component]
pub fn LineChart(
    /// What it shows.
    data: ChartData,
) -> impl IntoView {
    chart(data, Kind::Lines)
}

fn chart(data: ChartData, kind: Kind) -> AnyView {
    let ticks = draw::scale(&data, kind).ticks();
    let ticks: Vec<_> =
        ticks.into_iter().map(|tick| view! { <span>{data.unit.short(tick)}</span> }).collect();
    let named_by = format!("{}-caption", data.id);
    let caption_id = named_by.clone();
    view! {
        <figure class="chart" aria-labelledby=named_by>
            <figcaption class="chart-head">
                <span class="chart-title" id=caption_id>{data.caption.clone()}</span>
                {legend(&data, kind)}
            </figcaption>
            <div class="chart-body">
                <div class="chart-axis" aria-hidden="true">{ticks}</div>
                <div class="chart-plot" inner_html=drawing(&data, kind)></div>
                {data.is_empty().then(|| view! { <p class="chart-empty">{data.words.empty.clone()}</p> })}
            </div>
            {table(&data, kind == Kind::Stacked && data.sums)}
        </figure>
    }
    .into_any()
}

/// What the colours mean: where there are several, or where the hatching needs its word.
fn legend(data: &ChartData, kind: Kind) -> AnyView {
    let incomplete = data.slots.iter().any(|slot| !slot.complete);
    if data.series.len() < 2 && !incomplete {
        return ().into_any();
    }
    let shape = if kind == Kind::Lines { "chart-key-line" } else { "chart-key" };
    let entry = |class: String, word: Text| view! { <li><span class=class></span>{word}</li> }.into_any();
    let mut entries: Vec<AnyView> = Vec::new();
    for (n, series) in data.series.iter().enumerate() {
        entries.push(entry(format!("{shape} series-{}", colour(n)), series.name.clone()));
    }
    if incomplete {
        let class = if kind == Kind::Lines {
            "chart-key-line chart-key-dashed"
        } else {
            "chart-key chart-key-hatched"
        };
        entries.push(entry(class.to_owned(), data.words.incomplete.clone()));
    }
    view! { <ul class="chart-legend">{entries}</ul> }.into_any()
}

/// A text, leading somewhere if there is somewhere to lead.
fn linked(href: Option<Text>, text: impl Into<Text>) -> AnyView {
    let text = text.into();
    match href {
        Some(href) => view! { <a href=href>{text}</a> }.into_any(),
        None => text.into_any(),
    }
}

/// The table under a chart. Open where it is short; on paper it is always open.
fn table(data: &ChartData, across: bool) -> AnyView {
    let unit = data.unit;
    let full = |value: Option<i64>| value.map_or_else(|| "–".to_owned(), |value| unit.full(value));
    let across_of =
        |slot: usize| data.series.iter().filter_map(|s| s.at(slot)).fold(0i64, i64::saturating_add);
    let head: Vec<_> =
        data.series.iter().map(|s| s.name.clone()).chain(across.then(|| data.words.total.clone())).collect();
    let head: Vec<_> =
        head.into_iter().map(|name| view! { <th scope="col" class="num">{name}</th> }).collect();
    let row = |(i, slot): (usize, &ChartSlot)| {
        let cell = |series: &ChartSeries| {
            let value = series.at(i);
            let link = series.links.get(i).cloned().filter(|_| value.is_some());
            view! { <td class="num">{linked(link, full(value))}</td> }.into_any()
        };
        let mut cells: Vec<AnyView> = data.series.iter().map(cell).collect();
        if across {
            cells.push(view! { <td class="num">{full(Some(across_of(i)))}</td> }.into_any());
        }
        let mark =
            (!slot.complete).then(|| view! { <span class="beneath">{data.words.incomplete.clone()}</span> });
        view! { <tr><th scope="row">{linked(slot.href.clone(), slot.name.clone())}{mark}</th>{cells}</tr> }
            .into_any()
    };
    let rows: Vec<AnyView> = data.slots.iter().enumerate().map(row).collect();
    let foot = (data.sums && data.slots.len() > 1).then(|| {
        let sum = |series: &ChartSeries| {
            view! { <td class="num">{linked(series.total_link.clone(), unit.full(series.total()))}</td> }
                .into_any()
        };
        let mut sums: Vec<AnyView> = data.series.iter().map(sum).collect();
        if across {
            let all = data.series.iter().fold(0i64, |sum, series| sum.saturating_add(series.total()));
            sums.push(view! { <td class="num">{unit.full(all)}</td> }.into_any());
        }
        view! { <tfoot><tr><th scope="row">{data.words.total.clone()}</th>{sums}</tr></tfoot> }
    });
    let (caption, period) = (data.caption.clone(), data.words.period.clone());
    view! {
        <details class="chart-table" open=data.slots.len() <= 12>
            <summary>{data.words.table.clone()}</summary>
            <DataTable caption caption_hidden=true>
                <thead><tr><th scope="col">{period}</th>{head}</tr></thead>
                <tbody>{rows}</tbody>
                {foot}
            </DataTable>
        </details>
    }
    .into_any()
}

/// A trend in the height of a line, beside the figure it belongs to. Draws nothing where there is nothing.
#[component]
pub fn Sparkline(
    /// The figures, in order.
    values: Vec<i64>,
    /// What they are, for those who do not see them.
    #[prop(into)]
    label: Text,
) -> impl IntoView {
    match values.is_empty() {
        true => ().into_any(),
        false => view! { <span class="spark" inner_html=spark(&values, &label)></span> }.into_any(),
    }
}

/// A part of a whole.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ShareRow {
    /// Which part: a plan, a country.
    pub name: Text,
    /// How much, in the chart's unit.
    pub value: i64,
    /// What it is made of.
    pub href: Option<Text>,
}

/// Parts of a whole as horizontal bars, which are their own table.
#[component]
pub fn Share(
    /// What is divided: "Customers by plan".
    #[prop(into)]
    caption: Text,
    /// Heading of the names: "Plan".
    #[prop(into)]
    heading: Text,
    /// Heading of the figures: "Customers".
    #[prop(into)]
    figure: Text,
    /// What is counted.
    unit: ChartUnit,
    /// The parts, in the order they are shown.
    rows: Vec<ShareRow>,
    /// The words around it.
    words: ChartWords,
) -> impl IntoView {
    let greatest = rows.iter().map(|row| row.value).max().unwrap_or(0);
    let whole = rows.iter().fold(0i64, |sum, row| sum.saturating_add(row.value));
    // Beside a part below zero the others would make more than the whole.
    let divides = rows.iter().all(|row| row.value >= 0);
    let empty = rows.is_empty().then(|| view! { <tr><td colspan="3" class="muted">{words.empty}</td></tr> });
    let row = |row: ShareRow| {
        let part = share_of(row.value, whole).filter(|_| divides);
        // A tenth of a percent is all that anybody reads.
        let part = part.map_or_else(|| "–".to_owned(), |bp| i18n::percent((bp + 5) / 10 * 10));
        let bar = share_of(row.value.max(0), greatest).unwrap_or(0).clamp(0, 10_000);
        let bar = format!(
            "<svg class=\"share-svg\" width=\"100%\" height=\"6\" aria-hidden=\"true\"><rect class=\"share-ground\" \
             width=\"100%\" height=\"6\" rx=\"3\"/><rect class=\"share-bar\" width=\"{}\" height=\"6\" rx=\"3\"/></svg>",
            scale::percent(bar as usize, 10_000)
        );
        view! {
            <tr>
                <th scope="row">{linked(row.href, row.name)}<span class="share-line" inner_html=bar></span></th>
                <td class="num">{unit.full(row.value)}</td>
                <td class="num">{part}</td>
            </tr>
        }
        .into_any()
    };
    let rows: Vec<AnyView> = rows.into_iter().map(row).collect();
    view! {
        <div class="share">
            <DataTable caption>
                <thead>
                    <tr>
                        <th scope="col">{heading}</th>
                        <th scope="col" class="num">{figure}</th>
                        <th scope="col" class="num">{words.share}</th>
                    </tr>
                </thead>
                <tbody>{rows}{empty}</tbody>
            </DataTable>
        </div>
    }
    .into_any()
}

#[cfg(all(test, feature = "ssr"))]
mod tests;

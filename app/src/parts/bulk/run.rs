//! `/store/{org}/customers/bulk/{run}`: what would come of it, how far it is, and what came of it.

use super::{api, choose_path, run_path, words};
use crate::{
    data::Data,
    form::{Problems, plain_form},
    i18n, message,
    parts::{address::address, live::use_changes, load::Loaded},
    t,
    ui::{
        Badge, Button, ButtonVariant, Callout, Card, DataTable, EmptyState, FilterChip, FilterChips, Glyph,
        LinkButton, PageHeader, Pagination, Progress, Tone,
    },
};
use kontor::{
    bulk::{BulkCount, BulkLine, BulkQuery, BulkView, RunStatus},
    kernel::id::{BulkId, OrgId},
};
use leptos::prelude::*;
use leptos_router::hooks::use_query_map;

/// The call that starts.
const START: &str = "/api/store/start_bulk";

/// A run.
#[component]
pub fn Run(
    /// The partner.
    org: OrgId,
    /// The run.
    run: BulkId,
) -> impl IntoView {
    let query = use_query_map();
    let asked = Memo::new(move |_| {
        query.with(|q| BulkQuery::from_pairs(q.latest_values().map(|(k, v)| (k.as_ref(), v))))
    });
    let changes = use_changes(org, &["bulk"]);
    let found = Data::new(
        move || (asked.get(), changes.get()),
        move |(query, _)| async move { api::run(org, run, query).await.map(|view| (org, query, view)) },
    );
    view! {
        <Loaded resource=found view=|(org, query, found)| view! { <Shown org query found/> }.into_any()/>
    }
}

#[component]
fn Shown(
    /// The partner.
    org: OrgId,
    /// Which rows.
    query: BulkQuery,
    /// The run.
    found: BulkView,
) -> impl IntoView {
    let run = found.run.clone();
    let (status, tone) = words::status(run.status);
    let path = run_path(org, run.id);
    let mut pairs = BulkQuery { after: None, ..query }.pairs();
    pairs.push(("format", "csv".to_owned()));
    let export = address(&path, pairs);
    let begun = t::bulk::begun(run.total, i18n::date_time(run.at), crate::admin::words::actor(&run.by));
    let started = run.status.is_started();
    view! {
        <PageHeader heading=words::what(run.operation, run.seats) description=begun
            aside=move || view! { <Badge label=status tone/> }>
            <LinkButton label=t::report::csv() href=export icon=Glyph::Download rel="external"/>
            <LinkButton label=t::bulk::another() href=choose_path(org)/>
        </PageHeader>
        <Standing org found=found.clone()/>
        <Counts counts=found.counts.clone() started/>
        <Rows org path query found started/>
    }
    .into_any()
}

/// How far it is, and what can be done about it.
#[component]
fn Standing(
    /// The partner.
    org: OrgId,
    /// The run.
    found: BulkView,
) -> impl IntoView {
    let id = found.run.id.to_string();
    let form = plain_form(START).about("run", &id);
    let standing = match (found.run.status, found.startable_until) {
        (status @ (RunStatus::Dry | RunStatus::Live), _) => {
            let (label, text) = match status {
                RunStatus::Dry => (t::bulk::trying(), t::bulk::trying_text()),
                _ => (t::bulk::working(), t::bulk::working_text()),
            };
            let note = t::bulk::looked_at(i18n::number(found.looked_at()), i18n::number(found.run.total));
            // At most 10,000: exact as floating point.
            let (value, max) = (found.looked_at() as f64, found.run.total as f64);
            view! {
                <Progress id="progress" label value max note/>
                <p class="muted">{text}" "<a href=run_path(org, found.run.id) rel="external">{t::bulk::reload()}</a></p>
            }
            .into_any()
        }
        (RunStatus::Ready, Some(until)) => view! {
            <form class="stack" method="post" action=START>
                <input type="hidden" name="org" value=org.to_string()/>
                <input type="hidden" name="run" value=id/>
                <p>{t::bulk::start_text(i18n::date_time(until))}</p>
                <div class="row"><Button label=t::bulk::start() variant=ButtonVariant::Primary/></div>
            </form>
        }
        .into_any(),
        (RunStatus::Ready, None) => {
            let text = if found.over { t::bulk::over() } else { t::bulk::nothing() };
            view! { <Callout tone=Tone::Warning><p>{text}</p></Callout> }.into_any()
        }
        (RunStatus::Done, _) => ().into_any(),
    };
    view! {
        <Problems form/>
        {standing}
    }
    .into_any()
}

/// How many there are in each state, and what they come to.
#[component]
fn Counts(
    /// The states there are.
    counts: Vec<BulkCount>,
    /// Whether it was started.
    started: bool,
) -> impl IntoView {
    let row = move |count: BulkCount| {
        let (label, tone) = words::row(count.state, started);
        view! {
            <tr>
                <th scope="row"><Badge label tone/></th>
                <td class="num">{i18n::number(count.rows)}</td>
                <td class="num">{words::sums(&count.sums)}</td>
            </tr>
        }
    };
    let title = if started { t::bulk::result_title() } else { t::bulk::dry_title() };
    view! {
        <Card heading=title id="counts-heading">
            <DataTable caption=title caption_hidden=true>
                <thead>
                    <tr>
                        <th scope="col">{t::bulk::state()}</th>
                        <th scope="col" class="num">{t::bulk::customers()}</th>
                        <th scope="col" class="num">{t::bulk::amount()}</th>
                    </tr>
                </thead>
                <tbody>{counts.into_iter().map(row).collect_view()}</tbody>
            </DataTable>
        </Card>
    }
    .into_any()
}

/// The customers, one a row.
#[component]
fn Rows(
    /// The partner.
    org: OrgId,
    /// The page's path.
    path: String,
    /// Which rows.
    query: BulkQuery,
    /// The run.
    found: BulkView,
    /// Whether it was started.
    started: bool,
) -> impl IntoView {
    let to = |state, after| address(&path, BulkQuery { state, after }.pairs());
    let all = FilterChip {
        label: t::customers::all().into(),
        count: Some(i18n::number(found.run.total).into()),
        href: path.clone().into(),
        current: query.state.is_none(),
    };
    let of = |count: &BulkCount| {
        let current = query.state == Some(count.state);
        FilterChip {
            label: words::row(count.state, started).0.into(),
            count: Some(i18n::number(count.rows).into()),
            href: to(Some(count.state).filter(|_| !current), None).into(),
            current,
        }
    };
    let chips: Vec<_> = [all].into_iter().chain(found.counts.iter().map(of)).collect();
    let next = found.next.map(|after| to(query.state, Some(after)));
    let first = query.after.map(|_| to(query.state, None));
    let rows = found.lines.iter().map(|line| row(org, line, started)).collect_view();
    let table = match found.lines.is_empty() {
        true => view! {
            <EmptyState glyph=Glyph::Search heading=t::bulk::no_rows_title() text=t::bulk::no_rows_text()/>
        }
        .into_any(),
        false => view! {
            <DataTable caption=t::bulk::customers() caption_hidden=true>
                <thead>
                    <tr>
                        <th scope="col">{t::bulk::customer()}</th>
                        <th scope="col">{t::bulk::state()}</th>
                        <th scope="col" class="num">{t::field::seats()}</th>
                        <th scope="col" class="num">{t::bulk::amount()}</th>
                        <th scope="col">{t::bulk::effective_on()}</th>
                        <th scope="col" class="wrap">{t::bulk::reason()}</th>
                    </tr>
                </thead>
                <tbody>{rows}</tbody>
            </DataTable>
        }
        .into_any(),
    };
    view! {
        <section class="stack">
            <h2 id="rows-heading">{t::bulk::customers()}</h2>
            <FilterChips label=t::bulk::state() chips=Signal::stored(chips)/>
            {table}
            <Pagination label=t::customers::pages() previous_label=t::bulk::first_page()
                next_label=t::customers::next_page() previous=first next/>
        </section>
    }
    .into_any()
}

fn row(org: OrgId, line: &BulkLine, started: bool) -> impl IntoView + use<> {
    let (label, tone) = words::row(line.state, started);
    let amount = line.amount.filter(|amount| amount.minor != 0);
    view! {
        <tr>
            <th scope="row" dir="auto">
                <a href=format!("/store/{org}/customers/{}", line.org)>{line.name.clone()}</a>
            </th>
            <td data-label=t::bulk::state()><Badge label tone/></td>
            <td data-label=t::field::seats() class="num nowrap">{words::seats(line)}</td>
            <td data-label=t::bulk::amount() class="num">{amount.map(i18n::money)}</td>
            <td data-label=t::bulk::effective_on() class="nowrap">{line.effective_on.map(i18n::date)}</td>
            <td data-label=t::bulk::reason() class="wrap">{line.problem.as_ref().map(message::error)}</td>
        </tr>
    }
}

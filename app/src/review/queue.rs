//! `/review`: the queue. Everything it shows is in its address.

use super::api;
use crate::{
    data::Data,
    i18n,
    parts::{address::address, choice, live::use_changes, load::Loaded},
    t,
    ui::{
        Badge, DataTable, EmptyState, FilterChip, FilterChips, Glyph, LinkButton, PageHeader, Pagination,
        SearchBox, Text, Tone,
    },
    wire::me,
};
use kontor::{
    application::review::{QueueCounts, QueuePage as Page, QueueQuery, QueueRow},
    kernel::right::OrgKind,
};
use leptos::{ev, prelude::*};
use leptos_meta::Title;
use leptos_router::{
    NavigateOptions,
    hooks::{use_location, use_navigate, use_query_map},
    params::ParamsMap,
};

/// The list's path.
const PATH: &str = "/review";

/// `/review`
#[component]
pub fn QueuePage() -> impl IntoView {
    let search = use_location().search;
    let changes = me().place(OrgKind::Vendor).map(|vendor| use_changes(vendor.org, &["application"]));
    let asked_for = move || (search.get(), changes.map(|changes| changes.get()));
    let page = Data::new(asked_for, |(search, _)| api::queue(search));
    let map = use_query_map();
    let query = Memo::new(move |_| map.with(asked));
    let navigate = use_navigate();
    // The field stays while the list under it changes: whoever types keeps the focus.
    let on_search = Callback::new(move |text: String| {
        let query = QueueQuery { q: text.trim().to_owned(), ..query.get_untracked().first_page() };
        let options = NavigateOptions { replace: true, scroll: false, ..Default::default() };
        navigate(&address(PATH, query.pairs()), options);
    });
    let keep = query.get_untracked().first_page().pairs().into_iter().filter(|(name, _)| *name != "q");
    let keep = keep.map(|(name, value)| (Text::from(name), Text::from(value))).collect();
    walk_by_keys();
    view! {
        <Title text=t::review::title()/>
        <main id="content" class="content stack">
            <PageHeader heading=t::review::title()/>
            <SearchBox label=t::review::search() submit_label=t::review::search_button() action=PATH
                value=Signal::derive(move || query.with(|q| q.q.clone()))
                placeholder=t::review::search_placeholder() keep on_search/>
            <Loaded resource=page view=|(query, page)| view! { <Queue query page/> }.into_any()/>
        </main>
    }
}

/// The query of the address.
fn asked(map: &ParamsMap) -> QueueQuery {
    QueueQuery::from_pairs(map.into_iter().map(|(name, value)| (name.as_ref(), value)))
}

#[component]
fn Queue(
    /// What was asked for.
    query: QueueQuery,
    /// What there is.
    page: Page,
) -> impl IntoView {
    let at = |place| address(PATH, place);
    let next = page.next.map(|after| at(QueueQuery { after: Some(after), ..query.first_page() }.pairs()));
    let previous =
        page.previous.map(|before| at(QueueQuery { before: Some(before), ..query.first_page() }.pairs()));
    view! {
        <Filters query=query.clone() counts=page.counts/>
        {match page.rows.is_empty() {
            true => view! { <Nothing filtered=query != QueueQuery::default()/> }.into_any(),
            false => view! { <Rows rows=page.rows/> }.into_any(),
        }}
        <Pagination label=t::review::paging() previous_label=t::review::previous() next_label=t::review::next()
            previous next/>
    }
}

#[component]
fn Filters(
    /// What is asked for.
    query: QueueQuery,
    /// How many each filter would show.
    counts: QueueCounts,
) -> impl IntoView {
    let chip = |label: String, count: u64, with: QueueQuery, current: bool| FilterChip {
        label: label.into(),
        count: Some(i18n::number(count as i64).into()),
        href: address(PATH, with.first_page().pairs()).into(),
        current,
    };
    let base = query.first_page();
    let stages = counts.stages.iter().map(|(stage, n)| {
        let with = QueueQuery { stage: *stage, ..base.clone() };
        chip(choice::stage(*stage).into(), *n, with, query.stage == *stage)
    });
    let mut stages: Vec<FilterChip> = stages.collect();
    let mine = QueueQuery { mine: !query.mine, ..base.clone() };
    stages.push(chip(t::review::mine().into(), counts.mine, mine, query.mine));
    let overdue = QueueQuery { overdue: !query.overdue, ..base.clone() };
    stages.push(chip(t::review::overdue().into(), counts.overdue, overdue, query.overdue));
    // A filter in force stays in sight even if nothing is left, so that it can be taken away.
    let mut countries = counts.countries;
    if let Some(code) = query.country.clone().filter(|code| countries.iter().all(|(c, _)| c != code)) {
        countries.push((code, 0));
    }
    let countries = countries.into_iter().map(|(code, n)| {
        let current = query.country.as_ref() == Some(&code);
        let with = QueueQuery { country: (!current).then(|| code.clone()), ..base.clone() };
        chip(choice::country(&code), n, with, current)
    });
    let expertises = counts.expertises.into_iter().filter(|(e, n)| *n > 0 || query.expertise == Some(*e));
    let expertises = expertises.map(|(expertise, n)| {
        let current = query.expertise == Some(expertise);
        let with = QueueQuery { expertise: (!current).then_some(expertise), ..base.clone() };
        chip(choice::expertise(expertise).into(), n, with, current)
    });
    let narrowed = query.country.is_some() || query.expertise.is_some();
    let (countries, expertises): (Vec<_>, Vec<_>) = (countries.collect(), expertises.collect());
    view! {
        <div class="stack stack-tight">
            <FilterChips label=t::review::filter_status() chips=Signal::stored(stages)/>
            <details open=narrowed>
                <summary>{t::review::filter_more()}</summary>
                <div class="stack stack-tight">
                    <FilterChips label=t::review::filter_country() chips=Signal::stored(countries)/>
                    <FilterChips label=t::review::filter_expertise() chips=Signal::stored(expertises)/>
                </div>
            </details>
        </div>
    }
    .into_any()
}

#[component]
fn Nothing(
    /// Whether filters are in force.
    filtered: bool,
) -> impl IntoView {
    match filtered {
        true => view! {
            <EmptyState glyph=Glyph::Search heading=t::review::none_title() text=t::review::none_text()>
                <LinkButton label=t::review::clear() href=PATH/>
            </EmptyState>
        }
        .into_any(),
        false => view! {
            <EmptyState glyph=Glyph::Check heading=t::review::empty_title() text=t::review::empty_text()/>
        }
        .into_any(),
    }
}

#[component]
fn Rows(
    /// The applications.
    rows: Vec<QueueRow>,
) -> impl IntoView {
    view! {
        <DataTable caption=t::review::title() caption_hidden=true>
            <thead>
                <tr>
                    <th scope="col">{t::review::col_company()}</th>
                    <th scope="col">{t::review::col_status()}</th>
                    <th scope="col">{t::review::col_age()}</th>
                    <th scope="col">{t::review::col_due()}</th>
                    <th scope="col">{t::review::col_country()}</th>
                    <th scope="col">{t::review::col_expertise()}</th>
                    <th scope="col">{t::review::col_assigned()}</th>
                </tr>
            </thead>
            <tbody>{rows.into_iter().map(row).collect_view()}</tbody>
        </DataTable>
        <p class="muted small">{t::review::keys()}</p>
    }
}

fn row(row: QueueRow) -> impl IntoView {
    let age = t::review::age(row.age_days);
    view! {
        <tr>
            <th scope="row">
                <a href=format!("{PATH}/{}", row.id) data-walk="">{row.company_name}</a>
                <div class="muted small">{row.applicant} " · " {row.company_domain}</div>
            </th>
            <td><Badge label=choice::status(row.status) tone=choice::status_tone(row.status)/></td>
            <td class="nowrap">{match row.ageing {
                Some(ageing) => view! { <Badge label=age tone=choice::ageing_tone(ageing)/> }.into_any(),
                None => view! { {age} }.into_any(),
            }}</td>
            <td>
                {i18n::date(row.due)}
                {row.overdue.then(|| view! { " " <Badge label=t::review::overdue() tone=Tone::Danger/> })}
            </td>
            <td>{choice::country(&row.country)}</td>
            <td>{choice::expertise(row.expertise)}</td>
            <td>{row.assigned_to.unwrap_or_else(|| t::review::nobody().into())}</td>
        </tr>
    }
    .into_any()
}

/// j and k move through the list; Enter follows the link that has the focus, as everywhere.
fn walk_by_keys() {
    Effect::new(|| {
        let listening = window_event_listener(ev::keydown, |event| {
            let step: i32 = match event.key().as_str() {
                "j" => 1,
                "k" => -1,
                _ => return,
            };
            if !event.ctrl_key() && !event.meta_key() && !event.alt_key() && walk(step) {
                event.prevent_default();
            }
        });
        on_cleanup(move || listening.remove());
    });
}

/// There are no keys on the server.
#[cfg(not(feature = "hydrate"))]
fn walk(_step: i32) -> bool {
    false
}

/// Moves the focus along the rows' links; false where somebody types, or where there are no rows.
#[cfg(feature = "hydrate")]
fn walk(step: i32) -> bool {
    use leptos::{wasm_bindgen::JsCast, web_sys::HtmlElement};
    let document = document();
    let here = document.active_element();
    if here.as_ref().is_some_and(|e| e.matches("input, textarea, select, [contenteditable]").unwrap_or(false))
    {
        return false;
    }
    let Ok(links) = document.query_selector_all("a[data-walk]") else { return false };
    let count = links.length() as i32;
    if count == 0 {
        return false;
    }
    let at = (0..count).find(|n| {
        let link = links.item(*n as u32).and_then(|node| node.dyn_into::<leptos::web_sys::Element>().ok());
        link.is_some() && link == here
    });
    let to = match at {
        Some(at) => (at + step).clamp(0, count - 1),
        None if step > 0 => 0,
        None => count - 1,
    };
    let Some(link) = links.item(to as u32).and_then(|node| node.dyn_into::<HtmlElement>().ok()) else {
        return false;
    };
    link.focus().is_ok()
}

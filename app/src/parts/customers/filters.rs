//! Filters with their counts, and the order: links, so that they work without script and can be kept.

use super::{Listed, address, words};
use crate::{
    i18n,
    parts::choice::country,
    t,
    ui::{FilterChip, FilterChips},
};
use kontor::{
    mapping::{CustomerQuery, CustomerStatus, Due, Sort},
    subscription::Plan,
};
use leptos::prelude::*;

/// The filters: by status, by what needs attention, by plan. Following the one in force lifts it.
#[component]
pub fn Filters(
    /// What the server answered.
    listed: Listed,
) -> impl IntoView {
    let Listed { base, query, page, .. } = listed;
    let (now, facets) = (query.first(), page.facets);
    let chip =
        |label: &'static str, count: i64, current: bool, with: CustomerQuery, without: CustomerQuery| {
            let href = address(&base, if current { &without } else { &with });
            FilterChip {
                label: label.into(),
                count: Some(i18n::number(count).into()),
                href: href.into(),
                current,
            }
        };

    let any = CustomerQuery {
        status: None,
        verified: None,
        due: None,
        withdrawn: false,
        country: None,
        plan: None,
        ..now.clone()
    };
    let mut status = vec![chip(t::customers::all(), facets.all, now.filters() == 0, any.clone(), any)];
    for value in CustomerStatus::ALL.iter().copied() {
        let with = |status| CustomerQuery { status, due: None, ..now.clone() };
        let (label, _) = words::status(value);
        let current = now.status == Some(value);
        status.push(chip(label, facets.in_status(value), current, with(Some(value)), with(None)));
    }

    let unverified = |verified| CustomerQuery { verified, ..now.clone() };
    let due = |due| CustomerQuery { due, status: None, ..now.clone() };
    let withdrawn = |withdrawn| CustomerQuery { withdrawn, ..now.clone() };
    let mut attention = vec![chip(
        t::customers::unverified(),
        facets.unverified,
        now.verified == Some(false),
        unverified(Some(false)),
        unverified(None),
    )];
    for (value, label) in
        [(Due::Trial, t::customers::due_trial()), (Due::Renewal, t::customers::due_renewal())]
    {
        attention.push(chip(
            label,
            facets.due_in(value),
            now.due == Some(value),
            due(Some(value)),
            due(None),
        ));
    }
    attention.push(chip(
        t::customers::withdrawn(),
        facets.withdrawn,
        now.withdrawn,
        withdrawn(true),
        withdrawn(false),
    ));

    let mut plans = Vec::new();
    for value in Plan::ALL.iter().copied() {
        let with = |plan| CustomerQuery { plan, ..now.clone() };
        let current = now.plan == Some(value);
        plans.push(chip(value.name(), facets.on_plan(value), current, with(Some(value)), with(None)));
    }
    let only = now.country.clone().map(|code| {
        let all = address(&base, &CustomerQuery { country: None, ..now.clone() });
        view! {
            <p>{t::customers::only_country(country(&code))} " " <a href=all>{t::customers::all_countries()}</a></p>
        }
    });
    view! {
        <div class="stack-tight">
            {only}
            <FilterChips label=t::customers::filter_status() chips=Signal::stored(status)/>
            <FilterChips label=t::customers::filter_attention() chips=Signal::stored(attention)/>
            <FilterChips label=t::customers::filter_plan() chips=Signal::stored(plans)/>
        </div>
    }
    .into_any()
}

/// The order. A list of near dates is always ordered by them.
#[component]
pub fn SortLinks(
    /// What the server answered.
    listed: Listed,
) -> impl IntoView {
    let Listed { base, query, .. } = listed;
    if query.due.is_some() {
        return ().into_any();
    }
    let links = Sort::ALL.iter().copied().map(|sort| {
        let href = address(&base, &CustomerQuery { sort, ..query.first() });
        let current = (query.sort == sort).then_some("true");
        view! { <a href=href aria-current=current>{words::sort(sort)}</a> }
    });
    view! {
        <div class="row">
            <span class="muted small" aria-hidden="true">{t::customers::sort()}</span>
            <div class="segmented" role="group" aria-label=t::customers::sort()>{links.collect_view()}</div>
        </div>
    }
    .into_any()
}

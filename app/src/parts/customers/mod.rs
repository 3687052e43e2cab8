//! A list of customers, as partners and the vendor see it: search, filters, order, pages, all in the address.

mod acts;
mod card;
mod filters;
mod table;
pub mod words;

use crate::{
    data::Data,
    i18n,
    parts::load::Loaded,
    t,
    ui::{ButtonVariant, EmptyState, Glyph, Icon, LinkButton, Pagination, SearchBox, SkeletonKind, Text},
};
use card::CustomerArticle;
pub use filters::Filters;
use filters::SortLinks;
use kontor::kernel::id::OrgId;
use kontor::mapping::{CustomerPage, CustomerQuery, Direction, ListView, Total};
use leptos::prelude::*;
use leptos_router::{NavigateOptions, hooks::use_navigate};
use serde::{Deserialize, Serialize};
use table::CustomerTable;

/// A page of a list, and what its links are made of.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Listed {
    /// The list's address without a query.
    pub base: String,
    /// What was asked for.
    pub query: CustomerQuery,
    /// The answer.
    pub page: CustomerPage,
    /// The partner whose list it is; none for the list of all.
    pub partner: Option<OrgId>,
    /// Where an organisation is added, for those who may.
    pub add: Option<String>,
    /// Whether its customers lead to their subscriptions: in the store.
    pub subscriptions: bool,
    /// The list of payments that its customers lead to, for those who may see it.
    pub payments: Option<String>,
}

/// The address of a list.
pub fn address(base: &str, query: &CustomerQuery) -> String {
    match query.to_query() {
        query if query.is_empty() => base.to_owned(),
        query => format!("{base}?{query}"),
    }
}

/// The address of a list with one parameter more.
pub fn address_with(base: &str, query: &CustomerQuery, more: &str) -> String {
    let address = address(base, query);
    format!("{address}{}{more}", if address.contains('?') { '&' } else { '?' })
}

/// Search and view: they stay while the list under them changes.
#[component]
pub fn CustomerSearch(
    /// The list's address without a query.
    base: Signal<String>,
    /// What the address asks for.
    query: Signal<CustomerQuery>,
) -> impl IntoView {
    let navigate = use_navigate();
    let search = Callback::new(move |text: String| {
        let now = query.get_untracked();
        if now.q == text.trim() {
            return;
        }
        let next = CustomerQuery { q: text.trim().to_owned(), ..now.first() };
        let options = NavigateOptions { replace: true, scroll: false, ..NavigateOptions::default() };
        navigate(&address(&base.get_untracked(), &next), options);
    });
    let kept = CustomerQuery { q: String::new(), ..query.get_untracked().first() }.to_pairs();
    let keep = kept.into_iter().map(|(name, value)| (Text::Borrowed(name), Text::from(value))).collect();
    let views = [
        (ListView::Cards, Glyph::Grid, t::customers::view_cards()),
        (ListView::List, Glyph::List, t::customers::view_list()),
    ];
    let views = views.map(|(view, glyph, label)| {
        let href = move || address(&base.get(), &CustomerQuery { view, ..query.get() });
        let current = move || (query.get().view == view).then_some("true");
        view! {
            <a href=href aria-current=current><Icon glyph/><span class="visually-hidden">{label}</span></a>
        }
    });
    view! {
        <div class="row row-between">
            <SearchBox
                label=t::customers::search()
                submit_label=t::customers::search_submit()
                action=base.get_untracked()
                placeholder=t::customers::search_hint()
                value=Signal::derive(move || Some(query.get().q))
                keep=keep
                on_search=search
            />
            <div class="segmented" role="group" aria-label=t::customers::view()>{views.into_iter().collect_view()}</div>
        </div>
    }
    .into_any()
}

/// The list: filters, cards or rows, pages.
#[component]
pub fn CustomerResults(
    /// What the server answered.
    resource: Data<Listed>,
) -> impl IntoView {
    view! {
        <Loaded resource view=|listed| view! { <Results listed/> }.into_any()
            skeleton=SkeletonKind::Cards(6) label=t::customers::loading()/>
    }
    .into_any()
}

#[component]
fn Results(
    /// What the server answered.
    listed: Listed,
) -> impl IntoView {
    let Listed { base, query, page, .. } = listed.clone();
    let nobody = page.facets.all + page.facets.withdrawn == 0;
    let total = match page.total {
        Total::Exactly(n) => t::customers::total(n),
        Total::MoreThan(n) => t::customers::total_more(i18n::number(n)),
    };
    let to = |direction, place| address(&base, &query.at(direction, place));
    let (next, previous) = (page.next.clone(), page.previous.clone());
    let next = next.map(|place| to(Direction::After, place));
    let previous = previous.map(|place| to(Direction::Before, place));
    let body = match (page.cards.is_empty(), query.view) {
        (true, _) => view! { <Nothing listed=listed.clone()/> }.into_any(),
        (false, ListView::Cards) => {
            let card = |card| {
                view! {
                    <CustomerArticle card partner=listed.partner subscriptions=listed.subscriptions
                        payments=listed.payments.clone()/>
                }
            };
            view! { <div class="card-grid">{page.cards.into_iter().map(card).collect_view()}</div> }
                .into_any()
        }
        (false, ListView::List) => view! { <CustomerTable listed=listed.clone()/> }.into_any(),
    };
    view! {
        {(!nobody).then(|| view! {
            <Filters listed=listed.clone()/>
            <div class="row row-between">
                <p role="status" class="muted">{total.clone()}</p>
                <SortLinks listed=listed.clone()/>
            </div>
        })}
        {body}
        <Pagination
            label=t::customers::pages()
            previous_label=t::customers::previous_page()
            next_label=t::customers::next_page()
            previous
            next
        />
    }
    .into_any()
}

/// An empty list: because nobody is there yet, or because nobody matches.
#[component]
fn Nothing(
    /// What the server answered.
    listed: Listed,
) -> impl IntoView {
    if listed.query.is_narrowed() || listed.query.cursor.is_some() {
        let all = CustomerQuery { view: listed.query.view, ..CustomerQuery::default() };
        return view! {
            <EmptyState glyph=Glyph::Search heading=t::customers::no_match_title() text=t::customers::no_match_text()>
                <LinkButton label=t::customers::show_all() href=address(&listed.base, &all)/>
            </EmptyState>
        }
        .into_any();
    }
    match listed.add {
        Some(href) => view! {
            <EmptyState glyph=Glyph::Building heading=t::customers::empty_title() text=t::customers::empty_text()>
                <LinkButton label=t::customers::add() href=href icon=Glyph::Plus variant=ButtonVariant::Primary/>
            </EmptyState>
        }
        .into_any(),
        None => view! {
            <EmptyState glyph=Glyph::Building heading=t::customers::empty_title() text=t::customers::empty_all_text()/>
        }
        .into_any(),
    }
}

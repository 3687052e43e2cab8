//! `/store/{org}/customers/bulk`: which customers, and what is done to each.

use super::{api, choose_path, run_path, words};
use crate::{
    data::Data,
    form::{Problems, plain_form},
    i18n,
    parts::{
        customers::{Filters, Listed, address, words as customer_words},
        live::use_changes,
        load::Loaded,
    },
    t,
    ui::{
        Badge, Button, ButtonVariant, Card, Checkbox, DataTable, EmptyState, Glyph, Input, InputKind,
        LinkButton, Pagination, RadioOption, Radios,
    },
};
use kontor::{
    bulk::{BulkChoice, BulkSummary, MAX_ROWS, Operation},
    kernel::id::OrgId,
    mapping::{CustomerCard, CustomerQuery, Direction, Total},
};
use leptos::prelude::*;
use leptos_router::hooks::use_location;

/// The call that begins a dry run.
const PLAN: &str = "/api/store/plan_bulk";
/// The name of the checkboxes.
const CUSTOMERS: &str = "customers[]";

/// The choice, and the latest runs.
#[component]
pub fn Choose(
    /// The partner.
    org: OrgId,
) -> impl IntoView {
    let search = use_location().search;
    let query = Memo::new(move |_| CustomerQuery::from_query(&search.get()));
    let changes = use_changes(org, &["bulk"]);
    let choice = Data::new(
        move || (query.get(), changes.get()),
        move |(query, _)| async move { api::choice(org, query.to_query()).await.map(|choice| (org, choice)) },
    );
    view! { <Loaded resource=choice view=|(org, choice)| view! { <Shown org choice/> }.into_any()/> }
}

#[component]
fn Shown(
    /// The partner.
    org: OrgId,
    /// What can be chosen from.
    choice: BulkChoice,
) -> impl IntoView {
    let BulkChoice { query, page, runs, request_key } = choice;
    let base = choose_path(org);
    let listed = Listed {
        base: base.clone(),
        query: query.clone(),
        page: page.clone(),
        partner: None,
        add: None,
        subscriptions: false,
        payments: None,
    };
    let to = |direction, place| address(&base, &query.at(direction, place));
    let next = page.next.map(|place| to(Direction::After, place));
    let previous = page.previous.map(|place| to(Direction::Before, place));
    let form = match page.cards.is_empty() {
        true => view! {
            <EmptyState glyph=Glyph::Search heading=t::customers::no_match_title() text=t::customers::no_match_text()>
                <LinkButton label=t::customers::show_all() href=base/>
            </EmptyState>
        }
        .into_any(),
        false => view! {
            <Form org query=query.first() cards=page.cards total=page.total request_key/>
            <Pagination label=t::customers::pages() previous_label=t::customers::previous_page()
                next_label=t::customers::next_page() previous next/>
        }
        .into_any(),
    };
    view! {
        <Filters listed/>
        {form}
        {(!runs.is_empty()).then(|| view! { <Runs org runs/> })}
    }
    .into_any()
}

#[component]
fn Form(
    /// The partner.
    org: OrgId,
    /// Which customers all are, without the place in the list.
    query: CustomerQuery,
    /// A page of them.
    cards: Vec<CustomerCard>,
    /// How many they are.
    total: Total,
    /// Key of the form.
    request_key: String,
) -> impl IntoView {
    let form = plain_form(PLAN);
    let operations = Operation::ALL
        .iter()
        .map(|operation| {
            RadioOption::new(operation.key(), words::operation(*operation)).hint(words::about(*operation))
        })
        .collect();
    let all = match total {
        Total::Exactly(n) => t::bulk::scope_all(n),
        Total::MoreThan(n) => t::bulk::scope_all_more(i18n::number(n)),
    };
    let scopes = vec![
        RadioOption::new("ticked", t::bulk::scope_ticked()).hint(t::bulk::scope_ticked_about()),
        RadioOption::new("all", all).hint(t::bulk::scope_all_about(i18n::number(i64::from(MAX_ROWS)))),
    ];
    let rows = cards
        .into_iter()
        .map(|card| {
            let (status, tone) = customer_words::status(card.status);
            let id = card.org.to_string();
            let checked = form.ticked(CUSTOMERS, &id, false);
            view! {
                <tr>
                    <th scope="row">
                        <Checkbox name=CUSTOMERS id=format!("tick-{id}") label=card.name.clone() value=id checked/>
                    </th>
                    <td data-label=t::customers::domain()>{card.domain.clone()}</td>
                    <td data-label=t::customers::plan()>{card.plan.name()}" "<Badge label=status tone/></td>
                    <td data-label=t::customers::licences() class="num">{customer_words::licences(&card)}</td>
                    <td data-label=t::customers::term()>{customer_words::term(card.term)}</td>
                    <td data-label=t::customers::renewal_date() class="nowrap">{card.ends_on.map(i18n::date)}</td>
                </tr>
            }
        })
        .collect_view();
    view! {
        <Problems form/>
        <form class="stack" method="post" action=PLAN novalidate>
            <input type="hidden" name="org" value=org.to_string()/>
            <input type="hidden" name="query" value=query.to_query()/>
            <input type="hidden" name="request_key" value=form.value_or("request_key", &request_key)/>
            <DataTable caption=t::customers::all_title() caption_hidden=true>
                <thead>
                    <tr>
                        <th scope="col">{t::customers::organisation()}</th>
                        <th scope="col">{t::customers::domain()}</th>
                        <th scope="col">{t::customers::plan()}</th>
                        <th scope="col" class="num">{t::customers::licences()}</th>
                        <th scope="col">{t::customers::term()}</th>
                        <th scope="col">{t::customers::renewal_date()}</th>
                    </tr>
                </thead>
                <tbody>{rows}</tbody>
            </DataTable>
            <Card heading=t::bulk::what_title() id="what-heading">
                <div class="form">
                    <Radios name="scope" legend=t::field::scope() options=scopes
                        selected=form.value_or("scope", "ticked") error=form.error("scope")/>
                    <Radios name="operation" legend=t::field::operation() options=operations
                        selected=form.value("operation") error=form.error("operation")/>
                    <Input name="seats" label=t::field::seats() kind=InputKind::Number size=8 hint=t::bulk::seats_hint()
                        value=form.value("seats") error=form.error("seats")/>
                    <p class="muted">{t::bulk::try_text()}</p>
                    <div class="row"><Button label=t::bulk::try_it() variant=ButtonVariant::Primary/></div>
                </div>
            </Card>
        </form>
    }
    .into_any()
}

/// The latest runs.
#[component]
fn Runs(
    /// The partner.
    org: OrgId,
    /// The runs, newest first.
    runs: Vec<BulkSummary>,
) -> impl IntoView {
    let row = move |run: BulkSummary| {
        let (status, tone) = words::status(run.status);
        let what = words::what(run.operation, run.seats);
        view! {
            <tr>
                <td data-label=t::bulk::when() class="nowrap">{i18n::date_time(run.at)}</td>
                <th scope="row"><a href=run_path(org, run.id)>{what}</a></th>
                <td data-label=t::bulk::customers() class="num">{i18n::number(run.total)}</td>
                <td data-label=t::bulk::by() dir="auto">{crate::admin::words::actor(&run.by)}</td>
                <td data-label=t::bulk::state()><Badge label=status tone/></td>
            </tr>
        }
    };
    view! {
        <Card heading=t::bulk::runs_title() id="runs-heading">
            <DataTable caption=t::bulk::runs_title() caption_hidden=true>
                <thead>
                    <tr>
                        <th scope="col">{t::bulk::when()}</th>
                        <th scope="col">{t::bulk::what()}</th>
                        <th scope="col" class="num">{t::bulk::customers()}</th>
                        <th scope="col">{t::bulk::by()}</th>
                        <th scope="col">{t::bulk::state()}</th>
                    </tr>
                </thead>
                <tbody>{runs.into_iter().map(row).collect_view()}</tbody>
            </DataTable>
        </Card>
    }
    .into_any()
}

//! `/store/{org}/commissions`: what a partner has earned, why each amount is what it is, months that are closed, and what
//! a sale would earn.

pub mod api;
mod lines;
mod statement;
mod what_if;
pub mod words;

use crate::{
    admin::of_org,
    data::Data,
    i18n,
    parts::{address::address, load::Loaded},
    t,
    ui::{Card, DataTable, EmptyState, Glyph, LinkButton, PageHeader, Stat, Tone},
};
use kontor::{
    commission::{Balance, Earned, LineQuery, Statement, WhatIf},
    kernel::{id::OrgId, money::Money},
};
use leptos::prelude::*;
use leptos_meta::Title;
use leptos_router::hooks::use_query_map;
use lines::{LineFilters, LineTable, Why};
use statement::StatementView;
use what_if::WhatIfCard;

/// `/store/{org}/commissions`
#[component]
pub fn CommissionsPage() -> impl IntoView {
    of_org(|org| {
        let query = use_query_map();
        let closed = Memo::new(move |_| query.with(|q| q.get("statement")));
        let page = move || match closed.get() {
            Some(month) => view! { <StatementView org month/> }.into_any(),
            None => view! { <Commissions org/> }.into_any(),
        };
        page.into_any()
    })
}

fn path(org: OrgId) -> String {
    format!("/store/{org}/commissions")
}

#[component]
fn Commissions(
    /// The partner.
    org: OrgId,
) -> impl IntoView {
    let query = use_query_map();
    let asked = Memo::new(move |_| {
        query.with(|q| LineQuery::from_pairs(q.latest_values().map(|(k, v)| (k.as_ref(), v))))
    });
    let earned = Data::new(
        move || asked.get(),
        move |query| async move { api::commissions(org, query.clone()).await.map(|earned| (org, query, earned)) },
    );
    let line = Memo::new(move |_| query.with(|q| q.get("line").and_then(|id| id.parse().ok())));
    let imagined = Memo::new(move |_| {
        let form = query.with(|q| WhatIf::from_pairs(q.latest_values().map(|(k, v)| (k.as_ref(), v))));
        (form.seats != String::new()).then_some(form)
    });
    view! {
        <Title text=t::store::nav_commissions()/>
        <main id="content" class="content stack-loose">
            <PageHeader heading=t::store::nav_commissions() description=t::commission::text()>
                <LinkButton label=t::store::nav_payouts() href=format!("/store/{org}/payouts")/>
            </PageHeader>
            {move || line.get().map(|line| {
                let close = address(&path(org), asked.get_untracked().pairs());
                view! { <Why org line close/> }
            })}
            <Loaded resource=earned view=|(org, query, earned)| view! { <Shown org query earned/> }.into_any()/>
            {move || view! { <WhatIfCard org form=imagined.get()/> }}
        </main>
    }
    .into_any()
}

#[component]
fn Shown(
    /// The partner.
    org: OrgId,
    /// What is looked for.
    query: LineQuery,
    /// What was found.
    earned: Earned,
) -> impl IntoView {
    let of_one = earned.lines.rows.first().filter(|_| query.customer.is_some());
    let customer = of_one.map(|row| row.customer.clone());
    let pairs = query.pairs();
    let several = earned.balances.iter().any(|b| b.entity != earned.balances[0].entity);
    let balances =
        earned.balances.into_iter().map(|balance| view! { <Held balance several/> }).collect_view();
    let statements =
        (!earned.statements.is_empty()).then(|| view! { <Statements org rows=earned.statements/> });
    view! {
        {balances}
        <section class="stack" aria-labelledby="lines-heading">
            <h2 id="lines-heading">{t::commission::lines()}</h2>
            <LineFilters path=path(org) query customer/>
            <LineTable org pairs page=earned.lines/>
        </section>
        {statements}
    }
    .into_any()
}

/// What a partner has at one entity in one currency.
#[component]
pub fn Held(
    /// The balance.
    balance: Balance,
    /// Whether there are several entities, so that each is named.
    several: bool,
) -> impl IntoView {
    let money = |minor: i64| i18n::money(Money::new(minor, balance.currency));
    let heading = match several {
        true => t::commission::balance_at(balance.currency.key(), balance.entity.to_uppercase()),
        false => t::commission::balance_in(balance.currency.key()),
    };
    let id = format!("balance-{}-{}", balance.entity, balance.currency);
    let labelled = id.clone();
    let available = match balance.available < 0 {
        true => view! {
            <Stat label=t::commission::state_available() value=money(balance.available) note=t::commission::negative()
                tone=Tone::Danger/>
        }
        .into_any(),
        false => view! { <Stat label=t::commission::state_available() value=money(balance.available)/> }.into_any(),
    };
    view! {
        <section class="stack" aria-labelledby=labelled>
            <h2 id=id>{heading}</h2>
            <div class="stat-grid">
                <Stat label=t::commission::state_pending() value=money(balance.pending) note=t::commission::pending_note()/>
                {available}
                <Stat label=t::commission::state_locked() value=money(balance.locked)/>
                <Stat label=t::commission::state_paid() value=money(balance.paid)/>
            </div>
        </section>
    }
    .into_any()
}

#[component]
fn Statements(
    /// The partner.
    org: OrgId,
    /// The statements, the latest first.
    rows: Vec<Statement>,
) -> impl IntoView {
    let rows = rows
        .into_iter()
        .map(|row| {
            let money = |minor: i64| i18n::money(Money::new(minor, row.currency));
            let href = format!("{}?statement={}", path(org), row.month);
            let (year, month) = row.month.civil();
            view! {
                <tr>
                    <th scope="row"><a href=href>{t::report::month_of(i18n::month(month), year)}</a></th>
                    <td>{row.entity.to_uppercase()}</td>
                    <td class="num">{money(row.figures.opening)}</td>
                    <td class="num">{money(row.figures.earned)}</td>
                    <td class="num">{money(-row.figures.reversed)}</td>
                    <td class="num">{money(-row.figures.paid)}</td>
                    <td class="num">{money(row.figures.closing)}</td>
                </tr>
            }
        })
        .collect_view();
    view! {
        <Card heading=t::commission::statements() id="statements-heading">
            <DataTable caption=t::commission::statements() caption_hidden=true>
                <thead>
                    <tr>
                        <th scope="col">{t::commission::month()}</th>
                        <th scope="col">{t::commission::entity()}</th>
                        <th scope="col" class="num">{t::commission::opening()}</th>
                        <th scope="col" class="num">{t::commission::earned()}</th>
                        <th scope="col" class="num">{t::commission::reversed()}</th>
                        <th scope="col" class="num">{t::commission::paid()}</th>
                        <th scope="col" class="num">{t::commission::closing()}</th>
                    </tr>
                </thead>
                <tbody>{rows}</tbody>
            </DataTable>
        </Card>
    }
    .into_any()
}

/// In place of lines that are not there.
fn nothing() -> AnyView {
    view! { <EmptyState glyph=Glyph::Payment heading=t::commission::none_title() text=t::commission::none_text()/> }
        .into_any()
}

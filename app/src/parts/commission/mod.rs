//! `/store/{org}/commissions`: what a partner has earned, why each amount is what it is, months that are closed, and what
//! a sale would earn. `/vendor/commissions/{partner}`: the same for the vendor's finance, who may put a line right.

pub mod api;
mod csv;
mod lines;
mod statement;
mod what_if;
pub mod words;

use crate::{
    admin::of_org,
    data::Data,
    i18n,
    parts::{
        address::address,
        load::{Failed, Loaded},
    },
    t,
    ui::{Card, DataTable, EmptyState, Glyph, LinkButton, PageHeader, Stat, Tone},
};
use kontor::{
    Error,
    commission::{Balance, Earned, LineQuery, Month, Statement, WhatIf},
    kernel::{id::OrgId, money::Money},
};
use leptos::prelude::*;
use leptos_meta::Title;
use leptos_router::hooks::{use_params_map, use_query_map};
use lines::{LineFilters, LineTable, Why};
use statement::StatementView;
use what_if::WhatIfCard;

pub use csv::{lines_csv, statements_csv};

/// `/store/{org}/commissions`
#[component]
pub fn CommissionsPage() -> impl IntoView {
    of_org(|org| view! { <Pages org/> }.into_any())
}

/// `/vendor/commissions/{partner}`
#[component]
pub fn VendorCommissionsPage() -> impl IntoView {
    provide_context(Finance);
    let params = use_params_map();
    let partner =
        Memo::new(move |_| params.with(|p| p.get("partner").and_then(|id| id.parse::<OrgId>().ok())));
    move || match partner.get() {
        Some(org) => view! { <Pages org/> }.into_any(),
        None => {
            view! { <main id="content" class="content"><Failed error=Error::NotFound/></main> }.into_any()
        }
    }
}

/// On the pages of the vendor's finance.
#[derive(Debug, Clone, Copy)]
struct Finance;

/// Whether the vendor's finance looks.
fn is_finance() -> bool {
    use_context::<Finance>().is_some()
}

#[component]
fn Pages(
    /// The partner.
    org: OrgId,
) -> impl IntoView {
    let query = use_query_map();
    let closed = Memo::new(move |_| query.with(|q| q.get("statement")));
    move || match closed.get() {
        Some(month) => view! { <StatementView org month/> }.into_any(),
        None => view! { <Commissions org/> }.into_any(),
    }
}

fn path(org: OrgId) -> String {
    match is_finance() {
        true => format!("/vendor/commissions/{org}"),
        false => format!("/store/{org}/commissions"),
    }
}

/// The file of a list: the page's address with what it shows, from the beginning.
fn csv_of(org: OrgId, mut pairs: Vec<(&'static str, String)>) -> String {
    pairs.retain(|(name, _)| *name != "after");
    pairs.push(("format", "csv".to_owned()));
    address(&path(org), pairs)
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
    let before = Memo::new(move |_| query.with(|q| q.get("before")).unwrap_or_default());
    let finance = is_finance();
    let earned = Data::new(
        move || (asked.get(), before.get()),
        move |(query, before)| async move {
            let earned = match finance {
                true => api::vendor_commissions(org, query.clone(), before).await,
                false => api::commissions(org, query.clone(), before).await,
            };
            earned.map(|earned| (org, query, earned))
        },
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
                {match finance {
                    true => view! {
                        <LinkButton label=t::report::title() href=address("/vendor/reports", vec![("partner", org.to_string())])/>
                        <LinkButton label=t::store::nav_payouts() href=address("/vendor/payouts", vec![("partner", org.to_string())])/>
                    }.into_any(),
                    false => view! { <LinkButton label=t::store::nav_payouts() href=format!("/store/{org}/payouts")/> }.into_any(),
                }}
            </PageHeader>
            {move || line.get().map(|line| {
                let close = address(&path(org), asked.get_untracked().pairs());
                view! { <Why org line close/> }
            })}
            <Loaded resource=earned view=|(org, query, earned)| view! { <Shown org query earned/> }.into_any()/>
            {move || (!finance).then(|| view! { <WhatIfCard org form=imagined.get()/> })}
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
    let statements = (!earned.statements.is_empty())
        .then(|| view! { <Statements org rows=earned.statements earlier=earned.earlier/> });
    view! {
        {balances}
        <section class="stack">
            <h2 id="lines-heading">{t::commission::lines()}</h2>
            <LineFilters path=path(org) query=query.clone() customer/>
            <p><LinkButton label=t::report::csv() href=csv_of(org, query.pairs()) icon=Glyph::Download rel="external"/></p>
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
    /// Before which month there are more.
    earlier: Option<Month>,
) -> impl IntoView {
    let earlier = earlier.map(|month| address(&path(org), vec![("before", month.to_string())]));
    let file = csv_of(org, vec![("list", "statements".to_owned())]);
    let rows = rows
        .into_iter()
        .map(|row| {
            let money = |minor: i64| i18n::money(Money::new(minor, row.currency));
            let href = format!("{}?statement={}", path(org), row.month);
            let (year, month) = row.month.civil();
            view! {
                <tr>
                    <th scope="row"><a href=href>{t::report::month_of(i18n::month(month), year)}</a></th>
                    <td data-label=t::commission::entity()>{row.entity.to_uppercase()}</td>
                    <td data-label=t::commission::opening() class="num">{money(row.figures.opening)}</td>
                    <td data-label=t::commission::earned() class="num">{money(row.figures.earned)}</td>
                    <td data-label=t::commission::reversed() class="num">{money(-row.figures.reversed)}</td>
                    <td data-label=t::commission::paid() class="num">{money(-row.figures.paid)}</td>
                    <td data-label=t::commission::closing() class="num">{money(row.figures.closing)}</td>
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
            <p>
                {earlier.map(|href| view! { <LinkButton label=t::payment::next_page() href/> " " })}
                <LinkButton label=t::report::csv() href=file icon=Glyph::Download rel="external"/>
            </p>
        </Card>
    }
    .into_any()
}

/// In place of lines that are not there.
fn nothing() -> AnyView {
    view! { <EmptyState glyph=Glyph::Payment heading=t::commission::none_title() text=t::commission::none_text()/> }
        .into_any()
}

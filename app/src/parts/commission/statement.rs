//! A closed month: what was owed, earned, taken back and paid, and the lines.

use super::{
    api, csv_of, is_finance,
    lines::{LineTable, Why},
    path,
};
use crate::{
    data::Data,
    i18n,
    parts::{address::address, load::Loaded},
    t,
    ui::{Callout, EmptyState, Glyph, LinkButton, PageHeader, Stat, Tone},
};
use kontor::{
    commission::{Month, Recount, Statement, StatementPage},
    kernel::{id::OrgId, money::Money},
};
use leptos::prelude::*;
use leptos_meta::Title;
use leptos_router::hooks::use_query_map;

/// `/store/{org}/commissions?statement=2026-10`
#[component]
pub fn StatementView(
    /// The partner.
    org: OrgId,
    /// The month, as the address says it.
    month: String,
) -> impl IntoView {
    let query = use_query_map();
    let after = Memo::new(move |_| query.with(|q| q.get("after")).unwrap_or_default());
    let line = Memo::new(move |_| query.with(|q| q.get("line").and_then(|id| id.parse().ok())));
    let check = Memo::new(move |_| query.with(|q| q.get("check").is_some()));
    let asked = month.clone();
    let here = month.clone();
    let again = address(&path(org), vec![("statement", month.clone()), ("check", "1".to_owned())]);
    let file = csv_of(org, vec![("month", month.clone())]);
    let finance = is_finance();
    let found = Data::new(
        move || (asked.clone(), after.get(), check.get()),
        move |(month, after, check)| async move {
            let page = match finance {
                true => api::vendor_statement(org, month, after.clone(), check).await,
                false => api::statement(org, month, after.clone(), check).await,
            };
            page.map(|page| (org, after, page))
        },
    );
    let heading = match month.parse::<Month>() {
        Ok(month) => {
            let (year, month) = month.civil();
            t::commission::statement_of(t::report::month_of(i18n::month(month), year))
        }
        Err(_) => t::commission::statements().to_owned(),
    };
    view! {
        <Title text=heading.clone()/>
        <main id="content" class="content stack-loose">
            <PageHeader heading>
                <LinkButton label=t::store::nav_commissions() href=path(org)/>
                <LinkButton label=t::commission::check_again() href=again/>
                <LinkButton label=t::report::csv() href=file icon=Glyph::Download rel="external"/>
            </PageHeader>
            {move || line.get().map(|line| {
                let close = address(&path(org), pairs(&here, &after.get_untracked()));
                view! { <Why org line close/> }
            })}
            <Loaded resource=found view=|(org, after, page)| match page {
                Some(page) => view! { <Closed org after page/> }.into_any(),
                None => view! {
                    <EmptyState glyph=Glyph::Clock heading=t::commission::not_closed() text=t::commission::not_closed_text()/>
                }
                .into_any(),
            }/>
        </main>
    }
    .into_any()
}

/// The parameters of a month's page, behind a line.
fn pairs(month: &str, after: &str) -> Vec<(&'static str, String)> {
    let mut pairs = vec![("statement", month.to_owned())];
    if !after.is_empty() {
        pairs.push(("after", after.to_owned()));
    }
    pairs
}

#[component]
fn Closed(
    /// The partner.
    org: OrgId,
    /// Behind which line the page of lines begins; empty for the first.
    after: String,
    /// The month.
    page: StatementPage,
) -> impl IntoView {
    let month = page.statements.first().map(|s| s.month.to_string()).unwrap_or_default();
    let mut checked = page.checked.into_iter();
    let statements = page
        .statements
        .into_iter()
        .map(|s| view! { <Figures statement=s check=checked.next()/> })
        .collect_view();
    view! {
        {statements}
        <LineTable org pairs=pairs(&month, &after) page=page.lines/>
    }
    .into_any()
}

#[component]
fn Figures(
    /// The statement.
    statement: Statement,
    /// What its lines give when they are counted again, if that was asked for.
    check: Option<Recount>,
) -> impl IntoView {
    let currency = statement.currency;
    let money = move |minor: i64| i18n::money(Money::new(minor, currency));
    let figures = &statement.figures;
    let closed = t::commission::closed_at(
        i18n::date_time(statement.closed_at),
        figures.digest.get(..12).unwrap_or_default(),
    );
    view! {
        <section class="stack">
            <h2>{t::commission::balance_at(statement.currency.key(), statement.entity.to_uppercase())}</h2>
            <div class="stat-grid">
                <Stat label=t::commission::opening() value=money(figures.opening)/>
                <Stat label=t::commission::earned() value=money(figures.earned)/>
                <Stat label=t::commission::reversed() value=money(-figures.reversed)/>
                <Stat label=t::commission::paid() value=money(-figures.paid)/>
                <Stat label=t::commission::closing() value=money(figures.closing)/>
            </div>
            <p class="muted small">{closed}</p>
            {check.map(|check| match check.agrees() {
                true => view! { <Callout tone=Tone::Success live=true><p>{t::commission::check_agrees()}</p></Callout> }.into_any(),
                false => view! {
                    <Callout tone=Tone::Danger live=true><p>{t::commission::check_differs(money(check.counted.closing))}</p></Callout>
                }.into_any(),
            })}
        </section>
    }
    .into_any()
}

//! `/admin/{org}/activity`: the organisation's trail. What it shows is in its address; `check=1` checks its chain.

use super::{api, of_org, words};
use crate::{
    data::Data,
    i18n,
    parts::{address::address, chain::ChainFound, load::Loaded},
    t,
    ui::{
        Button, Card, DataTable, EmptyState, Glyph, Input, InputKind, LinkButton, PageHeader, Pagination,
        Select, Text,
    },
};
use kontor::{
    audit::{TrailQuery, categories},
    kernel::{id::OrgId, right::OrgKind},
    organisation::ActivityPage as Page,
};
use leptos::prelude::*;
use leptos_meta::Title;
use leptos_router::hooks::use_query_map;

/// `/admin/{org}/activity`
#[component]
pub fn ActivityPage() -> impl IntoView {
    of_org(|org| {
        let query = use_query_map();
        let asked = Memo::new(move |_| {
            query.with(|q| {
                let pairs: Vec<_> = q.latest_values().map(|(n, v)| (n.to_string(), v.to_owned())).collect();
                TrailQuery::from_pairs(pairs.iter().map(|(n, v)| (n.as_str(), v.as_str())))
            })
        });
        let page = Data::new(
            move || asked.get(),
            move |asked| async move { api::activity(org, asked.clone()).await.map(|page| (org, asked, page)) },
        );
        let checks = Memo::new(move |_| query.with(|q| q.get("check").is_some()));
        view! {
            <Title text=t::admin::nav_activity()/>
            <main id="content" class="content stack-loose">
                <PageHeader heading=t::admin::nav_activity() description=t::admin::activity_text()/>
                <Loaded resource=page view=|(org, asked, page)| view! { <Trail org asked page/> }.into_any()/>
                <Proof org checks/>
            </main>
        }
        .into_any()
    })
}

/// The trail as a file, and whether its chain is whole.
#[component]
fn Proof(
    /// The organisation.
    org: OrgId,
    /// Whether it is to be checked.
    checks: Memo<bool>,
) -> impl IntoView {
    let base = format!("/admin/{org}/activity");
    let file = format!("{base}?format=trail");
    let found = move || {
        checks.get().then(|| {
            let report = Data::new(|| (), move |()| api::check_chain(org));
            view! { <Loaded resource=report view=|report| view! { <ChainFound report/> }.into_any()/> }
        })
    };
    view! {
        <Card heading=t::audit::proof_heading() id="proof">
            <p>{t::audit::proof_text()}</p>
            {found}
            <form class="row" method="get" action=format!("{base}#proof")>
                <input type="hidden" name="check" value="1"/>
                <LinkButton label=t::audit::download() href=file icon=Glyph::Download rel="external"/>
                <Button label=t::audit::check()/>
                <a href="/verify">{t::audit::verify_link()}</a>
            </form>
        </Card>
    }
    .into_any()
}

#[component]
fn Filters(
    /// The page's path.
    base: String,
    /// What is looked for.
    asked: TrailQuery,
    /// The organisation's kind.
    kind: OrgKind,
    /// The partners to choose from.
    partners: Vec<(OrgId, String)>,
) -> impl IntoView {
    let kinds = categories(kind)
        .map(|key| {
            (Text::from(key), Text::from(t::audit::lookup(&format!("category_{key}")).unwrap_or_default()))
        })
        .collect::<Vec<_>>();
    let names = partners
        .into_iter()
        .map(|(id, name)| (Text::from(id.to_string()), Text::from(name)))
        .collect::<Vec<_>>();
    let day = |day: Option<kontor::kernel::instant::Day>| day.map(|d| d.to_string()).unwrap_or_default();
    let mut pairs = TrailQuery { before: None, ..asked.clone() }.pairs();
    pairs.push(("format", "csv".to_owned()));
    let export = address(&base, pairs);
    let everything = asked.filters().then(|| base.clone());
    view! {
        <form class="row" method="get" action=base>
            <Select name="category" label=t::audit::category() options=kinds placeholder=t::audit::all()
                selected=asked.category.unwrap_or_default()/>
            <Input name="who" label=t::audit::person() hint=t::audit::person_hint() size=24
                value=asked.who.unwrap_or_default()/>
            {(!names.is_empty()).then(|| view! {
                <Select name="partner" label=t::audit::partner() options=names placeholder=t::audit::all()
                    selected=asked.partner.map(|id| id.to_string()).unwrap_or_default()/>
            })}
            <Input name="target" label=t::admin::target() size=24 value=asked.target.unwrap_or_default()/>
            <Input name="from" label=t::audit::from() kind=InputKind::Date value=day(asked.from)/>
            <Input name="to" label=t::audit::until() kind=InputKind::Date value=day(asked.to)/>
            <Button label=t::audit::filter()/>
            <LinkButton label=t::audit::csv() href=export icon=Glyph::Download rel="external"/>
            {everything.map(|href| view! { <a href=href>{t::audit::reset()}</a> })}
        </form>
    }
    .into_any()
}

#[component]
fn Trail(
    /// The organisation.
    org: OrgId,
    /// What is looked for.
    asked: TrailQuery,
    /// The events.
    page: Page,
) -> impl IntoView {
    let base = format!("/admin/{org}/activity");
    let Page { rows, before, kind, partners } = page;
    if rows.is_empty() && !asked.filters() {
        return view! {
            <EmptyState glyph=Glyph::Activity heading=t::admin::no_activity_title() text=t::admin::no_activity_text()/>
        }
        .into_any();
    }
    let at = |before| address(&base, TrailQuery { before, ..asked.clone() }.pairs());
    let next = before.map(|number| at(Some(number)));
    let previous = asked.before.map(|_| at(None));
    let none = rows.is_empty();
    let shown = (!none).then(|| view! { <Events rows/> });
    view! {
        <Filters base=base.clone() asked=asked.clone() kind partners/>
        {none.then(|| view! {
            <EmptyState glyph=Glyph::Activity heading=t::audit::none_title() text=t::audit::none_text()/>
        })}
        {shown}
        <Pagination label=t::admin::pages() previous_label=t::admin::newest() next_label=t::admin::next_page()
            previous next/>
    }
    .into_any()
}

#[component]
fn Events(
    /// The events.
    rows: Vec<kontor::organisation::ActivityRow>,
) -> impl IntoView {
    view! {
        <DataTable caption=t::admin::nav_activity() caption_hidden=true>
            <thead>
                <tr>
                    <th scope="col">{t::admin::when()}</th>
                    <th scope="col">{t::admin::what()}</th>
                    <th scope="col">{t::admin::target()}</th>
                    <th scope="col">{t::admin::who()}</th>
                    <th scope="col">{t::admin::on_behalf()}</th>
                </tr>
            </thead>
            <tbody>
                {rows.into_iter().map(|event| view! {
                    <tr>
                        <td class="nowrap">{i18n::date_time(event.at)}</td>
                        <td>{words::happened(&event.action)}</td>
                        <td dir="auto">{event.target}</td>
                        <td>{words::actor(&event.actor)}</td>
                        <td dir="auto">{event.acting_for.unwrap_or_default()}</td>
                    </tr>
                }).collect_view()}
            </tbody>
        </DataTable>
    }
    .into_any()
}

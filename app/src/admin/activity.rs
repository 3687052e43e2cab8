//! `/admin/{org}/activity`: the organisation's trail.

use super::{api, of_org, words};
use crate::{
    data::Data,
    i18n,
    parts::load::Loaded,
    t,
    ui::{DataTable, EmptyState, Glyph, PageHeader, Pagination},
};
use kontor::{kernel::id::OrgId, organisation::ActivityPage as Page};
use leptos::prelude::*;
use leptos_meta::Title;
use leptos_router::hooks::use_query_map;

/// `/admin/{org}/activity`
#[component]
pub fn ActivityPage() -> impl IntoView {
    of_org(|org| {
        let query = use_query_map();
        let before = Memo::new(move |_| query.with(|q| q.get("before").and_then(|n| n.parse::<i64>().ok())));
        let page = Data::new(
            move || before.get(),
            move |before| async move {
                api::activity(org, before).await.map(|page| (org, before.is_some(), page))
            },
        );
        view! {
            <Title text=t::admin::nav_activity()/>
            <main id="content" class="content stack-loose">
                <PageHeader heading=t::admin::nav_activity() description=t::admin::activity_text()/>
                <Loaded resource=page view=|(org, later, page)| view! { <Trail org later page/> }.into_any()/>
            </main>
        }
        .into_any()
    })
}

#[component]
fn Trail(
    /// The organisation.
    org: OrgId,
    /// Whether this is a later page.
    later: bool,
    /// The events.
    page: Page,
) -> impl IntoView {
    if page.rows.is_empty() {
        return view! {
            <EmptyState glyph=Glyph::Activity heading=t::admin::no_activity_title() text=t::admin::no_activity_text()/>
        }
        .into_any();
    }
    let base = format!("/admin/{org}/activity");
    let next = page.before.map(|number| format!("{base}?before={number}"));
    let previous = later.then_some(base);
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
                {page.rows.into_iter().map(|event| view! {
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
        <Pagination label=t::admin::pages() previous_label=t::admin::newest() next_label=t::admin::next_page()
            previous next/>
    }
    .into_any()
}

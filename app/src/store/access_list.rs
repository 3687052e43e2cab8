//! `/store/{org}/access`: the partner's access to its customers by its end, and renewing what ends soon all at once.

use super::{api, of_org};
use crate::{
    data::Data,
    form::{Problems, plain_form},
    i18n,
    parts::{address::address, load::Loaded},
    t,
    ui::{Badge, Button, ButtonVariant, Card, DataTable, EmptyState, Glyph, PageHeader, Pagination, Tone},
};
use kontor::{
    delegation::{Ending, EndingRow},
    kernel::id::GrantId,
};
use leptos::prelude::*;
use leptos_meta::Title;
use leptos_router::hooks::use_query_map;

/// `/store/{org}/access`, and with `?after={grant}` the next page.
#[component]
pub fn AccessListPage() -> impl IntoView {
    of_org(|org| {
        let query = use_query_map();
        let after =
            Memo::new(move |_| query.with(|q| q.get("after").and_then(|id| id.parse::<GrantId>().ok())));
        let found = Data::new(move || after.get(), move |after| api::ending(org, after));
        view! {
            <Title text=t::access::list_title()/>
            <main id="content" class="content stack-loose">
                <PageHeader heading=t::access::list_title() description=t::access::list_text()/>
                <Loaded resource=found view=|found| view! { <List found/> }.into_any()/>
            </main>
        }
        .into_any()
    })
}

#[component]
fn List(
    /// What was found.
    found: Ending,
) -> impl IntoView {
    let Ending { org, rows, next, due } = found;
    let form = plain_form("/api/store/renew_all_access");
    let due = i64::try_from(due).unwrap_or(i64::MAX);
    if rows.is_empty() {
        return view! {
            <EmptyState glyph=Glyph::Key heading=t::access::list_none_title() text=t::access::list_none_text()/>
        }
        .into_any();
    }
    let line = move |row: EndingRow| {
        let (label, tone) = match (row.asked, row.soon) {
            (true, _) => (t::access::list_asked(), Tone::Info),
            (false, true) => (t::access::list_soon(), Tone::Warning),
            (false, false) => (t::access::held_active_short(), Tone::Success),
        };
        let who = if row.alone { t::access::renewal_partner() } else { t::access::renewal_customer() };
        view! {
            <tr>
                <th scope="row" dir="auto">
                    <a href=format!("/store/{org}/customers/{}#access", row.customer)>{row.name}</a>
                </th>
                <td class="nowrap">{i18n::date(row.until.day())}</td>
                <td>{who}</td>
                <td><Badge label tone/></td>
            </tr>
        }
    };
    let next = next.map(|id| address(&format!("/store/{org}/access"), vec![("after", id.to_string())]));
    view! {
        {(due > 0).then(|| view! {
            <Card heading=t::access::renew_all_heading(due) id="renew-all">
                <p>{t::access::renew_all_text()}</p>
                <Problems form/>
                <form method="post" action="/api/store/renew_all_access">
                    <input type="hidden" name="org" value=org.to_string()/>
                    <p><Button label=t::access::renew_all() variant=ButtonVariant::Primary/></p>
                </form>
            </Card>
        })}
        <DataTable caption=t::access::list_title() caption_hidden=true>
            <thead>
                <tr>
                    <th scope="col">{t::field::organisation()}</th>
                    <th scope="col">{t::admin::until()}</th>
                    <th scope="col">{t::access::renewal()}</th>
                    <th scope="col">{t::field::status()}</th>
                </tr>
            </thead>
            <tbody>{rows.into_iter().map(line).collect_view()}</tbody>
        </DataTable>
        <Pagination label=t::admin::pages() previous_label=t::admin::previous_page()
            next_label=t::admin::next_page() previous=None next/>
    }
    .into_any()
}

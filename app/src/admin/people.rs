//! `/admin/{org}/users`: the organisation's people.

use super::{
    api::{self, People},
    of_org,
    person::{FactorCard, Import, api::factor_rule},
};
use crate::{
    data::Data,
    i18n,
    parts::{
        address::address,
        load::Loaded,
        people::{Manner, PeopleList},
    },
    t,
    ui::{PageHeader, SearchBox, Stat},
};
use kontor::kernel::id::MemberId;
use leptos::prelude::*;
use leptos_meta::Title;
use leptos_router::{
    NavigateOptions,
    hooks::{use_navigate, use_query_map},
};

/// `/admin/{org}/users`
#[component]
pub fn UsersPage() -> impl IntoView {
    of_org(|org| {
        let query = use_query_map();
        let asked = Memo::new(move |_| {
            query.with(|q| {
                let person = |name: &str| q.get(name).and_then(|id| id.parse::<MemberId>().ok());
                (q.get("q").unwrap_or_default(), person("after"), person("before"))
            })
        });
        let people =
            Data::new(move || asked.get(), move |(q, after, before)| api::users(org, q, after, before));
        let base = format!("/admin/{org}/users");
        let navigate = use_navigate();
        let to = base.clone();
        let search = Callback::new(move |text: String| {
            let found = Some(text.trim().to_owned()).filter(|q| !q.is_empty()).map(|q| ("q", q));
            let target = address(&to, found.into_iter().collect());
            navigate(&target, NavigateOptions { replace: true, scroll: false, ..Default::default() });
        });
        view! {
            <Title text=t::admin::nav_users()/>
            <main id="content" class="content stack-loose">
                <PageHeader heading=t::admin::nav_users() description=t::admin::users_text()/>
                <SearchBox label=t::admin::search_users() submit_label=t::admin::search() action=base
                    placeholder=t::admin::search_users_hint()
                    value=Signal::derive(move || asked.with(|a| a.0.clone())) on_search=search/>
                <Loaded resource=people view=|people| view! { <List people/> }.into_any()/>
            </main>
        }
        .into_any()
    })
}

#[component]
fn List(
    /// The people.
    people: People,
) -> impl IntoView {
    let People { org, q, page, request_key } = people;
    let rule = Data::new(|| (), move |()| factor_rule(org));
    let (may_add, import_key) = (!page.roles.is_empty(), request_key.clone());
    let manner = Manner {
        add: "/api/admin/add_user",
        suspend: "/api/admin/suspend_user",
        restore: "/api/admin/restore_user",
        pages: true,
        caption: t::admin::nav_users(),
        none: (t::admin::no_user_title(), t::admin::no_user_text()),
        asking: (t::admin::add_user_heading(), t::admin::add_user_text()),
    };
    view! {
        {page.licences.map(|licences| view! {
            <div class="stat-grid">
                <Stat label=t::admin::licences_used() value=i18n::number(licences.used)/>
                <Stat label=t::admin::licences_total() value=i18n::number(licences.total)/>
                <Stat label=t::admin::licences_free() value=i18n::number(licences.free())/>
            </div>
        })}
        <PeopleList path=format!("/admin/{org}/users") org=Some(org) q page request_key manner/>
        {may_add.then(|| view! { <Import org request_key=import_key/> })}
        <Suspense>
            {move || rule.get().and_then(Result::ok).map(|rule| view! { <FactorCard org rule/> })}
        </Suspense>
    }
    .into_any()
}

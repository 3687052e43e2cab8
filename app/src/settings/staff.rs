//! `/settings/staff`: the vendor's people.

use super::api::{self, Staff};
use crate::{
    data::Data,
    parts::{
        load::Loaded,
        people::{Manner, PeopleList},
    },
    t,
    ui::{PageHeader, SearchBox},
};
use kontor::kernel::id::MemberId;
use leptos::prelude::*;
use leptos_meta::Title;
use leptos_router::hooks::use_query_map;

/// The page's path.
const PATH: &str = "/settings/staff";

/// `/settings/staff`
#[component]
pub fn StaffPage() -> impl IntoView {
    let query = use_query_map();
    let asked = Memo::new(move |_| {
        query.with(|q| {
            let person = |name: &str| q.get(name).and_then(|id| id.parse::<MemberId>().ok());
            (q.get("q").unwrap_or_default(), person("after"), person("before"))
        })
    });
    let staff = Data::new(move || asked.get(), |(q, after, before)| api::staff(q, after, before));
    view! {
        <Title text=t::setting::staff_title()/>
        <main id="content" class="content stack-loose">
            <PageHeader heading=t::setting::staff_title() description=t::setting::staff_text()/>
            <SearchBox label=t::admin::search_users() submit_label=t::admin::search() action=PATH
                placeholder=t::admin::search_users_hint()
                value=Signal::derive(move || asked.with(|a| a.0.clone()))/>
            <Loaded resource=staff view=|staff| view! { <List staff/> }.into_any()/>
        </main>
    }
}

#[component]
fn List(
    /// The people.
    staff: Staff,
) -> impl IntoView {
    let Staff { q, page, request_key } = staff;
    let manner = Manner {
        pages: false,
        add: "/api/settings/add_staff",
        suspend: "/api/settings/suspend_staff",
        restore: "/api/settings/restore_staff",
        caption: t::setting::staff_title(),
        none: (t::setting::staff_none_title(), t::setting::staff_none_text()),
        asking: (t::setting::staff_add(), t::setting::staff_add_text()),
    };
    view! { <PeopleList path=PATH.to_owned() q page request_key manner/> }.into_any()
}

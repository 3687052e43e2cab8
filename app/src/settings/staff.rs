//! `/settings/staff`: the vendor's people.

use super::api::{self, Staff};
use crate::{
    admin::words,
    form::{Problems, plain_form},
    i18n,
    parts::{address::address, load::Loaded},
    t,
    ui::{
        Badge, Button, ButtonSize, ButtonVariant, DataTable, EmptyState, Glyph, Input, InputKind, PageHeader,
        Pagination, SearchBox, Select, Text,
    },
};
use kontor::{
    kernel::{id::MemberId, right::Role},
    organisation::{MemberStatus, UserRow},
};
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
    let staff = Resource::new(move || asked.get(), |(q, after, before)| api::staff(q, after, before));
    view! {
        <Title text=t::setting::staff_title()/>
        <main id="content" class="content stack-loose">
            <PageHeader heading=t::setting::staff_title() description=t::setting::staff_text()/>
            <SearchBox label=t::admin::search_users() submit_label=t::admin::search() action=PATH
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
    let at = |name: &'static str, id: Option<MemberId>| {
        let found = (!q.is_empty()).then(|| ("q", q.clone()));
        id.map(|id| address(PATH, found.into_iter().chain([(name, id.to_string())]).collect::<Vec<_>>()))
    };
    let (previous, next) = (at("before", page.before), at("after", page.after));
    let list = match page.rows.is_empty() {
        true => view! {
            <EmptyState glyph=Glyph::Users heading=t::setting::staff_none_title() text=t::setting::staff_none_text()/>
        }
        .into_any(),
        false => view! {
            <DataTable caption=t::setting::staff_title() caption_hidden=true>
                <thead>
                    <tr>
                        <th scope="col">{t::admin::name()}</th>
                        <th scope="col">{t::field::email()}</th>
                        <th scope="col">{t::field::role()}</th>
                        <th scope="col">{t::field::status()}</th>
                        <th scope="col">{t::admin::since()}</th>
                        <th scope="col"><span class="visually-hidden">{t::admin::actions()}</span></th>
                    </tr>
                </thead>
                <tbody>{page.rows.into_iter().map(|user| view! { <Line user/> }).collect_view()}</tbody>
            </DataTable>
        }
        .into_any(),
    };
    view! {
        {list}
        <Pagination label=t::admin::pages() previous_label=t::admin::previous_page()
            next_label=t::admin::next_page() previous next/>
        {(!page.roles.is_empty()).then(|| view! { <Add roles=page.roles request_key/> })}
    }
    .into_any()
}

#[component]
fn Line(
    /// The person.
    user: UserRow,
) -> impl IntoView {
    let (status, tone) = words::member(user.status);
    let (action, label) = match user.status {
        MemberStatus::Suspended => ("/api/settings/restore_staff", t::admin::restore()),
        MemberStatus::Active | MemberStatus::Invited => ("/api/settings/suspend_staff", t::admin::suspend()),
    };
    let named = format!("user-{}", user.id);
    let described = named.clone();
    view! {
        <tr>
            <th scope="row" id=named dir="auto">{user.name}</th>
            <td>{user.email}</td>
            <td>{words::role(user.role)}</td>
            <td><Badge label=status tone/></td>
            <td class="nowrap">{i18n::date(user.since.day())}</td>
            <td>
                {user.changeable.then(|| view! {
                    <form method="post" action=action>
                        <input type="hidden" name="user" value=user.id.to_string()/>
                        <input type="hidden" name="version" value=user.version.to_string()/>
                        <Button label size=ButtonSize::Small described_by=described/>
                    </form>
                })}
            </td>
        </tr>
    }
    .into_any()
}

#[component]
fn Add(
    /// The roles to choose from.
    roles: Vec<Role>,
    /// Key of the form.
    request_key: String,
) -> impl IntoView {
    let form = plain_form("/api/settings/add_staff");
    let first = roles.first().map(|r| r.key()).unwrap_or_default();
    let options: Vec<_> = roles.iter().map(|r| (Text::from(r.key()), Text::from(words::role(*r)))).collect();
    view! {
        <section class="stack" aria-labelledby="add-staff-heading">
            <h2 id="add-staff-heading">{t::setting::staff_add()}</h2>
            <p>{t::setting::staff_add_text()}</p>
            <Problems form/>
            <form class="form" method="post" action="/api/settings/add_staff" novalidate>
                <input type="hidden" name="request_key" value=form.value_or("request_key", &request_key)/>
                <Input name="email" label=t::field::email() kind=InputKind::Email autocomplete="off"
                    value=form.value("email") error=form.error("email") required=true/>
                <Input name="first_name" label=t::field::first_name() autocomplete="off"
                    value=form.value("first_name") error=form.error("first_name") required=true/>
                <Input name="last_name" label=t::field::last_name() autocomplete="off"
                    value=form.value("last_name") error=form.error("last_name") required=true/>
                <Select name="role" label=t::field::role() options selected=form.value_or("role", first)
                    error=form.error("role") required=true/>
                <Button label=t::admin::add_user() variant=ButtonVariant::Primary/>
            </form>
        </section>
    }
    .into_any()
}

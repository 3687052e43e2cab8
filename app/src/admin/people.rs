//! `/admin/{org}/users`: the organisation's people.

use super::{
    api::{self, People},
    of_org, words,
};
use crate::{
    form::{Problems, plain_form},
    i18n,
    parts::load::Loaded,
    t,
    ui::{
        Badge, Button, ButtonSize, ButtonVariant, DataTable, EmptyState, Glyph, Input, InputKind, PageHeader,
        Pagination, SearchBox, Select, Stat, Text,
    },
};
use kontor::{
    kernel::{
        id::{MemberId, OrgId},
        right::Role,
    },
    organisation::{MemberStatus, UserRow},
};
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
            Resource::new(move || asked.get(), move |(q, after, before)| api::users(org, q, after, before));
        let base = format!("/admin/{org}/users");
        let navigate = use_navigate();
        let to = base.clone();
        let search = Callback::new(move |text: String| {
            let address = match text.trim() {
                "" => to.clone(),
                q => format!("{to}?q={}", leptos_router::location::Url::escape(q)),
            };
            navigate(&address, NavigateOptions { replace: true, scroll: false, ..Default::default() });
        });
        view! {
            <Title text=t::admin::nav_users()/>
            <main id="content" class="content stack-loose">
                <PageHeader heading=t::admin::nav_users() description=t::admin::users_text()/>
                <SearchBox label=t::admin::search_users() submit_label=t::admin::search() action=base
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
    let at = |name: &str, id: Option<MemberId>| {
        id.map(|id| match q.trim() {
            "" => format!("/admin/{org}/users?{name}={id}"),
            q => format!("/admin/{org}/users?q={}&{name}={id}", leptos_router::location::Url::escape(q)),
        })
    };
    let (previous, next) = (at("before", page.before), at("after", page.after));
    let rows = page.rows;
    let list = match rows.is_empty() {
        true => view! {
            <EmptyState glyph=Glyph::Users heading=t::admin::no_user_title() text=t::admin::no_user_text()/>
        }
        .into_any(),
        false => view! {
            <DataTable caption=t::admin::nav_users() caption_hidden=true>
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
                <tbody>{rows.into_iter().map(|user| view! { <Line org user/> }).collect_view()}</tbody>
            </DataTable>
        }
        .into_any(),
    };
    view! {
        {page.licences.map(|licences| view! {
            <div class="stat-grid">
                <Stat label=t::admin::licences_used() value=i18n::number(licences.used)/>
                <Stat label=t::admin::licences_total() value=i18n::number(licences.total)/>
                <Stat label=t::admin::licences_free() value=i18n::number(licences.free())/>
            </div>
        })}
        {list}
        <Pagination label=t::admin::pages() previous_label=t::admin::previous_page()
            next_label=t::admin::next_page() previous next/>
        {(!page.roles.is_empty()).then(|| view! { <Add org roles=page.roles request_key/> })}
    }
    .into_any()
}

#[component]
fn Line(
    /// The organisation.
    org: OrgId,
    /// The person.
    user: UserRow,
) -> impl IntoView {
    let (status, tone) = words::member(user.status);
    let (action, label) = match user.status {
        MemberStatus::Suspended => ("/api/admin/restore_user", t::admin::restore()),
        MemberStatus::Active | MemberStatus::Invited => ("/api/admin/suspend_user", t::admin::suspend()),
    };
    let named = format!("user-{}", user.id);
    let described = named.clone();
    view! {
        <tr>
            <th scope="row" id=named dir="auto">{user.name}</th>
            <td>{user.email}</td>
            <td>{words::role(user.role)}</td>
            <td><Badge label=status tone/></td>
            <td>{i18n::date(user.since.day())}</td>
            <td>
                {user.changeable.then(|| view! {
                    <form method="post" action=action>
                        <input type="hidden" name="org" value=org.to_string()/>
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
    /// The organisation.
    org: OrgId,
    /// The roles to choose from.
    roles: Vec<Role>,
    /// Key of the form.
    request_key: String,
) -> impl IntoView {
    let form = plain_form("/api/admin/add_user");
    let first = roles.first().map(|r| r.key()).unwrap_or_default();
    let options =
        roles.iter().map(|r| (Text::from(r.key()), Text::from(words::role(*r)))).collect::<Vec<_>>();
    view! {
        <section class="stack" aria-labelledby="add-user-heading">
            <h2 id="add-user-heading">{t::admin::add_user_heading()}</h2>
            <p>{t::admin::add_user_text()}</p>
            <Problems form/>
            <form class="form" method="post" action="/api/admin/add_user" novalidate>
                <input type="hidden" name="org" value=org.to_string()/>
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

//! `/admin/{org}/groups` and `/admin/{org}/groups/{group}`: groups of the organisation's people.

pub mod api;

use super::{of_org, words};
use crate::{
    data::Data,
    form::{FormView, Problems, plain_form},
    i18n,
    parts::{
        address::address,
        load::{Failed, Loaded},
    },
    t,
    ui::{
        Badge, Button, ButtonSize, ButtonVariant, Card, DataTable, Dialog, EmptyState, Glyph, Input,
        InputKind, LinkButton, PageHeader, Pagination, TextArea,
    },
};
use kontor::{
    Error,
    kernel::id::{GroupId, MemberId, OrgId},
    organisation::{GroupRow, GroupView, GroupsPage as Groups, UserRow},
};
use leptos::prelude::*;
use leptos_meta::Title;
use leptos_router::hooks::{use_params_map, use_query_map};

/// `/admin/{org}/groups`
#[component]
pub fn GroupsPage() -> impl IntoView {
    of_org(|org| {
        let groups = Data::new(|| (), move |()| api::groups(org));
        view! {
            <Title text=t::group::title()/>
            <main id="content" class="content stack-loose">
                <PageHeader heading=t::group::title() description=t::group::text()/>
                <Loaded resource=groups view=|groups| view! { <List groups/> }.into_any()/>
            </main>
        }
        .into_any()
    })
}

#[component]
fn List(
    /// The groups.
    groups: Groups,
) -> impl IntoView {
    let Groups { org, rows, may, request_key } = groups;
    let list = if rows.is_empty() {
        view! { <EmptyState glyph=Glyph::Users heading=t::group::none_title() text=t::group::none_text()/> }
            .into_any()
    } else {
        let line = move |row: GroupRow| {
            view! {
                <tr>
                    <th scope="row" dir="auto"><a href=format!("/admin/{org}/groups/{}", row.id)>{row.name}</a></th>
                    <td>{row.address.unwrap_or_else(|| t::admin::none().into())}</td>
                    <td dir="auto">{row.description}</td>
                    <td class="number">{i18n::number(row.people)}</td>
                </tr>
            }
        };
        view! {
            <DataTable caption=t::group::title() caption_hidden=true>
                <thead>
                    <tr>
                        <th scope="col">{t::admin::name()}</th>
                        <th scope="col">{t::field::group_address()}</th>
                        <th scope="col">{t::field::description()}</th>
                        <th scope="col" class="number">{t::group::people()}</th>
                    </tr>
                </thead>
                <tbody>{rows.into_iter().map(line).collect_view()}</tbody>
            </DataTable>
        }
        .into_any()
    };
    let form = plain_form("/api/admin/make_group");
    view! {
        {list}
        {may.then(|| view! {
            <section class="stack" aria-labelledby="make-group-heading">
                <h2 id="make-group-heading">{t::group::make_heading()}</h2>
                <Problems form/>
                <form class="form measure" method="post" action="/api/admin/make_group" novalidate>
                    <input type="hidden" name="org" value=org.to_string()/>
                    <input type="hidden" name="request_key" value=form.value_or("request_key", &request_key)/>
                    <Fields form group=None/>
                    <Button label=t::group::make() variant=ButtonVariant::Primary/>
                </form>
            </section>
        })}
    }
    .into_any()
}

#[component]
fn Fields(
    /// The form.
    form: FormView,
    /// What it is filled from.
    group: Option<GroupRow>,
) -> impl IntoView {
    let (name, address, description) = group
        .map(|group| (group.name, group.address.unwrap_or_default(), group.description))
        .unwrap_or_default();
    view! {
        <Input name="group_name" label=t::field::group_name() autocomplete="off"
            value=form.value_or("group_name", &name) error=form.error("group_name") required=true/>
        <Input name="group_address" label=t::field::group_address() kind=InputKind::Email autocomplete="off"
            hint=t::group::address_hint() marker=t::shell::optional()
            value=form.value_or("group_address", &address) error=form.error("group_address")/>
        <Input name="description" label=t::field::description() autocomplete="off" marker=t::shell::optional()
            value=form.value_or("description", &description) error=form.error("description")/>
    }
    .into_any()
}

/// `/admin/{org}/groups/{group}`
#[component]
pub fn GroupPage() -> impl IntoView {
    of_org(|org| {
        let params = use_params_map();
        let query = use_query_map();
        let named =
            Memo::new(move |_| params.with(|p| p.get("group").and_then(|id| id.parse::<GroupId>().ok())));
        let at = Memo::new(move |_| {
            let person = |name| query.with(|q| q.get(name).and_then(|id| id.parse::<MemberId>().ok()));
            (person("after"), person("before"))
        });
        view! {
            <Title text=t::group::title()/>
            <main id="content" class="content stack-loose">
                {move || match named.get() {
                    Some(group) => {
                        let data = Data::new(
                            move || at.get(),
                            move |(after, before)| api::group(org, group, after, before),
                        );
                        view! { <Loaded resource=data view=|view| view! { <Group view/> }.into_any()/> }.into_any()
                    }
                    None => view! { <Failed error=Error::NotFound/> }.into_any(),
                }}
            </main>
        }
        .into_any()
    })
}

#[component]
fn Ids(
    /// The organisation.
    org: OrgId,
    /// The group.
    group: GroupId,
) -> impl IntoView {
    view! {
        <input type="hidden" name="org" value=org.to_string()/>
        <input type="hidden" name="group" value=group.to_string()/>
    }
}

#[component]
fn Group(
    /// The group and its people.
    view: GroupView,
) -> impl IntoView {
    let GroupView { org, group, people, after, before, may } = view;
    let (id, version) = (group.id, group.version);
    let page = format!("/admin/{org}/groups/{id}");
    let at = |name: &'static str, person: Option<MemberId>| {
        person.map(|person| address(&page, vec![(name, person.to_string())]))
    };
    let (previous, next) = (at("before", before), at("after", after));
    let edit = plain_form("/api/admin/edit_group");
    let description = match (&group.address, group.description.as_str()) {
        (Some(address), "") => address.clone(),
        (Some(address), text) => format!("{address} · {text}"),
        (None, text) => text.to_owned(),
    };
    let list = if people.is_empty() {
        view! { <EmptyState glyph=Glyph::Users heading=t::group::empty_title() text=t::group::empty_text()/> }
            .into_any()
    } else {
        let line = move |user: UserRow| view! { <Person org group=id user may/> };
        view! {
            <DataTable caption=t::group::people() caption_hidden=true>
                <thead>
                    <tr>
                        <th scope="col">{t::admin::name()}</th>
                        <th scope="col">{t::field::email()}</th>
                        <th scope="col">{t::field::status()}</th>
                        <th scope="col"><span class="visually-hidden">{t::admin::actions()}</span></th>
                    </tr>
                </thead>
                <tbody>{people.into_iter().map(line).collect_view()}</tbody>
            </DataTable>
        }
        .into_any()
    };
    view! {
        {may.then(|| view! { <Delete org group=id name=group.name.clone() page=page.clone()/> })}
        <PageHeader heading=group.name.clone() description>
            <LinkButton label=t::group::title() href=format!("/admin/{org}/groups")/>
        </PageHeader>
        {list}
        <Pagination label=t::admin::pages() previous_label=t::admin::previous_page()
            next_label=t::admin::next_page() previous next/>
        {may.then(|| view! {
            <Join org group=id/>
            <Card heading=t::group::edit_heading() id="edit-group">
                <Problems form=edit/>
                <form class="form measure" method="post" action="/api/admin/edit_group" novalidate>
                    <Ids org group=id/>
                    <input type="hidden" name="version" value=version.to_string()/>
                    <Fields form=edit group=Some(group)/>
                    <div class="row">
                        <Button label=t::shell::save() variant=ButtonVariant::Primary/>
                        <LinkButton label=t::group::delete() href=format!("{page}?ask=delete")
                            variant=ButtonVariant::Danger/>
                    </div>
                </form>
            </Card>
        })}
    }
    .into_any()
}

#[component]
fn Person(
    /// The organisation.
    org: OrgId,
    /// The group.
    group: GroupId,
    /// The person.
    user: UserRow,
    /// Whether whoever reads may take them out.
    may: bool,
) -> impl IntoView {
    let (status, tone) = words::member(user.status);
    let named = format!("user-{}", user.id);
    let described = named.clone();
    view! {
        <tr>
            <th scope="row" id=named dir="auto"><a href=format!("/admin/{org}/users/{}", user.id)>{user.name}</a></th>
            <td>{user.email}</td>
            <td><Badge label=status tone/></td>
            <td>
                {may.then(|| view! {
                    <form method="post" action="/api/admin/leave_group">
                        <Ids org group/>
                        <input type="hidden" name="user" value=user.id.to_string()/>
                        <Button label=t::group::leave() size=ButtonSize::Small described_by=described/>
                    </form>
                })}
            </td>
        </tr>
    }
    .into_any()
}

#[component]
fn Join(
    /// The organisation.
    org: OrgId,
    /// The group.
    group: GroupId,
) -> impl IntoView {
    let form = plain_form("/api/admin/join_group");
    view! {
        <Card heading=t::group::join_heading() id="join-group">
            <Problems form/>
            <form class="form measure" method="post" action="/api/admin/join_group" novalidate>
                <Ids org group/>
                <TextArea name="people" label=t::field::people() hint=t::group::join_hint() rows=3
                    value=form.value("people") error=form.error("people") required=true/>
                <p><Button label=t::group::join()/></p>
            </form>
        </Card>
    }
    .into_any()
}

/// Asks before the group goes: `?ask=delete`.
#[component]
fn Delete(
    /// The organisation.
    org: OrgId,
    /// The group.
    group: GroupId,
    /// Its name.
    name: String,
    /// The page without the question.
    page: String,
) -> impl IntoView {
    let query = use_query_map();
    let open = Signal::derive(move || query.with(|q| q.get("ask").as_deref() == Some("delete")));
    view! {
        <Dialog id="delete-group" heading=t::group::delete_heading(name) open
            close_href=Signal::stored(page.clone()) close_label=t::shell::close()>
            <p>{t::group::delete_text()}</p>
            <form class="dialog-foot row" method="post" action="/api/admin/delete_group">
                <Ids org group/>
                <Button label=t::group::delete() variant=ButtonVariant::Danger/>
                <LinkButton label=t::shell::cancel() href=page/>
            </form>
        </Dialog>
    }
    .into_any()
}

//! `/store/{org}/users`: the store's people and their roles.
//!
//! Which dialog is open is in the address, so that it works without script: `?add=1`, `?person={member}`,
//! `?role=new` or `?role={role}`.

use super::{
    api::{self, Store},
    roles::{EditRole, Roles},
};
use crate::{
    admin::{of_org, words},
    data::Data,
    form::{FormView, Problems, plain_form},
    i18n,
    parts::{address::address, load::Loaded},
    t,
    ui::{
        Badge, Button, ButtonSize, ButtonVariant, DataTable, Dialog, EmptyState, Glyph, Input, InputKind,
        LinkButton, PageHeader, Pagination, SearchBox, Select, Text,
    },
};
use kontor::{
    kernel::id::{MemberId, OrgId},
    organisation::MemberStatus,
    partner::{RoleHeld, StorePerson, StoreRole},
};
use leptos::prelude::*;
use leptos_meta::Title;
use leptos_router::{
    NavigateOptions,
    hooks::{use_navigate, use_query_map},
};

/// `/store/{org}/users`
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
            Data::new(move || asked.get(), move |(q, after, before)| api::people(org, q, after, before));
        let base = format!("/store/{org}/users");
        let navigate = use_navigate();
        let to = base.clone();
        let search = Callback::new(move |text: String| {
            let found = Some(text.trim().to_owned()).filter(|q| !q.is_empty()).map(|q| ("q", q));
            let target = address(&to, found.into_iter().collect());
            navigate(&target, NavigateOptions { replace: true, scroll: false, ..Default::default() });
        });
        let (add_role, add_person) = (format!("{base}?role=new"), format!("{base}?add=1"));
        view! {
            <Title text=t::store::nav_users()/>
            <main id="content" class="content stack-loose">
                <PageHeader heading=t::store::nav_users() description=t::store::users_text()>
                    <LinkButton label=t::store::add_role() href=add_role icon=Glyph::Plus/>
                    <LinkButton label=t::store::add_person() href=add_person icon=Glyph::Plus
                        variant=ButtonVariant::Primary/>
                </PageHeader>
                <SearchBox label=t::admin::search_users() submit_label=t::admin::search() action=base
                    placeholder=t::admin::search_users_hint()
                    value=Signal::derive(move || asked.with(|a| a.0.clone())) on_search=search/>
                <Loaded resource=people view=|store| view! { <Everything store/> }.into_any()/>
            </main>
        }
        .into_any()
    })
}

/// What a role is called.
pub(super) fn role_name(role: &RoleHeld) -> String {
    match role {
        RoleHeld::BuiltIn(role) => words::role(*role).to_owned(),
        RoleHeld::Own(_, name) => name.clone(),
    }
}

/// What a person is called: the name, or the address until there is one.
fn name(person: &StorePerson) -> String {
    if person.name.is_empty() { person.email.clone() } else { person.name.clone() }
}

#[component]
fn Everything(
    /// People and roles.
    store: Store,
) -> impl IntoView {
    let (org, path) = (store.org, format!("/store/{}/users", store.org));
    let Store { q, people, request_key, .. } = store;
    let searched: Vec<_> = (!q.is_empty()).then(|| ("q", q.clone())).into_iter().collect();
    let at = |name: &'static str, id: Option<MemberId>| {
        let pairs = searched.iter().cloned();
        id.map(|id| address(&path, pairs.chain([(name, id.to_string())]).collect()))
    };
    let (previous, next) = (at("before", people.before), at("after", people.after));
    let forms = Forms {
        add: plain_form("/api/store/add_person"),
        change: plain_form("/api/store/change_person"),
        create: plain_form("/api/store/create_role"),
        edit: plain_form("/api/store/edit_role"),
        delete: plain_form("/api/store/delete_role"),
    };
    let query = use_query_map();
    let known = StoredValue::new((people.rows.clone(), people.roles.clone(), people.choices.clone()));
    let (close, givable) = (path.clone(), people.givable);
    let dialog = move || {
        let close = close.clone();
        let (adds, person, role) = query.with(|q| (q.get("add"), q.get("person"), q.get("role")));
        known.with_value(|(rows, roles, choices)| {
            if adds.is_some() {
                let (request_key, choices) = (request_key.clone(), choices.clone());
                return Some(view! { <Add org choices request_key close form=forms.add/> }.into_any());
            }
            if let Some(id) = person {
                let person = rows.iter().find(|p| p.changeable && p.id.to_string() == id)?.clone();
                let (form, choices) = (forms.change.about("user", &id), choices.clone());
                return Some(view! { <Change org person choices close form/> }.into_any());
            }
            match role?.as_str() {
                "new" => Some(view! { <EditRole org givable close form=forms.create/> }.into_any()),
                id => {
                    let role: StoreRole =
                        roles.iter().find(|r| r.changeable && r.id.to_string() == id)?.clone();
                    let (form, delete) = (forms.edit.about("role", id), forms.delete.about("role", id));
                    Some(view! { <EditRole org role=Some(role) givable close form delete/> }.into_any())
                }
            }
        })
    };
    let none = people.rows.is_empty();
    let rows = people.rows.into_iter().map(|person| view! { <Line org person/> }).collect_view();
    view! {
        // Without script an open dialog is a section of the page: before the list nobody has to look for it.
        {dialog}
        <div class="stack">
            <h2 id="people-heading">{t::store::people()}</h2>
            {match none {
                true => view! {
                    <EmptyState glyph=Glyph::Search heading=t::store::no_person_title() text=t::store::no_person_text()>
                        <LinkButton label=t::admin::show_all() href=path.clone()/>
                    </EmptyState>
                }
                .into_any(),
                false => view! {
                    <DataTable caption=t::store::people() caption_hidden=true>
                        <thead>
                            <tr>
                                <th scope="col">{t::admin::name()}</th>
                                <th scope="col">{t::field::email()}</th>
                                <th scope="col">{t::field::role()}</th>
                                <th scope="col">{t::field::status()}</th>
                                <th scope="col">{t::store::second_factor()}</th>
                                <th scope="col">{t::store::signed_in()}</th>
                                <th scope="col"><span class="visually-hidden">{t::admin::actions()}</span></th>
                            </tr>
                        </thead>
                        <tbody>{rows}</tbody>
                    </DataTable>
                }
                .into_any(),
            }}
            <Pagination label=t::admin::pages() previous_label=t::admin::previous_page()
                next_label=t::admin::next_page() previous next/>
        </div>
        <Roles org roles=people.roles/>
    }
    .into_any()
}

/// The page's forms: what was typed into one is found once, when the page begins.
#[derive(Clone, Copy)]
struct Forms {
    add: FormView,
    change: FormView,
    create: FormView,
    edit: FormView,
    delete: FormView,
}

#[component]
fn Line(
    /// The partner.
    org: OrgId,
    /// The person.
    person: StorePerson,
) -> impl IntoView {
    let (status, tone) = words::member(person.status);
    let (action, label) = match person.status {
        MemberStatus::Suspended => ("/api/store/restore_person", t::admin::restore()),
        MemberStatus::Active | MemberStatus::Invited => ("/api/store/suspend_person", t::admin::suspend()),
    };
    let id = format!("user-{}", person.id);
    let factor = match person.second_factor {
        Some(true) => t::store::second_factor_on(),
        Some(false) => t::store::second_factor_off(),
        None => t::store::unknown(),
    };
    let signed_in = person.signed_in.map_or_else(|| t::store::unknown().to_owned(), i18n::date_time);
    let change = format!("/store/{org}/users?person={}", person.id);
    let (user, version) = (person.id.to_string(), person.version.to_string());
    view! {
        <tr>
            <th scope="row" id=id.clone() dir="auto">{name(&person)}</th>
            <td>{person.email}</td>
            <td dir="auto">{role_name(&person.role)}</td>
            <td><Badge label=status tone/></td>
            <td>{factor}</td>
            <td class="nowrap">{signed_in}</td>
            <td>
                {person.changeable.then(|| view! {
                    <div class="row">
                        <LinkButton label=t::store::change_role() href=change size=ButtonSize::Small
                            described_by=id.clone()/>
                        <form method="post" action=action>
                            <input type="hidden" name="org" value=org.to_string()/>
                            <input type="hidden" name="user" value=user/>
                            <input type="hidden" name="version" value=version/>
                            <Button label size=ButtonSize::Small described_by=id/>
                        </form>
                    </div>
                })}
            </td>
        </tr>
    }
    .into_any()
}

/// The roles to choose from, as a form offers them.
fn options(choices: &[RoleHeld]) -> Vec<(Text, Text)> {
    choices.iter().map(|role| (Text::from(role.key()), Text::from(role_name(role)))).collect()
}

#[component]
fn Add(
    /// The partner.
    org: OrgId,
    /// The roles to choose from.
    choices: Vec<RoleHeld>,
    /// Key of the form.
    request_key: String,
    /// The page without the dialog.
    close: String,
    /// The form.
    form: FormView,
) -> impl IntoView {
    view! {
        <Dialog id="add" heading=t::store::add_person() open=Signal::stored(true)
            close_href=Signal::stored(close.clone()) close_label=t::shell::close()>
            <Problems form/>
            <p>{t::store::add_person_text()}</p>
            <form class="form" method="post" action="/api/store/add_person" novalidate>
                <input type="hidden" name="org" value=org.to_string()/>
                <input type="hidden" name="request_key" value=form.value_or("request_key", &request_key)/>
                <Input name="email" label=t::field::email() kind=InputKind::Email autocomplete="off"
                    value=form.value("email") error=form.error("email") required=true/>
                <Select name="role" label=t::field::role() options=options(&choices)
                    placeholder=t::store::choose_role() selected=form.value("role") error=form.error("role")
                    required=true/>
                <Input name="first_name" label=t::field::first_name() autocomplete="off"
                    marker=t::shell::optional() value=form.value("first_name") error=form.error("first_name")/>
                <Input name="last_name" label=t::field::last_name() autocomplete="off"
                    marker=t::shell::optional() value=form.value("last_name") error=form.error("last_name")/>
                <div class="dialog-foot">
                    <LinkButton label=t::shell::cancel() href=close/>
                    <Button label=t::store::add_person() variant=ButtonVariant::Primary/>
                </div>
            </form>
        </Dialog>
    }
    .into_any()
}

#[component]
fn Change(
    /// The partner.
    org: OrgId,
    /// The person.
    person: StorePerson,
    /// The roles to choose from.
    choices: Vec<RoleHeld>,
    /// The page without the dialog.
    close: String,
    /// The form.
    form: FormView,
) -> impl IntoView {
    view! {
        <Dialog id="change" heading=t::store::change_role_of(name(&person)) open=Signal::stored(true)
            close_href=Signal::stored(close.clone()) close_label=t::shell::close()>
            <Problems form/>
            <p>{t::store::change_role_text()}</p>
            <form class="form" method="post" action="/api/store/change_person" novalidate>
                <input type="hidden" name="org" value=org.to_string()/>
                <input type="hidden" name="user" value=person.id.to_string()/>
                <input type="hidden" name="version" value=person.version.to_string()/>
                <Select name="role" label=t::field::role() options=options(&choices)
                    selected=form.value_or("role", &person.role.key()) error=form.error("role") required=true/>
                <div class="dialog-foot">
                    <LinkButton label=t::shell::cancel() href=close/>
                    <Button label=t::shell::save() variant=ButtonVariant::Primary/>
                </div>
            </form>
        </Dialog>
    }
    .into_any()
}

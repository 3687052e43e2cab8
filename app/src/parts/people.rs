//! An organisation's people, as the console and the vendor's settings show them: the list, and asking somebody in.

use crate::{
    admin::words,
    form::{Problems, plain_form},
    i18n,
    parts::address::address,
    t,
    ui::{
        Badge, Button, ButtonSize, ButtonVariant, DataTable, EmptyState, Glyph, Input, InputKind, LinkButton,
        Pagination, Select, Text,
    },
};
use kontor::{
    kernel::{
        id::{MemberId, OrgId},
        right::Role,
    },
    organisation::{MemberStatus, UserRow, UsersPage},
};
use leptos::prelude::*;

/// What a page of people calls, and how it speaks of them.
#[derive(Debug, Clone, Copy)]
pub struct Manner {
    /// The call that asks somebody in.
    pub add: &'static str,
    /// The call that suspends.
    pub suspend: &'static str,
    /// The call that lets in again.
    pub restore: &'static str,
    /// Whether each person has a page of their own, under the list's address.
    pub pages: bool,
    /// The list's name.
    pub caption: &'static str,
    /// What an empty list says: heading and text.
    pub none: (&'static str, &'static str),
    /// What stands above the form: heading and text.
    pub asking: (&'static str, &'static str),
}

/// The list, its pages, and the form that asks somebody in for those who may.
#[component]
pub fn PeopleList(
    /// The list's address without a query.
    path: String,
    /// The organisation, where the calls name one.
    #[prop(optional_no_strip)]
    org: Option<OrgId>,
    /// What was searched for.
    q: String,
    /// Who was found.
    page: UsersPage,
    /// Key of the form.
    request_key: String,
    /// Calls and words.
    manner: Manner,
) -> impl IntoView {
    let at = |name: &'static str, id: Option<MemberId>| {
        let found = (!q.is_empty()).then(|| ("q", q.clone()));
        id.map(|id| address(&path, found.into_iter().chain([(name, id.to_string())]).collect::<Vec<_>>()))
    };
    let (previous, next) = (at("before", page.before), at("after", page.after));
    let list = match page.rows.is_empty() {
        true if !q.is_empty() => view! {
            <EmptyState glyph=Glyph::Search heading=manner.none.0 text=manner.none.1>
                <LinkButton label=t::admin::show_all() href=path.clone()/>
            </EmptyState>
        }
        .into_any(),
        true => {
            view! { <EmptyState glyph=Glyph::Users heading=manner.none.0 text=manner.none.1/> }.into_any()
        }
        false => view! {
            <DataTable caption=manner.caption caption_hidden=true>
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
                <tbody>
                    {page.rows.into_iter().map(|user| {
                        let page = manner.pages.then(|| format!("{path}/{}", user.id));
                        view! { <Line org user manner page/> }
                    }).collect_view()}
                </tbody>
            </DataTable>
        }
        .into_any(),
    };
    view! {
        {list}
        <Pagination label=t::admin::pages() previous_label=t::admin::previous_page()
            next_label=t::admin::next_page() previous next/>
        {(!page.roles.is_empty()).then(|| view! { <Add org roles=page.roles request_key manner/> })}
    }
    .into_any()
}

/// The field that names the organisation.
fn of(org: Option<OrgId>) -> impl IntoView {
    org.map(|org| view! { <input type="hidden" name="org" value=org.to_string()/> })
}

#[component]
fn Line(
    /// The organisation, where the calls name one.
    #[prop(optional_no_strip)]
    org: Option<OrgId>,
    /// The person.
    user: UserRow,
    /// Calls and words.
    manner: Manner,
    /// The person's own page, if they have one.
    #[prop(optional_no_strip)]
    page: Option<String>,
) -> impl IntoView {
    let (status, tone) = words::member(user.status);
    let (action, label) = match user.status {
        MemberStatus::Suspended => (manner.restore, t::admin::restore()),
        MemberStatus::Active | MemberStatus::Invited => (manner.suspend, t::admin::suspend()),
    };
    let named = format!("user-{}", user.id);
    let described = named.clone();
    let role = user.own_role.unwrap_or_else(|| words::role(user.role).to_owned());
    view! {
        <tr>
            <th scope="row" id=named dir="auto">
                {match page {
                    Some(page) => view! { <a href=page>{user.name}</a> }.into_any(),
                    None => user.name.into_any(),
                }}
            </th>
            <td>{user.email}</td>
            <td>{role}</td>
            <td>
                <Badge label=status tone/>
                {(!user.licensed).then(|| view! { " " <Badge label=t::admin::no_licence()/> })}
            </td>
            <td class="nowrap">{i18n::date(user.since.day())}</td>
            <td>
                {user.changeable.then(|| view! {
                    <form method="post" action=action>
                        {of(org)}
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
    /// The organisation, where the calls name one.
    #[prop(optional_no_strip)]
    org: Option<OrgId>,
    /// The roles to choose from.
    roles: Vec<Role>,
    /// Key of the form.
    request_key: String,
    /// Calls and words.
    manner: Manner,
) -> impl IntoView {
    let form = plain_form(manner.add);
    let first = roles.first().map(|r| r.key()).unwrap_or_default();
    let options =
        roles.iter().map(|r| (Text::from(r.key()), Text::from(words::role(*r)))).collect::<Vec<_>>();
    view! {
        <section class="stack" aria-labelledby="add-user-heading">
            <h2 id="add-user-heading">{manner.asking.0}</h2>
            <p>{manner.asking.1}</p>
            <Problems form/>
            <form class="form measure" method="post" action=manner.add novalidate>
                {of(org)}
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

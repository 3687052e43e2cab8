//! What a person has of the suite: addresses, groups, a licence. This can be delegated.

use super::Ids;
use crate::{
    form::{Problems, plain_form},
    parts::address::address,
    t,
    ui::{Button, ButtonSize, Callout, Card, Input, InputKind, Tone},
};
use kontor::{
    kernel::id::{GroupId, MemberId, OrgId},
    organisation::MAX_IMPORTED,
};
use leptos::prelude::*;
use leptos_router::hooks::use_query_map;

/// Where a list of people is sent.
pub const IMPORT: &str = "/api/admin/import_users";

/// The person's own address, the further ones, and a form for one more.
#[component]
pub fn Addresses(
    /// The organisation.
    org: OrgId,
    /// The person.
    user: MemberId,
    /// The address they sign in by.
    email: String,
    /// The further ones.
    aliases: Vec<String>,
    /// Whether whoever reads may change them.
    edit: bool,
) -> impl IntoView {
    let (add, remove) = (plain_form("/api/admin/add_alias"), plain_form("/api/admin/remove_alias"));
    let line = move |(at, alias): (usize, String)| {
        let id = format!("alias-{at}");
        let described = id.clone();
        view! {
            <li class="row">
                <span id=id>{alias.clone()}</span>
                {edit.then(|| view! {
                    <form method="post" action="/api/admin/remove_alias">
                        <input type="hidden" name="org" value=org.to_string()/>
                        <input type="hidden" name="user" value=user.to_string()/>
                        <input type="hidden" name="alias" value=alias/>
                        <Button label=t::person::remove_alias() size=ButtonSize::Small described_by=described/>
                    </form>
                })}
            </li>
        }
    };
    view! {
        <Card heading=t::person::addresses() id="addresses">
            <Problems form=remove/>
            <ul class="list-plain stack">
                <li>{email}</li>
                {aliases.into_iter().enumerate().map(line).collect_view()}
            </ul>
            {edit.then(|| view! {
                <Problems form=add/>
                <form class="form measure" method="post" action="/api/admin/add_alias" novalidate>
                    <input type="hidden" name="org" value=org.to_string()/>
                    <input type="hidden" name="user" value=user.to_string()/>
                    <Input name="alias" label=t::field::alias() kind=InputKind::Email autocomplete="off"
                        hint=t::person::alias_hint() value=add.value("alias") error=add.error("alias") required=true/>
                    <p><Button label=t::person::add_alias()/></p>
                </form>
            })}
        </Card>
    }
    .into_any()
}

/// The groups a person is in, as links.
#[component]
pub fn InGroups(
    /// The organisation.
    org: OrgId,
    /// The groups.
    groups: Vec<(GroupId, String)>,
) -> impl IntoView {
    if groups.is_empty() {
        return t::admin::none().into_any();
    }
    let last = groups.len() - 1;
    let link = move |(at, (group, name)): (usize, (GroupId, String))| {
        view! {
            <a href=format!("/admin/{org}/groups/{group}") dir="auto">{name}</a>
            {(at < last).then_some(", ")}
        }
    };
    groups.into_iter().enumerate().map(link).collect_view().into_any()
}

/// Gives a person a licence, or takes it.
#[component]
pub fn Licence(
    /// The organisation.
    org: OrgId,
    /// The person.
    user: MemberId,
    /// What the form was filled from.
    version: i64,
    /// Whether they hold one.
    licensed: bool,
) -> impl IntoView {
    let (action, label) = match licensed {
        true => ("/api/admin/take_licence", t::person::take_licence()),
        false => ("/api/admin/give_licence", t::person::give_licence()),
    };
    view! {
        <form method="post" action=action>
            <Ids org user version/>
            <Button label/>
        </form>
    }
    .into_any()
}

/// A file with many people, on the page of the people.
#[component]
pub fn Import(
    /// The organisation.
    org: OrgId,
    /// Key of the form.
    request_key: String,
) -> impl IntoView {
    let form = plain_form(IMPORT);
    let done = use_query_map().with_untracked(|q| {
        let number = |name: &str| q.get(name).and_then(|n| n.parse::<i64>().ok());
        number("added").zip(number("there"))
    });
    view! {
        <Card heading=t::person::import_heading() id="import">
            {done.map(|(added, there)| view! {
                <Callout tone=Tone::Success>
                    <p>{t::person::imported(added)}" "{(there > 0).then(|| t::person::were_there(there))}</p>
                </Callout>
            })}
            <p>{t::person::import_text(i64::from(MAX_IMPORTED))}</p>
            <p><code>"anna@example.org,Anna,Schmidt"</code></p>
            <Problems form/>
            <form class="form" method="post" enctype="multipart/form-data" novalidate
                action=address(IMPORT, vec![("org", org.to_string())])>
                <input type="hidden" name="request_key" value=request_key/>
                <div class="field">
                    <label for="file">{t::field::file()}</label>
                    <input id="file" type="file" name="file" accept=".csv,.txt,text/csv,text/plain" required/>
                </div>
                <p><Button label=t::person::import()/></p>
            </form>
        </Card>
    }
    .into_any()
}

//! `/admin/{org}/users/{user}`: one person, and what stays with the organisation's own super admin; and whether everybody needs a second
//! factor.

pub mod api;
mod suite;

use super::{of_org, words};
use crate::{
    data::Data,
    form::{Problems, plain_form},
    i18n,
    parts::{
        load::{Failed, Loaded},
        proof::ProofField,
    },
    t,
    ui::{Badge, Button, ButtonVariant, Callout, Card, Dialog, Fact, Facts, LinkButton, PageHeader, Tone},
};
use kontor::{
    Error,
    delegation::ProofKind,
    kernel::id::{MemberId, OrgId},
    organisation::{FactorRule, MemberStatus, PersonView},
};
use leptos::prelude::*;
use leptos_meta::Title;
use leptos_router::hooks::{use_params_map, use_query_map};
use suite::{Addresses, InGroups, Licence};
pub use suite::{IMPORT, Import};

/// `/admin/{org}/users/{user}`
#[component]
pub fn PersonPage() -> impl IntoView {
    of_org(|org| {
        let params = use_params_map();
        let user =
            Memo::new(move |_| params.with(|p| p.get("user").and_then(|id| id.parse::<MemberId>().ok())));
        view! {
            <Title text=t::person::title()/>
            <main id="content" class="content content-middle stack-loose">
                {move || match user.get() {
                    Some(user) => {
                        let person = Data::new(
                            || (),
                            move |()| async move { api::person(org, user).await.map(|person| (org, person)) },
                        );
                        view! {
                            <Loaded resource=person view=|(org, person)| view! { <Person org person/> }.into_any()/>
                        }
                        .into_any()
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
    /// The person.
    user: MemberId,
    /// What the form was filled from.
    version: i64,
) -> impl IntoView {
    view! {
        <input type="hidden" name="org" value=org.to_string()/>
        <input type="hidden" name="user" value=user.to_string()/>
        <input type="hidden" name="version" value=version.to_string()/>
    }
}

#[component]
fn Person(
    /// The organisation.
    org: OrgId,
    /// The person.
    person: PersonView,
) -> impl IntoView {
    let PersonView { row, last_sign_in, second_factor, other_role, hand_over, reset, delete, proof, .. } =
        person;
    let PersonView { aliases, groups, edit, has_licences, .. } = person;
    let (email, licensed) = (row.email.clone(), row.licensed);
    let (user, version) = (row.id, row.version);
    let (status, tone) = words::member(row.status);
    let role = row.own_role.unwrap_or_else(|| words::role(row.role).to_owned());
    let page = format!("/admin/{org}/users/{user}");
    let (suspend, label) = match row.status {
        MemberStatus::Suspended => ("/api/admin/restore_user", t::admin::restore()),
        _ => ("/api/admin/suspend_user", t::admin::suspend()),
    };
    let forms = [
        plain_form("/api/admin/change_role"),
        plain_form("/api/admin/reset_user_password"),
        plain_form("/api/admin/delete_user"),
        plain_form("/api/admin/give_licence"),
        plain_form("/api/admin/take_licence"),
    ];
    let licence = edit && has_licences;
    let any = row.changeable || licence || other_role.is_some() || hand_over || reset || delete;
    let (over_page, delete_page) = (format!("{page}?ask=hand-over"), format!("{page}?ask=delete"));
    view! {
        {hand_over.then(|| view! { <HandOver org user version name=row.name.clone() page=page.clone() proof/> })}
        {delete.then(|| view! { <Delete org user version name=row.name.clone() page=page.clone()/> })}
        <PageHeader heading=row.name.clone() description=row.email.clone()>
            <LinkButton label=t::admin::nav_users() href=format!("/admin/{org}/users")/>
        </PageHeader>
        {forms.map(|form| view! { <Problems form/> }).collect_view()}
        <Card heading=t::person::facts() id="person" aside=move || view! { <Badge label=status tone/> }>
            <Facts wide=true>
                <Fact name=t::field::email()>{row.email}</Fact>
                <Fact name=t::field::role()>{role}</Fact>
                {has_licences.then(|| view! {
                    <Fact name=t::person::licence()>
                        {if licensed { t::person::licensed() } else { t::person::not_licensed() }}
                    </Fact>
                })}
                <Fact name=t::group::title()><InGroups org groups/></Fact>
                <Fact name=t::admin::since()>{i18n::date(row.since.day())}</Fact>
                <Fact name=t::person::last_sign_in()>
                    {last_sign_in.map_or_else(|| t::person::never().to_owned(), i18n::date_time)}
                </Fact>
                <Fact name=t::person::second_factor()>
                    {if second_factor { t::person::factor_on() } else { t::person::factor_off() }}
                </Fact>
            </Facts>
            {any.then(|| view! {
                <div class="row">
                    {row.changeable.then(|| view! {
                        <form method="post" action=suspend>
                            <Ids org user version/>
                            <Button label/>
                        </form>
                    })}
                    {licence.then(|| view! { <Licence org user version licensed/> })}
                    {other_role.map(|role| view! {
                        <form method="post" action="/api/admin/change_role">
                            <Ids org user version/>
                            <input type="hidden" name="role" value=role.key()/>
                            <Button label=t::person::make(words::role(role))/>
                        </form>
                    })}
                    {reset.then(|| view! {
                        <form method="post" action="/api/admin/reset_user_password">
                            <Ids org user version/>
                            <Button label=t::person::reset()/>
                        </form>
                    })}
                    {hand_over.then(|| view! { <LinkButton label=t::person::hand_over() href=over_page/> })}
                    {delete.then(|| view! {
                        <LinkButton label=t::person::delete() href=delete_page variant=ButtonVariant::Danger/>
                    })}
                </div>
            })}
        </Card>
        <Addresses org user email aliases edit/>
    }
    .into_any()
}

fn asked(what: &'static str) -> Signal<bool> {
    let query = use_query_map();
    Signal::derive(move || query.with(|q| q.get("ask").as_deref() == Some(what)))
}

#[component]
fn HandOver(
    /// The organisation.
    org: OrgId,
    /// The person.
    user: MemberId,
    /// What the form was filled from.
    version: i64,
    /// The person's name.
    name: String,
    /// The page without the question.
    page: String,
    /// The proof that is asked for.
    #[prop(optional_no_strip)]
    proof: Option<ProofKind>,
) -> impl IntoView {
    let form = plain_form("/api/admin/hand_over");
    let field = proof.map(|kind| view! { <ProofField kind form/> });
    view! {
        <Dialog id="hand-over" heading=t::person::hand_over_heading(name) open=asked("hand-over")
            close_href=Signal::stored(page.clone()) close_label=t::shell::close()>
            <Problems form/>
            <p>{t::person::hand_over_text()}</p>
            <form class="form" method="post" action="/api/admin/hand_over" novalidate>
                <Ids org user version/>
                {proof.map(|_| view! { <input type="hidden" name="asked" value="true"/> })}
                {field}
                <div class="dialog-foot row">
                    <Button label=t::person::hand_over() variant=ButtonVariant::Danger/>
                    <LinkButton label=t::shell::cancel() href=page/>
                </div>
            </form>
        </Dialog>
    }
    .into_any()
}

#[component]
fn Delete(
    /// The organisation.
    org: OrgId,
    /// The person.
    user: MemberId,
    /// What the form was filled from.
    version: i64,
    /// The person's name.
    name: String,
    /// The page without the question.
    page: String,
) -> impl IntoView {
    view! {
        <Dialog id="delete-user" heading=t::person::delete_heading(name) open=asked("delete")
            close_href=Signal::stored(page.clone()) close_label=t::shell::close()>
            <p>{t::person::delete_text()}</p>
            <form class="dialog-foot row" method="post" action="/api/admin/delete_user">
                <Ids org user version/>
                <Button label=t::person::delete() variant=ButtonVariant::Danger/>
                <LinkButton label=t::shell::cancel() href=page/>
            </form>
        </Dialog>
    }
    .into_any()
}

/// Whether everybody needs a second factor, on the page of the people.
#[component]
pub fn FactorCard(
    /// The organisation.
    org: OrgId,
    /// The rule.
    rule: FactorRule,
) -> impl IntoView {
    let form = plain_form("/api/admin/require_second_factor");
    let FactorRule { required, may, own } = rule;
    let change = move || {
        let label = if required { t::person::factor_release() } else { t::person::factor_require() };
        view! {
            <form method="post" action="/api/admin/require_second_factor">
                <input type="hidden" name="org" value=org.to_string()/>
                {(!required).then(|| view! { <input type="hidden" name="required" value="true"/> })}
                <p><Button label/></p>
            </form>
        }
    };
    view! {
        <Card heading=t::person::second_factor() id="second-factor">
            <Problems form/>
            <p>{if required { t::person::factor_is_required() } else { t::person::factor_is_optional() }}</p>
            {match (may, required || own) {
                (true, true) => change().into_any(),
                (true, false) => view! {
                    <Callout tone=Tone::Info>
                        <p>{t::person::factor_own_first()}</p>
                        <p><a href="/account?factor=setup#factor">{t::account::factor_begin()}</a></p>
                    </Callout>
                }
                .into_any(),
                (false, _) => ().into_any(),
            }}
        </Card>
    }
    .into_any()
}

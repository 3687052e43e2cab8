//! The customer's side of a partner's access: what it is asked, giving access, changing its terms.

use crate::{
    form::{Problems, plain_form},
    i18n,
    parts::terms::{TermsFacts, TermsFields},
    t,
    ui::{Button, ButtonVariant, Card, Fact, Facts, LinkButton},
};
use kontor::{
    delegation::{AccessQuestion, GrantView, TermsForm},
    kernel::{id::OrgId, right::Feature},
};
use leptos::prelude::*;

/// Partners' requests for access.
#[component]
pub fn AccessQuestions(
    /// The organisation.
    org: OrgId,
    /// What it is asked.
    requests: Vec<AccessQuestion>,
    /// Most days for each capability.
    caps: Vec<(Feature, i64)>,
    /// Whether the reader may answer.
    may: bool,
) -> impl IntoView {
    let form = plain_form("/api/admin/answer_access");
    let card = move |question: AccessQuestion| {
        let AccessQuestion { id, partner, terms, form: start, has, note, asked_at, answer_by } = question;
        let asked = Some(terms.capabilities.clone());
        let caps = caps.clone();
        view! {
            <Card heading=t::access::requests_heading(partner) id=format!("access-request-{id}")>
                <Problems form/>
                <Facts wide=true>
                    <Fact name=t::access::asked_on()>{i18n::date_time(asked_at)}</Fact>
                    <Fact name=t::access::answer_by()>{i18n::date(answer_by)}</Fact>
                </Facts>
                {(!note.is_empty()).then(|| view! { <blockquote class="quote" dir="auto">{note}</blockquote> })}
                {has.map(|has| view! { <h3>{t::access::has()}</h3> <TermsFacts terms=has/> })}
                <h3>{t::access::wants()}</h3>
                <TermsFacts terms/>
                {may.then(|| view! {
                    <form class="form" method="post" action="/api/admin/answer_access" novalidate>
                        <input type="hidden" name="org" value=org.to_string()/>
                        <input type="hidden" name="request" value=id.to_string()/>
                        <TermsFields form start caps asked/>
                        <p class="row">
                            <Button name="answer" value="give" label=t::access::give() variant=ButtonVariant::Primary/>
                            <Button name="answer" value="decline" label=t::access::decline()/>
                        </p>
                    </form>
                })}
            </Card>
        }
    };
    requests.into_iter().map(card).collect_view()
}

/// The form that gives the organisation's partner access.
#[component]
pub fn Give(
    /// The organisation.
    org: OrgId,
    /// Its partner.
    partner: (OrgId, String),
    /// What the form begins with.
    start: TermsForm,
    /// Most days for each capability.
    caps: Vec<(Feature, i64)>,
) -> impl IntoView {
    let form = plain_form("/api/admin/give_access");
    let (partner, name) = partner;
    view! {
        <Card heading=t::access::give_heading(&name) id="give">
            <p>{t::access::give_text(&name)}</p>
            <Problems form/>
            <form class="form" method="post" action="/api/admin/give_access" novalidate>
                <input type="hidden" name="org" value=org.to_string()/>
                <input type="hidden" name="partner" value=partner.to_string()/>
                <TermsFields form start caps apart="-give"/>
                <p><Button label=t::access::give() variant=ButtonVariant::Primary/></p>
            </form>
        </Card>
    }
    .into_any()
}

/// The form that changes the terms of a grant in force.
#[component]
pub fn Change(
    /// The organisation.
    org: OrgId,
    /// The grant.
    grant: GrantView,
    /// Most days for each capability.
    caps: Vec<(Feature, i64)>,
) -> impl IntoView {
    let form = plain_form("/api/admin/change_access");
    view! {
        <Card heading=t::access::change_heading(&grant.partner_name) id="change">
            <p>{t::access::change_text()}</p>
            <Problems form/>
            <form class="form" method="post" action="/api/admin/change_access" novalidate>
                <input type="hidden" name="org" value=org.to_string()/>
                <input type="hidden" name="grant" value=grant.id.to_string()/>
                <input type="hidden" name="version" value=grant.version.to_string()/>
                <TermsFields form start=grant.form caps until=Some(grant.until) apart="-change"/>
                <p class="row">
                    <Button label=t::access::change() variant=ButtonVariant::Primary/>
                    <LinkButton label=t::shell::cancel() href=format!("/admin/{org}/partner-access")/>
                </p>
            </form>
        </Card>
    }
    .into_any()
}

//! How an organisation comes to a partner, on the page *Partner access*: answering a request, entering a partner's code, giving a
//! token away (domain.md section 4).

use crate::{
    admin::words,
    form::{FormView, Problems, plain_form},
    i18n, message,
    parts::{choice, terms::TermsFields},
    t,
    ui::{
        Badge, Button, ButtonSize, ButtonVariant, Callout, Card, Checkbox, Copyable, DataTable, Fact, Facts,
        Input, LinkButton, Tone,
    },
    wire::ApiError,
};
use kontor::{
    delegation::TermsForm,
    kernel::{id::OrgId, right::Feature},
    mapping::{Consents, Found, Question, TokenStatus, TokenView},
};
use leptos::prelude::*;

/// The requests that wait for an answer.
#[component]
pub fn Questions(
    /// The organisation.
    org: OrgId,
    /// Its open requests.
    questions: Vec<Question>,
    /// Whether the reader may answer.
    may: bool,
    /// What access begins with.
    usual: Usual,
) -> impl IntoView {
    let form = plain_form("/api/admin/answer_partner");
    let card = move |question: Question| {
        let usual = usual.clone();
        let Question { id, found, note, asked_at, until } = question;
        let heading = t::mapping::question_heading(&found.name);
        view! {
            <Card heading id=format!("request-{id}")>
                <Problems form/>
                <Partner found=found.clone()>
                    <Fact name=t::mapping::asked_on()>{i18n::date_time(asked_at)}</Fact>
                    <Fact name=t::mapping::answer_until()>{i18n::date(until)}</Fact>
                </Partner>
                {(!note.is_empty()).then(|| view! { <blockquote class="quote" dir="auto">{note}</blockquote> })}
                {may.then(|| view! {
                    <form class="form" method="post" action="/api/admin/answer_partner">
                        <input type="hidden" name="org" value=org.to_string()/>
                        <input type="hidden" name="request" value=id.to_string()/>
                        {found.manages.then(|| view! { <Access form usual apart="-asked"/> })}
                        <p class="row">
                            <Button name="answer" value="map" label=t::mapping::map() variant=ButtonVariant::Primary/>
                            <Button name="answer" value="deny" label=t::mapping::deny()/>
                        </p>
                    </form>
                })}
            </Card>
        }
    };
    questions.into_iter().map(card).collect_view()
}

/// Who the partner is, and what choosing it means.
#[component]
fn Partner(
    /// The partner.
    found: Found,
    /// More facts.
    children: Children,
) -> impl IntoView {
    let Found { name, country, replaces, pays_from, .. } = found;
    view! {
        <Facts wide=true>
            <Fact name=t::mapping::partner()><span dir="auto">{name}</span></Fact>
            <Fact name=t::mapping::country()>{choice::country(&country)}</Fact>
            <Fact name=t::mapping::service()>"Workplace"</Fact>
            {children()}
        </Facts>
        <p>{t::mapping::maps()}</p>
        {replaces.map(|before| view! {
            <Callout tone=Tone::Warning>
                <p>{t::mapping::replaces(&before)}</p>
                {pays_from.map(|day| view! { <p>{t::mapping::pays(i18n::date(day), &before)}</p> })}
            </Callout>
        })}
    }
    .into_any()
}

/// What the terms of an access begin with, and most days of each capability.
#[derive(Clone)]
pub struct Usual {
    /// The usual terms.
    pub form: TermsForm,
    /// Most days.
    pub caps: Vec<(Feature, i64)>,
}

/// The box to tick for access, and its terms.
#[component]
fn Access(
    /// The form.
    form: FormView,
    /// What the terms begin with.
    usual: Usual,
    /// What sets the fields' ids apart from those of other forms of the page.
    apart: &'static str,
) -> impl IntoView {
    view! {
        <div class="reveals">
            <Checkbox name="access" id=format!("access{apart}") label=t::mapping::access() value="yes"
                checked=form.checked("access") hint=t::mapping::access_hint()/>
            <div class="revealed stack">
                <TermsFields form start=usual.form caps=usual.caps apart=apart/>
            </div>
        </div>
    }
    .into_any()
}

/// The ways to a partner that the organisation begins itself.
#[component]
pub fn Choosing(
    /// The organisation.
    org: OrgId,
    /// The partner whose code was entered.
    found: Option<Found>,
    /// The code as it was entered.
    typed: String,
    /// What is wrong with it.
    wrong: Option<ApiError>,
    /// Tokens.
    consents: Consents,
    /// What access begins with.
    usual: Usual,
) -> impl IntoView {
    let choose = plain_form("/api/admin/choose_partner");
    let by_code = usual.clone();
    let page = format!("/admin/{org}/partner-access");
    let wrong = wrong.map(|ApiError(error)| match error {
        kontor::Error::Invalid(fields) => {
            fields.first().map(|field| message::issue(&field.issue)).unwrap_or_default()
        }
        error => message::error(&error),
    });
    view! {
        <Card heading=t::mapping::choose_heading() id="choose">
            <Problems form=choose/>
            {match found {
                Some(found) => view! {
                    <h3>{t::mapping::by_code_heading(&found.name)}</h3>
                    <Partner found=found.clone()>{().into_any()}</Partner>
                    <form class="form" method="post" action="/api/admin/choose_partner">
                        <input type="hidden" name="org" value=org.to_string()/>
                        <input type="hidden" name="partner" value=found.partner.to_string()/>
                        <input type="hidden" name="partner_code" value=typed/>
                        {found.manages.then(|| view! { <Access form=choose usual=by_code apart="-code"/> })}
                        <p class="row">
                            <Button label=t::mapping::map() variant=ButtonVariant::Primary/>
                            <LinkButton label=t::shell::cancel() href=page/>
                        </p>
                    </form>
                }
                .into_any(),
                None => view! {
                    <p>{t::mapping::choose_text()}</p>
                    <form class="form" method="get" action=format!("{page}#choose") novalidate>
                        <Input name="partner_code" label=t::mapping::code() autocomplete="off" value=typed
                            error=Signal::stored(wrong) required=true/>
                        <p><Button label=t::mapping::find()/></p>
                    </form>
                }
                .into_any(),
            }}
        </Card>
        <Tokens org consents usual/>
    }
    .into_any()
}

#[component]
fn Tokens(
    /// The organisation.
    org: OrgId,
    /// Its tokens.
    consents: Consents,
    /// What access begins with.
    usual: Usual,
) -> impl IntoView {
    let form = plain_form("/api/admin/make_token");
    let Consents { new_token, tokens, token_days, .. } = consents;
    view! {
        <Card heading=t::mapping::give_heading() id="tokens">
            <p>{t::mapping::give_text(i18n::number(token_days))}</p>
            {new_token.map(|new| view! {
                <div id="new-token">
                    <Callout tone=Tone::Success>
                        <p>{t::mapping::new_token_text(i18n::date(new.until))}</p>
                        <Copyable id="token" label=t::mapping::new_token() value=new.token
                            copy_label=t::shell::copy() copied_label=t::shell::copied()/>
                    </Callout>
                </div>
            })}
            <Problems form/>
            <form class="form" method="post" action="/api/admin/make_token" novalidate>
                <input type="hidden" name="org" value=org.to_string()/>
                <Access form usual apart="-token"/>
                <p><Button label=t::mapping::make_token()/></p>
            </form>
            {(!tokens.is_empty()).then(|| view! {
                <DataTable caption=t::mapping::tokens()>
                    <thead>
                        <tr>
                            <th scope="col">{t::mapping::made_on()}</th>
                            <th scope="col">{t::mapping::asked_by()}</th>
                            <th scope="col">{t::mapping::with_access()}</th>
                            <th scope="col">{t::mapping::until()}</th>
                            <th scope="col">{t::mapping::status()}</th>
                            <th scope="col"><span class="visually-hidden">{t::mapping::act()}</span></th>
                        </tr>
                    </thead>
                    <tbody>{tokens.into_iter().map(|token| view! { <Line org token/> }).collect_view()}</tbody>
                </DataTable>
            })}
        </Card>
    }
    .into_any()
}

#[component]
fn Line(
    /// The organisation.
    org: OrgId,
    /// One of its tokens.
    token: TokenView,
) -> impl IntoView {
    let (status, tone) = match token.status {
        TokenStatus::Open => (t::mapping::token_open(), Tone::Info),
        TokenStatus::Used => (t::mapping::token_used(), Tone::Success),
        TokenStatus::Expired => (t::mapping::token_expired(), Tone::Neutral),
        TokenStatus::Withdrawn => (t::mapping::token_withdrawn(), Tone::Neutral),
    };
    let access = token.capabilities.iter().map(|f| words::capability(*f)).collect::<Vec<_>>().join(", ");
    let access = if access.is_empty() { t::mapping::no().to_owned() } else { access };
    view! {
        <tr>
            <td class="nowrap">{i18n::date_time(token.created_at)}</td>
            <td>{token.created_by}</td>
            <td>{access}</td>
            <td class="nowrap">{i18n::date(token.until)}</td>
            <td><Badge label=status tone/></td>
            <td>
                {(token.status == TokenStatus::Open).then(|| view! {
                    <form method="post" action="/api/admin/withdraw_token">
                        <input type="hidden" name="org" value=org.to_string()/>
                        <input type="hidden" name="token" value=token.id.to_string()/>
                        <Button label=t::mapping::withdraw() size=ButtonSize::Small/>
                    </form>
                })}
            </td>
        </tr>
    }
    .into_any()
}

//! What was submitted, what could be found out, what was said and done.

use crate::{
    admin::words,
    form::FormView,
    i18n,
    parts::choice,
    t,
    ui::{Badge, Button, Card, Fact, Facts as List, TextArea, Tone},
};
use kontor::application::{
    MessageKind,
    detail::{ApplicationDetail, Hint, HistoryEntry, WebCheck},
};
use leptos::prelude::*;

/// Everything submitted.
#[component]
pub fn Facts(
    /// The application.
    detail: ApplicationDetail,
) -> impl IntoView {
    let none = || t::review::not_given().to_owned();
    let facts = detail.facts;
    let address = [
        Some(facts.street),
        facts.street2,
        Some(format!("{} {}", facts.postal_code, facts.city)),
        facts.state,
    ]
    .into_iter()
    .flatten()
    .chain([choice::country(&facts.country)]);
    let address: Vec<String> =
        address.map(|line| line.trim().to_owned()).filter(|line| !line.is_empty()).collect();
    view! {
        <Card heading=t::review::facts_company() id="company">
            <List wide=true>
                <Fact name=t::field::company_name()>{facts.company_name}</Fact>
                <Fact name=t::field::website()>
                    <a href=facts.website.clone() rel="external noopener noreferrer nofollow" target="_blank">{facts.website.clone()}</a>
                </Fact>
                <Fact name=t::field::vat_id()>{facts.vat_id.unwrap_or_else(none)}</Fact>
                <Fact name=t::field::employees()>{choice::employees(facts.employees)}</Fact>
                <Fact name=t::field::founded()>{facts.founded.map_or_else(none, |year| year.to_string())}</Fact>
                <Fact name=t::review::address()><span class="keep-lines">{address.join("\n")}</span></Fact>
            </List>
        </Card>
        <Card heading=t::review::facts_person() id="person">
            <List wide=true>
                <Fact name=t::review::name()>{format!("{} {}", facts.first_name, facts.last_name)}</Fact>
                <Fact name=t::field::email()>{detail.email}</Fact>
                <Fact name=t::field::phone()>{facts.phone}</Fact>
                <Fact name=t::field::job_title()>{facts.job_title.unwrap_or_else(none)}</Fact>
            </List>
        </Card>
        <Card heading=t::review::facts_plans() id="plans">
            <List wide=true>
                <Fact name=t::field::expertise()>{choice::expertise(facts.expertise)}</Fact>
                <Fact name=t::field::partner_type()>{choice::partner_type(facts.partner_type)}</Fact>
                <Fact name=t::field::experience()><span class="keep-lines">{facts.experience}</span></Fact>
                <Fact name=t::field::plans()><span class="keep-lines">{facts.plans}</span></Fact>
                <Fact name=t::field::expected_customers()>
                    {facts.expected_customers.map_or_else(none, |n| i18n::number(i64::from(n)))}
                </Fact>
                <Fact name=t::field::other_vendors()>
                    <span class="keep-lines">{facts.other_vendors.unwrap_or_else(none)}</span>
                </Fact>
            </List>
        </Card>
        <Card heading=t::review::facts_sending() id="sending">
            <List wide=true>
                <Fact name=t::review::submitted()>{i18n::date_time(detail.submitted_at)}</Fact>
                <Fact name=t::review::terms()>
                    {t::review::terms_version(i18n::date_time(detail.terms_at), detail.terms_version)}
                </Fact>
                <Fact name=t::review::ip()>{detail.ip}</Fact>
                <Fact name=t::review::language()>{i18n::own_name(detail.locale)}</Fact>
            </List>
        </Card>
    }
    .into_any()
}

/// Duplicates, website, domain.
#[component]
pub fn Checks(
    /// The application.
    detail: ApplicationDetail,
) -> impl IntoView {
    let WebCheck { host, host_resolves, domain, mail_on_domain, public_mail } = detail.web;
    let (website, tone) = match host_resolves {
        Some(true) => (t::review::check_resolves(host), Tone::Success),
        Some(false) => (t::review::check_missing(host), Tone::Warning),
        None => (t::review::check_unknown(host), Tone::Neutral),
    };
    let (mailbox, mail_tone) = match (mail_on_domain, public_mail) {
        (true, _) => (t::review::mail_on_domain(), Tone::Success),
        (false, true) => (t::review::mail_public(), Tone::Warning),
        (false, false) => (t::review::mail_other(), Tone::Warning),
    };
    let domain = if domain.is_empty() { t::review::check_no_domain().to_owned() } else { domain };
    view! {
        <Card heading=t::review::checks() id="checks">
            <List wide=true>
                <Fact name=t::review::check_host()><Badge label=website tone/></Fact>
                <Fact name=t::review::check_domain()>{domain}</Fact>
                <Fact name=t::review::check_mail()><Badge label=mailbox tone=mail_tone/></Fact>
            </List>
        </Card>
        <Card heading=t::review::hints() id="hints">
            {match detail.hints.is_empty() {
                true => view! { <p class="muted">{t::review::no_hints()}</p> }.into_any(),
                false => view! {
                    <ul class="stack stack-tight list-plain">
                        {detail.hints.into_iter().map(hint).collect_view()}
                    </ul>
                }.into_any(),
            }}
        </Card>
    }
    .into_any()
}

fn hint(hint: Hint) -> impl IntoView {
    let kinds: Vec<&str> = hint.kinds.into_iter().map(choice::hint).collect();
    let name = match hint.application {
        Some(id) => view! { <a href=format!("/review/{id}")>{hint.company_name}</a> }.into_any(),
        None => view! { <span>{hint.company_name}</span> }.into_any(),
    };
    let badge = match hint.status {
        Some(status) => {
            view! { <Badge label=choice::status(status) tone=choice::status_tone(status)/> }.into_any()
        }
        None => view! { <Badge label=t::review::partner() tone=Tone::Success/> }.into_any(),
    };
    view! { <li>{name} " " {badge} <div class="muted small">{kinds.join(", ")}</div></li> }
}

/// Questions, answers and notes, and a form for another note.
#[component]
pub fn Thread(
    /// The application.
    detail: ApplicationDetail,
    /// The note's form.
    form: FormView,
) -> impl IntoView {
    let empty = detail.messages.is_empty();
    view! {
        <Card heading=t::review::thread() id="thread">
            <div class="stack">
                {empty.then(|| view! { <p class="muted">{t::review::no_thread()}</p> })}
                <ol class="stack list-plain">
                    {detail.messages.into_iter().map(|message| {
                        let tone = if message.kind == MessageKind::Note { Tone::Neutral } else { Tone::Info };
                        view! {
                            <li class="stack stack-tight">
                                <p class="muted small">
                                    <Badge label=choice::message(message.kind) tone/> " "
                                    {message.author.unwrap_or_default()} ", " {i18n::date_time(message.at)}
                                </p>
                                <p class="keep-lines">{message.body}</p>
                            </li>
                        }
                    }).collect_view()}
                </ol>
                {detail.may_decide.then(|| view! {
                    <form class="form" method="post" action="/api/review/note" novalidate>
                        <input type="hidden" name="application" value=detail.id.to_string()/>
                        <TextArea name="body" label=t::field::body() hint=t::review::note_hint() rows=2
                            value=form.value("body") error=form.error("body") required=true/>
                        <div><Button label=t::review::add_note()/></div>
                    </form>
                })}
            </div>
        </Card>
    }
    .into_any()
}

/// What happened.
#[component]
pub fn History(
    /// The latest first.
    history: Vec<HistoryEntry>,
) -> impl IntoView {
    view! {
        <Card heading=t::review::history() id="history">
            <ol class="stack stack-tight list-plain">
                {history.into_iter().map(|entry| view! {
                    <li>
                        {choice::trail(&entry.action)}
                        <span class="muted small">" · " {words::actor(&entry.actor)} " · " {i18n::date_time(entry.at)}</span>
                    </li>
                }).collect_view()}
            </ol>
        </Card>
    }
    .into_any()
}

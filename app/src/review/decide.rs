//! What a reviewer can do about an application. Every form is in sight and works without script.

use crate::{
    form::{FormView, Problems as Summary, plain_form},
    i18n,
    parts::choice,
    t,
    ui::{Button, ButtonSize, ButtonVariant, Callout, Card, Input, InputKind, Select, Text, TextArea, Tone},
};
use kontor::{
    application::{ApplicationStatus, RejectReason, detail::ApplicationDetail, review::percent},
    partner::Tier,
};
use leptos::prelude::*;

/// The forms of the page.
#[derive(Clone, Copy)]
pub struct Forms {
    /// Assigns.
    pub assign: FormView,
    /// Adds a note.
    pub note: FormView,
    /// Asks.
    pub ask: FormView,
    /// Approves.
    pub approve: FormView,
    /// Rejects.
    pub reject: FormView,
}

impl Forms {
    /// What was typed into them before.
    pub fn new() -> Self {
        Self {
            assign: plain_form("/api/review/assign"),
            note: plain_form("/api/review/note"),
            ask: plain_form("/api/review/ask"),
            approve: plain_form("/api/review/approve"),
            reject: plain_form("/api/review/reject"),
        }
    }
}

/// What went wrong, whichever form it was: also where the form itself is gone because somebody else decided.
#[component]
pub fn Problems(
    /// The forms.
    forms: Forms,
) -> impl IntoView {
    [forms.assign, forms.note, forms.ask, forms.approve, forms.reject]
        .map(|form| view! { <Summary form/> })
        .into_iter()
        .collect_view()
}

/// The decision that was taken, or the forms to take it.
#[component]
pub fn Decision(
    /// The application.
    detail: ApplicationDetail,
    /// The forms.
    forms: Forms,
) -> impl IntoView {
    let at = detail.decided_at.map(i18n::date_time).unwrap_or_default();
    let name = detail.decided_by.clone().unwrap_or_default();
    let decided = match detail.status {
        ApplicationStatus::Approved => Some((Tone::Success, t::review::decided_approved(at, name))),
        ApplicationStatus::Rejected => Some((Tone::Danger, t::review::decided_rejected(at, name))),
        ApplicationStatus::Withdrawn => Some((Tone::Neutral, t::review::decided_withdrawn(at))),
        _ => None,
    };
    if let Some((tone, text)) = decided {
        return view! {
            <Callout tone>
                <div class="stack stack-tight">
                    <p>{text}</p>
                    {detail.reject_reason.map(|reason| view! { <p>{choice::reason(reason)}</p> })}
                    {detail.reject_note.map(|note| view! { <p class="keep-lines">{note}</p> })}
                    {detail.reapply_on.map(|on| view! { <p>{t::apply::reapply_from(i18n::date(on))}</p> })}
                </div>
            </Callout>
        }
        .into_any();
    }
    if !detail.may_decide {
        return view! { <Callout>{t::review::view_only()}</Callout> }.into_any();
    }
    let four_eyes = detail.four_eyes;
    view! {
        <Assign detail=detail.clone() form=forms.assign/>
        {match four_eyes {
            true => view! { <Callout tone=Tone::Warning>{t::review::four_eyes()}</Callout> }.into_any(),
            false => view! { <Approve detail=detail.clone() form=forms.approve/> }.into_any(),
        }}
        <Ask detail=detail.clone() form=forms.ask/>
        {(!four_eyes).then(|| view! { <Reject detail=detail.clone() form=forms.reject/> })}
    }
    .into_any()
}

/// Which application, as the reader saw it.
#[component]
fn Seen(
    /// The application.
    detail: ApplicationDetail,
) -> impl IntoView {
    view! {
        <input type="hidden" name="application" value=detail.id.to_string()/>
        <input type="hidden" name="version" value=detail.version.to_string()/>
    }
}

fn people(detail: &ApplicationDetail) -> Vec<(Text, Text)> {
    detail.staff.iter().map(|p| (Text::from(p.id.to_string()), Text::from(p.name.clone()))).collect()
}

#[component]
fn Assign(
    /// The application.
    detail: ApplicationDetail,
    /// The form.
    form: FormView,
) -> impl IntoView {
    let name = detail.assigned_to.as_ref().map_or_else(|| t::review::nobody().to_owned(), |p| p.name.clone());
    let chosen = detail.assigned_to.as_ref().map(|p| p.id.to_string()).unwrap_or_default();
    let mine = detail.mine;
    view! {
        <Card heading=t::field::assignee() id="assign">
            <div class="stack">
                <p>{t::review::assigned_to(name)}</p>
                {(!mine).then(|| view! {
                    <form method="post" action="/api/review/assign">
                        <Seen detail=detail.clone()/>
                        <Button label=t::review::assign_me() name="assignee" value="me" size=ButtonSize::Small/>
                    </form>
                })}
                <form class="form" method="post" action="/api/review/assign" novalidate>
                    <Seen detail=detail.clone()/>
                    <Select name="assignee" label=t::field::assignee() placeholder=t::review::nobody()
                        options=people(&detail) selected=form.value_or("assignee", &chosen)
                        error=form.error("assignee")/>
                    <div><Button label=t::review::assign() size=ButtonSize::Small/></div>
                </form>
            </div>
        </Card>
    }
    .into_any()
}

#[component]
fn Approve(
    /// The application.
    detail: ApplicationDetail,
    /// The form.
    form: FormView,
) -> impl IntoView {
    let manager = detail.assigned_to.as_ref().map(|p| p.id.to_string()).unwrap_or_default();
    view! {
        <Card heading=t::review::approve() id="approve">
            <form class="form" method="post" action="/api/review/approve" novalidate>
                <Seen detail=detail.clone()/>
                <Select name="tier" label=t::field::tier() options=choice::options(Tier::ALL, choice::tier)
                    selected=form.value_or("tier", Tier::Authorized.key()) error=form.error("tier") required=true/>
                <Input name="rate" label=t::field::rate() inputmode="decimal" size=6
                    value=form.value_or("rate", &percent(detail.default_rate_bp)) error=form.error("rate") required=true/>
                <Select name="currency" label=t::field::currency() options=choice::currencies()
                    selected=form.value_or("currency", detail.default_currency.key())
                    error=form.error("currency") required=true/>
                <Select name="manager" label=t::field::manager() placeholder=t::review::nobody()
                    options=people(&detail) selected=form.value_or("manager", &manager) error=form.error("manager")/>
                <p class="field-hint">{t::review::approve_hint()}</p>
                <div><Button label=t::review::approve() variant=ButtonVariant::Primary/></div>
            </form>
        </Card>
    }
    .into_any()
}

#[component]
fn Ask(
    /// The application.
    detail: ApplicationDetail,
    /// The form.
    form: FormView,
) -> impl IntoView {
    view! {
        <Card heading=t::review::ask() id="ask">
            <form class="form" method="post" action="/api/review/ask" novalidate>
                <Seen detail/>
                <TextArea name="question" label=t::field::question() hint=t::review::ask_hint() rows=3
                    value=form.value("question") error=form.error("question") required=true/>
                <div><Button label=t::review::ask()/></div>
            </form>
        </Card>
    }
    .into_any()
}

#[component]
fn Reject(
    /// The application.
    detail: ApplicationDetail,
    /// The form.
    form: FormView,
) -> impl IntoView {
    view! {
        <Card heading=t::review::reject() id="reject">
            <form class="form" method="post" action="/api/review/reject" novalidate>
                <Seen detail/>
                <Select name="reason" label=t::field::reason() placeholder=t::apply::choose()
                    options=choice::options(RejectReason::ALL, choice::reason) selected=form.value("reason")
                    error=form.error("reason") required=true/>
                <TextArea name="note" label=t::field::note() marker=t::shell::optional() rows=3
                    value=form.value("note") error=form.error("note")/>
                <Input name="reapply_on" label=t::field::reapply_on() kind=InputKind::Date
                    marker=t::shell::optional() hint=t::review::reapply_hint() value=form.value("reapply_on")
                    error=form.error("reapply_on")/>
                <p class="field-hint">{t::review::reject_hint()}</p>
                <div><Button label=t::review::reject() variant=ButtonVariant::Danger/></div>
            </form>
        </Card>
    }
    .into_any()
}

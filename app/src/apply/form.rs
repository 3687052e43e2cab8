//! `/apply`: the form, what stands in its place, and what follows it.

use super::{
    api::{self, Opening},
    fields::{Account, Address, Company, Interest, Plans},
};
use crate::{
    data::Data,
    form::{FormView, Problems, checked_form},
    parts::load::Loaded,
    t,
    ui::{Button, ButtonVariant, Callout, LinkButton, Tone},
    wire::Kept,
};
use kontor::{Error, application::ApplicationStatus};
use leptos::{ev, form::FromFormData, html, prelude::*};
use leptos_meta::Title;
use leptos_router::hooks::use_query_map;
use std::{cell::RefCell, time::Duration};

/// Quiet time after a key before the draft is kept.
const PAUSE: Duration = Duration::from_millis(800);

/// `/apply`, `/apply?expertise={key}`, and what follows it: `/apply?sent={address}`.
#[component]
pub fn ApplyPage() -> impl IntoView {
    let query = use_query_map();
    let sent = Memo::new(move |_| query.with(|q| q.get("sent")));
    move || match sent.get() {
        Some(email) => view! { <Sent email/> }.into_any(),
        None => view! { <Applying/> }.into_any(),
    }
}

/// What to do now.
#[component]
fn Sent(
    /// The address that a link went to.
    email: String,
) -> impl IntoView {
    view! {
        <Title text=t::apply::sent_title()/>
        <main id="content" class="content content-narrow stack">
            <h1>{t::apply::sent_title()}</h1>
            <p>{t::apply::sent_text(email)}</p>
        </main>
    }
}

#[component]
fn Applying() -> impl IntoView {
    let start = Data::new(|| (), |()| api::start());
    view! {
        <Title text=t::apply::title()/>
        <main id="content" class="content content-narrow stack stack-loose">
            <div class="stack">
                <h1>{t::apply::title()}</h1>
                <p class="lead">{t::apply::lead()}</p>
            </div>
            <Loaded resource=start view=|start| view! { <Beginning start/> }.into_any()/>
        </main>
    }
}

/// The form, unless the reader has applied already.
#[component]
fn Beginning(
    /// Whether they have, and the terms in force.
    start: Opening,
) -> impl IntoView {
    match start.own {
        Some((_, ApplicationStatus::Approved)) => view! {
            <Callout tone=Tone::Success>
                <div class="stack">
                    <p>{t::apply::partner_text()}</p>
                    <p><LinkButton label=t::shell::store() href="/store" variant=ButtonVariant::Primary/></p>
                </div>
            </Callout>
        }
        .into_any(),
        Some((token, status)) if status.is_open() => view! {
            <Callout title=t::apply::open_title()>
                <div class="stack">
                    <p>{t::apply::open_text()}</p>
                    <p>
                        <LinkButton label=t::apply::to_status() href=format!("/apply/status/{token}")
                            variant=ButtonVariant::Primary/>
                    </p>
                </div>
            </Callout>
        }
        .into_any(),
        _ => view! { <Form terms_version=start.terms_version/> }.into_any(),
    }
}

#[component]
fn Form(
    /// Version of the terms in force.
    terms_version: String,
) -> impl IntoView {
    let found = RwSignal::new(None::<Error>);
    let form = checked_form(api::SUBMIT, found, TYPED.with_borrow(Clone::clone));
    let node = NodeRef::<html::Form>::new();
    let mut keep_soon = leptos::leptos_dom::helpers::debounce(PAUSE, keep);
    let typed = move |_| {
        if let Some(draft) = draft(node) {
            TYPED.set(Some(api::typed(&draft.email, &draft.form)));
            keep_soon(draft);
        }
    };
    let check = move |event: ev::SubmitEvent| check(&event, found);
    view! {
        <Problems form/>
        <form class="form" method="post" action=api::SUBMIT novalidate node_ref=node
            on:input=typed on:submit=check>
            <p class="field-hint">{t::apply::required_note()} " " {t::apply::draft_note()}</p>
            <Account form/>
            <Company form/>
            <Address form/>
            <Interest form/>
            <Plans form terms_version/>
            <Bait/>
            <div class="row">
                <Button label=t::shell::submit() variant=ButtonVariant::Primary/>
                <Button label=t::apply::save_draft() formaction="/api/apply/save_draft"/>
            </div>
        </form>
    }
}

/// A field that people do not see and machines fill in (R1.8).
#[component]
fn Bait() -> impl IntoView {
    view! {
        <div class="visually-hidden" aria-hidden="true">
            <label for="homepage2">{t::apply::leave_empty()}</label>
            <input id="homepage2" name="homepage2" type="text" tabindex="-1" autocomplete="off"/>
        </div>
    }
}

thread_local! {
    /// What was typed since the page was loaded, for readers who walk through other pages and come back. Only ever set
    /// by events, which there are none of on the server.
    static TYPED: RefCell<Option<Kept>> = const { RefCell::new(None) };
}

/// What is in the form now.
fn draft(node: NodeRef<html::Form>) -> Option<api::SaveDraft> {
    let data = leptos::web_sys::FormData::new_with_form(&node.get_untracked()?).ok()?;
    api::SaveDraft::from_form_data(&data).ok()
}

/// Keeps what is typed so far.
fn keep(draft: api::SaveDraft) {
    leptos::task::spawn_local(async move {
        // A draft that could not be kept is tried again at the next key; the form itself holds everything.
        let _ = api::save_draft(draft.email, draft.form).await;
    });
}

/// Checks the form as the server will, so that the reader need not wait for it. What only the server knows it still
/// says itself.
fn check(event: &ev::SubmitEvent, found: RwSignal<Option<Error>>) {
    // The draft button sends to another address and needs no check.
    let goes_elsewhere = event.submitter().is_some_and(|button| button.has_attribute("formaction"));
    if goes_elsewhere {
        return;
    }
    let Ok(typed) = api::Submit::from_event(event) else { return };
    let problems = problems(&typed);
    if problems.is_some() {
        event.prevent_default();
    }
    found.set(problems);
}

/// What the browser can tell about the form.
#[cfg(feature = "hydrate")]
fn problems(typed: &api::Submit) -> Option<Error> {
    use kontor::{
        Problems,
        account::password::check_length,
        kernel::{instant::Instant, text},
    };
    let mut problems = Problems::new();
    if crate::wire::me().email.is_none() {
        problems.take("email", text::email(&typed.email));
        problems.take("password", check_length(&typed.password));
    }
    let today = Instant(js_sys::Date::now() as i64).day();
    if let Err(Error::Invalid(fields)) = kontor::application::check(&typed.form, today) {
        fields.into_iter().for_each(|f| problems.add(&f.field, f.issue));
    }
    problems.finish().err()
}

/// The server renders the form; it checks it when it is sent.
#[cfg(not(feature = "hydrate"))]
fn problems(_typed: &api::Submit) -> Option<Error> {
    None
}

/// A choice: what was chosen before, or nothing.
pub(super) fn chosen(form: FormView, name: &str, preset: Option<String>) -> String {
    match form.value(name) {
        value if value.is_empty() => preset.unwrap_or_default(),
        value => value,
    }
}

//! The form that is sent with what a device answers.

use super::{api, device};
use crate::{
    form::{Problems, checked_form},
    t,
    ui::{Button, ButtonVariant, Input, Text},
};
use kontor::{
    Error, Refusal,
    account::{PasskeyQuestion, PasskeyUse},
};
use leptos::{ev, html, prelude::*};

/// Asks the reader's device when its button is pressed, and sends what it answers. There is no button where the browser
/// cannot: without script, or with a browser that knows no passkeys.
#[component]
pub fn PasskeyForm(
    /// What for.
    purpose: PasskeyUse,
    /// What the button says.
    #[prop(into)]
    label: Text,
    /// Where to go on to.
    #[prop(optional)]
    next: String,
    /// Whether it is the thing to do on this page.
    #[prop(optional)]
    primary: bool,
) -> impl IntoView {
    let adds = purpose == PasskeyUse::Add;
    let action = if adds { api::ADD } else { api::USE };
    let found = RwSignal::new(None::<Error>);
    let form = checked_form(action, found, None);
    let (able, busy, cancelled) = (RwSignal::new(None), RwSignal::new(false), RwSignal::new(false));
    Effect::new(move |_| able.set(Some(device::able())));
    let node = NodeRef::<html::Form>::new();
    let (token, credential) = (NodeRef::<html::Input>::new(), NodeRef::<html::Input>::new());
    let name = NodeRef::<html::Div>::new();
    let send = move |event: ev::SubmitEvent| {
        event.prevent_default();
        if busy.get_untracked() {
            return;
        }
        found.set(None);
        cancelled.set(false);
        busy.set(true);
        let name = name.get_untracked().and_then(typed).unwrap_or_default();
        leptos::task::spawn_local(async move {
            match answered(purpose, name).await {
                Ok((question, answer)) => {
                    let fields = (node.get_untracked(), token.get_untracked(), credential.get_untracked());
                    if let (Some(form), Some(token), Some(credential)) = fields {
                        token.set_value(&question.token);
                        credential.set_value(&answer);
                        // Sends without asking this handler again. Only a form that has left the page cannot.
                        let _ = form.submit();
                        return;
                    }
                }
                Err(None) => cancelled.set(true),
                Err(Some(error)) => found.set(Some(error)),
            }
            busy.set(false);
        });
    };
    let variant = if primary { ButtonVariant::Primary } else { ButtonVariant::Secondary };
    view! {
        <Problems form/>
        <form class="form" method="post" action=action novalidate node_ref=node on:submit=send>
            <input type="hidden" name="next" value=next/>
            <input type="hidden" name="token" node_ref=token/>
            <input type="hidden" name="credential" node_ref=credential/>
            {adds.then(|| view! {
                <div node_ref=name>
                    <Input name="passkey_name" label=t::field::passkey_name() hint=t::passkey::name_hint()
                        error=form.error("passkey_name") maxlength=80 required=true/>
                </div>
            })}
            {move || match able.get() {
                Some(true) => view! { <p><Button label=label.clone() variant busy/></p> }.into_any(),
                // Where one signs in, the other ways are in sight.
                Some(false) if adds || purpose == PasskeyUse::StepUp => view! { <p>{t::passkey::unable()}</p> }.into_any(),
                _ => ().into_any(),
            }}
            <p role="status">{move || cancelled.get().then(t::passkey::cancelled)}</p>
        </form>
    }
}

/// What is typed into the one field in there.
fn typed(place: leptos::web_sys::HtmlDivElement) -> Option<String> {
    use leptos::wasm_bindgen::JsCast;
    let field = place.query_selector("input").ok().flatten()?;
    Some(field.dyn_into::<leptos::web_sys::HtmlInputElement>().ok()?.value())
}

/// The question, and what the device answers to it; no error where the reader only said no.
async fn answered(purpose: PasskeyUse, name: String) -> Result<(PasskeyQuestion, String), Option<Error>> {
    let adds = purpose == PasskeyUse::Add;
    let question = match adds {
        true => api::begin_passkey(name).await,
        false => api::ask_passkey(purpose).await,
    };
    let question = question.map_err(|error| Some(error.0))?;
    let answer = device::ask(adds, &question.options).await;
    let answer = answer.map_err(|fault| fault.map(|why| Error::Refused(Refusal::Passkey { why })))?;
    Ok((question, answer))
}

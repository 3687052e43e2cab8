//! Passkeys: the reader's own on `/account`, and the page where one is shown.

pub mod api;
mod device;
mod form;

pub use form::PasskeyForm;

use crate::{
    data::Data,
    form::{Problems, plain_form},
    i18n,
    parts::load::{Failed, Loaded},
    t,
    ui::{Button, ButtonSize, ButtonVariant, Callout, LinkButton, Tone},
};
use kontor::{
    Error,
    account::{PasskeyUse, PasskeyView},
    kernel::id::PasskeyId,
};
use leptos::prelude::*;
use leptos_meta::Title;
use leptos_router::hooks::use_query_map;

/// The section of `/account`.
#[component]
pub fn Passkeys() -> impl IntoView {
    let own = Data::new(|| (), |()| api::passkeys());
    view! {
        <section class="stack" aria-labelledby="passkeys-heading" id="passkeys">
            <h2 id="passkeys-heading">{t::passkey::heading()}</h2>
            <Loaded resource=own view=|own| view! { <List own/> }.into_any()/>
            <Asked/>
        </section>
    }
}

#[component]
fn List(
    /// The reader's passkeys.
    own: Vec<PasskeyView>,
) -> impl IntoView {
    let none = own.is_empty();
    view! {
        <p>{if none { t::passkey::none() } else { t::passkey::some() }}</p>
        {(!none).then(|| view! {
            <ul class="stack list-plain">
                {own.into_iter().map(|one| view! { <Line one/> }).collect_view()}
            </ul>
        })}
    }
    .into_any()
}

#[component]
fn Line(
    /// The passkey.
    one: PasskeyView,
) -> impl IntoView {
    let (id, label) = (one.id, format!("passkey-{}", one.id));
    let used = one.used_at.map_or_else(
        || t::passkey::never_used().to_owned(),
        |used| t::account::last_used(i18n::date_time(used)),
    );
    view! {
        <li class="card">
            <div class="row row-between">
                <div>
                    <p><strong dir="auto" id=label.clone()>{one.name}</strong></p>
                    <p class="muted">{used} ", " {t::passkey::made(i18n::date_time(one.created_at))}</p>
                </div>
                <LinkButton label=t::passkey::remove() href=format!("/account?passkey={id}#passkeys")
                    size=ButtonSize::Small described_by=label/>
            </div>
        </li>
    }
}

/// What the address asks for: to add one, or to remove one.
#[component]
fn Asked() -> impl IntoView {
    let query = use_query_map();
    let asked = Memo::new(move |_| query.with(|query| query.get("passkey")));
    move || match asked.get().as_deref() {
        None => view! {
            <p><LinkButton label=t::account::passkey_begin() href="/account?passkey=add#passkeys"/></p>
        }
        .into_any(),
        Some("add") => {
            let ready = Data::new(|| (), |()| api::passkey_ready());
            view! { <Loaded resource=ready view=|()| view! { <Add/> }.into_any()/> }.into_any()
        }
        Some(other) => match other.parse::<PasskeyId>() {
            Ok(id) => {
                let leaves = Data::new(|| (), move |()| api::passkey_leaves(id));
                view! { <Loaded resource=leaves view=|one| view! { <Remove one/> }.into_any()/> }.into_any()
            }
            Err(_) => view! { <Failed error=Error::NotFound/> }.into_any(),
        },
    }
}

#[component]
fn Add() -> impl IntoView {
    view! {
        <p>{t::passkey::add_text()}</p>
        <NeedsScript/>
        <PasskeyForm purpose=PasskeyUse::Add label=t::passkey::add() primary=true/>
    }
    .into_any()
}

#[component]
fn Remove(
    /// The passkey.
    one: PasskeyView,
) -> impl IntoView {
    let form = plain_form(api::REMOVE);
    view! {
        <Callout tone=Tone::Warning>
            <p><strong>{t::passkey::remove_title(&one.name)}</strong></p>
            <p>{t::passkey::remove_text()}</p>
        </Callout>
        <Problems form/>
        <form class="row" method="post" action=api::REMOVE>
            <input type="hidden" name="passkey" value=one.id.to_string()/>
            <Button label=t::passkey::remove() variant=ButtonVariant::Danger/>
            <LinkButton label=t::shell::cancel() href="/account#passkeys"/>
        </form>
    }
    .into_any()
}

/// Said to readers without script, whom no button is shown.
#[component]
fn NeedsScript() -> impl IntoView {
    // A text, not elements: with script, browsers take what is in there for text as well.
    view! { <noscript inner_html=t::passkey::needs_script()></noscript> }
}

/// `/account/passkey`: shows again who one is, by passkey, and goes on to `next`.
#[component]
pub fn PasskeyPage() -> impl IntoView {
    let own = Data::new(|| (), |()| api::passkeys());
    view! {
        <Title text=t::account::step_up_title()/>
        <main id="content" class="content content-narrow stack">
            <h1>{t::account::step_up_title()}</h1>
            <Loaded resource=own view=|own| view! { <Show own/> }.into_any()/>
        </main>
    }
}

#[component]
fn Show(
    /// The reader's passkeys.
    own: Vec<PasskeyView>,
) -> impl IntoView {
    if own.is_empty() {
        return view! {
            <p>{t::passkey::none()}</p>
            <p><a href="/account?passkey=add#passkeys">{t::account::passkey_begin()}</a></p>
        }
        .into_any();
    }
    let next = use_query_map().with_untracked(|query| query.get("next").unwrap_or_default());
    // An address of ours: the path of another would be one of this site all the same.
    let back = Some(next.clone()).filter(|next| next.starts_with('/') && !next.starts_with("//"));
    view! {
        <p>{t::passkey::show_text()}</p>
        <NeedsScript/>
        <PasskeyForm purpose=PasskeyUse::StepUp label=t::passkey::show() next primary=true/>
        {back.map(|back| view! { <p><a href=back rel="external">{t::passkey::other_way()}</a></p> })}
    }
    .into_any()
}

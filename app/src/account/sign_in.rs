//! Signing in, and setting a new password when the old one is forgotten. Plain forms: the page that answers is loaded
//! anew, as another person's.

use super::{api, passkey::PasskeyForm};
use crate::{
    data::Data,
    form::{Problems, plain_form},
    parts::{address::address, load::Loaded},
    t,
    ui::{Button, ButtonVariant, Callout, Input, InputKind, LinkButton, SkeletonKind, Tone},
};
use kontor::{
    account::PasskeyUse,
    identity::{Choice, Failure},
};
use leptos::prelude::*;
use leptos_meta::Title;
use leptos_router::hooks::{use_params_map, use_query_map};

/// The call of the button for those whose organisation signs them in.
const SINGLE: &str = "/api/account/single_sign_on";

/// `/signin`, and its second step `/signin?step=code`.
#[component]
pub fn SignInPage() -> impl IntoView {
    let query = use_query_map();
    let (step, next) = query.with_untracked(|q| (q.get("step"), q.get("next").unwrap_or_default()));
    match step.as_deref() {
        Some("code") => view! { <CodeStep next/> }.into_any(),
        _ => view! { <PasswordStep next/> }.into_any(),
    }
}

#[component]
fn PasswordStep(
    /// Where to go on to.
    next: String,
) -> impl IntoView {
    let form = plain_form("/api/account/sign_in");
    let single = plain_form(SINGLE);
    let problem = use_query_map().with_untracked(|q| q.get("problem"));
    let problem = problem.and_then(|key| t::refusal::lookup(Failure::from_key(&key)?.key()));
    let choices = Data::new(|| (), |()| api::sign_in_choices());
    let typed = match form.value("email") {
        none if none.is_empty() => single.value("email"),
        typed => typed,
    };
    let wrong = Signal::derive(move || form.error("email").get().or_else(|| single.error("email").get()));
    view! {
        <Title text=t::account::sign_in_title()/>
        <main id="content" class="content content-narrow stack">
            <h1>{t::account::sign_in_title()}</h1>
            {problem.map(|text| view! {
                <Callout tone=Tone::Danger><p>{text}</p><p>{t::account::single_else()}</p></Callout>
            })}
            <Problems form/>
            <Problems form=single/>
            <form class="form" id="sign-in" method="post" action="/api/account/sign_in" novalidate>
                <input type="hidden" name="next" value=next.clone()/>
                <Input name="email" label=t::field::email() kind=InputKind::Email autocomplete="username"
                    value=typed error=wrong required=true/>
                <Input name="password" label=t::field::password() kind=InputKind::Password
                    autocomplete="current-password" error=form.error("password") required=true/>
                <p><a href="/reset">{t::account::forgot()}</a></p>
                <Button label=t::shell::sign_in() variant=ButtonVariant::Primary/>
            </form>
            <PasskeyForm purpose=PasskeyUse::SignIn label=t::passkey::sign_in() next/>
            <p><Button label=t::account::single_sign_on() form="sign-in" formaction=SINGLE/></p>
            <Loaded resource=choices skeleton=SkeletonKind::Lines(1)
                view=|choices| view! { <Choices choices/> }.into_any()/>
            <p>{t::account::no_account()} " " <a href="/signup">{t::account::create()}</a></p>
        </main>
    }
}

/// The providers that everybody can choose.
#[component]
fn Choices(
    /// Which.
    choices: Vec<Choice>,
) -> impl IntoView {
    let next = use_query_map().with_untracked(|q| q.get("next").unwrap_or_default());
    let link = move |choice: Choice| {
        let href = address(&format!("/signin/with/{}", choice.id), vec![("next", next.clone())]);
        // Leads off this site: the browser's router must not try to show it.
        view! { <p><LinkButton label=t::account::continue_with(&choice.name) href rel="external"/></p> }
    };
    choices.into_iter().map(link).collect_view()
}

#[component]
fn CodeStep(
    /// Where to go on to.
    next: String,
) -> impl IntoView {
    let form = plain_form("/api/account/sign_in_code");
    view! {
        <Title text=t::account::code_title()/>
        <main id="content" class="content content-narrow stack">
            <h1>{t::account::code_title()}</h1>
            <Problems form/>
            <form class="form" method="post" action="/api/account/sign_in_code" novalidate>
                <input type="hidden" name="next" value=next.clone()/>
                <Input name="code" label=t::field::code() kind=InputKind::Text inputmode="text"
                    autocomplete="one-time-code" hint=t::account::code_hint() error=form.error("code") required=true/>
                <Button label=t::shell::continue_() variant=ButtonVariant::Primary/>
            </form>
            {crate::wire::me().passkey.then(|| view! {
                <PasskeyForm purpose=PasskeyUse::SecondStep label=t::passkey::instead() next/>
            })}
        </main>
    }
}

/// `/reset`
#[component]
pub fn ResetPage() -> impl IntoView {
    let form = plain_form("/api/account/request_reset");
    view! {
        <Title text=t::account::reset_title()/>
        <main id="content" class="content content-narrow stack">
            <h1>{t::account::reset_title()}</h1>
            <p>{t::account::reset_text()}</p>
            <Problems form/>
            <form class="form" method="post" action="/api/account/request_reset" novalidate>
                <Input name="email" label=t::field::email() kind=InputKind::Email autocomplete="username"
                    value=form.value("email") error=form.error("email") required=true/>
                <Button label=t::account::send_link() variant=ButtonVariant::Primary/>
            </form>
        </main>
    }
}

/// `/reset/{token}`
#[component]
pub fn NewPasswordPage() -> impl IntoView {
    let token = use_params_map().with_untracked(|p| p.get("token").unwrap_or_default());
    let form = plain_form("/api/account/reset_password");
    view! {
        <Title text=t::account::new_password_title()/>
        <main id="content" class="content content-narrow stack">
            <h1>{t::account::new_password_title()}</h1>
            <Problems form/>
            <form class="form" method="post" action="/api/account/reset_password" novalidate>
                <input type="hidden" name="token" value=token/>
                <Input name="new_password" label=t::field::new_password() kind=InputKind::Password
                    autocomplete="new-password" hint=t::account::password_hint()
                    error=form.error("new_password") required=true/>
                <Button label=t::account::set_password() variant=ButtonVariant::Primary/>
            </form>
        </main>
    }
}

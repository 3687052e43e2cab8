//! Signing in, and setting a new password when the old one is forgotten. Plain forms: the page that answers is loaded
//! anew, as another person's.

use crate::{
    form::{Problems, plain_form},
    t,
    ui::{Button, ButtonVariant, Input, InputKind},
};
use leptos::prelude::*;
use leptos_meta::Title;
use leptos_router::hooks::{use_params_map, use_query_map};

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
    view! {
        <Title text=t::account::sign_in_title()/>
        <main id="content" class="content content-narrow stack">
            <h1>{t::account::sign_in_title()}</h1>
            <Problems form/>
            <form class="form" method="post" action="/api/account/sign_in" novalidate>
                <input type="hidden" name="next" value=next/>
                <Input name="email" label=t::field::email() kind=InputKind::Email autocomplete="username"
                    value=form.value("email") error=form.error("email") required=true/>
                <Input name="password" label=t::field::password() kind=InputKind::Password
                    autocomplete="current-password" error=form.error("password") required=true/>
                <p><a href="/reset">{t::account::forgot()}</a></p>
                <Button label=t::shell::sign_in() variant=ButtonVariant::Primary/>
            </form>
            <p>{t::account::no_account()} " " <a href="/signup">{t::account::create()}</a></p>
        </main>
    }
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
                <input type="hidden" name="next" value=next/>
                <Input name="code" label=t::field::code() kind=InputKind::Text inputmode="text"
                    autocomplete="one-time-code" hint=t::account::code_hint() error=form.error("code") required=true/>
                <Button label=t::shell::continue_() variant=ButtonVariant::Primary/>
            </form>
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

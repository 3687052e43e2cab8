//! Making an account, confirming its address, and taking over an account that somebody else asked for.

use crate::{
    form::{Problems, plain_form},
    t,
    ui::{Button, ButtonVariant, Input, InputKind},
};
use leptos::prelude::*;
use leptos_meta::Title;
use leptos_router::hooks::{use_params_map, use_query_map};

/// `/signup`, and what follows it: `/signup?sent={address}`.
#[component]
pub fn SignUpPage() -> impl IntoView {
    let sent = use_query_map().with_untracked(|q| q.get("sent"));
    let form = plain_form("/api/account/sign_up");
    match sent {
        Some(email) => view! {
            <Title text=t::account::check_mail_title()/>
            <main id="content" class="content content-narrow stack">
                <h1>{t::account::check_mail_title()}</h1>
                <p>{t::account::check_mail_text(email)}</p>
                <p><a href="/apply">{t::shell::apply()}</a></p>
            </main>
        }
        .into_any(),
        None => view! {
            <Title text=t::account::sign_up_title()/>
            <main id="content" class="content content-narrow stack">
                <h1>{t::account::sign_up_title()}</h1>
                <Problems form/>
                <form class="form" method="post" action="/api/account/sign_up" novalidate>
                    <Input name="email" label=t::field::email() kind=InputKind::Email autocomplete="username"
                        value=form.value("email") error=form.error("email") required=true/>
                    <Input name="password" label=t::field::password() kind=InputKind::Password
                        autocomplete="new-password" hint=t::account::password_hint()
                        error=form.error("password") required=true/>
                    <Button label=t::account::create() variant=ButtonVariant::Primary/>
                </form>
                <p>{t::account::have_account()} " " <a href="/signin">{t::shell::sign_in()}</a></p>
            </main>
        }
        .into_any(),
    }
}

/// `/confirm/{token}`: a button rather than the bare link, because mail scanners follow links.
#[component]
pub fn ConfirmPage() -> impl IntoView {
    let token = use_params_map().with_untracked(|p| p.get("token").unwrap_or_default());
    let form = plain_form("/api/account/confirm_email");
    view! {
        <Title text=t::account::confirm_title()/>
        <main id="content" class="content content-narrow stack">
            <h1>{t::account::confirm_title()}</h1>
            <Problems form/>
            <p>{t::account::confirm_text()}</p>
            <form class="form" method="post" action="/api/account/confirm_email">
                <input type="hidden" name="token" value=token/>
                <Button label=t::account::confirm_button() variant=ButtonVariant::Primary/>
            </form>
        </main>
    }
}

/// `/activate/{token}`
#[component]
pub fn ActivatePage() -> impl IntoView {
    let token = use_params_map().with_untracked(|p| p.get("token").unwrap_or_default());
    let form = plain_form("/api/account/activate");
    view! {
        <Title text=t::account::activate_title()/>
        <main id="content" class="content content-narrow stack">
            <h1>{t::account::activate_title()}</h1>
            <p>{t::account::activate_text()}</p>
            <Problems form/>
            <form class="form" method="post" action="/api/account/activate" novalidate>
                <input type="hidden" name="token" value=token/>
                <Input name="new_password" label=t::field::new_password() kind=InputKind::Password
                    autocomplete="new-password" hint=t::account::password_hint()
                    error=form.error("new_password") required=true/>
                <Button label=t::account::set_password() variant=ButtonVariant::Primary/>
            </form>
        </main>
    }
}

//! `/account`: the reader's own password, sessions and second factor.

use super::{api, passkey::Passkeys, second_factor::SecondFactor};
use crate::{
    data::Data,
    form::{Problems, plain_form},
    i18n,
    parts::load::Loaded,
    t,
    ui::{Badge, Button, ButtonSize, ButtonVariant, Callout, Input, InputKind, Tone},
    wire::me,
};
use kontor::account::SessionView;
use leptos::prelude::*;
use leptos_meta::Title;

/// `/account`
#[component]
pub fn AccountPage() -> impl IntoView {
    let sessions = Data::new(|| (), |()| api::sessions());
    view! {
        <Title text=t::account::account_title()/>
        <main id="content" class="content content-narrow stack stack-loose">
            <h1>{t::account::account_title()}</h1>
            <Loaded resource=sessions view=|sessions| view! { <Own sessions/> }.into_any()/>
        </main>
    }
}

#[component]
fn Own(
    /// The reader's sessions.
    sessions: Vec<SessionView>,
) -> impl IntoView {
    let me = me();
    let password = plain_form("/api/account/change_password");
    view! {
        <p>{t::account::signed_in_as(me.email.clone().unwrap_or_default())}</p>
        {(!me.confirmed).then(|| view! {
            <Callout tone=Tone::Warning>
                <p>{t::account::unconfirmed()}</p>
                <form method="post" action="/api/account/resend_confirmation">
                    <Button label=t::account::resend() size=ButtonSize::Small/>
                </form>
            </Callout>
        })}
        <section class="stack" aria-labelledby="password-heading">
            <h2 id="password-heading">{t::account::password_heading()}</h2>
            <Problems form=password/>
            <form class="form" method="post" action="/api/account/change_password" novalidate>
                <Input name="password" label=t::account::current_password() kind=InputKind::Password
                    autocomplete="current-password" error=password.error("password") required=true/>
                <Input name="new_password" label=t::field::new_password() kind=InputKind::Password
                    autocomplete="new-password" hint=t::account::password_hint()
                    error=password.error("new_password") required=true/>
                <Button label=t::account::change_password()/>
            </form>
        </section>
        <SecondFactor on=me.code/>
        <Passkeys/>
        <section class="stack" aria-labelledby="sessions-heading">
            <h2 id="sessions-heading">{t::account::sessions_heading()}</h2>
            <ul class="stack list-plain">
                {sessions.into_iter().map(|session| view! { <SessionLine session/> }).collect_view()}
            </ul>
            <form method="post" action="/api/account/end_all_sessions">
                <Button label=t::account::sign_out_everywhere()/>
            </form>
        </section>
    }
}

#[component]
fn SessionLine(
    /// The session.
    session: SessionView,
) -> impl IntoView {
    let id = session.id.to_string();
    view! {
        <li class="card">
            <div class="row row-between">
                <div>
                    <p><strong>{browser(&session.user_agent)}</strong> " " {t::account::from_ip(&session.ip)}</p>
                    <p class="muted">
                        {t::account::last_used(i18n::date_time(session.seen_at))} ", "
                        {t::account::since(i18n::date_time(session.created_at))}
                    </p>
                </div>
                {match session.current {
                    true => view! { <Badge tone=Tone::Success label=t::account::this_session()/> }.into_any(),
                    false => view! {
                        <form method="post" action="/api/account/end_session">
                            <input type="hidden" name="session" value=id/>
                            <Button label=t::account::end_session() variant=ButtonVariant::Secondary
                                size=ButtonSize::Small/>
                        </form>
                    }.into_any(),
                }}
            </div>
        </li>
    }
}

/// A browser's name out of what it calls itself.
fn browser(user_agent: &str) -> String {
    let system = [
        ("Windows", "Windows"),
        ("Android", "Android"),
        ("iPhone", "iPhone"),
        ("iPad", "iPad"),
        ("Mac OS", "macOS"),
        ("Linux", "Linux"),
    ]
    .into_iter()
    .find(|(sign, _)| user_agent.contains(sign))
    .map(|(_, name)| name);
    let name = [
        ("Edg/", "Edge"),
        ("OPR/", "Opera"),
        ("Firefox/", "Firefox"),
        ("Chrome/", "Chrome"),
        ("Safari/", "Safari"),
    ]
    .into_iter()
    .find(|(sign, _)| user_agent.contains(sign))
    .map(|(_, name)| name);
    match (name, system) {
        (Some(name), Some(system)) => format!("{name}, {system}"),
        (Some(name), None) => name.into(),
        (None, _) => user_agent.chars().take(60).collect(),
    }
}

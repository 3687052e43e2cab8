//! Asks again who one is, before something sensitive.

use crate::{
    form::{Problems, plain_form},
    parts::proof::{by_passkey, by_passkey_only},
    t,
    ui::{Button, ButtonVariant, Input, InputKind},
};
use leptos::prelude::*;

/// The question, as part of the page that needs it; the answer comes back to `next`.
#[component]
pub fn StepUp(
    /// Whether a second factor is asked for rather than the password.
    second_factor: bool,
    /// The address to go on to.
    #[prop(into)]
    next: String,
) -> impl IntoView {
    let form = plain_form("/api/account/step_up");
    let title = view! { <h2 id="step-up">{t::account::step_up_title()}</h2> };
    let way = by_passkey(next.clone());
    if second_factor && by_passkey_only() {
        return view! {
            <section class="stack" aria-labelledby="step-up">{title}<p>{t::account::passkey_needed()}</p>{way}</section>
        }
        .into_any();
    }
    view! {
        <section class="stack" aria-labelledby="step-up">
            {title}
            <p>{t::account::step_up_text()}</p>
            <Problems form/>
            <form class="form" method="post" action="/api/account/step_up" novalidate>
                <input type="hidden" name="next" value=next/>
                {match second_factor {
                    true => view! {
                        <Input name="code" label=t::field::code() autocomplete="one-time-code"
                            hint=t::account::code_hint() error=form.error("code") required=true/>
                    }.into_any(),
                    false => view! {
                        <Input name="password" label=t::field::password() kind=InputKind::Password
                            autocomplete="current-password" error=form.error("password") required=true/>
                    }.into_any(),
                }}
                <Button label=t::shell::continue_() variant=ButtonVariant::Primary/>
            </form>
            {way}
        </section>
    }
    .into_any()
}

//! Proving again who one is, as part of the page that needs it.

use crate::{
    form::FormView,
    message,
    parts::address::{address, here},
    t,
    ui::{Callout, Input, InputKind, LinkButton, Tone},
    wire::me,
};
use kontor::{Error, delegation::ProofKind};
use leptos::prelude::*;

/// The way by passkey, for readers who have one; it comes back to `next`. A page of its own, so that only one part of the
/// browser's half speaks to devices.
pub fn by_passkey(next: String) -> Option<AnyView> {
    let href = address("/account/passkey", vec![("next", next)]);
    me().passkey.then(|| view! { <p><LinkButton label=t::account::by_passkey() href/></p> }.into_any())
}

/// Whether a passkey is the only second factor of the reader: then no code is asked for.
pub fn by_passkey_only() -> bool {
    let me = me();
    me.passkey && !me.code
}

/// The field of the form whose call asks for a fresh proof, and the other way.
#[component]
pub fn ProofField(
    /// What is asked for.
    kind: ProofKind,
    /// The form.
    form: FormView,
) -> impl IntoView {
    let field = match kind {
        ProofKind::SecondFactorSetup => return view! { <FactorMissing/> }.into_any(),
        ProofKind::SecondFactor if by_passkey_only() => None,
        ProofKind::SecondFactor => Some(
            view! {
                <Input name="code" label=t::field::code() kind=InputKind::Code hint=t::account::code_hint()
                    error=form.error("code") required=true/>
            }
            .into_any(),
        ),
        ProofKind::Password => Some(
            view! {
                <Input name="password" label=t::field::password() kind=InputKind::Password
                    autocomplete="current-password" error=form.error("password") required=true/>
            }
            .into_any(),
        ),
    };
    view! { {field}{by_passkey(here())} }.into_any()
}

/// What stands where a second factor is needed that was not shown: it is to be set up, or there is a passkey to show.
#[component]
pub fn FactorMissing() -> impl IntoView {
    match by_passkey(here()) {
        Some(way) => {
            view! { <Callout tone=Tone::Warning><p>{t::account::passkey_needed()}</p>{way}</Callout> }
        }
        None => view! {
            <Callout tone=Tone::Warning>
                <p>{message::error(&Error::SecondFactorRequired)}</p>
                <p><a href="/account?factor=setup#factor">{t::account::factor_begin()}</a></p>
                <p><a href="/account?passkey=add#passkeys">{t::account::passkey_begin()}</a></p>
            </Callout>
        },
    }
}

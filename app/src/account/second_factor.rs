//! Setting the second factor up, in two steps, and taking it away.

use super::api;
use crate::{
    data::Data,
    form::{Problems, plain_form},
    parts::load::Loaded,
    t,
    ui::{Button, ButtonVariant, Copyable, Input, InputKind, LinkButton},
};
use kontor::account::SecondFactorSetup;
use leptos::prelude::*;
use leptos_router::hooks::use_query_map;

/// The section of `/account`.
#[component]
pub fn SecondFactor(
    /// Whether it is set up.
    on: bool,
) -> impl IntoView {
    let query = use_query_map();
    let setting_up = Memo::new(move |_| query.with(|q| q.get("factor").is_some()));
    view! {
        <section class="stack" aria-labelledby="factor-heading" id="factor">
            <h2 id="factor-heading">{t::account::factor_heading()}</h2>
            {move || match (on, setting_up.get()) {
                (true, _) => view! { <Drop/> }.into_any(),
                (false, true) => view! { <SetUp/> }.into_any(),
                (false, false) => view! {
                    <p>{t::account::factor_off()}</p>
                    <p><LinkButton label=t::account::factor_begin() href="/account?factor=setup#factor"/></p>
                }.into_any(),
            }}
        </section>
    }
}

#[component]
fn Drop() -> impl IntoView {
    let form = plain_form("/api/account/drop_second_factor");
    view! {
        <p>{t::account::factor_on()}</p>
        <Problems form/>
        <form class="form" method="post" action="/api/account/drop_second_factor" novalidate>
            <Input name="password" id="drop-password" label=t::field::password() kind=InputKind::Password
                autocomplete="current-password" error=form.error("password") required=true/>
            <Button label=t::account::factor_drop() variant=ButtonVariant::Danger/>
        </form>
    }
}

#[component]
fn SetUp() -> impl IntoView {
    let setup = Data::new(|| (), |()| api::begin_second_factor());
    view! { <Loaded resource=setup view=|setup| view! { <Confirm setup/> }.into_any()/> }
}

#[component]
fn Confirm(
    /// What the authenticator app needs.
    setup: SecondFactorSetup,
) -> impl IntoView {
    let form = plain_form("/api/account/confirm_second_factor");
    view! {
        <p>{t::account::factor_scan()}</p>
        <svg class="qr" role="img" aria-label=t::account::factor_qr()
            viewBox=format!("0 0 {0} {0}", setup.qr.size)>
            <path d=setup.qr.path></path>
        </svg>
        <Copyable id="factor-key" label=t::account::factor_key() value=setup.secret copy_label=t::shell::copy() copied_label=t::shell::copied()/>
        <p><a href=setup.url rel="external">{t::account::factor_link()}</a></p>
        <h3>{t::account::recovery_heading()}</h3>
        <p>{t::account::recovery_text()}</p>
        <ul class="list-plain">{setup.recovery.into_iter().map(|code| view! { <li><code>{code}</code></li> }).collect_view()}</ul>
        <Problems form/>
        <form class="form" method="post" action="/api/account/confirm_second_factor" novalidate>
            <Input name="code" label=t::field::code() kind=InputKind::Code error=form.error("code") required=true/>
            <Button label=t::account::factor_confirm() variant=ButtonVariant::Primary/>
        </form>
    }
}

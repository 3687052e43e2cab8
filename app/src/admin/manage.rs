//! `/admin/{org}/partner/customers/{customer}/manage`: asks for a fresh proof, then opens the customer's console.

use super::{api, use_id, use_org};
use crate::{
    data::Data,
    form::{Problems, plain_form},
    message,
    parts::load::{Failed, Loaded},
    t,
    ui::{Button, ButtonVariant, Callout, Input, InputKind, Tone},
};
use kontor::{
    Error,
    delegation::{ProofKind, Ready},
    kernel::id::OrgId,
};
use leptos::prelude::*;
use leptos_meta::Title;

/// `/admin/{org}/partner/customers/{customer}/manage`
#[component]
pub fn ManagePage() -> impl IntoView {
    let (org, customer) = (use_org(), use_id("customer"));
    view! {
        <Title text=t::admin::manage()/>
        <main id="content" class="content content-narrow stack-loose">
            {move || match (org.get(), customer.get()) {
                (Some(org), Some(customer)) => {
                    let ready = Data::new(
                        || (),
                        move |()| async move {
                            api::manage_ready(org, customer).await.map(|ready| (org, ready))
                        },
                    );
                    view! {
                        <Loaded resource=ready view=|(org, ready)| view! { <Ask org ready/> }.into_any()/>
                    }
                    .into_any()
                }
                _ => view! { <Failed error=Error::NotFound/> }.into_any(),
            }}
        </main>
    }
}

#[component]
fn Ask(
    /// The partner.
    org: OrgId,
    /// What is asked for.
    ready: Ready,
) -> impl IntoView {
    let form = plain_form("/api/admin/manage");
    let heading = view! { <h1>{t::admin::manage_heading(&ready.organisation)}</h1> };
    if ready.proof == Some(ProofKind::SecondFactorSetup) {
        return view! {
            {heading}
            <Callout tone=Tone::Warning>
                <p>{message::error(&Error::SecondFactorRequired)}</p>
                <p><a href="/account?factor=setup#factor">{t::account::factor_begin()}</a></p>
            </Callout>
        }
        .into_any();
    }
    let field = match ready.proof {
        Some(ProofKind::SecondFactor) => view! {
            <Input name="code" label=t::field::code() kind=InputKind::Code hint=t::account::code_hint()
                error=form.error("code") required=true/>
        }
        .into_any(),
        Some(_) => view! {
            <Input name="password" label=t::field::password() kind=InputKind::Password
                autocomplete="current-password" error=form.error("password") required=true/>
        }
        .into_any(),
        None => ().into_any(),
    };
    view! {
        {heading}
        <p>{t::admin::manage_text()}</p>
        <Problems form/>
        <form class="form" method="post" action="/api/admin/manage" novalidate>
            <input type="hidden" name="org" value=org.to_string()/>
            <input type="hidden" name="customer" value=ready.org.to_string()/>
            {ready.proof.map(|_| view! { <input type="hidden" name="asked" value="true"/> })}
            {field}
            <div class="row">
                <Button label=t::shell::continue_() variant=ButtonVariant::Primary/>
                <a href=format!("/admin/{org}/partner/customers")>{t::shell::cancel()}</a>
            </div>
        </form>
    }
    .into_any()
}

//! `/admin/{org}/partner/customers/{customer}/manage`: asks for a fresh proof, then opens the customer's console.

use super::{api, use_id, use_org};
use crate::{
    data::Data,
    form::{Problems, plain_form},
    parts::{
        address::here,
        load::{Failed, Loaded},
        proof::{FactorMissing, ProofField, by_passkey, by_passkey_only},
    },
    t,
    ui::{Button, ButtonVariant},
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
    match ready.proof {
        Some(ProofKind::SecondFactorSetup) => return view! { {heading}<FactorMissing/> }.into_any(),
        Some(ProofKind::SecondFactor) if by_passkey_only() => {
            return view! { {heading}<p>{t::admin::manage_text()}</p>{by_passkey(here())} }.into_any();
        }
        _ => (),
    }
    view! {
        {heading}
        <p>{t::admin::manage_text()}</p>
        <Problems form/>
        <form class="form" method="post" action="/api/admin/manage" novalidate>
            <input type="hidden" name="org" value=org.to_string()/>
            <input type="hidden" name="customer" value=ready.org.to_string()/>
            {ready.proof.map(|_| view! { <input type="hidden" name="asked" value="true"/> })}
            {ready.proof.map(|kind| view! { <ProofField kind form/> })}
            <div class="row">
                <Button label=t::shell::continue_() variant=ButtonVariant::Primary/>
                <a href=format!("/admin/{org}/partner/customers")>{t::shell::cancel()}</a>
            </div>
        </form>
    }
    .into_any()
}

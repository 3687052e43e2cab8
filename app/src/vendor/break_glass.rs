//! `/vendor/customers/{customer}/enter`: the vendor's way into a customer's console without its consent.

use crate::{
    admin::{use_id, words},
    data::Data,
    form::{Problems, plain_form},
    i18n,
    parts::{
        load::{Failed, Loaded},
        proof::ProofField,
        terms::templates,
    },
    t,
    ui::{Button, ButtonVariant, Callout, Input, InputKind, Radios, TextArea, Tone},
    vendor::api,
};
use kontor::{Error, delegation::BreakGlassView};
use leptos::prelude::*;
use leptos_meta::Title;

/// `/vendor/customers/{customer}/enter`
#[component]
pub fn BreakGlassPage() -> impl IntoView {
    let customer = use_id("customer");
    view! {
        <Title text=t::access::break_link()/>
        <main id="content" class="content content-narrow stack-loose">
            {move || match customer.get() {
                Some(customer) => {
                    let before = Data::new(|| (), move |()| api::break_glass_view(customer));
                    view! { <Loaded resource=before view=|before| view! { <Ask before/> }.into_any()/> }.into_any()
                }
                None => view! { <Failed error=Error::NotFound/> }.into_any(),
            }}
        </main>
    }
}

#[component]
fn Ask(
    /// Whether the way in stands open already, and what it asks for.
    before: BreakGlassView,
) -> impl IntoView {
    let form = plain_form("/api/vendor/break_glass");
    let BreakGlassView { org, organisation, open, most, proof } = before;
    let proof_field = proof.map(|kind| view! { <ProofField kind form/> });
    let fields = match open {
        Some((until, reason, may)) => {
            let may = may.into_iter().map(words::capability).collect::<Vec<_>>().join(", ");
            view! {
                <Callout tone=Tone::Info>
                    <p>{t::access::break_open(reason, i18n::date_time(until))}</p>
                    <p>{may}</p>
                </Callout>
            }
            .into_any()
        }
        None => view! {
            <TextArea name="reason" label=t::field::reason() value=form.value("reason") rows=3
                error=form.error("reason") required=true/>
            <Radios name="template" legend=t::access::break_need() options=templates()
                selected=form.value_or("template", "helpdesk") error=form.error("template") required=true/>
            <Input name="minutes" label=t::field::minutes() kind=InputKind::Number
                value=form.value_or("minutes", &most.to_string()) error=form.error("minutes") required=true/>
        }
        .into_any(),
    };
    view! {
        <h1>{t::access::break_heading(&organisation)}</h1>
        <Callout tone=Tone::Warning><p>{t::access::break_text()}</p></Callout>
        <Problems form/>
        <form class="form" method="post" action="/api/vendor/break_glass" novalidate>
            <input type="hidden" name="customer" value=org.to_string()/>
            {proof.map(|_| view! { <input type="hidden" name="asked" value="true"/> })}
            {fields}
            {proof_field}
            <div class="row">
                <Button label=t::access::break_enter() variant=ButtonVariant::Danger/>
                <a href="/vendor/customers">{t::shell::cancel()}</a>
            </div>
        </form>
    }
    .into_any()
}

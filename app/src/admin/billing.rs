//! `/admin/{org}/billing`: to whom the organisation's invoices are made out, who makes them out, and the invoices.

use super::{api, of_org};
use crate::{
    data::Data,
    form::{Problems, plain_form},
    parts::{billing::BillingFields, choice, invoice::OwnInvoicesPart, load::Loaded, payments::CardsPart},
    t,
    ui::{Button, ButtonVariant, Callout, LinkButton, PageHeader, Tone},
};
use kontor::catalogue::BillingView;
use leptos::prelude::*;
use leptos_meta::Title;

/// The call of the form.
const SAVE: &str = "/api/admin/save_billing";

/// `/admin/{org}/billing`
#[component]
pub fn BillingPage() -> impl IntoView {
    of_org(|org| {
        let billing = Data::new(|| (), move |()| api::billing(org));
        view! {
            <Title text=t::catalogue::billing_title()/>
            <main id="content" class="content content-narrow stack-loose">
                <PageHeader heading=t::catalogue::billing_title() description=t::catalogue::billing_text()/>
                <Loaded resource=billing view=|billing| view! { <Edit billing/> }.into_any()/>
                <CardsPart org/>
                <OwnInvoicesPart org/>
            </main>
        }
        .into_any()
    })
}

#[component]
fn Edit(
    /// What is known.
    billing: BillingView,
) -> impl IntoView {
    let form = plain_form(SAVE);
    let BillingView { org, profile, entity } = billing;
    let saved = profile.version > 0;
    let country = choice::country(&profile.country);
    let who = match entity {
        Some((name, currency)) => view! {
            <Callout><p>{t::catalogue::billed_by(currency, name)}</p></Callout>
        }
        .into_any(),
        None => view! {
            <Callout tone=Tone::Warning>
                <p>{t::catalogue::billed_by_nobody(country)}</p>
            </Callout>
        }
        .into_any(),
    };
    view! {
        {match saved {
            true => who,
            false => view! {
                <Callout tone=Tone::Warning><p>{t::catalogue::billing_missing()}</p></Callout>
            }.into_any(),
        }}
        <Problems form/>
        <form class="form" method="post" action=SAVE novalidate>
            <input type="hidden" name="org" value=org.to_string()/>
            <input type="hidden" name="version" value=profile.version.to_string()/>
            <BillingFields form profile/>
            <div class="row">
                <Button label=t::shell::save() variant=ButtonVariant::Primary/>
                <LinkButton label=t::shell::cancel() href=format!("/admin/{org}")/>
            </div>
        </form>
    }
    .into_any()
}

//! The fields of billing details: to whom invoices are made out.

use crate::{
    form::FormView,
    parts::choice,
    t,
    ui::{Fieldset, Input, InputKind, Select},
};
use kontor::catalogue::BillingProfile;
use leptos::prelude::*;

/// Name, address, VAT number and where invoices are sent.
#[component]
pub fn BillingFields(
    /// The form.
    form: FormView,
    /// What is known so far.
    profile: BillingProfile,
) -> impl IntoView {
    let country = form.value_or("country", &profile.country);
    view! {
        <Fieldset legend=t::catalogue::debtor()>
            <Input name="billing_name" label=t::field::billing_name() autocomplete="organization"
                value=form.value_or("billing_name", &profile.name) error=form.error("billing_name") required=true/>
            <Input name="vat_id" label=t::field::vat_id() marker=t::shell::optional() hint=t::catalogue::vat_hint()
                value=form.value_or("vat_id", &profile.vat_id) error=form.error("vat_id")/>
            <Input name="billing_email" label=t::field::billing_email() kind=InputKind::Email autocomplete="email"
                hint=t::catalogue::billing_email_hint()
                value=form.value_or("billing_email", &profile.email) error=form.error("billing_email") required=true/>
        </Fieldset>
        <Fieldset legend=t::catalogue::address()>
            <Input name="street" label=t::field::street() autocomplete="address-line1"
                value=form.value_or("street", &profile.street) error=form.error("street") required=true/>
            <Input name="street2" label=t::field::street2() autocomplete="address-line2" marker=t::shell::optional()
                value=form.value_or("street2", &profile.street2) error=form.error("street2")/>
            <div class="form-grid">
                <Input name="postal_code" label=t::field::postal_code() autocomplete="postal-code" size=12
                    value=form.value_or("postal_code", &profile.postal_code) error=form.error("postal_code")/>
                <Input name="city" label=t::field::city() autocomplete="address-level2"
                    value=form.value_or("city", &profile.city) error=form.error("city") required=true/>
                <Input name="state" label=t::field::state() autocomplete="address-level1" marker=t::shell::optional()
                    value=form.value_or("state", &profile.state) error=form.error("state")/>
                <Select name="country" label=t::field::country() autocomplete="country"
                    placeholder=t::catalogue::choose() options=choice::countries() selected=country
                    error=form.error("country") required=true/>
            </div>
        </Fieldset>
    }
    .into_any()
}

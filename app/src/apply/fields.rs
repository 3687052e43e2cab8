//! The form's sections, in the order and with the names of labels.md.

use super::form::chosen;
use crate::{
    form::FormView,
    parts::choice,
    t,
    ui::{Checkbox, Fieldset, Input, InputKind, RadioOption, Radios, Select, TextArea},
    wire::me,
};
use kontor::{
    application::{Employees, Expertise},
    partner::PartnerType,
};
use leptos::prelude::*;
use leptos_router::hooks::use_query_map;

/// The person, and the account for people who are not signed in.
#[component]
pub fn Account(
    /// The form.
    form: FormView,
) -> impl IntoView {
    let known = me().email;
    view! {
        <Fieldset legend=t::apply::account_heading()>
            {match known {
                Some(email) => view! { <p>{t::apply::account_known(email)}</p> }.into_any(),
                None => view! {
                    <p>
                        {t::apply::account_new()} " " {t::apply::have_account()} " "
                        <a href="/signin?next=/apply">{t::shell::sign_in()}</a>
                    </p>
                    <div class="form-grid">
                        <Input name="email" label=t::field::email() kind=InputKind::Email autocomplete="username"
                            value=form.value("email") error=form.error("email") required=true/>
                        <Input name="password" label=t::field::password() kind=InputKind::Password
                            autocomplete="new-password" hint=t::account::password_hint()
                            error=form.error("password") required=true/>
                    </div>
                }.into_any(),
            }}
            <div class="form-grid">
                <Input name="first_name" label=t::field::first_name() autocomplete="given-name"
                    value=form.value("first_name") error=form.error("first_name") required=true/>
                <Input name="last_name" label=t::field::last_name() autocomplete="family-name"
                    value=form.value("last_name") error=form.error("last_name") required=true/>
                <Input name="phone" label=t::field::phone() kind=InputKind::Phone autocomplete="tel"
                    hint=t::apply::phone_hint() value=form.value("phone") error=form.error("phone") required=true/>
                <Input name="job_title" label=t::field::job_title() autocomplete="organization-title"
                    marker=t::shell::optional() value=form.value("job_title") error=form.error("job_title")/>
            </div>
        </Fieldset>
    }
    .into_any()
}

/// The company.
#[component]
pub fn Company(
    /// The form.
    form: FormView,
) -> impl IntoView {
    view! {
        <Fieldset legend=t::apply::company_heading()>
            <Input name="company_name" label=t::field::company_name() autocomplete="organization"
                value=form.value("company_name") error=form.error("company_name") required=true/>
            <Input name="website" label=t::field::website() autocomplete="url" inputmode="url"
                hint=t::apply::website_hint() value=form.value("website") error=form.error("website") required=true/>
            <Input name="vat_id" label=t::field::vat_id() marker=t::shell::optional()
                value=form.value("vat_id") error=form.error("vat_id")/>
            <div class="form-grid">
                <Select name="employees" label=t::field::employees() placeholder=t::apply::choose()
                    options=choice::options(Employees::ALL, choice::employees)
                    selected=form.value("employees") error=form.error("employees") required=true/>
                <Input name="founded" label=t::field::founded() kind=InputKind::Number size=4
                    marker=t::shell::optional() value=form.value("founded") error=form.error("founded")/>
            </div>
        </Fieldset>
    }
    .into_any()
}

/// The business address.
#[component]
pub fn Address(
    /// The form.
    form: FormView,
) -> impl IntoView {
    view! {
        <Fieldset legend=t::apply::address_heading()>
            <Input name="street" label=t::field::street() autocomplete="address-line1"
                value=form.value("street") error=form.error("street") required=true/>
            <Input name="street2" label=t::field::street2() autocomplete="address-line2"
                marker=t::shell::optional() value=form.value("street2") error=form.error("street2")/>
            <div class="form-grid">
                <Input name="postal_code" label=t::field::postal_code() autocomplete="postal-code" size=12
                    value=form.value("postal_code") error=form.error("postal_code")/>
                <Input name="city" label=t::field::city() autocomplete="address-level2"
                    value=form.value("city") error=form.error("city") required=true/>
                <Input name="state" label=t::field::state() autocomplete="address-level1"
                    marker=t::shell::optional() value=form.value("state") error=form.error("state")/>
                <Select name="country" label=t::field::country() autocomplete="country"
                    placeholder=t::apply::choose() options=choice::countries()
                    selected=form.value("country") error=form.error("country") required=true/>
            </div>
        </Fieldset>
    }
    .into_any()
}

/// Expertise, which the address can preset, and type of partnership.
#[component]
pub fn Interest(
    /// The form.
    form: FormView,
) -> impl IntoView {
    let preset = use_query_map().with_untracked(|q| q.get("expertise"));
    let preset = preset.filter(|key| Expertise::from_key(key).is_some());
    let kinds = PartnerType::ALL.iter().map(|kind| {
        RadioOption::new(kind.key(), choice::partner_type(*kind)).hint(choice::partner_type_about(*kind))
    });
    view! {
        <Fieldset legend=t::apply::expertise_heading()>
            <Select name="expertise" label=t::field::expertise() placeholder=t::apply::choose()
                options=choice::options(Expertise::ALL, choice::expertise)
                selected=chosen(form, "expertise", preset) error=form.error("expertise") required=true/>
            <Radios name="partner_type" legend=t::field::partner_type() options=kinds.collect()
                selected=chosen(form, "partner_type", Some(PartnerType::Reseller.key().into()))
                error=form.error("partner_type") required=true/>
        </Fieldset>
    }
    .into_any()
}

/// Experience, plans, and what must be accepted.
#[component]
pub fn Plans(
    /// The form.
    form: FormView,
    /// Version of the terms in force.
    terms_version: String,
) -> impl IntoView {
    let terms = t::apply::terms_text(terms_version);
    view! {
        <Fieldset legend=t::apply::plans_heading()>
            <TextArea name="experience" label=t::field::experience() hint=t::apply::experience_hint()
                value=form.value("experience") error=form.error("experience") required=true/>
            <TextArea name="plans" label=t::field::plans() hint=t::apply::plans_hint()
                value=form.value("plans") error=form.error("plans") required=true/>
            <Input name="expected_customers" label=t::field::expected_customers() kind=InputKind::Number size=6
                marker=t::shell::optional() value=form.value("expected_customers")
                error=form.error("expected_customers")/>
            <TextArea name="other_vendors" label=t::field::other_vendors() marker=t::shell::optional() rows=2
                value=form.value("other_vendors") error=form.error("other_vendors")/>
            <Checkbox name="terms" label=t::field::terms() hint=terms
                checked=form.checked("terms") error=form.error("terms") required=true/>
            <Checkbox name="privacy" label=t::field::privacy() hint=t::apply::privacy_text()
                checked=form.checked("privacy") error=form.error("privacy") required=true/>
        </Fieldset>
    }
    .into_any()
}

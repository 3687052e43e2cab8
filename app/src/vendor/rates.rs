//! Rates agreed with a partner for a plan, in the dialog that changes it.

use super::api;
use crate::{
    data::Data,
    form::{Problems, plain_form},
    i18n,
    parts::load::Loaded,
    t,
    ui::{Button, Input, Select, Text},
};
use kontor::{application::review::percent, kernel::id::OrgId, subscription::Plan};
use leptos::prelude::*;

const SET: &str = "/api/vendor/set_partner_rate";

/// The agreements there are, and a form for another.
#[component]
pub fn Rates(
    /// The partner.
    org: OrgId,
) -> impl IntoView {
    let rates =
        Data::new(|| (), move |()| async move { api::partner_rates(org).await.map(|rates| (org, rates)) });
    view! {
        <section class="stack" aria-labelledby="rates-heading">
            <h3 id="rates-heading">{t::partner::rates()}</h3>
            <p class="muted">{t::partner::rates_text()}</p>
            <Loaded resource=rates view=|(org, rates)| view! { <Agreed org rates/> }.into_any()/>
        </section>
    }
    .into_any()
}

#[component]
fn Agreed(
    /// The partner.
    org: OrgId,
    /// By plan, in basis points.
    rates: Vec<(Plan, i64)>,
) -> impl IntoView {
    let form = plain_form(SET).about("partner", &org.to_string());
    let said = match rates.is_empty() {
        true => view! { <p>{t::partner::rates_none()}</p> }.into_any(),
        false => {
            let one = |(plan, bp): &(Plan, i64)| {
                view! { <li>{t::partner::rate_of(plan.name(), i18n::percent(*bp))}</li> }
            };
            let all = rates.iter().map(one).collect_view();
            view! { <ul>{all}</ul> }.into_any()
        }
    };
    // Begins with an agreement there is, so that it is changed rather than typed again.
    let first = rates.first().map(|(plan, bp)| (plan.key(), percent(*bp)));
    let (plan, rate) = first.unwrap_or((Plan::Standard.key(), String::new()));
    let plans = Plan::ALL.iter().filter(|plan| plan.is_paid());
    let plans = plans.map(|plan| (Text::from(plan.key()), Text::from(plan.name()))).collect();
    view! {
        {said}
        <Problems form/>
        <form class="row" method="post" action=SET novalidate>
            <input type="hidden" name="partner" value=org.to_string()/>
            <Select name="plan" label=t::field::plan() options=plans selected=form.value_or("plan", plan)
                error=form.error("plan") id="rate-plan"/>
            <Input name="rate" label=t::partner::rate_plan() hint=t::partner::rate_hint() inputmode="decimal" size=6
                value=form.value_or("rate", &rate) error=form.error("rate") id="plan-rate"/>
            <Button label=t::partner::rate_agree()/>
        </form>
    }
    .into_any()
}

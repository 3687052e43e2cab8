//! What a sale would earn, by the code that accrues.

use super::{api, lines::Steps, path, words};
use crate::{
    admin::words::term,
    data::Data,
    i18n, message,
    parts::subscription::words::payer,
    t,
    ui::{Button, Callout, Card, Fact, Facts, Input, InputKind, Select, Text, Tone},
};
use kontor::{
    Error,
    commission::{SaleKind, WhatIf, Worked},
    kernel::{id::OrgId, money::Money},
    subscription::{Plan, Term, change::Payer},
};
use leptos::prelude::*;

/// The calculator.
#[component]
pub fn WhatIfCard(
    /// The partner.
    org: OrgId,
    /// What is imagined, if anything.
    form: Option<WhatIf>,
) -> impl IntoView {
    let asked = form.clone();
    let worked = asked.map(|form| {
        let found = Data::new(
            || (),
            move |()| {
                let form = form.clone();
                async move { api::what_if(org, form).await }
            },
        );
        view! {
            <Suspense>
                {move || found.get().map(|found| match found {
                    Ok(worked) => view! { <Answer worked/> }.into_any(),
                    Err(error) => view! { <Wrong error=error.0/> }.into_any(),
                })}
            </Suspense>
        }
    });
    let form = form.unwrap_or_default();
    let or = |value: String, default: &str| if value.is_empty() { default.to_owned() } else { value };
    let plans = Plan::ALL.iter().filter(|plan| plan.is_paid());
    let plans = plans.map(|plan| (Text::from(plan.key()), Text::from(plan.name()))).collect::<Vec<_>>();
    let before = plans.clone();
    let terms = [Term::Yearly, Term::Monthly].map(|t| (Text::from(t.key()), Text::from(term(t)))).to_vec();
    let payers =
        [Payer::Customer, Payer::Partner].map(|p| (Text::from(p.key()), Text::from(payer(p)))).to_vec();
    let kinds = [SaleKind::New, SaleKind::Renewal, SaleKind::Upgrade, SaleKind::AddOn]
        .map(|k| (Text::from(k.key()), Text::from(words::kind(k))))
        .to_vec();
    view! {
        <Card heading=t::commission::what_if() id="what-if-heading">
            <p class="muted">{t::commission::what_if_text()}</p>
            <form class="row" method="get" action=format!("{}#what-if-heading", path(org))>
                <Select name="plan" label=t::field::plan() options=plans selected=or(form.plan, Plan::Standard.key()) id="what-plan"/>
                <Select name="term" label=t::field::term() options=terms selected=form.term id="what-term"/>
                <Input name="seats" label=t::customers::licences() kind=InputKind::Number size=6 value=or(form.seats, "10")/>
                <Select name="payer" label=t::field::payer() options=payers selected=form.payer id="what-payer"/>
                <Select name="sale" label=t::commission::kind() options=kinds selected=form.sale id="what-sale"/>
                <Select name="was_plan" label=t::field::was_plan() hint=t::commission::of_upgrade() options=before
                    placeholder=t::commission::none() selected=form.was_plan/>
                <Input name="addon_units" label=t::field::addon_units() kind=InputKind::Number size=6 value=form.addon_units/>
                <Input name="days_left" label=t::field::days_left() hint=t::commission::whole_term() kind=InputKind::Number size=6
                    value=form.days_left/>
                <Input name="first_paid_on" label=t::commission::first_paid_on() kind=InputKind::Date value=form.first_paid_on/>
                <Input name="mapped_since" label=t::commission::mapped_since() kind=InputKind::Date value=form.mapped_since/>
                <Input name="baseline_seats" label=t::commission::baseline_seats() kind=InputKind::Number size=6
                    value=form.baseline_seats/>
                <Button label=t::commission::work_out()/>
            </form>
            {worked}
        </Card>
    }
    .into_any()
}

/// What cannot be worked out, and because of which field.
#[component]
fn Wrong(
    /// What was wrong.
    error: Error,
) -> impl IntoView {
    let said = match &error {
        Error::Invalid(fields) => fields
            .iter()
            .map(|field| {
                let label = t::field::lookup(&field.field).unwrap_or_default();
                view! { <li>{format!("{label}: {}", message::issue(&field.issue))}</li> }
            })
            .collect_view()
            .into_any(),
        other => view! { <li>{message::error(other)}</li> }.into_any(),
    };
    view! { <Callout tone=Tone::Danger><ul>{said}</ul></Callout> }.into_any()
}

#[component]
fn Answer(
    /// What it would earn.
    worked: Worked,
) -> impl IntoView {
    let currency = worked.currency;
    let money = move |minor: i64| i18n::money(Money::new(minor, currency));
    view! {
        <Facts>
            <Fact name=t::commission::base()>{money(worked.base)}</Fact>
            <Fact name=t::commission::amount()><strong>{money(worked.outcome.amount)}</strong></Fact>
        </Facts>
        <Steps why=worked.outcome.why currency=worked.currency/>
    }
    .into_any()
}

//! `/admin/{org}/partner/customers/{customer}/trial`: a customer's trial, as its partner sees it.

use super::{api, use_id, use_org};
use crate::{
    data::Data,
    parts::{
        load::{Failed, Loaded},
        trial::{Extending, Trial},
    },
    t,
    ui::{Breadcrumbs, Card, PageHeader, Text},
    wire::me,
};
use kontor::{
    Error,
    kernel::{id::OrgId, right::Feature},
    subscription::TrialView,
};
use leptos::prelude::*;
use leptos_meta::Title;

/// `/admin/{org}/partner/customers/{customer}/trial`
#[component]
pub fn TrialPage() -> impl IntoView {
    let (org, customer) = (use_org(), use_id("customer"));
    let answers = Extending::provide().answers();
    view! {
        <Title text=t::admin::trial()/>
        <main id="content" class="content content-middle stack-loose">
            {move || match (org.get(), customer.get()) {
                (Some(org), Some(customer)) => {
                    let trial = Data::new(
                        move || answers.get(),
                        move |_| async move { api::trial(org, customer).await.map(|trial| (org, trial)) },
                    );
                    view! {
                        <Loaded resource=trial view=|(org, trial)| view! { <Shown org trial/> }.into_any()/>
                    }
                    .into_any()
                }
                _ => view! { <Failed error=Error::NotFound/> }.into_any(),
            }}
        </main>
    }
}

#[component]
fn Shown(
    /// The partner.
    org: OrgId,
    /// The trial.
    trial: TrialView,
) -> impl IntoView {
    let extends = me().places.iter().any(|p| p.org == org && p.features.has(Feature::TrialExtend));
    let above =
        (Text::from(t::admin::nav_customers()), Text::from(format!("/admin/{org}/partner/customers")));
    let title = t::admin::trial_of(&trial.organisation);
    view! {
        <Title text=title.clone()/>
        <div class="stack-tight">
            <Breadcrumbs label=t::shell::you_are_here() items=vec![above] current=t::admin::trial()/>
            <PageHeader heading=title/>
        </div>
        <Card heading=trial.plan.name() id="trial-heading">
            <Trial trial partner=extends.then_some(org)/>
        </Card>
    }
    .into_any()
}

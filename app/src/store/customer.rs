//! `/store/{org}/customers/{customer}`: a customer's subscription, as its partner sells it.

use crate::{
    admin::use_org,
    data::Data,
    parts::{
        load::Failed,
        subscription::{SubscriptionDesk, api::customer_desk},
    },
    t,
    ui::{LinkButton, PageHeader},
    wire::me,
};
use kontor::{
    Error,
    kernel::{id::OrgId, right::Feature},
    subscription::ChangeForm,
};
use leptos::prelude::*;
use leptos_meta::Title;
use leptos_router::hooks::{use_params_map, use_query_map};

/// `/store/{org}/customers/{customer}`
#[component]
pub fn CustomerPage() -> impl IntoView {
    let org = use_org();
    let params = use_params_map();
    let customer =
        Memo::new(move |_| params.with(|p| p.get("customer").and_then(|id| id.parse::<OrgId>().ok())));
    view! {
        <Title text=t::admin::nav_subscription()/>
        <main id="content" class="content content-middle stack-loose">
            {move || match org.get().zip(customer.get()) {
                Some((org, customer)) => view! { <Sold org customer/> }.into_any(),
                None => view! { <Failed error=Error::NotFound/> }.into_any(),
            }}
        </main>
    }
}

#[component]
fn Sold(
    /// The partner.
    org: OrgId,
    /// Its customer.
    customer: OrgId,
) -> impl IntoView {
    let query = use_query_map();
    let asked = Memo::new(move |_| {
        query.with(|q| {
            let pairs = q.latest_values().map(|(name, value)| (name.as_ref(), value));
            (ChangeForm::from_pairs(pairs), q.get("answer").and_then(|id| id.parse().ok()))
        })
    });
    let desk = Data::new(
        move || asked.get(),
        move |(wish, answer)| async move { customer_desk(org, customer, wish, answer).await },
    );
    let name = move || desk.get().and_then(Result::ok).map(|desk| desk.account.organisation);
    let back = format!("/admin/{org}/partner/customers");
    let sees = me().places.iter().any(|p| p.org == org && p.features.has(Feature::PaymentsView));
    let payments = format!("/store/{org}/payments?customer={customer}");
    view! {
        <Suspense>
            {move || {
                let (back, payments) = (back.clone(), payments.clone());
                name().map(|name| view! {
                    <PageHeader heading=name description=t::subscription::store_text()>
                        <LinkButton label=t::admin::nav_customers() href=back/>
                        {sees.then(|| view! { <LinkButton label=t::customers::payments() href=payments.clone()/> })}
                    </PageHeader>
                })
            }}
        </Suspense>
        <SubscriptionDesk resource=desk/>
    }
    .into_any()
}

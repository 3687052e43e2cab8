//! `/admin/{org}/subscription`: plan, licences, trial; what is planned, and what the organisation wishes.

use super::{api, of_org};
use crate::{
    data::Data,
    parts::{
        load::Loaded,
        subscription::{SubscriptionDesk, api::own_desk},
        trial::{Extending, Trial},
    },
    t,
    ui::{Card, EmptyState, Glyph, LinkButton, PageHeader},
    wire::me,
};
use kontor::{
    kernel::right::Feature,
    subscription::{ChangeForm, SubscriptionView},
};
use leptos::prelude::*;
use leptos_meta::Title;
use leptos_router::hooks::use_query_map;

/// `/admin/{org}/subscription`
#[component]
pub fn SubscriptionPage() -> impl IntoView {
    of_org(|org| {
        let answers = Extending::provide().answers();
        let subscription = Data::new(move || answers.get(), move |_| api::subscription(org));
        view! {
            <Title text=t::admin::nav_subscription()/>
            <main id="content" class="content content-middle stack-loose">
                <PageHeader heading=t::admin::nav_subscription()>
                    <LinkButton label=t::catalogue::billing_title() href=format!("/admin/{org}/billing")/>
                </PageHeader>
                <Loaded resource=subscription view=move |found| match found {
                    Some(subscription) => view! { <Subscription subscription/> }.into_any(),
                    None => view! {
                        <EmptyState glyph=Glyph::Payment heading=t::admin::no_subscription_title()
                            text=t::admin::no_subscription_text()/>
                    }.into_any(),
                }/>
            </main>
        }
        .into_any()
    })
}

#[component]
fn Subscription(
    /// The subscription.
    subscription: SubscriptionView,
) -> impl IntoView {
    let partner = subscription.partner.as_ref().map(|(id, _)| *id);
    // The partner's own people extend; the organisation cannot itself (R8.10).
    let extends = me()
        .places
        .iter()
        .any(|place| Some(place.org) == partner && place.features.has(Feature::TrialExtend));
    let trial = subscription.trial.map(|trial| {
        view! {
            <Card heading=t::admin::trial() id="trial-heading">
                <Trial trial partner=partner.filter(|_| extends)/>
            </Card>
        }
    });
    view! {
        <Desk/>
        {trial}
    }
    .into_any()
}

/// What the organisation has, and may wish.
#[component]
fn Desk() -> impl IntoView {
    let org = super::use_org();
    let query = use_query_map();
    let asked = Memo::new(move |_| {
        query.with(|q| {
            (
                ChangeForm::from_pairs(q.latest_values().map(|(k, v)| (k.as_ref(), v))),
                q.get("answer").and_then(|id| id.parse().ok()),
            )
        })
    });
    let desk = Data::new(
        move || (org.get(), asked.get()),
        move |(org, (wish, answer))| async move {
            let org = org.ok_or(crate::wire::ApiError(kontor::Error::NotFound))?;
            own_desk(org, wish, answer).await?.ok_or(crate::wire::ApiError(kontor::Error::NotFound))
        },
    );
    view! { <SubscriptionDesk resource=desk/> }
}

//! `/admin/{org}/subscription`: plan, licences, trial.

use super::{api, of_org, words};
use crate::{
    i18n,
    parts::{
        load::Loaded,
        trial::{Extending, Trial},
    },
    t,
    ui::{Badge, Card, EmptyState, Fact, Facts, Glyph, PageHeader},
    wire::me,
};
use kontor::{kernel::right::Feature, subscription::SubscriptionView};
use leptos::prelude::*;
use leptos_meta::Title;

/// `/admin/{org}/subscription`
#[component]
pub fn SubscriptionPage() -> impl IntoView {
    of_org(|org| {
        let answers = Extending::provide().answers();
        let subscription = Resource::new(move || answers.get(), move |_| api::subscription(org));
        view! {
            <Title text=t::admin::nav_subscription()/>
            <main id="content" class="content content-middle stack-loose">
                <PageHeader heading=t::admin::nav_subscription()/>
                <Loaded resource=subscription view=|found| match found {
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
    let (status, tone) = words::subscription(subscription.status);
    let licences = subscription.licences;
    // Once something was bought, what was once intended is history.
    let intended = subscription.intended.filter(|_| subscription.renews_on.is_none());
    let partner = subscription.partner.as_ref().map(|(id, _)| *id);
    // The partner's own people extend; the organisation cannot itself (R8.10).
    let extends = me()
        .places
        .iter()
        .any(|place| Some(place.org) == partner && place.role.features().has(Feature::TrialExtend));
    let trial = subscription.trial.map(|trial| {
        view! {
            <Card heading=t::admin::trial() id="trial-heading">
                <Trial trial partner=partner.filter(|_| extends)/>
            </Card>
        }
    });
    view! {
        <Card heading=subscription.plan.name() id="plan-heading" aside=move || view! { <Badge label=status tone/> }>
            <Facts wide=true>
                <Fact name=t::admin::licences_used()>{i18n::number(licences.used)}</Fact>
                <Fact name=t::admin::licences_total()>{i18n::number(licences.total)}</Fact>
                <Fact name=t::admin::licences_free()>{i18n::number(licences.free())}</Fact>
                <Fact name=t::field::term()>{words::term(subscription.term)}</Fact>
                {subscription.renews_on.map(|day| view! {
                    <Fact name=t::admin::renews_on()>{i18n::date(day)}</Fact>
                })}
                {intended.map(|(plan, seats, term)| view! {
                    <Fact name=t::admin::intended()>
                        {t::admin::intended_plan(plan.name(), i18n::number(seats), words::term(term))}
                    </Fact>
                })}
                {subscription.partner.map(|(_, name)| view! {
                    <Fact name=t::admin::looked_after_by()><span dir="auto">{name}</span></Fact>
                })}
            </Facts>
        </Card>
        {trial}
    }
    .into_any()
}

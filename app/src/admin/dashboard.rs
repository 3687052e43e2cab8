//! `/admin/{org}` and `/admin/{org}/profile`: the organisation at a glance, and changing its name and country.

use super::{api, of_org, words};
use crate::{
    data::Data,
    form::{Problems, plain_form},
    i18n,
    parts::{address::address, choice, load::Loaded},
    t,
    ui::{
        Badge, Button, ButtonVariant, Callout, Card, Fact, Facts, Input, LinkButton, PageHeader, Select,
        Stat, Tone,
    },
};
use kontor::{
    kernel::{id::OrgId, right::OrgKind},
    organisation::{MAX_LOGO_BYTES, OrgStatus, Profile},
    subscription::{SubscriptionStatus, SubscriptionView},
};
use leptos::prelude::*;
use leptos_meta::Title;

/// Where a logo is sent.
pub const LOGO: &str = "/api/admin/set_logo";

/// Where a logo is: its address changes with it.
fn logo_href(org: OrgId, digest: &str) -> String {
    address(&format!("/admin/{org}/logo"), vec![("v", digest.to_owned())])
}

/// `/admin/{org}`
#[component]
pub fn DashboardPage() -> impl IntoView {
    of_org(|org| {
        let profile = Data::new(|| (), move |()| api::profile(org));
        view! {
            <Title text=t::admin::nav_dashboard()/>
            <main id="content" class="content stack-loose">
                <Loaded resource=profile view=|profile| view! { <Dashboard profile/> }.into_any()/>
            </main>
        }
        .into_any()
    })
}

#[component]
fn Dashboard(
    /// The organisation.
    profile: Profile,
) -> impl IntoView {
    let org = profile.id;
    let suspended = profile.status == OrgStatus::Suspended;
    let kind = match profile.kind {
        OrgKind::Vendor => t::admin::kind_vendor(),
        OrgKind::Partner => t::admin::kind_partner(),
        OrgKind::Customer => t::admin::kind_customer(),
    };
    let proposal = profile.subscription.as_ref().and_then(|subscription| subscription.proposal);
    let aside =
        move || suspended.then(|| view! { <Badge label=t::admin::status_suspended() tone=Tone::Warning/> });
    view! {
        <PageHeader heading=profile.name.clone() description=kind aside=aside>
            <LinkButton label=t::admin::edit_profile() href=format!("/admin/{org}/profile")/>
        </PageHeader>
        {proposal.map(|(change, until)| {
            let href = format!("/admin/{org}/subscription?answer={change}");
            let until = until.map(|until| t::admin::proposal_until(i18n::date_time(until)));
            view! {
                <Callout tone=Tone::Warning>
                    <p>{t::admin::proposal_waits()}" "{until}</p>
                    <div class="row"><LinkButton label=t::subscription::see_price() href variant=ButtonVariant::Primary/></div>
                </Callout>
            }
        })}
        {profile.subscription.map(|subscription| view! { <Figures org subscription/> })}
        <Card heading=t::admin::profile_heading() id="profile-heading">
            {profile.logo.as_deref().map(|digest| view! {
                <p><img class="logo" src=logo_href(org, digest) alt=t::admin::logo_of(&profile.name)/></p>
            })}
            <Facts wide=true>
                <Fact name=t::field::organisation()><span dir="auto">{profile.name}</span></Fact>
                <Fact name=t::field::country()>{choice::country(&profile.country)}</Fact>
                <Fact name=t::admin::primary_domain()>{profile.domain.unwrap_or_else(|| t::admin::none().into())}</Fact>
                <Fact name=t::admin::last_word()>{profile.super_admins.join(", ")}</Fact>
                <Fact name=t::admin::created()>{i18n::date(profile.created_at.day())}</Fact>
                <Fact name=t::admin::org_id()><code>{org.to_string()}</code></Fact>
            </Facts>
        </Card>
    }
    .into_any()
}

#[component]
fn Figures(
    /// The organisation.
    org: OrgId,
    /// Its subscription.
    subscription: SubscriptionView,
) -> impl IntoView {
    let (status, _) = words::subscription(subscription.status);
    let ends = subscription.trial.as_ref().filter(|_| subscription.renews_on.is_none());
    let (label, day) = match (subscription.renews_on, ends) {
        (Some(day), _) => (t::admin::renews_on(), Some(day)),
        (None, Some(trial)) => (t::admin::trial_end(), Some(trial.ends_on)),
        (None, None) => (t::admin::renews_on(), None),
    };
    let to = format!("/admin/{org}/subscription");
    let debt = debt(subscription.status).map(|title| {
        let href = to.clone();
        view! {
            <Callout tone=Tone::Danger title=title>
                <p>{t::admin::owes_text()}</p>
                <div class="row"><LinkButton label=t::admin::owes_open() href/></div>
            </Callout>
        }
    });
    view! {
        {debt}
        <div class="stat-grid">
            <Stat label=t::admin::plan() value=subscription.plan.name() note=status href=to.clone()/>
            <Stat label=t::admin::licences_used() value=i18n::number(subscription.licences.used)
                href=format!("/admin/{org}/users")/>
            <Stat label=t::admin::licences_total() value=i18n::number(subscription.licences.total) href=to.clone()/>
            <Stat label=t::admin::licences_free() value=i18n::number(subscription.licences.free()) href=to.clone()/>
            <Stat label value=day.map_or_else(|| t::admin::none().into(), i18n::date) href=to/>
        </div>
    }
    .into_any()
}

/// What stands against the subscription, if something does.
fn debt(status: SubscriptionStatus) -> Option<&'static str> {
    match status {
        SubscriptionStatus::PastDue | SubscriptionStatus::Grace => Some(t::admin::owes_title()),
        SubscriptionStatus::Suspended => Some(t::admin::owes_suspended()),
        _ => None,
    }
}

/// `/admin/{org}/profile`
#[component]
pub fn ProfilePage() -> impl IntoView {
    of_org(|org| {
        let profile = Data::new(|| (), move |()| api::profile(org));
        view! {
            <Title text=t::admin::edit_profile()/>
            <main id="content" class="content content-narrow stack-loose">
                <h1>{t::admin::edit_profile()}</h1>
                <Loaded resource=profile view=|profile| view! { <Edit profile/> }.into_any()/>
            </main>
        }
        .into_any()
    })
}

#[component]
fn Edit(
    /// The organisation.
    profile: Profile,
) -> impl IntoView {
    let form = plain_form("/api/admin/edit_profile");
    let org = profile.id;
    view! {
        <Problems form/>
        <form class="form" method="post" action="/api/admin/edit_profile" novalidate>
            <input type="hidden" name="org" value=org.to_string()/>
            <input type="hidden" name="version" value=profile.version.to_string()/>
            <Input name="organisation" label=t::field::organisation() autocomplete="organization"
                value=form.value_or("organisation", &profile.name) error=form.error("organisation") required=true/>
            <Select name="country" label=t::field::country() options=choice::countries() autocomplete="country"
                selected=form.value_or("country", &profile.country) error=form.error("country") required=true/>
            <div class="row">
                <Button label=t::shell::save() variant=ButtonVariant::Primary/>
                <LinkButton label=t::shell::cancel() href=format!("/admin/{org}")/>
            </div>
        </form>
        <Logo org name=profile.name digest=profile.logo/>
    }
    .into_any()
}

#[component]
fn Logo(
    /// The organisation.
    org: OrgId,
    /// Its name.
    name: String,
    /// What the logo's address ends with, if there is one.
    #[prop(optional_no_strip)]
    digest: Option<String>,
) -> impl IntoView {
    let form = plain_form(LOGO);
    let most = i18n::number(MAX_LOGO_BYTES as i64 / 1_000);
    view! {
        <Card heading=t::admin::logo() id="logo">
            {digest.map(|digest| view! {
                <p><img class="logo" src=logo_href(org, &digest) alt=t::admin::logo_of(&name)/></p>
                <form method="post" action="/api/admin/remove_logo">
                    <input type="hidden" name="org" value=org.to_string()/>
                    <Button label=t::admin::remove_logo()/>
                </form>
            })}
            <Problems form/>
            <form class="form" method="post" enctype="multipart/form-data" novalidate
                action=address(LOGO, vec![("org", org.to_string())])>
                <div class="field">
                    <label for="file">{t::admin::logo_file(most)}</label>
                    <input id="file" type="file" name="file" accept=".png,.jpg,.jpeg,image/png,image/jpeg" required/>
                </div>
                <p><Button label=t::admin::set_logo()/></p>
            </form>
        </Card>
    }
    .into_any()
}

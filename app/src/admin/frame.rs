//! What stands around every page of a console: the banner of an acting session, and the left pane.

use super::{api, use_org};
use crate::{
    data::Data,
    message, t,
    ui::{Banner, Button, ButtonSize, Callout, Glyph, NavLink, PaneSection, SidePane, Tone},
    wire::{ApiError, boot},
};
use kontor::{
    Error,
    kernel::{
        id::OrgId,
        right::{Feature, OrgKind},
    },
    organisation::Frame,
};
use leptos::prelude::*;
use leptos_router::{components::Outlet, hooks::use_location};

/// Calls of buttons rather than forms: what went wrong with them is said above the page.
const BUTTONS: [&str; 14] = [
    "/api/admin/extend_trial",
    "/api/admin/manage",
    "/api/admin/leave",
    "/api/admin/suspend_user",
    "/api/admin/restore_user",
    "/api/admin/leave_group",
    "/api/admin/revoke_access",
    "/api/admin/restore_access",
    "/api/admin/leave_partner",
    "/api/admin/make_token",
    "/api/admin/withdraw_token",
    "/api/admin/make_primary",
    "/api/admin/check_mail",
    "/api/admin/new_mail_key",
];

/// Around `/admin/{org}/…`. A page whose frame cannot be had says itself why.
#[component]
pub fn ConsoleFrame() -> impl IntoView {
    let org = use_org();
    let path = use_location().pathname;
    // The frame of the page before.
    let last = StoredValue::new(None::<Frame>);
    // Asked again on every page: rights are not kept, and the banner tells the time left.
    let frame = Data::new(
        move || (org.get(), path.get()),
        move |(org, _)| async move {
            let org = org.ok_or(ApiError(Error::NotFound))?;
            match api::frame(org).await {
                // The network is gone, not the organisation: its pane stays.
                Err(gone @ ApiError(Error::Unavailable)) => {
                    last.try_get_value().flatten().filter(|frame| frame.org == org).ok_or(gone)
                }
                answer => answer,
            }
        },
    );
    Effect::new(move || {
        if let Some(Ok(now)) = frame.get() {
            last.set_value(Some(now));
        }
    });
    view! {
        <Transition>
            {move || Suspend::new(async move {
                frame.wait().await.ok().and_then(|f| f.banner).map(|banner| view! { <Acting banner/> })
            })}
        </Transition>
        <div class="shell">
            <Transition>
                {move || Suspend::new(async move { frame.wait().await.ok().map(|frame| view! { <Pane frame/> }) })}
            </Transition>
            <div class="page">
                <Trouble/>
                <Outlet/>
            </div>
        </div>
    }
}

/// What went wrong with a button of this page, where the answer came as a new page.
#[component]
fn Trouble() -> impl IntoView {
    let boot = boot();
    let here = use_location().pathname;
    let kept = boot.kept.filter(|k| BUTTONS.contains(&k.form.as_str()));
    let error = kept.and_then(|k| k.error).map(|e| message::error(&e));
    move || {
        let text = error.clone().filter(|_| here.with(|path| *path == boot.path));
        text.map(|text| {
            view! {
                <div class="content notice"><Callout tone=Tone::Danger live=true><p>{text}</p></Callout></div>
            }
        })
    }
}

#[component]
fn Acting(
    /// The acting session.
    banner: kontor::delegation::Banner,
) -> impl IntoView {
    let label = t::admin::managing(&banner.organisation);
    let left = t::admin::minutes_left(banner.minutes_left);
    let org = banner.org.to_string();
    let leave = move || {
        view! {
            <form method="post" action="/api/admin/leave">
                <input type="hidden" name="org" value=org/>
                <Button label=t::admin::leave() size=ButtonSize::Small icon=Glyph::Logout/>
            </form>
        }
    };
    view! {
        <Banner label actions=leave>
            {banner.domain.map(|domain| view! { <span class="banner-more">{domain}</span> })}
            <span class="banner-more">{t::admin::as_partner(&banner.partner_name)}</span>
            <span class="nowrap">{left}</span>
            <span class="banner-more">{t::admin::logged()}</span>
        </Banner>
    }
    .into_any()
}

#[component]
fn Pane(
    /// The frame.
    frame: Frame,
) -> impl IntoView {
    let Frame { org, name, kind, features, .. } = frame;
    let may = move |feature| features.has(feature);
    let customers = kind == OrgKind::Partner && may(Feature::CustomersView);
    let partner = customers.then(|| view! {
        <PaneSection label=t::admin::partner_console()>
            <Item org path="/partner/customers" label=t::admin::nav_customers() icon=Glyph::Building exact=true/>
            {may(Feature::CustomersAdd).then(|| view! {
                <Item org path="/partner/customers/new" label=t::admin::nav_add() icon=Glyph::Plus exact=true/>
            })}
            {may(Feature::PaymentsView).then(|| view! {
                <Item org path="/partner/payments" label=t::admin::nav_payments() icon=Glyph::Payment/>
            })}
        </PaneSection>
    });
    let items = [
        (Feature::OrgView, "", t::admin::nav_dashboard(), Glyph::Dashboard),
        (Feature::UsersView, "/users", t::admin::nav_users(), Glyph::Users),
        (Feature::UsersView, "/groups", t::admin::nav_groups(), Glyph::List),
        (Feature::DomainsView, "/domains", t::admin::nav_domains(), Glyph::Globe),
        (Feature::MailView, "/mail", t::admin::nav_mail(), Glyph::Mail),
        (Feature::SubscriptionView, "/subscription", t::admin::nav_subscription(), Glyph::Payment),
        (Feature::BillingEdit, "/billing", t::catalogue::billing_title(), Glyph::Mail),
        (Feature::PartnerAccessView, "/partner-access", t::admin::nav_access(), Glyph::Shield),
        (Feature::SignInEdit, "/sign-in", t::admin::nav_sign_in(), Glyph::User),
        (Feature::ActivityView, "/activity", t::admin::nav_activity(), Glyph::Activity),
    ];
    let own = items
        .into_iter()
        // Nobody sends the vendor an invoice.
        .filter(|(feature, ..)| {
            may(*feature) && (kind != OrgKind::Vendor || *feature != Feature::BillingEdit)
        })
        .map(|(_, path, label, icon)| view! { <Item org path label icon exact=path.is_empty()/> })
        .collect_view();
    view! {
        <SidePane menu_label=name.clone()>
            <PaneSection label=name>{own}</PaneSection>
            {partner}
        </SidePane>
    }
    .into_any()
}

#[component]
fn Item(
    /// The organisation.
    org: OrgId,
    /// The page, below the organisation's own.
    path: &'static str,
    /// What it says.
    label: &'static str,
    /// Its drawing.
    icon: Glyph,
    /// Only this very page counts as current, none below it.
    #[prop(optional)]
    exact: bool,
) -> impl IntoView {
    let href = format!("/admin/{org}{path}");
    let here = use_location().pathname;
    let target = href.clone();
    let current = Signal::derive(move || {
        here.with(|p| *p == target || (!exact && p.starts_with(&format!("{target}/"))))
    });
    view! { <NavLink label href current icon/> }
}

//! What stands around the vendor's pages: the left pane.

use crate::{
    message, t,
    ui::{Callout, Glyph, NavLink, PaneSection, SidePane, Tone},
    wire::{boot, me},
};
use kontor::kernel::right::{Feature, OrgKind};
use leptos::prelude::*;
use leptos_router::{components::Outlet, hooks::use_location};

/// Calls of buttons rather than forms: what went wrong with them is said above the page.
const BUTTONS: [&str; 6] = [
    "/api/vendor/retry_job",
    "/api/vendor/retry_all_jobs",
    "/api/settings/suspend_staff",
    "/api/settings/restore_staff",
    "/api/settings/withdraw_price",
    "/api/settings/withdraw_limits",
];

/// Around `/vendor/…` and `/settings/…`. Whoever is not of the staff sees no pane, and the page says why.
#[component]
pub fn VendorFrame() -> impl IntoView {
    let features = me().place(OrgKind::Vendor).map(|place| place.features).unwrap_or_default();
    let items = [
        (Feature::PartnersView, "/vendor/partners", t::vendor::nav_partners(), Glyph::Building),
        (Feature::AllCustomersView, "/vendor/customers", t::vendor::nav_customers(), Glyph::Users),
        (Feature::DisputesDecide, "/vendor/disputes", t::dispute::title(), Glyph::Mail),
        (Feature::FinanceManage, "/vendor/payments", t::vendor::nav_payments(), Glyph::Payment),
        (Feature::FinanceManage, "/vendor/payouts", t::store::nav_payouts(), Glyph::External),
        (Feature::FinanceManage, "/vendor/reports", t::report::title(), Glyph::Activity),
        (Feature::JobsManage, "/vendor/jobs", t::vendor::nav_jobs(), Glyph::Clock),
        (Feature::SettingsEdit, "/settings", t::vendor::nav_settings(), Glyph::List),
        (Feature::SettingsEdit, "/settings/catalogue", t::catalogue::title(), Glyph::Grid),
        (Feature::SettingsEdit, "/settings/entities", t::catalogue::entities_title(), Glyph::Payment),
        (Feature::SettingsEdit, "/settings/sign-in", t::identity::title(), Glyph::Shield),
        (Feature::StaffManage, "/settings/staff", t::vendor::nav_staff(), Glyph::User),
    ];
    let links = items
        .into_iter()
        .filter(|(feature, ..)| features.has(*feature))
        .map(|(_, href, label, icon)| view! { <Item href label icon/> })
        .collect_view();
    let pane = features.has(Feature::PartnersView).then(|| {
        view! {
            <SidePane menu_label=t::vendor::pane()>
                <PaneSection label=t::vendor::pane()>{links}</PaneSection>
            </SidePane>
        }
    });
    view! {
        <div class="shell">
            {pane}
            <div class="page">
                <Trouble/>
                <Outlet/>
            </div>
        </div>
    }
    .into_any()
}

#[component]
fn Item(
    /// Where it leads.
    href: &'static str,
    /// What it says.
    label: &'static str,
    /// Its drawing.
    icon: Glyph,
) -> impl IntoView {
    let here = use_location().pathname;
    let current = Signal::derive(move || here.with(|path| path == href));
    view! { <NavLink label href current icon/> }
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

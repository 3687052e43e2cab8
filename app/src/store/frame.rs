//! What stands around every page of the Partner Store: the left pane.

use super::api;
use crate::{
    admin::use_org,
    data::Data,
    message, t,
    ui::{Callout, Glyph, NavLink, PaneSection, SidePane, Tone},
    wire::{ApiError, boot},
};
use kontor::{
    Error,
    kernel::{
        id::OrgId,
        right::{Feature, Features, OrgKind},
    },
    organisation::{Frame, Place},
};
use leptos::prelude::*;
use leptos_router::{components::Outlet, hooks::use_location};

/// Calls of buttons rather than forms: what went wrong with them is said above the page.
const BUTTONS: [&str; 8] = [
    "/api/store/withdraw_dispute",
    "/api/store/take_back_request",
    "/api/store/release_customer",
    "/api/store/keep_customer",
    "/api/store/suspend_person",
    "/api/store/restore_person",
    "/api/admin/extend_trial",
    "/api/admin/manage",
];

/// One page of the left pane.
struct Item {
    /// Any of these opens the page.
    needs: &'static [Feature],
    /// Below the partner's own address.
    path: &'static str,
    /// What the pane calls it.
    label: fn() -> &'static str,
    /// Its drawing.
    icon: Glyph,
}

const fn item(
    needs: &'static [Feature],
    path: &'static str,
    label: fn() -> &'static str,
    icon: Glyph,
) -> Item {
    Item { needs, path, label, icon }
}

/// The store's pages, in the order of the pane. Whoever adds a page to the routes adds its line here.
const ITEMS: &[Item] = &[
    item(&[Feature::StoreView], "", t::store::nav_overview, Glyph::Dashboard),
    item(&[Feature::CustomersView], "/customers", t::store::nav_customers, Glyph::Building),
    item(&[Feature::MappingRequest], "/mapping", t::mapping::title, Glyph::Plus),
    item(&[Feature::ConsoleManage], "/access", t::access::list_title, Glyph::Key),
    item(&[Feature::MappingRequest], "/disputes", t::dispute::title, Glyph::Mail),
    item(&[Feature::StoreView], "/services", t::store::nav_services, Glyph::Grid),
    item(&[Feature::PaymentsView], "/payments", t::store::nav_payments, Glyph::Payment),
    item(&[Feature::CommissionView], "/commissions", t::store::nav_commissions, Glyph::List),
    item(&[Feature::CommissionView], "/payouts", t::store::nav_payouts, Glyph::External),
    item(&[Feature::ReportsView], "/reports", t::store::nav_reports, Glyph::Activity),
    item(&[Feature::StoreUsersManage], "/users", t::store::nav_users, Glyph::Users),
    item(&[Feature::StoreUsersManage], "/settings", t::store::nav_settings, Glyph::List),
];

/// The pages these features open.
fn open_to(features: Features) -> impl Iterator<Item = &'static Item> {
    ITEMS.iter().filter(move |item| item.needs.iter().any(|need| features.has(*need)))
}

/// Where a person of a partner begins in its store: not everybody may see the overview.
pub fn landing(place: &Place) -> String {
    let first = open_to(place.features).next().map(|item| item.path).unwrap_or_default();
    format!("/store/{}{first}", place.org)
}

/// Around `/store/{org}/…`. A page whose frame cannot be had says itself why.
#[component]
pub fn StoreFrame() -> impl IntoView {
    let org = use_org();
    let path = use_location().pathname;
    // The frame of the page before.
    let last = StoredValue::new(None::<Frame>);
    // Asked again on every page: rights are not kept.
    let frame = Data::new(
        move || (org.get(), path.get()),
        move |(org, _)| async move {
            let org = org.ok_or(ApiError(Error::NotFound))?;
            match api::frame(org).await {
                // The network is gone, not the partner: its pane stays.
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
        <div class="shell">
            <Transition>
                {move || Suspend::new(async move {
                    let partner = frame.wait().await.ok().filter(|frame| frame.kind == OrgKind::Partner);
                    partner.map(|frame| view! { <Pane frame/> })
                })}
            </Transition>
            <div class="page">
                <Trouble/>
                <Outlet/>
            </div>
        </div>
    }
}

#[component]
fn Pane(
    /// The frame.
    frame: Frame,
) -> impl IntoView {
    let Frame { org, name, features, .. } = frame;
    let links = open_to(features).map(|item| view! { <Link org item/> }).collect_view();
    view! {
        <SidePane menu_label=name.clone()>
            <PaneSection label=name>{links}</PaneSection>
        </SidePane>
    }
    .into_any()
}

#[component]
fn Link(
    /// The partner.
    org: OrgId,
    /// The page.
    item: &'static Item,
) -> impl IntoView {
    let href = format!("/store/{org}{}", item.path);
    let here = use_location().pathname;
    let (target, overview) = (href.clone(), item.path.is_empty());
    let current = Signal::derive(move || {
        here.with(|p| *p == target || (!overview && p.starts_with(&format!("{target}/"))))
    });
    view! { <NavLink label=(item.label)() href current icon=item.icon/> }
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

#[cfg(all(test, feature = "ssr"))]
mod tests {
    use super::*;
    use crate::routes::{Need, ROUTES};
    use kontor::kernel::right::Role;

    fn place(features: Features) -> Place {
        Place {
            org: "org_00000000000000000000000001".parse().unwrap(),
            name: String::new(),
            kind: OrgKind::Partner,
            role: Role::PartnerCustom,
            own_role: None,
            features,
        }
    }

    #[test]
    fn the_pane_lists_pages_that_are_there_to_those_who_may_open_them() {
        for item in ITEMS {
            let path = format!("/store/:org{}", item.path);
            let route = ROUTES.iter().find(|r| r.path == path).unwrap();
            assert!(item.needs.iter().any(|need| route.need == Need::Org(*need)), "{path}");
        }
    }

    #[test]
    fn whoever_may_not_see_the_overview_begins_at_their_first_page() {
        let of = |list: &[Feature]| landing(&place(Features::of(list)));
        assert!(of(&[Feature::StoreView, Feature::StoreUsersManage]).ends_with("01"));
        assert!(of(&[Feature::StoreUsersManage]).ends_with("/users"));
        assert!(of(&[Feature::StoreUsersManage, Feature::CustomersView]).ends_with("/customers"));
        assert!(of(&[]).starts_with("/store/org_"));
    }
}

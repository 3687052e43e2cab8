//! The pages by their addresses, in the parts that the browser loads one by one: whoever fills in a form loads nothing of the
//! console's, whoever works in the console nothing of the store's (docs/architecture.md).

use crate::{account, admin, apply, demo, home, parts, review, settings, shell::NotFound, store, vendor};
use leptos::prelude::*;
use leptos_router::{
    SsrMode,
    any_nested_route::{AnyNestedRoute, IntoAnyNestedRoute},
    components::{ParentRoute, Route, Routes},
    path,
};

/// A part of the browser's half: a module of its own, for the surfaces it is named after.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Bundle {
    /// Home, account, application, demo, and whatever is nowhere.
    Front,
    /// The admin console.
    Console,
    /// The Partner Console, in a partner's own admin console.
    Partner,
    /// The Partner Store.
    Store,
    /// Review, the vendor's pages and settings.
    Staff,
}

impl Bundle {
    /// Each of them.
    pub const ALL: [Self; 5] = [Self::Front, Self::Console, Self::Partner, Self::Store, Self::Staff];

    /// Its files' name: `{key}.js`, `{key}_bg.wasm`.
    pub fn key(self) -> &'static str {
        match self {
            Self::Front => "front",
            Self::Console => "console",
            Self::Partner => "partner",
            Self::Store => "store",
            Self::Staff => "staff",
        }
    }

    /// Whether its pages show texts of a room of `locales/`: what they never show is not sent to them. A room nobody is named
    /// for goes to all.
    pub fn reads(self, room: &str) -> bool {
        use Bundle::{Console, Front, Partner, Staff, Store};
        match room {
            "demo" | "help" | "home" | "passkey" => self == Front,
            "apply" => matches!(self, Front | Staff),
            "partner" | "review" | "setting" | "vendor" => self == Staff,
            "bulk" => self == Store,
            "group" | "mailflow" | "person" => self == Console,
            "mapping" => matches!(self, Console | Store),
            "access" => self != Front,
            "audit" => matches!(self, Console | Front | Store),
            "commission" | "dispute" | "payout" => matches!(self, Store | Staff),
            "activity" => matches!(self, Console | Store | Staff),
            "identity" => matches!(self, Console | Staff),
            "admin" | "catalogue" | "customers" | "invoice" | "payment" | "report" | "store"
            | "subscription" => {
                matches!(self, Console | Partner | Store | Staff)
            }
            _ => true,
        }
    }

    /// The one that has the page of a path.
    pub fn of(path: &str) -> Self {
        let mut parts = path.trim_start_matches('/').split('/');
        match (parts.next().unwrap_or_default(), parts.nth(1)) {
            ("admin", Some("partner")) => Self::Partner,
            ("admin", _) => Self::Console,
            ("store", _) => Self::Store,
            ("review" | "vendor" | "settings", _) => Self::Staff,
            _ => Self::Front,
        }
    }
}

/// All pages: what the server renders from. They render completely there (design.md section 3, the way of a form).
pub fn all() -> AnyView {
    view! {
        <Routes fallback=NotFound>
            <FrontRoutes/>
            <PartnerRoutes/>
            <ConsoleRoutes/>
            <StoreRoutes/>
            <StaffRoutes/>
        </Routes>
    }
    .into_any()
}

/// The pages of [`Bundle::Front`].
pub fn front() -> AnyView {
    view! { <Routes fallback=NotFound><FrontRoutes/></Routes> }.into_any()
}

/// The pages of [`Bundle::Console`].
pub fn console() -> AnyView {
    view! { <Routes fallback=NotFound><ConsoleRoutes/></Routes> }.into_any()
}

/// The pages of [`Bundle::Partner`].
pub fn partner() -> AnyView {
    view! { <Routes fallback=NotFound><PartnerRoutes/></Routes> }.into_any()
}

/// The pages of [`Bundle::Store`].
pub fn store() -> AnyView {
    view! { <Routes fallback=NotFound><StoreRoutes/></Routes> }.into_any()
}

/// The pages of [`Bundle::Staff`].
pub fn staff() -> AnyView {
    view! { <Routes fallback=NotFound><StaffRoutes/></Routes> }.into_any()
}

/// Where everybody begins.
#[component(transparent)]
fn FrontRoutes() -> AnyNestedRoute {
    view! {
        <Route path=path!("/") view=home::Home ssr=SsrMode::Async/>
        <Route path=path!("/help") view=home::HelpPage ssr=SsrMode::Async/>
        <Route path=path!("/verify") view=home::VerifyPage ssr=SsrMode::Async/>
        <Route path=path!("/signin") view=account::SignInPage ssr=SsrMode::Async/>
        <Route path=path!("/signup") view=account::SignUpPage ssr=SsrMode::Async/>
        <Route path=path!("/confirm/:token") view=account::ConfirmPage ssr=SsrMode::Async/>
        <Route path=path!("/reset") view=account::ResetPage ssr=SsrMode::Async/>
        <Route path=path!("/reset/:token") view=account::NewPasswordPage ssr=SsrMode::Async/>
        <Route path=path!("/activate/:token") view=account::ActivatePage ssr=SsrMode::Async/>
        <Route path=path!("/account") view=account::AccountPage ssr=SsrMode::Async/>
        <Route path=path!("/account/passkey") view=account::PasskeyPage ssr=SsrMode::Async/>
        <Route path=path!("/partner-code/:code") view=home::PartnerCodePage ssr=SsrMode::Async/>
        <Route path=path!("/demo/bank/:token") view=demo::DemoBankPage ssr=SsrMode::Async/>
        <Route path=path!("/demo/mail") view=demo::DemoMailsPage ssr=SsrMode::Async/>
        <Route path=path!("/demo/mail/:mail") view=demo::DemoMailPage ssr=SsrMode::Async/>
        <Route path=path!("/demo/dns") view=demo::DemoDnsPage ssr=SsrMode::Async/>
        <Route path=path!("/apply") view=apply::ApplyPage ssr=SsrMode::Async/>
        <Route path=path!("/apply/status/:token") view=apply::StatusPage ssr=SsrMode::Async/>
    }
    .into_inner()
    .into_any_nested_route()
}

/// `/admin`.
#[component(transparent)]
fn ConsoleRoutes() -> AnyNestedRoute {
    view! {
        <Route path=path!("/admin") view=admin::ChooserPage ssr=SsrMode::Async/>
        <ParentRoute path=path!("/admin/:org") view=admin::ConsoleFrame ssr=SsrMode::Async>
            <Route path=path!("") view=admin::DashboardPage/>
            <Route path=path!("/profile") view=admin::ProfilePage/>
            <Route path=path!("/users") view=admin::UsersPage/>
            <Route path=path!("/users/:user") view=admin::PersonPage/>
            <Route path=path!("/groups") view=admin::GroupsPage/>
            <Route path=path!("/groups/:group") view=admin::GroupPage/>
            <Route path=path!("/domains") view=admin::domains::DomainsPage/>
            <Route path=path!("/domains/:domain") view=admin::domains::DomainPage/>
            <Route path=path!("/mail") view=admin::MailPage/>
            <Route path=path!("/subscription") view=admin::SubscriptionPage/>
            <Route path=path!("/billing") view=admin::BillingPage/>
            <Route path=path!("/partner-access") view=admin::AccessPage/>
            <Route path=path!("/sign-in") view=admin::SignInSettingsPage/>
            <Route path=path!("/invoices/:invoice") view=parts::invoice::InvoicePage/>
            <Route path=path!("/activity") view=admin::ActivityPage/>
        </ParentRoute>
    }
    .into_inner()
    .into_any_nested_route()
}

/// `/admin/{org}/partner`.
#[component(transparent)]
fn PartnerRoutes() -> AnyNestedRoute {
    view! {
        <ParentRoute path=path!("/admin/:org/partner") view=admin::ConsoleFrame ssr=SsrMode::Async>
            <Route path=path!("/customers") view=admin::customers::CustomersPage/>
            <Route path=path!("/customers/new") view=admin::AddPage/>
            <Route path=path!("/customers/:customer/manage") view=admin::ManagePage/>
            <Route path=path!("/customers/:customer/trial") view=admin::TrialPage/>
            <Route path=path!("/payments") view=admin::PaymentsPage/>
        </ParentRoute>
    }
    .into_inner()
    .into_any_nested_route()
}

/// `/store`.
#[component(transparent)]
fn StoreRoutes() -> AnyNestedRoute {
    view! {
        <Route path=path!("/store") view=store::StoreChooserPage ssr=SsrMode::Async/>
        <ParentRoute path=path!("/store/:org") view=store::StoreFrame ssr=SsrMode::Async>
            <Route path=path!("") view=store::StorePage/>
            <Route path=path!("/customers") view=store::CustomersPage/>
            <Route path=path!("/users") view=store::UsersPage/>
            <Route path=path!("/mapping") view=store::MappingPage/>
            <Route path=path!("/access") view=store::AccessListPage/>
            <Route path=path!("/disputes") view=store::DisputesPage/>
            <Route path=path!("/services") view=store::ServicesPage/>
            <Route path=path!("/payments") view=admin::PaymentsPage/>
            <Route path=path!("/customers/bulk") view=store::BulkPage/>
            <Route path=path!("/customers/bulk/:run") view=store::BulkRunPage/>
            <Route path=path!("/customers/:customer") view=store::CustomerPage/>
            <Route path=path!("/reports") view=parts::reports::ReportsPage/>
            <Route path=path!("/commissions") view=parts::commission::CommissionsPage/>
            <Route path=path!("/payouts") view=parts::payouts::PayoutsPage/>
            <Route path=path!("/invoices/:invoice") view=parts::invoice::InvoicePage/>
            <Route path=path!("/reports/lines") view=parts::reports::StoreLinesPage/>
            <Route path=path!("/reports/sales") view=parts::reports::StoreSalesPage/>
            <Route path=path!("/reports/renewals") view=parts::reports::StoreRenewalsPage/>
            <Route path=path!("/reports/customers") view=parts::reports::StoreEventsPage/>
            <Route path=path!("/settings") view=parts::reports::StoreSettingsPage/>
        </ParentRoute>
    }
    .into_inner()
    .into_any_nested_route()
}

/// `/review`, `/vendor`, `/settings`.
#[component(transparent)]
fn StaffRoutes() -> AnyNestedRoute {
    view! {
        <Route path=path!("/review") view=review::QueuePage ssr=SsrMode::Async/>
        <Route path=path!("/review/:application") view=review::DetailPage ssr=SsrMode::Async/>
        <ParentRoute path=path!("/vendor") view=vendor::VendorFrame ssr=SsrMode::Async>
            <Route path=path!("/partners") view=vendor::PartnersPage/>
            <Route path=path!("/customers") view=vendor::customers::AllCustomersPage/>
            <Route path=path!("/customers/:customer/enter") view=vendor::BreakGlassPage/>
            <Route path=path!("/payments") view=parts::payments::VendorPaymentsPage/>
            <Route path=path!("/jobs") view=vendor::JobsPage/>
            <Route path=path!("/disputes") view=vendor::DisputesPage/>
            <Route path=path!("/disputes/:dispute") view=vendor::DisputeDetailPage/>
            <Route path=path!("/reports") view=parts::reports::VendorReportsPage/>
            <Route path=path!("/payouts") view=parts::payouts::VendorPayoutsPage/>
            <Route path=path!("/invoices/:invoice") view=parts::invoice::InvoicePage/>
            <Route path=path!("/reports/lines") view=parts::reports::VendorLinesPage/>
            <Route path=path!("/reports/sales") view=parts::reports::VendorSalesPage/>
            <Route path=path!("/commissions/:partner") view=parts::commission::VendorCommissionsPage/>
            <Route path=path!("/reports/renewals") view=parts::reports::VendorRenewalsPage/>
            <Route path=path!("/reports/customers") view=parts::reports::VendorEventsPage/>
        </ParentRoute>
        <ParentRoute path=path!("/settings") view=vendor::VendorFrame ssr=SsrMode::Async>
            <Route path=path!("") view=settings::SettingsPage/>
            <Route path=path!("/catalogue") view=settings::CataloguePage/>
            <Route path=path!("/entities") view=settings::EntitiesPage/>
            <Route path=path!("/sign-in") view=settings::ProgrammeSignInPage/>
            <Route path=path!("/staff") view=settings::StaffPage/>
        </ParentRoute>
    }
    .into_inner()
    .into_any_nested_route()
}

#[cfg(all(test, feature = "ssr"))]
mod tests {
    use super::*;
    use crate::routes::{Kind, ROUTES};

    #[test]
    fn every_page_is_in_the_bundle_of_its_address() {
        let paths = |pages: fn() -> AnyView| {
            let list = leptos_axum::generate_route_list(move || {
                view! { <leptos_router::components::Router>{pages()}</leptos_router::components::Router> }
            });
            list.iter().map(|route| route.path().replace('{', ":").replace('}', "")).collect::<Vec<_>>()
        };
        let parts = [front as fn() -> AnyView, console, partner, store, staff].map(paths);
        for spec in ROUTES.iter().filter(|spec| spec.kind == Kind::Page) {
            for (bundle, paths) in Bundle::ALL.iter().zip(&parts) {
                let has = paths.iter().any(|path| path == spec.path);
                assert_eq!(has, Bundle::of(spec.path) == *bundle, "{} in {}", spec.path, bundle.key());
            }
        }
    }
}

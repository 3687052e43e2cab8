//! Every address of the programme in one table (design.md section 3, rule 12): the router renders from it, the access
//! matrix is tested from it, and a test fails on whatever is not in it.

use crate::{account, admin, home, shell::NotFound, vendor};
use kontor::kernel::right::Feature;
use leptos::prelude::*;
use leptos_router::{
    SsrMode,
    components::{Route, Routes},
    path,
};

/// Who may use an address.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Need {
    /// Anybody.
    Anyone,
    /// Whoever is signed in; it shows only what is their own.
    SignedIn,
    /// Whoever has the secret link.
    Token,
    /// Vendor staff with the feature.
    Staff(Feature),
    /// A member with the feature in the organisation named, or somebody acting under a grant that includes it.
    Org(Feature),
    /// Anybody, on demo installations only.
    Demo,
}

/// How an address is used.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// A page.
    Page,
    /// A server function: `POST`.
    Call,
}

/// One address.
#[derive(Debug, Clone, Copy)]
pub struct Spec {
    /// Page or call.
    pub kind: Kind,
    /// The path, with `:name` for what varies.
    pub path: &'static str,
    /// Names of the ids it takes, in path or body, each with its kind's prefix.
    pub ids: &'static [(&'static str, &'static str)],
    /// Who may use it.
    pub need: Need,
}

const fn page(path: &'static str, ids: &'static [(&'static str, &'static str)], need: Need) -> Spec {
    Spec { kind: Kind::Page, path, ids, need }
}

const fn call(path: &'static str, ids: &'static [(&'static str, &'static str)], need: Need) -> Spec {
    Spec { kind: Kind::Call, path, ids, need }
}

/// Every address, surface by surface.
pub static ROUTES: &[Spec] = &[
    page("/", &[], Need::Anyone),
    page("/help", &[], Need::Anyone),
    // account
    page("/signin", &[], Need::Anyone),
    page("/signup", &[], Need::Anyone),
    page("/confirm/:token", &[], Need::Token),
    page("/reset", &[], Need::Anyone),
    page("/reset/:token", &[], Need::Token),
    page("/activate/:token", &[], Need::Token),
    page("/account", &[], Need::SignedIn),
    call("/api/account/sign_up", &[], Need::Anyone),
    call("/api/account/sign_in", &[], Need::Anyone),
    call("/api/account/sign_in_code", &[], Need::Anyone),
    call("/api/account/sign_out", &[], Need::Anyone),
    call("/api/account/confirm_email", &[], Need::Token),
    call("/api/account/resend_confirmation", &[], Need::SignedIn),
    call("/api/account/request_reset", &[], Need::Anyone),
    call("/api/account/reset_password", &[], Need::Token),
    call("/api/account/activate", &[], Need::Token),
    call("/api/account/change_password", &[], Need::SignedIn),
    call("/api/account/sessions", &[], Need::SignedIn),
    call("/api/account/end_session", &[("session", "ses")], Need::SignedIn),
    call("/api/account/begin_second_factor", &[], Need::SignedIn),
    call("/api/account/confirm_second_factor", &[], Need::SignedIn),
    call("/api/account/drop_second_factor", &[], Need::SignedIn),
    call("/api/account/step_up", &[], Need::SignedIn),
    call("/api/account/set_language", &[], Need::Anyone),
    call("/api/account/set_theme", &[], Need::Anyone),
    // customers
    page("/admin/:org/partner/customers", &[("org", "org")], Need::Org(Feature::CustomersView)),
    call("/api/admin/customers", &[("org", "org")], Need::Org(Feature::CustomersView)),
    page("/vendor/customers", &[], Need::Staff(Feature::AllCustomersView)),
    call("/api/vendor/customers", &[], Need::Staff(Feature::AllCustomersView)),
];

/// Pages whose form keeps a draft, by the end of their path, with the form's call.
pub static DRAFTS: &[(&str, &str)] =
    &[("/apply", "/api/apply/submit"), ("/partner/customers/new", "/api/admin/add_organisation")];

/// The pages. All render completely on the server (design.md section 3, the way of a form).
#[component]
pub fn Pages() -> impl IntoView {
    view! {
        <Routes fallback=NotFound>
            <Route path=path!("/") view=home::Home ssr=SsrMode::Async/>
            <Route path=path!("/help") view=home::HelpPage ssr=SsrMode::Async/>
            <Route path=path!("/signin") view=account::SignInPage ssr=SsrMode::Async/>
            <Route path=path!("/signup") view=account::SignUpPage ssr=SsrMode::Async/>
            <Route path=path!("/confirm/:token") view=account::ConfirmPage ssr=SsrMode::Async/>
            <Route path=path!("/reset") view=account::ResetPage ssr=SsrMode::Async/>
            <Route path=path!("/reset/:token") view=account::NewPasswordPage ssr=SsrMode::Async/>
            <Route path=path!("/activate/:token") view=account::ActivatePage ssr=SsrMode::Async/>
            <Route path=path!("/account") view=account::AccountPage ssr=SsrMode::Async/>
            <Route path=path!("/admin/:org/partner/customers") view=admin::customers::CustomersPage ssr=SsrMode::Async/>
            <Route path=path!("/vendor/customers") view=vendor::customers::AllCustomersPage ssr=SsrMode::Async/>
        </Routes>
    }
}

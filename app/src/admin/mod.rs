//! The admin console: the same pages for every organisation, for its own people and for somebody acting under a grant.

pub mod api;
pub mod customers;
pub mod domains;

pub mod access;
mod activity;
pub mod activity_csv;
mod add;
mod billing;
mod chooser;
mod dashboard;
mod frame;
pub mod groups;
mod mail;
mod manage;
mod payments;
mod people;
pub mod person;
mod sign_in;
mod subscription;
mod trial;
pub mod words;

pub use access::AccessPage;
pub use activity::ActivityPage;
pub use add::AddPage;
pub use billing::BillingPage;
pub use chooser::{ChooserPage, Places};
pub use dashboard::{DashboardPage, LOGO, ProfilePage};
pub use frame::ConsoleFrame;
pub use groups::{GroupPage, GroupsPage};
pub use mail::MailPage;
pub use manage::ManagePage;
pub use payments::PaymentsPage;
pub use people::UsersPage;
pub use person::PersonPage;
pub use sign_in::SignInSettingsPage;
pub use subscription::SubscriptionPage;
pub use trial::TrialPage;
pub use words::{happened, role};

use crate::parts::load::Failed;
use kontor::{Error, kernel::id::OrgId};
use leptos::prelude::*;
use leptos_router::hooks::use_params_map;

/// The organisation a page's address names.
pub fn use_org() -> Memo<Option<OrgId>> {
    use_id("org")
}

/// An organisation's id in the page's address.
pub(crate) fn use_id(name: &'static str) -> Memo<Option<OrgId>> {
    let params = use_params_map();
    Memo::new(move |_| params.with(|p| p.get(name).and_then(|id| id.parse().ok())))
}

/// Renders a page of the organisation named in the address; what is no id names nothing.
pub(crate) fn of_org(page: fn(OrgId) -> AnyView) -> impl IntoView {
    let org = use_org();
    move || match org.get() {
        Some(org) => page(org),
        None => {
            view! { <main id="content" class="content"><Failed error=Error::NotFound/></main> }.into_any()
        }
    }
}

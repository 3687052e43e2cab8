//! Payouts: what a partner requests, and what the vendor's finance makes of it.

pub mod api;
mod csv;
mod partner;
mod queue;
pub mod words;

pub use csv::csv;
pub use partner::PayoutsPage;
pub use queue::VendorPayoutsPage;

use super::address::address;
use kontor::{
    kernel::instant::Day,
    payout::{AccountView, InvoiceFacts, Offer, PayoutPage, PayoutRow},
};
use leptos::prelude::*;
use serde::{Deserialize, Serialize};

/// What a partner's page of payouts shows.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Desk {
    /// What it has, and what keeps it from requesting it.
    pub offers: Vec<Offer>,
    /// A page of its payouts.
    pub page: PayoutPage,
    /// The payout whose dialog is open: it need not be on the page.
    pub open: Option<PayoutRow>,
    /// Where they go.
    pub account: Option<AccountView>,
    /// Whether nothing is paid there yet, because it is new.
    pub on_hold: bool,
    /// Whether the reader may request.
    pub acts: bool,
    /// For one request.
    pub request_key: String,
    /// Today.
    pub today: Day,
}

/// What finance's page of payouts shows.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Queue {
    /// A page of payouts.
    pub page: PayoutPage,
    /// The payout whose dialog is open: it need not be on the page.
    pub open: Option<PayoutRow>,
    /// Today.
    pub today: Day,
}

/// The form that asks for approved payouts as a file; the host answers it, or says on the page why it cannot.
pub const EXPORT: &str = "/vendor/payouts?format=pain001";

/// The call that brings a partner's invoice; the host takes it, for it carries a file. `org` and `payout` stand in its
/// address.
pub const UPLOAD: &str = "/api/store/upload_payout_invoice";

/// Links to the invoices that were replaced.
fn earlier_invoices(path: &str, earlier: &[InvoiceFacts]) -> Option<AnyView> {
    let links = earlier.iter().map(|invoice| {
        let href = address(path, vec![("invoice", invoice.id.to_string())]);
        view! { <a href=href rel="external">{invoice.number.clone()}</a> " " }
    });
    (!earlier.is_empty()).then(|| links.collect_view().into_any())
}

//! Payouts: what a partner requests, and what the vendor's finance makes of it.

pub mod api;
mod partner;
mod queue;
pub mod words;

pub use partner::PayoutsPage;
pub use queue::VendorPayoutsPage;

use kontor::{
    commission::Balance,
    kernel::{instant::Day, money::Money},
    payout::{AccountView, PayoutPage},
};
use serde::{Deserialize, Serialize};

/// What a partner's page of payouts shows.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Desk {
    /// What it has, and how much is missing to the least payout.
    pub balances: Vec<(Balance, Money)>,
    /// A page of its payouts.
    pub page: PayoutPage,
    /// Where they go.
    pub account: Option<AccountView>,
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
    /// Today.
    pub today: Day,
}

/// The call that brings a partner's invoice; the host takes it, for it carries a file.
pub const UPLOAD: &str = "/api/store/upload_payout_invoice";

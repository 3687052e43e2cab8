//! The same change of many subscriptions: customers and what is done to each are chosen, it is tried, and then started.

pub mod api;
mod choose;
pub mod csv;
mod run;
pub mod words;

pub use choose::Choose;
pub use run::Run;

use kontor::kernel::id::{BulkId, OrgId};

/// The page where a run is begun.
pub fn choose_path(org: OrgId) -> String {
    format!("/store/{org}/customers/bulk")
}

/// The page of a run.
pub fn run_path(org: OrgId, run: BulkId) -> String {
    format!("/store/{org}/customers/bulk/{run}")
}

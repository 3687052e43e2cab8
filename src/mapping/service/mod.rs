//! A partner's customers: one file per use case.

mod begin;
mod counters;
mod customers;
#[cfg(test)]
mod customers_test;
mod export;
mod find;
mod greeting;
mod largest;
#[cfg(test)]
mod plans_test;
mod refresh;
#[cfg(test)]
mod refresh_test;

pub use begin::begin;
pub use counters::{CountersReport, rebuild_counters, verify_counters};
pub use customers::customers;
pub use export::{all_customers, listed, matching};
pub(crate) use find::named;
pub use greeting::greeting;
pub use largest::largest_list;
pub use refresh::{refresh, refresh_after, refresh_all};

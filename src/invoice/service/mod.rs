//! What can be done with invoices: one file per use case.

mod credit;
mod issue;
mod paid;
#[cfg(test)]
mod stage;
mod view;

pub use credit::credit;
pub use issue::{Bill, issue};
pub(crate) use paid::about;
pub use paid::{paid, settled_by_credit, write_off};
pub use view::view;

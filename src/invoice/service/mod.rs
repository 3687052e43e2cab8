//! What can be done with invoices: one file per use case.

mod account;
mod announce;
mod credit;
mod issue;
mod own;
mod paid;
#[cfg(test)]
mod stage;
mod view;

pub use account::{on_account, pay_from_account, put_on_account};
pub use credit::credit;
pub use issue::{Bill, issue};
pub use own::own;
pub(crate) use paid::about;
pub use paid::{paid, settled_by_credit, write_off};
pub(crate) use view::numbers;
pub use view::view;

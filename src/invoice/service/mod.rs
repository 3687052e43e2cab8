//! What can be done with invoices: one file per use case.

mod account;
mod announce;
mod credit;
mod earn;
mod issue;
mod owed;
mod own;
mod paid;
#[cfg(test)]
mod stage;
mod view;

pub use account::{from_account, on_account, pay_from_account, put_on_account};
pub use credit::credit;
pub use issue::{Bill, issue, issue_all};
pub use owed::{Owed, fall_due, left, owed_for, taken_back, won_back};
pub use own::own;
pub(crate) use paid::about;
pub use paid::{TakenBack, collected, paid, settled_by_credit, write_off};
pub(crate) use view::numbers;
pub use view::view;

//! Payouts: one file per use case. Every function that moves commission posts and answers what moved;
//! [`step::release`] and [`request`] are the only two places where lines change hands.

mod account;
#[cfg(test)]
mod account_tests;
#[cfg(test)]
mod book_tests;
mod export;
mod list;
mod offers;
#[cfg(test)]
mod offers_tests;
mod request;
#[cfg(test)]
mod request_tests;
mod review;
#[cfg(test)]
mod review_tests;
mod send;
mod step;
mod upload;

pub use account::{account, set_account};
pub use export::export_pain001;
pub use list::{invoice_file, list, payout};
pub use offers::offers;
pub use request::{Requested, cancel, request};
pub use review::review;
pub use send::{mark_failed, mark_many, mark_paid, mark_sent};
pub use upload::upload_invoice;

//! What can be done here: one file per use case.

mod access;
mod add;
mod claim;
mod demo;
mod look;
mod mail;
mod primary;
mod recheck;
mod remove;
mod settle;
mod show;
mod verify;

pub use add::add;
pub use claim::claim;
pub use demo::{publish, published, unpublish};
pub use mail::{check_mail, mail_flow, mail_page, new_mail_key, recheck_mail, save_mail};
pub use primary::make_primary;
pub use recheck::recheck;
pub use remove::remove;
pub use show::{list, proof};
pub use verify::verify;

#[cfg(test)]
pub(crate) mod testing;

//! The mail flow of domains, and an organisation's settings of mail: one file per use case.

mod check;
mod key;
mod look;
mod overview;
mod recheck;
mod save;
mod show;

pub use check::check_mail;
pub use key::new_mail_key;
pub use overview::mail_page;
pub use recheck::recheck_mail;
pub use save::save_mail;
pub use show::{mail_flow, with_lamps};

pub(super) use recheck::look_soon;

#[cfg(test)]
mod plans_tests;
#[cfg(test)]
mod tests;

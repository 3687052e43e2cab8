//! The start page and help.

mod help;
mod partner_code;
mod start;
mod verify;

pub use help::HelpPage;
pub use partner_code::PartnerCodePage;
pub use start::Home;
pub use verify::{VERIFY, VerifyPage};

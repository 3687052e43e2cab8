//! The start page and help.

mod help;
mod partner_code;
mod start;

pub use help::HelpPage;
pub use partner_code::PartnerCodePage;
pub use start::Home;

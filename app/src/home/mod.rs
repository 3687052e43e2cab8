//! The start page and help.

mod help;
mod start;

pub use help::HelpPage;
pub use start::Home;

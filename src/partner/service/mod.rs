//! What can be done with partners: one file per use case.

mod change;
mod list;

pub use change::change;
pub use list::list;

//! What can be done with partners: one file per use case.

mod business;
mod change;
mod list;

pub use business::in_business;
pub use change::change;
pub use list::list;

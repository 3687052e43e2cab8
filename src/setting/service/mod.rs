//! Reading and changing policies.

mod change;
mod list;
mod policy;

pub use change::change;
pub use list::list;
pub use policy::policy;

//! What can be done with organisations and their people: one file per use case.

mod actor;
mod joined;

pub use actor::{actor_in, actor_in_vendor};
pub use joined::joined;

//! What can be done with organisations and their people: one file per use case.

mod actor;

pub use actor::{actor_in, actor_in_vendor};

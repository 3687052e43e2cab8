//! Writing and reading the trail.

mod append;

pub use append::{Event, append, append_all, chain_hash};

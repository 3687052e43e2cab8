//! Writing and reading the trail.

mod append;

pub use append::{Event, append, chain_hash};

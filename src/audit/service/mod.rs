//! Writing, reading and proving the trail.

mod append;
mod cut;
mod download;
mod erase;
mod verify;

#[cfg(test)]
mod file_tests;
#[cfg(test)]
mod guard_tests;
#[cfg(test)]
mod plans_tests;
#[cfg(test)]
mod testing;
#[cfg(test)]
mod tests;

pub use append::{Event, append, append_all};
pub use cut::{CutChains, cut};
pub use download::{Trail, download};
pub use erase::erase;
pub use verify::{AllChains, check, verify, verify_all};

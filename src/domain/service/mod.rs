//! What can be done here: one file per use case.

mod access;
mod add;
mod claim;
mod demo;
mod look;
mod recheck;
mod remove;
mod settle;
mod show;
mod verify;

pub use add::add;
pub use claim::claim;
pub use demo::{publish, published, unpublish};
pub use recheck::recheck;
pub use remove::remove;
pub use show::{list, proof};
pub use verify::verify;

#[cfg(test)]
pub(crate) mod testing;

//! What can be done with applications: one file per use case.

mod confirmed;

pub use confirmed::confirmed;

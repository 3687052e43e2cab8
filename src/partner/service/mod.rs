//! What can be done with partners: one file per use case.

mod business;

pub use business::in_business;

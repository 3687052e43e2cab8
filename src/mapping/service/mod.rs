//! A partner's customers: one file per use case.

mod refresh;

pub use refresh::refresh;

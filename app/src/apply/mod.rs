//! Applying: the form, and the page that shows where an application stands.

pub mod api;
mod fields;
mod form;
mod status;

pub use form::ApplyPage;
pub use status::StatusPage;

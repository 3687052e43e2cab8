//! Running the programme.

pub mod api;
mod partners;

pub use partners::PartnersPage;

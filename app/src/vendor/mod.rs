//! Running the programme.

pub mod api;
pub mod customers;
mod partners;

pub use partners::PartnersPage;

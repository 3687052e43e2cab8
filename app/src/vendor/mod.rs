//! Running the programme.

pub mod api;
mod frame;
mod jobs;
mod partners;

pub use frame::VendorFrame;
pub use jobs::JobsPage;
pub use partners::PartnersPage;

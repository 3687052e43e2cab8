//! Running the programme.

pub mod api;
mod break_glass;
pub mod customers;
mod disputes;
mod frame;
mod jobs;
mod partners;
mod rates;

pub use break_glass::BreakGlassPage;
pub use disputes::{DisputeDetailPage, DisputesPage};
pub use frame::VendorFrame;
pub use jobs::JobsPage;
pub use partners::PartnersPage;

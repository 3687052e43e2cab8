//! The programme's own affairs: its rules and its staff.

pub mod api;
mod policies;
mod staff;

pub use policies::SettingsPage;
pub use staff::StaffPage;

//! The programme's own affairs: its rules, what it sells and who bills it, and its staff.

pub mod api;
mod catalogue;
mod entities;
mod policies;
mod sign_in;
mod staff;

pub use catalogue::CataloguePage;
pub use entities::EntitiesPage;
pub use policies::SettingsPage;
pub use sign_in::ProgrammeSignInPage;
pub use staff::StaffPage;

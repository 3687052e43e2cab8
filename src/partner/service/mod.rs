//! What can be done with partners: one file per use case.

mod business;
mod change;
mod list;
mod people;
#[cfg(test)]
mod people_tests;
mod roles;
mod zone;

pub use business::in_business;
pub use change::change;
pub use list::list;
pub use people::{add_person, change_person, people, restore_person, suspend_person};
pub use roles::{create_role, delete_role, edit_role};
pub use zone::{set_zone, store_settings, zone_of, zones_of};

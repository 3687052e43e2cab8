//! What people can do with their accounts: one file per use case.

mod link;
mod person;

pub use link::{make_link, use_link};
pub use person::{NewPerson, find_by_email, invite};

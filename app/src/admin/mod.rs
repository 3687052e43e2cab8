//! The admin console of every organisation.

pub mod domains;

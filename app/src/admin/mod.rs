//! The admin console.

pub mod customers;

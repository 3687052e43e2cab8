//! Running the programme.

pub mod customers;

//! Views that several surfaces share.

pub mod address;
pub mod choice;
pub mod customers;
pub mod live;
pub mod load;
pub mod manage;
pub mod people;
pub mod trial;
pub mod verify;

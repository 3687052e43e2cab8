//! Views that several surfaces share.

pub mod address;
pub mod choice;
pub mod live;
pub mod load;
pub mod verify;

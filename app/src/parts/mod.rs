//! Views that several surfaces share.

pub mod live;
pub mod load;
pub mod verify;

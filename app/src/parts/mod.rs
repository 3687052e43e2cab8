//! Views that several surfaces share.

pub mod customers;
pub mod load;

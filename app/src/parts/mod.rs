//! Views that several surfaces share.

pub mod load;

//! Views that several surfaces share.

pub mod address;
pub mod billing;
pub mod bulk;
pub mod catalogue;
pub mod chain;
pub mod choice;
pub mod commission;
pub mod customers;
pub mod dispute;
pub mod invoice;
pub mod live;
pub mod load;
pub mod manage;
pub mod payments;
pub mod payouts;
pub mod people;
pub mod proof;
pub mod report;
pub mod reports;
pub mod sign_in;
pub mod subscription;
pub mod terms;
pub mod trial;
pub mod verify;

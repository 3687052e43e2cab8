//! Data made by the programme itself.

pub mod catalogue;
pub mod demo;
mod dice;
pub mod load;
mod names;

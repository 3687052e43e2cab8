//! Data made by the programme itself.

mod catalogue;
pub mod demo;
mod dice;
pub mod load;
mod names;

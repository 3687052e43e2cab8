//! Data made by the programme itself.

mod dice;
pub mod load;
mod names;

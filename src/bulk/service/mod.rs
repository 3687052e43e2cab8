//! What can be done with changes of many subscriptions: one file per use case.

mod carry_out;
mod plan;
#[cfg(test)]
mod plans_tests;
mod start;
#[cfg(test)]
mod tests;
mod try_row;
mod view;
mod work;

pub use plan::plan;
pub use start::start;
pub use view::{all_lines, choice, run};
pub use work::bulk;

//! What can be done with subscriptions: one file per use case.

mod clock;
mod extend;
#[cfg(test)]
mod trial_tests;
mod view;

pub use clock::{trial_clock, watch_trial};
pub use extend::extend_trial;
pub use view::{licences, trial_of, view};

//! What can be done with subscriptions: one file per use case.

mod account;
mod ahead;
mod answer;
mod apply;
mod bill;
mod billing;
mod clock;
mod confirm;
mod content;
mod desk;
mod dun;
mod early;
mod ending;
mod extend;
#[cfg(test)]
pub(crate) mod money_tests;
mod notice;
mod offer;
mod preview;
mod refunding;
mod rehearse;
mod renew;
mod term_close;
#[cfg(test)]
mod trial_tests;
mod view;
mod waits;
mod withdraw;

pub use account::account;
pub use answer::{approve, decline, preview_proposal, undo};
pub use apply::{paid, unpaid};
pub use billing::{begin_billing, billing};
pub use clock::{trial_clock, watch_trial};
pub use confirm::confirm;
pub(crate) use content::wished;
pub use dun::{charged_back, dun, dunning, revive};
pub use extend::extend_trial;
pub use preview::preview;
pub use refunding::{gave_back, refundable};
pub use rehearse::{Cancellation, Rehearsal, cancellation, rehearse};
pub use renew::renew_due;
pub use view::{licences, trial_of, view};
pub(crate) use waits::waits_for;

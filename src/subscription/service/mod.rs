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
mod dunning;
mod early;
mod ending;
mod extend;
mod flag;
mod hand_over;
#[cfg(test)]
pub(crate) mod money_tests;
mod notice;
mod offer;
mod preview;
mod refunding;
mod rehearse;
mod renew;
mod take_over;
mod term_close;
#[cfg(test)]
mod trial_tests;
mod view;
mod waits;
mod withdraw;

pub use account::account;
pub use answer::{approve, decline, preview_proposal, undo};
pub use apply::{paid, unpaid};
pub use bill::{Sold, bill_by, issued};
pub use billing::{begin_billing, billing};
pub use clock::{trial_clock, watch_trial};
pub use confirm::confirm;
pub use content::Content;
pub(crate) use content::wished;
pub(crate) use desk::contract_of;
pub use dun::{charged_back, dun, revive, tell_not_paid, won_back};
pub use dunning::dunning;
pub use extend::extend_trial;
pub use flag::lift_flag;
pub(crate) use hand_over::let_go;
pub use hand_over::remind_of_hand_over;
pub use preview::preview;
pub use refunding::{gave_back, refundable};
pub use rehearse::{Cancellation, Rehearsal, cancellation, rehearse};
pub use renew::renew_due;
pub use take_over::take_over;
pub use view::{licences, trial_of, view};
pub(crate) use waits::waits_for;

//! Reviewing: the queue and the decision.

pub mod api;
mod decide;
mod detail;
mod facts;
mod queue;

pub use detail::DetailPage;
pub use queue::QueuePage;

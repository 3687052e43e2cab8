//! Enqueuing, claiming and finishing jobs.

mod queue;

pub use queue::{Job, claim, enqueue, fail, finish, next_due};

//! Enqueuing, claiming and finishing jobs.

mod queue;

pub use queue::{Job, claim, enqueue, fail, fail_in, finish, next_due};

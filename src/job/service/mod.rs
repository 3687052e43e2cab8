//! Enqueuing, claiming and finishing jobs.

mod queue;

pub use queue::{Job, any_due, claim, claim_of, enqueue, fail, fail_in, finish, next_due};

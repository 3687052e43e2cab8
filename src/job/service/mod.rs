//! Enqueuing, claiming and finishing jobs.

mod figures;
mod housekeeping;
mod queue;
mod trouble;

pub use figures::{Figures, figures};
pub use housekeeping::{begin_housekeeping, housekeeping};
pub use queue::{
    Job, NewJob, any_due, claim, claim_of, enqueue, enqueue_all, fail, fail_in, finish, next_due,
};
pub use trouble::{retry, retry_all, troubles};

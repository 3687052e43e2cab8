//! What can be done with applications: one file per use case.

mod answer;
mod approve;
mod ask;
mod assign;
#[cfg(test)]
pub(crate) mod bench;
mod clock;
mod confirmed;
mod detail;
mod note;
mod parts;
mod queue;
mod reject;
mod standing;
mod submit;
mod withdraw;

pub use answer::answer;
pub use approve::approve;
pub use ask::ask;
pub use assign::{Assignee, assign};
pub use clock::clock;
pub use confirmed::confirmed;
pub use detail::detail;
pub use note::note;
pub use queue::queue;
pub use reject::reject;
pub use standing::{of_viewer, standing};
pub use submit::submit;
pub use withdraw::withdraw;

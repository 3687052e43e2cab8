//! What can be done with grants and acting sessions: one file per use case.

mod clock;
mod grant;
mod manage;
mod overview;
mod revoke;
mod standing;

pub use clock::grant_clock;
pub use grant::grant;
pub(crate) use manage::prove_fresh;
pub use manage::{leave, manage, ready};
pub use overview::access_overview;
pub(crate) use revoke::end_grant;
pub use revoke::revoke;
pub use standing::{banner, standing};

#[cfg(test)]
mod tests;

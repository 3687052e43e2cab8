//! What can be done with grants and acting sessions: one file per use case.

mod break_glass;
mod clock;
mod give;
mod grant;
mod keep;
mod manage;
mod overview;
mod renew_many;
mod request;
mod revoke;
mod standing;

pub use break_glass::{before as break_glass_before, break_glass};
pub use clock::grant_clock;
pub use give::{change, give, restore};
pub use grant::grant;
pub use keep::{give_up, held, renew};
pub use manage::{leave, manage, ready};
pub(crate) use manage::{prove_fresh, step_up as proof_asked};
pub use overview::access_overview;
pub use renew_many::{ending, renew_many, renew_one};
pub use request::{answer, ask, request_clock, withdraw};
pub(crate) use revoke::end_grant;
pub use revoke::revoke;
pub use standing::{banner, standing};

#[cfg(test)]
mod terms_tests;
#[cfg(test)]
mod tests;

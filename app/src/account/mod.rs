//! Identity: signing up and in, passwords, sessions, second factor.

pub mod api;
mod own;
pub mod passkey;
mod second_factor;
mod sign_in;
mod sign_up;
mod step_up;

pub use own::AccountPage;
pub use passkey::PasskeyPage;
pub use sign_in::{NewPasswordPage, ResetPage, SignInPage};
pub use sign_up::{ActivatePage, ConfirmPage, SignUpPage};
pub use step_up::StepUp;

//! What people can do with their accounts: one file per use case.

mod forget_factors;
mod form_state;
mod link;
mod passkey;
mod password;
mod person;
mod preference;
mod second_factor;
mod session;
mod sign_in;
mod sign_up;

pub use forget_factors::forget_factors;
pub use form_state::{draft, drop_draft, keep_draft, keep_input, kept_input};
pub use link::{make_link, peek_link, use_link};
pub use passkey::{
    add_passkey, ask_passkey, begin_passkey, own_passkeys, passkey_leaves, passkey_ready, remove_passkey,
    show_passkey,
};
pub use password::{activate, change_password, request_reset, reset_password};
pub(crate) use person::make;
pub use person::{NewPerson, find_by_email, invite, reclaim};
pub use preference::{Preference, set_preference};
pub use second_factor::{
    begin_second_factor, confirm_second_factor, drop_second_factor, pass_second_factor, preset_second_factor,
    step_up,
};
pub use session::{Resolved, end_all_sessions, end_session, own_sessions, resolve, sign_out};
pub(crate) use session::{Through, open_through};
pub use sign_in::sign_in;
pub(crate) use sign_up::mark_confirmed;
pub use sign_up::{confirm, resend_confirmation, sign_up};

#[cfg(test)]
mod tests;

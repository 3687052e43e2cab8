//! People and how they prove who they are.

#[cfg(feature = "ssr")]
pub mod rows;
#[cfg(feature = "ssr")]
pub mod service;

crate::keyed! {
    /// What a secret link is for.
    pub enum LinkKind {
        /// Confirms the e-mail address of a new account.
        Confirm = "confirm",
        /// Sets a new password after one was forgotten.
        Reset = "reset",
        /// Sets the first password of an account that somebody else asked for (R3.2).
        Activate = "activate",
    }
}

impl LinkKind {
    /// The first part of its address (design.md section 2).
    pub fn path(self) -> &'static str {
        self.key()
    }
    /// How many hours it works (R3.2: 72 for activation).
    pub fn hours(self) -> i64 {
        match self {
            LinkKind::Confirm | LinkKind::Activate => 72,
            LinkKind::Reset => 1,
        }
    }
}

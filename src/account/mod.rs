//! People and how they prove who they are.

pub mod password;

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

/// One of a person's own sessions.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub struct SessionView {
    /// The session.
    pub id: crate::kernel::id::SessionId,
    /// Whether it is the one that asks.
    pub current: bool,
    /// Signed in at.
    pub created_at: crate::kernel::instant::Instant,
    /// Last used at, to the minute.
    pub seen_at: crate::kernel::instant::Instant,
    /// From where.
    pub ip: String,
    /// With which browser.
    pub user_agent: String,
}

/// What an authenticator app needs.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub struct SecondFactorSetup {
    /// The secret in base32, to type.
    pub secret: String,
    /// The same as an `otpauth://` address.
    pub url: String,
    /// The address as a picture to scan.
    pub qr: Qr,
    /// Codes that each stand in for the second factor once.
    pub recovery: Vec<String>,
}

/// A QR code: the dark squares of a `size` × `size` grid, as the outline of an SVG path.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub struct Qr {
    /// Squares along one side, with the quiet margin of four that readers need.
    pub size: i32,
    /// The path's `d`.
    pub path: String,
}

/// A sign-in that worked.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SignedIn {
    /// The session's token, for the cookie.
    pub token: String,
    /// Whether the second factor is still awaited.
    pub code_needed: bool,
}

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

crate::keyed! {
    /// What an authenticator is asked for.
    pub enum PasskeyUse {
        /// To make a passkey.
        Add = "add",
        /// To sign in by it alone.
        SignIn = "sign_in",
        /// To stand in for the code after the password.
        SecondStep = "second_step",
        /// To show again who one is.
        StepUp = "step_up",
    }
}

crate::keyed! {
    /// Why a passkey is refused, as the reader is told; the log knows more.
    pub enum PasskeyFault {
        /// There is no such question under way in this browser: too old, answered, or asked elsewhere.
        Over = "passkey_over",
        /// Nobody here has this passkey, or not the person who is asked.
        Unknown = "passkey_unknown",
        /// The device did not check who holds it.
        Unverified = "passkey_unverified",
        /// The device has counted further elsewhere: there are two of it.
        Cloned = "passkey_cloned",
        /// The answer does not hold: another site's, another question's, or not signed by this passkey.
        BadAnswer = "passkey_answer",
        /// The passkey is here already.
        Known = "passkey_known",
        /// The programme's address is one that passkeys cannot be bound to: no name, or not encrypted.
        NoName = "passkey_no_name",
    }
}

/// One of a person's own passkeys.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub struct PasskeyView {
    /// The passkey.
    pub id: crate::kernel::id::PasskeyId,
    /// What the person calls it.
    pub name: String,
    /// Made at.
    pub created_at: crate::kernel::instant::Instant,
    /// Last shown at; never since it was made, if nothing.
    pub used_at: Option<crate::kernel::instant::Instant>,
}

/// A question to an authenticator.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub struct PasskeyQuestion {
    /// Comes back beside the answer.
    pub token: String,
    /// What the browser is to ask, as `PublicKeyCredential.parse…OptionsFromJSON` reads it (WebAuthn Level 3, 5.1.8 and 5.1.9).
    pub options: String,
}

/// What an authenticator answered.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PasskeyAnswer {
    /// Which question.
    pub token: String,
    /// What `PublicKeyCredential.toJSON` made of it.
    pub credential: String,
}

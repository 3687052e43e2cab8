//! The port to identity providers: OpenID Connect Core 1.0, Discovery, RP-Initiated and Back-Channel Logout.

use crate::kernel::{id::IdentityProviderId, instant::Instant};
use async_trait::async_trait;

/// What it takes to speak to a provider.
#[derive(Clone, PartialEq, Eq)]
pub struct Client {
    /// Which provider: what was learnt of it is remembered under this.
    pub id: IdentityProviderId,
    /// Its address and name.
    pub issuer: String,
    /// What it knows this programme as.
    pub client_id: String,
    /// The secret shared with it, if there is one.
    pub secret: Option<String>,
    /// What is asked for, besides `openid`.
    pub scopes: Vec<String>,
    /// Where it sends people back to.
    pub redirect_url: String,
}

/// What binds an answer to its question. Made from the browser's own secret, so that nothing of it is stored.
#[derive(Clone, PartialEq, Eq)]
pub struct Binding {
    /// Comes back beside the code.
    pub state: String,
    /// Comes back in the ID token.
    pub nonce: String,
    /// Proves at the exchange who began (RFC 7636).
    pub verifier: String,
}

/// What a provider says of a person, checked.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Claims {
    /// The provider's own name for the person.
    pub subject: String,
    /// The address, if it names one.
    pub email: Option<String>,
    /// Whether it vouches for the address.
    pub email_verified: bool,
    /// Given name; may be empty.
    pub first_name: String,
    /// Family name; may be empty.
    pub last_name: String,
    /// Its session, for back-channel logout.
    pub sid: Option<String>,
    /// How the person proved who they are (RFC 8176).
    pub methods: Vec<String>,
    /// Everything else it says.
    pub other: serde_json::Map<String, serde_json::Value>,
}

/// Who signed out at a provider, checked. One of the two is there.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SignedOut {
    /// The provider's own name for the person.
    pub subject: Option<String>,
    /// Its session.
    pub sid: Option<String>,
    /// The token's own name (`jti`): it counts once.
    pub token_id: String,
}

/// What came back to the redirect address, besides the state.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Answer {
    /// The code to exchange.
    pub code: String,
    /// Who says so (RFC 9207), if anybody.
    pub issuer: Option<String>,
}

/// Why nothing came of it.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Fault {
    /// The provider cannot be reached, or does not speak sense.
    #[error("provider down: {0}")]
    Down(String),
    /// What it sent does not hold.
    #[error("provider's answer refused: {0}")]
    Bad(String),
}

/// Speaks to identity providers.
#[async_trait]
pub trait IdentityPort: Send + Sync {
    /// The address at the provider where the person signs in. `hint` is the e-mail address they typed, if they did.
    async fn authorise(&self, client: &Client, binding: &Binding, hint: &str) -> Result<String, Fault>;
    /// Exchanges the code and checks everything that comes back.
    async fn exchange(
        &self,
        client: &Client,
        binding: &Binding,
        answer: &Answer,
        now: Instant,
    ) -> Result<Claims, Fault>;
    /// Checks a logout token.
    async fn signed_out(&self, client: &Client, token: &str, now: Instant) -> Result<SignedOut, Fault>;
    /// The address at the provider where the person signs out and comes back to `back`, if it has one.
    async fn leave(&self, client: &Client, back: &str) -> Result<Option<String>, Fault>;
}

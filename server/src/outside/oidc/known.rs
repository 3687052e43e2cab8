//! What was learnt of providers: their addresses and keys.

use crate::outside::guarded::Guarded;
use kontor::{
    identity::port::{Client, Fault},
    kernel::id::IdentityProviderId,
};
use openidconnect::{
    AdditionalProviderMetadata, DiscoveryError, IssuerUrl, LogoutProviderMetadata, ProviderMetadata,
    core::{
        CoreAuthDisplay, CoreClaimName, CoreClaimType, CoreClientAuthMethod, CoreGrantType, CoreJsonWebKey,
        CoreJweContentEncryptionAlgorithm, CoreJweKeyManagementAlgorithm, CoreResponseMode, CoreResponseType,
        CoreSubjectIdentifierType,
    },
};
use serde::{Deserialize, Serialize};
use std::{
    collections::HashMap,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    time::Duration,
};
use tokio::time::Instant;

/// How long it is believed without asking again.
const BELIEVED: Duration = Duration::from_secs(3600);
/// How long a provider that answered is taken to be there.
const ALIVE: Duration = Duration::from_secs(5);
/// How long nobody is asked again for keys that were not there: whoever sends forged tokens makes us ask no more often.
const PAUSE: Duration = Duration::from_secs(3);

/// What RFC 9207 adds to a provider's description.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
pub struct Further {
    /// Whether every answer names its issuer.
    #[serde(default)]
    pub authorization_response_iss_parameter_supported: bool,
}
impl AdditionalProviderMetadata for Further {}

/// A provider's description and keys.
pub type Metadata = ProviderMetadata<
    LogoutProviderMetadata<Further>,
    CoreAuthDisplay,
    CoreClientAuthMethod,
    CoreClaimName,
    CoreClaimType,
    CoreGrantType,
    CoreJweContentEncryptionAlgorithm,
    CoreJweKeyManagementAlgorithm,
    CoreJsonWebKey,
    CoreResponseMode,
    CoreResponseType,
    CoreSubjectIdentifierType,
>;

/// All that is known, in this node's memory.
#[derive(Default)]
pub struct Known(Mutex<HashMap<IdentityProviderId, (Arc<Metadata>, Instant)>>);

impl Known {
    fn all(&self) -> MutexGuard<'_, HashMap<IdentityProviderId, (Arc<Metadata>, Instant)>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// What is known of a provider, asked for if it is not.
    pub async fn of(&self, client: &Client, ask: &Guarded) -> Result<Arc<Metadata>, Fault> {
        self.since(client, ask, BELIEVED).await
    }

    /// The same of a provider that answers: nobody is sent to one that is down.
    pub async fn alive(&self, client: &Client, ask: &Guarded) -> Result<Arc<Metadata>, Fault> {
        self.since(client, ask, ALIVE).await
    }

    async fn since(&self, client: &Client, ask: &Guarded, most: Duration) -> Result<Arc<Metadata>, Fault> {
        let known = self.all().get(&client.id).cloned();
        match known {
            Some((metadata, at)) if at.elapsed() < most && metadata.issuer().as_str() == client.issuer => {
                Ok(metadata)
            }
            _ => self.fetch(client, ask).await,
        }
    }

    /// Asks again, unless that was done a moment ago.
    pub async fn newer(&self, client: &Client, ask: &Guarded) -> Result<Option<Arc<Metadata>>, Fault> {
        let fresh = self.all().get(&client.id).is_some_and(|(_, at)| at.elapsed() < PAUSE);
        if fresh { Ok(None) } else { self.fetch(client, ask).await.map(Some) }
    }

    async fn fetch(&self, client: &Client, ask: &Guarded) -> Result<Arc<Metadata>, Fault> {
        let issuer = IssuerUrl::new(client.issuer.clone()).map_err(|error| Fault::Bad(error.to_string()))?;
        let found = Metadata::discover_async(issuer, ask).await.map_err(|error| match error {
            DiscoveryError::Request(error) => Fault::Down(error.to_string()),
            // What it says of itself is not what it should be: to the reader that is the same.
            other => Fault::Down(other.to_string()),
        })?;
        let found = Arc::new(found);
        self.all().insert(client.id, (found.clone(), Instant::now()));
        Ok(found)
    }
}

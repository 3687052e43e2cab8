//! The programme, as every service function gets it.

use super::{
    clock::{Clock, Random},
    db::Db,
    hub::Hub,
    id::Id,
    instant::Instant,
    port::{DnsPort, MailPort, WebPort},
    secret::Secrets,
    sequence::Sequence,
};
use crate::{domain::demo::DemoZone, identity::port::IdentityPort, payment::port::Providers};
use std::{ops::Deref, sync::Arc};

/// Fixed facts of this installation, from the configuration.
#[derive(Debug, Clone)]
pub struct Programme {
    /// Where people reach it, without a slash at the end.
    pub public_url: String,
    /// Who helps.
    pub support_email: String,
    /// Target of CNAME proofs.
    pub verify_host: String,
    /// Whether demo defaults hold (design.md section 4, Demo).
    pub demo: bool,
    /// Argon2's memory in KiB and passes.
    pub argon2: (u32, u32),
}

/// What [`Kontor`] is made of.
pub struct Parts {
    /// The database.
    pub db: Db,
    /// The time.
    pub clock: Arc<dyn Clock>,
    /// Randomness.
    pub random: Arc<dyn Random>,
    /// Encryption of secrets at rest.
    pub secrets: Secrets,
    /// Facts of the installation.
    pub programme: Programme,
    /// DNS.
    pub dns: Arc<dyn DnsPort>,
    /// The proof file's fetcher.
    pub web: Arc<dyn WebPort>,
    /// Mail.
    pub mail: Arc<dyn MailPort>,
    /// Payment providers.
    pub payments: Providers,
    /// Providers of single sign-on.
    pub identity: Arc<dyn IdentityPort>,
    /// Live updates.
    pub hub: Hub,
    /// The demo's own Internet, on demo installations.
    pub demo: Option<Arc<dyn DemoZone>>,
}

/// The programme: database, clock, randomness, ports. Cheap to clone.
#[derive(Clone)]
pub struct Kontor(Arc<(Parts, Sequence)>);

impl Kontor {
    /// Puts the parts together.
    pub fn new(parts: Parts) -> Self {
        Self(Arc::new((parts, Sequence::default())))
    }
    /// Now.
    pub fn now(&self) -> Instant {
        self.clock.now()
    }
    /// A new id: UUIDv7 of now, behind all others this process has given at the same millisecond.
    pub fn id<I: Id>(&self) -> I {
        I::from_uuid(self.0.1.next(self.now(), self.random.as_ref()))
    }
    /// A new secret token.
    pub fn token(&self) -> String {
        super::secret::token(self.random.as_ref())
    }
    /// An address of ours.
    pub fn url(&self, path: &str) -> String {
        format!("{}{path}", self.programme.public_url)
    }
}

impl Deref for Kontor {
    type Target = Parts;
    fn deref(&self) -> &Parts {
        &self.0.0
    }
}

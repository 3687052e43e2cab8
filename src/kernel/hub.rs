//! Tells open pages that something of an organisation changed. Carries no content: a page asks again, and its
//! rights are checked again.

use super::id::OrgId;
use std::borrow::Cow;
use tokio::sync::broadcast;

/// Something changed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Change {
    /// Whose. None: nobody knows whose, everybody should look.
    pub org: Option<OrgId>,
    /// What, by the name of the room: `domain`, `subscription`, `application`, …; or `all`.
    pub what: Cow<'static, str>,
}

impl Change {
    /// Anything may have changed, because news were lost.
    pub fn anything() -> Self {
        Self { org: None, what: "all".into() }
    }
}

/// Passes changes from services to open event streams, of this node and of others.
#[derive(Clone)]
pub struct Hub {
    streams: broadcast::Sender<Change>,
    outward: broadcast::Sender<Change>,
}

impl Default for Hub {
    fn default() -> Self {
        Self { streams: broadcast::channel(1024).0, outward: broadcast::channel(1024).0 }
    }
}

impl Hub {
    /// Tells whoever listens, here and on other nodes; call it after the commit.
    pub fn tell(&self, org: OrgId, what: &'static str) {
        let change = Change { org: Some(org), what: what.into() };
        // Errors only say that nobody listens.
        let _ = self.outward.send(change.clone());
        let _ = self.streams.send(change);
    }

    /// Passes on what another node told.
    pub fn hear(&self, change: Change) {
        let _ = self.streams.send(change);
    }

    /// Listens from now on, to all nodes.
    pub fn listen(&self) -> broadcast::Receiver<Change> {
        self.streams.subscribe()
    }

    /// Listens from now on to what this node tells: for whoever passes it on.
    pub fn outward(&self) -> broadcast::Receiver<Change> {
        self.outward.subscribe()
    }
}

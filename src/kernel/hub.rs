//! Tells open pages that something of an organisation changed. Carries no content: a page asks again, and its
//! rights are checked again.

use super::id::OrgId;
use tokio::sync::broadcast;

/// Something of this organisation changed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Change {
    /// Whose.
    pub org: OrgId,
    /// What, by the name of the room: `domain`, `subscription`, `application`, …
    pub what: &'static str,
}

/// Passes changes from services to open event streams of this node.
#[derive(Clone)]
pub struct Hub(broadcast::Sender<Change>);

impl Default for Hub {
    fn default() -> Self {
        Self(broadcast::channel(1024).0)
    }
}

impl Hub {
    /// Tells whoever listens; call it after the commit.
    pub fn tell(&self, org: OrgId, what: &'static str) {
        // An error only says that nobody listens.
        let _ = self.0.send(Change { org, what });
    }
    /// Listens from now on.
    pub fn listen(&self) -> broadcast::Receiver<Change> {
        self.0.subscribe()
    }
}

//! The demo's own Internet, as the page `/demo/dns` sees it (design.md section 4, Demo).

use serde::{Deserialize, Serialize};

/// The zone the demo answers for.
pub const DEMO_ZONE: &str = "demo.test";

crate::keyed! {
    /// What can be published.
    pub enum Kind {
        /// A TXT record.
        Txt = "txt",
        /// A CNAME record.
        Cname = "cname",
        /// The proof file.
        Html = "html",
        /// An MX record: priority, blank, server.
        Mx = "mx",
    }
}

/// Something published in the demo.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Published {
    /// What it is.
    pub method: Kind,
    /// The name, lower case, without the last dot; for a file the host.
    pub name: String,
    /// The text, the target, the file's content, or a mail server behind its priority.
    pub value: String,
}

/// Why something is not published.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Unpublishable {
    /// Not a name in [`DEMO_ZONE`].
    Name,
    /// No value, one that is too long, or a target that is no name.
    Value,
    /// Too many records.
    Full,
}

/// What the demo's name server and web server publish.
pub trait DemoZone: Send + Sync {
    /// Publishes; the same thing twice is there once, a CNAME or file replaces the one of its name.
    fn publish(&self, method: Kind, name: &str, value: &str) -> Result<Published, Unpublishable>;
    /// Takes away; false if there was no such thing.
    fn remove(&self, gone: &Published) -> bool;
    /// Everything published, oldest first.
    fn list(&self) -> Vec<Published>;
}

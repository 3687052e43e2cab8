//! The trail: what was done, by whom, on whose behalf. Chained per organisation from its first event
//! (design.md section 3, rule 14).

#[cfg(feature = "ssr")]
pub mod chain;
mod query;
#[cfg(feature = "ssr")]
pub mod rows;
#[cfg(feature = "ssr")]
pub mod service;
#[cfg(feature = "ssr")]
pub mod trail;

pub use query::{TrailQuery, categories};

use crate::kernel::id::OrgId;
use serde::{Deserialize, Serialize};
use std::fmt;

/// Faults a report names; those beyond are counted.
pub const NAMED_FAULTS: usize = 100;

/// What is wrong at one place of a chain.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum FaultKind {
    /// Events from here to this number are not there.
    Missing {
        /// The last of them.
        until: i64,
    },
    /// The event is not the one that was linked here: something in it, or its place, was changed.
    Changed,
    /// The event stands behind one with its own or a higher number: moved, or there twice.
    OutOfPlace,
    /// There are events from here on that the chain's head does not know.
    PastHead,
    /// The head's link is not that of the last event.
    Head,
    /// A line of a file is not an event; the number is the line's.
    Unreadable,
}

/// A fault and where it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Fault {
    /// The event's number in its chain.
    pub seq: i64,
    /// What is wrong.
    pub kind: FaultKind,
}

impl fmt::Display for Fault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let seq = self.seq;
        match self.kind {
            FaultKind::Missing { until } if until == seq => write!(f, "event {seq} is missing"),
            FaultKind::Missing { until } => write!(f, "events {seq} to {until} are missing"),
            FaultKind::Changed => write!(f, "event {seq} was changed"),
            FaultKind::OutOfPlace => write!(f, "event {seq} is out of place"),
            FaultKind::PastHead => write!(f, "event {seq} and later ones are not known to the head"),
            FaultKind::Head => write!(f, "the head is not the link of event {seq}"),
            FaultKind::Unreadable => write!(f, "line {seq} is not an event"),
        }
    }
}

/// What checking a chain, or a file of one, found.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ChainReport {
    /// Whose chain.
    pub org: OrgId,
    /// Events before the first that is there were cut off: the number of the last of these, or 0.
    pub after: i64,
    /// How many events were read.
    pub events: u64,
    /// The number of the last one.
    pub last: i64,
    /// The link of the last one: who compares it with one seen elsewhere knows that both chains are the same.
    pub hash: String,
    /// What is wrong; the first [`NAMED_FAULTS`].
    pub faults: Vec<Fault>,
    /// How many more faults there are.
    pub more: u64,
}

impl ChainReport {
    /// Whether nothing is wrong.
    pub fn is_whole(&self) -> bool {
        self.faults.is_empty()
    }
}

/// What checking a file of a chain found.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct FileReport {
    /// The organisation's name, as the file says it; nothing proves it.
    pub name: String,
    /// What was found.
    pub chain: ChainReport,
    /// How many of the events the file shows; of the others it has links only.
    pub shown: u64,
}

/// A file is no trail at all.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("the file is not a trail that Kontor wrote")]
pub struct NoTrail;

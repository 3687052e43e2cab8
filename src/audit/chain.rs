//! How events are linked, and how links are checked. An event's personal values enter its link as salted digests only:
//! erased later, their digests stay, and the chain with them; and who may not see an event can still check its link.
//!
//! ```text
//! salt of a value   = first 16 bytes of SHA-256(seed ‖ 0 ‖ the value's name), in hex
//! digest of a value = SHA-256(salt ‖ 0 ‖ value)
//! content           = SHA-256("kontor-trail-1" ‖ 0 ‖ at ‖ acting_for ‖ 0 ‖ action ‖ 0 ‖ the five digests)
//! link              = SHA-256(link before, in hex ‖ org ‖ seq ‖ content), in hex
//! ```
//!
//! `at` and `seq` are eight bytes, the highest first; the first event's link before is empty. The content hides what it
//! is made of: each digest has a salt of its own, which comes from the event's random seed.

use super::{ChainReport, Fault, FaultKind, NAMED_FAULTS, rows::audit_event};
use crate::kernel::{
    id::{AccountId, OrgId},
    instant::Instant,
};
use data_encoding::HEXLOWER;
use sha2::{Digest as _, Sha256};

/// SHA-256 of something.
pub type Digest = [u8; 32];

/// The values of an event that can name a person, in the order in which they enter its content.
pub const VALUES: [&str; 5] = ["actor", "account", "target", "detail", "ip"];

/// One of these values as the chain knows it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Sealed {
    /// The value and its salt.
    Open {
        /// The salt.
        salt: String,
        /// The value.
        value: String,
    },
    /// The value was erased; its digest stays.
    Erased(Digest),
}

impl Sealed {
    /// What enters the content.
    pub fn digest(&self) -> Digest {
        match self {
            Sealed::Open { salt, value } => digest(salt.as_bytes(), value),
            Sealed::Erased(digest) => *digest,
        }
    }
}

fn digest(salt: &[u8], value: &str) -> Digest {
    Sha256::new().chain_update(salt).chain_update([0]).chain_update(value).finalize().into()
}

/// The salt of one value, in hex.
fn salt_of(seed: &str, name: &str) -> [u8; 32] {
    let all = Sha256::new().chain_update(seed).chain_update([0]).chain_update(name).finalize();
    let mut text = [0; 32];
    HEXLOWER.encode_mut(&all[..16], &mut text);
    text
}

/// The salt of value number `i` of an event of which nothing is erased, by its seed.
pub fn salt(seed: &str, i: usize) -> String {
    String::from_utf8_lossy(&salt_of(seed, VALUES[i])).into_owned()
}

/// Reads a digest in hex.
pub fn read_digest(text: &str) -> Option<Digest> {
    HEXLOWER.decode(text.as_bytes()).ok()?.try_into().ok()
}

/// The values as the row has them.
fn plain(event: &audit_event::Model) -> [std::borrow::Cow<'_, str>; 5] {
    let account = event.actor_id.map(|id: AccountId| id.to_string()).unwrap_or_default();
    [
        (&event.actor).into(),
        account.into(),
        (&event.target).into(),
        (&event.detail).into(),
        (&event.ip).into(),
    ]
}

/// What a row's `salt` says about value number `i` once something was erased: `-` and the digest, or the salt. An
/// unreadable one proves nothing.
fn kept(salt: &str, i: usize) -> Result<&str, Digest> {
    match salt.split(' ').nth(i) {
        Some(part) => match part.strip_prefix('-') {
            Some(hex) => Err(read_digest(hex).unwrap_or_default()),
            None => Ok(part),
        },
        None => Err(Digest::default()),
    }
}

/// The values of an event, sealed.
pub fn sealed(event: &audit_event::Model) -> [Sealed; 5] {
    let mut values = plain(event).map(|value| value.into_owned());
    let whole = !event.salt.contains(' ');
    std::array::from_fn(|i| {
        let value = std::mem::take(&mut values[i]);
        match whole {
            true => Sealed::Open { salt: salt(&event.salt, i), value },
            false => match kept(&event.salt, i) {
                Ok(salt) => Sealed::Open { salt: salt.to_owned(), value },
                Err(digest) => Sealed::Erased(digest),
            },
        }
    })
}

/// A row's `salt` for values of which some are erased.
pub fn salts(values: &[Sealed; 5]) -> String {
    let part = |value: &Sealed| match value {
        Sealed::Open { salt, .. } => salt.clone(),
        Sealed::Erased(digest) => format!("-{}", HEXLOWER.encode(digest)),
    };
    values.each_ref().map(part).join(" ")
}

/// What an event says, without its place.
pub fn content(at: Instant, acting_for: Option<OrgId>, action: &str, digests: &[Digest; 5]) -> Digest {
    let mut hash = Sha256::new()
        .chain_update("kontor-trail-1\0")
        .chain_update(at.0.to_be_bytes())
        .chain_update(acting_for.map(|partner| partner.to_string()).unwrap_or_default())
        .chain_update([0])
        .chain_update(action)
        .chain_update([0]);
    for digest in digests {
        hash.update(digest);
    }
    hash.finalize().into()
}

/// The content of a row.
pub fn content_of(event: &audit_event::Model) -> Digest {
    let values = plain(event);
    let whole = !event.salt.contains(' ');
    let digests = std::array::from_fn(|i| match whole {
        true => digest(&salt_of(&event.salt, VALUES[i]), &values[i]),
        false => match kept(&event.salt, i) {
            Ok(salt) => digest(salt.as_bytes(), &values[i]),
            Err(digest) => digest,
        },
    });
    content(event.at, event.acting_for, &event.action, &digests)
}

/// The link of an event in its place.
pub fn link(before: &str, org: &str, seq: i64, content: &Digest) -> String {
    let hash = Sha256::new()
        .chain_update(before)
        .chain_update(org)
        .chain_update(seq.to_be_bytes())
        .chain_update(content)
        .finalize();
    HEXLOWER.encode(&hash)
}

/// Goes along a chain, event by event.
#[derive(Debug)]
pub struct Walk {
    org: OrgId,
    name: String,
    after: i64,
    seq: i64,
    hash: String,
    events: u64,
    faults: Vec<Fault>,
    more: u64,
}

impl Walk {
    /// Begins behind an event, by its number and link: 0 and an empty link before the first.
    pub fn new(org: OrgId, after: i64, hash: String) -> Self {
        let name = org.to_string();
        Self { org, name, after, seq: after, hash, events: 0, faults: Vec::new(), more: 0 }
    }

    /// Whose chain it is.
    pub fn org(&self) -> OrgId {
        self.org
    }

    /// The number of the last event.
    pub fn seq(&self) -> i64 {
        self.seq
    }

    /// Whether nothing has been wrong so far.
    pub fn is_whole(&self) -> bool {
        self.faults.is_empty()
    }

    /// Notes a fault.
    pub fn fault(&mut self, seq: i64, kind: FaultKind) {
        match self.faults.len() < NAMED_FAULTS {
            true => self.faults.push(Fault { seq, kind }),
            false => self.more += 1,
        }
    }

    /// The next event: its number, content and link. What comes behind a fault is checked from the link that is there,
    /// so that one fault is reported once.
    pub fn step(&mut self, seq: i64, content: &Digest, hash: &str) {
        self.events += 1;
        if seq <= self.seq {
            return self.fault(seq, FaultKind::OutOfPlace);
        }
        let next = self.seq + 1;
        if seq > next {
            self.fault(next, FaultKind::Missing { until: seq - 1 });
        } else if link(&self.hash, &self.name, seq, content) != hash {
            self.fault(seq, FaultKind::Changed);
        }
        self.seq = seq;
        self.hash.clear();
        self.hash.push_str(hash);
    }

    /// The end: the head's number and link.
    pub fn end(mut self, seq: i64, hash: &str) -> ChainReport {
        if self.seq < seq {
            self.fault(self.seq + 1, FaultKind::Missing { until: seq });
        } else if self.seq > seq {
            self.fault(seq + 1, FaultKind::PastHead);
        } else if self.hash != hash {
            self.fault(seq, FaultKind::Head);
        }
        ChainReport {
            org: self.org,
            after: self.after,
            events: self.events,
            last: self.seq,
            hash: self.hash,
            faults: self.faults,
            more: self.more,
        }
    }
}

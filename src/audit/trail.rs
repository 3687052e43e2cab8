//! A chain as a file that proves itself: `docs/audit.md` says what stands in it. JSON Lines: a header, then a line for
//! each event. Whoever may see an event finds its values and their salts; whoever may not finds its content's digest.

use super::{
    ChainReport, FaultKind, FileReport, NoTrail,
    chain::{self, Digest, Sealed, Walk, read_digest},
    rows::audit_event,
};
use crate::kernel::{id::OrgId, instant::Instant};
use data_encoding::HEXLOWER;
use serde::{Deserialize, Serialize};

/// The version of the format.
const VERSION: u32 = 1;

/// Bytes of a line that are read; ours are far shorter.
const LONGEST: usize = 256 * 1024;

/// A place in a chain: an event's number and link, 0 and nothing before the first.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Place {
    /// The number.
    pub seq: i64,
    /// The link.
    pub hash: String,
}

/// The first line.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Header {
    /// The version of the format.
    pub kontor_trail: u32,
    /// Whose chain.
    pub org: OrgId,
    /// The organisation's name.
    pub name: String,
    /// Who may see the events whose values are there: the organisation itself, or a partner what was done in its name.
    pub reader: OrgId,
    /// When the file was made, RFC 3339.
    pub made_at: String,
    /// The event before the first.
    pub after: Place,
    /// The last event.
    pub head: Place,
}

impl Header {
    /// A header of this version.
    pub fn new(
        (org, name): (OrgId, String),
        reader: OrgId,
        made_at: Instant,
        after: Place,
        head: Place,
    ) -> Self {
        Self { kontor_trail: VERSION, org, name, reader, made_at: made_at.rfc3339(), after, head }
    }

    /// The line.
    pub fn line(&self) -> Result<String, serde_json::Error> {
        Ok(serde_json::to_string(self)? + "\n")
    }
}

/// A value: open with its salt, or the digest of one that was erased or is not for the reader.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Part {
    #[serde(skip_serializing_if = "Option::is_none")]
    salt: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    value: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    digest: Option<String>,
}

impl Part {
    fn write(value: Sealed) -> Self {
        match value {
            Sealed::Open { salt, value } => Self { salt: Some(salt), value: Some(value), digest: None },
            Sealed::Erased(digest) => Self { digest: Some(HEXLOWER.encode(&digest)), ..Self::default() },
        }
    }

    fn read(self) -> Option<Digest> {
        match self {
            Part { salt: Some(salt), value: Some(value), digest: None } => {
                Some(Sealed::Open { salt, value }.digest())
            }
            Part { salt: None, value: None, digest: Some(digest) } => read_digest(&digest),
            _ => None,
        }
    }
}

/// The line of an event. Nothing may stand in it that its link does not prove.
#[derive(Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Line {
    seq: i64,
    #[serde(skip_serializing_if = "Option::is_none")]
    content: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    event: Option<Shown>,
    hash: String,
}

/// What the reader may see of an event.
#[derive(Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Shown {
    /// Milliseconds since 1970, UTC.
    at: i64,
    acting_for: Option<OrgId>,
    action: String,
    actor: Part,
    account: Part,
    target: Part,
    detail: Part,
    ip: Part,
}

impl Shown {
    fn content(self) -> Option<Digest> {
        let Shown { at, acting_for, action, actor, account, target, detail, ip } = self;
        let [actor, account, target, detail, ip] = [actor, account, target, detail, ip].map(Part::read);
        Some(chain::content(Instant(at), acting_for, &action, &[actor?, account?, target?, detail?, ip?]))
    }
}

/// What a reader may see of an event besides who did what to whom.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Seen {
    /// The facts.
    pub facts: bool,
    /// From where it was done.
    pub address: bool,
}

/// The line of an event; with its values if the reader may see it.
pub fn line(event: &audit_event::Model, seen: Option<Seen>) -> Result<String, serde_json::Error> {
    let (content, shown) = match seen {
        Some(Seen { facts, address }) => {
            let hidden = |value: Sealed, seen: bool| {
                Part::write(if seen { value } else { Sealed::Erased(value.digest()) })
            };
            let [actor, account, target, detail, ip] = chain::sealed(event);
            let [actor, account, target] = [actor, account, target].map(Part::write);
            let (detail, ip) = (hidden(detail, facts), hidden(ip, address));
            let (at, acting_for, action) = (event.at.0, event.acting_for, event.action.clone());
            (None, Some(Shown { at, acting_for, action, actor, account, target, detail, ip }))
        }
        None => (Some(HEXLOWER.encode(&chain::content_of(event))), None),
    };
    let line = Line { seq: event.seq, content, event: shown, hash: event.hash.clone() };
    Ok(serde_json::to_string(&line)? + "\n")
}

/// Checks a file as its bytes come, in little memory.
#[derive(Debug, Default)]
pub struct FileCheck {
    /// What has come of a line.
    rest: Vec<u8>,
    /// The line's number.
    line: i64,
    found: Option<(Walk, Header)>,
    shown: u64,
    /// The first line was no header.
    no_trail: bool,
}

impl FileCheck {
    /// Takes the next bytes; an error if they belong to no trail.
    pub fn feed(&mut self, mut bytes: &[u8]) -> Result<(), NoTrail> {
        while let Some(end) = bytes.iter().position(|byte| *byte == b'\n') {
            let (line, rest) = (&bytes[..end], &bytes[end + 1..]);
            match self.rest.is_empty() {
                true => self.read(line),
                false => {
                    self.keep(line);
                    let line = std::mem::take(&mut self.rest);
                    self.read(&line);
                    self.rest = line;
                    self.rest.clear();
                }
            }
            bytes = rest;
        }
        self.keep(bytes);
        match self.no_trail {
            true => Err(NoTrail),
            false => Ok(()),
        }
    }

    /// Keeps the beginning of a line; of one that is too long just enough to be seen as such.
    fn keep(&mut self, bytes: &[u8]) {
        let room = (LONGEST + 1).saturating_sub(self.rest.len());
        self.rest.extend_from_slice(&bytes[..bytes.len().min(room)]);
    }

    fn read(&mut self, line: &[u8]) {
        self.line += 1;
        let line = line.trim_ascii();
        if line.is_empty() || self.no_trail {
            return;
        }
        let line = if line.len() > LONGEST { &[] } else { line };
        let Some((walk, _)) = &mut self.found else {
            match serde_json::from_slice::<Header>(line) {
                Ok(header) if header.kontor_trail == VERSION => {
                    let walk = Walk::new(header.org, header.after.seq, header.after.hash.clone());
                    self.found = Some((walk, header));
                }
                _ => self.no_trail = true,
            }
            return;
        };
        let content = serde_json::from_slice::<Line>(line).ok().and_then(|line| {
            let (content, shown) = match (line.content, line.event) {
                (Some(content), None) => (read_digest(&content)?, false),
                (None, Some(event)) => (event.content()?, true),
                _ => return None,
            };
            Some((line.seq, content, line.hash, shown))
        });
        match content {
            Some((seq, content, hash, shown)) => {
                self.shown += u64::from(shown);
                walk.step(seq, &content, &hash);
            }
            None => walk.fault(self.line, FaultKind::Unreadable),
        }
    }

    /// The end of the file.
    pub fn finish(mut self) -> Result<FileReport, NoTrail> {
        if !self.rest.is_empty() {
            let line = std::mem::take(&mut self.rest);
            self.read(&line);
        }
        let (walk, header) = self.found.ok_or(NoTrail)?;
        let chain: ChainReport = walk.end(header.head.seq, &header.head.hash);
        Ok(FileReport { name: header.name, chain, shown: self.shown })
    }
}

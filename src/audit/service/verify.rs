//! `kontor audit verify`, and *Check the chain* on an organisation's page: finds whatever was removed, changed or put
//! elsewhere in a chain of the database.

use crate::{
    Error,
    audit::{
        ChainReport,
        chain::{Digest, Walk, content_of},
        rows::{audit_event, audit_head},
    },
    kernel::{Kontor, actor::Actor, error::internal, id::OrgId, right::Feature},
};
use std::collections::VecDeque;

/// Events read at once.
const PAGE: u64 = 4_000;

/// Heads read at once.
const HEADS: u64 = 2_000;

/// Events a page checks at most, the latest: some seconds' work. The command checks all.
const ON_A_PAGE: i64 = 200_000;

/// What checking every chain found.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct AllChains {
    /// How many chains there are.
    pub chains: u64,
    /// How many events they have.
    pub events: u64,
    /// How many chains are not whole.
    pub broken: u64,
}

/// Checks the chain of one organisation, while events are added to it.
pub async fn verify(kontor: &Kontor, org: OrgId) -> Result<ChainReport, Error> {
    let head = audit_head::of(kontor.db.read(), org).await?;
    along(kontor, Walk::new(org, head.cut_seq, head.cut_hash)).await
}

/// Checks the latest events of the own organisation's chain for its page.
pub async fn check(kontor: &Kontor, actor: &Actor) -> Result<ChainReport, Error> {
    actor.require(Feature::ActivityView)?;
    let db = kontor.db.read();
    let head = audit_head::of(db, actor.org).await?;
    let from = head.seq - ON_A_PAGE;
    let walk = match from > head.cut_seq {
        // An event that is not there counts as one without a link: what comes next then says so.
        true => match audit_event::behind(db, actor.org, from - 1, 1).await?.pop() {
            Some(event) => Walk::new(actor.org, event.seq, event.hash),
            None => Walk::new(actor.org, from, String::new()),
        },
        false => Walk::new(actor.org, head.cut_seq, head.cut_hash),
    };
    along(kontor, walk).await
}

/// Goes along a chain to its end. The head is asked for behind the last event: one that is read is in it, for both are
/// written at once.
async fn along(kontor: &Kontor, mut walk: Walk) -> Result<ChainReport, Error> {
    let (db, org) = (kontor.db.read(), walk.org());
    let mut from = walk.seq();
    let mut page = audit_event::behind(db, org, from, PAGE).await?;
    loop {
        let Some(last) = page.last() else {
            let head = audit_head::of(db, org).await?;
            if head.seq > walk.seq() {
                page = audit_event::behind(db, org, from, PAGE).await?;
                if !page.is_empty() {
                    continue;
                }
            }
            return Ok(walk.end(head.seq, &head.hash));
        };
        from = last.seq;
        let (next, done) = tokio::join!(
            audit_event::behind(db, org, from, PAGE),
            hashed(page, move |page| {
                for event in page {
                    walk.step(event.seq, &content_of(event), &event.hash);
                }
                walk
            })
        );
        (page, walk) = (next?, done?);
    }
}

/// Works on a page beside the reading of the next one.
async fn hashed<T: Send + 'static>(
    page: Vec<audit_event::Model>,
    work: impl FnOnce(&[audit_event::Model]) -> T + Send + 'static,
) -> Result<T, Error> {
    tokio::task::spawn_blocking(move || work(&page)).await.map_err(internal)
}

/// Checks the chains of all organisations; those that are not whole are told. Each of these is checked again by itself
/// before: events may have been added while it was read.
pub async fn verify_all(kontor: &Kontor, mut told: impl FnMut(&ChainReport)) -> Result<AllChains, Error> {
    let db = kontor.db.read();
    let mut all = Merge::default();
    let mut page = audit_event::all_behind(db, None, PAGE).await?;
    while let Some(last) = page.last() {
        let place = (last.org_id, last.seq);
        all.load_heads(kontor, Some(place.0)).await?;
        let hashing = hashed(page, |page| {
            let link =
                |event: &audit_event::Model| (event.org_id, event.seq, content_of(event), event.hash.clone());
            page.iter().map(link).collect::<Vec<_>>()
        });
        let (next, links) = tokio::join!(audit_event::all_behind(db, Some(place), PAGE), hashing);
        for (org, seq, content, hash) in links? {
            all.step(org, seq, &content, &hash);
        }
        page = next?;
    }
    all.finish();
    while all.load_heads(kontor, None).await? {
        all.pass_heads(None);
    }
    for org in std::mem::take(&mut all.suspects) {
        let report = verify(kontor, org).await?;
        if !report.is_whole() {
            all.found.broken += 1;
            told(&report);
        }
    }
    Ok(all.found)
}

/// Events and heads, both in the order of organisations.
#[derive(Default)]
struct Merge {
    heads: VecDeque<audit_head::Model>,
    /// The last head that was read.
    read: Option<OrgId>,
    /// Whether all heads were read.
    complete: bool,
    /// The chain at hand and its head.
    walk: Option<(Walk, audit_head::Model)>,
    /// Chains that do not look whole.
    suspects: Vec<OrgId>,
    found: AllChains,
}

impl Merge {
    /// Reads heads, with `until` so many that this organisation's is among them. Says whether there were any.
    async fn load_heads(&mut self, kontor: &Kontor, until: Option<OrgId>) -> Result<bool, Error> {
        let mut any = !self.heads.is_empty();
        while !self.complete && until.is_none_or(|org| self.read.is_none_or(|read| read < org)) {
            let more = audit_head::behind(kontor.db.read(), self.read, HEADS).await?;
            self.complete = more.is_empty();
            any |= !more.is_empty();
            self.read = more.last().map(|head| head.org_id).or(self.read);
            self.heads.extend(more);
            if until.is_none() {
                break;
            }
        }
        Ok(any)
    }

    /// Passes the heads of chains without events, up to an organisation's: only what was cut off whole has none.
    fn pass_heads(&mut self, until: Option<OrgId>) {
        while let Some(head) = self.heads.pop_front_if(|head| until.is_none_or(|org| head.org_id < org)) {
            self.found.chains += 1;
            if head.seq != head.cut_seq {
                self.suspects.push(head.org_id);
            }
        }
    }

    fn step(&mut self, org: OrgId, seq: i64, content: &Digest, hash: &str) {
        if self.walk.as_ref().is_none_or(|(walk, _)| walk.org() != org) {
            self.finish();
            self.pass_heads(Some(org));
            let head = self.heads.pop_front_if(|head| head.org_id == org);
            let head = head.unwrap_or_else(|| audit_head::Model::empty(org));
            self.walk = Some((Walk::new(org, head.cut_seq, head.cut_hash.clone()), head));
        }
        self.found.events += 1;
        if let Some((walk, _)) = &mut self.walk {
            walk.step(seq, content, hash);
        }
    }

    /// Ends the chain at hand.
    fn finish(&mut self) {
        let Some((walk, head)) = self.walk.take() else { return };
        self.found.chains += 1;
        let report = walk.end(head.seq, &head.hash);
        if !report.is_whole() {
            self.suspects.push(report.org);
        }
    }
}

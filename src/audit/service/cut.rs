//! `kontor audit cut`: takes the oldest events of chains away, for an operator who must not keep them for ever. The head
//! keeps number and link of the last that went, so that what stays is as provable as before.

use super::{
    append::{Event, append},
    verify::verify,
};
use crate::{
    Error,
    audit::{
        ChainReport,
        rows::{audit_event, audit_head},
    },
    kernel::{Kontor, actor::Actor, id::OrgId, instant::Day, right::OrgKind},
    organisation::rows::organisation,
};

/// Events deleted at once.
const BATCH: i64 = 10_000;

/// Heads read at once.
const HEADS: u64 = 1_000;

/// What became of the chains.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct CutChains {
    /// How many chains were cut.
    pub chains: u64,
    /// How many events went.
    pub events: u64,
    /// How many chains are not whole, and were left alone: what is wrong with them must not go unseen.
    pub broken: u64,
}

/// Cuts the events before a day off the chain of one organisation, or of all. Chains that are not whole are told and left
/// as they are.
pub async fn cut(
    kontor: &Kontor,
    org: Option<OrgId>,
    before: Day,
    mut told: impl FnMut(&ChainReport),
) -> Result<CutChains, Error> {
    let (db, mut done) = (kontor.db.read(), CutChains::default());
    if let Some(org) = org {
        let head = audit_head::of(db, org).await?;
        one(kontor, head, before, &mut done, &mut told).await?;
        return Ok(done);
    }
    let mut last = None;
    loop {
        let heads = audit_head::behind(db, last, HEADS).await?;
        let Some(head) = heads.last() else { return Ok(done) };
        last = Some(head.org_id);
        for head in heads {
            one(kontor, head, before, &mut done, &mut told).await?;
        }
    }
}

async fn one(
    kontor: &Kontor,
    head: audit_head::Model,
    before: Day,
    done: &mut CutChains,
    told: &mut impl FnMut(&ChainReport),
) -> Result<(), Error> {
    let (db, org) = (kontor.db.read(), head.org_id);
    let until = match audit_event::first_from(db, org, before.start()).await? {
        Some(event) => event.seq - 1,
        None => head.seq,
    };
    if until > head.cut_seq {
        let report = verify(kontor, org).await?;
        if !report.is_whole() {
            done.broken += 1;
            told(&report);
            return Ok(());
        }
        let Some(last) = audit_event::by_seq(db, org, until).await? else { return Ok(()) };
        let kind = organisation::by_id(db, org).await?.map_or(OrgKind::Customer, |org| org.kind);
        let actor = Actor::system(org, kind, "kontor audit cut");
        let facts = serde_json::json!({ "until": until, "link": last.hash, "before": before.to_string() });
        let tx = kontor.db.begin().await?;
        append(kontor, &tx, org, &actor, Event::new("audit.cut", "").with(facts)).await?;
        audit_head::cut(&tx, org, until, last.hash).await?;
        tx.commit().await?;
        done.chains += 1;
    }
    // What an earlier run was stopped in the midst of goes as well.
    let until = until.max(head.cut_seq);
    while let Some(first) = audit_event::behind(db, org, 0, 1).await?.pop().filter(|e| e.seq <= until) {
        done.events += audit_event::cut(kontor.db.writer(), org, until.min(first.seq + BATCH - 1)).await?;
    }
    Ok(())
}

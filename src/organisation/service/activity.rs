//! The organisation's trail, page by page.

use crate::{
    Error,
    audit::{TrailQuery, rows::audit_event},
    kernel::{Kontor, actor::Actor, right::Feature},
    organisation::{ActivityPage, ActivityRow, rows::organisation},
};

/// Events on a page.
const PAGE: u64 = 50;

/// Partners to choose from at most.
const PARTNERS: usize = 50;

/// The organisation's events a query names, newest first. Under a grant one sees only what was done in the own partner's
/// name (R6.8).
pub async fn activity(kontor: &Kontor, actor: &Actor, query: &TrailQuery) -> Result<ActivityPage, Error> {
    actor.require(Feature::ActivityView)?;
    let db = kontor.db.read();
    let mut rows = audit_event::search(db, actor.org, actor.acting_for(), query, PAGE + 1).await?;
    let more = rows.len() as u64 > PAGE;
    rows.truncate(PAGE as usize);
    let before = rows.last().filter(|_| more).map(|e| e.seq);
    let mut partners: Vec<_> = rows.iter().filter_map(|e| e.acting_for).collect();
    let choices = match actor.acting_for() {
        Some(_) => Vec::new(),
        None => audit_event::partners(db, actor.org, PARTNERS).await?,
    };
    partners.extend(&choices);
    partners.sort();
    partners.dedup();
    let names = organisation::names(db, partners).await?;
    let shown = |e: audit_event::Model| ActivityRow {
        seq: e.seq,
        at: e.at,
        actor: e.actor,
        acting_for: e
            .acting_for
            .map(|p| names.iter().find(|n| n.0 == p).map(|n| n.1.clone()).unwrap_or_default()),
        action: e.action,
        target: e.target,
    };
    let rows = rows.into_iter().map(shown).collect();
    let partners = names.iter().filter(|(org, _)| choices.contains(org)).cloned().collect();
    Ok(ActivityPage { rows, before, kind: actor.kind, partners })
}

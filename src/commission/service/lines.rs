//! A partner's lines, and one of them with its reasons.

use super::may_read;
use crate::{
    Error,
    commission::{LinePage, LineQuery, LineRow, LineView, Month, rows::commission_line},
    kernel::{
        Kontor,
        actor::Actor,
        error::internal,
        id::{CommissionId, OrgId},
    },
    partner::rows::directory,
};
use std::collections::HashMap;

/// Lines a page shows.
const PAGE: u64 = 50;

/// A page of a partner's lines, newest first.
pub async fn lines(
    kontor: &Kontor,
    actor: &Actor,
    partner: OrgId,
    query: &LineQuery,
) -> Result<LinePage, Error> {
    may_read(actor, partner)?;
    let db = kontor.db.read();
    let after = match query.after {
        // A line that is not there counts as not given.
        Some(id) => commission_line::of_partner(db, partner, id).await?.map(|row| (row.created_at, row.id)),
        None => None,
    };
    let mut found = commission_line::page(partner, query, after, PAGE + 1).all(db).await?;
    let more = found.len() as u64 > PAGE;
    found.truncate(PAGE as usize);
    let next = found.last().map(|row| row.id).filter(|_| more);
    Ok(LinePage { rows: shown(kontor, found).await?, next })
}

/// One line of a partner with why it is what it is. `NotFound` for another partner's.
pub async fn line(
    kontor: &Kontor,
    actor: &Actor,
    partner: OrgId,
    id: CommissionId,
) -> Result<LineView, Error> {
    may_read(actor, partner)?;
    let db = kontor.db.read();
    let row = commission_line::of_partner(db, partner, id).await?.ok_or(Error::NotFound)?;
    let why = serde_json::from_str(&row.why).map_err(internal)?;
    let invoice = row.invoice_id;
    let reversals = shown(kontor, commission_line::reversals(db, id).await?).await?;
    let row = shown(kontor, vec![row]).await?.pop().ok_or(Error::NotFound)?;
    Ok(LineView { row, invoice, why, reversals })
}

/// Lines with the names of their customers.
async fn shown(kontor: &Kontor, lines: Vec<commission_line::Model>) -> Result<Vec<LineRow>, Error> {
    let mut orgs: Vec<_> = lines.iter().map(|line| line.org_id).collect();
    orgs.sort_unstable();
    orgs.dedup();
    let names = directory::names(kontor.db.read(), orgs).await?;
    let names: HashMap<_, _> = names.into_iter().map(|org| (org.id, org.name)).collect();
    let row = |line: commission_line::Model| LineRow {
        id: line.id,
        at: line.created_at,
        earned_on: line.earned_on,
        org: line.org_id,
        customer: names.get(&line.org_id).cloned().unwrap_or_default(),
        plan: line.plan,
        kind: line.kind,
        rule: line.rule,
        base: line.base,
        eligible: line.eligible,
        rate_bp: line.rate_bp,
        rate_source: line.rate_source,
        amount: line.amount,
        currency: line.currency,
        entity: line.entity,
        state: line.state,
        available_on: line.available_on,
        month: Month::of(line.created_at.day()),
        payout: line.payout_id,
        reverses: line.reverses,
    };
    Ok(lines.into_iter().map(row).collect())
}

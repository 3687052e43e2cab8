//! A partner's statements: what they say, and whether the lines still say the same.

use super::{close::count, lines, may_read};
use crate::{
    Error,
    commission::{Figures, LineQuery, Month, Recount, Statement, StatementPage, rows::statement},
    kernel::{
        Kontor,
        actor::Actor,
        id::{CommissionId, OrgId, StatementId},
    },
};
use sea_orm::ConnectionTrait;

/// Statements on a page at least; a month's stay together.
const PAGE: u64 = 24;

/// Statements of a partner, the latest first, before a month; and the month before which the next page begins, if there
/// is one.
pub async fn statements(
    kontor: &Kontor,
    actor: &Actor,
    partner: OrgId,
    before: Option<Month>,
) -> Result<(Vec<Statement>, Option<Month>), Error> {
    may_read(actor, partner)?;
    let db = kontor.db.read();
    let mut rows = statement::before_query(partner, before, PAGE + 1).all(db).await?;
    let mut next = None;
    if rows.len() as u64 > PAGE {
        let (first, last) = (rows[0].month, rows[PAGE as usize].month);
        match first == last {
            true => rows = statement::of_month(db, partner, first).await?,
            // It may be cut: all of it is on the next page.
            false => rows.retain(|row| row.month != last),
        }
        next = rows.last().map(|row| row.month);
    }
    Ok((rows.into_iter().map(shown).collect(), next))
}

/// A closed month of a partner, with a page of its lines behind `after`; and with its lines counted again, if that is asked
/// for. `NotFound` if the month is not closed, or nothing was owed or earned in it.
pub async fn statement(
    kontor: &Kontor,
    actor: &Actor,
    partner: OrgId,
    month: Month,
    after: Option<CommissionId>,
    check: bool,
) -> Result<StatementPage, Error> {
    may_read(actor, partner)?;
    let rows = statement::of_month(kontor.db.read(), partner, month).await?;
    let statements: Vec<_> = rows.into_iter().map(shown).collect();
    if statements.is_empty() {
        return Err(Error::NotFound);
    }
    let mut checked = Vec::new();
    for statement in statements.iter().filter(|_| check) {
        checked.push(recompute(kontor, actor, statement.id).await?);
    }
    let query = LineQuery { month: Some(month), after, ..Default::default() };
    Ok(StatementPage { statements, checked, lines: lines(kontor, actor, partner, &query).await? })
}

/// Counts a statement's lines and payouts again. `NotFound` for another partner's.
pub async fn recompute(kontor: &Kontor, actor: &Actor, id: StatementId) -> Result<Recount, Error> {
    let db = kontor.db.read();
    let row = statement::by_id(db, id).await?.ok_or(Error::NotFound)?;
    may_read(actor, row.partner_id)?;
    recount(db, row).await
}

async fn recount(db: &impl ConnectionTrait, row: statement::Model) -> Result<Recount, Error> {
    let key = (row.month, (row.entity.clone(), row.currency));
    let mut counted = count(db, row.partner_id, row.month.start(), row.month.end()).await?;
    let mut counted = counted.remove(&key).unwrap_or_else(|| Figures {
        // Nothing was earned or paid: what a statement of nothing says.
        digest: data_encoding::HEXLOWER.encode(&<sha2::Sha256 as sha2::Digest>::digest(b"")),
        ..Default::default()
    });
    counted.opening = statement::preceding(db, &row).await?.map_or(0, |before| before.closing);
    counted.closing = counted.opening + counted.earned - counted.reversed - counted.paid;
    Ok(Recount { stated: shown(row).figures, counted })
}

/// Counts all statements of a month again; answers what does not agree, one line each. For the job that proves the figures.
pub async fn prove_statements(kontor: &Kontor, month: Month) -> Result<Vec<String>, Error> {
    let db = kontor.db.read();
    let (mut found, mut after) = (Vec::new(), None);
    loop {
        let partners = statement::partners_after(db, after, 200).await?;
        let Some(last) = partners.last().copied() else { return Ok(found) };
        for row in statement::of_partners(db, partners, month).await? {
            let said = format!("statement of {}, {month}, {} {}", row.partner_id, row.entity, row.currency);
            if !recount(db, row).await?.agrees() {
                found.push(said);
            }
        }
        after = Some(last);
    }
}

fn shown(row: statement::Model) -> Statement {
    Statement {
        id: row.id,
        month: row.month,
        entity: row.entity,
        currency: row.currency,
        figures: Figures {
            opening: row.opening,
            earned: row.earned,
            reversed: row.reversed,
            paid: row.paid,
            closing: row.closing,
            lines: row.lines,
            digest: row.digest,
        },
        closed_at: row.closed_at,
    }
}

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

/// All statements of a partner, the latest first.
pub async fn statements(kontor: &Kontor, actor: &Actor, partner: OrgId) -> Result<Vec<Statement>, Error> {
    may_read(actor, partner)?;
    let rows = statement::of_partner(kontor.db.read(), partner).await?;
    Ok(rows.into_iter().rev().map(shown).collect())
}

/// A closed month of a partner, with a page of its lines behind `after`. `NotFound` if the month is not closed, or
/// nothing was owed or earned in it.
pub async fn statement(
    kontor: &Kontor,
    actor: &Actor,
    partner: OrgId,
    month: Month,
    after: Option<CommissionId>,
) -> Result<StatementPage, Error> {
    may_read(actor, partner)?;
    let rows = statement::of_partner(kontor.db.read(), partner).await?;
    let statements: Vec<_> = rows.into_iter().filter(|row| row.month == month).map(shown).collect();
    if statements.is_empty() {
        return Err(Error::NotFound);
    }
    let query = LineQuery { month: Some(month), after, ..Default::default() };
    Ok(StatementPage { statements, lines: lines(kontor, actor, partner, &query).await? })
}

/// Counts a statement's lines and payouts again. `NotFound` for another partner's.
pub async fn recompute(kontor: &Kontor, actor: &Actor, id: StatementId) -> Result<Recount, Error> {
    let db = kontor.db.read();
    let row = statement::by_id(db, id).await?.ok_or(Error::NotFound)?;
    may_read(actor, row.partner_id)?;
    let key = (row.month, (row.entity.clone(), row.currency));
    let mut counted = count(db, row.partner_id, row.month.start(), row.month.end()).await?;
    let mut counted = counted.remove(&key).unwrap_or_else(|| Figures {
        // Nothing was earned or paid: what a statement of nothing says.
        digest: data_encoding::HEXLOWER.encode(&<sha2::Sha256 as sha2::Digest>::digest(b"")),
        ..Default::default()
    });
    let all = statement::of_partner(db, row.partner_id).await?;
    let before = all.iter().filter(|other| {
        other.month < row.month && other.entity == row.entity && other.currency == row.currency
    });
    counted.opening = before.max_by_key(|other| other.month).map_or(0, |other| other.closing);
    counted.closing = counted.opening + counted.earned - counted.reversed - counted.paid;
    Ok(Recount { stated: shown(row).figures, counted })
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

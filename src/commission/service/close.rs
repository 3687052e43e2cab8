//! Closing a month: statements that are never changed again.

use crate::{
    Error,
    commission::{
        Figures, Month,
        rows::{commission_line, statement},
    },
    kernel::{
        Kontor,
        id::OrgId,
        instant::{Day, Instant},
        money::Currency,
    },
    payout::rows::payout,
};
use sea_orm::ConnectionTrait;
use sha2::{Digest, Sha256};
use std::collections::BTreeMap;

/// Minutes after its end before a month is closed: what began in it has been committed by then, on every node's clock.
pub const CLOSING_GRACE_MINUTES: i64 = 10;

/// Partners one batch closes.
const PARTNERS: u64 = 50;

/// Lines read at once.
const LINES: u64 = 5_000;

/// An entity and a currency: what a statement is of.
pub(super) type Key = (String, Currency);

/// Closes a month, and with it every earlier one that is still open, for the next batch of partners behind `after`.
/// Answers behind whom to go on; nothing when all are closed. Each batch is one transaction and closing twice changes
/// nothing, so that it can be broken off and taken up anywhere. `BadRequest` before the month is over.
pub async fn close_month(
    kontor: &Kontor,
    month: Month,
    after: Option<OrgId>,
) -> Result<Option<OrgId>, Error> {
    if kontor.now() < month.end().plus_minutes(CLOSING_GRACE_MINUTES) {
        return Err(Error::BadRequest);
    }
    let db = kontor.db.read();
    let partners = statement::partners_after(db, after, PARTNERS).await?;
    let mut rows = Vec::new();
    for partner in &partners {
        rows.extend(draft(kontor, db, *partner, month).await?);
    }
    if !rows.is_empty() {
        let tx = kontor.db.begin().await?;
        statement::insert_new(&tx, rows).await?;
        tx.commit().await?;
    }
    Ok(partners.last().copied().filter(|_| partners.len() as u64 == PARTNERS))
}

/// The statements a partner lacks up to a month. Everything they rest on is past and keeps what it holds, so it is read
/// outside the transaction that writes them.
async fn draft(
    kontor: &Kontor,
    db: &impl ConnectionTrait,
    partner: OrgId,
    month: Month,
) -> Result<Vec<statement::Model>, Error> {
    let known = statement::of_partner(db, partner).await?;
    let last = known.iter().map(|row| row.month).max();
    if last.is_some_and(|last| last >= month) {
        return Ok(Vec::new());
    }
    let mut open: BTreeMap<Key, i64> = BTreeMap::new();
    for row in known {
        open.insert((row.entity, row.currency), row.closing);
    }
    let from = last.map_or(Day(0).start(), Month::end);
    let counted = count(db, partner, from, month.end()).await?;
    let Some(first) = last.map(Month::next).or_else(|| counted.keys().map(|(m, _)| *m).min()) else {
        return Ok(Vec::new());
    };
    let mut rows = Vec::new();
    let mut current = first;
    while current <= month {
        let here = counted.iter().filter(|((month, _), _)| *month == current);
        let mut figures: BTreeMap<Key, Figures> =
            here.map(|((_, key), f)| (key.clone(), f.clone())).collect();
        for (key, opening) in open.iter().filter(|(_, opening)| **opening != 0) {
            figures.entry(key.clone()).or_insert_with(|| Tally::default().figures()).opening = *opening;
        }
        for ((entity, currency), mut f) in figures {
            f.closing = f.opening + f.earned - f.reversed - f.paid;
            open.insert((entity.clone(), currency), f.closing);
            rows.push(statement::Model {
                id: kontor.id(),
                partner_id: partner,
                entity,
                currency,
                month: current,
                opening: f.opening,
                earned: f.earned,
                reversed: f.reversed,
                paid: f.paid,
                closing: f.closing,
                lines: f.lines,
                digest: f.digest,
                closed_at: kontor.now(),
            });
        }
        current = current.next();
    }
    Ok(rows)
}

/// Counts a partner's lines and payouts of a time, by month, entity and currency; opening and closing stay 0.
pub(super) async fn count(
    db: &impl ConnectionTrait,
    partner: OrgId,
    from: Instant,
    until: Instant,
) -> Result<BTreeMap<(Month, Key), Figures>, Error> {
    let mut tallies: BTreeMap<(Month, Key), Tally> = BTreeMap::new();
    let mut place = None;
    loop {
        let lines = commission_line::stretch(db, partner, from, until, place, LINES).await?;
        place = lines.last().map(|line| (line.created_at, line.id));
        let more = lines.len() as u64 == LINES;
        for line in lines {
            let key = (Month::of(line.created_at.day()), (line.entity.clone(), line.currency));
            tallies.entry(key).or_default().add(&line);
        }
        if !more {
            break;
        }
    }
    for paid in payout::paid_between(db, partner, from, until).await? {
        let at = paid.paid_at.unwrap_or(from);
        let key = (Month::of(at.day()), (paid.entity, paid.currency));
        tallies.entry(key).or_default().paid += paid.amount;
    }
    Ok(tallies.into_iter().map(|(key, tally)| (key, tally.figures())).collect())
}

/// A statement in the making.
#[derive(Default)]
struct Tally {
    earned: i64,
    reversed: i64,
    paid: i64,
    lines: i64,
    digest: Sha256,
}

impl Tally {
    fn add(&mut self, line: &commission_line::Slim) {
        match line.reverses {
            None => self.earned += line.amount,
            Some(_) => self.reversed -= line.amount,
        }
        self.lines += 1;
        // What never changes about a line; its state does.
        let text = format!("{}|{}|{}|{}\n", line.id, line.kind, line.earned_on, line.amount);
        self.digest.update(text);
    }

    fn figures(self) -> Figures {
        Figures {
            opening: 0,
            earned: self.earned,
            reversed: self.reversed,
            paid: self.paid,
            closing: 0,
            lines: self.lines,
            digest: data_encoding::HEXLOWER.encode(&self.digest.finalize()),
        }
    }
}

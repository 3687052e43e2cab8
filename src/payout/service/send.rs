//! What the bank does with a payout, as finance notes it.

use super::step::{advance, at_version, book, finance, link, release, tell};
use crate::{
    Error, Issue, Refusal,
    commission::{LineState, Moved},
    kernel::{Kontor, actor::Actor, id::PayoutId, money::Money, text},
    notification::Mail,
    payout::{PayoutStatus, rows::payout},
};

/// Most payouts noted at once: a page of them.
const MANY: usize = 100;

/// The payout is with the bank. `reference` is the bank's or finance's own; it may be empty.
pub async fn mark_sent(
    kontor: &Kontor,
    actor: &Actor,
    id: PayoutId,
    version: i64,
    reference: &str,
) -> Result<(), Error> {
    finance(actor)?;
    let reference = text::optional_line(reference, 140).map_err(|issue| Error::field("reference", issue))?;
    let now = kontor.now();
    let tx = kontor.db.begin().await?;
    let mut row = at_version(&tx, id, version).await?;
    advance(kontor, &tx, actor, &mut row, PayoutStatus::Sent, "payout.sent", |row| {
        row.sent_at = Some(now);
        row.reference = reference.unwrap_or_default();
    })
    .await?;
    tx.commit().await?;
    kontor.hub.tell(row.partner_id, "payout");
    kontor.hub.tell(actor.org, "payout");
    Ok(())
}

/// Notes of many payouts at once that they are with the bank, or have arrived: what a statement of the bank tells. Answers
/// how many it noted; those that are no longer where they were chosen are left as they are.
pub async fn mark_many(
    kontor: &Kontor,
    actor: &Actor,
    chosen: &[PayoutId],
    to: PayoutStatus,
) -> Result<usize, Error> {
    finance(actor)?;
    if chosen.is_empty() || chosen.len() > MANY {
        return Err(Error::field("id", Issue::Required));
    }
    let mut done = 0;
    for id in chosen {
        let row = payout::by_id(kontor.db.read(), None, *id).await?.ok_or(Error::NotFound)?;
        let noted = match to {
            PayoutStatus::Sent => mark_sent(kontor, actor, *id, row.version, "").await,
            PayoutStatus::Paid => mark_paid(kontor, actor, *id, row.version).await.map(drop),
            _ => return Err(Error::BadRequest),
        };
        match noted {
            Ok(()) => done += 1,
            Err(Error::StaleVersion | Error::Refused(Refusal::PayoutClosed)) => {}
            Err(other) => return Err(other),
        }
    }
    Ok(done)
}

/// The payout has arrived: its lines are paid for good.
pub async fn mark_paid(kontor: &Kontor, actor: &Actor, id: PayoutId, version: i64) -> Result<Moved, Error> {
    finance(actor)?;
    let now = kontor.now();
    let tx = kontor.db.begin().await?;
    let mut row = at_version(&tx, id, version).await?;
    advance(kontor, &tx, actor, &mut row, PayoutStatus::Paid, "payout.paid", |row| {
        row.paid_at = Some(now);
    })
    .await?;
    let moved = release(&tx, &row, LineState::Paid).await?;
    let (number, amount) = (row.number.clone(), Money::new(row.amount, row.currency));
    let mail = Mail::PayoutPaid { number, amount, link: link(kontor, row.partner_id) };
    tell(kontor, &tx, row.partner_id, &mail).await?;
    book(kontor, &tx, &moved).await?;
    tx.commit().await?;
    kontor.hub.tell(row.partner_id, "payout");
    kontor.hub.tell(actor.org, "payout");
    Ok(moved)
}

/// The bank gave the payout back. Its lines stay in it; once the account is right it can be approved again.
pub async fn mark_failed(
    kontor: &Kontor,
    actor: &Actor,
    id: PayoutId,
    version: i64,
    reason: &str,
) -> Result<(), Error> {
    finance(actor)?;
    let reason = text::line(reason, 1, 500).map_err(|issue| Error::field("reason", issue))?;
    let tx = kontor.db.begin().await?;
    let mut row = at_version(&tx, id, version).await?;
    let said = reason.clone();
    advance(kontor, &tx, actor, &mut row, PayoutStatus::Failed, "payout.failed", |row| {
        row.reject_reason = said;
    })
    .await?;
    let (number, amount) = (row.number.clone(), Money::new(row.amount, row.currency));
    let mail = Mail::PayoutFailed { number, amount, reason, link: link(kontor, row.partner_id) };
    tell(kontor, &tx, row.partner_id, &mail).await?;
    tx.commit().await?;
    kontor.hub.tell(row.partner_id, "payout");
    kontor.hub.tell(actor.org, "payout");
    Ok(())
}

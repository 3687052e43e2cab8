//! A partner asks for what is available, or takes the wish back.

use super::step::{advance, book, link, moved, own, release, tell, told};
use crate::{
    Error, Refusal,
    audit::service::Event,
    commission::{LineState, Moved, Movement, rows::commission_line},
    kernel::{
        Kontor,
        actor::Actor,
        id::{Id, PayoutId, encode},
        instant::Instant,
        money::{Currency, Money},
        text,
    },
    notification::Mail,
    organisation::rows::queue_up,
    partner::rows::partner,
    payout::{
        METHOD, PayoutStatus, least, ready,
        rows::{payout, payout_account, payout_invoice},
    },
    setting::service::policy,
};
use sea_orm::EntityTrait;

/// What came of a request.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Requested {
    /// The payout.
    pub id: PayoutId,
    /// Its number, as people quote it.
    pub number: String,
    /// What moved, as it was posted; nothing if the same request had been made before.
    pub moved: Option<Moved>,
}

/// Requests a payout of everything available at one entity in one currency, what was taken back included. The same
/// `request_key` requests once, however often it is sent; two requests at the same moment are one payout and a refusal.
///
/// Refuses below the least payout (`PayoutBelowMin`), a negative balance (`PayoutNegative`), without an account
/// (`PayoutNoAccount`) or while a new one is on hold (`PayoutHold`), and suspended partners (`PartnerInactive`); one that
/// is merely idle or over may still draw what it has earned (R10.6).
pub async fn request(
    kontor: &Kontor,
    actor: &Actor,
    entity: &str,
    currency: Currency,
    request_key: &str,
) -> Result<Requested, Error> {
    let partner = own(actor)?;
    let key = text::line(request_key, 8, 80).map_err(|_| Error::BadRequest)?;
    let policy = policy(kontor, kontor.db.read()).await?;
    let now = kontor.now();
    let tx = kontor.db.begin().await?;
    queue_up(&tx, &format!("payout:{partner}")).await?;
    if let Some(known) = payout::by_key(&tx, partner, &key).await? {
        if known.entity != entity || known.currency != currency {
            return Err(Refusal::KeyReused.into());
        }
        return Ok(Requested { id: known.id, number: known.number, moved: None });
    }
    let standing = partner::by_org(&tx, partner).await?.ok_or(Error::NotFound)?;
    let account = payout_account::current(&tx, partner).await?;
    if let Some(refusal) = ready::standing(standing.status, account.as_ref().map(|a| a.usable_at), now) {
        return Err(refusal.into());
    }
    let account = account.ok_or(Refusal::PayoutNoAccount)?;
    let id: PayoutId = kontor.id();
    let (lines, amount) = commission_line::lock_available(&tx, partner, entity, currency, id).await?;
    if let Some(refusal) = ready::amount(amount, least(&policy, currency), currency) {
        return Err(refusal.into());
    }
    let needed = policy.payout_invoice_required;
    let row = payout::Model {
        id,
        partner_id: partner,
        entity: entity.to_owned(),
        currency,
        number: number(id, now),
        amount,
        lines,
        status: if needed { PayoutStatus::AwaitingInvoice } else { PayoutStatus::Requested },
        account_id: account.id,
        method: METHOD.into(),
        request_key: key,
        requested_by: actor.label(),
        requested_at: now,
        reference: String::new(),
        reject_reason: String::new(),
        decided_at: None,
        sent_at: None,
        paid_at: None,
        version: 1,
        exported_at: None,
        exported_by: None,
    };
    payout::Entity::insert(payout::ActiveModel::from(row.clone())).exec_without_returning(&tx).await?;
    let money = Money::new(amount, currency);
    let facts = serde_json::json!({ "amount": money.plain(), "currency": currency, "lines": lines });
    told(kontor, &tx, actor, &row, Event::new("payout.requested", &row.number).with(facts)).await?;
    let link = link(kontor, partner);
    let number = row.number.clone();
    let mail = Mail::PayoutRequested { number, amount: money, invoice_missing: needed, link };
    tell(kontor, &tx, partner, &mail).await?;
    let moved = moved(&row, Movement::Requested, LineState::Available, LineState::Locked);
    book(kontor, &tx, &moved).await?;
    tx.commit().await?;
    kontor.hub.tell(partner, "payout");
    Ok(Requested { id, number: row.number, moved: Some(moved) })
}

/// The number people quote, and banks carry as the end-to-end id: the year and forty random bits.
fn number(id: PayoutId, at: Instant) -> String {
    let text = encode(id.uuid().as_u128()).to_uppercase();
    format!("PO-{}-{}", at.day().civil().0, text.get(18..).unwrap_or_default())
}

/// Withdraws a payout that finance has not looked at yet; its lines are available again. `NotFound` for another
/// partner's, `PayoutClosed` once it is under review.
pub async fn cancel(kontor: &Kontor, actor: &Actor, id: PayoutId) -> Result<Moved, Error> {
    let partner = own(actor)?;
    let tx = kontor.db.begin().await?;
    let mut row = payout::locked(&tx, Some(partner), id).await?.ok_or(Error::NotFound)?;
    let now = kontor.now();
    let to = PayoutStatus::Cancelled;
    advance(kontor, &tx, actor, &mut row, to, "payout.cancelled", |row| row.decided_at = Some(now)).await?;
    let moved = release(&tx, &row, LineState::Available).await?;
    payout_invoice::replace(&tx, id, now).await?;
    book(kontor, &tx, &moved).await?;
    tx.commit().await?;
    kontor.hub.tell(partner, "payout");
    Ok(moved)
}

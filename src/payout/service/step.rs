//! What the steps of a payout have in common.

use crate::{
    Error, Refusal,
    account::rows::account,
    audit::service::{Event, append},
    commission::{LineState, Moved, Movement, rows::commission_line, service::postings},
    kernel::{
        Kontor,
        actor::Actor,
        id::{Id, OrgId, PayoutId},
        money::Money,
        right::{Feature, OrgKind, Role},
    },
    ledger::service::post,
    notification::{
        Mail,
        service::{Recipient, write},
    },
    organisation::{MemberStatus, rows::member},
    payout::{PayoutStatus, rows::payout},
};
use sea_orm::{ActiveModelTrait, ConnectionTrait, DatabaseTransaction, EntityTrait, IntoActiveModel};

/// Whose payouts the actor may change: those of the partner it acts in, with the feature.
pub(super) fn own(actor: &Actor) -> Result<OrgId, Error> {
    actor.require(Feature::PayoutRequest)?;
    if actor.kind != OrgKind::Partner || actor.acting_for().is_some() {
        return Err(Error::NotFound);
    }
    Ok(actor.org)
}

/// Ok for the vendor's finance.
pub(super) fn finance(actor: &Actor) -> Result<(), Error> {
    if actor.kind != OrgKind::Vendor {
        return Err(Error::NotFound);
    }
    actor.require(Feature::FinanceManage)
}

/// A payout that finance works on, locked, as it was when the page was made.
pub(super) async fn at_version(
    tx: &DatabaseTransaction,
    id: PayoutId,
    version: i64,
) -> Result<payout::Model, Error> {
    let row = payout::locked(tx, None, id).await?.ok_or(Error::NotFound)?;
    if row.version == version { Ok(row) } else { Err(Error::StaleVersion) }
}

/// Takes one step of domain.md section 18: stores the row, which `change` may touch as well, and the event in the trail
/// of the partner and of the actor. `PayoutClosed` if there is no such step.
pub(super) async fn advance(
    kontor: &Kontor,
    tx: &DatabaseTransaction,
    actor: &Actor,
    row: &mut payout::Model,
    to: PayoutStatus,
    event: &'static str,
    change: impl FnOnce(&mut payout::Model),
) -> Result<(), Error> {
    if !row.status.may_become(to) {
        return Err(Refusal::PayoutClosed.into());
    }
    let from = row.status;
    row.status = to;
    row.version += 1;
    change(row);
    payout::Entity::update(row.clone().into_active_model().reset_all()).exec(tx).await?;
    let facts = serde_json::json!({
        "from": from, "to": to, "reference": row.reference, "reason": row.reject_reason,
        "amount": Money::new(row.amount, row.currency).plain(), "currency": row.currency,
    });
    told(kontor, tx, actor, row, Event::new(event, &row.number).with(facts)).await
}

/// Appends an event about a payout to the trails of its partner and of the actor.
pub(super) async fn told(
    kontor: &Kontor,
    tx: &DatabaseTransaction,
    actor: &Actor,
    row: &payout::Model,
    event: Event,
) -> Result<(), Error> {
    append(kontor, tx, row.partner_id, actor, event.clone()).await?;
    if actor.org != row.partner_id {
        append(kontor, tx, actor.org, actor, event).await?;
    }
    Ok(())
}

/// Posts what moved with a payout: the last thing of the transaction.
pub(super) async fn book(kontor: &Kontor, tx: &DatabaseTransaction, moved: &Moved) -> Result<(), Error> {
    for posting in postings(kontor, std::slice::from_ref(moved))? {
        post(kontor, tx, &posting).await?;
    }
    Ok(())
}

/// Moves the lines of a payout on: to be available again, or paid.
pub(super) async fn release(
    tx: &DatabaseTransaction,
    row: &payout::Model,
    to: LineState,
) -> Result<Moved, Error> {
    commission_line::settle(tx, row.id, to).await?;
    let movement = if to == LineState::Paid { Movement::Paid } else { Movement::Returned };
    Ok(moved(row, movement, LineState::Locked, to))
}

/// What moved with a payout.
pub(super) fn moved(row: &payout::Model, movement: Movement, from: LineState, to: LineState) -> Moved {
    Moved {
        movement,
        cause: row.id.uuid(),
        partner: row.partner_id,
        org: None,
        entity: row.entity.clone(),
        from: Some(from),
        to,
        amount: Money::new(row.amount, row.currency),
    }
}

/// Writes a mail to the people of a partner who look after its money.
pub(super) async fn tell(
    kontor: &Kontor,
    tx: &DatabaseTransaction,
    partner: OrgId,
    mail: &Mail,
) -> Result<(), Error> {
    for to in people(tx, partner).await? {
        write(kontor, tx, to, mail).await?;
    }
    Ok(())
}

async fn people(db: &impl ConnectionTrait, partner: OrgId) -> Result<Vec<Recipient>, Error> {
    let mut ids = Vec::new();
    for role in [Role::PartnerOwner, Role::PartnerFinance] {
        let members = member::in_role(db, vec![partner], role, &[MemberStatus::Active]).await?;
        ids.extend(members.into_iter().map(|member| member.account_id));
    }
    let accounts = account::by_ids(db, ids).await?;
    Ok(accounts.into_iter().map(|a| Recipient { email: a.email, locale: a.locale }).collect())
}

/// Where a partner finds its payouts.
pub(super) fn link(kontor: &Kontor, partner: OrgId) -> String {
    kontor.url(&format!("/store/{partner}/payouts"))
}

//! The other side's answer to a proposal, and taking back what has no effect yet (domain.md section 7, S77).

use super::{
    apply::apply,
    confirm::{as_shown, can_be_billed, charge, find_open, set_renewing, trail},
    content::Content,
    desk::{Desk, For},
    early::is_covered,
    notice::{Told, tell_other_side},
    preview::plan,
    withdraw::withdraw,
};
use crate::{
    Error, Refusal,
    kernel::{
        Kontor,
        actor::Actor,
        id::{ChangeId, OrgId},
        text,
    },
    subscription::{
        ChangeForm, ChangeKind, ChangeStatus, Confirmed, PURCHASE_REF, Preview, When,
        authority::{Act, Say, Side, say},
        change::Payer,
        rows::subscription_change,
    },
};
use sea_orm::{ActiveModelTrait, DatabaseTransaction, EntityTrait, IntoActiveModel};

/// The wish of a change, as a form.
fn form_of(row: &subscription_change::Model, content: &Content) -> ChangeForm {
    let wish = content.wish;
    let when = match row.kind {
        ChangeKind::Early => When::Early,
        ChangeKind::AtRenewal | ChangeKind::Cancel | ChangeKind::Payer => When::Renewal,
        _ => When::Now,
    };
    // What is already paid, or will be, by somebody is not asked again.
    let payer = matches!(row.kind, ChangeKind::Buy | ChangeKind::Payer).then(|| row.payer.to_string());
    ChangeForm {
        plan: wish.plan.to_string(),
        seats: wish.seats.to_string(),
        term: wish.term.to_string(),
        addon_units: wish.addon_units.to_string(),
        when: when.to_string(),
        payer: payer.unwrap_or_default(),
        ..ChangeForm::default()
    }
}

/// What approving a proposal costs today. Prices of a proposal are those of the day it is approved.
pub async fn preview_proposal(
    kontor: &Kontor,
    actor: &Actor,
    org: OrgId,
    id: ChangeId,
) -> Result<Preview, Error> {
    let db = kontor.db.read();
    let desk = Desk::open(kontor, db, actor, org, For::Wishing).await?;
    let row = subscription_change::one(db, org, id).await?.ok_or(Error::NotFound)?;
    if row.status != ChangeStatus::Proposed {
        return Err(Refusal::ChangeClosed.into());
    }
    desk.none_is(ChangeStatus::Charging)?;
    let form = form_of(&row, &Content::of(&row)?);
    super::preview::preview_as(kontor, actor, org, &form, Some(row.by_side)).await
}

/// Approves a proposal: charges exactly what the reader was shown. If it cannot be paid it is a proposal again, as long as
/// its time is not over: another card may do.
pub async fn approve(
    kontor: &Kontor,
    actor: &Actor,
    org: OrgId,
    id: ChangeId,
    version: i64,
    shown: &ChangeForm,
) -> Result<Confirmed, Error> {
    let tx = kontor.db.begin().await?;
    let mut desk = Desk::open(kontor, &tx, actor, org, For::Changing).await?;
    let row = answerable(kontor, &tx, &desk, id, version).await?;
    // What the proposer has ordered meanwhile decides first from what this begins.
    desk.none_is(ChangeStatus::Charging)?;
    let content = Content::of(&row)?;
    // Reckoned as the proposer's wish, of which the answer is the missing half.
    let answering = std::mem::replace(&mut desk.side, row.by_side);
    let plan = plan(kontor, &tx, &desk, &form_of(&row, &content)).await?;
    desk.side = answering;
    as_shown(shown, &desk, &plan)?;
    can_be_billed(&tx, &desk, &plan).await?;
    let quote = plan.quote.as_ref();
    // Whoever pays may have a reference of its own.
    let own = text::line(&shown.purchase_ref, 0, PURCHASE_REF)
        .map_err(|issue| Error::field("purchase_ref", issue))?;
    let mut asked = content.asked.clone();
    if let Some(asked) = asked.as_mut().filter(|_| !own.is_empty()) {
        asked.purchase_ref = own;
    }
    let row = subscription_change::Model {
        content: Content {
            quote: plan.quote.clone(),
            overlay: plan.overlay,
            tax: plan.terrain.tax_of(row.payer),
            covers: plan.covers.clone(),
            asked,
            ..content
        }
        .stored()?,
        list_amount: quote.map_or(0, |q| q.list),
        discount: quote.map_or(0, |q| q.discount),
        tax: quote.map_or(0, |q| q.tax),
        total: quote.map_or(0, |q| q.total),
        effective_on: plan.effective_on,
        decided_at: Some(kontor.now()),
        version: row.version + 1,
        ..row
    };
    if desk.side == Side::Partner && row.payer == Payer::Customer && row.total > 0 {
        return pass_on(kontor, tx, &desk, actor, row).await;
    }
    match quote {
        Some(quote) if quote.total > 0 => charge(kontor, tx, &desk, actor, row, &shown.method).await,
        quote => {
            let status = quote.map_or(ChangeStatus::Scheduled, |_| row.kind.once_paid());
            let row = subscription_change::Model { status, ..row };
            store(&tx, &row).await?;
            trail(kontor, &tx, &desk, actor, &row, "subscription.approved").await?;
            match quote {
                Some(quote) if row.kind != ChangeKind::Early => {
                    apply(kontor, &tx, &desk.row, &quote.after, &row).await?;
                }
                _ => set_renewing(&tx, &desk.row, desk.row.auto_renew).await?,
            }
            let told = if quote.is_some() { Told::Approved } else { Told::Scheduled };
            tell_other_side(kontor, &tx, &desk, &row, told).await?;
            tx.commit().await?;
            kontor.hub.tell(org, "subscription");
            Ok(Confirmed { change: row.id, org, status, action_url: None })
        }
    }
}

/// The partner approves what its customer asked for and pays itself: nobody spends another's money, so it comes back to the customer as the
/// partner's proposal, at today's price.
async fn pass_on(
    kontor: &Kontor,
    tx: DatabaseTransaction,
    desk: &Desk,
    actor: &Actor,
    row: subscription_change::Model,
) -> Result<Confirmed, Error> {
    let expires = kontor.now().plus_days(desk.policy.proposal_days);
    let row = subscription_change::Model {
        by_side: Side::Partner,
        decided_at: None,
        expires_at: Some(expires),
        ..row
    };
    store(&tx, &row).await?;
    trail(kontor, &tx, desk, actor, &row, "subscription.proposed").await?;
    tell_other_side(kontor, &tx, desk, &row, Told::Proposed).await?;
    tx.commit().await?;
    kontor.hub.tell(row.org_id, "subscription");
    Ok(Confirmed { change: row.id, org: row.org_id, status: row.status, action_url: None })
}

/// Declines a proposal. The reason is asked for: the proposer reads it.
pub async fn decline(
    kontor: &Kontor,
    actor: &Actor,
    org: OrgId,
    id: ChangeId,
    version: i64,
    reason: &str,
) -> Result<(), Error> {
    let tx = kontor.db.begin().await?;
    let desk = Desk::open(kontor, &tx, actor, org, For::Changing).await?;
    let row = answerable(kontor, &tx, &desk, id, version).await?;
    let reason = text::line(reason, 1, 500).map_err(|issue| Error::field("reason", issue))?;
    let row = close(kontor, row, ChangeStatus::Declined, reason);
    store(&tx, &row).await?;
    trail(kontor, &tx, &desk, actor, &row, "subscription.declined").await?;
    tell_other_side(kontor, &tx, &desk, &row, Told::Declined).await?;
    tx.commit().await?;
    kontor.hub.tell(org, "subscription");
    Ok(())
}

/// Takes back what has no effect yet: a scheduled change, one's own proposal, or an order that waits for its money. What was
/// before is again, exactly.
pub async fn undo(
    kontor: &Kontor,
    actor: &Actor,
    org: OrgId,
    id: ChangeId,
    version: i64,
) -> Result<(), Error> {
    let ordered = subscription_change::one(kontor.db.read(), org, id).await?;
    if ordered.is_some_and(|order| order.status == ChangeStatus::Charging) {
        return withdraw(kontor, actor, org, id, version).await;
    }
    let tx = kontor.db.begin().await?;
    let desk = Desk::open(kontor, &tx, actor, org, For::Changing).await?;
    let known = subscription_change::one(&tx, org, id).await?.ok_or(Error::NotFound)?;
    let row = find_open(&desk, known.id, version)?;
    let cancels = row.kind == ChangeKind::Cancel;
    if !may_undo(&desk, &row) {
        return Err(Refusal::SubscriptionLocked.into());
    }
    let row = close(kontor, row, ChangeStatus::Undone, String::new());
    store(&tx, &row).await?;
    let still = desk
        .open
        .iter()
        .any(|c| c.id != row.id && c.status == ChangeStatus::Scheduled && c.kind == ChangeKind::Cancel);
    let renews = if cancels { !still } else { desk.row.auto_renew };
    set_renewing(&tx, &desk.row, renews).await?;
    trail(kontor, &tx, &desk, actor, &row, "subscription.undone").await?;
    tell_other_side(kontor, &tx, &desk, &row, Told::Undone).await?;
    tx.commit().await?;
    kontor.hub.tell(org, "subscription");
    Ok(())
}

/// Whether whoever stands at the desk may take a change back.
pub(super) fn may_undo(desk: &Desk, row: &subscription_change::Model) -> bool {
    let mapped = desk.partner.is_some();
    let payer = super::desk::payer_of(&desk.row);
    let decides = |act| say(desk.side, act, payer, mapped, desk.mode()) == Ok(Say::Decides);
    match (row.status, row.kind) {
        (ChangeStatus::Proposed, _) => row.by_side == desk.side,
        // Whoever ordered it, and whoever is to pay for it.
        (ChangeStatus::Charging, _) => {
            let payer = if row.payer == Payer::Partner { Side::Partner } else { Side::Customer };
            row.by_side == desk.side || desk.side == payer
        }
        // Paid for: finance gives it back.
        (ChangeStatus::Scheduled, ChangeKind::Early) => false,
        (ChangeStatus::Scheduled, _) if is_covered(&desk.open, row.id) => false,
        (ChangeStatus::Scheduled, ChangeKind::Cancel) => decides(Act::AutoRenew),
        // Both agreed: whoever asked for it may let it be.
        (ChangeStatus::Scheduled, ChangeKind::Payer) => row.by_side == desk.side,
        (ChangeStatus::Scheduled, _) => decides(Act::Less) || row.by_side == desk.side,
        _ => false,
    }
}

/// A proposal that the actor's side may answer now.
async fn answerable(
    kontor: &Kontor,
    tx: &DatabaseTransaction,
    desk: &Desk,
    id: ChangeId,
    version: i64,
) -> Result<subscription_change::Model, Error> {
    let known = subscription_change::one(tx, desk.org.id, id).await?.ok_or(Error::NotFound)?;
    let row = find_open(desk, known.id, version)?;
    let in_time = row.expires_at.is_none_or(|until| kontor.now() < until);
    match row.status == ChangeStatus::Proposed && in_time {
        true if row.by_side != desk.side => Ok(row),
        true => Err(Error::Forbidden),
        false => Err(Refusal::ChangeClosed.into()),
    }
}

/// The change, closed.
pub(super) fn close(
    kontor: &Kontor,
    row: subscription_change::Model,
    status: ChangeStatus,
    reason: String,
) -> subscription_change::Model {
    subscription_change::Model {
        status,
        reason,
        decided_at: Some(kontor.now()),
        version: row.version + 1,
        ..row
    }
}

pub(super) async fn store(tx: &DatabaseTransaction, row: &subscription_change::Model) -> Result<(), Error> {
    let active = row.clone().into_active_model().reset_all();
    subscription_change::Entity::update(active).exec(tx).await?;
    Ok(())
}

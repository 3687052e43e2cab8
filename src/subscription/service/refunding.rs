//! What it means for a subscription that a payment is given back in full: the term it bought ends, or does not begin, or the
//! change it paid for is undone. A payment of which nothing of the kind can be said is given back in parts only.

use super::{
    answer::{close, store},
    confirm::trail,
    content::Content,
    desk::{Desk, For, with_contract},
    early::{bought, give_up},
    ending::end,
    notice::{Told, tell_of},
    offer::{enough_seats, fits},
};
use crate::{
    Error, Refusal,
    kernel::{Kontor, actor::Actor, instant::Day, right::OrgKind},
    mapping::service::refresh_after,
    payment::{PaymentStatus, rows::payment},
    subscription::{
        ChangeKind, ChangeStatus, Term,
        change::{Contract, LineKind, Quote},
        rows::{subscription, subscription_change},
    },
};
use sea_orm::{ActiveModelTrait, ConnectionTrait, DatabaseTransaction, EntityTrait, IntoActiveModel};

/// What comes of giving a payment back in full.
enum Effect {
    /// The running term was bought by it, and ends.
    Ends,
    /// The next term was bought by it, and does not begin.
    NeverBegins,
    /// The running term was changed by it, and is again what it was before.
    Undoes(Contract),
}

struct Found {
    desk: Desk,
    change: subscription_change::Model,
    effect: Effect,
    /// The purchase that the window counts from, and what it is the window of.
    since: Day,
    term: Term,
}

/// Since when a payment's term has been bought, and of which term it is, if the payment can be given back in full.
///
/// # Errors
/// - [`Refusal::RefundPartOnly`]: the subscription has become another one since, so that there is nothing to undo.
/// - [`Refusal::RefundChangesFirst`]: the term it bought was changed for money, which would be lost with it.
/// - [`Refusal::RenewedEarly`]: so would the next term.
/// - [`Refusal::NoFreeSeat`], [`Refusal::PlanLimits`]: what was before would not hold what is there now.
pub async fn refundable(
    kontor: &Kontor,
    tx: &DatabaseTransaction,
    payment: &payment::Model,
) -> Result<(Day, Term), Error> {
    let found = find(kontor, tx, payment).await?;
    Ok((found.since, found.term))
}

/// A payment was given back in full: brings about what follows. What has become impossible in the meantime is left as it
/// is: the money has gone back.
pub async fn gave_back(
    kontor: &Kontor,
    tx: &DatabaseTransaction,
    payment: &payment::Model,
) -> Result<(), Error> {
    let found = match find(kontor, tx, payment).await {
        Ok(found) => found,
        Err(Error::Refused(refusal)) => {
            tracing::warn!(payment = %payment.id, ?refusal, "given back, and nothing follows from it");
            return Ok(());
        }
        Err(error) => return Err(error),
    };
    let Found { desk, change, effect, .. } = found;
    let partner = desk.partner.as_ref().map(|partner| partner.org_id);
    match effect {
        Effect::NeverBegins => match bought(&desk.open)? {
            Some(bought) => give_up(kontor, tx, &desk.row, &desk.org, bought).await,
            None => Ok(()),
        },
        Effect::Ends => {
            let waiting = desk.open.iter().filter(|open| open.status != ChangeStatus::Charging);
            let waiting: Vec<_> = waiting.map(|open| open.id).collect();
            subscription_change::decide(tx, waiting, ChangeStatus::Expired, kontor.now()).await?;
            end(kontor, tx, &desk.row, &desk.org, partner, &desk.policy, ChangeKind::Refund).await
        }
        Effect::Undoes(before) => {
            let row = &desk.row;
            // It may be past due on account of another bill.
            let next = subscription::Model {
                status: row.status,
                past_due_since: row.past_due_since,
                ..with_contract(row, &before)
            };
            subscription::Entity::update(next.into_active_model().reset_all()).exec(tx).await?;
            let change = close(kontor, change, ChangeStatus::Undone, String::new());
            store(tx, &change).await?;
            let actor = Actor::system(row.org_id, OrgKind::Customer, "payments");
            trail(kontor, tx, &desk, &actor, &change, "subscription.undone").await?;
            tell_of(kontor, tx, &desk.org, partner, &change, Told::GivenBack).await?;
            refresh_after(kontor, tx, row.org_id, None).await
        }
    }
}

async fn find(kontor: &Kontor, tx: &DatabaseTransaction, payment: &payment::Model) -> Result<Found, Error> {
    let actor = Actor::system(payment.org_id, OrgKind::Customer, "payments");
    let desk = match Desk::open(kontor, tx, &actor, payment.org_id, For::Changing).await {
        // The organisation is closed.
        Err(Error::NotFound) => return Err(Refusal::RefundPartOnly.into()),
        desk => desk?,
    };
    let change = match (payment.change_id, payment.invoice_id) {
        (Some(id), _) => subscription_change::one(tx, payment.org_id, id).await?,
        (None, Some(invoice)) => subscription_change::of_invoice(tx, desk.row.id, invoice).await?,
        (None, None) => None,
    };
    let change = change.ok_or(Refusal::RefundPartOnly)?;
    let content = Content::of(&change)?;
    let quote = content.quote.clone().ok_or(Refusal::RefundPartOnly)?;
    let contract = desk.contract().ok_or(Refusal::RefundPartOnly)?;
    let paid = payment.settled_at.unwrap_or(payment.created_at).day();
    let term = quote.after.terms.term;
    if change.kind == ChangeKind::Early && change.status == ChangeStatus::Scheduled {
        return Ok(Found { desk, change, effect: Effect::NeverBegins, since: paid, term });
    }
    if change.status != ChangeStatus::Applied {
        return Err(Refusal::RefundPartOnly.into());
    }
    let of_term = subscription_change::of_term(tx, desk.row.id, contract.started).await?;
    if buys_a_term(&quote) && quote.after.started == contract.started {
        if let Some(bought) = bought(&desk.open)? {
            return Err(Refusal::RenewedEarly { on: bought.contract.started }.into());
        }
        if keeps_money(tx, &change, &of_term).await? {
            return Err(Refusal::RefundChangesFirst.into());
        }
        // From the day the money came: as long is the commission on it held.
        return Ok(Found { desk, change, effect: Effect::Ends, since: paid, term });
    }
    let before = content.before.filter(|_| !buys_a_term(&quote) && quote.after == contract);
    let before = before.filter(|_| of_term.last().is_some_and(|last| last.id == change.id));
    let before = before.ok_or(Refusal::RefundPartOnly)?;
    enough_seats(tx, &desk, before.terms.seats).await?;
    if before.terms.plan != contract.terms.plan {
        fits(tx, &desk, before.terms.plan, kontor.now().day()).await?;
    }
    Ok(Found { desk, change, effect: Effect::Undoes(before), since: contract.started, term })
}

/// Whether a quote is the price of a whole term, not of a change within one.
fn buys_a_term(quote: &Quote) -> bool {
    quote.lines.iter().any(|line| line.what == LineKind::Term)
}

/// Whether other changes of the term were paid for and not given back.
async fn keeps_money(
    db: &impl ConnectionTrait,
    of: &subscription_change::Model,
    of_term: &[subscription_change::Model],
) -> Result<bool, Error> {
    let others = of_term.iter().filter(|change| change.id != of.id);
    let invoices = others.filter_map(|change| change.invoice_id).collect();
    let payments = payment::of_invoices(db, invoices).await?;
    Ok(payments.iter().any(|p| p.status == PaymentStatus::Succeeded && p.refunded < p.amount))
}

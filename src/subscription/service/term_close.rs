//! A term is over: what rounding left of it goes to its own account, so that charges less credits are the value used
//! (domain.md section 7).

use super::content::Content;
use crate::{
    Error,
    kernel::{
        Kontor,
        error::internal,
        id::{Id, OrgId},
        money::Money,
    },
    ledger::{Account, Cause, Draft, EVERYBODY, Posting, service::post},
    subscription::{
        ChangeKind,
        change::{Contract, Quote, Segment, settle_term},
        rows::{subscription, subscription_change},
    },
};
use sea_orm::DatabaseTransaction;

/// Posts the residue of the term that ends, if there is one.
pub(super) async fn close_term(
    kontor: &Kontor,
    tx: &DatabaseTransaction,
    row: &subscription::Model,
    contract: &Contract,
    partner: Option<OrgId>,
    renews: bool,
) -> Result<(), Error> {
    let changes = subscription_change::of_term(tx, row.id, contract.started).await?;
    if let Some(posting) = residue(kontor, row, contract, partner, renews, &changes)? {
        post(kontor, tx, &posting).await?;
    }
    Ok(())
}

/// The posting of the residue of the term that ends, if there is one, by the changes in effect since the term began. A
/// term whose beginning is not on record, as of a subscription that was taken over from elsewhere, has none.
pub(super) fn residue(
    kontor: &Kontor,
    row: &subscription::Model,
    contract: &Contract,
    partner: Option<OrgId>,
    renews: bool,
    changes: &[subscription_change::Model],
) -> Result<Option<Posting>, Error> {
    let quotes: Vec<(&subscription_change::Model, Quote)> =
        changes.iter().filter(charges).filter_map(|c| Some((c, Content::of(c).ok()?.quote?))).collect();
    // A purchase begins anew: what was bought before it, and given back on the same day, is no part of this term.
    let bought = quotes.iter().rposition(|(change, _)| change.kind == ChangeKind::Buy);
    let quotes = &quotes[bought.unwrap_or(0)..];
    let begins = quotes.iter().rposition(|(change, quote)| {
        matches!(change.kind, ChangeKind::Buy | ChangeKind::Renewal | ChangeKind::Now | ChangeKind::Early)
            && quote.after.started == contract.started
            && change.effective_on == contract.started
    });
    // Several changes of the first day: the term begins with the first of them.
    let Some(begins) =
        begins.and_then(|_| quotes.iter().position(|(_, q)| q.after.started == contract.started))
    else {
        return Ok(None);
    };
    let of_term = &quotes[begins..];
    let Some((first, opening)) = of_term.first() else { return Ok(None) };
    let mut charged = 0;
    let mut segments = Vec::new();
    for (at, (change, quote)) in of_term.iter().enumerate() {
        charged += quote.list - quote.closing();
        let from = if at == 0 { contract.started } else { change.effective_on.plus(1) };
        let until = of_term.get(at + 1).map_or(contract.ends_on, |(next, _)| next.effective_on);
        segments.push(Segment { contract: quote.after, from, until });
    }
    let brought = brought(first, opening);
    let settled = settle_term(charged, brought, &segments, renews);
    if settled.residue == 0 {
        return Ok(None);
    }
    let owner = partner.unwrap_or(EVERYBODY);
    let amount = Money::new(settled.residue, contract.currency);
    let entity = row.entity.clone().unwrap_or_default();
    // The change that began the term stands for it: a term is closed once.
    let draft = Draft::new(Cause::TermClose, first.id.uuid(), &entity, kontor.now()).org(row.org_id);
    let draft = match partner {
        Some(partner) => draft.partner(partner),
        None => draft,
    };
    let posting = draft
        .debit(Account::Sales, owner, amount)
        .credit(Account::Rounding, owner, amount)
        .build()
        .map_err(internal)?;
    Ok(Some(posting))
}

/// Whether a change charges for the term. Whoever takes a term over pays what was charged for it already.
fn charges(change: &&subscription_change::Model) -> bool {
    change.kind != ChangeKind::TakeOver
}

/// What the term before left to this one, in minor units: what its price was lowered by, and what waits in the carry.
fn brought(first: &subscription_change::Model, opening: &Quote) -> i64 {
    match first.kind {
        ChangeKind::Renewal | ChangeKind::Early => {
            let before = Content::of(first).ok().and_then(|content| content.before);
            before.map_or(0, |b| b.carry / i64::from(b.term_days.max(1)))
        }
        _ => opening.after.carry / i64::from(opening.after.term_days.max(1)),
    }
}

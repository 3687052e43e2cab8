//! Balances and sums by day.

use crate::{
    Error,
    kernel::{
        Kontor,
        actor::Actor,
        id::OrgId,
        instant::{Day, Instant},
        right::{Feature, OrgKind},
    },
    ledger::{Account, Balance, DaySum, EVERYBODY, rows::sum},
};
use sea_orm::ConnectionTrait;

/// Whose figures somebody reads: a partner's people their own, the vendor's finance anybody's, and everybody's
/// ([`EVERYBODY`]) if none is named. Errors: `NotFound` for another partner's, `Forbidden` without the right.
pub fn readable(actor: &Actor, owner: Option<OrgId>) -> Result<OrgId, Error> {
    match actor.kind {
        OrgKind::Vendor => {
            actor.require(Feature::FinanceManage)?;
            Ok(owner.unwrap_or(EVERYBODY))
        }
        OrgKind::Partner => {
            if !actor.may(Feature::CommissionView) {
                actor.require(Feature::ReportsView)?;
            }
            match owner.unwrap_or(actor.org) {
                own if own == actor.org => Ok(own),
                _ => Err(Error::NotFound),
            }
        }
        OrgKind::Customer => Err(Error::NotFound),
    }
}

/// What stands in each account of an owner the actor may read, per entity and currency: now, or rebuilt from the
/// entries as it was at an instant, everything of that millisecond included.
pub async fn balances(
    kontor: &Kontor,
    actor: &Actor,
    owner: Option<OrgId>,
    at: Option<Instant>,
) -> Result<Vec<Balance>, Error> {
    let owner = readable(actor, owner)?;
    match at {
        None => balances_of(kontor.db.read(), owner, Account::ALL).await,
        Some(at) => balances_at(kontor.db.read(), owner, at).await,
    }
}

/// What stands in some accounts of an owner now, by the summaries. For services that have checked the right, also
/// within their own database transaction. An account in which nothing ever moved has no row.
pub async fn balances_of(
    db: &impl ConnectionTrait,
    owner: OrgId,
    accounts: &[Account],
) -> Result<Vec<Balance>, Error> {
    Ok(sum::balances(db, owner, accounts).await?)
}

/// What stood in each account of an owner at an instant, rebuilt from the entries: reads all of the owner's.
pub async fn balances_at(
    db: &impl ConnectionTrait,
    owner: OrgId,
    at: Instant,
) -> Result<Vec<Balance>, Error> {
    Ok(sum::balances_at(db, owner, at).await?)
}

/// What moved in some accounts of an owner, per day, entity and currency, both ends included, by the summaries. For
/// services that have checked the right. Days on which nothing moved have no row.
pub async fn days(
    db: &impl ConnectionTrait,
    owner: OrgId,
    accounts: &[Account],
    from: Day,
    until: Day,
) -> Result<Vec<DaySum>, Error> {
    Ok(sum::days(db, owner, accounts, from, until).await?)
}

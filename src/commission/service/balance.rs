//! What a partner has, per entity and currency.

use super::may_read;
use crate::{
    Error,
    commission::{Balance, LineState, rows::commission_line},
    kernel::{Kontor, actor::Actor, id::OrgId, money::Currency},
    payout::rows::payout,
};
use std::collections::BTreeMap;

/// A partner's balances, by entity and currency. No sum crosses them (R9.8).
pub async fn balance(kontor: &Kontor, actor: &Actor, partner: OrgId) -> Result<Vec<Balance>, Error> {
    may_read(actor, partner)?;
    let db = kontor.db.read();
    let mut balances: BTreeMap<(String, Currency), Balance> = BTreeMap::new();
    let mut at = |entity: String, currency: Currency, add: &dyn Fn(&mut Balance)| {
        let none = Balance { entity: entity.clone(), currency, pending: 0, available: 0, locked: 0, paid: 0 };
        add(balances.entry((entity, currency)).or_insert(none));
    };
    for sum in commission_line::open_sums(db, partner).await? {
        at(sum.entity, sum.currency, &|balance| match sum.state {
            LineState::Pending => balance.pending = sum.amount,
            LineState::Available => balance.available = sum.amount,
            LineState::Locked => balance.locked = sum.amount,
            LineState::Paid | LineState::Reversed => {}
        });
    }
    // A payout is the sum of its lines: years of paid lines need not be walked.
    for sum in payout::paid_sums(db, partner).await? {
        at(sum.entity, sum.currency, &|balance| balance.paid = sum.amount);
    }
    Ok(balances.into_values().collect())
}

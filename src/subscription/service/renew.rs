//! Renewals: what ended yesterday runs on today, by the prices of today and with what was scheduled (domain.md section 7);
//! what was cancelled ends. Many at once, each for itself: what goes wrong with one is no other's concern.

mod book;
mod due;
#[cfg(test)]
mod plans_tests;
#[cfg(test)]
mod tests;

pub(super) use book::{Renewal, book_all};
pub(super) use due::{Case, Due};

use super::{
    early::{Beginning, Bought, bought},
    ending::end,
    term_close::residue,
};
use crate::{
    Error, Refusal,
    kernel::{
        Kontor,
        id::{ChangeId, OrgId, SubscriptionId},
        instant::Day,
    },
    ledger::service::post,
    mapping::{CustomerEventKind, rows::mapping},
    setting::{Policy, service::policy},
    subscription::{
        ChangeKind, ChangeStatus, Service,
        change::{Payer, Quote, Scheduled, Target, at_renewal, overlay},
        rows::{subscription, subscription_change},
        service::offer::Terrain,
    },
};
use sea_orm::DatabaseTransaction;
use std::collections::HashMap;

/// Subscriptions renewed in one transaction. What a batch needs is read, and what it writes is written, in as many
/// statements as for one of them; others wait no longer than for that.
const BATCH: usize = 200;

/// Subscriptions looked up, and put in order, at a time.
const PAGE: u64 = 10_000;

/// Renews everything that has ended, in batches; what cannot be renewed at this moment is passed by and met again at the
/// next run. Answers how many were renewed or ended.
pub async fn renew_due(kontor: &Kontor) -> Result<u64, Error> {
    let mut done = 0;
    let mut after = None;
    loop {
        let today = kontor.now().day();
        let due = subscription::ended(kontor.db.read(), today, after, PAGE).await?;
        let Some((day, id, _)) = due.last() else { return Ok(done) };
        after = Some((*day, *id));
        for batch in side_by_side(kontor, due).await?.chunks(BATCH) {
            done += renew_batch(kontor, batch, today).await?;
        }
    }
}

/// Puts the customers of one partner side by side: what is kept by partner, its list, its ledger, its invoices, is written
/// page by page then, not here and there for each of them.
async fn side_by_side(
    kontor: &Kontor,
    due: Vec<(Day, SubscriptionId, OrgId)>,
) -> Result<Vec<(SubscriptionId, OrgId)>, Error> {
    let orgs = due.iter().map(|(_, _, org)| *org).collect();
    let mapped = mapping::active(kontor.db.read(), orgs).await?;
    let partners: HashMap<OrgId, OrgId> = mapped.into_iter().map(|m| (m.org_id, m.partner_id)).collect();
    let mut due: Vec<(SubscriptionId, OrgId)> = due.into_iter().map(|(_, id, org)| (id, org)).collect();
    // A stable sort: of one partner those that ended first come first.
    due.sort_by_key(|(_, org)| partners.get(org).copied());
    Ok(due)
}

/// Renews some at once, or, if that fails, one by one.
async fn renew_batch(kontor: &Kontor, batch: &[(SubscriptionId, OrgId)], today: Day) -> Result<u64, Error> {
    let tx = kontor.db.begin().await?;
    let rows = subscription::ended_among(&tx, today, batch.iter().map(|(id, _)| *id).collect()).await?;
    let error = match renew_all(kontor, tx, rows, today).await {
        Ok(renewed) => return Ok(renewed),
        Err(error) => error,
    };
    tracing::warn!(%error, "a batch of renewals failed; its subscriptions are tried one by one");
    let mut done = 0;
    for (_, org) in batch {
        match renew_one(kontor, *org, today).await {
            Ok(renewed) => done += renewed,
            // The others are not to wait for whoever looks at this one.
            Err(error) => tracing::error!(%org, %error, "a renewal failed and is tried again later"),
        }
    }
    Ok(done)
}

/// Renews one subscription, if it is still to be renewed.
async fn renew_one(kontor: &Kontor, org: OrgId, today: Day) -> Result<u64, Error> {
    let tx = kontor.db.begin().await?;
    let row = subscription::locked(&tx, org, Service::Workplace).await?;
    let row = row.filter(|row| subscription::has_ended(row, today));
    renew_all(kontor, tx, row.into_iter().collect(), today).await
}

/// Renews or ends what is locked in a transaction, and commits it: all of it, or nothing.
async fn renew_all(
    kontor: &Kontor,
    tx: DatabaseTransaction,
    rows: Vec<subscription::Model>,
    today: Day,
) -> Result<u64, Error> {
    let policy = policy(kontor, &tx).await?;
    let due = Due::gather(&tx, rows, today).await?;
    let mut touched = Vec::new();
    let (mut plans, mut closed) = (Vec::new(), Vec::new());
    for case in &due.cases {
        let way = match way(&due, case, &policy) {
            Ok(way) => way,
            Err(error) => {
                // Nothing is written for it yet.
                tracing::error!(org = %case.row.org_id, %error, "a subscription cannot be renewed");
                continue;
            }
        };
        let residue =
            |renews| residue(kontor, &case.row, &case.contract, case.partner_id, renews, &case.term);
        match way {
            Way::Waits => continue,
            Way::Begins(bought) => {
                let beginning = Beginning {
                    row: &case.row,
                    contract: &case.contract,
                    org: &case.org,
                    partner: case.partner.as_ref(),
                    policy: &policy,
                };
                beginning.begin(kontor, &tx, *bought, today).await?;
            }
            Way::Ends(decided) => {
                if let Some(posting) = residue(false)? {
                    post(kontor, &tx, &posting).await?;
                }
                end(kontor, &tx, &case.row, &case.org, case.partner_id, &policy, ChangeKind::End).await?;
                let applied = ChangeStatus::Applied;
                subscription_change::decide(&tx, decided, applied, kontor.now()).await?;
            }
            Way::Renews(plan) => {
                closed.extend(residue(true)?);
                plans.push((case, *plan));
            }
        }
        touched.push(case.row.org_id);
    }
    let renewals: Vec<Renewal> = plans.iter().map(|(case, plan)| due.renewal(case, plan)).collect();
    book_all(kontor, &tx, &policy, today, &renewals, closed, Some(CustomerEventKind::Renewed)).await?;
    let decided = plans.iter().flat_map(|(_, plan)| plan.decided.iter().copied()).collect();
    subscription_change::decide(&tx, decided, ChangeStatus::Applied, kontor.now()).await?;
    tx.commit().await?;
    for org in &touched {
        kontor.hub.tell(*org, "subscription");
    }
    Ok(touched.len() as u64)
}

/// What becomes of a subscription whose term is over.
enum Way {
    /// It waits for something else.
    Waits,
    /// The term that was bought before begins.
    Begins(Box<Bought>),
    /// It ends, as these changes wished.
    Ends(Vec<ChangeId>),
    /// It renews.
    Renews(Box<Plan>),
}

/// What a renewal will be.
struct Plan {
    quote: Quote,
    terrain: Terrain,
    debtor: OrgId,
    /// The scheduled changes that take effect by it.
    decided: Vec<ChangeId>,
}

/// Which way it is. Writes nothing: what waits leaves no trace.
fn way(due: &Due, case: &Case, policy: &Policy) -> Result<Way, Error> {
    let Case { row, contract, open, .. } = case;
    if open.iter().any(|change| change.status == ChangeStatus::Charging) {
        return Ok(Way::Waits);
    }
    if let Some(bought) = bought(open)? {
        return Ok(Way::Begins(Box::new(bought)));
    }
    let (decided, overlays): (Vec<ChangeId>, Vec<Scheduled>) =
        super::preview::scheduled(open).into_iter().unzip();
    let target = overlay(contract, &overlays);
    if target.cancel {
        return Ok(Way::Ends(decided));
    }
    // Its partner has gone: the customer takes over (R4.10).
    let payer = if case.partner.is_none() { Payer::Customer } else { target.payer };
    let target = Target { payer, ..target };
    let terrain = due.ground.terrain(case.subject(), policy, target.terms.plan)?;
    let quote = match at_renewal(contract, Some(&target), &terrain.prices, &terrain.rates) {
        Ok(quote) => quote,
        Err(refusal) => {
            // Nothing of the kind is sold any more: people decide, and nobody loses the service meanwhile.
            tracing::warn!(org = %row.org_id, ?refusal, "a subscription cannot be renewed as it stands");
            return Ok(Way::Waits);
        }
    };
    let debtor = case.partner_id.filter(|_| payer == Payer::Partner).unwrap_or(row.org_id);
    if due.ground.profile(debtor).is_none() {
        let refusal = Refusal::BillingDetailsNeeded;
        tracing::warn!(org = %row.org_id, ?refusal, "a renewal waits");
        return Ok(Way::Waits);
    }
    Ok(Way::Renews(Box::new(Plan { quote, terrain, debtor, decided })))
}

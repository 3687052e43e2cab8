//! Keeps a customer's row in the partner's list true.

use crate::{
    Error,
    kernel::{
        Kontor,
        db::{insert_all, update_all},
        id::OrgId,
    },
    mapping::{
        CustomerEventKind,
        rows::{
            count::Moves,
            customer, event,
            facts::{self, Facts},
            gram,
        },
    },
    partner::service::zones_of,
    subscription::Service,
};
use sea_orm::{ActiveValue::NotSet, DatabaseTransaction, EntityTrait, IntoActiveModel, ModelTrait};
use std::collections::HashMap;

/// Writes a customer's row in its partner's list anew from what the organisation is now, and moves the counters.
/// Every service that changes what a customer card shows calls it before it commits.
pub async fn refresh(kontor: &Kontor, tx: &DatabaseTransaction, org: OrgId) -> Result<(), Error> {
    refresh_after(kontor, tx, org, None).await
}

/// The same after something that reports count: it is noted for the partner the customer is mapped to.
pub async fn refresh_after(
    kontor: &Kontor,
    tx: &DatabaseTransaction,
    org: OrgId,
    what: Option<CustomerEventKind>,
) -> Result<(), Error> {
    refresh_all(kontor, tx, &[(org, what)]).await
}

/// [`refresh_after`] for many customers, each once, in few statements.
pub async fn refresh_all(
    kontor: &Kontor,
    tx: &DatabaseTransaction,
    changed: &[(OrgId, Option<CustomerEventKind>)],
) -> Result<(), Error> {
    let orgs: Vec<OrgId> = changed.iter().map(|(org, _)| *org).collect();
    if orgs.is_empty() {
        return Ok(());
    }
    // Gathered first: it takes the lock under which the rows are read and written.
    let now: Vec<customer::Model> =
        facts::gather(tx, orgs.clone()).await?.into_iter().map(Facts::row).collect();
    let mut before: HashMap<_, Vec<customer::Model>> = HashMap::new();
    for row in customer::of(tx, orgs).await? {
        before.entry(row.org_id).or_default().push(row);
    }
    let what: HashMap<OrgId, CustomerEventKind> =
        changed.iter().filter_map(|(org, what)| Some((*org, (*what)?))).collect();
    let mut moves = Moves::default();
    let mut events = Vec::new();
    let mut changed_rows = Vec::new();
    for mut row in now {
        let org = row.org_id;
        if row.service == Service::Workplace {
            events.extend(what.get(&org).map(|kind| (org, row.partner_id, *kind)));
        }
        let old = before.get_mut(&org).and_then(|rows| {
            let at = rows.iter().position(|b| b.service == row.service)?;
            Some(rows.swap_remove(at))
        });
        match old {
            Some(old) => {
                row.id = old.id;
                if row == old {
                    continue;
                }
                moves.add(&old, -1);
                if row.partner_id != old.partner_id {
                    events.push((org, old.partner_id, CustomerEventKind::Lost));
                    events.push((org, row.partner_id, CustomerEventKind::New));
                }
                if (&row.search_text, row.partner_id) != (&old.search_text, old.partner_id) {
                    gram::put(tx, &row).await?;
                }
                changed_rows.push((old, row.clone()));
            }
            None => {
                events.push((org, row.partner_id, CustomerEventKind::New));
                let mut active = row.clone().into_active_model();
                active.id = NotSet;
                row.id = customer::Entity::insert(active).exec(tx).await?.last_insert_id;
                gram::put(tx, &row).await?;
            }
        }
        moves.add(&row, 1);
    }
    update_all(tx, changed_rows).await?;
    for old in before.into_values().flatten() {
        moves.add(&old, -1);
        events.push((old.org_id, old.partner_id, CustomerEventKind::Lost));
        gram::remove(tx, old.id).await?;
        old.delete(tx).await?;
    }
    note(kontor, tx, events, &mut moves).await?;
    // Last, because counters are what transactions of one partner wait for each other at.
    moves.write(tx).await?;
    Ok(())
}

/// Adds what happened to organisations to the journal, on the day it is in the partner's zone.
async fn note(
    kontor: &Kontor,
    tx: &DatabaseTransaction,
    events: Vec<(OrgId, OrgId, CustomerEventKind)>,
    moves: &mut Moves,
) -> Result<(), Error> {
    if events.is_empty() {
        return Ok(());
    }
    let mut partners: Vec<OrgId> = events.iter().map(|(_, partner, _)| *partner).collect();
    partners.sort_unstable();
    partners.dedup();
    let zones = zones_of(tx, partners).await?;
    let (at, mut rows) = (kontor.now(), Vec::new());
    for (org, partner, kind) in events {
        let day = zones.get(&partner).map_or(at.day(), |zone| zone.day_of(at));
        moves.happened(partner, org, kind, day);
        let row = event::Model { id: kontor.id(), partner_id: partner, org_id: org, kind, day, at };
        rows.push(event::ActiveModel::from(row));
    }
    Ok(insert_all(tx, rows, None).await?)
}

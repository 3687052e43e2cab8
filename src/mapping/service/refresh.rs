//! Keeps a customer's row in the partner's list true.

use crate::{
    Error,
    kernel::{Kontor, id::OrgId},
    mapping::{
        CustomerEventKind,
        rows::{
            count::Moves,
            customer, event,
            facts::{self, Facts},
            gram,
        },
    },
    partner::service::zone_of,
    subscription::Service,
};
use sea_orm::{
    ActiveModelTrait, ActiveValue::NotSet, DatabaseTransaction, EntityTrait, IntoActiveModel, ModelTrait,
};

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
    // Gathered first: it takes the lock under which the rows are read and written.
    let now: Vec<customer::Model> = facts::gather(tx, org).await?.into_iter().map(Facts::row).collect();
    let mut before = customer::of(tx, org).await?;
    let mut moves = Moves::default();
    let mut events = Vec::new();
    for mut row in now {
        if row.service == Service::Workplace {
            events.extend(what.map(|kind| (row.partner_id, kind)));
        }
        match before.iter().position(|b| b.service == row.service).map(|i| before.swap_remove(i)) {
            Some(old) => {
                row.id = old.id;
                if row == old {
                    continue;
                }
                moves.add(&old, -1);
                if row.partner_id != old.partner_id {
                    events.push((old.partner_id, CustomerEventKind::Lost));
                    events.push((row.partner_id, CustomerEventKind::New));
                }
                customer::Entity::update(row.clone().into_active_model().reset_all()).exec(tx).await?;
                if (&row.search_text, row.partner_id) != (&old.search_text, old.partner_id) {
                    gram::put(tx, &row).await?;
                }
            }
            None => {
                events.push((row.partner_id, CustomerEventKind::New));
                let mut active = row.clone().into_active_model();
                active.id = NotSet;
                row.id = customer::Entity::insert(active).exec(tx).await?.last_insert_id;
                gram::put(tx, &row).await?;
            }
        }
        moves.add(&row, 1);
    }
    for old in before {
        moves.add(&old, -1);
        events.push((old.partner_id, CustomerEventKind::Lost));
        gram::remove(tx, old.id).await?;
        old.delete(tx).await?;
    }
    note(kontor, tx, org, events, &mut moves).await?;
    // Last, because counters are what transactions of one partner wait for each other at.
    moves.write(tx).await?;
    Ok(())
}

/// Adds what happened to the journal, on the day it is in the partner's zone.
async fn note(
    kontor: &Kontor,
    tx: &DatabaseTransaction,
    org: OrgId,
    events: Vec<(OrgId, CustomerEventKind)>,
    moves: &mut Moves,
) -> Result<(), Error> {
    if events.is_empty() {
        return Ok(());
    }
    let (at, mut rows) = (kontor.now(), Vec::new());
    for (partner, kind) in events {
        let day = zone_of(tx, partner).await?.day_of(at);
        moves.happened(partner, org, kind, day);
        let row = event::Model { id: kontor.id(), partner_id: partner, org_id: org, kind, day, at };
        rows.push(event::ActiveModel::from(row));
    }
    event::Entity::insert_many(rows).exec_without_returning(tx).await?;
    Ok(())
}

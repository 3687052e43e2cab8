//! Keeps a customer's row in the partner's list true.

use crate::{
    Error,
    kernel::{Kontor, id::OrgId},
    mapping::rows::{
        count::Moves,
        customer,
        facts::{self, Facts},
        gram,
    },
};
use sea_orm::{
    ActiveModelTrait, ActiveValue::NotSet, DatabaseTransaction, EntityTrait, IntoActiveModel, ModelTrait,
};

/// Writes a customer's row in its partner's list anew from what the organisation is now, and moves the counters.
/// Every service that changes what a customer card shows calls it before it commits.
pub async fn refresh(_kontor: &Kontor, tx: &DatabaseTransaction, org: OrgId) -> Result<(), Error> {
    // Gathered first: it takes the lock under which the rows are read and written.
    let now: Vec<customer::Model> = facts::gather(tx, org).await?.into_iter().map(Facts::row).collect();
    let mut before = customer::of(tx, org).await?;
    let mut moves = Moves::default();
    for mut row in now {
        match before.iter().position(|b| b.service == row.service).map(|i| before.swap_remove(i)) {
            Some(old) => {
                row.id = old.id;
                if row == old {
                    continue;
                }
                moves.add(&old, -1);
                customer::Entity::update(row.clone().into_active_model().reset_all()).exec(tx).await?;
                if (&row.search_text, row.partner_id) != (&old.search_text, old.partner_id) {
                    gram::put(tx, &row).await?;
                }
            }
            None => {
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
        gram::remove(tx, old.id).await?;
        old.delete(tx).await?;
    }
    // Last, because counters are what transactions of one partner wait for each other at.
    moves.write(tx).await?;
    Ok(())
}

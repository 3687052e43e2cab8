//! The mark on a customer whose payment its bank took back (domain.md section 9, R9.7): it is shown on its card, and no
//! trial is given while it stands.

use crate::{
    Error,
    audit::service::{Event, append},
    kernel::{Kontor, actor::Actor, id::OrgId, right::Feature},
    organisation::rows::organisation,
    subscription::{Service, rows::subscription},
};
use sea_orm::{ActiveValue::Set, DatabaseTransaction, EntityTrait};

/// Marks a customer whose payment stands taken back, or takes the mark from it.
pub(super) async fn flag(
    kontor: &Kontor,
    tx: &DatabaseTransaction,
    row: &subscription::Model,
    on: bool,
) -> Result<subscription::Model, Error> {
    let flagged_at = on.then(|| row.flagged_at.unwrap_or(kontor.now()));
    if flagged_at == row.flagged_at {
        return Ok(row.clone());
    }
    let next = subscription::Model { flagged_at, version: row.version + 1, ..row.clone() };
    let change = subscription::ActiveModel {
        id: Set(row.id),
        flagged_at: Set(flagged_at),
        version: Set(next.version),
        ..Default::default()
    };
    subscription::Entity::update(change).exec(tx).await?;
    crate::mapping::service::refresh(kontor, tx, row.org_id).await?;
    Ok(next)
}

/// Vendor finance takes the mark from a customer, whatever became of the payment: it has spoken with it. Where there is no
/// mark nothing happens.
pub async fn lift_flag(kontor: &Kontor, actor: &Actor, org: OrgId) -> Result<(), Error> {
    actor.require(Feature::FinanceManage)?;
    let tx = kontor.db.begin().await?;
    let row = subscription::locked(&tx, org, Service::Workplace).await?.ok_or(Error::NotFound)?;
    if row.flagged_at.is_none() {
        return Ok(());
    }
    flag(kontor, &tx, &row, false).await?;
    let name = organisation::by_id(&tx, org).await?.map(|o| o.name).unwrap_or_default();
    for chain in [actor.org, org] {
        append(kontor, &tx, chain, actor, Event::new("payment.mark_lifted", &name)).await?;
    }
    tx.commit().await?;
    kontor.hub.tell(org, "subscription");
    Ok(())
}

//! *Suspend* and *Restore* a person.

use super::users::{features_of, may_change};
use crate::{
    Error, Refusal,
    account::rows::account,
    audit::service::{Event, append},
    kernel::{Kontor, actor::Actor, id::MemberId, right::Feature},
    organisation::{
        MemberStatus,
        rows::{member, organisation},
    },
};
use sea_orm::{ActiveValue::Set, DatabaseTransaction, EntityTrait};

/// Suspends a person: they cannot act in the organisation from their next request on, and keep their licence. The
/// last one with the last word cannot vanish (R2.2).
pub async fn suspend_user(kontor: &Kontor, actor: &Actor, user: MemberId, version: i64) -> Result<(), Error> {
    actor.require(Feature::UsersSuspend)?;
    set_suspended(kontor, actor, user, version, true).await
}

/// Lets a suspended person in again.
pub async fn restore_user(kontor: &Kontor, actor: &Actor, user: MemberId, version: i64) -> Result<(), Error> {
    actor.require(Feature::UsersSuspend)?;
    set_suspended(kontor, actor, user, version, false).await
}

/// Suspends or restores a person who may do no more than the actor. Whoever calls has asked for the right.
pub(crate) async fn set_suspended(
    kontor: &Kontor,
    actor: &Actor,
    user: MemberId,
    version: i64,
    suspend: bool,
) -> Result<(), Error> {
    let tx = kontor.db.begin().await?;
    // Two with the last word who suspend each other at the same moment: one after the other.
    organisation::locked(&tx, actor.org).await?.ok_or(Error::NotFound)?;
    let row = member::by_id(&tx, actor.org, user).await?.ok_or(Error::NotFound)?;
    may_change(actor, row.role, features_of(&tx, &row).await?)?;
    if (row.status == MemberStatus::Suspended) == suspend {
        return Ok(());
    }
    if row.version != version {
        return Err(Error::StaleVersion);
    }
    let person = account::by_id(&tx, row.account_id).await?.ok_or(Error::NotFound)?;
    if suspend {
        not_the_last(&tx, &row).await?;
    }
    let status = match (suspend, person.password_hash.is_some()) {
        (true, _) => MemberStatus::Suspended,
        (false, true) => MemberStatus::Active,
        (false, false) => MemberStatus::Invited,
    };
    let update = member::ActiveModel {
        id: Set(row.id),
        status: Set(status),
        version: Set(row.version + 1),
        ..Default::default()
    };
    member::Entity::update(update).exec(&tx).await?;
    let action = if suspend { "user.suspended" } else { "user.restored" };
    append(kontor, &tx, actor.org, actor, Event::new(action, &person.email)).await?;
    crate::mapping::service::refresh(kontor, &tx, actor.org).await?;
    tx.commit().await?;
    kontor.hub.tell(actor.org, "user");
    Ok(())
}

/// `LastOwner` if the person is the only one in who has the organisation's last word (R2.2). The caller holds the
/// organisation's row, so that two at once are asked one after the other.
pub(crate) async fn not_the_last(tx: &DatabaseTransaction, row: &member::Model) -> Result<(), Error> {
    if row.role.is_last_word() {
        let there = member::in_role(tx, vec![row.org_id], row.role, &[MemberStatus::Active]).await?;
        if !there.iter().any(|m| m.id != row.id) {
            return Err(Refusal::LastOwner.into());
        }
    }
    Ok(())
}

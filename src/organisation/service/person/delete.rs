//! A person leaves the organisation for good.

use super::locked;
use crate::{
    Error,
    account::rows::account,
    audit::service::{Event, append},
    kernel::{Kontor, actor::Actor, id::MemberId, right::Feature},
    organisation::{
        rows::{address, group::group_member, invitation, member},
        service::not_the_last,
    },
};

/// Deletes a person's place: they are out at their next request, their licence is free (the paid licences stay as many, domain.md
/// section 6), and so are their further addresses. Their account is their own and stays. The last one with the last word cannot vanish (R2.2).
pub async fn delete_user(kontor: &Kontor, actor: &Actor, user: MemberId, version: i64) -> Result<(), Error> {
    actor.require(Feature::UserDelete)?;
    let tx = kontor.db.begin().await?;
    let row = locked(&tx, actor, user, Some(version)).await?;
    not_the_last(&tx, &row).await?;
    let person = account::by_id(&tx, row.account_id).await?.ok_or(Error::NotFound)?;
    invitation::forget(&tx, row.id).await?;
    address::forget_member(&tx, row.id).await?;
    group_member::forget_member(&tx, row.id).await?;
    member::remove(&tx, actor.org, row.id).await?;
    let facts = serde_json::json!({ "role": row.role });
    append(kontor, &tx, actor.org, actor, Event::new("user.deleted", &person.email).with(facts)).await?;
    crate::mapping::service::refresh(kontor, &tx, actor.org).await?;
    tx.commit().await?;
    kontor.hub.tell(actor.org, "user");
    Ok(())
}

//! Who holds the organisation's licences.

use super::locked;
use crate::{
    Error,
    account::rows::account,
    audit::service::{Event, append},
    kernel::{Kontor, actor::Actor, id::MemberId, right::Feature},
    organisation::{
        rows::member,
        service::{
            take_seat,
            users::{features_of, may_change},
        },
    },
    subscription::{Service, rows::subscription},
};
use sea_orm::{ActiveValue::Set, EntityTrait};

/// Gives a person a licence; `NoFreeSeat` if all are held. Again changes nothing.
pub async fn give_licence(kontor: &Kontor, actor: &Actor, user: MemberId, version: i64) -> Result<(), Error> {
    set(kontor, actor, user, version, true).await
}

/// Takes a person's licence: they stay in the organisation, do not use the suite, and somebody else can have it. The paid
/// licences stay as many. Again changes nothing.
pub async fn take_licence(kontor: &Kontor, actor: &Actor, user: MemberId, version: i64) -> Result<(), Error> {
    set(kontor, actor, user, version, false).await
}

async fn set(
    kontor: &Kontor,
    actor: &Actor,
    user: MemberId,
    version: i64,
    licensed: bool,
) -> Result<(), Error> {
    actor.require(Feature::UsersEdit)?;
    let tx = kontor.db.begin().await?;
    // Before the organisation's row: whoever changes the subscription holds this one while it writes rows that wait for that one.
    subscription::locked(&tx, actor.org, Service::Workplace).await?;
    let row = locked(&tx, actor, user, None).await?;
    may_change(actor, row.role, features_of(&tx, &row).await?)?;
    if row.licensed == licensed {
        return Ok(());
    }
    if row.version != version {
        return Err(Error::StaleVersion);
    }
    if licensed {
        take_seat(&tx, actor).await?;
    }
    let change = member::ActiveModel {
        id: Set(row.id),
        licensed: Set(licensed),
        version: Set(row.version + 1),
        ..Default::default()
    };
    member::Entity::update(change).exec(&tx).await?;
    let person = account::by_id(&tx, row.account_id).await?.ok_or(Error::NotFound)?;
    let action = if licensed { "user.licence_given" } else { "user.licence_taken" };
    append(kontor, &tx, actor.org, actor, Event::new(action, &person.email)).await?;
    crate::mapping::service::refresh(kontor, &tx, actor.org).await?;
    tx.commit().await?;
    kontor.hub.tell(actor.org, "user");
    Ok(())
}

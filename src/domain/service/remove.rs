//! Takes an unproven domain out of an organisation's list.

use crate::{
    Error, Refusal,
    audit::service::{Event, append},
    domain::{rows::domain, service::claim::list_of},
    kernel::{Kontor, actor::Actor, right::Feature},
    mapping::service::refresh,
    organisation::rows::queue_up,
};
use sea_orm::{ActiveValue::Set, EntityTrait};

/// Removes a domain of the actor's organisation. A proven one stays: people's addresses rest on it. So does the only
/// one: the organisation is known by it. If it was the primary one, a proven one, or else the oldest, takes its place.
pub async fn remove(kontor: &Kontor, actor: &Actor, domain: &str) -> Result<(), Error> {
    actor.require(Feature::DomainsEdit)?;
    let tx = kontor.db.begin().await?;
    queue_up(&tx, &list_of(actor.org)).await?;
    let row = domain::of_org(&tx, actor.org, domain).await?.ok_or(Error::NotFound)?;
    if row.status.is_held() {
        return Err(Refusal::DomainVerified.into());
    }
    let others = domain::list(&tx, actor.org).await?.into_iter().filter(|d| d.id != row.id);
    let heir = others.min_by_key(|d| (!d.status.is_held(), d.id)).ok_or(Refusal::LastDomain)?;
    if !domain::remove(&tx, &row).await? {
        return Err(Error::StaleVersion);
    }
    if row.is_primary {
        let change = domain::ActiveModel {
            id: Set(heir.id),
            is_primary: Set(true),
            version: Set(heir.version + 1),
            ..Default::default()
        };
        domain::Entity::update(change).exec(&tx).await?;
    }
    append(kontor, &tx, actor.org, actor, Event::new("domain.remove", &row.name)).await?;
    refresh(kontor, &tx, actor.org).await?;
    tx.commit().await?;
    kontor.hub.tell(actor.org, "domain");
    Ok(())
}

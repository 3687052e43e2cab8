//! The vendor's entities that bill.

use crate::{
    Error, Issue,
    audit::service::{Event, append},
    catalogue::{
        BillingEntity, EntityForm,
        entity::{check, entity_for as who_bills},
        rows::billing_entity,
    },
    kernel::{Kontor, actor::Actor, right::Feature},
    organisation::rows::queue_up,
};
use sea_orm::{ActiveModelTrait, ConnectionTrait, EntityTrait, IntoActiveModel};

/// All entities, in their order.
pub async fn entities(db: &impl ConnectionTrait) -> Result<Vec<BillingEntity>, Error> {
    Ok(billing_entity::all(db).await?.into_iter().map(BillingEntity::from).collect())
}

/// One entity by its key.
pub async fn entity(db: &impl ConnectionTrait, key: &str) -> Result<BillingEntity, Error> {
    Ok(billing_entity::by_key(db, key).await?.ok_or(Error::NotFound)?.into())
}

/// Who bills a debtor of a country: who names it, or else who takes the rest; none if nobody does.
pub async fn entity_for(db: &impl ConnectionTrait, country: &str) -> Result<Option<BillingEntity>, Error> {
    Ok(who_bills(&entities(db).await?, country).cloned())
}

/// All entities, for `/settings`.
pub async fn list_entities(kontor: &Kontor, actor: &Actor) -> Result<Vec<BillingEntity>, Error> {
    actor.require(Feature::SettingsEdit)?;
    entities(kontor.db.read()).await
}

/// Makes an entity (`version` 0) or changes one. Its key names it for good, and its currency stays: invoices and
/// commission are in it. A country is billed by one entity at most, and so is the rest.
pub async fn save_entity(
    kontor: &Kontor,
    actor: &Actor,
    version: i64,
    form: &EntityForm,
) -> Result<(), Error> {
    actor.require(Feature::SettingsEdit)?;
    let mut wanted = check(form)?;
    let tx = kontor.db.begin().await?;
    queue_up(&tx, "catalogue").await?;
    let all = entities(&tx).await?;
    let current = all.iter().find(|e| e.key == wanted.key);
    match current {
        Some(_) if version == 0 => return Err(Error::field("entity_key", Issue::KeyTaken)),
        Some(current) if current.version != version => return Err(Error::StaleVersion),
        Some(current) if current.currency != wanted.currency => {
            return Err(Error::field("currency", Issue::NotAChoice));
        }
        None if version != 0 => return Err(Error::StaleVersion),
        _ => {}
    }
    let others = || all.iter().filter(|e| e.key != wanted.key);
    let taken = wanted.countries.iter().find(|code| others().any(|e| e.countries.contains(code)));
    if let Some(code) = taken {
        return Err(Error::field("countries", Issue::CountryTaken { code: code.clone() }));
    }
    let last = all.iter().map(|e| e.position).max().unwrap_or(0);
    wanted.position = current.map_or(last + 1, |e| e.position);
    wanted.version = version;
    if current == Some(&wanted) {
        return Ok(());
    }
    wanted.version += 1;
    let facts = serde_json::json!({ "from": current, "to": wanted });
    let event = Event::new("entity.saved", &wanted.key).with(facts);
    let made = current.is_none();
    let row = billing_entity::Model::from(wanted);
    match made {
        true => {
            let row = billing_entity::ActiveModel::from(row);
            billing_entity::Entity::insert(row).exec_without_returning(&tx).await?;
        }
        false => {
            billing_entity::Entity::update(row.into_active_model().reset_all()).exec(&tx).await?;
        }
    }
    append(kontor, &tx, actor.org, actor, event).await?;
    tx.commit().await?;
    kontor.hub.tell(actor.org, "catalogue");
    Ok(())
}

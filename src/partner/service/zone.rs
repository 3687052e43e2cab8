//! The zone a partner's days are counted in (R11.1).

use crate::{
    Error, Issue, Problems,
    audit::service::{Event, append},
    kernel::{
        Kontor,
        actor::Actor,
        id::OrgId,
        right::{Feature, OrgKind},
        zone::Zone,
    },
    partner::{StoreSettings, rows::partner},
};
use sea_orm::{ActiveValue::Set, ConnectionTrait, EntityTrait};
use std::collections::HashMap;

/// A partner's zone; UTC for whoever is none.
pub async fn zone_of(db: &impl ConnectionTrait, partner: OrgId) -> Result<Zone, Error> {
    Ok(zones_of(db, vec![partner]).await?.remove(&partner).unwrap_or_else(Zone::utc))
}

/// The zones of those among partners whose days are not those of UTC.
pub async fn zones_of(
    db: &impl ConnectionTrait,
    partners: Vec<OrgId>,
) -> Result<HashMap<OrgId, Zone>, Error> {
    let rows = partner::zones(db, partners).await?;
    Ok(rows.into_iter().filter_map(|(org, name)| Some((org, Zone::named(&name)?))).collect())
}

/// What a partner sets for its store.
pub async fn store_settings(kontor: &Kontor, actor: &Actor) -> Result<StoreSettings, Error> {
    actor.require(Feature::StoreUsersManage)?;
    let row = own(kontor.db.read(), actor).await?;
    Ok(StoreSettings { time_zone: row.time_zone, zones: Zone::names(), version: row.version })
}

/// Sets the zone from now on: what was booked before stays on its day.
pub async fn set_zone(kontor: &Kontor, actor: &Actor, name: &str, version: i64) -> Result<(), Error> {
    actor.require(Feature::StoreUsersManage)?;
    let tx = kontor.db.begin().await?;
    let row = own(&tx, actor).await?;
    let mut problems = Problems::new();
    let zone = Zone::named(name.trim()).map(|zone| zone.name().to_owned()).ok_or(Issue::NotAChoice);
    let zone = problems.take("time_zone", zone);
    problems.finish()?;
    if zone == row.time_zone {
        return Ok(());
    }
    if row.version != version {
        return Err(Error::StaleVersion);
    }
    let change = partner::ActiveModel {
        org_id: Set(actor.org),
        time_zone: Set(zone.clone()),
        version: Set(version + 1),
        ..Default::default()
    };
    partner::Entity::update(change).exec(&tx).await?;
    let facts = serde_json::json!({ "from": row.time_zone, "to": zone });
    append(kontor, &tx, actor.org, actor, Event::new("partner.zone_set", actor.label()).with(facts)).await?;
    tx.commit().await?;
    Ok(())
}

async fn own(db: &impl ConnectionTrait, actor: &Actor) -> Result<partner::Model, Error> {
    if actor.kind != OrgKind::Partner {
        return Err(Error::NotFound);
    }
    partner::by_org(db, actor.org).await?.ok_or(Error::NotFound)
}

//! A second factor of everybody in the organisation.

use crate::{
    Error,
    audit::service::{Event, append},
    kernel::{
        Kontor,
        actor::{Actor, Viewer},
        right::Feature,
    },
    organisation::{FactorRule, rows::organisation},
};
use sea_orm::{ActiveValue::Set, EntityTrait};

/// Whether the organisation asks a second factor of everybody.
pub async fn factor_rule(kontor: &Kontor, viewer: &Viewer, actor: &Actor) -> Result<FactorRule, Error> {
    actor.require(Feature::UsersView)?;
    let own = viewer.signed_in()?.second_factor;
    let house = organisation::by_id(kontor.db.read(), actor.org).await?.ok_or(Error::NotFound)?;
    Ok(FactorRule {
        required: house.second_factor_required,
        may: actor.may(Feature::SecondFactorEnforce),
        own,
    })
}

/// Asks a second factor of everybody from their next request on, or no longer: who has none is led to set it up.
/// `SecondFactorRequired` if whoever asks has none: they would shut themselves out.
pub async fn require_second_factor(
    kontor: &Kontor,
    viewer: &Viewer,
    actor: &Actor,
    required: bool,
) -> Result<(), Error> {
    actor.require(Feature::SecondFactorEnforce)?;
    if required && !viewer.signed_in()?.second_factor {
        return Err(Error::SecondFactorRequired);
    }
    let tx = kontor.db.begin().await?;
    let house = organisation::locked(&tx, actor.org).await?.ok_or(Error::NotFound)?;
    if house.second_factor_required == required {
        return Ok(());
    }
    let change = organisation::ActiveModel {
        id: Set(house.id),
        second_factor_required: Set(required),
        version: Set(house.version + 1),
        ..Default::default()
    };
    organisation::Entity::update(change).exec(&tx).await?;
    let action = if required { "user.factor_required" } else { "user.factor_optional" };
    append(kontor, &tx, actor.org, actor, Event::new(action, &house.name)).await?;
    tx.commit().await?;
    kontor.hub.tell(actor.org, "user");
    Ok(())
}

//! Billing details of an organisation: to whom its invoices are made out.

use super::entity_for;
use crate::{
    Error,
    audit::service::{Event, append},
    catalogue::{BillingForm, BillingProfile, BillingView, billing::check, rows::billing_profile},
    kernel::{Kontor, actor::Actor, id::OrgId, right::Feature},
    organisation::rows::organisation,
};
use sea_orm::{ActiveModelTrait, ConnectionTrait, EntityTrait, IntoActiveModel};
use std::collections::HashMap;

/// An organisation's billing details; none if nobody gave any. For callers that have proven their standing: who makes
/// an invoice out reads them here.
pub async fn profile(db: &impl ConnectionTrait, org: OrgId) -> Result<Option<BillingProfile>, Error> {
    Ok(billing_profile::of(db, org).await?.map(BillingProfile::from))
}

/// [`profile`] of those among organisations that gave any.
pub(crate) async fn profiles(
    db: &impl ConnectionTrait,
    orgs: Vec<OrgId>,
) -> Result<HashMap<OrgId, BillingProfile>, Error> {
    let rows = billing_profile::of_all(db, orgs).await?;
    Ok(rows.into_iter().map(|row| (row.org_id, BillingProfile::from(row))).collect())
}

/// The organisation's own billing details, or what its name and country suggest, and who will bill it.
pub async fn billing(kontor: &Kontor, actor: &Actor) -> Result<BillingView, Error> {
    actor.require(Feature::BillingEdit)?;
    let db = kontor.db.read();
    let saved = profile(db, actor.org).await?;
    let profile = match saved {
        Some(profile) => profile,
        None => {
            let row = organisation::by_id(db, actor.org).await?.ok_or(Error::NotFound)?;
            BillingProfile { name: row.name, country: row.country, ..BillingProfile::default() }
        }
    };
    let entity = entity_for(db, &profile.country).await?.map(|e| (e.name, e.currency));
    Ok(BillingView { org: actor.org, profile, entity })
}

/// Saves the organisation's own billing details; `version` is the one the form was filled from, 0 if there were none.
/// A suspended organisation may, too: to be billed is its way back. Invoices made out before stay as they are.
pub async fn save_profile(
    kontor: &Kontor,
    actor: &Actor,
    version: i64,
    form: &BillingForm,
) -> Result<(), Error> {
    actor.require(Feature::BillingEdit)?;
    let mut wanted = check(form)?;
    let tx = kontor.db.begin().await?;
    // The organisation's row is there when its details are not yet: two first savings wait for each other on it.
    let org = organisation::locked(&tx, actor.org).await?.ok_or(Error::NotFound)?;
    let current = profile(&tx, actor.org).await?;
    if current.as_ref().map_or(0, |p| p.version) != version {
        return Err(Error::StaleVersion);
    }
    wanted.version = version;
    if current.as_ref() == Some(&wanted) {
        return Ok(());
    }
    wanted.version += 1;
    let row = billing_profile::Model::new(actor.org, wanted);
    match current {
        None => {
            let row = billing_profile::ActiveModel::from(row);
            billing_profile::Entity::insert(row).exec_without_returning(&tx).await?;
        }
        Some(_) => {
            billing_profile::Entity::update(row.into_active_model().reset_all()).exec(&tx).await?;
        }
    }
    append(kontor, &tx, actor.org, actor, Event::new("billing.saved", &org.name)).await?;
    tx.commit().await?;
    kontor.hub.tell(actor.org, "billing");
    Ok(())
}

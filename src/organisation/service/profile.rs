//! The organisation's profile: its dashboard, and changing name and country.

use crate::{
    Error, Issue, Problems,
    account::rows::account,
    audit::service::{Event, append},
    domain::rows::domain,
    kernel::{
        Kontor,
        actor::Actor,
        right::{Feature, OrgKind},
        text,
    },
    organisation::{
        EditProfile, MemberStatus, OrgStatus, Profile,
        rows::{logo, member, organisation},
        service::last_word,
    },
    partner::rows::partner,
};
use sea_orm::{ActiveValue::Set, EntityTrait};

/// A country's code as stored: two capital letters of ISO 3166-1.
pub(super) fn country(typed: &str) -> Result<String, Issue> {
    let code = text::line(typed, 1, 10)?.to_ascii_uppercase();
    if crate::application::country::is_country(&code) { Ok(code) } else { Err(Issue::NotAChoice) }
}

/// The organisation at a glance.
pub async fn profile(kontor: &Kontor, actor: &Actor) -> Result<Profile, Error> {
    actor.require(Feature::OrgView)?;
    let db = kontor.db.read();
    let row = organisation::by_id(db, actor.org).await?.ok_or(Error::NotFound)?;
    let there = [MemberStatus::Active, MemberStatus::Invited];
    let admins = member::in_role(db, vec![actor.org], last_word(actor.kind), &there).await?;
    let accounts = account::by_ids(db, admins.iter().map(|m| m.account_id).collect()).await?;
    let mut super_admins: Vec<String> = accounts.into_iter().map(|a| a.email).collect();
    super_admins.sort();
    let subscription = match actor.may(Feature::SubscriptionView) {
        true => crate::subscription::service::view(kontor, actor).await?,
        false => None,
    };
    Ok(Profile {
        id: row.id,
        kind: row.kind,
        name: row.name,
        country: row.country,
        status: row.status,
        created_at: row.created_at,
        domain: domain::primary(db, actor.org).await?.map(|d| d.name),
        super_admins,
        subscription,
        logo: logo::digest(db, actor.org).await?,
        version: row.version,
    })
}

/// Changes name and country; refused if somebody else changed them since the form was filled.
pub async fn edit_profile(kontor: &Kontor, actor: &Actor, input: EditProfile) -> Result<(), Error> {
    actor.require(Feature::OrgEdit)?;
    let mut problems = Problems::new();
    let name = problems.take("organisation", text::line(&input.organisation, 2, 120));
    let country = problems.take("country", country(&input.country));
    problems.finish()?;
    let tx = kontor.db.begin().await?;
    let row = organisation::locked(&tx, actor.org).await?.ok_or(Error::NotFound)?;
    if row.status != OrgStatus::Active {
        return Err(crate::Refusal::OrganisationInactive.into());
    }
    if row.version != input.version {
        return Err(Error::StaleVersion);
    }
    if row.name == name && row.country == country {
        return Ok(());
    }
    let change = organisation::ActiveModel {
        id: Set(row.id),
        name: Set(name.clone()),
        country: Set(country.clone()),
        version: Set(row.version + 1),
        ..Default::default()
    };
    organisation::Entity::update(change).exec(&tx).await?;
    if actor.kind == OrgKind::Partner && partner::by_org(&tx, actor.org).await?.is_some() {
        let change = partner::ActiveModel {
            org_id: Set(actor.org),
            sort_key: Set(text::fold(&name)),
            ..Default::default()
        };
        partner::Entity::update(change).exec(&tx).await?;
    }
    let facts = serde_json::json!({ "name": [row.name, name], "country": [row.country, country] });
    append(kontor, &tx, actor.org, actor, Event::new("organisation.edited", &name).with(facts)).await?;
    crate::mapping::service::refresh(kontor, &tx, actor.org).await?;
    tx.commit().await?;
    kontor.hub.tell(actor.org, "organisation");
    Ok(())
}

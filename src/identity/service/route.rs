//! Which provider somebody signs in through.

use crate::{
    Error,
    account::rows::account,
    domain::rows::domain,
    identity::{
        Choice, Failure,
        rows::identity_provider::{self, Model},
    },
    kernel::{
        Kontor,
        id::{IdentityProviderId, OrgId},
        text::{self, email_domain, email_key},
    },
    organisation::{
        MemberStatus, OrgStatus,
        rows::{member, organisation},
    },
};
use sea_orm::ConnectionTrait;

/// The programme's providers that people can sign in through.
pub async fn choices(kontor: &Kontor) -> Result<Vec<Choice>, Error> {
    let all = identity_provider::of(None).all(kontor.db.read()).await?;
    let choice = |row: Model| Choice { id: row.id, name: row.name };
    Ok(all.into_iter().filter(|row| row.active).map(choice).collect())
}

/// The provider of the organisation an address belongs to. It depends on the address's domain alone: nobody learns
/// who has an account.
pub async fn provider_of(kontor: &Kontor, email: &str) -> Result<IdentityProviderId, Error> {
    let email = text::email(email).map_err(|issue| Error::field("email", issue))?;
    let found = of_domain(kontor.db.read(), &email_key(&email)).await?;
    let found = found.and_then(|(_, all)| all.into_iter().next());
    Ok(found.ok_or_else(|| super::failed(Failure::NoProvider))?.id)
}

/// The organisation that holds an address's domain, and its active providers.
async fn of_domain(db: &impl ConnectionTrait, email: &str) -> Result<Option<(OrgId, Vec<Model>)>, Error> {
    let Some(org) = domain::holder(db, email_domain(email)).await? else { return Ok(None) };
    let mut all = identity_provider::of(Some(org)).all(db).await?;
    all.retain(|row| row.active);
    if all.is_empty() {
        return Ok(None);
    }
    // One that went out of business keeps nobody out, and lets nobody in.
    let there = organisation::by_id(db, org).await?.filter(|org| org.status != OrgStatus::Closed);
    Ok(there.map(|_| (org, all)))
}

/// The provider through which a person has to sign in, because the organisation of their address wants it so. Whoever
/// has the organisation's last word may always use their password: the way in when the provider is down.
pub async fn required_provider(
    db: &impl ConnectionTrait,
    person: &account::Model,
) -> Result<Option<IdentityProviderId>, Error> {
    let Some((org, all)) = of_domain(db, &person.email_key).await? else { return Ok(None) };
    let Some(required) = all.iter().find(|row| row.required) else { return Ok(None) };
    let place = member::of(db, org, person.id).await?;
    // Also before they have come: `kontor user create` is a way in as well.
    let last_word = place.is_some_and(|m| m.role.is_last_word() && m.status != MemberStatus::Suspended);
    Ok((!last_word).then_some(required.id))
}

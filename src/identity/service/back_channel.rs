//! A provider tells that somebody signed out there (OpenID Connect Back-Channel Logout 1.0).

use crate::{
    Error,
    account::rows::session,
    identity::{
        port::Fault,
        rows::{identity_link, identity_provider, logout_seen},
    },
    kernel::{Kontor, error::is_unique_violation, id::IdentityProviderId, secret::hash_token},
};
use sea_orm::EntityTrait;

/// Hours for which a logout token is remembered: longer than one is taken after it was made.
const HOURS: i64 = 24;

/// Ends the sessions a logout token names: the provider's own session, or all that the provider opened for a person.
/// `BadRequest` for a token that does not hold or was heard before, `Unavailable` if the provider's keys cannot be had.
pub async fn back_channel(kontor: &Kontor, provider: IdentityProviderId, token: &str) -> Result<(), Error> {
    let found = identity_provider::by_id(kontor.db.read(), provider).await?;
    let row = found.ok_or(Error::NotFound)?;
    let checked = kontor.identity.signed_out(&super::client(kontor, &row)?, token, kontor.now()).await;
    let gone = checked.map_err(|fault| {
        tracing::warn!(provider = %row.id, issuer = %row.issuer, %fault, "back-channel logout");
        match fault {
            Fault::Down(_) => Error::Unavailable,
            Fault::Bad(_) => Error::BadRequest,
        }
    })?;
    let tx = kontor.db.begin().await?;
    let seen = logout_seen::Model {
        provider_id: row.id,
        token_hash: hash_token(&gone.token_id),
        expires_at: kontor.now().plus_hours(HOURS),
    };
    let seen = logout_seen::ActiveModel::from(seen);
    match logout_seen::Entity::insert(seen).exec_without_returning(&tx).await {
        Ok(_) => {}
        Err(error) if is_unique_violation(&error) => {
            tracing::warn!(provider = %row.id, "back-channel logout: the token was heard before");
            return Err(Error::BadRequest);
        }
        Err(error) => return Err(error.into()),
    }
    let account = match &gone.subject {
        Some(subject) => identity_link::find(&tx, &row, subject).await?.map(|link| link.account_id),
        None => None,
    };
    let ended = match (&gone.sid, account) {
        (Some(sid), account) => session::end_provided(&tx, row.id, Some(sid), account).await?,
        (None, Some(account)) => session::end_provided(&tx, row.id, None, Some(account)).await?,
        // Somebody who never came here.
        (None, None) => 0,
    };
    tx.commit().await?;
    tracing::info!(provider = %row.id, account = account.map(tracing::field::display), ended, "signed out at the provider");
    Ok(())
}

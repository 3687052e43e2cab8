//! Signing out at the provider as well (OpenID Connect RP-Initiated Logout 1.0).

use crate::{
    Error,
    identity::rows::identity_provider,
    kernel::{Kontor, id::IdentityProviderId},
};

/// The address at the provider where the person signs out there, and its name; nothing if it has none or does not
/// answer: whoever signed out here is signed out here.
pub async fn leave(kontor: &Kontor, provider: IdentityProviderId) -> Result<Option<(String, String)>, Error> {
    let row = identity_provider::by_id(kontor.db.read(), provider).await?.ok_or(Error::NotFound)?;
    let asked = kontor.identity.leave(&super::client(kontor, &row)?, &kontor.url("/")).await;
    let url = asked.unwrap_or_else(|fault| {
        tracing::warn!(provider = %row.id, issuer = %row.issuer, %fault, "sign-out at the provider");
        None
    });
    Ok(url.map(|url| (url, row.name)))
}

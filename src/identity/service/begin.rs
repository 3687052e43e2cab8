//! A sign-in through a provider begins.

use crate::{
    Error,
    identity::{
        Failure,
        port::Binding,
        rows::{identity_provider, sign_in_try},
    },
    kernel::{Kontor, actor::Viewer, id::IdentityProviderId, secret::hash_token, text},
};
use sea_orm::EntityTrait;

/// Minutes within which the person has to be back.
const MINUTES: i64 = 10;

/// A sign-in that was begun.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Begun {
    /// Where the person goes on, at the provider.
    pub url: String,
    /// What the provider is called.
    pub name: String,
}

/// Nonce and proof of an exchange, made from the browser's own token and the state: nothing of them is stored.
pub(super) fn binding(kontor: &Kontor, browser: &str, state: &str) -> Binding {
    let derived = |purpose: &str| kontor.secrets.derive(purpose, &format!("{browser}:{state}"));
    Binding {
        state: state.to_owned(),
        nonce: derived("sign_in nonce"),
        verifier: derived("sign_in verifier"),
    }
}

/// Begins a sign-in in the browser that holds the secret `browser`; `next` is where it goes on to. `hint` is the
/// address that was typed, if one was.
pub async fn begin(
    kontor: &Kontor,
    viewer: &Viewer,
    provider: IdentityProviderId,
    browser: &str,
    next: &str,
    hint: &str,
) -> Result<Begun, Error> {
    let row = identity_provider::by_id(kontor.db.read(), provider).await?.ok_or(Error::NotFound)?;
    if !row.active {
        return Err(super::failed(Failure::Off));
    }
    let state = kontor.token();
    let hint = text::email(hint).unwrap_or_default();
    let client = super::client(kontor, &row)?;
    let binding = binding(kontor, browser, &state);
    let asked = kontor.identity.authorise(&client, &binding, &hint).await;
    let url = asked.map_err(|fault| super::fault(&row, &fault))?;
    let waiting = sign_in_try::Model {
        state_hash: hash_token(&state),
        provider_id: row.id,
        browser_hash: hash_token(browser),
        next: next.chars().take(2_000).collect(),
        expires_at: kontor.now().plus_minutes(MINUTES),
    };
    let tx = kontor.db.begin().await?;
    sign_in_try::Entity::insert(sign_in_try::ActiveModel::from(waiting)).exec_without_returning(&tx).await?;
    tx.commit().await?;
    tracing::info!(provider = %row.id, ip = %viewer.ip, "single sign-on begins");
    Ok(Begun { url, name: row.name })
}

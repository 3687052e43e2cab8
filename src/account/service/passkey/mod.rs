//! Passkeys (WebAuthn Level 3): adding and removing them, and showing them in place of password, code, or both.
//!
//! The device checks who holds it (user verification), so that a passkey is two factors in one: what one has, and what
//! one knows or is. The checks of the protocol are `webauthn-rs`'s; here is who may ask what, and that every question is
//! answered once, in the browser it was asked in, within minutes.

mod add;
mod own;
mod remove;
mod show;

pub use add::{add_passkey, begin_passkey, passkey_ready};
pub use own::own_passkeys;
pub use remove::{passkey_leaves, remove_passkey};
pub use show::{ask_passkey, show_passkey};

use crate::{
    Error, Refusal,
    account::{
        PasskeyFault, PasskeyQuestion, PasskeyUse,
        rows::{account, passkey_question},
    },
    kernel::{
        Kontor,
        actor::{SessionInfo, Viewer},
        error::internal,
        id::SessionId,
        secret::hash_token,
    },
    setting::service::policy,
};
use sea_orm::{ConnectionTrait, EntityTrait};
use serde::{Serialize, de::DeserializeOwned};
use std::time::Duration;
use webauthn_rs::{
    Webauthn, WebauthnBuilder,
    prelude::{Url, WebauthnError},
};

/// Minutes within which a question is to be answered.
const MINUTES: i64 = 5;
/// The most characters of an answer that are read; what devices answer takes two thousand.
const LONGEST: usize = 16_000;

fn refused(why: PasskeyFault) -> Error {
    Refusal::Passkey { why }.into()
}

/// The programme as passkeys know it: by the name in its public address, and that address alone. `NoName` where the
/// address is a number, or neither encrypted nor this machine's own: browsers bind no passkey to those.
fn party(kontor: &Kontor) -> Result<Webauthn, Error> {
    let no_name = |_| refused(PasskeyFault::NoName);
    let origin = Url::parse(&kontor.programme.public_url).map_err(internal)?;
    let name = origin.domain().unwrap_or_default().to_owned();
    if origin.scheme() != "https" && name != "localhost" && !name.ends_with(".localhost") {
        return Err(refused(PasskeyFault::NoName));
    }
    let timeout = Duration::from_secs(60 * MINUTES.unsigned_abs());
    let builder = WebauthnBuilder::new(&name, &origin).map_err(no_name)?;
    builder.rp_name("Kontor").timeout(timeout).build().map_err(internal)
}

/// Who has to answer: the browser that is signing in, or the session.
fn of_browser(viewer: &Viewer) -> Result<String, Error> {
    let browser = viewer.anonymous.as_ref().ok_or(refused(PasskeyFault::Over))?;
    Ok(format!("browser:{browser}"))
}

fn of_session(session: SessionId) -> String {
    format!("session:{session}")
}

/// Keeps a question until it is answered. The challenge in `content` is the library's own random number: it takes none
/// from outside.
async fn keep(
    kontor: &Kontor,
    (purpose, owner, name): (PasskeyUse, String, String),
    options: &impl Serialize,
    content: &impl Serialize,
) -> Result<PasskeyQuestion, Error> {
    let token = kontor.token();
    let row = passkey_question::Model {
        token_hash: hash_token(&token),
        purpose,
        owner,
        name,
        content: serde_json::to_string(content).map_err(internal)?,
        expires_at: kontor.now().plus_minutes(MINUTES),
    };
    let tx = kontor.db.begin().await?;
    let row = passkey_question::ActiveModel::from(row);
    passkey_question::Entity::insert(row).exec_without_returning(&tx).await?;
    tx.commit().await?;
    Ok(PasskeyQuestion { token, options: serde_json::to_string(options).map_err(internal)? })
}

/// Takes a question, before anything of the answer is looked at: it is answered once, whatever comes of it.
async fn take(kontor: &Kontor, token: &str) -> Result<passkey_question::Model, Error> {
    let tx = kontor.db.begin().await?;
    let found = passkey_question::take(&tx, &hash_token(token)).await?;
    tx.commit().await?;
    found.filter(|row| row.expires_at > kontor.now()).ok_or_else(|| refused(PasskeyFault::Over))
}

/// Reads what was kept of a question.
fn kept<T: DeserializeOwned>(row: &passkey_question::Model) -> Result<T, Error> {
    serde_json::from_str(&row.content).map_err(internal)
}

/// Reads what a device is said to have answered: anybody may send anything.
fn read<T: DeserializeOwned>(answer: &str) -> Result<T, Error> {
    let short = Some(answer).filter(|answer| answer.len() <= LONGEST);
    short.and_then(|answer| serde_json::from_str(answer).ok()).ok_or(refused(PasskeyFault::BadAnswer))
}

/// What the reader is told of an answer that does not hold; the log is told more.
fn fault(viewer: &Viewer, error: &WebauthnError) -> Error {
    let why = match error {
        WebauthnError::UserNotVerified | WebauthnError::UserNotPresent => PasskeyFault::Unverified,
        WebauthnError::CredentialPossibleCompromise => PasskeyFault::Cloned,
        _ => PasskeyFault::BadAnswer,
    };
    tracing::info!(ip = %viewer.ip, why = why.key(), %error, "passkey refused");
    refused(why)
}

/// Ok if who one is was shown a short while ago: by second factor if the person has one, so that a password alone takes
/// none away and adds none. Else the error that asks for it.
pub(super) async fn prove(
    kontor: &Kontor,
    db: &impl ConnectionTrait,
    me: &SessionInfo,
    person: &account::Model,
) -> Result<(), Error> {
    let second_factor = person.has_factor();
    let policy = policy(kontor, db).await?;
    let fresh = me.fresh_at.plus_minutes(policy.step_up_minutes) > kontor.now();
    match fresh && (me.fresh_by_factor || !second_factor) {
        true => Ok(()),
        false => Err(Error::StepUpRequired { second_factor }),
    }
}

#[cfg(test)]
mod tests;

//! A passkey is added.

use super::{fault, keep, kept, of_session, party, prove, read, refused, take};
use crate::{
    Error, Refusal,
    account::{
        PasskeyAnswer, PasskeyFault, PasskeyQuestion, PasskeyUse,
        rows::{account, passkey},
    },
    kernel::{
        Kontor,
        actor::{SessionInfo, Viewer},
        error::internal,
        text,
    },
    notification::{self, Mail, service::Recipient},
};
use data_encoding::BASE64URL_NOPAD;
use sea_orm::{EntityTrait, SqlErr};
use webauthn_rs::prelude::{CredentialID, Passkey, PasskeyRegistration, RegisterPublicKeyCredential};
use webauthn_rs_proto::ResidentKeyRequirement;

/// The most passkeys of an account.
const MOST: u32 = 20;

/// Ok if the viewer may add a passkey now; else what is missing: a fresh proof of who they are, by second factor where
/// they have one, the confirmed address, a place among [`MOST`], or a name in the programme's address.
pub async fn passkey_ready(kontor: &Kontor, viewer: &Viewer) -> Result<(), Error> {
    let me = viewer.signed_in()?;
    party(kontor)?;
    may_add(kontor, me).await?;
    Ok(())
}

async fn may_add(kontor: &Kontor, me: &SessionInfo) -> Result<account::Model, Error> {
    let db = kontor.db.read();
    let person = account::by_id(db, me.account).await?.ok_or(Error::NotFound)?;
    // Whoever makes an account for another's address must not keep a key to it.
    if person.confirmed_at.is_none() {
        return Err(Refusal::EmailUnconfirmed.into());
    }
    prove(kontor, db, me, &person).await?;
    match person.passkeys < i64::from(MOST) {
        true => Ok(person),
        false => Err(full()),
    }
}

fn full() -> Error {
    Refusal::PasskeyLimit { max: MOST }.into()
}

/// Begins adding a passkey that is to be called `name`: answers what the device is to be asked.
pub async fn begin_passkey(kontor: &Kontor, viewer: &Viewer, name: &str) -> Result<PasskeyQuestion, Error> {
    let me = viewer.signed_in()?;
    let name = text::line(name, 1, 80).map_err(|issue| Error::field("passkey_name", issue))?;
    let party = party(kontor)?;
    let person = may_add(kontor, me).await?;
    let own = passkey::of(me.account).all(kontor.db.read()).await?;
    // A device that has one already says so instead of making another.
    let known = own.iter().filter_map(|row| BASE64URL_NOPAD.decode(row.credential_id.as_bytes()).ok());
    let known: Vec<CredentialID> = known.collect();
    let shown = format!("{} {}", person.first_name, person.last_name);
    let shown = if shown.trim().is_empty() { &person.email } else { shown.trim() };
    let (mut options, state) = party
        .start_passkey_registration(me.account.0, &person.email, shown, Some(known))
        .map_err(internal)?;
    // The device is to remember whose it is: nobody types an address to sign in by it.
    if let Some(wish) = &mut options.public_key.authenticator_selection {
        wish.resident_key = Some(ResidentKeyRequirement::Required);
        wish.require_resident_key = true;
    }
    let about = (PasskeyUse::Add, of_session(me.id), name);
    keep(kontor, about, &options.public_key, &state).await
}

/// Adds the passkey the device has made, and tells the account's owner by mail.
pub async fn add_passkey(kontor: &Kontor, viewer: &Viewer, answer: &PasskeyAnswer) -> Result<(), Error> {
    let me = viewer.signed_in()?;
    let question = take(kontor, &answer.token).await?;
    if question.purpose != PasskeyUse::Add || question.owner != of_session(me.id) {
        return Err(refused(PasskeyFault::Over));
    }
    let person = may_add(kontor, me).await?;
    let given: RegisterPublicKeyCredential = read(&answer.credential)?;
    let state: PasskeyRegistration = kept(&question)?;
    let made =
        party(kontor)?.finish_passkey_registration(&given, &state).map_err(|error| fault(viewer, &error))?;
    let row = passkey::Model {
        id: kontor.id(),
        account_id: me.account,
        credential_id: name_of(&made),
        name: question.name,
        content: serde_json::to_string(&made).map_err(internal)?,
        created_at: kontor.now(),
        used_at: None,
    };
    let id = row.id;
    let tx = kontor.db.begin().await?;
    if !account::one_passkey_more(&tx, me.account, i64::from(MOST)).await? {
        return Err(full());
    }
    let mail = Mail::PasskeyAdded { name: row.name.clone(), link: kontor.url("/account") };
    let added = passkey::Entity::insert(passkey::ActiveModel::from(row)).exec_without_returning(&tx).await;
    if let Err(error) = added {
        return match error.sql_err() {
            Some(SqlErr::UniqueConstraintViolation(_)) => Err(refused(PasskeyFault::Known)),
            _ => Err(error.into()),
        };
    }
    let to = Recipient { email: person.email, locale: person.locale };
    notification::service::write(kontor, &tx, to, &mail).await?;
    tx.commit().await?;
    tracing::info!(account = %me.account, passkey = %id, "passkey added");
    Ok(())
}

/// What the device calls it.
fn name_of(made: &Passkey) -> String {
    BASE64URL_NOPAD.encode(made.cred_id())
}

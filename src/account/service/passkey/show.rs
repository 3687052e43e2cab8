//! A passkey is shown: to sign in, in place of the code, or to show again who one is.

use super::{fault, keep, kept, of_browser, of_session, party, read, refused, take};
use crate::{
    Error, Refusal,
    account::{
        PasskeyAnswer, PasskeyFault, PasskeyQuestion, PasskeyUse,
        rows::{account, passkey, passkey_question, session},
        service::{Through, open_through},
    },
    identity::service::required_provider,
    kernel::{
        Kontor,
        actor::Viewer,
        error::internal,
        id::{AccountId, SessionId},
    },
};
use data_encoding::BASE64URL_NOPAD;
use webauthn_rs::prelude::{
    AuthenticationResult, DiscoverableAuthentication, DiscoverableKey, Passkey, PublicKeyCredential,
};
use webauthn_rs_proto::AllowCredentials;

/// A session, and whose it is.
type Held = (SessionId, AccountId);

/// The session a question is about, for a purpose that has one: the one that waits for the code, or the viewer's own.
fn session_of(viewer: &Viewer, waiting: Option<Held>, purpose: PasskeyUse) -> Result<Option<Held>, Error> {
    let held = match purpose {
        PasskeyUse::SignIn => return Ok(None),
        PasskeyUse::SecondStep => waiting,
        PasskeyUse::StepUp => viewer.session.as_ref().map(|me| (me.id, me.account)),
        PasskeyUse::Add => return Err(Error::BadRequest),
    };
    held.map(Some).ok_or(Error::Unauthenticated)
}

/// Answers what the device is to be asked. `waiting` is the sign-in of this browser that waits for its code. To whoever
/// is not signed in the question is the same for all: it names no passkey, so that nobody learns who has one.
pub async fn ask_passkey(
    kontor: &Kontor,
    viewer: &Viewer,
    waiting: Option<Held>,
    purpose: PasskeyUse,
) -> Result<PasskeyQuestion, Error> {
    let held = session_of(viewer, waiting, purpose)?;
    let (mut options, state) = party(kontor)?.start_discoverable_authentication().map_err(internal)?;
    let owner = match held {
        None => of_browser(viewer)?,
        Some((session, account)) => {
            // Known by now who it is: the device shows this person's only.
            let own = passkey::of(account).all(kontor.db.read()).await?;
            let names =
                own.iter().filter_map(|row| BASE64URL_NOPAD.decode(row.credential_id.as_bytes()).ok());
            let allow = |id| AllowCredentials { type_: "public-key".into(), id, transports: None };
            options.public_key.allow_credentials = names.map(allow).collect();
            of_session(session)
        }
    };
    let about = (purpose, owner, String::new());
    keep(kontor, about, &options.public_key, &state).await
}

/// Checks what the device answered. Signs in, and answers the new session's token; or completes the session that waits
/// for its code, or makes the viewer's own fresh.
pub async fn show_passkey(
    kontor: &Kontor,
    viewer: &Viewer,
    waiting: Option<Held>,
    answer: &PasskeyAnswer,
) -> Result<Option<String>, Error> {
    let question = take(kontor, &answer.token).await?;
    let held = session_of(viewer, waiting, question.purpose)?;
    let owner = match held {
        Some((session, _)) => of_session(session),
        None => of_browser(viewer)?,
    };
    if question.owner != owner {
        return Err(refused(PasskeyFault::Over));
    }
    let (row, content) = checked(kontor, viewer, &question, held, &answer.credential).await?;
    let tx = kontor.db.begin().await?;
    // Two at once, of one count: the other one was first.
    if !passkey::used(&tx, &row, content, kontor.now()).await? {
        return Err(Error::Contended);
    }
    if let Some((session, _)) = held {
        session::freshen(&tx, session, kontor.now(), true).await?;
        session::showed(&tx, session, row.id).await?;
        tx.commit().await?;
        return Ok(None);
    }
    let person = account::by_id(&tx, row.account_id).await?.ok_or(Error::NotFound)?;
    if person.suspended {
        return Err(Refusal::AccountSuspended.into());
    }
    // Told to nobody but whoever has the passkey.
    if let Some(provider) = required_provider(&tx, &person).await? {
        tracing::info!(account = %person.id, ip = %viewer.ip, %provider, "passkey right, sign-in is the provider's");
        return Err(Refusal::ProviderRequired { provider }.into());
    }
    let through = Through { passkey: Some(row.id), ..Through::default() };
    let token = open_through(kontor, &tx, viewer, person.id, false, through).await?;
    tx.commit().await?;
    tracing::info!(account = %person.id, ip = %viewer.ip, passkey = %row.id, "signed in by passkey");
    Ok(Some(token))
}

/// The passkey that was shown, and what is to be kept of it from now on: among it how far the device has counted.
async fn checked(
    kontor: &Kontor,
    viewer: &Viewer,
    question: &passkey_question::Model,
    held: Option<Held>,
    answer: &str,
) -> Result<(passkey::Model, String), Error> {
    let given: PublicKeyCredential = read(answer)?;
    let state: DiscoverableAuthentication = kept(question)?;
    let called = BASE64URL_NOPAD.encode(&given.raw_id);
    let found = passkey::called(&called).one(kontor.db.read()).await?;
    let row = found.filter(|row| is_theirs(row, held, given.get_user_unique_id())).ok_or_else(|| {
        tracing::info!(ip = %viewer.ip, "passkey unknown");
        refused(PasskeyFault::Unknown)
    })?;
    let mut known: Passkey = serde_json::from_str(&row.content).map_err(internal)?;
    let result: AuthenticationResult = party(kontor)?
        .finish_discoverable_authentication_v2(&given, state, DiscoverableKey::from(&known))
        .map_err(|error| fault(viewer, &error))?;
    if !result.user_verified() {
        return Err(refused(PasskeyFault::Unverified));
    }
    known.update_credential(&result);
    let content = serde_json::to_string(&known).map_err(internal)?;
    Ok((row, content))
}

/// Whether a passkey is of the account that is asked, and the device says the same (WebAuthn Level 3, 7.2 step 6): where
/// nobody is known yet the device has to say whose it is.
fn is_theirs(row: &passkey::Model, held: Option<Held>, said: Option<&[u8]>) -> bool {
    let says = said.map(|handle| handle == row.account_id.0.as_bytes());
    match held {
        None => says == Some(true),
        Some((_, account)) => row.account_id == account && says != Some(false),
    }
}

//! The second factor: time-based codes (RFC 6238) and recovery codes; and showing again who one is.

use crate::{
    Error, Issue, Refusal,
    account::{
        Qr, SecondFactorSetup, password,
        rows::{account, recovery_code, session},
        service::passkey,
    },
    kernel::{
        Kontor,
        actor::{SessionInfo, Viewer},
        error::internal,
        id::{AccountId, SessionId},
        secret::hash_token,
    },
};
use qrcodegen::{QrCode, QrCodeEcc};
use sea_orm::{ActiveValue::Set, ConnectionTrait, EntityTrait};
use totp_rs::{Builder, Totp};

/// The purpose under which a TOTP secret is sealed.
fn purpose(account: AccountId) -> String {
    format!("totp:{account}")
}

/// Seconds for which a code stands; one step before and after is accepted for clocks that differ.
const STEP: u64 = 30;

/// SHA-1, six digits, 30 seconds: what every authenticator app understands. Our own secrets have the 160 bits that
/// RFC 4226 recommends; the builder's length check is passed over because the demo's well-known secret has 80.
fn totp(secret: Vec<u8>, email: &str) -> Totp {
    Builder::new()
        .with_secret(secret)
        .with_step_duration(STEP)
        .with_account_name(email.replace(':', " "))
        .with_issuer(Some("Kontor"))
        .build_noncompliant()
}

/// The time step whose code was given, if it is one of the accepted and later than the last one used: a code works
/// once.
fn step_of(totp: &Totp, code: &str, now_ms: i64, last_step: i64) -> Option<i64> {
    let now_step = now_ms / 1000 / STEP as i64;
    (now_step - 1..=now_step + 1)
        .find(|step| *step > last_step && totp.generate((*step * STEP as i64) as u64).to_string() == code)
}

/// Begins setting up: makes a secret and answers what the authenticator app needs. In force after
/// [`confirm_second_factor`].
pub async fn begin_second_factor(kontor: &Kontor, viewer: &Viewer) -> Result<SecondFactorSetup, Error> {
    let me = viewer.signed_in()?;
    let tx = kontor.db.begin().await?;
    let person = account::by_id(&tx, me.account).await?.ok_or(Error::NotFound)?;
    // Of the account, not of this session: a provider of single sign-on may have vouched for another one.
    if person.totp_on {
        return Err(Refusal::SecondFactorOn.into());
    }
    beside_passkeys(kontor, &tx, me, &person).await?;
    // A reload of the page shows the same secret, not another one.
    let secret = match &person.totp_secret {
        Some(sealed) => kontor.secrets.open(&purpose(me.account), sealed)?,
        None => {
            let mut secret = vec![0u8; 20];
            kontor.random.fill(&mut secret);
            store_secret(kontor, &tx, me.account, &secret).await?;
            secret
        }
    };
    tx.commit().await?;
    let text = data_encoding::BASE32_NOPAD.encode(&secret);
    let recovery = recovery_codes(kontor, me.account, &secret);
    let url = totp(secret, &me.email).to_url().map_err(internal)?;
    let qr = qr(&url)?;
    Ok(SecondFactorSetup { secret: text, url, qr, recovery })
}

/// Who has a passkey shows it before another second factor is set up: the password alone must not open what the passkey
/// guards.
async fn beside_passkeys(
    kontor: &Kontor,
    tx: &impl ConnectionTrait,
    me: &SessionInfo,
    person: &account::Model,
) -> Result<(), Error> {
    match person.passkeys {
        0 => Ok(()),
        _ => passkey::prove(kontor, tx, me, person).await,
    }
}

/// Draws an address for a camera (ISO/IEC 18004, error correction level M).
fn qr(text: &str) -> Result<Qr, Error> {
    const MARGIN: i32 = 4;
    let code = QrCode::encode_text(text, QrCodeEcc::Medium).map_err(internal)?;
    let squares = (0..code.size()).flat_map(|y| (0..code.size()).map(move |x| (x, y)));
    let path = squares
        .filter(|(x, y)| code.get_module(*x, *y))
        .map(|(x, y)| format!("M{} {}h1v1h-1z", x + MARGIN, y + MARGIN))
        .collect();
    Ok(Qr { size: code.size() + 2 * MARGIN, path })
}

/// Seals and stores a secret that is not in force yet.
async fn store_secret(
    kontor: &Kontor,
    tx: &impl ConnectionTrait,
    id: AccountId,
    secret: &[u8],
) -> Result<(), Error> {
    let sealed = kontor.secrets.seal(kontor.random.as_ref(), &purpose(id), secret)?;
    let change = account::ActiveModel { id: Set(id), totp_secret: Set(Some(sealed)), ..Default::default() };
    account::Entity::update(change).exec(tx).await?;
    Ok(())
}

/// Puts a secret that is known outside in force: for the person of the demo who has a second factor (design.md
/// section 4). Recovery codes there are none.
pub async fn preset_second_factor(
    kontor: &Kontor,
    tx: &impl ConnectionTrait,
    id: AccountId,
    secret: &[u8],
) -> Result<(), Error> {
    store_secret(kontor, tx, id, secret).await?;
    let change = account::ActiveModel { id: Set(id), totp_on: Set(true), ..Default::default() };
    account::Entity::update(change).exec(tx).await?;
    Ok(())
}

/// Puts the second factor in force with a first code, and with it the recovery codes shown before.
pub async fn confirm_second_factor(kontor: &Kontor, viewer: &Viewer, code: &str) -> Result<(), Error> {
    let me = viewer.signed_in()?;
    let tx = kontor.db.begin().await?;
    let person = account::by_id(&tx, me.account).await?.ok_or(Error::NotFound)?;
    if person.totp_on {
        return Err(Refusal::SecondFactorOn.into());
    }
    beside_passkeys(kontor, &tx, me, &person).await?;
    let sealed = person.totp_secret.as_deref().ok_or(Refusal::SecondFactorOff)?;
    let secret = kontor.secrets.open(&purpose(me.account), sealed)?;
    let totp = totp(secret.clone(), &me.email);
    let step =
        step_of(&totp, &digits(code), kontor.now().0, 0).ok_or(Error::field("code", Issue::WrongCode))?;
    let change = account::ActiveModel {
        id: Set(me.account),
        totp_on: Set(true),
        totp_last_step: Set(step),
        ..Default::default()
    };
    account::Entity::update(change).exec(&tx).await?;
    let codes = recovery_codes(kontor, me.account, &secret);
    recovery_code::replace(&tx, me.account, codes.iter().map(|c| hash_token(c)).collect()).await?;
    session::freshen(&tx, me.id, kontor.now(), true).await?;
    tx.commit().await?;
    tracing::info!(account = %me.account, "second factor set up");
    Ok(())
}

/// Ten recovery codes that belong to a secret: made from it and the installation's key, so that the page can show them
/// before they are in force, and again after a reload. Ten characters each, 50 bits.
fn recovery_codes(kontor: &Kontor, account: AccountId, secret: &[u8]) -> Vec<String> {
    let secret = data_encoding::HEXLOWER.encode(secret);
    (0..10)
        .map(|n| {
            let derived = kontor.secrets.derive("recovery", &format!("{account}:{secret}:{n}"));
            let bits = u64::from_str_radix(&hash_token(&derived)[..13], 16).unwrap_or(0);
            let code: String =
                (0..10).map(|i| char::from(LETTERS[(bits >> (5 * i) & 31) as usize])).collect();
            format!("{}-{}", &code[..5], &code[5..])
        })
        .collect()
}

/// Letters and digits without look-alikes.
const LETTERS: &[u8; 32] = b"abcdefghjkmnpqrstuvwxyz234567890";

/// Takes the second factor away again; the password is asked for.
pub async fn drop_second_factor(kontor: &Kontor, viewer: &Viewer, given: &str) -> Result<(), Error> {
    let me = viewer.signed_in()?;
    let person = account::by_id(kontor.db.read(), me.account).await?.ok_or(Error::NotFound)?;
    if !password::verify(kontor, given, person.password_hash.as_deref()).await? {
        return Err(Error::field(
            "password",
            if given.is_empty() { Issue::Required } else { Issue::WrongPassword },
        ));
    }
    let tx = kontor.db.begin().await?;
    let change = account::ActiveModel {
        id: Set(me.account),
        totp_on: Set(false),
        totp_secret: Set(None),
        totp_last_step: Set(0),
        ..Default::default()
    };
    account::Entity::update(change).exec(&tx).await?;
    recovery_code::replace(&tx, me.account, Vec::new()).await?;
    tx.commit().await?;
    tracing::info!(account = %me.account, "second factor taken away");
    Ok(())
}

fn digits(code: &str) -> String {
    code.chars().filter(|c| !c.is_whitespace()).collect()
}

/// Checks a code, or a recovery code, and marks it as used, inside the caller's transaction.
async fn use_code(
    kontor: &Kontor,
    tx: &impl ConnectionTrait,
    person: &account::Model,
    code: &str,
) -> Result<(), Error> {
    let given = digits(code);
    if given.is_empty() {
        return Err(Error::field("code", Issue::Required));
    }
    let sealed = person.totp_secret.as_deref().filter(|_| person.totp_on).ok_or(Refusal::SecondFactorOff)?;
    let totp = totp(kontor.secrets.open(&purpose(person.id), sealed)?, &person.email);
    if let Some(step) = step_of(&totp, &given, kontor.now().0, person.totp_last_step)
        && account::use_step(tx, person.id, step).await?
    {
        return Ok(());
    }
    if recovery_code::take(tx, person.id, &hash_token(&given.to_lowercase()), kontor.now()).await? {
        tracing::info!(account = %person.id, "recovery code used");
        return Ok(());
    }
    Err(Error::field("code", Issue::WrongCode))
}

/// Completes a sign-in that waits for the second factor.
pub async fn pass_second_factor(
    kontor: &Kontor,
    session: SessionId,
    account: AccountId,
    code: &str,
) -> Result<(), Error> {
    let tx = kontor.db.begin().await?;
    let person = account::by_id(&tx, account).await?.ok_or(Error::NotFound)?;
    use_code(kontor, &tx, &person, code).await?;
    session::freshen(&tx, session, kontor.now(), true).await?;
    tx.commit().await?;
    Ok(())
}

/// Shows again who one is, by second factor where `code` is given, else by password; the session counts as fresh from
/// now.
pub async fn step_up(kontor: &Kontor, viewer: &Viewer, given: &str, code: &str) -> Result<(), Error> {
    let me = viewer.signed_in()?;
    let person = account::by_id(kontor.db.read(), me.account).await?.ok_or(Error::NotFound)?;
    let by_factor = !code.trim().is_empty();
    if !by_factor && !password::verify(kontor, given, person.password_hash.as_deref()).await? {
        return Err(Error::field(
            "password",
            if given.is_empty() { Issue::Required } else { Issue::WrongPassword },
        ));
    }
    let tx = kontor.db.begin().await?;
    if by_factor {
        use_code(kontor, &tx, &person, code).await?;
    }
    session::freshen(&tx, me.id, kontor.now(), by_factor).await?;
    tx.commit().await?;
    Ok(())
}

//! Forgetting, setting and changing a password.

use super::{session as open_session, sign_up::mark_confirmed};
use crate::{
    Error, Issue, Problems, Refusal,
    account::{
        LinkKind, password,
        rows::{account, session},
        service::{make_link, use_link},
    },
    kernel::{
        Kontor,
        actor::Viewer,
        id::AccountId,
        text::{self, email_key},
    },
    notification::{self, Mail, service::Recipient},
};
use sea_orm::{ActiveValue::Set, DatabaseTransaction, EntityTrait};

/// Sends a reset link if there is such an account. The answer is the same in both cases.
pub async fn request_reset(kontor: &Kontor, email: &str) -> Result<(), Error> {
    let email = text::email(email).map_err(|issue| Error::field("email", issue))?;
    let tx = kontor.db.begin().await?;
    if let Some(person) = account::by_email_key(&tx, &email_key(&email)).await? {
        let link = make_link(kontor, &tx, person.id, LinkKind::Reset).await?;
        let to = Recipient { email: person.email, locale: person.locale };
        notification::service::write(kontor, &tx, to, &Mail::ResetPassword { link }).await?;
    }
    tx.commit().await?;
    Ok(())
}

/// Sets a new password by the link sent; every session of the account ends, and its owner is told.
pub async fn reset_password(kontor: &Kontor, token: &str, new_password: &str) -> Result<(), Error> {
    password::check(new_password).map_err(|issue| Error::field("new_password", issue))?;
    let hash = password::hash(kontor, new_password).await?;
    let tx = kontor.db.begin().await?;
    let person = use_link(kontor, &tx, LinkKind::Reset, token).await?;
    mark_confirmed(kontor, &tx, person.id).await?;
    set(kontor, &tx, &person, hash).await?;
    session::end(&tx, person.id, None, None).await?;
    tx.commit().await?;
    Ok(())
}

/// Sets the first password by the activation link and signs in: answers the session's token.
pub async fn activate(
    kontor: &Kontor,
    viewer: &Viewer,
    token: &str,
    new_password: &str,
) -> Result<String, Error> {
    password::check(new_password).map_err(|issue| Error::field("new_password", issue))?;
    let hash = password::hash(kontor, new_password).await?;
    let tx = kontor.db.begin().await?;
    let person = use_link(kontor, &tx, LinkKind::Activate, token).await?;
    if let Some(provider) = crate::identity::service::required_provider(&tx, &person).await? {
        return Err(Refusal::ProviderRequired { provider }.into());
    }
    mark_confirmed(kontor, &tx, person.id).await?;
    let change =
        account::ActiveModel { id: Set(person.id), password_hash: Set(Some(hash)), ..Default::default() };
    account::Entity::update(change).exec(&tx).await?;
    crate::organisation::service::joined(kontor, &tx, person.id).await?;
    let token = open_session::open(kontor, &tx, viewer, person.id, false).await?;
    tx.commit().await?;
    tracing::info!(account = %person.id, ip = %viewer.ip, "account activated");
    Ok(token)
}

/// Changes the viewer's own password; their other sessions end, and they are told by mail.
pub async fn change_password(
    kontor: &Kontor,
    viewer: &Viewer,
    current: &str,
    new_password: &str,
) -> Result<(), Error> {
    let me = viewer.signed_in()?;
    let person = account::by_id(kontor.db.read(), me.account).await?.ok_or(Error::NotFound)?;
    let mut problems = Problems::new();
    if !password::verify(kontor, current, person.password_hash.as_deref()).await? {
        problems.add("password", if current.is_empty() { Issue::Required } else { Issue::WrongPassword });
    }
    problems.take("new_password", password::check(new_password));
    problems.finish()?;
    let hash = password::hash(kontor, new_password).await?;
    let tx = kontor.db.begin().await?;
    set(kontor, &tx, &person, hash).await?;
    session::end(&tx, person.id, None, Some(me.id)).await?;
    tx.commit().await?;
    Ok(())
}

async fn set(
    kontor: &Kontor,
    tx: &DatabaseTransaction,
    person: &account::Model,
    hash: String,
) -> Result<(), Error> {
    let id: AccountId = person.id;
    let change = account::ActiveModel { id: Set(id), password_hash: Set(Some(hash)), ..Default::default() };
    account::Entity::update(change).exec(tx).await?;
    let to = Recipient { email: person.email.clone(), locale: person.locale };
    notification::service::write(kontor, tx, to, &Mail::PasswordChanged { link: kontor.url("/reset") })
        .await?;
    tracing::info!(account = %id, "password set");
    Ok(())
}

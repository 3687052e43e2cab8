//! Making an account and confirming its address.

use super::session;
use crate::{
    Error, Problems, Refusal,
    account::{
        LinkKind, password,
        rows::account,
        service::{make_link, use_link},
    },
    kernel::{
        Kontor,
        actor::{SessionInfo, Viewer},
        error::is_unique_violation,
        id::AccountId,
        locale::Theme,
        text::{self, email_key},
    },
    notification::{self, Mail, service::Recipient},
};
use sea_orm::{ActiveValue::Set, ConnectionTrait, EntityTrait};

/// Makes an account; its link is on its way. If the address has an account already, its owner is told by mail instead.
/// Either way nobody is signed in, and who asks sees the same: nobody learns who has an account. What is answered is
/// for the rest of the request only, such as sending the application that was typed with it.
pub async fn sign_up(
    kontor: &Kontor,
    viewer: &Viewer,
    email: &str,
    new_password: &str,
) -> Result<Option<SessionInfo>, Error> {
    let mut problems = Problems::new();
    let email = problems.take("email", text::email(email));
    problems.take("password", password::check(new_password));
    problems.finish()?;
    // Hashed in both cases, so that both take equally long.
    let hash = password::hash(kontor, new_password).await?;
    let tx = kontor.db.begin().await?;
    if let Some(known) = account::by_email_key(&tx, &email_key(&email)).await? {
        let content = Mail::AlreadyRegistered { link: kontor.url("/signin") };
        let to = Recipient { email: known.email, locale: known.locale };
        notification::service::write(kontor, &tx, to, &content).await?;
        tx.commit().await?;
        return Ok(None);
    }
    let row = account::Model {
        id: kontor.id(),
        email_key: email_key(&email),
        email,
        first_name: String::new(),
        last_name: String::new(),
        password_hash: Some(hash),
        locale: viewer.locale,
        locale_chosen: false,
        theme: Theme::System,
        confirmed_at: None,
        totp_secret: None,
        totp_on: false,
        totp_last_step: 0,
        passkeys: 0,
        suspended: false,
        created_at: kontor.now(),
    };
    let person = row.clone();
    let active: account::ActiveModel = row.into();
    match account::Entity::insert(active).exec_without_returning(&tx).await {
        Ok(_) => {}
        // The same address signed up in this very moment: that one has it.
        Err(error) if is_unique_violation(&error) => return Ok(None),
        Err(error) => return Err(error.into()),
    }
    send_confirmation(kontor, &tx, &person).await?;
    tx.commit().await?;
    tracing::info!(account = %person.id, ip = %viewer.ip, "account made");
    Ok(Some(SessionInfo {
        // Of no session: none was opened.
        id: kontor.id(),
        account: person.id,
        email: person.email,
        name: String::new(),
        confirmed: false,
        second_factor: false,
        fresh_at: kontor.now(),
        fresh_by_factor: false,
    }))
}

async fn send_confirmation(
    kontor: &Kontor,
    tx: &impl ConnectionTrait,
    person: &account::Model,
) -> Result<(), Error> {
    let link = make_link(kontor, tx, person.id, LinkKind::Confirm).await?;
    let to = Recipient { email: person.email.clone(), locale: person.locale };
    notification::service::write(kontor, tx, to, &Mail::ConfirmEmail { link }).await
}

/// Sends the viewer another confirmation link; the older ones stop working.
pub async fn resend_confirmation(kontor: &Kontor, viewer: &Viewer) -> Result<(), Error> {
    let me = viewer.signed_in()?;
    let tx = kontor.db.begin().await?;
    let person = account::by_id(&tx, me.account).await?.ok_or(Error::NotFound)?;
    if person.confirmed_at.is_none() {
        send_confirmation(kontor, &tx, &person).await?;
    }
    tx.commit().await?;
    Ok(())
}

/// Confirms an address by the link sent to it, and signs its owner in: answers the session's token, unless this browser
/// is signed in as them already, or a second factor stands before it. An application that waited for it is submitted
/// in the same transaction.
pub async fn confirm(kontor: &Kontor, viewer: &Viewer, token: &str) -> Result<Option<String>, Error> {
    let tx = kontor.db.begin().await?;
    let person = use_link(kontor, &tx, LinkKind::Confirm, token).await?;
    mark_confirmed(kontor, &tx, person.id).await?;
    let here = viewer.session.as_ref().is_some_and(|session| session.account == person.id);
    // Whose organisation has them sign in through its provider is not signed in past it.
    let elsewhere = crate::identity::service::required_provider(&tx, &person).await?.is_some();
    let token = match here || elsewhere || person.totp_on {
        true => None,
        false => Some(session::open(kontor, &tx, viewer, person.id, false).await?),
    };
    tx.commit().await?;
    tracing::info!(account = %person.id, "address confirmed");
    Ok(token)
}

/// Notes that the account's owner reads its mailbox: by a confirmation, reset or activation link.
pub(crate) async fn mark_confirmed(
    kontor: &Kontor,
    tx: &sea_orm::DatabaseTransaction,
    id: AccountId,
) -> Result<(), Error> {
    let person = account::by_id(tx, id).await?.ok_or(Error::NotFound)?;
    if person.suspended {
        return Err(Refusal::AccountSuspended.into());
    }
    if person.confirmed_at.is_none() {
        let change =
            account::ActiveModel { id: Set(id), confirmed_at: Set(Some(kontor.now())), ..Default::default() };
        account::Entity::update(change).exec(tx).await?;
        crate::application::service::confirmed(kontor, tx, id).await?;
    }
    Ok(())
}

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
        actor::Viewer,
        error::is_unique_violation,
        id::AccountId,
        locale::Theme,
        text::{self, email_key},
    },
    notification::{self, Mail, service::Recipient},
};
use sea_orm::{ActiveValue::Set, ConnectionTrait, EntityTrait};

/// Makes an account and signs it in. If the address has an account already, its owner is told by mail and the answer
/// is the same but without a session: nobody learns who has an account.
pub async fn sign_up(
    kontor: &Kontor,
    viewer: &Viewer,
    email: &str,
    new_password: &str,
) -> Result<Option<String>, Error> {
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
    let token = session::open(kontor, &tx, viewer, person.id, false).await?;
    tx.commit().await?;
    tracing::info!(account = %person.id, ip = %viewer.ip, "account made");
    Ok(Some(token))
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

/// Confirms an address by the link sent to it. An application that waited for it is submitted in the same
/// transaction.
pub async fn confirm(kontor: &Kontor, token: &str) -> Result<(), Error> {
    let tx = kontor.db.begin().await?;
    let person = use_link(kontor, &tx, LinkKind::Confirm, token).await?;
    mark_confirmed(kontor, &tx, person.id).await?;
    tx.commit().await?;
    tracing::info!(account = %person.id, "address confirmed");
    Ok(())
}

/// Notes that the account's owner reads its mailbox: by a confirmation, reset or activation link.
pub(super) async fn mark_confirmed(
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

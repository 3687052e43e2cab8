//! Accounts made for other people: they get a link to set a password, nobody ever sets one for them (R3.2).

use crate::{
    Error,
    account::{
        LinkKind,
        rows::{account, session},
        service::make_link,
    },
    application::rows::application,
    kernel::{
        Kontor,
        id::AccountId,
        locale::{Locale, Theme},
        text::email_key,
    },
};
use sea_orm::{ActiveValue::Set, ConnectionTrait, EntityTrait};

/// A person somebody else names.
#[derive(Debug, Clone)]
pub struct NewPerson {
    /// A checked address (`kernel::text::email`).
    pub email: String,
    /// First name.
    pub first_name: String,
    /// Last name.
    pub last_name: String,
    /// The language to write to them in.
    pub locale: Locale,
}

/// Whose address it is, if anybody's.
pub async fn find_by_email(db: &impl ConnectionTrait, email: &str) -> Result<Option<account::Model>, Error> {
    Ok(account::by_email_key(db, &email_key(email)).await?)
}

/// Takes an account that nobody ever confirmed from whoever made it, for the person it is now made for: its password,
/// its second factor, its sessions and the applications that waited for it are gone, and the name is the new one.
pub async fn reclaim(
    tx: &impl ConnectionTrait,
    id: AccountId,
    first_name: &str,
    last_name: &str,
) -> Result<(), Error> {
    let change = account::ActiveModel {
        id: Set(id),
        first_name: Set(first_name.to_owned()),
        last_name: Set(last_name.to_owned()),
        password_hash: Set(None),
        totp_secret: Set(None),
        totp_on: Set(false),
        ..Default::default()
    };
    account::Entity::update(change).exec(tx).await?;
    session::end(tx, id, None, None).await?;
    application::drop_unconfirmed(tx, id).await?;
    Ok(())
}

/// The account of a person, made if there is none, inside the caller's transaction. A person without a password gets
/// a link of [`LinkKind::Activate`], answered for the caller's mail.
pub async fn invite(
    kontor: &Kontor,
    tx: &impl ConnectionTrait,
    person: NewPerson,
) -> Result<(AccountId, Option<String>), Error> {
    let (id, has_password) = match find_by_email(tx, &person.email).await? {
        Some(known) => (known.id, known.password_hash.is_some()),
        None => (make(kontor, tx, person).await?, false),
    };
    let link = match has_password {
        true => None,
        false => Some(make_link(kontor, tx, id, LinkKind::Activate).await?),
    };
    Ok((id, link))
}

/// Makes the account of somebody who has none, without a password, inside the caller's transaction.
pub(crate) async fn make(
    kontor: &Kontor,
    tx: &impl ConnectionTrait,
    person: NewPerson,
) -> Result<AccountId, Error> {
    let row = account::Model {
        id: kontor.id(),
        email_key: email_key(&person.email),
        email: person.email,
        first_name: person.first_name,
        last_name: person.last_name,
        password_hash: None,
        locale: person.locale,
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
    let id = row.id;
    let active: account::ActiveModel = row.into();
    account::Entity::insert(active).exec_without_returning(tx).await?;
    Ok(id)
}

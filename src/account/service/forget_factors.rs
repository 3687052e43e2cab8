//! For whoever has lost all their second factors: the operator takes them away (`kontor user forget-factors`).

use crate::{
    Error,
    account::{
        rows::{account, passkey, recovery_code, session},
        service::find_by_email,
    },
    kernel::Kontor,
    notification::{self, Mail, service::Recipient},
};
use sea_orm::{ActiveValue::Set, EntityTrait};

/// Takes codes, recovery codes and passkeys from the account of an address, and ends its sessions; its owner is told. The
/// password stays. `NotFound` if there is no such account.
pub async fn forget_factors(kontor: &Kontor, email: &str) -> Result<(), Error> {
    let tx = kontor.db.begin().await?;
    let person = find_by_email(&tx, email.trim()).await?.ok_or(Error::NotFound)?;
    let change = account::ActiveModel {
        id: Set(person.id),
        totp_on: Set(false),
        totp_secret: Set(None),
        totp_last_step: Set(0),
        passkeys: Set(0),
        ..Default::default()
    };
    account::Entity::update(change).exec(&tx).await?;
    recovery_code::replace(&tx, person.id, Vec::new()).await?;
    passkey::remove_all(&tx, person.id).await?;
    session::end(&tx, person.id, None, None).await?;
    let to = Recipient { email: person.email, locale: person.locale };
    let mail = Mail::FactorsForgotten { link: kontor.url("/account") };
    notification::service::write(kontor, &tx, to, &mail).await?;
    tx.commit().await?;
    tracing::info!(account = %person.id, "second factors and passkeys taken away by the operator");
    Ok(())
}

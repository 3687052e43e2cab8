//! An invited person has set a password.

use crate::{
    Error,
    kernel::{Kontor, id::AccountId},
    organisation::rows::member,
};
use sea_orm::DatabaseTransaction;

/// Turns the person's invitations into places, inside the caller's transaction.
pub async fn joined(_kontor: &Kontor, tx: &DatabaseTransaction, account: AccountId) -> Result<(), Error> {
    member::accept_invitations(tx, account).await?;
    Ok(())
}

//! The applicant's address is confirmed: the clock starts.

use crate::{
    Error,
    kernel::{Kontor, id::AccountId},
};
use sea_orm::DatabaseTransaction;

/// Submits what the account sent before its address was confirmed.
pub async fn confirmed(
    _kontor: &Kontor,
    _tx: &DatabaseTransaction,
    _account: AccountId,
) -> Result<(), Error> {
    Ok(())
}

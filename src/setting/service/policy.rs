//! The policies in force.

use crate::{
    Error,
    kernel::Kontor,
    setting::{Policy, rows::setting},
};
use sea_orm::ConnectionTrait;

/// The policies in force: the defaults with what was changed. Read on use, so that a change holds at once on every
/// node.
pub async fn policy(kontor: &Kontor, db: &impl ConnectionTrait) -> Result<Policy, Error> {
    let mut policy = Policy::defaults(kontor.programme.demo);
    for row in setting::all(db).await? {
        if !policy.set(&row.key, &row.value) {
            tracing::warn!(key = %row.key, "unknown setting in the database");
        }
    }
    Ok(policy)
}

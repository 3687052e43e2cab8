//! What the customer's super admin does with one person: role, handing over, password, deletion. None of it can be delegated
//! (domain.md section 6).

mod delete;
mod factor;
mod role;
#[cfg(test)]
mod tests;
mod view;

pub use delete::delete_user;
pub use factor::{factor_rule, require_second_factor};
pub use role::{change_role, hand_over, reset_password};
pub use view::person;

use crate::{
    Error,
    kernel::{actor::Actor, id::MemberId},
    organisation::rows::{member, organisation},
};
use sea_orm::DatabaseTransaction;

/// A person of the actor's organisation, whose row is locked: whoever changes who may do what in it waits here. `StaleVersion` if the
/// person was changed since the form was made.
async fn locked(
    tx: &DatabaseTransaction,
    actor: &Actor,
    user: MemberId,
    version: Option<i64>,
) -> Result<member::Model, Error> {
    organisation::locked(tx, actor.org).await?.ok_or(Error::NotFound)?;
    let row = member::by_id(tx, actor.org, user).await?.ok_or(Error::NotFound)?;
    match version.is_some_and(|version| version != row.version) {
        true => Err(Error::StaleVersion),
        false => Ok(row),
    }
}

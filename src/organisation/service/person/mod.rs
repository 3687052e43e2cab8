//! What is done with one person. Role, handing over, password and deletion are the customer's super admin's and cannot be delegated
//! (domain.md section 6); licence and further addresses can.

mod alias;
mod delete;
mod factor;
mod licence;
mod role;
#[cfg(test)]
mod tests;
mod view;

pub(super) use alias::free_address;
pub use alias::{add_alias, remove_alias};
pub use delete::delete_user;
pub use factor::{factor_rule, require_second_factor};
pub use licence::{give_licence, take_licence};
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

//! Groups of an organisation's people.

mod edit;
mod people;
#[cfg(test)]
mod tests;
mod view;

pub use edit::{delete_group, edit_group, make_group};
pub use people::{join_group, leave_group};
pub use view::{group, groups};

use crate::{
    Error,
    kernel::{actor::Actor, id::GroupId},
    organisation::rows::{group as rows, organisation},
};
use sea_orm::DatabaseTransaction;

/// A group of the actor's organisation, whose row is locked: addresses, and who is in a group, are changed one after the other.
async fn locked(tx: &DatabaseTransaction, actor: &Actor, id: GroupId) -> Result<rows::Model, Error> {
    organisation::locked(tx, actor.org).await?.ok_or(Error::NotFound)?;
    rows::by_id(tx, actor.org, id).await?.ok_or(Error::NotFound)
}

//! The list of groups, and one of them.

use crate::{
    Error,
    kernel::{
        Kontor,
        actor::Actor,
        id::{GroupId, MemberId},
        right::Feature,
    },
    organisation::{
        GroupRow, GroupView, GroupsPage, MAX_GROUPS, UsersQuery,
        rows::{address, group as rows, group::group_member},
        service::users,
    },
};
use sea_orm::ConnectionTrait;
use std::collections::HashMap;

/// All groups of the actor's organisation.
pub async fn groups(kontor: &Kontor, actor: &Actor) -> Result<GroupsPage, Error> {
    actor.require(Feature::UsersView)?;
    let db = kontor.db.read();
    let found = rows::of_org(db, actor.org, u64::from(MAX_GROUPS)).await?;
    Ok(GroupsPage {
        org: actor.org,
        rows: shown(db, found).await?,
        may: actor.may(Feature::GroupsEdit),
        request_key: kontor.token(),
    })
}

/// A group of the actor's organisation and a page of the people in it, after one of them or before.
pub async fn group(
    kontor: &Kontor,
    actor: &Actor,
    id: GroupId,
    (after, before): (Option<MemberId>, Option<MemberId>),
) -> Result<GroupView, Error> {
    actor.require(Feature::UsersView)?;
    let db = kontor.db.read();
    let row = rows::by_id(db, actor.org, id).await?.ok_or(Error::NotFound)?;
    let group = shown(db, vec![row]).await?.pop().ok_or(Error::NotFound)?;
    let query = UsersQuery { group: Some(id), after, before, ..UsersQuery::default() };
    let page = users(kontor, actor, query).await?;
    Ok(GroupView {
        org: actor.org,
        group,
        people: page.rows,
        after: page.after,
        before: page.before,
        may: actor.may(Feature::GroupsEdit),
    })
}

async fn shown(db: &impl ConnectionTrait, found: Vec<rows::Model>) -> Result<Vec<GroupRow>, Error> {
    let ids: Vec<GroupId> = found.iter().map(|row| row.id).collect();
    let people: HashMap<GroupId, i64> = group_member::counts(db, ids.clone()).await?.into_iter().collect();
    let mut addresses: HashMap<GroupId, String> = address::of_groups(db, ids).await?.into_iter().collect();
    let row = |row: rows::Model| GroupRow {
        people: people.get(&row.id).copied().unwrap_or_default(),
        address: addresses.remove(&row.id),
        id: row.id,
        name: row.name,
        description: row.description,
        version: row.version,
    };
    Ok(found.into_iter().map(row).collect())
}

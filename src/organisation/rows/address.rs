//! Addresses of an organisation besides those people sign in by: a person's further ones, and those of groups.

use crate::kernel::{id::*, instant::*};
use sea_orm::{QueryOrder, entity::prelude::*};

#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "org_address")]
#[expect(missing_docs, reason = "columns are named by the terms of design.md section 1")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub org_id: OrgId,
    /// Folded (`kernel::text::email_key`).
    #[sea_orm(primary_key, auto_increment = false)]
    pub address: String,
    pub member_id: Option<MemberId>,
    pub group_id: Option<GroupId>,
    pub created_at: Instant,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}

/// Those among addresses that an organisation has given.
pub async fn among(
    db: &impl ConnectionTrait,
    org: OrgId,
    addresses: Vec<String>,
) -> Result<Vec<Model>, DbErr> {
    if addresses.is_empty() {
        return Ok(Vec::new());
    }
    Entity::find().filter(Column::OrgId.eq(org)).filter(Column::Address.is_in(addresses)).all(db).await
}
/// A person's further addresses.
pub async fn of_member(db: &impl ConnectionTrait, member: MemberId) -> Result<Vec<String>, DbErr> {
    let found = Entity::find().filter(Column::MemberId.eq(member)).order_by_asc(Column::Address);
    Ok(found.all(db).await?.into_iter().map(|row| row.address).collect())
}
/// The addresses of groups.
pub async fn of_groups(
    db: &impl ConnectionTrait,
    groups: Vec<GroupId>,
) -> Result<Vec<(GroupId, String)>, DbErr> {
    if groups.is_empty() {
        return Ok(Vec::new());
    }
    let found = Entity::find().filter(Column::GroupId.is_in(groups)).all(db).await?;
    Ok(found.into_iter().filter_map(|row| Some((row.group_id?, row.address))).collect())
}
/// Takes an address from a person; false if it was not theirs.
pub async fn take_from(
    tx: &impl ConnectionTrait,
    org: OrgId,
    member: MemberId,
    address: &str,
) -> Result<bool, DbErr> {
    let gone = Entity::delete_many()
        .filter(Column::OrgId.eq(org))
        .filter(Column::Address.eq(address))
        .filter(Column::MemberId.eq(member))
        .exec(tx)
        .await?;
    Ok(gone.rows_affected == 1)
}
/// Takes all addresses from a person.
pub async fn forget_member(tx: &impl ConnectionTrait, member: MemberId) -> Result<(), DbErr> {
    Entity::delete_many().filter(Column::MemberId.eq(member)).exec(tx).await?;
    Ok(())
}
/// Takes all addresses from a group.
pub async fn forget_group(tx: &impl ConnectionTrait, group: GroupId) -> Result<(), DbErr> {
    Entity::delete_many().filter(Column::GroupId.eq(group)).exec(tx).await?;
    Ok(())
}

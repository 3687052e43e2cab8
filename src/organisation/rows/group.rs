//! Groups of an organisation's people, and who is in them.

use crate::kernel::{id::*, instant::*};
use sea_orm::{QueryOrder, QuerySelect, entity::prelude::*, sea_query::SelectStatement};

#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "user_group")]
#[expect(missing_docs, reason = "columns are named by the terms of design.md section 1")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: GroupId,
    pub org_id: OrgId,
    pub name: String,
    /// The folded name; an organisation has each once.
    pub sort_key: String,
    pub description: String,
    pub created_at: Instant,
    pub version: i64,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}

/// That a person is in a group.
pub mod group_member {
    use super::*;

    #[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
    #[sea_orm(table_name = "group_member")]
    #[expect(missing_docs, reason = "columns are named by the terms of design.md section 1")]
    pub struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub group_id: GroupId,
        #[sea_orm(primary_key, auto_increment = false)]
        pub member_id: MemberId,
        pub added_at: Instant,
    }

    #[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
    pub enum Relation {}

    impl ActiveModelBehavior for ActiveModel {}

    /// Who of these is in a group.
    pub async fn among(
        db: &impl ConnectionTrait,
        group: GroupId,
        people: Vec<MemberId>,
    ) -> Result<Vec<MemberId>, DbErr> {
        if people.is_empty() {
            return Ok(Vec::new());
        }
        let found = Entity::find().filter(Column::GroupId.eq(group)).filter(Column::MemberId.is_in(people));
        Ok(found.all(db).await?.into_iter().map(|row| row.member_id).collect())
    }
    /// How many people are in each of these groups; none for empty ones.
    pub async fn counts(
        db: &impl ConnectionTrait,
        groups: Vec<GroupId>,
    ) -> Result<Vec<(GroupId, i64)>, DbErr> {
        if groups.is_empty() {
            return Ok(Vec::new());
        }
        Entity::find()
            .select_only()
            .column(Column::GroupId)
            .column_as(Column::MemberId.count(), "people")
            .filter(Column::GroupId.is_in(groups))
            .group_by(Column::GroupId)
            .into_tuple()
            .all(db)
            .await
    }
    /// Takes a person out of a group; false if they were not in it.
    pub async fn remove(tx: &impl ConnectionTrait, group: GroupId, member: MemberId) -> Result<bool, DbErr> {
        Ok(Entity::delete_by_id((group, member)).exec(tx).await?.rows_affected == 1)
    }
    /// Takes a person out of all groups.
    pub async fn forget_member(tx: &impl ConnectionTrait, member: MemberId) -> Result<(), DbErr> {
        Entity::delete_many().filter(Column::MemberId.eq(member)).exec(tx).await?;
        Ok(())
    }
    /// Takes everybody out of a group.
    pub async fn empty(tx: &impl ConnectionTrait, group: GroupId) -> Result<(), DbErr> {
        Entity::delete_many().filter(Column::GroupId.eq(group)).exec(tx).await?;
        Ok(())
    }
}

/// The ids of the people in a group.
pub(super) fn people_of(group: GroupId) -> SelectStatement {
    use sea_orm::QueryTrait;
    let inside = group_member::Entity::find().select_only().column(group_member::Column::MemberId);
    inside.filter(group_member::Column::GroupId.eq(group)).into_query()
}
/// All groups of an organisation by name.
pub async fn of_org(db: &impl ConnectionTrait, org: OrgId, most: u64) -> Result<Vec<Model>, DbErr> {
    let all = Entity::find().filter(Column::OrgId.eq(org)).order_by_asc(Column::SortKey);
    all.limit(most).all(db).await
}
/// How many groups an organisation has.
pub async fn count(db: &impl ConnectionTrait, org: OrgId) -> Result<u64, DbErr> {
    Entity::find().filter(Column::OrgId.eq(org)).count(db).await
}
/// A group of an organisation.
pub async fn by_id(db: &impl ConnectionTrait, org: OrgId, id: GroupId) -> Result<Option<Model>, DbErr> {
    Entity::find_by_id(id).filter(Column::OrgId.eq(org)).one(db).await
}
/// A group of an organisation by its folded name.
pub async fn by_sort_key(
    db: &impl ConnectionTrait,
    org: OrgId,
    sort_key: &str,
) -> Result<Option<Model>, DbErr> {
    Entity::find().filter(Column::OrgId.eq(org)).filter(Column::SortKey.eq(sort_key)).one(db).await
}
/// The groups a person is in, by name.
pub async fn of_member(db: &impl ConnectionTrait, member: MemberId) -> Result<Vec<Model>, DbErr> {
    use sea_orm::QueryTrait;
    let inside = group_member::Entity::find().select_only().column(group_member::Column::GroupId);
    let inside = inside.filter(group_member::Column::MemberId.eq(member)).into_query();
    Entity::find().filter(Column::Id.in_subquery(inside)).order_by_asc(Column::SortKey).all(db).await
}
/// Takes an empty group away.
pub async fn remove(tx: &impl ConnectionTrait, org: OrgId, id: GroupId) -> Result<(), DbErr> {
    Entity::delete_by_id(id).filter(Column::OrgId.eq(org)).exec(tx).await?;
    Ok(())
}

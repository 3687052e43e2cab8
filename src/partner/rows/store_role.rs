//! A role that a partner made itself.

use super::*;
use sea_orm::QueryOrder;

#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "store_role")]
#[expect(missing_docs, reason = "columns are named by the terms of design.md section 1")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: StoreRoleId,
    pub partner_id: OrgId,
    pub name: String,
    /// The folded name, of which a partner has one.
    pub name_key: String,
    pub description: String,
    /// Keys of features, separated by blanks.
    pub features: String,
    pub version: i64,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}

/// A partner's own roles, by name.
pub async fn of_partner(db: &impl ConnectionTrait, partner: OrgId) -> Result<Vec<Model>, DbErr> {
    Entity::find().filter(Column::PartnerId.eq(partner)).order_by_asc(Column::NameKey).all(db).await
}
/// One of the partner's own roles, locked: whoever changes or deletes it.
pub async fn locked(
    tx: &impl ConnectionTrait,
    partner: OrgId,
    id: StoreRoleId,
) -> Result<Option<Model>, DbErr> {
    Entity::find_by_id(id).filter(Column::PartnerId.eq(partner)).lock_exclusive().one(tx).await
}
/// One of the partner's own roles, held as it is: whoever gives it to somebody.
pub async fn held(
    tx: &impl ConnectionTrait,
    partner: OrgId,
    id: StoreRoleId,
) -> Result<Option<Model>, DbErr> {
    Entity::find_by_id(id).filter(Column::PartnerId.eq(partner)).lock_shared().one(tx).await
}
/// The partner's own role of a folded name.
pub async fn by_name_key(
    db: &impl ConnectionTrait,
    partner: OrgId,
    name_key: &str,
) -> Result<Option<Model>, DbErr> {
    Entity::find().filter(Column::PartnerId.eq(partner)).filter(Column::NameKey.eq(name_key)).one(db).await
}

//! How freely a partner's customer changes its subscription. The row is of the two of them: another partner begins with the programme's
//! own rule.

use super::*;
use crate::subscription::authority::ChangeMode;

#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "change_rule")]
#[expect(missing_docs, reason = "columns are named by the terms of design.md section 1")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub org_id: OrgId,
    #[sea_orm(primary_key, auto_increment = false)]
    pub partner_id: OrgId,
    pub mode: ChangeMode,
    /// Most licences the customer reaches by itself, with [`ChangeMode::Free`].
    pub seats: i64,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}

/// What a partner laid down for a customer.
pub async fn between(db: &impl ConnectionTrait, org: OrgId, partner: OrgId) -> Result<Option<Model>, DbErr> {
    Entity::find_by_id((org, partner)).one(db).await
}

/// Lays it down.
pub async fn lay_down(tx: &impl ConnectionTrait, row: Model) -> Result<(), DbErr> {
    let again = sea_orm::sea_query::OnConflict::columns([Column::OrgId, Column::PartnerId])
        .update_columns([Column::Mode, Column::Seats])
        .to_owned();
    Entity::insert(ActiveModel::from(row)).on_conflict(again).exec_without_returning(tx).await?;
    Ok(())
}

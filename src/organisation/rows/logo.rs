//! Organisations' logos.

use crate::kernel::id::*;
use sea_orm::{QuerySelect, entity::prelude::*};

#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "organisation_logo")]
#[expect(missing_docs, reason = "columns are named by the terms of design.md section 1")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub org_id: OrgId,
    pub media_type: String,
    /// The beginning of the content's SHA-256, in hexadecimal: what an address names it by.
    pub digest: String,
    pub content: Vec<u8>,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}

/// An organisation's logo.
pub async fn of(db: &impl ConnectionTrait, org: OrgId) -> Result<Option<Model>, DbErr> {
    Entity::find_by_id(org).one(db).await
}

/// The digest of an organisation's logo, without the logo.
pub async fn digest(db: &impl ConnectionTrait, org: OrgId) -> Result<Option<String>, DbErr> {
    let only = Entity::find_by_id(org).select_only().column(Column::Digest);
    only.into_tuple().one(db).await
}

/// Takes an organisation's logo away.
pub async fn remove(tx: &impl ConnectionTrait, org: OrgId) -> Result<(), DbErr> {
    Entity::delete_by_id(org).exec(tx).await?;
    Ok(())
}

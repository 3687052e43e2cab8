//! Rows of this room, and the only places that read them.
#![allow(clippy::disallowed_methods, reason = "this is where queries are written")]

use super::{DomainStatus, Method};
use crate::kernel::{id::*, instant::*};
use sea_orm::entity::prelude::*;

/// A domain of an organisation.
pub mod domain {
    use super::*;

    #[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
    #[sea_orm(table_name = "domain")]
    #[expect(missing_docs, reason = "columns are named by the terms of design.md section 1")]
    pub struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub id: DomainId,
        pub org_id: OrgId,
        pub name: String,
        pub verified_name: Option<String>,
        pub is_primary: bool,
        pub status: DomainStatus,
        pub token: String,
        pub method: Option<Method>,
        pub verified_at: Option<Instant>,
        pub checked_at: Option<Instant>,
        pub check_stage: i32,
        pub last_check: Option<String>,
        pub created_at: Instant,
        pub version: i64,
    }

    #[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
    pub enum Relation {}

    impl ActiveModelBehavior for ActiveModel {}
    /// Who has verified the name.
    pub async fn owner(db: &impl ConnectionTrait, name: &str) -> Result<Option<Model>, DbErr> {
        Entity::find().filter(Column::VerifiedName.eq(name)).one(db).await
    }

    /// Whether an organisation has proven any domain.
    pub async fn any_verified(db: &impl ConnectionTrait, org: OrgId) -> Result<bool, DbErr> {
        let row =
            Entity::find().filter(Column::OrgId.eq(org)).filter(Column::VerifiedName.is_not_null()).one(db);
        Ok(row.await?.is_some())
    }
    /// An organisation's primary domain.
    pub async fn primary(db: &impl ConnectionTrait, org: OrgId) -> Result<Option<Model>, DbErr> {
        Entity::find().filter(Column::OrgId.eq(org)).filter(Column::IsPrimary.eq(true)).one(db).await
    }
}

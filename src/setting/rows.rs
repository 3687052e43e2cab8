//! Rows of this room, and the only places that read them.
#![allow(clippy::disallowed_methods, reason = "this is where queries are written")]

use crate::kernel::instant::*;
use sea_orm::entity::prelude::*;

/// One policy that differs from its default.
pub mod setting {
    use super::*;

    #[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
    #[sea_orm(table_name = "setting")]
    #[expect(missing_docs, reason = "columns are named by the terms of design.md section 1")]
    pub struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub key: String,
        pub value: String,
        pub updated_at: Instant,
        pub updated_by: String,
    }

    #[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
    pub enum Relation {}

    impl ActiveModelBehavior for ActiveModel {}

    /// Everything that differs from its default.
    pub async fn all(db: &impl sea_orm::ConnectionTrait) -> Result<Vec<Model>, DbErr> {
        Entity::find().all(db).await
    }
}

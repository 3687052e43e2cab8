//! Partner codes, and what was tried in vain.

use crate::kernel::{
    id::{AccountId, OrgId},
    instant::Instant,
};
use sea_orm::{QueryOrder, QuerySelect, entity::prelude::*};

#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "partner_code")]
#[expect(missing_docs, reason = "columns are named by the terms of design.md section 1")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub partner_id: OrgId,
    pub code: String,
    pub changed_at: Instant,
    pub version: i64,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}

/// A partner's code.
pub async fn of(db: &impl ConnectionTrait, partner: OrgId) -> Result<Option<Model>, DbErr> {
    Entity::find_by_id(partner).one(db).await
}

/// Whose code it is.
pub async fn find(db: &impl ConnectionTrait, code: &str) -> Result<Option<Model>, DbErr> {
    Entity::find().filter(Column::Code.eq(code)).one(db).await
}

/// Codes that somebody tried and nobody has.
pub mod guess {
    use super::*;

    #[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
    #[sea_orm(table_name = "code_guess")]
    #[expect(missing_docs, reason = "columns are named by the terms of design.md section 1")]
    pub struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub id: Uuid,
        pub account_id: AccountId,
        pub at: Instant,
    }

    #[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
    pub enum Relation {}

    impl ActiveModelBehavior for ActiveModel {}

    /// When somebody guessed since a moment, oldest first.
    pub async fn since(
        db: &impl ConnectionTrait,
        account: AccountId,
        since: Instant,
        most: u64,
    ) -> Result<Vec<Instant>, DbErr> {
        let found = Entity::find()
            .filter(Column::AccountId.eq(account))
            .filter(Column::At.gt(since))
            .order_by_asc(Column::At)
            .limit(most)
            .all(db)
            .await?;
        Ok(found.into_iter().map(|row| row.at).collect())
    }

    /// Forgets what is of no use any more.
    pub async fn drop_until(
        tx: &impl ConnectionTrait,
        account: AccountId,
        until: Instant,
    ) -> Result<(), DbErr> {
        Entity::delete_many()
            .filter(Column::AccountId.eq(account))
            .filter(Column::At.lte(until))
            .exec(tx)
            .await?;
        Ok(())
    }
}

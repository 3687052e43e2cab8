//! A question to an authenticator, and whose answer it waits for.

use crate::{account::PasskeyUse, kernel::instant::Instant};
use sea_orm::entity::prelude::*;

#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "passkey_question")]
#[expect(missing_docs, reason = "columns are named by the terms of design.md section 1")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub token_hash: String,
    pub purpose: PasskeyUse,
    pub owner: String,
    pub name: String,
    pub content: String,
    pub expires_at: Instant,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}

/// Takes the question of a token: there is none a second time.
pub async fn take(tx: &impl ConnectionTrait, token_hash: &str) -> Result<Option<Model>, DbErr> {
    let Some(row) = Entity::find_by_id(token_hash).one(tx).await? else { return Ok(None) };
    let gone = Entity::delete_by_id(token_hash).exec(tx).await?;
    Ok((gone.rows_affected == 1).then_some(row))
}
/// Throws away what is over.
pub async fn drop_over(tx: &impl ConnectionTrait, now: Instant) -> Result<(), DbErr> {
    Entity::delete_many().filter(Column::ExpiresAt.lte(now)).exec(tx).await?;
    Ok(())
}

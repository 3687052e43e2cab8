//! A passkey of a person's.

use crate::kernel::{
    id::{AccountId, PasskeyId},
    instant::Instant,
};
use sea_orm::{QueryOrder, entity::prelude::*};

#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "passkey")]
#[expect(missing_docs, reason = "columns are named by the terms of design.md section 1")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: PasskeyId,
    pub account_id: AccountId,
    pub credential_id: String,
    pub name: String,
    pub content: String,
    pub created_at: Instant,
    pub used_at: Option<Instant>,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}

/// Those of an account, the oldest first.
pub fn of(account: AccountId) -> Select<Entity> {
    Entity::find().filter(Column::AccountId.eq(account)).order_by_asc(Column::Id)
}
/// The one an authenticator calls so.
pub fn called(credential_id: &str) -> Select<Entity> {
    Entity::find().filter(Column::CredentialId.eq(credential_id))
}
/// Takes one of an account's away; false if it has none of this id.
pub async fn remove(tx: &impl ConnectionTrait, account: AccountId, id: PasskeyId) -> Result<bool, DbErr> {
    let gone = Entity::delete_many()
        .filter(Column::Id.eq(id))
        .filter(Column::AccountId.eq(account))
        .exec(tx)
        .await?;
    Ok(gone.rows_affected == 1)
}
/// Takes all of an account's away.
pub async fn remove_all(tx: &impl ConnectionTrait, account: AccountId) -> Result<(), DbErr> {
    Entity::delete_many().filter(Column::AccountId.eq(account)).exec(tx).await?;
    Ok(())
}
/// Notes a use, with what the authenticator counts by now; false if it was used or removed meanwhile.
pub async fn used(
    tx: &impl ConnectionTrait,
    before: &Model,
    content: String,
    now: Instant,
) -> Result<bool, DbErr> {
    let done = Entity::update_many()
        .col_expr(Column::Content, Expr::value(content))
        .col_expr(Column::UsedAt, Expr::value(now.0))
        .filter(Column::Id.eq(before.id))
        .filter(Column::Content.eq(before.content.as_str()))
        .exec(tx)
        .await?;
    Ok(done.rows_affected == 1)
}

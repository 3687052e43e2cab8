//! Rows of this room, and the only places that read them.
#![allow(clippy::disallowed_methods, reason = "this is where queries are written")]

use super::LinkKind;
use crate::kernel::{
    id::*,
    instant::*,
    locale::{Locale, Theme},
};
use sea_orm::entity::prelude::*;

/// A person.
pub mod account {
    use super::*;

    #[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
    #[sea_orm(table_name = "account")]
    #[expect(missing_docs, reason = "columns are named by the terms of design.md section 1")]
    pub struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub id: AccountId,
        pub email: String,
        pub email_key: String,
        pub first_name: String,
        pub last_name: String,
        pub password_hash: Option<String>,
        pub locale: Locale,
        pub theme: Theme,
        pub confirmed_at: Option<Instant>,
        pub totp_secret: Option<Vec<u8>>,
        pub totp_on: bool,
        pub totp_last_step: i64,
        pub suspended: bool,
        pub created_at: Instant,
    }

    #[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
    pub enum Relation {}

    impl ActiveModelBehavior for ActiveModel {}

    /// One account.
    pub async fn by_id(db: &impl ConnectionTrait, id: AccountId) -> Result<Option<Model>, DbErr> {
        Entity::find_by_id(id).one(db).await
    }
    /// The account of a folded address (`kernel::text::email_key`).
    pub async fn by_email_key(db: &impl ConnectionTrait, key: &str) -> Result<Option<Model>, DbErr> {
        Entity::find().filter(Column::EmailKey.eq(key)).one(db).await
    }

    /// Several accounts, for callers that hold their ids from rows of their own.
    pub async fn by_ids(db: &impl ConnectionTrait, ids: Vec<AccountId>) -> Result<Vec<Model>, DbErr> {
        Entity::find().filter(Column::Id.is_in(ids)).all(db).await
    }
}

/// A code that stands in for the second factor once.
pub mod recovery_code {
    use super::*;

    #[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
    #[sea_orm(table_name = "recovery_code")]
    #[expect(missing_docs, reason = "columns are named by the terms of design.md section 1")]
    pub struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub account_id: AccountId,
        #[sea_orm(primary_key, auto_increment = false)]
        pub code_hash: String,
        pub used_at: Option<Instant>,
    }

    #[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
    pub enum Relation {}

    impl ActiveModelBehavior for ActiveModel {}
}

/// A signed-in browser.
pub mod session {
    use super::*;

    #[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
    #[sea_orm(table_name = "session")]
    #[expect(missing_docs, reason = "columns are named by the terms of design.md section 1")]
    pub struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub id: SessionId,
        pub token_hash: String,
        pub account_id: AccountId,
        pub factor_pending: bool,
        pub fresh_at: Instant,
        pub fresh_by_factor: bool,
        pub created_at: Instant,
        pub seen_at: Instant,
        pub ip: String,
        pub user_agent: String,
    }

    #[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
    pub enum Relation {}

    impl ActiveModelBehavior for ActiveModel {}
}

/// A secret link sent by mail.
pub mod link {
    use super::*;

    #[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
    #[sea_orm(table_name = "link")]
    #[expect(missing_docs, reason = "columns are named by the terms of design.md section 1")]
    pub struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub id: LinkId,
        pub kind: LinkKind,
        pub token_hash: String,
        pub account_id: AccountId,
        pub expires_at: Instant,
        pub used_at: Option<Instant>,
        pub created_at: Instant,
    }

    #[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
    pub enum Relation {}

    impl ActiveModelBehavior for ActiveModel {}

    /// The link of a kind with this token's hash.
    pub async fn find(
        db: &impl ConnectionTrait,
        kind: LinkKind,
        token_hash: &str,
    ) -> Result<Option<Model>, DbErr> {
        Entity::find().filter(Column::Kind.eq(kind)).filter(Column::TokenHash.eq(token_hash)).one(db).await
    }
    /// Makes an account's unused links of a kind worthless.
    pub async fn retire(
        tx: &impl ConnectionTrait,
        account: AccountId,
        kind: LinkKind,
        now: Instant,
    ) -> Result<(), DbErr> {
        Entity::update_many()
            .col_expr(Column::UsedAt, Expr::value(now.0))
            .filter(Column::AccountId.eq(account))
            .filter(Column::Kind.eq(kind))
            .filter(Column::UsedAt.is_null())
            .exec(tx)
            .await?;
        Ok(())
    }
}

/// What was typed into a form.
pub mod form_state {
    use super::*;

    #[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
    #[sea_orm(table_name = "form_state")]
    #[expect(missing_docs, reason = "columns are named by the terms of design.md section 1")]
    pub struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub id: FormStateId,
        pub token_hash: String,
        pub owner: String,
        pub form: String,
        pub content: String,
        pub expires_at: Instant,
    }

    #[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
    pub enum Relation {}

    impl ActiveModelBehavior for ActiveModel {}
}

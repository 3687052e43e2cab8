//! Rows of this room, and the only places that read them.
#![allow(clippy::disallowed_methods, reason = "this is where queries are written")]

pub mod passkey;
pub mod passkey_question;

use super::LinkKind;
use crate::kernel::{
    id::*,
    instant::*,
    locale::{Locale, Theme},
};
use sea_orm::{Condition, ExprTrait, IntoActiveModel, JoinType, QueryOrder, QuerySelect, entity::prelude::*};

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
        pub locale_chosen: bool,
        pub theme: Theme,
        pub confirmed_at: Option<Instant>,
        pub totp_secret: Option<Vec<u8>>,
        pub totp_on: bool,
        pub totp_last_step: i64,
        pub passkeys: i64,
        pub suspended: bool,
        pub created_at: Instant,
    }

    #[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
    pub enum Relation {}

    impl ActiveModelBehavior for ActiveModel {}

    impl Model {
        /// Whether the person has set up something that counts as a second factor.
        pub fn has_factor(&self) -> bool {
            self.totp_on || self.passkeys > 0
        }
    }

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
    /// Counts one more passkey; false if the account has `most` already.
    pub async fn one_passkey_more(
        tx: &impl ConnectionTrait,
        id: AccountId,
        most: i64,
    ) -> Result<bool, DbErr> {
        let done = Entity::update_many()
            .col_expr(Column::Passkeys, Expr::col(Column::Passkeys).add(1))
            .filter(Column::Id.eq(id))
            .filter(Column::Passkeys.lt(most))
            .exec(tx)
            .await?;
        Ok(done.rows_affected == 1)
    }
    /// Counts one passkey less.
    pub async fn one_passkey_less(tx: &impl ConnectionTrait, id: AccountId) -> Result<(), DbErr> {
        Entity::update_many()
            .col_expr(Column::Passkeys, Expr::col(Column::Passkeys).sub(1))
            .filter(Column::Id.eq(id))
            .exec(tx)
            .await?;
        Ok(())
    }
    /// Marks a time step of the second factor as used; false if it, or a later one, was used already.
    pub async fn use_step(tx: &impl ConnectionTrait, id: AccountId, step: i64) -> Result<bool, DbErr> {
        let done = Entity::update_many()
            .col_expr(Column::TotpLastStep, Expr::value(step))
            .filter(Column::Id.eq(id))
            .filter(Column::TotpLastStep.lt(step))
            .exec(tx)
            .await?;
        Ok(done.rows_affected == 1)
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

    /// Replaces all codes of an account.
    pub async fn replace(
        tx: &impl ConnectionTrait,
        account: AccountId,
        hashes: Vec<String>,
    ) -> Result<(), DbErr> {
        Entity::delete_many().filter(Column::AccountId.eq(account)).exec(tx).await?;
        if !hashes.is_empty() {
            let rows = hashes
                .into_iter()
                .map(|code_hash| Model { account_id: account, code_hash, used_at: None }.into_active_model());
            Entity::insert_many(rows).exec_without_returning(tx).await?;
        }
        Ok(())
    }
    /// Uses a code once.
    pub async fn take(
        tx: &impl ConnectionTrait,
        account: AccountId,
        hash: &str,
        now: Instant,
    ) -> Result<bool, DbErr> {
        let done = Entity::update_many()
            .col_expr(Column::UsedAt, Expr::value(now.0))
            .filter(Column::AccountId.eq(account))
            .filter(Column::CodeHash.eq(hash))
            .filter(Column::UsedAt.is_null())
            .exec(tx)
            .await?;
        Ok(done.rows_affected == 1)
    }
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
        pub provider_id: Option<IdentityProviderId>,
        pub provider_sid: Option<String>,
        pub provider_factor: bool,
        pub passkey_id: Option<PasskeyId>,
    }

    #[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
    pub enum Relation {}

    impl ActiveModelBehavior for ActiveModel {}

    /// The session of a token's hash, with its account.
    pub async fn by_token(
        db: &impl ConnectionTrait,
        token_hash: &str,
    ) -> Result<Option<(Model, account::Model)>, DbErr> {
        let account_of_session: RelationDef =
            Entity::belongs_to(account::Entity).from(Column::AccountId).to(account::Column::Id).into();
        let found = Entity::find()
            .join(JoinType::InnerJoin, account_of_session)
            .select_also(account::Entity)
            .filter(Column::TokenHash.eq(token_hash))
            .one(db)
            .await?;
        Ok(found.and_then(|(row, person)| Some((row, person?))))
    }
    /// When each of these accounts last signed in, as far as a session still tells. For callers that hold their ids
    /// from rows of their own.
    pub async fn latest(
        db: &impl ConnectionTrait,
        accounts: Vec<AccountId>,
    ) -> Result<Vec<(AccountId, Instant)>, DbErr> {
        Entity::find()
            .select_only()
            .column(Column::AccountId)
            .column_as(Column::CreatedAt.max(), "latest")
            .filter(Column::AccountId.is_in(accounts))
            .filter(Column::FactorPending.eq(false))
            .group_by(Column::AccountId)
            .into_tuple()
            .all(db)
            .await
    }
    /// An account's sessions, the latest used first.
    pub async fn of_account(db: &impl ConnectionTrait, account: AccountId) -> Result<Vec<Model>, DbErr> {
        Entity::find()
            .filter(Column::AccountId.eq(account))
            .filter(Column::FactorPending.eq(false))
            .order_by_desc(Column::SeenAt)
            .limit(100)
            .all(db)
            .await
    }
    /// Throws away sessions that were not used since `idle`, or that began before `oldest`.
    pub async fn drop_over(tx: &impl ConnectionTrait, idle: Instant, oldest: Instant) -> Result<(), DbErr> {
        let over = Condition::any().add(Column::SeenAt.lte(idle)).add(Column::CreatedAt.lte(oldest));
        Entity::delete_many().filter(over).exec(tx).await?;
        Ok(())
    }
    /// Ends an account's sessions: one, or all, or all but one. Answers whether there were any.
    pub async fn end(
        tx: &impl ConnectionTrait,
        account: AccountId,
        only: Option<SessionId>,
        except: Option<SessionId>,
    ) -> Result<bool, DbErr> {
        let mut delete = Entity::delete_many().filter(Column::AccountId.eq(account));
        if let Some(only) = only {
            delete = delete.filter(Column::Id.eq(only));
        }
        if let Some(except) = except {
            delete = delete.filter(Column::Id.ne(except));
        }
        Ok(delete.exec(tx).await?.rows_affected > 0)
    }
    /// Ends the sessions that a provider opened: one of its own sessions, one account's, or all. Answers how many.
    pub async fn end_provided(
        tx: &impl ConnectionTrait,
        provider: IdentityProviderId,
        sid: Option<&str>,
        account: Option<AccountId>,
    ) -> Result<u64, DbErr> {
        let mut delete = Entity::delete_many().filter(Column::ProviderId.eq(provider));
        if let Some(sid) = sid {
            delete = delete.filter(Column::ProviderSid.eq(sid));
        }
        if let Some(account) = account {
            delete = delete.filter(Column::AccountId.eq(account));
        }
        Ok(delete.exec(tx).await?.rows_affected)
    }
    /// Ends the session of a token's hash. Answers through which provider it was opened, if through one.
    pub async fn end_token(
        tx: &impl ConnectionTrait,
        token_hash: &str,
    ) -> Result<Option<IdentityProviderId>, DbErr> {
        let found = Entity::find().filter(Column::TokenHash.eq(token_hash)).one(tx).await?;
        Entity::delete_many().filter(Column::TokenHash.eq(token_hash)).exec(tx).await?;
        Ok(found.and_then(|row| row.provider_id))
    }
    /// Notes the passkey that was shown in a session.
    pub async fn showed(tx: &impl ConnectionTrait, id: SessionId, passkey: PasskeyId) -> Result<(), DbErr> {
        Entity::update_many()
            .col_expr(Column::PasskeyId, Expr::value(passkey))
            .filter(Column::Id.eq(id))
            .exec(tx)
            .await?;
        Ok(())
    }
    /// Takes a passkey's part in an account's sessions away: `kept` goes on without it, the others end.
    pub async fn without_passkey(
        tx: &impl ConnectionTrait,
        account: AccountId,
        passkey: PasskeyId,
        kept: SessionId,
    ) -> Result<(), DbErr> {
        let shown = || Condition::all().add(Column::AccountId.eq(account)).add(Column::PasskeyId.eq(passkey));
        Entity::update_many()
            .col_expr(Column::PasskeyId, Expr::value(Option::<PasskeyId>::None))
            .col_expr(Column::FreshByFactor, Expr::value(false))
            .filter(shown().add(Column::Id.eq(kept)))
            .exec(tx)
            .await?;
        Entity::delete_many().filter(shown().add(Column::Id.ne(kept))).exec(tx).await?;
        Ok(())
    }
    /// Notes that password or second factor was shown now.
    pub async fn freshen(
        tx: &impl ConnectionTrait,
        id: SessionId,
        now: Instant,
        by_factor: bool,
    ) -> Result<(), DbErr> {
        Entity::update_many()
            .col_expr(Column::FactorPending, Expr::value(false))
            .col_expr(Column::FreshAt, Expr::value(now.0))
            .col_expr(Column::FreshByFactor, Expr::value(by_factor))
            .filter(Column::Id.eq(id))
            .exec(tx)
            .await?;
        Ok(())
    }
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
    /// Throws away links that ended before a moment.
    pub async fn drop_over(tx: &impl ConnectionTrait, before: Instant) -> Result<(), DbErr> {
        Entity::delete_many().filter(Column::ExpiresAt.lt(before)).exec(tx).await?;
        Ok(())
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

    /// The row of a token's hash.
    pub async fn by_token(db: &impl ConnectionTrait, token_hash: &str) -> Result<Option<Model>, DbErr> {
        Entity::find().filter(Column::TokenHash.eq(token_hash)).one(db).await
    }
    /// An owner's latest row of a form that has not expired.
    pub async fn latest(
        db: &impl ConnectionTrait,
        owner: &str,
        form: &str,
        now: Instant,
    ) -> Result<Option<Model>, DbErr> {
        Entity::find()
            .filter(Column::Owner.eq(owner))
            .filter(Column::Form.eq(form))
            .filter(Column::ExpiresAt.gt(now))
            .order_by_desc(Column::Id)
            .one(db)
            .await
    }
    /// Drops the owners' rows of a form.
    pub async fn drop_named(tx: &impl ConnectionTrait, owners: Vec<String>, form: &str) -> Result<(), DbErr> {
        Entity::delete_many()
            .filter(Column::Owner.is_in(owners))
            .filter(Column::Form.eq(form))
            .exec(tx)
            .await?;
        Ok(())
    }
    /// Drops what has expired.
    pub async fn drop_expired(tx: &impl ConnectionTrait, now: Instant) -> Result<(), DbErr> {
        Entity::delete_many().filter(Column::ExpiresAt.lte(now)).exec(tx).await?;
        Ok(())
    }
}

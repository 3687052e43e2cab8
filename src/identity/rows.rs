//! Rows of this room, and the only places that read them.
#![allow(clippy::disallowed_methods, reason = "this is where queries are written")]

use crate::kernel::{id::*, instant::Instant, right::Role};
use sea_orm::{QueryOrder, entity::prelude::*};

/// An identity provider, of an organisation or, without one, of the programme.
pub mod identity_provider {
    use super::*;

    #[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
    #[sea_orm(table_name = "identity_provider")]
    #[expect(missing_docs, reason = "columns are named by the terms of design.md section 1")]
    pub struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub id: IdentityProviderId,
        pub org_id: Option<OrgId>,
        pub name: String,
        pub issuer: String,
        pub client_id: String,
        pub client_secret: Option<Vec<u8>>,
        pub scopes: String,
        pub active: bool,
        pub required: bool,
        pub creates_people: bool,
        pub default_role: Option<Role>,
        pub role_claim: String,
        pub role_map: String,
        pub trusts_factor: bool,
        pub created_at: Instant,
        pub version: i64,
    }

    #[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
    pub enum Relation {}

    impl ActiveModelBehavior for ActiveModel {}

    /// Those of an organisation, or of the programme, the oldest first.
    pub fn of(org: Option<OrgId>) -> Select<Entity> {
        let mine = match org {
            Some(org) => Column::OrgId.eq(org),
            None => Column::OrgId.is_null(),
        };
        Entity::find().filter(mine).order_by_asc(Column::Id)
    }
    /// One of them.
    pub async fn one_of(
        db: &impl ConnectionTrait,
        org: Option<OrgId>,
        id: IdentityProviderId,
    ) -> Result<Option<Model>, DbErr> {
        of(org).filter(Column::Id.eq(id)).one(db).await
    }
    /// Any one: whoever signs in belongs to nobody yet.
    pub async fn by_id(db: &impl ConnectionTrait, id: IdentityProviderId) -> Result<Option<Model>, DbErr> {
        Entity::find_by_id(id).one(db).await
    }
    /// Takes one away, if it has not changed since; with it whom it knows.
    pub async fn remove(tx: &impl ConnectionTrait, row: &Model) -> Result<bool, DbErr> {
        let gone = Entity::delete_many()
            .filter(Column::Id.eq(row.id))
            .filter(Column::Version.eq(row.version))
            .exec(tx)
            .await?;
        Ok(gone.rows_affected == 1)
    }
}

/// Whom a provider knows by which name.
pub mod identity_link {
    use super::*;

    #[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
    #[sea_orm(table_name = "identity_link")]
    #[expect(missing_docs, reason = "columns are named by the terms of design.md section 1")]
    pub struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub provider_id: IdentityProviderId,
        #[sea_orm(primary_key, auto_increment = false)]
        pub issuer: String,
        #[sea_orm(primary_key, auto_increment = false)]
        pub subject: String,
        pub account_id: AccountId,
        pub created_at: Instant,
        pub used_at: Instant,
    }

    #[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
    pub enum Relation {}

    impl ActiveModelBehavior for ActiveModel {}

    /// Who it is that the issuer, as this provider, calls so.
    pub async fn find(
        db: &impl ConnectionTrait,
        provider: &identity_provider::Model,
        subject: &str,
    ) -> Result<Option<Model>, DbErr> {
        let key = (provider.id, provider.issuer.clone(), subject.to_owned());
        Entity::find_by_id(key).one(db).await
    }
    /// Forgets what a provider called somebody.
    pub async fn forget(
        tx: &impl ConnectionTrait,
        provider: IdentityProviderId,
        account: AccountId,
    ) -> Result<(), DbErr> {
        Entity::delete_many()
            .filter(Column::AccountId.eq(account))
            .filter(Column::ProviderId.eq(provider))
            .exec(tx)
            .await?;
        Ok(())
    }
}

/// A sign-in that was begun in a browser and waits for the provider's answer.
pub mod sign_in_try {
    use super::*;

    #[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
    #[sea_orm(table_name = "sign_in_try")]
    #[expect(missing_docs, reason = "columns are named by the terms of design.md section 1")]
    pub struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub state_hash: String,
        pub provider_id: IdentityProviderId,
        pub browser_hash: String,
        pub next: String,
        pub expires_at: Instant,
    }

    #[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
    pub enum Relation {}

    impl ActiveModelBehavior for ActiveModel {}

    /// Takes the sign-in of a state that was begun in this browser: there is none a second time.
    pub async fn take(
        tx: &impl ConnectionTrait,
        state_hash: &str,
        browser_hash: &str,
    ) -> Result<Option<Model>, DbErr> {
        let found =
            Entity::find_by_id(state_hash).filter(Column::BrowserHash.eq(browser_hash)).one(tx).await?;
        let Some(row) = found else { return Ok(None) };
        let gone = Entity::delete_by_id(state_hash).exec(tx).await?;
        Ok((gone.rows_affected == 1).then_some(row))
    }
    /// Throws away what is over.
    pub async fn drop_over(tx: &impl ConnectionTrait, now: Instant) -> Result<(), DbErr> {
        Entity::delete_many().filter(Column::ExpiresAt.lte(now)).exec(tx).await?;
        Ok(())
    }
}

/// A logout token that was heard.
pub mod logout_seen {
    use super::*;

    #[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
    #[sea_orm(table_name = "logout_seen")]
    #[expect(missing_docs, reason = "columns are named by the terms of design.md section 1")]
    pub struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub provider_id: IdentityProviderId,
        #[sea_orm(primary_key, auto_increment = false)]
        pub token_hash: String,
        pub expires_at: Instant,
    }

    #[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
    pub enum Relation {}

    impl ActiveModelBehavior for ActiveModel {}

    /// Throws away those that would be too old by now anyway.
    pub async fn drop_over(tx: &impl ConnectionTrait, now: Instant) -> Result<(), DbErr> {
        Entity::delete_many().filter(Column::ExpiresAt.lte(now)).exec(tx).await?;
        Ok(())
    }
}

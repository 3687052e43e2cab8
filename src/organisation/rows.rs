//! Rows of this room, and the only places that read them.
#![allow(clippy::disallowed_methods, reason = "this is where queries are written")]

use super::{MemberStatus, OrgStatus};
use crate::kernel::{
    id::*,
    instant::*,
    right::{OrgKind, Role},
};
use sea_orm::{ExprTrait, QuerySelect, entity::prelude::*};

/// The vendor, a partner or a customer.
pub mod organisation {
    use super::*;

    #[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
    #[sea_orm(table_name = "organisation")]
    #[expect(missing_docs, reason = "columns are named by the terms of design.md section 1")]
    pub struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub id: OrgId,
        pub kind: OrgKind,
        pub name: String,
        pub country: String,
        pub status: OrgStatus,
        pub created_at: Instant,
        pub version: i64,
    }

    #[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
    pub enum Relation {}

    impl ActiveModelBehavior for ActiveModel {}

    /// One organisation. For callers that have proven their standing in it, or are about to.
    pub async fn by_id(db: &impl ConnectionTrait, id: OrgId) -> Result<Option<Model>, DbErr> {
        Entity::find_by_id(id).one(db).await
    }
    /// Names of organisations the caller's own rows point to.
    pub async fn names(
        db: &impl ConnectionTrait,
        ids: impl IntoIterator<Item = OrgId>,
    ) -> Result<Vec<(OrgId, String)>, DbErr> {
        let names = Entity::find().select_only().column(Column::Id).column(Column::Name);
        names.filter(Column::Id.is_in(ids)).into_tuple().all(db).await
    }
    /// The vendor.
    pub async fn vendor(db: &impl ConnectionTrait) -> Result<Option<Model>, DbErr> {
        Entity::find().filter(Column::Kind.eq(OrgKind::Vendor)).one(db).await
    }
}

/// A person's place in an organisation.
pub mod member {
    use super::*;

    #[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
    #[sea_orm(table_name = "member")]
    #[expect(missing_docs, reason = "columns are named by the terms of design.md section 1")]
    pub struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub id: MemberId,
        pub org_id: OrgId,
        pub account_id: AccountId,
        pub role: Role,
        pub status: MemberStatus,
        pub sort_key: String,
        pub created_at: Instant,
        pub version: i64,
    }

    #[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
    pub enum Relation {}

    impl ActiveModelBehavior for ActiveModel {}

    /// A person's place in an organisation.
    pub async fn of(
        db: &impl ConnectionTrait,
        org: OrgId,
        account: AccountId,
    ) -> Result<Option<Model>, DbErr> {
        Entity::find().filter(Column::OrgId.eq(org)).filter(Column::AccountId.eq(account)).one(db).await
    }
    /// The accounts of those who have an organisation's last word: its super admin, or a partner's owners.
    pub async fn last_words(
        db: &impl ConnectionTrait,
        org: OrgId,
    ) -> Result<Vec<crate::account::rows::account::Model>, DbErr> {
        use crate::account::rows::account;
        let roles = Role::ALL.iter().copied().filter(|r| r.is_last_word());
        let members = Entity::find()
            .filter(Column::OrgId.eq(org))
            .filter(Column::Role.is_in(roles))
            .filter(Column::Status.ne(MemberStatus::Suspended))
            .all(db)
            .await?;
        let ids = members.into_iter().map(|m| m.account_id);
        account::Entity::find().filter(account::Column::Id.is_in(ids)).all(db).await
    }
    /// All places of a person, with the organisations.
    pub async fn places(
        db: &impl ConnectionTrait,
        account: AccountId,
    ) -> Result<Vec<(Model, organisation::Model)>, DbErr> {
        let members = Entity::find()
            .filter(Column::AccountId.eq(account))
            .filter(Column::Status.eq(MemberStatus::Active))
            .all(db)
            .await?;
        let ids: Vec<OrgId> = members.iter().map(|m| m.org_id).collect();
        let orgs = organisation::Entity::find().filter(organisation::Column::Id.is_in(ids)).all(db).await?;
        let with = |m: Model| orgs.iter().find(|o| o.id == m.org_id).cloned().map(|o| (m, o));
        Ok(members.into_iter().filter_map(with).collect())
    }
    /// Turns a person's invitations into places.
    pub async fn accept_invitations(tx: &impl ConnectionTrait, account: AccountId) -> Result<(), DbErr> {
        Entity::update_many()
            .col_expr(Column::Status, Expr::value(MemberStatus::Active.key()))
            .col_expr(Column::Version, Expr::col(Column::Version).add(1))
            .filter(Column::AccountId.eq(account))
            .filter(Column::Status.eq(MemberStatus::Invited))
            .exec(tx)
            .await?;
        Ok(())
    }
}

//! Rows of this room, and the only places that read them.
#![allow(clippy::disallowed_methods, reason = "this is where queries are written")]

use super::GrantStatus;
use crate::kernel::{id::*, instant::*};
use sea_orm::entity::prelude::*;

/// A partner's delegated access to a customer.
pub mod grant {
    use super::*;

    #[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
    #[sea_orm(table_name = "access_grant")]
    #[expect(missing_docs, reason = "columns are named by the terms of design.md section 1")]
    pub struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub id: GrantId,
        pub org_id: OrgId,
        pub partner_id: OrgId,
        pub capabilities: String,
        pub granted_by: String,
        pub status: GrantStatus,
        pub from_at: Instant,
        pub until_at: Instant,
        pub ended_at: Option<Instant>,
        pub ended_by: Option<String>,
        pub version: i64,
    }

    #[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
    pub enum Relation {}

    impl ActiveModelBehavior for ActiveModel {}
}

/// A stay of a partner's person in a customer's console.
pub mod acting {
    use super::*;

    #[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
    #[sea_orm(table_name = "acting_session")]
    #[expect(missing_docs, reason = "columns are named by the terms of design.md section 1")]
    pub struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub id: ActingId,
        pub org_id: OrgId,
        pub partner_id: OrgId,
        pub grant_id: GrantId,
        pub session_id: SessionId,
        pub account_id: AccountId,
        pub email: String,
        pub opened_at: Instant,
        pub seen_at: Instant,
        pub closed_at: Option<Instant>,
        pub closed_why: Option<String>,
    }

    #[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
    pub enum Relation {}

    impl ActiveModelBehavior for ActiveModel {}
}

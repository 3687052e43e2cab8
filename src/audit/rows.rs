//! Rows of this room, and the only places that read them.
#![allow(clippy::disallowed_methods, reason = "this is where queries are written")]

use crate::kernel::{id::*, instant::*};
use sea_orm::{QueryOrder, QuerySelect, entity::prelude::*};

/// An event of the trail.
pub mod audit_event {
    use super::*;

    #[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
    #[sea_orm(table_name = "audit_event")]
    #[expect(missing_docs, reason = "columns are named by the terms of design.md section 1")]
    pub struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub id: EventId,
        pub org_id: OrgId,
        pub seq: i64,
        pub at: Instant,
        pub actor: String,
        pub actor_id: Option<AccountId>,
        pub acting_for: Option<OrgId>,
        pub action: String,
        pub target: String,
        pub detail: String,
        pub ip: String,
        pub salt: String,
        pub prev_hash: String,
        pub hash: String,
    }

    #[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
    pub enum Relation {}

    impl ActiveModelBehavior for ActiveModel {}

    /// The latest events of an organisation before number `before`, newest first; with `partner`, only what was done
    /// in that partner's name.
    pub async fn latest(
        db: &impl ConnectionTrait,
        org: OrgId,
        partner: Option<OrgId>,
        before: Option<i64>,
        most: u64,
    ) -> Result<Vec<Model>, DbErr> {
        latest_of(org, partner, before, most).all(db).await
    }
    /// The query of [`latest`].
    pub fn latest_of(org: OrgId, partner: Option<OrgId>, before: Option<i64>, most: u64) -> Select<Entity> {
        let mut query = Entity::find().filter(Column::OrgId.eq(org));
        if let Some(partner) = partner {
            query = query.filter(Column::ActingFor.eq(partner));
        }
        if let Some(before) = before {
            query = query.filter(Column::Seq.lt(before));
        }
        query.order_by_desc(Column::Seq).limit(most)
    }
}

/// The last link of an organisation's chain.
pub mod audit_head {
    use super::*;

    #[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
    #[sea_orm(table_name = "audit_head")]
    #[expect(missing_docs, reason = "columns are named by the terms of design.md section 1")]
    pub struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub org_id: OrgId,
        pub seq: i64,
        pub hash: String,
    }

    #[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
    pub enum Relation {}

    impl ActiveModelBehavior for ActiveModel {}
}

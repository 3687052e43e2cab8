//! Rows of this room, and the only places that read them.
#![allow(clippy::disallowed_methods, reason = "this is where queries are written")]

use super::{Currency, PartnerStatus, PartnerType, Tier};
use crate::kernel::{id::*, instant::*};
use sea_orm::{QuerySelect, entity::prelude::*};

pub mod directory;
pub mod store_role;

/// What an organisation is as a partner.
pub mod partner {
    use super::*;

    #[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
    #[sea_orm(table_name = "partner")]
    #[expect(missing_docs, reason = "columns are named by the terms of design.md section 1")]
    pub struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub org_id: OrgId,
        pub application_id: Option<ApplicationId>,
        pub partner_type: PartnerType,
        pub status: PartnerStatus,
        pub tier: Tier,
        /// Its own rate; without one its tier's counts, or the programme's.
        pub rate_bp: Option<i64>,
        pub currency: Currency,
        pub manager_id: Option<AccountId>,
        pub company_domain: String,
        pub sort_key: String,
        pub created_at: Instant,
        pub version: i64,
        /// The IANA name of the zone its days are counted in.
        pub time_zone: String,
    }

    #[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
    pub enum Relation {}

    impl ActiveModelBehavior for ActiveModel {}

    /// The same, locked for this transaction.
    pub async fn locked(tx: &impl ConnectionTrait, org: OrgId) -> Result<Option<Model>, DbErr> {
        Entity::find_by_id(org).lock_exclusive().one(tx).await
    }
    /// The zones of those among partners whose days are not those of UTC.
    pub async fn zones(db: &impl ConnectionTrait, orgs: Vec<OrgId>) -> Result<Vec<(OrgId, String)>, DbErr> {
        Entity::find()
            .select_only()
            .columns([Column::OrgId, Column::TimeZone])
            .filter(Column::OrgId.is_in(orgs))
            .filter(Column::TimeZone.ne("UTC"))
            .into_tuple()
            .all(db)
            .await
    }
    /// What an organisation is as a partner.
    pub async fn by_org(db: &impl ConnectionTrait, org: OrgId) -> Result<Option<Model>, DbErr> {
        Entity::find_by_id(org).one(db).await
    }
}

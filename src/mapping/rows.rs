//! Rows of this room, and the only places that read them.
#![allow(clippy::disallowed_methods, reason = "this is where queries are written")]

pub mod code;
pub mod count;
pub mod customer;
pub mod dispute;
pub mod event;
pub mod facts;
pub mod gram;
pub mod list;
pub mod request;
pub(crate) mod sql;
pub mod token;

use super::{MappingEnd, MappingSource, MappingStatus};
use crate::kernel::{id::*, instant::*};
use crate::subscription::{Plan, Service};
use sea_orm::{Condition, QueryOrder, entity::prelude::*};

/// A customer mapped to a partner for one service.
pub mod mapping {
    use super::*;

    #[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
    #[sea_orm(table_name = "mapping")]
    #[expect(missing_docs, reason = "columns are named by the terms of design.md section 1")]
    pub struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub id: MappingId,
        pub partner_id: OrgId,
        pub org_id: OrgId,
        pub service: Service,
        pub status: MappingStatus,
        pub source: MappingSource,
        pub since: Instant,
        pub ended_at: Option<Instant>,
        pub ended_why: Option<MappingEnd>,
        /// What was bought when the mapping began (domain.md section 10, `delta_only`); nothing if nothing was.
        pub baseline_plan: Option<Plan>,
        pub baseline_seats: i64,
        pub baseline_addon_units: i64,
        /// When it ends, if the partner has given notice.
        pub notice_until: Option<Instant>,
    }

    #[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
    pub enum Relation {}

    impl ActiveModelBehavior for ActiveModel {}

    /// The mapping in force between a partner and a customer.
    pub async fn between(
        db: &impl ConnectionTrait,
        partner: OrgId,
        org: OrgId,
        service: Service,
    ) -> Result<Option<Model>, DbErr> {
        Entity::find()
            .filter(Column::PartnerId.eq(partner))
            .filter(Column::OrgId.eq(org))
            .filter(Column::Service.eq(service))
            .filter(Column::Status.eq(MappingStatus::Active))
            .one(db)
            .await
    }
    /// One mapping. For callers that look whose it is, or hold its job.
    pub async fn by_id(db: &impl ConnectionTrait, id: MappingId) -> Result<Option<Model>, DbErr> {
        Entity::find_by_id(id).one(db).await
    }
    /// The latest mapping between a partner and a customer, over by now or not.
    pub async fn latest(
        db: &impl ConnectionTrait,
        partner: OrgId,
        org: OrgId,
        service: Service,
    ) -> Result<Option<Model>, DbErr> {
        Entity::find()
            .filter(Column::OrgId.eq(org))
            .filter(Column::PartnerId.eq(partner))
            .filter(Column::Service.eq(service))
            .order_by_desc(Column::Since)
            .one(db)
            .await
    }
    /// The mappings of organisations that are in force, one per organisation and service.
    pub async fn active(db: &impl ConnectionTrait, orgs: Vec<OrgId>) -> Result<Vec<Model>, DbErr> {
        active_query(orgs).all(db).await
    }
    /// The query of [`active`].
    pub fn active_query(orgs: Vec<OrgId>) -> Select<Entity> {
        // Spelt out, so that the partial index is one for it.
        Entity::find().filter(Column::OrgId.is_in(orgs)).filter(Expr::cust("status = 'active'"))
    }
    /// The mapping that was in force between a partner and a customer at an instant, over by now or not.
    pub async fn at(
        db: &impl ConnectionTrait,
        partner: OrgId,
        org: OrgId,
        service: Service,
        at: Instant,
    ) -> Result<Option<Model>, DbErr> {
        at_query(partner, org, service, at).one(db).await
    }
    /// The query of [`at`].
    pub fn at_query(partner: OrgId, org: OrgId, service: Service, at: Instant) -> Select<Entity> {
        let lasts = Condition::any().add(Column::EndedAt.is_null()).add(Column::EndedAt.gt(at));
        Entity::find()
            .filter(Column::OrgId.eq(org))
            .filter(Column::PartnerId.eq(partner))
            .filter(Column::Service.eq(service))
            .filter(Column::Since.lte(at))
            .filter(lasts)
            .order_by_desc(Column::Since)
    }
    /// The partner an organisation is mapped to for a service.
    pub async fn partner_of(
        db: &impl ConnectionTrait,
        org: OrgId,
        service: Service,
    ) -> Result<Option<OrgId>, DbErr> {
        let row = Entity::find()
            .filter(Column::OrgId.eq(org))
            .filter(Column::Service.eq(service))
            .filter(Column::Status.eq(MappingStatus::Active))
            .order_by_desc(Column::Since)
            .one(db)
            .await?;
        Ok(row.map(|m| m.partner_id))
    }
}

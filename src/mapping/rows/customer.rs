//! A customer in its partner's list: what a card shows, gathered from the rooms that own it.

use crate::{
    kernel::{id::*, instant::*},
    mapping::{Access, CustomerStatus},
    subscription::{Plan, Service, Term},
};
use sea_orm::{Statement, entity::prelude::*};

/// Stands for "never ends" in [`Model::ends_key`], so that a date always sorts before none.
pub const NO_END: Day = Day(i32::MAX);

#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "customer")]
#[expect(missing_docs, reason = "columns are named by the terms of design.md section 1")]
pub struct Model {
    #[sea_orm(primary_key)]
    pub id: i64,
    pub partner_id: OrgId,
    pub org_id: OrgId,
    pub service: Service,
    pub listed: bool,
    pub name: String,
    pub sort_key: String,
    pub domain_id: Option<DomainId>,
    pub domain: String,
    pub domains: String,
    pub domain_count: i64,
    pub verified: bool,
    pub admin_email: String,
    pub plan: Plan,
    pub seats_used: i64,
    pub seats_total: i64,
    pub term: Term,
    pub status: CustomerStatus,
    pub trial_started: Option<Day>,
    pub ends_key: Day,
    pub created_at: Instant,
    pub access: Access,
    pub search_text: String,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}

impl Model {
    /// The last day of trial or term.
    pub fn ends_on(&self) -> Option<Day> {
        (self.ends_key != NO_END).then_some(self.ends_key)
    }
}

/// The rows of an organisation, one per service.
pub async fn of(db: &impl ConnectionTrait, org: OrgId) -> Result<Vec<Model>, DbErr> {
    Entity::find().filter(Column::OrgId.eq(org)).all(db).await
}

/// Organisations whose rows do not agree with their mappings in force: no row, or a row in another partner's list.
pub async fn strays(db: &impl ConnectionTrait) -> Result<Vec<OrgId>, DbErr> {
    let sql = "SELECT m.org_id AS org_id FROM mapping m JOIN organisation o ON o.id = m.org_id \
        LEFT JOIN customer c ON c.org_id = m.org_id AND c.service = m.service AND c.partner_id = m.partner_id \
        WHERE m.status = 'active' AND o.status <> 'closed' AND c.id IS NULL \
        UNION SELECT c.org_id FROM customer c LEFT JOIN mapping m ON m.org_id = c.org_id AND m.service = c.service \
        AND m.partner_id = c.partner_id AND m.status = 'active' WHERE m.id IS NULL";
    let rows = db.query_all_raw(Statement::from_string(db.get_database_backend(), sql)).await?;
    rows.iter().map(|row| row.try_get("", "org_id")).collect()
}

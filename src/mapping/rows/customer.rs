//! A customer in its partner's list: what a card shows, gathered from the rooms that own it.

use super::sql::Sql;
use crate::{
    kernel::{id::*, instant::*, money::Currency},
    mapping::{Access, CustomerStatus},
    subscription::{Plan, Service, Term, change::Payer},
};
use sea_orm::{Condition, FromQueryResult, QueryOrder, QuerySelect, Statement, entity::prelude::*};

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
    /// Where the organisation is: ISO 3166-1, two letters.
    pub country: String,
    /// What the term is paid in.
    pub currency: Option<Currency>,
    /// What a term costs at list price, in minor units without tax; 0 where nothing is paid for.
    pub term_value: i64,
    pub payer: Option<Payer>,
    /// Whether the term is followed by another.
    pub renews: bool,
    /// Whether a payment of it stands taken back by the payer's bank.
    pub flagged: bool,
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

/// The rows of organisations, one per organisation and service.
pub async fn of(db: &impl ConnectionTrait, orgs: Vec<OrgId>) -> Result<Vec<Model>, DbErr> {
    Entity::find().filter(Column::OrgId.is_in(orgs)).all(db).await
}

/// Which of these organisations are a partner's customers.
pub async fn among(
    db: &impl ConnectionTrait,
    partner: OrgId,
    service: Service,
    orgs: Vec<OrgId>,
) -> Result<Vec<Model>, DbErr> {
    let mut found = Vec::new();
    // SQLite binds at most 32,766 values.
    for some in orgs.chunks(1_000) {
        let all = Entity::find()
            .filter(Column::OrgId.is_in(some.iter().copied()))
            .filter(Column::PartnerId.eq(partner))
            .filter(Column::Service.eq(service));
        found.extend(all.all(db).await?);
    }
    Ok(found)
}

/// Terms that end on a day, of one payer and currency.
#[derive(Debug, Clone, PartialEq, Eq, FromQueryResult)]
pub struct Renewing {
    /// The last day of the terms.
    pub ends_key: Day,
    /// Who pays.
    pub payer: Payer,
    /// In which currency.
    pub currency: Currency,
    /// How many.
    pub n: i64,
    /// What they cost at list price, minor units.
    pub value: i64,
}

/// Terms of a partner's customers, or of all, that end within days and renew by themselves, summed by day.
pub async fn renewing(
    db: &impl ConnectionTrait,
    partner: Option<OrgId>,
    from: Day,
    last: Day,
) -> Result<Vec<Renewing>, DbErr> {
    let mut sql = Sql::from(
        "SELECT ends_key, payer, currency, count(*) AS n, CAST(sum(term_value) AS bigint) AS value FROM customer WHERE ",
    );
    match partner {
        Some(partner) => sql.push("partner_id = ").bind(partner).push(" AND listed AND "),
        None => sql.push("listed AND "),
    };
    sql.push("ends_key BETWEEN ").bind(from.0).push(" AND ").bind(last.0);
    sql.push(
        " AND status = 'active' AND renews AND payer IS NOT NULL AND currency IS NOT NULL \
         GROUP BY ends_key, payer, currency ORDER BY ends_key, payer, currency",
    );
    Renewing::find_by_statement(sql.statement(db.get_database_backend())).all(db).await
}

/// Paid terms that end within days (both in it), next first, behind a day and number.
pub async fn renewals(
    db: &impl ConnectionTrait,
    partner: Option<OrgId>,
    (from, last): (Day, Day),
    after: Option<(Day, i64)>,
    limit: u64,
) -> Result<Vec<Model>, DbErr> {
    let mut find = Entity::find()
        .filter(Column::Listed.eq(true))
        .filter(Column::Status.eq(CustomerStatus::Active))
        .filter(Column::EndsKey.between(from, last));
    if let Some(partner) = partner {
        find = find.filter(Column::PartnerId.eq(partner));
    }
    if let Some((day, id)) = after {
        let same_day = Condition::all().add(Column::EndsKey.eq(day)).add(Column::Id.gt(id));
        let behind = Condition::any().add(Column::EndsKey.gt(day)).add(same_day);
        find = find.filter(Column::EndsKey.gte(day)).filter(behind);
    }
    find.order_by_asc(Column::EndsKey).order_by_asc(Column::Id).limit(limit).all(db).await
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

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
    /// What their partners' discounts take off that, minor units.
    pub discount: i64,
}

/// Whose terms are summed, and at what discounts, in basis points.
#[derive(Debug, Clone)]
pub enum RenewingOf {
    /// One partner's, with its rate of each plan.
    Partner(OrgId, Vec<(Plan, i64)>),
    /// All partners', with the rate of each tier: what counts where a partner has none of its own and none for the plan.
    Everybody(Vec<(crate::partner::Tier, i64)>),
}

/// Terms that end within days and renew by themselves, summed by day.
pub async fn renewing(
    db: &impl ConnectionTrait,
    of: &RenewingOf,
    days: (Day, Day),
) -> Result<Vec<Renewing>, DbErr> {
    Renewing::find_by_statement(renewing_statement(db.get_database_backend(), of, days)).all(db).await
}

/// The statement of [`renewing`]: walks an index, which of one partner is in the order of the groups, and looks up no row.
pub fn renewing_statement(
    backend: sea_orm::DbBackend,
    of: &RenewingOf,
    (from, last): (Day, Day),
) -> Statement {
    // What is discounted is rounded term by term, as it will be billed.
    let mut sql = Sql::from(
        "SELECT c.ends_key, c.payer, c.currency, count(*) AS n, CAST(sum(c.term_value) AS bigint) AS value, \
         CAST(sum(CASE WHEN c.payer = 'partner' THEN (c.term_value * ",
    );
    match of {
        RenewingOf::Partner(_, plans) => {
            sql.push("CASE c.plan");
            for (plan, bp) in plans {
                sql.push(" WHEN ").bind(plan.key()).push(" THEN ").bind(*bp);
            }
            sql.push(" ELSE 0 END");
        }
        RenewingOf::Everybody(tiers) => {
            sql.push("COALESCE(r.rate_bp, p.rate_bp, CASE p.tier");
            for (tier, bp) in tiers {
                sql.push(" WHEN ").bind(tier.key()).push(" THEN ").bind(*bp);
            }
            sql.push(" END)");
        }
    }
    sql.push(" + 5000) / 10000 ELSE 0 END) AS bigint) AS discount FROM customer c ");
    match of {
        RenewingOf::Partner(partner, _) => sql.push("WHERE c.partner_id = ").bind(*partner).push(" AND "),
        RenewingOf::Everybody(_) => sql.push(
            "JOIN partner p ON p.org_id = c.partner_id \
             LEFT JOIN partner_rate r ON r.partner_id = c.partner_id AND r.plan = c.plan WHERE ",
        ),
    };
    sql.push("c.ends_key BETWEEN ").bind(from.0).push(" AND ").bind(last.0);
    sql.push(
        " AND c.listed AND c.status = 'active' AND c.renews AND c.payer IS NOT NULL AND c.currency IS NOT NULL \
         GROUP BY c.ends_key, c.payer, c.currency ORDER BY c.ends_key, c.payer, c.currency",
    );
    sql.statement(backend)
}

/// Paid terms that end within days (both in it), next first, behind a day and number.
pub async fn renewals(
    db: &impl ConnectionTrait,
    partner: Option<OrgId>,
    (from, last): (Day, Day),
    (payer, currency): (Option<Payer>, Option<Currency>),
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
    if let Some(payer) = payer {
        find = find.filter(Column::Payer.eq(payer));
    }
    if let Some(currency) = currency {
        find = find.filter(Column::Currency.eq(currency));
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

/// A partner's customers by name, behind one: the rows of a table over all of them.
pub fn by_name_query(partner: OrgId, after: Option<(String, i64)>, most: u64) -> Select<Entity> {
    let mut find = Entity::find().filter(Column::PartnerId.eq(partner)).filter(Column::Listed.eq(true));
    if let Some((key, id)) = after {
        let same = Condition::all().add(Column::SortKey.eq(key.as_str())).add(Column::Id.gt(id));
        let behind = Condition::any().add(Column::SortKey.gt(key.as_str())).add(same);
        find = find.filter(Column::SortKey.gte(key.as_str())).filter(behind);
    }
    find.order_by_asc(Column::SortKey).order_by_asc(Column::Id).limit(most)
}

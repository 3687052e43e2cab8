//! Counters of the list's filters: per (owner, facet, value), and per (owner, kind, day).

use super::{customer, sql::Sql};
use crate::{
    kernel::{id::OrgId, instant::Day, money::Currency},
    mapping::{CustomerEventKind, CustomerStatus},
    subscription::Term,
};
use sea_orm::{ConnectionTrait, DbBackend, DbErr, FromQueryResult, Statement};
use std::collections::BTreeMap;

/// Stands for the programme itself as owner of counters over all partners.
pub const EVERYBODY: OrgId = OrgId(uuid::Uuid::nil());

/// Rows the programme's own counters are spread over, so that partners do not wait for each other.
const SLOTS: u128 = 16;

/// Kind of day: a paid term renews.
pub const RENEWAL: &str = "renewal";
/// Facet: not a number of customers, but what their terms cost at list price.
const VALUE: &str = "value";
/// Kind of day: a trial ends.
pub const TRIAL: &str = "trial";

/// By how much counters move. Sorted, so that all transactions take the rows in one order and none waits for another
/// in a circle.
#[derive(Debug, Default, Clone, PartialEq, Eq)]
pub struct Moves {
    facets: BTreeMap<(OrgId, i32, &'static str, String), i64>,
    days: BTreeMap<(OrgId, i32, &'static str, i32), i64>,
}

impl Moves {
    /// A row came (`by` 1) or went (`by` −1).
    pub fn add(&mut self, row: &customer::Model, by: i64) {
        for owner in [row.partner_id, EVERYBODY] {
            let slot = if owner == EVERYBODY { (row.org_id.0.as_u128() % SLOTS) as i32 } else { 0 };
            let mut facet = |facet: &'static str, value: &str| {
                *self.facets.entry((owner, slot, facet, value.to_owned())).or_default() += by;
            };
            if !row.listed {
                facet("withdrawn", "");
                continue;
            }
            facet("all", "");
            facet("status", row.status.key());
            facet("plan", row.plan.key());
            facet("verified", if row.verified { "yes" } else { "no" });
            facet("country", &row.country);
            if let Some(currency) = row.currency {
                let value = value_of(currency, row.term);
                *self.facets.entry((owner, slot, VALUE, value)).or_default() += by * row.term_value;
            }
            if let (Some(kind), Some(day)) = (day_kind(row.status), row.ends_on()) {
                *self.days.entry((owner, slot, kind, day.0)).or_default() += by;
            }
        }
    }

    /// Something happened to a customer of a partner on a day.
    pub fn happened(&mut self, partner: OrgId, org: OrgId, kind: CustomerEventKind, day: Day) {
        *self.days.entry((partner, 0, kind.key(), day.0)).or_default() += 1;
        let slot = (org.0.as_u128() % SLOTS) as i32;
        *self.days.entry((EVERYBODY, slot, kind.key(), day.0)).or_default() += 1;
    }

    /// Writes the moves.
    pub async fn write(&self, tx: &impl ConnectionTrait) -> Result<(), DbErr> {
        let facets: Vec<_> = self.facets.iter().filter(|(_, by)| **by != 0).collect();
        if !facets.is_empty() {
            let mut sql = Sql::default();
            sql.push("INSERT INTO customer_count (owner_id, facet, value, slot, count) VALUES ");
            for (i, ((owner, slot, facet, value), by)) in facets.into_iter().enumerate() {
                sql.push(if i > 0 { ", (" } else { "(" }).bind(*owner).push(", ").bind(*facet).push(", ");
                sql.bind(value.as_str()).push(", ").bind(*slot).push(", ").bind(*by).push(")");
            }
            sql.push(" ON CONFLICT (owner_id, facet, value, slot) DO UPDATE SET count = customer_count.count + excluded.count");
            tx.execute_raw(sql.statement(tx.get_database_backend())).await?;
        }
        let days: Vec<_> = self.days.iter().filter(|(_, by)| **by != 0).collect();
        if !days.is_empty() {
            let mut sql = Sql::default();
            sql.push("INSERT INTO customer_day_count (owner_id, kind, day, slot, count) VALUES ");
            for (i, ((owner, slot, kind, day), by)) in days.into_iter().enumerate() {
                sql.push(if i > 0 { ", (" } else { "(" }).bind(*owner).push(", ").bind(*kind).push(", ");
                sql.bind(*day).push(", ").bind(*slot).push(", ").bind(*by).push(")");
            }
            sql.push(" ON CONFLICT (owner_id, kind, day, slot) DO UPDATE SET count = customer_day_count.count + excluded.count");
            tx.execute_raw(sql.statement(tx.get_database_backend())).await?;
        }
        Ok(())
    }
}

/// The value of [`VALUE`] that terms of a currency are counted under: `EUR:yearly`.
fn value_of(currency: Currency, term: Term) -> String {
    format!("{currency}:{term}")
}

/// What is under contract: the list value of one term of all customers together, in minor units, by currency and term.
pub fn contracted(counted: &[Counted]) -> Vec<(Currency, Term, i64)> {
    let read = |c: &Counted| {
        let (currency, term) = c.value.split_once(':')?;
        Some((Currency::from_key(currency)?, Term::from_key(term)?, c.n))
    };
    counted.iter().filter(|c| c.facet == VALUE).filter_map(read).collect()
}

/// What the day a row ends on counts as.
fn day_kind(status: CustomerStatus) -> Option<&'static str> {
    match status {
        CustomerStatus::Active => Some(RENEWAL),
        CustomerStatus::Trial => Some(TRIAL),
        _ => None,
    }
}

/// A counter's value.
#[derive(Debug, Clone, PartialEq, Eq, FromQueryResult)]
pub struct Counted {
    /// The facet, or the kind of day.
    pub facet: String,
    /// The value; empty for kinds of day.
    pub value: String,
    /// How many.
    pub n: i64,
}

/// All facets of an owner, and the sums of the days in the two windows (both ends included).
pub async fn of_owner(
    db: &impl ConnectionTrait,
    owner: OrgId,
    renewal: (Day, Day),
    trial: (Day, Day),
) -> Result<Vec<Counted>, DbErr> {
    let statement = of_owner_statement(db.get_database_backend(), owner, renewal, trial);
    Counted::find_by_statement(statement).all(db).await
}

/// The statement of [`of_owner`].
pub fn of_owner_statement(
    backend: DbBackend,
    owner: OrgId,
    renewal: (Day, Day),
    trial: (Day, Day),
) -> Statement {
    let mut sql = Sql::default();
    // PostgreSQL's sum of bigint is numeric.
    sql.push("SELECT facet, value, CAST(sum(count) AS bigint) AS n FROM customer_count WHERE owner_id = ")
        .bind(owner);
    sql.push(" GROUP BY facet, value");
    for (kind, (from, until)) in [(RENEWAL, renewal), (TRIAL, trial)] {
        sql.push(" UNION ALL SELECT ").push(&format!("'{kind}'"));
        sql.push(", '', CAST(coalesce(sum(count), 0) AS bigint) FROM customer_day_count WHERE owner_id = ")
            .bind(owner);
        sql.push(" AND kind = ")
            .bind(kind)
            .push(" AND day BETWEEN ")
            .bind(from.0)
            .push(" AND ")
            .bind(until.0);
    }
    sql.statement(backend)
}

/// How many things of each kind happened to an owner's customers, per day from a day on.
pub async fn events(
    db: &impl ConnectionTrait,
    owner: OrgId,
    from: Day,
) -> Result<Vec<(CustomerEventKind, Day, i64)>, DbErr> {
    let mut sql = Sql::from(
        "SELECT kind, day, CAST(sum(count) AS bigint) AS n FROM customer_day_count WHERE owner_id = ",
    );
    sql.bind(owner).push(" AND kind IN (");
    for (at, kind) in CustomerEventKind::ALL.iter().enumerate() {
        sql.push(if at == 0 { "" } else { ", " }).bind(kind.key());
    }
    sql.push(") AND day >= ").bind(from.0).push(" GROUP BY kind, day ORDER BY kind, day");
    let rows = db.query_all_raw(sql.statement(db.get_database_backend())).await?;
    rows.iter()
        .map(|r| Ok((r.try_get("", "kind")?, Day(r.try_get("", "day")?), r.try_get("", "n")?)))
        .collect()
}

/// Statements that count all rows anew, into the columns of the two tables; every count stands in slot 0.
const FACETS: [(&str, &str, &str, &str); 7] = [
    ("all", "''", "listed", "count(*)"),
    ("status", "status", "listed", "count(*)"),
    ("plan", "plan", "listed", "count(*)"),
    ("verified", "CASE WHEN verified THEN 'yes' ELSE 'no' END", "listed", "count(*)"),
    ("country", "country", "listed", "count(*)"),
    (VALUE, "currency || ':' || term", "listed AND currency IS NOT NULL", "CAST(sum(term_value) AS bigint)"),
    ("withdrawn", "''", "NOT listed", "count(*)"),
];

fn recount_facets(backend: DbBackend) -> String {
    let everybody = match backend {
        DbBackend::Postgres => "'00000000-0000-0000-0000-000000000000'::uuid",
        _ => "x'00000000000000000000000000000000'",
    };
    let mut parts = Vec::new();
    for owner in ["partner_id", everybody] {
        for (facet, value, rows, count) in FACETS {
            parts.push(format!(
                "SELECT {owner} AS owner_id, '{facet}' AS facet, {value} AS value, 0 AS slot, {count} AS count \
                 FROM customer WHERE {rows} GROUP BY 1, 2, 3"
            ));
        }
    }
    parts.join(" UNION ALL ")
}

fn recount_days(backend: DbBackend) -> String {
    let everybody = match backend {
        DbBackend::Postgres => "'00000000-0000-0000-0000-000000000000'::uuid",
        _ => "x'00000000000000000000000000000000'",
    };
    let mut parts = Vec::new();
    for owner in ["partner_id", everybody] {
        for (kind, status) in [(RENEWAL, "active"), (TRIAL, "trial")] {
            parts.push(format!(
                "SELECT {owner} AS owner_id, '{kind}' AS kind, ends_key AS day, 0 AS slot, count(*) AS count \
                 FROM customer WHERE listed AND status = '{status}' AND ends_key < {} GROUP BY 1, 2, 3",
                customer::NO_END.0
            ));
        }
        parts.push(format!(
            "SELECT {owner} AS owner_id, kind AS kind, day AS day, 0 AS slot, count(*) AS count \
             FROM customer_event GROUP BY 1, 2, 3"
        ));
    }
    parts.join(" UNION ALL ")
}

/// Counts all rows anew and writes the counters. On PostgreSQL writers of the list wait meanwhile.
pub async fn rebuild(tx: &impl ConnectionTrait) -> Result<(), DbErr> {
    let backend = tx.get_database_backend();
    if backend == DbBackend::Postgres {
        tx.execute_unprepared(
            "LOCK TABLE customer, customer_event, customer_count, customer_day_count IN SHARE ROW EXCLUSIVE MODE",
        )
        .await?;
    }
    tx.execute_unprepared("DELETE FROM customer_count").await?;
    tx.execute_unprepared("DELETE FROM customer_day_count").await?;
    let facets = recount_facets(backend);
    tx.execute_unprepared(&format!(
        "INSERT INTO customer_count (owner_id, facet, value, slot, count) {facets}"
    ))
    .await?;
    let days = recount_days(backend);
    tx.execute_unprepared(&format!(
        "INSERT INTO customer_day_count (owner_id, kind, day, slot, count) {days}"
    ))
    .await?;
    Ok(())
}

/// A counter that differs from the rows it counts.
#[derive(Debug, Clone, PartialEq, Eq, FromQueryResult)]
pub struct Difference {
    /// Whose.
    pub owner_id: OrgId,
    /// Which facet or kind of day.
    pub facet: String,
    /// Which value or day.
    pub value: String,
    /// What the counter says.
    pub kept: i64,
    /// What the rows say.
    pub counted: i64,
}

/// Counters that differ from the rows they count.
pub async fn differences(db: &impl ConnectionTrait) -> Result<Vec<Difference>, DbErr> {
    let backend = db.get_database_backend();
    let mut found = Vec::new();
    for (table, facet, value, recount) in [
        ("customer_count", "facet", "value", recount_facets(backend)),
        ("customer_day_count", "kind", "day", recount_days(backend)),
    ] {
        let sql = format!(
            "SELECT owner_id, facet, CAST(value AS text) AS value, CAST(sum(kept) AS bigint) AS kept, \
             CAST(sum(counted) AS bigint) AS counted FROM (\
             SELECT owner_id, {facet} AS facet, {value} AS value, count AS kept, 0 AS counted FROM {table} \
             UNION ALL SELECT owner_id, {facet}, {value}, 0, count FROM ({recount}) AS anew) AS both_sides \
             GROUP BY owner_id, facet, value HAVING sum(kept) <> sum(counted)"
        );
        let statement = Statement::from_string(backend, sql);
        found.extend(Difference::find_by_statement(statement).all(db).await?);
    }
    Ok(found)
}

/// The partner with most listed customers.
pub async fn largest(db: &impl ConnectionTrait) -> Result<Option<(OrgId, i64)>, DbErr> {
    let mut sql = Sql::default();
    sql.push("SELECT owner_id, count FROM customer_count WHERE facet = 'all' AND owner_id <> ")
        .bind(EVERYBODY);
    sql.push(" ORDER BY count DESC LIMIT 1");
    let row = db.query_one_raw(sql.statement(db.get_database_backend())).await?;
    row.map(|r| Ok((r.try_get("", "owner_id")?, r.try_get("", "count")?))).transpose()
}

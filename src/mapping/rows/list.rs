//! The partner's list of customers: pages by keyset, search in two steps, bounded counts.
//!
//! Each order has its index; the columns filters ask for stand behind the sort key in it. A search walks a bounded
//! stretch of that index first and asks the n-gram index only where that did not fill the page, because either alone
//! is slow for some word (docs/decisions/0001-customer-search.md).

use super::{customer::Model, gram, sql::Sql};
use crate::{
    kernel::{id::OrgId, instant::Day},
    mapping::{CustomerStatus, Direction, Place, Sort, Word},
    subscription::Plan,
};
use sea_orm::{ConnectionTrait, DbBackend, DbErr, FromQueryResult, Statement};

/// Rows of the sort index a search walks before it asks the n-gram index.
pub const WALK: u32 = 2_000;

/// Which rows a list is made of.
#[derive(Debug, Clone, Default)]
pub struct Scope {
    /// The partner whose list it is; none for the programme's list of all.
    pub owner: Option<OrgId>,
    /// Those who withdrew access instead of all others.
    pub withdrawn: bool,
    /// Only in this status.
    pub status: Option<CustomerStatus>,
    /// Only on this plan.
    pub plan: Option<Plan>,
    /// Only of this country.
    pub country: Option<String>,
    /// Only with, or without, a verified primary domain.
    pub verified: Option<bool>,
    /// Only ending within these days, both included.
    pub ends: Option<(Day, Day)>,
    /// Only with all of these words.
    pub words: Vec<Word>,
}

/// The column an order sorts by, and whether it runs downwards.
fn column(sort: Sort) -> (&'static str, bool) {
    match sort {
        Sort::Name => ("sort_key", false),
        Sort::Renewal => ("ends_key", false),
        Sort::Newest => ("created_at", true),
    }
}

impl Scope {
    /// Everything but the words.
    fn filters(&self, sql: &mut Sql) {
        match self.owner {
            Some(owner) => sql.push("partner_id = ").bind(owner).push(" AND listed = ").bind(!self.withdrawn),
            // The indexes of the list of all are on this expression: on the column itself PostgreSQL would take them
            // for a partner's list too and leave the partner to a filter.
            None => sql.push("CAST(listed AS integer) = ").bind(i32::from(!self.withdrawn)),
        };
        if let Some(status) = self.status {
            sql.push(" AND status = ").bind(status.key());
        }
        if let Some(plan) = self.plan {
            sql.push(" AND plan = ").bind(plan.key());
        }
        if let Some(country) = &self.country {
            sql.push(" AND country = ").bind(country.as_str());
        }
        if let Some(verified) = self.verified {
            sql.push(" AND verified = ").bind(verified);
        }
        if let Some((from, until)) = self.ends {
            sql.push(" AND ends_key BETWEEN ").bind(from.0).push(" AND ").bind(until.0);
        }
    }

    /// The words, tested on the text.
    fn matches(&self, sql: &mut Sql, backend: DbBackend) {
        for (i, word) in self.words.iter().enumerate() {
            sql.push(if i > 0 { " AND " } else { "" });
            match backend {
                DbBackend::Postgres => {
                    let escaped = word.needle().replace('\\', "\\\\").replace('%', "\\%").replace('_', "\\_");
                    sql.push("search_text LIKE ").bind(format!("%{escaped}%"));
                }
                _ => {
                    sql.push("instr(search_text, ").bind(word.needle()).push(") > 0");
                }
            }
        }
    }
}

/// Only rows beyond the place, in the direction.
fn beyond(sql: &mut Sql, sort: Sort, place: &Place, direction: Direction) {
    let (column, down) = column(sort);
    let less = down == (direction == Direction::After);
    sql.push(" AND (").push(column).push(", id) ").push(if less { "<" } else { ">" }).push(" (");
    match place {
        Place::Name(key, id) => sql.bind(key.as_str()).push(", ").bind(*id),
        Place::Renewal(day, id) => sql.bind(day.0).push(", ").bind(*id),
        Place::Newest(at, id) => sql.bind(at.0).push(", ").bind(*id),
    };
    sql.push(")");
}

fn ordered(sql: &mut Sql, sort: Sort, direction: Direction) {
    let (column, down) = column(sort);
    let way = if down == (direction == Direction::After) { " DESC" } else { "" };
    sql.push(" ORDER BY ").push(column).push(way).push(", id").push(way);
}

/// A page of a list: from where, which way, how many rows.
#[derive(Debug, Clone)]
pub struct Window {
    /// The order.
    pub sort: Sort,
    /// Which way; rows come in this direction, the nearest first.
    pub direction: Direction,
    /// From here on; from the end the direction comes from if there is none.
    pub place: Option<Place>,
    /// At most so many rows.
    pub limit: u32,
}

/// The statement of a page without words, or the first step of one with words. Rows come in any order.
pub fn walk(backend: DbBackend, scope: &Scope, window: &Window) -> Statement {
    let mut sql = Sql::default();
    if scope.words.is_empty() {
        sql.push("SELECT * FROM customer WHERE ");
        stretch(&mut sql, scope, window, window.limit);
        return sql.statement(backend);
    }
    let (column, _) = column(window.sort);
    sql.push(&format!(
        "SELECT customer.* FROM (SELECT id FROM (SELECT id, {column}, search_text FROM customer WHERE "
    ));
    stretch(&mut sql, scope, window, WALK);
    sql.push(") AS stretch WHERE ");
    scope.matches(&mut sql, backend);
    ordered(&mut sql, window.sort, window.direction);
    sql.push(&format!(" LIMIT {}) AS page CROSS JOIN customer WHERE customer.id = page.id", window.limit));
    sql.statement(backend)
}

/// The rows from the window's place on, in its direction.
fn stretch(sql: &mut Sql, scope: &Scope, window: &Window, limit: u32) {
    scope.filters(sql);
    if let Some(place) = &window.place {
        beyond(sql, window.sort, place, window.direction);
    }
    ordered(sql, window.sort, window.direction);
    sql.push(&format!(" LIMIT {limit}"));
}

/// Everything with the words, by the n-gram index: what `columns` says of each row.
fn hits(sql: &mut Sql, backend: DbBackend, scope: &Scope, columns: &str) {
    match backend {
        DbBackend::Postgres => {
            sql.push("SELECT ").push(columns).push(" FROM customer WHERE ");
        }
        _ => {
            // CROSS JOIN keeps the order: the index first, then its rows by number.
            sql.push("SELECT ")
                .push(columns)
                .push(" FROM customer_gram CROSS JOIN customer ON id = customer_gram.rowid");
            sql.push(" WHERE customer_gram MATCH ")
                .bind(gram::expression(scope.owner, &scope.words))
                .push(" AND ");
        }
    }
    scope.filters(sql);
    sql.push(" AND ");
    scope.matches(sql, backend);
}

/// The statement of the second step of a search. Rows come in any order; each also carries how many rows the whole
/// list has, counted up to `bound`, which costs nothing where all of them are gathered anyway.
pub fn by_gram(backend: DbBackend, scope: &Scope, window: &Window, bound: u32) -> Statement {
    let (column, _) = column(window.sort);
    let mut sql = Sql::default();
    sql.push("WITH hits AS MATERIALIZED (");
    hits(&mut sql, backend, scope, &format!("id, {column}"));
    let count = format!("(SELECT count(*) FROM (SELECT 1 FROM hits LIMIT {bound}) AS bounded) AS n");
    sql.push(&format!(") SELECT customer.*, page.n FROM (SELECT id, {count} FROM hits WHERE true"));
    if let Some(place) = &window.place {
        beyond(&mut sql, window.sort, place, window.direction);
    }
    ordered(&mut sql, window.sort, window.direction);
    sql.push(&format!(" LIMIT {}) AS page CROSS JOIN customer WHERE customer.id = page.id", window.limit));
    sql.statement(backend)
}

/// The statement that counts at most `bound` rows: of the whole list without words, of a stretch of the sort index
/// with words.
pub fn count_walk(backend: DbBackend, scope: &Scope, bound: u32) -> Statement {
    let mut sql = Sql::default();
    match scope.words.is_empty() {
        true => {
            sql.push("SELECT count(*) AS n FROM (SELECT 1 FROM customer WHERE ");
            scope.filters(&mut sql);
            sql.push(&format!(" LIMIT {bound}) AS bounded"));
        }
        false => {
            sql.push("SELECT count(*) AS n FROM (SELECT 1 FROM (SELECT search_text FROM customer WHERE ");
            scope.filters(&mut sql);
            ordered(&mut sql, Sort::Name, Direction::After);
            sql.push(&format!(" LIMIT {WALK}) AS stretch WHERE "));
            scope.matches(&mut sql, backend);
            sql.push(&format!(" LIMIT {bound}) AS bounded"));
        }
    }
    sql.statement(backend)
}

/// The statement that counts at most `bound` rows with the words by the n-gram index.
pub fn count_by_gram(backend: DbBackend, scope: &Scope, bound: u32) -> Statement {
    let mut sql = Sql::default();
    sql.push("SELECT count(*) AS n FROM (");
    hits(&mut sql, backend, scope, "1");
    sql.push(&format!(" LIMIT {bound}) AS bounded"));
    sql.statement(backend)
}

/// Runs the statement of a window; answers its rows in the window's direction, and the count it carries, if any.
pub async fn rows(
    db: &impl ConnectionTrait,
    window: &Window,
    statement: Statement,
) -> Result<(Vec<Model>, Option<i64>), DbErr> {
    let found = db.query_all_raw(statement).await?;
    let count = found.first().and_then(|row| row.try_get("", "n").ok());
    let mut rows =
        found.iter().map(|row| Model::from_query_result(row, "")).collect::<Result<Vec<_>, _>>()?;
    match window.sort {
        Sort::Name => rows.sort_by(|a, b| (&a.sort_key, a.id).cmp(&(&b.sort_key, b.id))),
        Sort::Renewal => rows.sort_by_key(|r| (r.ends_key, r.id)),
        Sort::Newest => rows.sort_by_key(|r| (r.created_at, r.id)),
    }
    let (_, down) = column(window.sort);
    if down == (window.direction == Direction::After) {
        rows.reverse();
    }
    Ok((rows, count))
}

/// Runs a statement that answers a count.
pub async fn number(db: &impl ConnectionTrait, statement: Statement) -> Result<i64, DbErr> {
    let row = db.query_one_raw(statement).await?;
    row.map_or(Ok(0), |r| r.try_get("", "n"))
}

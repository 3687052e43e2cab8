//! All transactions in order of time, page by page.

use crate::{
    kernel::{
        id::{OrgId, TransactionId},
        instant::{Day, Instant},
        money::Currency,
    },
    ledger::{Account, Cause},
    mapping::rows::sql::Sql,
};
use sea_orm::{ConnectionTrait, DbBackend, DbErr, FromQueryResult, Statement};
use uuid::Uuid;

/// An entry and its transaction.
#[derive(Debug, Clone, FromQueryResult)]
pub struct Row {
    /// The transaction.
    pub id: TransactionId,
    /// When it was posted.
    pub at: Instant,
    /// The day it counts in.
    pub day: i32,
    /// What it follows from.
    pub kind: Cause,
    /// The id of that.
    pub cause_id: Uuid,
    /// The vendor's entity.
    pub entity: String,
    /// The name of the customer it is about.
    pub customer: Option<String>,
    /// The account.
    pub account: Account,
    /// Whose.
    pub owner_id: OrgId,
    /// The owner's name.
    pub owner: Option<String>,
    /// In which currency.
    pub currency: Currency,
    /// Debit, or credit if negative.
    pub amount: i64,
}

/// Whole transactions behind a place, at most so many, those of later days than `until` left out.
pub async fn page(
    db: &impl ConnectionTrait,
    after: Option<(Instant, TransactionId)>,
    until: Option<Day>,
    limit: i64,
) -> Result<Vec<Row>, DbErr> {
    Row::find_by_statement(page_statement(db.get_database_backend(), after, until, limit)).all(db).await
}

/// The statement of [`page`].
pub fn page_statement(
    backend: DbBackend,
    after: Option<(Instant, TransactionId)>,
    until: Option<Day>,
    limit: i64,
) -> Statement {
    let mut sql = Sql::from(
        "SELECT t.id, t.at, t.day, t.kind, t.cause_id, t.entity, c.name AS customer, e.account, e.owner_id, \
         p.name AS owner, e.currency, e.amount FROM (SELECT * FROM ledger_transaction WHERE (at, id) > (",
    );
    let (at, id) = after.unwrap_or((Instant(i64::MIN), TransactionId(Uuid::nil())));
    sql.bind(at.0).push(", ").bind(id).push(")");
    if let Some(until) = until {
        sql.push(" AND day <= ").bind(until.0);
    }
    sql.push(" ORDER BY at, id LIMIT ").bind(limit);
    sql.push(
        ") t JOIN ledger_entry e ON e.transaction_id = t.id LEFT JOIN organisation c ON c.id = t.org_id \
         LEFT JOIN organisation p ON p.id = e.owner_id ORDER BY t.at, t.id, e.line",
    );
    sql.statement(backend)
}

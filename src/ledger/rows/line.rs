//! Lines behind a figure, latest first.

use crate::{
    kernel::{
        id::{OrgId, TransactionId},
        instant::{Day, Instant},
        money::{Currency, Money},
    },
    ledger::{Account, Cause, EVERYBODY, Line, LinePlace, LineQuery},
    mapping::rows::sql::Sql,
};
use sea_orm::{ConnectionTrait, DbBackend, DbErr, FromQueryResult, Statement};
use uuid::Uuid;

#[derive(FromQueryResult)]
struct Row {
    transaction_id: TransactionId,
    line: i32,
    day: i32,
    account: Account,
    entity: String,
    currency: Currency,
    amount: i64,
    kind: Cause,
    cause_id: Uuid,
    at: Instant,
    org_id: Option<OrgId>,
    customer: Option<String>,
}

/// The latest lines of one account that a query asks for, at most so many, in no order.
pub async fn of_account(
    db: &impl ConnectionTrait,
    owner: OrgId,
    account: Account,
    query: &LineQuery,
    limit: usize,
) -> Result<Vec<Line>, DbErr> {
    let statement = of_account_statement(db.get_database_backend(), owner, account, query, limit);
    let line = |row: Row| Line {
        place: LinePlace { day: Day(row.day), transaction: row.transaction_id, line: row.line },
        at: row.at,
        account: row.account,
        entity: row.entity,
        amount: Money::new(row.amount, row.currency),
        cause: row.kind,
        cause_id: row.cause_id,
        customer: row.org_id.zip(row.customer),
    };
    Ok(Row::find_by_statement(statement).all(db).await?.into_iter().map(line).collect())
}

/// The statement of [`of_account`].
pub fn of_account_statement(
    backend: DbBackend,
    owner: OrgId,
    account: Account,
    query: &LineQuery,
    limit: usize,
) -> Statement {
    // The page first, what belongs to its lines then: a database that joins first sorts all of an account.
    let mut sql = Sql::from(
        "SELECT e.*, t.kind, t.cause_id, t.at, t.org_id, o.name AS customer FROM (SELECT * FROM ledger_entry \
         WHERE account = ",
    );
    sql.bind(account.key()).push(" AND currency = ").bind(query.currency.key());
    sql.push(" AND day BETWEEN ").bind(query.from.0).push(" AND ").bind(query.until.0);
    if owner != EVERYBODY {
        sql.push(" AND owner_id = ").bind(owner);
    }
    if let Some(entity) = &query.entity {
        sql.push(" AND entity = ").bind(entity.as_str());
    }
    if let Some(place) = query.after {
        sql.push(" AND (day, transaction_id, line) < (").bind(place.day.0).push(", ");
        sql.bind(place.transaction).push(", ").bind(place.line).push(")");
    }
    sql.push(" ORDER BY day DESC, transaction_id DESC, line DESC LIMIT ").bind(limit as i64);
    sql.push(
        ") e JOIN ledger_transaction t ON t.id = e.transaction_id LEFT JOIN organisation o ON o.id = t.org_id",
    );
    sql.statement(backend)
}

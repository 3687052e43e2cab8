//! Sums: from the summaries, and from the entries themselves.

use super::{list, owned};
use crate::{
    kernel::{
        id::OrgId,
        instant::{Day, Instant},
        money::{Currency, Money},
    },
    ledger::{Account, Balance, DaySum, EVERYBODY},
    mapping::rows::sql::Sql,
};
use sea_orm::{ConnectionTrait, DbBackend, DbErr, FromQueryResult, Statement};

#[derive(FromQueryResult)]
struct BalanceRow {
    account: Account,
    entity: String,
    currency: Currency,
    minor: i64,
}

impl From<BalanceRow> for Balance {
    fn from(row: BalanceRow) -> Self {
        Self { account: row.account, entity: row.entity, amount: Money::new(row.minor, row.currency) }
    }
}

/// An owner's balances by the summaries.
pub async fn balances(
    db: &impl ConnectionTrait,
    owner: OrgId,
    accounts: &[Account],
) -> Result<Vec<Balance>, DbErr> {
    let statement = balances_statement(db.get_database_backend(), owner, accounts);
    Ok(BalanceRow::find_by_statement(statement).all(db).await?.into_iter().map(Balance::from).collect())
}

/// The statement of [`balances`].
pub fn balances_statement(backend: DbBackend, owner: OrgId, accounts: &[Account]) -> Statement {
    let mut sql = Sql::from(
        "SELECT account, entity, currency, CAST(sum(debit - credit) AS bigint) AS minor FROM ledger_day WHERE owner_id = ",
    );
    sql.bind(owner).push(" AND account IN ");
    list(&mut sql, accounts);
    sql.push(" GROUP BY account, entity, currency ORDER BY account, entity, currency");
    sql.statement(backend)
}

/// An owner's balances after everything up to and with an instant, by the entries.
pub async fn balances_at(
    db: &impl ConnectionTrait,
    owner: OrgId,
    at: Instant,
) -> Result<Vec<Balance>, DbErr> {
    let statement = balances_at_statement(db.get_database_backend(), owner, at);
    Ok(BalanceRow::find_by_statement(statement).all(db).await?.into_iter().map(Balance::from).collect())
}

/// The statement of [`balances_at`].
pub fn balances_at_statement(backend: DbBackend, owner: OrgId, at: Instant) -> Statement {
    let mut sql =
        Sql::from("SELECT e.account, e.entity, e.currency, CAST(sum(e.amount) AS bigint) AS minor FROM ");
    // SQLite takes the tables of a cross join in the order given.
    sql.push(match (owner == EVERYBODY, backend) {
        (true, DbBackend::Sqlite) => "ledger_transaction t CROSS JOIN ledger_entry e",
        (false, DbBackend::Sqlite) => "ledger_entry e CROSS JOIN ledger_transaction t",
        _ => "ledger_transaction t, ledger_entry e",
    });
    sql.push(" WHERE t.id = e.transaction_id AND t.at <= ").bind(at.0);
    owned(&mut sql, owner);
    sql.push(" GROUP BY e.account, e.entity, e.currency ORDER BY e.account, e.entity, e.currency");
    sql.statement(backend)
}

#[derive(FromQueryResult)]
struct DayRow {
    account: Account,
    entity: String,
    day: i32,
    currency: Currency,
    debit: i64,
    credit: i64,
}

/// What moved in an owner's accounts, by day, both ends included.
pub async fn days(
    db: &impl ConnectionTrait,
    owner: OrgId,
    accounts: &[Account],
    from: Day,
    until: Day,
) -> Result<Vec<DaySum>, DbErr> {
    let statement = days_statement(db.get_database_backend(), owner, accounts, from, until);
    let sum = |row: DayRow| DaySum {
        account: row.account,
        entity: row.entity,
        day: Day(row.day),
        currency: row.currency,
        debit: row.debit,
        credit: row.credit,
    };
    Ok(DayRow::find_by_statement(statement).all(db).await?.into_iter().map(sum).collect())
}

/// The statement of [`days`].
pub fn days_statement(
    backend: DbBackend,
    owner: OrgId,
    accounts: &[Account],
    from: Day,
    until: Day,
) -> Statement {
    let mut sql = Sql::from(
        "SELECT account, day, entity, currency, CAST(sum(debit) AS bigint) AS debit, \
         CAST(sum(credit) AS bigint) AS credit FROM ledger_day WHERE owner_id = ",
    );
    sql.bind(owner).push(" AND account IN ");
    list(&mut sql, accounts);
    sql.push(" AND day BETWEEN ").bind(from.0).push(" AND ").bind(until.0);
    sql.push(" GROUP BY account, day, entity, currency ORDER BY account, day, entity, currency");
    sql.statement(backend)
}

#[derive(FromQueryResult)]
struct OfRow {
    org: OrgId,
    account: Account,
    currency: Currency,
    minor: i64,
}

/// What moved in some accounts within days (both in it), debits less credits, by whom it is of.
pub type Of = Vec<(OrgId, Account, Currency, i64)>;

/// What moved in some accounts of a partner within days, by the customers it is about: only these.
pub async fn of_orgs(
    db: &impl ConnectionTrait,
    owner: OrgId,
    orgs: &[OrgId],
    accounts: &[Account],
    from: Day,
    until: Day,
) -> Result<Of, DbErr> {
    if orgs.is_empty() {
        return Ok(Vec::new());
    }
    let statement = of_orgs_statement(db.get_database_backend(), owner, orgs, accounts, from, until);
    let rows = OfRow::find_by_statement(statement).all(db).await?;
    Ok(rows.into_iter().map(|row| (row.org, row.account, row.currency, row.minor)).collect())
}

/// The statement of [`of_orgs`].
pub fn of_orgs_statement(
    backend: DbBackend,
    owner: OrgId,
    orgs: &[OrgId],
    accounts: &[Account],
    from: Day,
    until: Day,
) -> Statement {
    let mut sql = Sql::from(
        "SELECT t.org_id AS org, e.account, e.currency, CAST(sum(e.amount) AS bigint) AS minor FROM ",
    );
    // SQLite takes the tables of a cross join in the order given.
    sql.push(match backend {
        DbBackend::Sqlite => "ledger_transaction t CROSS JOIN ledger_entry e",
        _ => "ledger_transaction t, ledger_entry e",
    });
    sql.push(" WHERE e.transaction_id = t.id AND t.org_id IN (");
    for (at, org) in orgs.iter().enumerate() {
        sql.push(if at == 0 { "" } else { ", " }).bind(*org);
    }
    sql.push(") AND t.day BETWEEN ").bind(from.0).push(" AND ").bind(until.0);
    sql.push(" AND e.owner_id = ").bind(owner).push(" AND e.account IN ");
    list(&mut sql, accounts);
    sql.push(" GROUP BY t.org_id, e.account, e.currency");
    sql.statement(backend)
}

/// What moved in some accounts of these partners within days, by the summaries.
pub async fn of_owners(
    db: &impl ConnectionTrait,
    owners: &[OrgId],
    accounts: &[Account],
    from: Day,
    until: Day,
) -> Result<Of, DbErr> {
    if owners.is_empty() {
        return Ok(Vec::new());
    }
    let statement = of_owners_statement(db.get_database_backend(), owners, accounts, from, until);
    let rows = OfRow::find_by_statement(statement).all(db).await?;
    Ok(rows.into_iter().map(|row| (row.org, row.account, row.currency, row.minor)).collect())
}

/// The statement of [`of_owners`].
pub fn of_owners_statement(
    backend: DbBackend,
    owners: &[OrgId],
    accounts: &[Account],
    from: Day,
    until: Day,
) -> Statement {
    let mut sql = Sql::from(
        "SELECT owner_id AS org, account, currency, CAST(sum(debit - credit) AS bigint) AS minor \
         FROM ledger_day WHERE owner_id IN (",
    );
    for (at, owner) in owners.iter().enumerate() {
        sql.push(if at == 0 { "" } else { ", " }).bind(*owner);
    }
    sql.push(") AND account IN ");
    list(&mut sql, accounts);
    sql.push(" AND day BETWEEN ").bind(from.0).push(" AND ").bind(until.0);
    sql.push(" GROUP BY owner_id, account, currency");
    sql.statement(backend)
}

//! Posting: entries, then the transactions that seal them, then the summaries.

use crate::{
    kernel::id::{Id, OrgId, TransactionId},
    ledger::{Account, Cause, EVERYBODY, Posting},
    mapping::rows::sql::Sql,
};
use sea_orm::{ConnectionTrait, DbBackend, DbErr, Statement, Value};
use std::collections::BTreeMap;
use uuid::Uuid;

/// Rows a statement inserts at most: eight values each stay far below the 32,766 that SQLite takes.
const ROWS: usize = 500;

/// Rows everybody's own summaries are spread over, so that partners do not wait for each other.
const SLOTS: u128 = 16;

/// Inserts rows of eight values, as many a statement as it takes.
async fn insert(
    tx: &impl ConnectionTrait,
    head: &str,
    rows: Vec<[Value; 8]>,
    tail: &str,
) -> Result<(), DbErr> {
    let backend = tx.get_database_backend();
    let mut rows = rows.into_iter().peekable();
    while rows.peek().is_some() {
        let (mut text, mut values) = (head.to_owned(), Vec::new());
        for row in rows.by_ref().take(ROWS) {
            for (column, value) in row.into_iter().enumerate() {
                text.push_str(match (values.is_empty(), column) {
                    (true, _) => " VALUES (",
                    (false, 0) => "), (",
                    _ => ", ",
                });
                values.push(value);
                // `$1` is a name to SQLite, and each name is looked for among all before it: with thousands of values
                // that costs eight times what the insertion does.
                match backend {
                    DbBackend::Sqlite => text.push('?'),
                    _ => text.push_str(&format!("${}", values.len())),
                }
            }
        }
        text.push(')');
        text.push_str(tail);
        tx.execute_raw(Statement::from_sql_and_values(backend, text, values)).await?;
    }
    Ok(())
}

/// Inserts the entries of transactions that are not sealed yet.
pub async fn entries(tx: &impl ConnectionTrait, postings: &[(TransactionId, &Posting)]) -> Result<(), DbErr> {
    let mut rows = Vec::new();
    for (id, posting) in postings {
        for (n, entry) in posting.entries().iter().enumerate() {
            rows.push([
                id.0.into(),
                (n as i32 + 1).into(),
                entry.account.key().into(),
                entry.owner.0.into(),
                posting.entity().into(),
                entry.amount.currency.key().into(),
                entry.amount.minor.into(),
                posting.day().0.into(),
            ]);
        }
    }
    let head =
        "INSERT INTO ledger_entry (transaction_id, line, account, owner_id, entity, currency, amount, day)";
    insert(tx, head, rows, "").await
}

/// Inserts the transactions: the database checks and seals them.
pub async fn transactions(
    tx: &impl ConnectionTrait,
    postings: &[(TransactionId, &Posting)],
) -> Result<(), DbErr> {
    let row = |(id, posting): &(TransactionId, &Posting)| -> [Value; 8] {
        [
            id.0.into(),
            posting.cause().key().into(),
            posting.cause_id().into(),
            posting.entity().into(),
            posting.org().map(Id::uuid).into(),
            posting.partner().map(Id::uuid).into(),
            posting.day().0.into(),
            posting.at().0.into(),
        ]
    };
    let head = "INSERT INTO ledger_transaction (id, kind, cause_id, entity, org_id, partner_id, day, at)";
    insert(tx, head, postings.iter().map(row).collect(), "").await
}

/// For a load of many: PostgreSQL asks for each entry by itself, at the commit, whether its transaction was sealed with it.
/// `false` leaves that out for what follows, `true` brings it back; both belong into the database transaction that posts,
/// so that nothing can leave it out for longer. Whoever does without proves the ledger afterwards.
pub async fn ask_each(tx: &impl ConnectionTrait, asks: bool) -> Result<(), DbErr> {
    if tx.get_database_backend() == DbBackend::Postgres {
        let how = if asks { "ENABLE" } else { "DISABLE" };
        tx.execute_unprepared(&format!("ALTER TABLE ledger_entry {how} TRIGGER ledger_entry_belongs"))
            .await?;
    }
    Ok(())
}

/// Adds the entries to the summaries of their owners and of everybody. Sorted, so that all database transactions take
/// the rows in one order and none waits for another in a circle; hence the last thing a database transaction does.
pub async fn days(tx: &impl ConnectionTrait, postings: &[(TransactionId, &Posting)]) -> Result<(), DbErr> {
    type Key<'a> = (OrgId, &'static str, i32, &'a str, &'static str, i32);
    // One slot a batch: its rows are written once, and other batches most likely have another.
    let Some(slot) = postings.first().map(|(id, _)| (id.0.as_u128() % SLOTS) as i32) else { return Ok(()) };
    let mut moves: BTreeMap<Key, (i64, i64)> = BTreeMap::new();
    for (_, posting) in postings {
        for entry in posting.entries() {
            let (account, currency): (Account, _) = (entry.account, entry.amount.currency);
            let key =
                |owner, slot| (owner, account.key(), posting.day().0, posting.entity(), currency.key(), slot);
            let own = (entry.owner != EVERYBODY).then(|| key(entry.owner, 0));
            for key in own.into_iter().chain([key(EVERYBODY, slot)]) {
                let (debit, credit) = moves.entry(key).or_default();
                *debit += entry.amount.minor.max(0);
                *credit -= entry.amount.minor.min(0);
            }
        }
    }
    let row = |((owner, account, day, entity, currency, slot), (debit, credit)): (Key, (i64, i64))| {
        [
            owner.0.into(),
            account.into(),
            day.into(),
            entity.into(),
            currency.into(),
            slot.into(),
            debit.into(),
            credit.into(),
        ]
    };
    let head = "INSERT INTO ledger_day (owner_id, account, day, entity, currency, slot, debit, credit)";
    let tail = " ON CONFLICT (owner_id, account, day, entity, currency, slot) DO UPDATE SET \
        debit = ledger_day.debit + excluded.debit, credit = ledger_day.credit + excluded.credit";
    insert(tx, head, moves.into_iter().map(row).collect(), tail).await
}

/// The transaction that follows from a cause, if it was posted.
pub async fn posted(
    db: &impl ConnectionTrait,
    cause: Cause,
    cause_id: Uuid,
) -> Result<Option<TransactionId>, DbErr> {
    let mut sql = Sql::from("SELECT id FROM ledger_transaction WHERE kind = ");
    sql.bind(cause.key()).push(" AND cause_id = ").bind(cause_id);
    let row = db.query_one_raw(sql.statement(db.get_database_backend())).await?;
    row.map(|r| r.try_get("", "id")).transpose()
}

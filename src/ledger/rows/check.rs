//! Proof of the summaries against the entries, and of the entries against themselves.

use super::everybody;
use sea_orm::{ConnectionTrait, DbBackend, DbErr, FromQueryResult, Statement};

/// Differences of a kind that are listed.
pub const LISTED: u32 = 100;

/// Statements that find what must not be there; each answers one line of text per find. The database refuses all of
/// these; files copied half, tools with foreign keys switched off and failing discs do not ask it.
fn broken(backend: DbBackend) -> [String; 4] {
    let id = match backend {
        DbBackend::Postgres => |column: &str| format!("CAST({column} AS text)"),
        _ => |column: &str| format!("lower(hex({column}))"),
    };
    [
        format!(
            "SELECT 'transaction ' || {} || ': ' || currency || ' is out of balance by ' || CAST(sum(amount) AS text) \
             AS found FROM ledger_entry GROUP BY transaction_id, currency HAVING sum(amount) <> 0",
            id("transaction_id")
        ),
        format!(
            "SELECT 'transaction ' || {} || ': no entries' AS found FROM ledger_transaction t \
             WHERE NOT EXISTS (SELECT 1 FROM ledger_entry e WHERE e.transaction_id = t.id)",
            id("t.id")
        ),
        format!(
            "SELECT 'entry ' || CAST(e.line AS text) || ' of ' || {} || ': no transaction' AS found FROM ledger_entry e \
             WHERE NOT EXISTS (SELECT 1 FROM ledger_transaction t WHERE t.id = e.transaction_id)",
            id("e.transaction_id")
        ),
        format!(
            "SELECT 'entry ' || CAST(e.line AS text) || ' of ' || {} || ': another day or entity than its transaction' \
             AS found FROM ledger_entry e JOIN ledger_transaction t ON t.id = e.transaction_id \
             WHERE e.day <> t.day OR e.entity <> t.entity",
            id("t.id")
        ),
    ]
}

/// What the summaries should be, all in slot 0.
fn recount(backend: DbBackend) -> String {
    let nobody = everybody(backend);
    let sums = "sum(CASE WHEN amount > 0 THEN amount ELSE 0 END) AS debit, \
        sum(CASE WHEN amount < 0 THEN -amount ELSE 0 END) AS credit";
    format!(
        "SELECT owner_id, account, day, entity, currency, 0 AS slot, {sums} FROM ledger_entry \
         WHERE owner_id <> {nobody} GROUP BY 1, 2, 3, 4, 5 \
         UNION ALL SELECT {nobody}, account, day, entity, currency, 0, {sums} FROM ledger_entry GROUP BY 1, 2, 3, 4, 5"
    )
}

#[derive(FromQueryResult)]
struct Found {
    found: String,
}

/// Everything that is wrong: at most [`LISTED`] lines of each kind.
pub async fn differences(db: &impl ConnectionTrait) -> Result<Vec<String>, DbErr> {
    let backend = db.get_database_backend();
    let owner =
        if backend == DbBackend::Postgres { "CAST(owner_id AS text)" } else { "lower(hex(owner_id))" };
    let mut statements = broken(backend).to_vec();
    statements.push(format!(
        "SELECT 'summary of ' || {owner} || ' ' || account || ' ' || entity || ' ' || currency || ', day ' || \
         CAST(day AS text) || ': kept ' || CAST(sum(kept_d) AS text) || '/' || CAST(sum(kept_c) AS text) || \
         ', entries ' || CAST(sum(anew_d) AS text) || '/' || CAST(sum(anew_c) AS text) AS found FROM (\
         SELECT owner_id, account, day, entity, currency, debit AS kept_d, credit AS kept_c, 0 AS anew_d, 0 AS anew_c \
         FROM ledger_day UNION ALL SELECT owner_id, account, day, entity, currency, 0, 0, debit, credit \
         FROM ({}) AS anew) AS sides GROUP BY owner_id, account, day, entity, currency \
         HAVING sum(kept_d) <> sum(anew_d) OR sum(kept_c) <> sum(anew_c)",
        recount(backend)
    ));
    let mut lines = Vec::new();
    for statement in statements {
        let sql = format!("{statement} LIMIT {LISTED}");
        let found = Found::find_by_statement(Statement::from_string(backend, sql)).all(db).await?;
        lines.extend(found.into_iter().map(|f| f.found));
    }
    Ok(lines)
}

/// Counts the entries anew and writes the summaries. On PostgreSQL posting waits meanwhile; the locks are taken in the
/// order in which posting takes them.
pub async fn rebuild(tx: &impl ConnectionTrait) -> Result<(), DbErr> {
    let backend = tx.get_database_backend();
    if backend == DbBackend::Postgres {
        let lock = "LOCK TABLE ledger_entry, ledger_transaction, ledger_day IN SHARE ROW EXCLUSIVE MODE";
        tx.execute_unprepared(lock).await?;
    }
    tx.execute_unprepared("DELETE FROM ledger_day").await?;
    let anew = recount(backend);
    tx.execute_unprepared(&format!(
        "INSERT INTO ledger_day (owner_id, account, day, entity, currency, slot, debit, credit) {anew}"
    ))
    .await?;
    Ok(())
}

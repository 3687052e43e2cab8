//! The n-gram index of search texts. PostgreSQL keeps its own; SQLite's is written beside the row.

use super::{customer, sql::Sql};
use crate::{kernel::id::OrgId, mapping::Word};
use sea_orm::{ConnectionTrait, DbBackend, DbErr};

/// Most trigrams asked for: a few decide, the text itself is looked at in the end.
const GRAMS: usize = 8;

/// Three characters that stand for a partner, so that its posting list is one trigram's. Taken from the random end of
/// the id; that two partners may share them costs time, not truth.
fn token(partner: OrgId) -> String {
    let bits = partner.0.as_u128();
    let letter = |shift: u32| char::from_u32(0x4E00 + (bits >> shift & 0xFFF) as u32).unwrap_or('\u{4E00}');
    [letter(24), letter(12), letter(0)].iter().collect()
}

/// What the index holds of a row. Blanks are doubled, so that a word's first letter makes a trigram with them.
pub fn document(row: &customer::Model) -> String {
    format!("{}{}", token(row.partner_id), row.search_text.replace(' ', "  "))
}

/// The expression all rows found satisfy; rows that satisfy it need not have the words.
pub(super) fn expression(partner: Option<OrgId>, words: &[Word]) -> String {
    let mut grams: Vec<String> = Vec::new();
    for word in words {
        let text: Vec<char> = match word {
            Word::Begins(text) => format!("  {text}").chars().collect(),
            Word::Anywhere(text) => text.chars().collect(),
        };
        for window in text.windows(3) {
            let gram: String = window.iter().collect();
            if grams.len() < GRAMS && !grams.contains(&gram) {
                grams.push(gram);
            }
        }
    }
    grams.extend(partner.map(token));
    let quoted: Vec<String> = grams.iter().map(|g| format!("\"{}\"", g.replace('"', "\"\""))).collect();
    quoted.join(" AND ")
}

/// Writes a row's entry anew.
pub async fn put(tx: &impl ConnectionTrait, row: &customer::Model) -> Result<(), DbErr> {
    if tx.get_database_backend() == DbBackend::Postgres {
        return Ok(());
    }
    let mut sql = Sql::default();
    sql.push("INSERT OR REPLACE INTO customer_gram (rowid, doc) VALUES (").bind(row.id).push(", ");
    sql.bind(document(row)).push(")");
    tx.execute_raw(sql.statement(DbBackend::Sqlite)).await?;
    Ok(())
}

/// Takes a row's entry out.
pub async fn remove(tx: &impl ConnectionTrait, id: i64) -> Result<(), DbErr> {
    if tx.get_database_backend() == DbBackend::Postgres {
        return Ok(());
    }
    let mut sql = Sql::default();
    sql.push("DELETE FROM customer_gram WHERE rowid = ").bind(id);
    tx.execute_raw(sql.statement(DbBackend::Sqlite)).await?;
    Ok(())
}

/// Gives rows about to be written in bulk their numbers, where the n-gram index needs them beforehand: answers the
/// first, or none where the database numbers them.
pub async fn number_rows(
    tx: &impl ConnectionTrait,
    rows: &mut [customer::Model],
) -> Result<Option<i64>, DbErr> {
    if tx.get_database_backend() == DbBackend::Postgres {
        return Ok(None);
    }
    let sql = Sql::from("SELECT coalesce(max(id), 0) + 1 AS n FROM customer");
    let row = tx.query_one_raw(sql.statement(DbBackend::Sqlite)).await?;
    let first: i64 = row.map_or(Ok(1), |r| r.try_get("", "n"))?;
    for (row, id) in rows.iter_mut().zip(first..) {
        row.id = id;
    }
    Ok(Some(first))
}

/// Writes the entries of new rows in bulk.
pub async fn put_all(tx: &impl ConnectionTrait, rows: &[customer::Model]) -> Result<(), DbErr> {
    if tx.get_database_backend() == DbBackend::Postgres {
        return Ok(());
    }
    for chunk in rows.chunks(1_000) {
        let mut sql = Sql::from("INSERT INTO customer_gram (rowid, doc) VALUES ");
        for (i, row) in chunk.iter().enumerate() {
            sql.push(if i > 0 { ", (" } else { "(" }).bind(row.id).push(", ").bind(document(row)).push(")");
        }
        tx.execute_raw(sql.statement(DbBackend::Sqlite)).await?;
    }
    Ok(())
}

/// Takes PostgreSQL's n-gram index away before a bulk load, which is three times as fast without it; answers the
/// statement that makes it again.
pub async fn suspend(db: &impl ConnectionTrait) -> Result<Option<String>, DbErr> {
    if db.get_database_backend() != DbBackend::Postgres {
        return Ok(None);
    }
    let sql = Sql::from(
        "SELECT indexdef FROM pg_indexes WHERE schemaname = current_schema() AND indexname = 'customer_gram'",
    );
    let row = db.query_one_raw(sql.statement(DbBackend::Postgres)).await?;
    let made_by: Option<String> = row.map(|r| r.try_get("", "indexdef")).transpose()?;
    db.execute_unprepared("DROP INDEX IF EXISTS customer_gram").await?;
    Ok(made_by)
}

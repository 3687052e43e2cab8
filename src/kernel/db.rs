//! One writer and several readers on SQLite, pools on PostgreSQL (design.md section 3, rule 3).

use super::error::Error;
use sea_orm::{
    ActiveModelTrait, ConnectOptions, ConnectionTrait, Database, DatabaseConnection, DatabaseTransaction,
    DbBackend, DbErr, EntityTrait, IntoActiveModel, Iterable, ModelTrait, PrimaryKeyToColumn,
    SqliteTransactionMode, TransactionOptions, TransactionTrait, sea_query::OnConflict,
};
use std::time::Duration;

/// The database, as services see it.
#[derive(Clone, Debug)]
pub struct Db {
    writer: DatabaseConnection,
    reader: DatabaseConnection,
}

impl Db {
    /// Connects to `sqlite://PATH` (made if missing) or `postgres://…`. `connections` bounds readers, and on
    /// PostgreSQL writers too.
    pub async fn connect(url: &str, connections: u32) -> Result<Self, DbErr> {
        if url.starts_with("sqlite:") {
            let writer = Database::connect(sqlite(url, 1, WRITER)).await?;
            let reader = Database::connect(sqlite(url, connections, READER)).await?;
            return Ok(Self { writer, reader });
        }
        let mut options = base(url, connections);
        // Plans for the values at hand: a search word decides between two indexes (stack-notes section 0).
        options.map_sqlx_postgres_opts(|o| o.options([("plan_cache_mode", "force_custom_plan")]));
        let pool = Database::connect(options).await?;
        Ok(Self { writer: pool.clone(), reader: pool })
    }

    /// Begins a write transaction. On SQLite it takes the write lock at once, so it cannot fail half-way.
    pub async fn begin(&self) -> Result<DatabaseTransaction, Error> {
        let options = TransactionOptions {
            sqlite_transaction_mode: Some(SqliteTransactionMode::Immediate),
            ..Default::default()
        };
        Ok(self.writer.begin_with_options(options).await?)
    }

    /// For reads outside a transaction.
    pub fn read(&self) -> &DatabaseConnection {
        &self.reader
    }

    /// For schema changes and bulk loading: the writer itself.
    pub fn writer(&self) -> &DatabaseConnection {
        &self.writer
    }

    /// Which of the two it is.
    pub fn backend(&self) -> DbBackend {
        self.writer.get_database_backend()
    }

    /// Whether it is PostgreSQL.
    pub fn is_postgres(&self) -> bool {
        self.backend() == DbBackend::Postgres
    }
}

/// Values one statement binds at most: SQLite takes 32,766.
const VALUES: usize = 30_000;

/// Inserts rows, as many a statement as both databases take. `again` says what becomes of a row whose key is there
/// already; on PostgreSQL no key may come twice among the rows then.
pub async fn insert_all<A>(
    tx: &impl ConnectionTrait,
    mut rows: Vec<A>,
    again: Option<&OnConflict>,
) -> Result<(), DbErr>
where
    A: ActiveModelTrait + Send,
{
    let most = VALUES / <A::Entity as EntityTrait>::Column::iter().count().max(1);
    while !rows.is_empty() {
        let rest = rows.split_off(rows.len().min(most));
        let mut insert = A::Entity::insert_many(rows);
        if let Some(again) = again {
            insert = insert.on_conflict(again.clone());
        }
        insert.exec_without_returning(tx).await?;
        rows = rest;
    }
    Ok(())
}

/// Writes what changed of rows that are there already, each `(before, after)`, in few statements: an update names one set
/// of values only, an insertion that meets its own key takes many. Columns that changed in none of them are not named, so
/// that no index over them is touched. The caller holds the rows' locks.
pub async fn update_all<M>(tx: &impl ConnectionTrait, rows: Vec<(M, M)>) -> Result<(), DbErr>
where
    M: ModelTrait + IntoActiveModel<<M::Entity as EntityTrait>::ActiveModel>,
    <M::Entity as EntityTrait>::ActiveModel: ActiveModelTrait<Entity = M::Entity> + Send,
{
    let changed: Vec<_> = <M::Entity as EntityTrait>::Column::iter()
        .filter(|column| rows.iter().any(|(before, after)| before.get(*column) != after.get(*column)))
        .collect();
    if changed.is_empty() {
        return Ok(());
    }
    let keys = <M::Entity as EntityTrait>::PrimaryKey::iter().map(|key| key.into_column());
    let again = OnConflict::columns(keys).update_columns(changed).to_owned();
    insert_all(tx, rows.into_iter().map(|(_, after)| after.into_active_model()).collect(), Some(&again)).await
}

fn base(url: &str, connections: u32) -> ConnectOptions {
    let mut options = ConnectOptions::new(url);
    options
        .max_connections(connections)
        .min_connections(1)
        .connect_timeout(Duration::from_secs(5))
        .acquire_timeout(Duration::from_secs(5))
        .sqlx_logging(false);
    options
}

/// What a connection to SQLite keeps in memory of the database, in KiB: as much as it comes to need, and no more.
type Cache = u32;

/// Of the one that writes: a batch of renewals touches some thousands of pages, which would be written and read again
/// in the middle of it.
const WRITER: Cache = 64_000;

/// Of each that reads.
const READER: Cache = 16_000;

/// Pages the log may hold before they are brought into the database. A batch writes as many as the default of 1,000 allows
/// several times over: each of its commits would wait for them, and renewals took a fifth longer (docs/performance.md).
const LOG_PAGES: &str = "16000";

fn sqlite(url: &str, connections: u32, cache: Cache) -> ConnectOptions {
    let mut options = base(url, connections);
    options.map_sqlx_sqlite_opts(move |o| {
        use sea_orm::sqlx::sqlite::{SqliteJournalMode, SqliteSynchronous};
        o.create_if_missing(true)
            .journal_mode(SqliteJournalMode::Wal)
            .synchronous(SqliteSynchronous::Full)
            .busy_timeout(Duration::from_secs(10))
            .foreign_keys(true)
            .pragma("cache_size", format!("-{cache}"))
            .pragma("wal_autocheckpoint", LOG_PAGES)
            .pragma("temp_store", "memory")
    });
    options
}

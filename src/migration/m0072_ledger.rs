//! The double-entry ledger: append-only, every transaction sums to zero per currency. The database itself sees to it:
//! entries come first, then the transaction, which checks and seals them.

use sea_orm::{ConnectionTrait, DbBackend, DbErr};
use sea_orm_migration::prelude::*;

/// `{belongs}`: SQLite asks at the commit by foreign key, PostgreSQL by `ledger_entry_belongs`. `{clustered}`: SQLite
/// keeps the rows in the primary key itself, which saves each table one tree.
const COMMON: &str = "
CREATE TABLE ledger_transaction (
    id {uuid} NOT NULL PRIMARY KEY,
    kind text {c} NOT NULL,
    cause_id {uuid} NOT NULL,
    entity text {c} NOT NULL,
    org_id {uuid},
    partner_id {uuid},
    day integer NOT NULL,
    at bigint NOT NULL,
    UNIQUE (kind, cause_id)
) {clustered};
CREATE INDEX ledger_transaction_at ON ledger_transaction (at, id);
CREATE TABLE ledger_entry (
    transaction_id {uuid} NOT NULL {belongs},
    line integer NOT NULL,
    account text {c} NOT NULL,
    owner_id {uuid} NOT NULL,
    entity text {c} NOT NULL,
    currency text {c} NOT NULL,
    amount bigint NOT NULL,
    day integer NOT NULL,
    PRIMARY KEY (transaction_id, line)
) {clustered};
CREATE INDEX ledger_entry_owner ON ledger_entry (owner_id, account, currency, day, transaction_id, line, amount);
CREATE INDEX ledger_entry_account ON ledger_entry (account, currency, day, transaction_id, line);
CREATE TABLE ledger_day (
    owner_id {uuid} NOT NULL,
    account text {c} NOT NULL,
    day integer NOT NULL,
    entity text {c} NOT NULL,
    currency text {c} NOT NULL,
    slot integer NOT NULL,
    debit bigint NOT NULL,
    credit bigint NOT NULL,
    PRIMARY KEY (owner_id, account, day, entity, currency, slot)
) {clustered}
";

/// Checks run once a statement over all its rows, so that batches cost little. What one database session does not see of
/// another is left to `ledger_entry_belongs`: at the commit, an entry's transaction must have been sealed by this very
/// database transaction. The functions forbid plans over whole tables: their plans are kept, and may be as old as an
/// empty ledger. Summaries change often and keep room for that on their pages.
const POSTGRES: &str = "
ALTER TABLE ledger_day SET (fillfactor = 50);
ALTER TABLE ledger_transaction ADD COLUMN sealed_by xid8 NOT NULL DEFAULT pg_current_xact_id();
CREATE TRIGGER ledger_transaction_kept BEFORE UPDATE OR DELETE ON ledger_transaction FOR EACH ROW EXECUTE FUNCTION kontor_refuse();
CREATE TRIGGER ledger_transaction_not_emptied BEFORE TRUNCATE ON ledger_transaction EXECUTE FUNCTION kontor_refuse();
CREATE TRIGGER ledger_entry_kept BEFORE UPDATE OR DELETE ON ledger_entry FOR EACH ROW EXECUTE FUNCTION kontor_refuse();
CREATE TRIGGER ledger_entry_not_emptied BEFORE TRUNCATE ON ledger_entry EXECUTE FUNCTION kontor_refuse();
CREATE FUNCTION ledger_sealed() RETURNS trigger LANGUAGE plpgsql SET enable_seqscan = off SET enable_hashjoin = off SET enable_mergejoin = off AS $$ BEGIN IF EXISTS (SELECT 1 FROM added a JOIN ledger_transaction t ON t.id = a.transaction_id) THEN RAISE EXCEPTION 'kontor: the transaction is sealed'; END IF; RETURN NULL; END $$;
CREATE TRIGGER ledger_entry_sealed AFTER INSERT ON ledger_entry REFERENCING NEW TABLE AS added FOR EACH STATEMENT EXECUTE FUNCTION ledger_sealed();
CREATE FUNCTION ledger_belongs() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN IF NOT EXISTS (SELECT 1 FROM ledger_transaction t WHERE t.id = NEW.transaction_id AND t.sealed_by = pg_current_xact_id()) THEN RAISE EXCEPTION 'kontor: the entry belongs to no transaction of its own'; END IF; RETURN NULL; END $$;
CREATE CONSTRAINT TRIGGER ledger_entry_belongs AFTER INSERT ON ledger_entry DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION ledger_belongs();
CREATE FUNCTION ledger_sums() RETURNS trigger LANGUAGE plpgsql SET enable_seqscan = off SET enable_hashjoin = off SET enable_mergejoin = off AS $$ BEGIN IF EXISTS (SELECT 1 FROM added a WHERE a.sealed_by <> pg_current_xact_id()) OR EXISTS (SELECT 1 FROM added a LEFT JOIN ledger_entry e ON e.transaction_id = a.id GROUP BY a.id, e.currency HAVING count(e.line) = 0 OR SUM(e.amount) <> 0 OR bool_or(e.day <> a.day OR e.entity <> a.entity)) THEN RAISE EXCEPTION 'kontor: the transaction does not sum to zero'; END IF; RETURN NULL; END $$;
CREATE TRIGGER ledger_transaction_sums AFTER INSERT ON ledger_transaction REFERENCING NEW TABLE AS added FOR EACH STATEMENT EXECUTE FUNCTION ledger_sums()
";

/// `INSERT OR REPLACE` deletes without asking the triggers for deletion, hence `ledger_transaction_once`; a column takes
/// values of any type, hence `typeof`.
const SQLITE: &str = "
CREATE TRIGGER ledger_transaction_not_changed BEFORE UPDATE ON ledger_transaction BEGIN SELECT RAISE(ABORT, 'kontor: ledger_transaction keeps what it holds'); END;
CREATE TRIGGER ledger_transaction_not_deleted BEFORE DELETE ON ledger_transaction BEGIN SELECT RAISE(ABORT, 'kontor: ledger_transaction keeps what it holds'); END;
CREATE TRIGGER ledger_entry_not_changed BEFORE UPDATE ON ledger_entry BEGIN SELECT RAISE(ABORT, 'kontor: ledger_entry keeps what it holds'); END;
CREATE TRIGGER ledger_entry_not_deleted BEFORE DELETE ON ledger_entry BEGIN SELECT RAISE(ABORT, 'kontor: ledger_entry keeps what it holds'); END;
CREATE TRIGGER ledger_entry_sealed BEFORE INSERT ON ledger_entry WHEN EXISTS (SELECT 1 FROM ledger_transaction t WHERE t.id = NEW.transaction_id) BEGIN SELECT RAISE(ABORT, 'kontor: the transaction is sealed'); END;
CREATE TRIGGER ledger_transaction_once BEFORE INSERT ON ledger_transaction WHEN EXISTS (SELECT 1 FROM ledger_transaction t WHERE t.id = NEW.id) OR EXISTS (SELECT 1 FROM ledger_transaction t WHERE t.kind = NEW.kind AND t.cause_id = NEW.cause_id) BEGIN SELECT RAISE(ABORT, 'kontor: the transaction is posted'); END;
CREATE TRIGGER ledger_transaction_sums BEFORE INSERT ON ledger_transaction WHEN NOT EXISTS (SELECT 1 FROM ledger_entry e WHERE e.transaction_id = NEW.id) OR EXISTS (SELECT 1 FROM ledger_entry e WHERE e.transaction_id = NEW.id GROUP BY e.currency HAVING SUM(e.amount) <> 0 OR max(e.day <> NEW.day OR e.entity <> NEW.entity OR typeof(e.amount) <> 'integer')) BEGIN SELECT RAISE(ABORT, 'kontor: the transaction does not sum to zero'); END
";

/// This step of the schema.
pub struct Step;

impl MigrationName for Step {
    fn name(&self) -> &str {
        "m0072_ledger"
    }
}

#[async_trait::async_trait]
impl MigrationTrait for Step {
    fn use_transaction(&self) -> Option<bool> {
        Some(true)
    }

    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let postgres = manager.get_database_backend() == DbBackend::Postgres;
        let (belongs, clustered) = match postgres {
            true => ("", ""),
            false => ("REFERENCES ledger_transaction (id) DEFERRABLE INITIALLY DEFERRED", "WITHOUT ROWID"),
        };
        let tables = COMMON.replace("{belongs}", belongs).replace("{clustered}", clustered);
        super::run(manager, &tables).await?;
        super::run(manager, if postgres { POSTGRES } else { SQLITE }).await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        for table in ["ledger_day", "ledger_entry", "ledger_transaction"] {
            manager.get_connection().execute_unprepared(&format!("DROP TABLE {table}")).await?;
        }
        if manager.get_database_backend() == DbBackend::Postgres {
            super::run(
                manager,
                "DROP FUNCTION ledger_sealed;\nDROP FUNCTION ledger_belongs;\nDROP FUNCTION ledger_sums",
            )
            .await?;
        }
        Ok(())
    }
}

//! The double-entry ledger: append-only, every transaction sums to zero per currency. The database itself sees to it:
//! entries come first, then the transaction, which checks and seals them.

use sea_orm::{ConnectionTrait, DbBackend, DbErr};
use sea_orm_migration::prelude::*;

const COMMON: &str = "
CREATE TABLE ledger_transaction (
    id {uuid} PRIMARY KEY,
    kind text {c} NOT NULL,
    cause_id {uuid} NOT NULL,
    entity text {c} NOT NULL,
    org_id {uuid},
    partner_id {uuid},
    day integer NOT NULL,
    at bigint NOT NULL,
    UNIQUE (kind, cause_id)
);
CREATE INDEX ledger_transaction_at ON ledger_transaction (at, id);
CREATE TABLE ledger_entry (
    transaction_id {uuid} NOT NULL REFERENCES ledger_transaction (id) DEFERRABLE INITIALLY DEFERRED,
    line integer NOT NULL,
    account text {c} NOT NULL,
    owner_id {uuid} NOT NULL,
    entity text {c} NOT NULL,
    currency text {c} NOT NULL,
    amount bigint NOT NULL,
    day integer NOT NULL,
    PRIMARY KEY (transaction_id, line)
);
CREATE INDEX ledger_entry_owner ON ledger_entry (owner_id, account, currency, day, transaction_id, amount);
CREATE TABLE ledger_day (
    owner_id {uuid} NOT NULL,
    account text {c} NOT NULL,
    entity text {c} NOT NULL,
    currency text {c} NOT NULL,
    day integer NOT NULL,
    slot integer NOT NULL,
    debit bigint NOT NULL,
    credit bigint NOT NULL,
    PRIMARY KEY (owner_id, account, entity, currency, day, slot)
)
";

const POSTGRES: &str = "
CREATE TRIGGER ledger_transaction_kept BEFORE UPDATE OR DELETE ON ledger_transaction FOR EACH ROW EXECUTE FUNCTION kontor_refuse();
CREATE TRIGGER ledger_entry_kept BEFORE UPDATE OR DELETE ON ledger_entry FOR EACH ROW EXECUTE FUNCTION kontor_refuse();
CREATE FUNCTION ledger_sealed() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN IF EXISTS (SELECT 1 FROM ledger_transaction t WHERE t.id = NEW.transaction_id) THEN RAISE EXCEPTION 'kontor: the transaction is sealed'; END IF; RETURN NEW; END $$;
CREATE TRIGGER ledger_entry_sealed BEFORE INSERT ON ledger_entry FOR EACH ROW EXECUTE FUNCTION ledger_sealed();
CREATE FUNCTION ledger_sums() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN IF NOT EXISTS (SELECT 1 FROM ledger_entry e WHERE e.transaction_id = NEW.id) OR EXISTS (SELECT 1 FROM ledger_entry e WHERE e.transaction_id = NEW.id GROUP BY e.currency, e.entity HAVING SUM(e.amount) <> 0) THEN RAISE EXCEPTION 'kontor: the transaction does not sum to zero'; END IF; RETURN NEW; END $$;
CREATE TRIGGER ledger_transaction_sums BEFORE INSERT ON ledger_transaction FOR EACH ROW EXECUTE FUNCTION ledger_sums()
";

const SQLITE: &str = "
CREATE TRIGGER ledger_transaction_not_changed BEFORE UPDATE ON ledger_transaction BEGIN SELECT RAISE(ABORT, 'kontor: ledger_transaction keeps what it holds'); END;
CREATE TRIGGER ledger_transaction_not_deleted BEFORE DELETE ON ledger_transaction BEGIN SELECT RAISE(ABORT, 'kontor: ledger_transaction keeps what it holds'); END;
CREATE TRIGGER ledger_entry_not_changed BEFORE UPDATE ON ledger_entry BEGIN SELECT RAISE(ABORT, 'kontor: ledger_entry keeps what it holds'); END;
CREATE TRIGGER ledger_entry_not_deleted BEFORE DELETE ON ledger_entry BEGIN SELECT RAISE(ABORT, 'kontor: ledger_entry keeps what it holds'); END;
CREATE TRIGGER ledger_entry_sealed BEFORE INSERT ON ledger_entry WHEN EXISTS (SELECT 1 FROM ledger_transaction t WHERE t.id = NEW.transaction_id) BEGIN SELECT RAISE(ABORT, 'kontor: the transaction is sealed'); END;
CREATE TRIGGER ledger_transaction_sums BEFORE INSERT ON ledger_transaction WHEN NOT EXISTS (SELECT 1 FROM ledger_entry e WHERE e.transaction_id = NEW.id) OR EXISTS (SELECT 1 FROM ledger_entry e WHERE e.transaction_id = NEW.id GROUP BY e.currency, e.entity HAVING SUM(e.amount) <> 0) BEGIN SELECT RAISE(ABORT, 'kontor: the transaction does not sum to zero'); END
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
        super::run(manager, COMMON).await?;
        let postgres = manager.get_database_backend() == DbBackend::Postgres;
        super::run(manager, if postgres { POSTGRES } else { SQLITE }).await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        for table in ["ledger_day", "ledger_entry", "ledger_transaction"] {
            manager.get_connection().execute_unprepared(&format!("DROP TABLE {table}")).await?;
        }
        if manager.get_database_backend() == DbBackend::Postgres {
            super::run(manager, "DROP FUNCTION ledger_sealed;\nDROP FUNCTION ledger_sums").await?;
        }
        Ok(())
    }
}

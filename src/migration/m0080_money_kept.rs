//! Commission that keeps what it was, and indexes for what looks back: mappings that have ended, sales by customer,
//! customers by country, statements by month. Payouts remember that they were given to the bank.

use sea_orm::{ConnectionTrait, DbBackend, DbErr};
use sea_orm_migration::prelude::*;

const COMMON: &str = "
CREATE INDEX mapping_of ON mapping (org_id, partner_id, service, since);
CREATE INDEX ledger_transaction_org ON ledger_transaction (org_id, day) WHERE org_id IS NOT NULL;
CREATE INDEX customer_country ON customer (partner_id, listed, country, sort_key, id);
CREATE INDEX customer_all_country ON customer ((CAST(listed AS integer)), country, sort_key, id);
CREATE INDEX commission_line_of_payout ON commission_line (partner_id, payout_id, created_at, id)
    WHERE payout_id IS NOT NULL;
CREATE INDEX commission_statement_of ON commission_statement (partner_id, month, id);
ALTER TABLE payout ADD COLUMN exported_at bigint;
ALTER TABLE payout ADD COLUMN exported_by text;
ALTER TABLE partner ADD COLUMN own_rate_bp bigint;
UPDATE partner SET own_rate_bp = rate_bp;
ALTER TABLE partner DROP COLUMN rate_bp;
ALTER TABLE partner RENAME COLUMN own_rate_bp TO rate_bp
";

/// A line is what it was worked out to be: only its place on the way to the bank moves, and once paid nothing does.
const POSTGRES: &str = "
CREATE FUNCTION commission_line_kept() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN IF TG_OP = 'DELETE' OR OLD.state = 'paid' OR (OLD.partner_id, OLD.org_id, OLD.invoice_id, OLD.reverses, OLD.cause_id, OLD.entity, OLD.currency, OLD.kind, OLD.base, OLD.eligible, OLD.rate_bp, OLD.amount, OLD.why, OLD.earned_on, OLD.created_at) IS DISTINCT FROM (NEW.partner_id, NEW.org_id, NEW.invoice_id, NEW.reverses, NEW.cause_id, NEW.entity, NEW.currency, NEW.kind, NEW.base, NEW.eligible, NEW.rate_bp, NEW.amount, NEW.why, NEW.earned_on, NEW.created_at) THEN RAISE EXCEPTION 'kontor: commission_line keeps what it holds'; END IF; RETURN NEW; END $$;
CREATE TRIGGER commission_line_kept BEFORE UPDATE OR DELETE ON commission_line FOR EACH ROW EXECUTE FUNCTION commission_line_kept()
";

const SQLITE: &str = "
CREATE TRIGGER commission_line_not_changed BEFORE UPDATE ON commission_line WHEN OLD.state = 'paid' OR (OLD.partner_id, OLD.org_id, OLD.invoice_id, OLD.cause_id, OLD.entity, OLD.currency, OLD.kind, OLD.base, OLD.eligible, OLD.rate_bp, OLD.amount, OLD.why, OLD.earned_on, OLD.created_at) <> (NEW.partner_id, NEW.org_id, NEW.invoice_id, NEW.cause_id, NEW.entity, NEW.currency, NEW.kind, NEW.base, NEW.eligible, NEW.rate_bp, NEW.amount, NEW.why, NEW.earned_on, NEW.created_at) OR OLD.reverses IS NOT NEW.reverses BEGIN SELECT RAISE(ABORT, 'kontor: commission_line keeps what it holds'); END;
CREATE TRIGGER commission_line_not_deleted BEFORE DELETE ON commission_line BEGIN SELECT RAISE(ABORT, 'kontor: commission_line keeps what it holds'); END
";

/// This step of the schema.
pub struct Step;

impl MigrationName for Step {
    fn name(&self) -> &str {
        "m0080_money_kept"
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
        let db = manager.get_connection();
        let guards: &[&str] = match manager.get_database_backend() {
            DbBackend::Postgres => &[
                "DROP TRIGGER commission_line_kept ON commission_line",
                "DROP FUNCTION commission_line_kept",
            ],
            _ => &["DROP TRIGGER commission_line_not_changed", "DROP TRIGGER commission_line_not_deleted"],
        };
        for guard in guards {
            db.execute_unprepared(guard).await?;
        }
        super::run(
            manager,
            "
ALTER TABLE partner ADD COLUMN all_rate_bp bigint NOT NULL DEFAULT 0;
UPDATE partner SET all_rate_bp = COALESCE(rate_bp, 2000);
ALTER TABLE partner DROP COLUMN rate_bp;
ALTER TABLE partner RENAME COLUMN all_rate_bp TO rate_bp;
ALTER TABLE payout DROP COLUMN exported_by;
ALTER TABLE payout DROP COLUMN exported_at;
DROP INDEX commission_statement_of;
DROP INDEX commission_line_of_payout;
DROP INDEX customer_all_country;
DROP INDEX customer_country;
DROP INDEX ledger_transaction_org;
DROP INDEX mapping_of
",
        )
        .await
    }
}

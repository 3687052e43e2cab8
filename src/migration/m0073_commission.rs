//! Commission lines, statements, payouts and the accounts they go to.

use sea_orm::{ConnectionTrait, DbBackend, DbErr};
use sea_orm_migration::prelude::*;

const COMMON: &str = "
CREATE TABLE commission_line (
    id {uuid} PRIMARY KEY,
    partner_id {uuid} NOT NULL,
    org_id {uuid} NOT NULL,
    subscription_id {uuid} NOT NULL,
    invoice_id {uuid} NOT NULL,
    reverses {uuid},
    cause_id {uuid} NOT NULL,
    entity text {c} NOT NULL,
    currency text {c} NOT NULL,
    plan text NOT NULL,
    kind text NOT NULL,
    rule text NOT NULL,
    base bigint NOT NULL,
    eligible bigint NOT NULL,
    rate_bp bigint NOT NULL,
    rate_source text NOT NULL,
    amount bigint NOT NULL,
    why text NOT NULL,
    state text {c} NOT NULL,
    available_on integer NOT NULL,
    earned_on integer NOT NULL,
    payout_id {uuid},
    created_at bigint NOT NULL
);
CREATE UNIQUE INDEX commission_line_once ON commission_line (partner_id, cause_id, kind) WHERE reverses IS NULL;
CREATE UNIQUE INDEX commission_line_taken_once ON commission_line (reverses, cause_id) WHERE reverses IS NOT NULL;
CREATE INDEX commission_line_partner ON commission_line (partner_id, created_at, id);
CREATE INDEX commission_line_state ON commission_line (partner_id, state, created_at, id);
CREATE INDEX commission_line_org ON commission_line (partner_id, org_id, created_at, id);
CREATE INDEX commission_line_kind ON commission_line (partner_id, kind, created_at, id);
CREATE INDEX commission_line_balance ON commission_line (partner_id, state, entity, currency, amount)
    WHERE state IN ('pending', 'available', 'locked');
CREATE INDEX commission_line_hold ON commission_line (available_on, id) WHERE state = 'pending';
CREATE INDEX commission_line_invoice ON commission_line (invoice_id);
CREATE INDEX commission_line_payout ON commission_line (payout_id) WHERE payout_id IS NOT NULL;
CREATE TABLE partner_rate (
    partner_id {uuid} NOT NULL,
    plan text {c} NOT NULL,
    rate_bp bigint NOT NULL,
    created_at bigint NOT NULL,
    created_by text NOT NULL,
    PRIMARY KEY (partner_id, plan)
);
CREATE TABLE commission_statement (
    id {uuid} PRIMARY KEY,
    partner_id {uuid} NOT NULL,
    entity text {c} NOT NULL,
    currency text {c} NOT NULL,
    month integer NOT NULL,
    opening bigint NOT NULL,
    earned bigint NOT NULL,
    reversed bigint NOT NULL,
    paid bigint NOT NULL,
    closing bigint NOT NULL,
    lines bigint NOT NULL,
    digest text NOT NULL,
    closed_at bigint NOT NULL,
    UNIQUE (partner_id, entity, currency, month)
);
CREATE TABLE payout_account (
    id {uuid} PRIMARY KEY,
    partner_id {uuid} NOT NULL,
    holder text NOT NULL,
    iban {bytes} NOT NULL,
    iban_last4 text NOT NULL,
    bic text NOT NULL,
    bank text NOT NULL,
    country text NOT NULL,
    created_at bigint NOT NULL,
    usable_at bigint NOT NULL,
    created_by text NOT NULL,
    replaced_at bigint
);
CREATE INDEX payout_account_of ON payout_account (partner_id, replaced_at);
CREATE TABLE payout (
    id {uuid} PRIMARY KEY,
    partner_id {uuid} NOT NULL,
    entity text {c} NOT NULL,
    currency text {c} NOT NULL,
    number text {c} NOT NULL UNIQUE,
    amount bigint NOT NULL,
    lines bigint NOT NULL,
    status text {c} NOT NULL,
    account_id {uuid} NOT NULL,
    method text NOT NULL,
    request_key text {c} NOT NULL,
    requested_by text NOT NULL,
    requested_at bigint NOT NULL,
    reference text NOT NULL,
    reject_reason text NOT NULL,
    decided_at bigint,
    sent_at bigint,
    paid_at bigint,
    version bigint NOT NULL,
    UNIQUE (partner_id, request_key)
);
CREATE INDEX payout_partner ON payout (partner_id, requested_at, id);
CREATE INDEX payout_status ON payout (status, requested_at, id);
CREATE INDEX payout_all ON payout (requested_at, id);
CREATE TABLE payout_invoice (
    id {uuid} PRIMARY KEY,
    payout_id {uuid} NOT NULL REFERENCES payout (id),
    partner_id {uuid} NOT NULL,
    number text {c} NOT NULL,
    issued_on integer NOT NULL,
    amount bigint NOT NULL,
    currency text NOT NULL,
    file_name text NOT NULL,
    media_type text NOT NULL,
    content {bytes} NOT NULL,
    uploaded_at bigint NOT NULL,
    uploaded_by text NOT NULL,
    replaced_at bigint
);
CREATE INDEX payout_invoice_of ON payout_invoice (payout_id, replaced_at);
CREATE UNIQUE INDEX payout_invoice_number ON payout_invoice (partner_id, number) WHERE replaced_at IS NULL;
CREATE TABLE store_role (
    id {uuid} PRIMARY KEY,
    partner_id {uuid} NOT NULL,
    name text NOT NULL,
    name_key text {c} NOT NULL,
    description text NOT NULL,
    features text NOT NULL,
    version bigint NOT NULL,
    UNIQUE (partner_id, name_key)
);
ALTER TABLE member ADD COLUMN store_role_id {uuid}
";

/// A closed statement is never changed and never deleted (domain.md section 10).
const POSTGRES: &str = "
CREATE TRIGGER commission_statement_kept BEFORE UPDATE OR DELETE ON commission_statement FOR EACH ROW EXECUTE FUNCTION kontor_refuse()
";

const SQLITE: &str = "
CREATE TRIGGER commission_statement_not_changed BEFORE UPDATE ON commission_statement BEGIN SELECT RAISE(ABORT, 'kontor: commission_statement keeps what it holds'); END;
CREATE TRIGGER commission_statement_not_deleted BEFORE DELETE ON commission_statement BEGIN SELECT RAISE(ABORT, 'kontor: commission_statement keeps what it holds'); END
";

/// This step of the schema.
pub struct Step;

impl MigrationName for Step {
    fn name(&self) -> &str {
        "m0073_commission"
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
        super::run(manager, "ALTER TABLE member DROP COLUMN store_role_id").await?;
        let tables = [
            "store_role",
            "payout_invoice",
            "payout",
            "payout_account",
            "commission_statement",
            "partner_rate",
            "commission_line",
        ];
        for table in tables {
            manager.get_connection().execute_unprepared(&format!("DROP TABLE {table}")).await?;
        }
        Ok(())
    }
}

//! Payments, invoices, and what payment providers tell us.

use sea_orm::{ConnectionTrait, DbBackend, DbErr};
use sea_orm_migration::prelude::*;

const COMMON: &str = "
CREATE TABLE payment_method (
    id {uuid} PRIMARY KEY,
    org_id {uuid} NOT NULL REFERENCES organisation (id),
    provider text NOT NULL,
    token text NOT NULL,
    customer_token text NOT NULL,
    brand text NOT NULL,
    last4 text NOT NULL,
    exp_month integer NOT NULL,
    exp_year integer NOT NULL,
    holder text NOT NULL,
    is_default boolean NOT NULL,
    created_at bigint NOT NULL,
    removed_at bigint
);
CREATE INDEX payment_method_of ON payment_method (org_id, removed_at, id);
CREATE TABLE invoice_series (
    entity text {c} NOT NULL,
    kind text {c} NOT NULL,
    year integer NOT NULL,
    last bigint NOT NULL,
    PRIMARY KEY (entity, kind, year)
);
CREATE TABLE invoice (
    id {uuid} PRIMARY KEY,
    kind text NOT NULL,
    entity text {c} NOT NULL,
    year integer NOT NULL,
    seq bigint NOT NULL,
    number text {c} NOT NULL UNIQUE,
    credits {uuid},
    debtor_id {uuid} NOT NULL,
    org_id {uuid} NOT NULL,
    partner_id {uuid},
    subscription_id {uuid} NOT NULL,
    change_id {uuid},
    payer text NOT NULL,
    currency text NOT NULL,
    list_amount bigint NOT NULL,
    discount bigint NOT NULL,
    net bigint NOT NULL,
    tax bigint NOT NULL,
    total bigint NOT NULL,
    tax_bp bigint NOT NULL,
    tax_rule text NOT NULL,
    content text NOT NULL,
    issued_on integer NOT NULL,
    due_on integer NOT NULL,
    issued_at bigint NOT NULL,
    UNIQUE (entity, kind, year, seq)
);
CREATE INDEX invoice_partner ON invoice (partner_id, issued_on, id);
CREATE INDEX invoice_org ON invoice (org_id, issued_on, id);
CREATE INDEX invoice_debtor ON invoice (debtor_id, issued_on, id);
CREATE INDEX invoice_all ON invoice (issued_on, id);
CREATE INDEX invoice_credits ON invoice (credits);
CREATE TABLE invoice_state (
    invoice_id {uuid} PRIMARY KEY REFERENCES invoice (id),
    status text {c} NOT NULL,
    paid bigint NOT NULL,
    credited bigint NOT NULL,
    refunded bigint NOT NULL,
    due_on integer NOT NULL,
    version bigint NOT NULL
);
CREATE INDEX invoice_state_open ON invoice_state (status, due_on, invoice_id)
    WHERE status IN ('issued', 'partially_paid', 'past_due');
CREATE TABLE payment (
    id {uuid} PRIMARY KEY,
    org_id {uuid} NOT NULL,
    debtor_id {uuid} NOT NULL,
    partner_id {uuid},
    subscription_id {uuid} NOT NULL,
    purpose text NOT NULL,
    change_id {uuid},
    invoice_id {uuid},
    provider text NOT NULL,
    method_id {uuid},
    currency text NOT NULL,
    amount bigint NOT NULL,
    refunded bigint NOT NULL,
    status text {c} NOT NULL,
    provider_ref text {c},
    action_url text,
    failure text,
    attempt integer NOT NULL,
    reference text NOT NULL,
    created_at bigint NOT NULL,
    settled_at bigint,
    version bigint NOT NULL
);
CREATE INDEX payment_partner ON payment (partner_id, id);
CREATE INDEX payment_org ON payment (org_id, id);
CREATE INDEX payment_invoice ON payment (invoice_id);
CREATE UNIQUE INDEX payment_ref ON payment (provider, provider_ref);
CREATE TABLE refund (
    id {uuid} PRIMARY KEY,
    payment_id {uuid} NOT NULL REFERENCES payment (id),
    org_id {uuid} NOT NULL,
    kind text NOT NULL,
    amount bigint NOT NULL,
    currency text NOT NULL,
    status text {c} NOT NULL,
    reason text NOT NULL,
    request_key text {c} NOT NULL UNIQUE,
    provider_ref text {c},
    credit_note_id {uuid},
    by_label text NOT NULL,
    failure text,
    created_at bigint NOT NULL,
    settled_at bigint,
    version bigint NOT NULL
);
CREATE INDEX refund_payment ON refund (payment_id, id);
CREATE TABLE webhook_event (
    provider text {c} NOT NULL,
    event_id text {c} NOT NULL,
    kind text NOT NULL,
    payload text NOT NULL,
    received_at bigint NOT NULL,
    handled_at bigint,
    PRIMARY KEY (provider, event_id)
)
";

/// An invoice is never changed and never deleted (R9.3).
const POSTGRES: &str = "
CREATE FUNCTION kontor_refuse() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RAISE EXCEPTION 'kontor: % keeps what it holds', TG_TABLE_NAME; END $$;
CREATE TRIGGER invoice_kept BEFORE UPDATE OR DELETE ON invoice FOR EACH ROW EXECUTE FUNCTION kontor_refuse()
";

const SQLITE: &str = "
CREATE TRIGGER invoice_not_changed BEFORE UPDATE ON invoice BEGIN SELECT RAISE(ABORT, 'kontor: invoice keeps what it holds'); END;
CREATE TRIGGER invoice_not_deleted BEFORE DELETE ON invoice BEGIN SELECT RAISE(ABORT, 'kontor: invoice keeps what it holds'); END
";

/// This step of the schema.
pub struct Step;

impl MigrationName for Step {
    fn name(&self) -> &str {
        "m0071_payments"
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
        let tables = [
            "webhook_event",
            "refund",
            "payment",
            "invoice_state",
            "invoice",
            "invoice_series",
            "payment_method",
        ];
        for table in tables {
            manager.get_connection().execute_unprepared(&format!("DROP TABLE {table}")).await?;
        }
        if manager.get_database_backend() == DbBackend::Postgres {
            manager.get_connection().execute_unprepared("DROP FUNCTION kontor_refuse").await?;
        }
        Ok(())
    }
}

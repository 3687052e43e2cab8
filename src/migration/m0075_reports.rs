//! What reports need: a partner's time zone, what each customer's term is worth, and a journal of customers who came, bought,
//! renewed and went.

use sea_orm::{ConnectionTrait, DbBackend, DbErr};
use sea_orm_migration::prelude::*;

const TABLES: &str = "
ALTER TABLE partner ADD COLUMN time_zone text NOT NULL DEFAULT 'UTC';
ALTER TABLE customer ADD COLUMN country text NOT NULL DEFAULT '';
ALTER TABLE customer ADD COLUMN currency text;
ALTER TABLE customer ADD COLUMN term_value bigint NOT NULL DEFAULT 0;
ALTER TABLE customer ADD COLUMN payer text;
ALTER TABLE customer ADD COLUMN renews boolean NOT NULL DEFAULT false;
CREATE TABLE customer_event (
    id {uuid} PRIMARY KEY,
    partner_id {uuid} NOT NULL,
    org_id {uuid} NOT NULL,
    kind text {c} NOT NULL,
    day integer NOT NULL,
    at bigint NOT NULL
);
CREATE INDEX customer_ends ON customer (ends_key, id, status, renews, payer, currency, term_value, partner_id)
    WHERE listed AND currency IS NOT NULL;
CREATE INDEX customer_event_of ON customer_event (partner_id, kind, day, id);
CREATE INDEX customer_event_all ON customer_event (kind, day, id)
";

/// Whoever is there already: nothing could be bought before this step, so there is a country and a beginning.
const BACKFILL: &str = "
UPDATE customer SET country = (SELECT o.country FROM organisation o WHERE o.id = customer.org_id);
INSERT INTO customer_event (id, partner_id, org_id, kind, day, at)
    SELECT id, partner_id, org_id, 'new', CAST(since / 86400000 AS integer), since FROM mapping;
INSERT INTO customer_count (owner_id, facet, value, slot, count)
    SELECT partner_id, 'country', country, 0, count(*) FROM customer WHERE listed GROUP BY 1, 3;
INSERT INTO customer_count (owner_id, facet, value, slot, count)
    SELECT {everybody}, 'country', country, 0, count(*) FROM customer WHERE listed GROUP BY 3;
INSERT INTO customer_day_count (owner_id, kind, day, slot, count)
    SELECT partner_id, kind, day, 0, count(*) FROM customer_event GROUP BY 1, 2, 3;
INSERT INTO customer_day_count (owner_id, kind, day, slot, count)
    SELECT {everybody}, kind, day, 0, count(*) FROM customer_event GROUP BY 2, 3
";

/// This step of the schema.
pub struct Step;

impl MigrationName for Step {
    fn name(&self) -> &str {
        "m0075_reports"
    }
}

#[async_trait::async_trait]
impl MigrationTrait for Step {
    fn use_transaction(&self) -> Option<bool> {
        Some(true)
    }

    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let everybody = match manager.get_database_backend() {
            DbBackend::Postgres => "'00000000-0000-0000-0000-000000000000'::uuid",
            _ => "x'00000000000000000000000000000000'",
        };
        super::run(manager, TABLES).await?;
        super::run(manager, &BACKFILL.replace("{everybody}", everybody)).await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let db = manager.get_connection();
        db.execute_unprepared("DELETE FROM customer_count WHERE facet IN ('country', 'value')").await?;
        db.execute_unprepared("DELETE FROM customer_day_count WHERE kind NOT IN ('renewal', 'trial')")
            .await?;
        db.execute_unprepared("DROP TABLE customer_event").await?;
        db.execute_unprepared("DROP INDEX customer_ends").await?;
        for column in ["country", "currency", "term_value", "payer", "renews"] {
            db.execute_unprepared(&format!("ALTER TABLE customer DROP COLUMN {column}")).await?;
        }
        db.execute_unprepared("ALTER TABLE partner DROP COLUMN time_zone").await?;
        Ok(())
    }
}

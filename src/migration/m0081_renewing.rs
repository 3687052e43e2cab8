//! What renews within the next days is summed, partner by partner, from an index that holds all the sum needs: the rows
//! themselves were looked up before, tens of thousands of them for one page. What the index is limited to is among its
//! columns, too: SQLite asks for it again.

use sea_orm::DbErr;
use sea_orm_migration::prelude::*;

/// This step of the schema.
pub struct Step;

impl MigrationName for Step {
    fn name(&self) -> &str {
        "m0081_renewing"
    }
}

#[async_trait::async_trait]
impl MigrationTrait for Step {
    fn use_transaction(&self) -> Option<bool> {
        Some(true)
    }

    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        super::run(
            manager,
            "
CREATE INDEX customer_renewing ON customer
    (partner_id, ends_key, payer, currency, plan, term_value, listed, status, renews)
    WHERE listed AND status = 'active' AND renews AND payer IS NOT NULL AND currency IS NOT NULL
",
        )
        .await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        super::run(manager, "DROP INDEX customer_renewing").await
    }
}

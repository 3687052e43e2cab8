//! The schema, hand-written, one file a step. A step never changes once it has landed: it spells out tables and
//! columns itself and imports no entity.

use sea_orm::{ConnectionTrait, DbBackend, DbErr};
use sea_orm_migration::prelude::*;

mod m0001_accounts;
mod m0002_work;
mod m0003_organisations;
mod m0004_applications;
mod m0005_subscriptions;
mod m0006_delegation;
mod m0010_domain_checks;
mod m0020_customer_list;
mod m0030_console;
mod m0040_applications;
mod m0050_chosen_language;
mod m0060_invitations;
mod m0070_catalogue;
mod m0071_payments;
mod m0072_ledger;
mod m0073_commission;
mod m0074_bulk;
mod m0075_reports;
mod m0076_due_terms;
mod m0077_debts;
mod m0078_credit;
mod m0080_money_kept;
mod m0081_renewing;
mod m0082_consent;
mod m0083_disputes;
mod m0084_grants;
mod m0085_second_factor;
mod m0086_audit_kept;
mod m0087_identity;
mod m0088_people;
mod m0089_passkeys;
mod m0090_mail;
mod m0091_change_modes;
mod m0092_logo;
mod m0093_renewing_access;

/// All steps, in order.
pub struct Migrator;

impl MigratorTrait for Migrator {
    fn migrations() -> Vec<Box<dyn MigrationTrait>> {
        vec![
            Box::new(m0001_accounts::Step),
            Box::new(m0002_work::Step),
            Box::new(m0003_organisations::Step),
            Box::new(m0004_applications::Step),
            Box::new(m0005_subscriptions::Step),
            Box::new(m0006_delegation::Step),
            Box::new(m0010_domain_checks::Step),
            Box::new(m0020_customer_list::Step),
            Box::new(m0030_console::Step),
            Box::new(m0040_applications::Step),
            Box::new(m0050_chosen_language::Step),
            Box::new(m0060_invitations::Step),
            Box::new(m0070_catalogue::Step),
            Box::new(m0071_payments::Step),
            Box::new(m0072_ledger::Step),
            Box::new(m0073_commission::Step),
            Box::new(m0074_bulk::Step),
            Box::new(m0075_reports::Step),
            Box::new(m0076_due_terms::Step),
            Box::new(m0077_debts::Step),
            Box::new(m0080_money_kept::Step),
            Box::new(m0078_credit::Step),
            Box::new(m0081_renewing::Step),
            Box::new(m0082_consent::Step),
            Box::new(m0083_disputes::Step),
            Box::new(m0084_grants::Step),
            Box::new(m0085_second_factor::Step),
            Box::new(m0086_audit_kept::Step),
            Box::new(m0087_identity::Step),
            Box::new(m0088_people::Step),
            Box::new(m0091_change_modes::Step),
            Box::new(m0092_logo::Step),
            Box::new(m0093_renewing_access::Step),
            Box::new(m0089_passkeys::Step),
            Box::new(m0090_mail::Step),
        ]
    }
}

/// Runs statements separated by `;` lines. `{uuid}`, `{bytes}` and `{c}` (byte-wise collation) stand for what the
/// two databases spell differently; everything else is common to both.
pub(crate) async fn run(manager: &SchemaManager<'_>, statements: &str) -> Result<(), DbErr> {
    let connection = manager.get_connection();
    let (uuid, bytes, collate) = match manager.get_database_backend() {
        DbBackend::Postgres => ("uuid", "bytea", "COLLATE \"C\""),
        _ => ("blob", "blob", ""),
    };
    for statement in statements.split(";\n").map(str::trim).filter(|s| !s.is_empty()) {
        let sql = statement.replace("{uuid}", uuid).replace("{bytes}", bytes).replace("{c}", collate);
        connection.execute_unprepared(&sql).await?;
    }
    Ok(())
}

/// Declares a step from its statements for going up and for going down.
macro_rules! step {
    ($name:literal, $up:expr, $down:expr) => {
        /// This step of the schema.
        pub struct Step;
        impl sea_orm_migration::MigrationName for Step {
            fn name(&self) -> &str {
                $name
            }
        }
        #[async_trait::async_trait]
        impl sea_orm_migration::MigrationTrait for Step {
            fn use_transaction(&self) -> Option<bool> {
                Some(true)
            }
            async fn up(&self, manager: &sea_orm_migration::SchemaManager) -> Result<(), sea_orm::DbErr> {
                super::run(manager, $up).await
            }
            async fn down(&self, manager: &sea_orm_migration::SchemaManager) -> Result<(), sea_orm::DbErr> {
                super::run(manager, $down).await
            }
        }
    };
}
pub(crate) use step;

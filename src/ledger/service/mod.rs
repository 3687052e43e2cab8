//! Posting to the ledger, reading it, proving it.

mod balance;
mod entries;
mod export;
mod post;
mod verify;

#[cfg(test)]
mod export_tests;
#[cfg(test)]
mod guard_tests;
#[cfg(test)]
mod plans_tests;
#[cfg(test)]
mod testing;
#[cfg(test)]
mod tests;

pub use crate::ledger::rows::sum::{of_orgs, of_owners};
pub use balance::{balances, balances_at, balances_of, days, readable};
pub use entries::entries;
pub use export::Journal;
pub use post::{PostError, post, post_all, posted};
pub use verify::{LedgerReport, rebuild_ledger, verify_ledger};

use crate::{Error, kernel::Kontor};
use sea_orm::{AccessMode, DatabaseTransaction, IsolationLevel, TransactionTrait};

/// A reading transaction that sees the ledger as it is at one moment, while posting goes on.
async fn one_moment(kontor: &Kontor) -> Result<DatabaseTransaction, Error> {
    // On SQLite every transaction does, and there are no levels to choose from.
    let (level, mode) = match kontor.db.is_postgres() {
        true => (Some(IsolationLevel::RepeatableRead), Some(AccessMode::ReadOnly)),
        false => (None, None),
    };
    Ok(kontor.db.read().begin_with_config(level, mode).await?)
}

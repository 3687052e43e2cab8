//! `kontor ledger verify | rebuild`.

use crate::{Error, kernel::Kontor, ledger::rows::check};

/// What a check of the ledger found.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LedgerReport {
    /// One line per transaction that does not sum to zero or has no entries, per stray entry, and per summary that
    /// differs from a recount; the first hundred of each kind.
    pub differences: Vec<String>,
}

impl LedgerReport {
    /// Whether everything adds up.
    pub fn is_clean(&self) -> bool {
        self.differences.is_empty()
    }
}

/// Proves entries and summaries, as of one moment, while posting goes on. Changes nothing; a nightly job may call it.
pub async fn verify_ledger(kontor: &Kontor) -> Result<LedgerReport, Error> {
    let tx = super::one_moment(kontor).await?;
    let differences = check::differences(&tx).await?;
    tx.rollback().await?;
    Ok(LedgerReport { differences })
}

/// Writes the summaries anew from the entries. What is wrong with the entries themselves stays.
pub async fn rebuild_ledger(kontor: &Kontor) -> Result<(), Error> {
    let tx = kontor.db.begin().await?;
    check::rebuild(&tx).await?;
    tx.commit().await?;
    Ok(())
}

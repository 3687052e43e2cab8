//! What a stretch of days writes: gathered, then inserted in few statements.

use kontor::{
    Error,
    commission::rows::commission_line,
    invoice::rows::{invoice, invoice_state},
    kernel::{db::insert_all, id::TransactionId},
    ledger::{
        Posting,
        rows::write::{ask_each, entries, transactions},
    },
    mapping::rows::event,
    payment::rows::payment,
    subscription::rows::subscription_change,
};
use sea_orm::DatabaseTransaction;

/// Rows of some days.
#[derive(Default)]
pub(super) struct Books {
    /// Invoices.
    pub invoices: Vec<invoice::ActiveModel>,
    /// Where they stand.
    pub states: Vec<invoice_state::ActiveModel>,
    /// What made each term.
    pub changes: Vec<subscription_change::ActiveModel>,
    /// How it was paid.
    pub payments: Vec<payment::ActiveModel>,
    /// What it earned.
    pub lines: Vec<commission_line::ActiveModel>,
    /// What reports count.
    pub events: Vec<event::ActiveModel>,
    /// The ledger.
    pub postings: Vec<(TransactionId, Posting)>,
}

impl Books {
    /// Writes everything, in one transaction of the caller's. The summaries are for later.
    pub async fn write(self, tx: &DatabaseTransaction) -> Result<(), Error> {
        insert_all(tx, self.invoices, None).await?;
        insert_all(tx, self.states, None).await?;
        insert_all(tx, self.changes, None).await?;
        insert_all(tx, self.payments, None).await?;
        insert_all(tx, self.lines, None).await?;
        insert_all(tx, self.events, None).await?;
        let postings: Vec<_> = self.postings.iter().map(|(id, posting)| (*id, posting)).collect();
        ask_each(tx, false).await?;
        entries(tx, &postings).await?;
        transactions(tx, &postings).await?;
        Ok(ask_each(tx, true).await?)
    }
}

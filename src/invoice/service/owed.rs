//! What is still to be paid on invoices.

use super::account::from_account;
use crate::{
    Error,
    invoice::{
        InvoiceKind, InvoiceStatus,
        rows::{invoice, invoice_state},
    },
    kernel::{
        id::{InvoiceId, OrgId},
        instant::Day,
        money::share,
    },
    payment::{PaymentStatus, rows::payment},
};
use sea_orm::{ActiveModelTrait, ConnectionTrait, DatabaseTransaction, EntityTrait, IntoActiveModel};

/// An invoice on which something is still to be paid.
#[derive(Debug, Clone)]
pub struct Owed {
    /// The invoice.
    pub row: invoice::Model,
    /// Where it stands.
    pub state: invoice_state::Model,
    /// How much, in minor units.
    pub left: i64,
}

impl Owed {
    /// Whether its day is over.
    pub fn is_late(&self, today: Day) -> bool {
        self.state.status == InvoiceStatus::PastDue || self.state.due_on < today
    }
}

/// What is still to be paid of an invoice: what it says, less what was credited, less what was paid and is neither given back
/// nor taken back, and less what came from its debtor's account. Never below zero.
pub async fn left(
    db: &impl ConnectionTrait,
    row: &invoice::Model,
    state: &invoice_state::Model,
) -> Result<i64, Error> {
    let payments = payment::of_invoice(db, row.id).await?;
    left_after(row, state, &payments)
}

/// The same, after these payments; those of other invoices do not count.
pub(super) fn left_after(
    row: &invoice::Model,
    state: &invoice_state::Model,
    payments: &[payment::Model],
) -> Result<i64, Error> {
    let ours = |p: &&payment::Model| p.invoice_id == Some(row.id);
    let kept = |p: &&payment::Model| matches!(p.status, PaymentStatus::Succeeded | PaymentStatus::Won);
    let paid: i64 = payments.iter().filter(ours).filter(kept).map(|p| p.amount - p.refunded).sum();
    Ok(match row.kind {
        InvoiceKind::Invoice => (row.total - state.credited - paid - from_account(row)?).max(0),
        InvoiceKind::CreditNote => 0,
    })
}

/// The invoices of an organisation's subscription on which something is still to be paid, oldest first, whoever owes
/// them. The caller shows nobody what is not theirs.
pub async fn owed_for(db: &impl ConnectionTrait, org: OrgId) -> Result<Vec<Owed>, Error> {
    let mut owed = Vec::new();
    for (row, state) in invoice::open_of(db, org).await? {
        let left = left(db, &row, &state).await?;
        if left > 0 {
            owed.push(Owed { row, state, left });
        }
    }
    Ok(owed)
}

/// Notes that an invoice's day is over.
pub async fn fall_due(tx: &DatabaseTransaction, id: InvoiceId) -> Result<(), Error> {
    let Some(mut state) = invoice_state::locked(tx, id).await? else { return Ok(()) };
    if state.status.is_open() && state.status.may_become(InvoiceStatus::PastDue) {
        state.status = InvoiceStatus::PastDue;
        state.version += 1;
        invoice_state::Entity::update(state.into_active_model().reset_all()).exec(tx).await?;
    }
    Ok(())
}

/// The tax of an invoice's part between two amounts of its total: the parts of a whole add up to its tax.
pub(super) fn tax_between(row: &invoice::Model, from: i64, until: i64) -> i64 {
    share(row.tax, until, row.total) - share(row.tax, from, row.total)
}

/// The payer's bank took `gross` of an invoice back: it is owed again. Answers the tax within it.
pub async fn taken_back(tx: &DatabaseTransaction, row: &invoice::Model, gross: i64) -> Result<i64, Error> {
    let mut state = invoice_state::locked(tx, row.id).await?.ok_or(Error::NotFound)?;
    let tax = tax_between(row, state.taken_back, state.taken_back + gross);
    state.paid -= gross;
    state.taken_back += gross;
    if state.status.may_become(InvoiceStatus::PastDue) {
        state.status = InvoiceStatus::PastDue;
    }
    state.version += 1;
    invoice_state::Entity::update(state.into_active_model().reset_all()).exec(tx).await?;
    Ok(tax)
}

/// The bank gave `gross` back to us. Answers how much of it was still missing, and the tax within that: the rest was paid
/// anew meanwhile.
pub async fn won_back(
    tx: &DatabaseTransaction,
    row: &invoice::Model,
    gross: i64,
) -> Result<(i64, i64), Error> {
    let mut state = invoice_state::locked(tx, row.id).await?.ok_or(Error::NotFound)?;
    let missing = gross.min(state.taken_back);
    state.paid += gross;
    state.taken_back -= missing;
    let tax = tax_between(row, state.taken_back, state.taken_back + missing);
    if left(tx, row, &state).await? == 0 && state.status.may_become(InvoiceStatus::Paid) {
        state.status = InvoiceStatus::Paid;
    }
    state.version += 1;
    invoice_state::Entity::update(state.into_active_model().reset_all()).exec(tx).await?;
    Ok((missing, tax))
}

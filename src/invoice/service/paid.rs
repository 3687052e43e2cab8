//! An invoice is paid: its state, the ledger, and the commission the sale earns.

use super::earn::earn;
use crate::{
    Error,
    invoice::{
        InvoiceStatus,
        rows::{invoice, invoice_state},
    },
    kernel::{
        Kontor,
        error::internal,
        id::{Id, InvoiceId},
        money::Money,
    },
    ledger::{Account, Cause, Draft, EVERYBODY, Posting, service::post},
    payment::rows::payment,
};
use sea_orm::{ActiveModelTrait, DatabaseTransaction, EntityTrait, IntoActiveModel};

/// Books a payment of an invoice inside the transaction that settles the payment. Once all of it is paid the sale earns
/// its commission. Answers what is to be posted: by the caller, as the last thing of its transaction.
pub async fn paid(
    kontor: &Kontor,
    tx: &DatabaseTransaction,
    id: InvoiceId,
    payment: &payment::Model,
) -> Result<Vec<Posting>, Error> {
    let row = invoice::by_id(tx, id).await?.ok_or(Error::NotFound)?;
    let mut state = invoice_state::locked(tx, id).await?.ok_or(Error::NotFound)?;
    state.paid += payment.amount;
    let next = if state.paid >= row.total { InvoiceStatus::Paid } else { InvoiceStatus::PartiallyPaid };
    if state.status.may_become(next) {
        state.status = next;
    }
    state.version += 1;
    let whole = state.status == InvoiceStatus::Paid;
    invoice_state::Entity::update(state.into_active_model().reset_all()).exec(tx).await?;
    let mut postings = vec![collected(kontor, &row, payment)?];
    if whole {
        let settled_on = payment.settled_at.unwrap_or(kontor.now()).day();
        postings.extend(earn(kontor, tx, &row, settled_on).await?);
    }
    Ok(postings)
}

/// The posting of a payment that came in.
fn collected(kontor: &Kontor, row: &invoice::Model, payment: &payment::Model) -> Result<Posting, Error> {
    let owner = row.partner_id.unwrap_or(EVERYBODY);
    let amount = Money::new(payment.amount, payment.currency);
    about(Draft::new(Cause::Payment, payment.id.uuid(), &row.entity, kontor.now()), row)
        .debit(Account::Cash, owner, amount)
        .credit(Account::Receivable, owner, amount)
        .build()
        .map_err(internal)
}

/// A posting about an invoice's customer and partner.
pub(crate) fn about(draft: Draft, row: &invoice::Model) -> Draft {
    let draft = draft.org(row.org_id);
    match row.partner_id {
        Some(partner) => draft.partner(partner),
        None => draft,
    }
}

/// An invoice over nothing, because earlier credits cover it, is paid as it is.
pub async fn settled_by_credit(tx: &DatabaseTransaction, id: InvoiceId) -> Result<(), Error> {
    let mut state = invoice_state::locked(tx, id).await?.ok_or(Error::NotFound)?;
    state.status = InvoiceStatus::Paid;
    state.version += 1;
    invoice_state::Entity::update(state.into_active_model().reset_all()).exec(tx).await?;
    Ok(())
}

/// Gives an unpaid invoice up: what is owed on it is lost.
pub async fn write_off(kontor: &Kontor, tx: &DatabaseTransaction, row: &invoice::Model) -> Result<(), Error> {
    let mut state = invoice_state::locked(tx, row.id).await?.ok_or(Error::NotFound)?;
    let left = row.total - state.paid - state.credited;
    if left <= 0 || !state.status.may_become(InvoiceStatus::Uncollectible) {
        return Ok(());
    }
    state.status = InvoiceStatus::Uncollectible;
    state.version += 1;
    invoice_state::Entity::update(state.into_active_model().reset_all()).exec(tx).await?;
    let owner = row.partner_id.unwrap_or(EVERYBODY);
    let amount = Money::new(left, row.currency);
    let posting = about(Draft::new(Cause::WriteOff, row.id.uuid(), &row.entity, kontor.now()), row)
        .debit(Account::BadDebt, owner, amount)
        .credit(Account::Receivable, owner, amount)
        .build()
        .map_err(internal)?;
    post(kontor, tx, &posting).await?;
    Ok(())
}

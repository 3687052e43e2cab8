//! An invoice is paid: its state, the ledger, and the commission the sale earns.

use super::{
    earn::earn,
    owed::{left, tax_between},
};
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
        instant::Instant,
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
    let given_up = state.status == InvoiceStatus::Uncollectible;
    // What a bank had taken back is paid anew before anything else: its revenue is revenue again.
    let anew = payment.amount.min(state.taken_back);
    state.paid += payment.amount;
    state.taken_back -= anew;
    let tax = tax_between(&row, state.taken_back, state.taken_back + anew);
    let whole = left(tx, &row, &state).await? == 0;
    let next = if whole { InvoiceStatus::Paid } else { InvoiceStatus::PartiallyPaid };
    if state.status.may_become(next) {
        state.status = next;
    }
    state.version += 1;
    invoice_state::Entity::update(state.into_active_model().reset_all()).exec(tx).await?;
    let back = TakenBack { amount: anew, tax, given_up };
    let mut postings = vec![collected(&row, payment, kontor.now(), back)?];
    if whole {
        let settled_on = payment.settled_at.unwrap_or(kontor.now()).day();
        postings.extend(earn(kontor, tx, &row, settled_on).await?);
    }
    Ok(postings)
}

/// What a payment brings back besides paying what is open.
#[derive(Debug, Clone, Copy, Default)]
pub struct TakenBack {
    /// So much, in minor units, a bank had taken back: its revenue was reversed, and is revenue again.
    pub amount: i64,
    /// The tax within it.
    pub tax: i64,
    /// The invoice was given up: it is no loss after all.
    pub given_up: bool,
}

/// The posting of a payment that came in at an instant.
pub fn collected(
    row: &invoice::Model,
    payment: &payment::Model,
    at: Instant,
    back: TakenBack,
) -> Result<Posting, Error> {
    let owner = row.partner_id.unwrap_or(EVERYBODY);
    let money = |minor| Money::new(minor, payment.currency);
    let against = if back.given_up { Account::BadDebt } else { Account::Receivable };
    about(Draft::new(Cause::Payment, payment.id.uuid(), &row.entity, at), row)
        .debit(Account::Cash, owner, money(payment.amount))
        .credit(against, owner, money(payment.amount - back.amount))
        .credit(Account::Chargebacks, owner, money(back.amount - back.tax))
        .credit(Account::Tax, owner, money(back.tax))
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
    let left = left(tx, row, &state).await?;
    if left == 0 || !state.status.may_become(InvoiceStatus::Uncollectible) {
        return Ok(());
    }
    state.status = InvoiceStatus::Uncollectible;
    state.version += 1;
    // Of what a bank took back nothing is owed in the books: its revenue is reversed.
    let amount = Money::new(left - state.taken_back, row.currency);
    invoice_state::Entity::update(state.into_active_model().reset_all()).exec(tx).await?;
    let owner = row.partner_id.unwrap_or(EVERYBODY);
    if amount.minor <= 0 {
        return Ok(());
    }
    let posting = about(Draft::new(Cause::WriteOff, row.id.uuid(), &row.entity, kontor.now()), row)
        .debit(Account::BadDebt, owner, amount)
        .credit(Account::Receivable, owner, amount)
        .build()
        .map_err(internal)?;
    post(kontor, tx, &posting).await?;
    Ok(())
}

//! What a debtor has on account: put there instead of money given back, and taken for its next invoices.

use super::{earn::earn, paid::about};
use crate::{
    Error,
    invoice::{
        Content, InvoiceStatus,
        rows::{account_credit, invoice, invoice_state},
    },
    kernel::{
        Kontor,
        error::internal,
        id::{Id, OrgId},
        money::Money,
    },
    ledger::{Account, Cause, Draft, EVERYBODY, Posting},
};
use sea_orm::{ActiveModelTrait, DatabaseTransaction, EntityTrait, IntoActiveModel};

/// Puts an amount on the account of an invoice's debtor. The caller books it.
pub async fn put_on_account(
    tx: &DatabaseTransaction,
    row: &invoice::Model,
    amount: i64,
) -> Result<(), Error> {
    Ok(account_credit::add(tx, row.debtor_id, &row.entity, row.currency, amount).await?)
}

/// What an organisation has on account, currency by currency.
pub async fn on_account(kontor: &Kontor, debtor: OrgId) -> Result<Vec<Money>, Error> {
    let rows = account_credit::of(kontor.db.read(), debtor).await?;
    Ok(rows.into_iter().map(|row| Money::new(row.amount, row.currency)).collect())
}

/// How much of an invoice is paid from its debtor's account, in minor units, as the paper says.
pub fn from_account(row: &invoice::Model) -> Result<i64, Error> {
    let content: Content = serde_json::from_str(&row.content).map_err(internal)?;
    Ok(content.from_account)
}

/// Pays an invoice from its debtor's account as far as the paper says. Called once what it sold is on record. Answers what is
/// to be posted behind the invoice itself.
pub async fn pay_from_account(
    kontor: &Kontor,
    tx: &DatabaseTransaction,
    row: &invoice::Model,
) -> Result<Vec<Posting>, Error> {
    let used = from_account(row)?;
    if used == 0 {
        return Ok(Vec::new());
    }
    put_on_account(tx, row, -used).await?;
    let mut state = invoice_state::locked(tx, row.id).await?.ok_or(Error::NotFound)?;
    state.paid += used;
    state.version += 1;
    let whole = state.paid >= row.total;
    state.status = if whole { InvoiceStatus::Paid } else { InvoiceStatus::PartiallyPaid };
    invoice_state::Entity::update(state.into_active_model().reset_all()).exec(tx).await?;
    let owner = row.partner_id.unwrap_or(EVERYBODY);
    let amount = Money::new(used, row.currency);
    let posting = about(Draft::new(Cause::AccountUsed, row.id.uuid(), &row.entity, kontor.now()), row)
        .debit(Account::Credit, owner, amount)
        .credit(Account::Receivable, owner, amount)
        .build()
        .map_err(internal)?;
    let mut postings = vec![posting];
    if whole {
        postings.extend(earn(kontor, tx, row, kontor.now().day()).await?);
    }
    Ok(postings)
}

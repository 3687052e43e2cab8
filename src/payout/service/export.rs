//! Approved payouts as a file for the bank.

use super::{
    account::seal_key,
    step::{finance, told},
};
use crate::{
    Error, Issue, Refusal,
    audit::service::Event,
    kernel::{
        Kontor,
        actor::Actor,
        error::internal,
        id::{Id, JobId, encode},
        instant::Day,
        money::{Currency, Money},
    },
    payout::{
        Chosen, File, PayoutStatus,
        pain::{BankAccount, Batch, Message, Transfer, write},
        rows::{self, payout, payout_account},
    },
};

/// Most payouts one file holds.
const MOST: usize = 1_000;

/// Writes approved payouts in euros as `pain.001`, one batch per entity, to be carried out on `on`, and notes on each when
/// and by whom: two people cannot give the bank the same one without knowing. Finance notes what the bank took with
/// `mark_sent`; the end-to-end id is the payout's number, so that a file sent twice is found. `NotFound` if one of them is
/// not there, `PayoutClosed` if one is not approved, `PayoutExported` if one was written before and `again` does not say
/// that this is meant, `Invalid` for another
/// currency or a day gone by, `NoBillingEntity` if an entity has no account to pay from.
pub async fn export_pain001(kontor: &Kontor, actor: &Actor, chosen: &Chosen, on: Day) -> Result<File, Error> {
    finance(actor)?;
    let mut ids = chosen.ids.clone();
    ids.sort_unstable();
    ids.dedup();
    if ids.is_empty() || ids.len() > MOST {
        return Err(Error::BadRequest);
    }
    let now = kontor.now();
    if on < now.day() {
        return Err(Error::field("on", Issue::DateNotAhead));
    }
    let tx = kontor.db.begin().await?;
    let rows = payout::by_ids_locked(&tx, ids.clone()).await?;
    if rows.len() != ids.len() {
        return Err(Error::NotFound);
    }
    if rows.iter().any(|row| row.status != PayoutStatus::Approved) {
        return Err(Refusal::PayoutClosed.into());
    }
    if !chosen.again
        && let Some(row) = rows.iter().find(|row| row.exported_at.is_some())
    {
        return Err(Refusal::PayoutExported { number: row.number.clone() }.into());
    }
    if rows.iter().any(|row| row.currency != Currency::Eur) {
        return Err(Error::field("currency", Issue::NotAChoice));
    }
    let accounts = payout_account::by_ids(&tx, rows.iter().map(|row| row.account_id).collect()).await?;
    let mut batches = Vec::new();
    for payer in rows::payers(&tx).await? {
        let of_entity: Vec<_> = rows.iter().filter(|row| row.entity == payer.key).collect();
        if of_entity.is_empty() {
            continue;
        }
        let iban = crate::payout::iban::iban(&payer.iban).map_err(|_| Refusal::NoBillingEntity)?;
        let from = BankAccount { holder: payer.name, iban, bic: payer.bic };
        let transfers = of_entity.into_iter().map(|row| transfer(kontor, row, &accounts));
        batches.push(Batch { from, transfers: transfers.collect::<Result<_, Error>>()? });
    }
    if batches.iter().map(|batch| batch.transfers.len()).sum::<usize>() != rows.len() {
        return Err(Refusal::NoBillingEntity.into());
    }
    let id = encode(kontor.id::<JobId>().uuid().as_u128()).to_uppercase();
    let xml = write(&Message { id: id.clone(), at: now, on, batches });
    payout::exported(&tx, ids, now, &actor.label()).await?;
    for row in &rows {
        let facts = serde_json::json!({ "file": id, "on": on.to_string() });
        told(kontor, &tx, actor, row, Event::new("payout.exported", &row.number).with(facts)).await?;
    }
    tx.commit().await?;
    let name = format!("pain001-{}-{id}.xml", now.day());
    Ok(File { name, media_type: "application/xml".into(), content: xml.into_bytes() })
}

fn transfer(
    kontor: &Kontor,
    row: &payout::Model,
    accounts: &[payout_account::Model],
) -> Result<Transfer, Error> {
    let account = accounts.iter().find(|account| account.id == row.account_id);
    let account = account.ok_or_else(|| internal("a payout has no account"))?;
    let iban = kontor.secrets.open(&seal_key(account.id), &account.iban)?;
    let iban = String::from_utf8(iban).map_err(internal)?;
    Ok(Transfer {
        end_to_end: row.number.clone(),
        to: BankAccount { holder: account.holder.clone(), iban, bic: account.bic.clone() },
        amount: Money::new(row.amount, row.currency),
        text: row.number.clone(),
    })
}

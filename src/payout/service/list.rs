//! Payouts, for the partner and for the vendor's finance.

use crate::{
    Error,
    commission::service::may_read,
    kernel::{
        Kontor,
        actor::Actor,
        id::{OrgId, PayoutId, PayoutInvoiceId},
        money::Money,
        right::{Feature, OrgKind},
    },
    partner::rows::directory,
    payout::{
        File, InvoiceFacts, PayoutPage, PayoutQuery, PayoutRow,
        rows::{payout, payout_account, payout_invoice},
    },
};

/// Payouts a page shows.
const PAGE: u64 = 25;

/// A page of payouts, newest first: a partner's own, or those of all partners for the vendor's finance.
pub async fn list(kontor: &Kontor, actor: &Actor, query: &PayoutQuery) -> Result<PayoutPage, Error> {
    let partner = scope(actor)?.or(query.partner);
    let db = kontor.db.read();
    let after = match query.after {
        // A payout that is not there counts as not given.
        Some(id) => payout::by_id(db, partner, id).await?.map(|row| (row.requested_at, row.id)),
        None => None,
    };
    let mut rows = payout::page(partner, query.status, after, PAGE + 1).all(db).await?;
    let more = rows.len() as u64 > PAGE;
    rows.truncate(PAGE as usize);
    let next = rows.last().map(|row| row.id).filter(|_| more);
    Ok(PayoutPage { rows: shown(kontor, rows).await?, next })
}

/// One payout. `NotFound` for another partner's.
pub async fn payout(kontor: &Kontor, actor: &Actor, id: PayoutId) -> Result<PayoutRow, Error> {
    let row = payout::by_id(kontor.db.read(), scope(actor)?, id).await?.ok_or(Error::NotFound)?;
    shown(kontor, vec![row]).await?.pop().ok_or(Error::NotFound)
}

/// The partner's invoice for a payout, to be looked at: the one in force, or the one named.
pub async fn invoice_file(
    kontor: &Kontor,
    actor: &Actor,
    id: PayoutId,
    invoice: Option<PayoutInvoiceId>,
) -> Result<File, Error> {
    let db = kontor.db.read();
    let row = payout::by_id(db, scope(actor)?, id).await?.ok_or(Error::NotFound)?;
    let invoice = match invoice {
        Some(invoice) => payout_invoice::one(db, row.id, invoice).await?,
        None => payout_invoice::current(db, row.id).await?,
    };
    let invoice = invoice.ok_or(Error::NotFound)?;
    Ok(File { name: invoice.file_name, media_type: invoice.media_type, content: invoice.content })
}

/// The partner whose payouts the actor sees; nothing for all of them.
fn scope(actor: &Actor) -> Result<Option<OrgId>, Error> {
    if actor.kind == OrgKind::Vendor {
        actor.require(Feature::FinanceManage)?;
        return Ok(None);
    }
    may_read(actor, actor.org)?;
    Ok(Some(actor.org))
}

async fn shown(kontor: &Kontor, rows: Vec<payout::Model>) -> Result<Vec<PayoutRow>, Error> {
    let db = kontor.db.read();
    let names = directory::names(db, rows.iter().map(|row| row.partner_id).collect()).await?;
    let accounts = payout_account::by_ids(db, rows.iter().map(|row| row.account_id).collect()).await?;
    let invoices = payout_invoice::of_payouts(db, rows.iter().map(|row| row.id).collect()).await?;
    let facts = |payout: PayoutId, in_force: bool| {
        let of =
            invoices.iter().filter(move |i| i.payout_id == payout && i.replaced_at.is_none() == in_force);
        of.map(|invoice| InvoiceFacts {
            id: invoice.id,
            number: invoice.number.clone(),
            issued_on: invoice.issued_on,
            file_name: invoice.file_name.clone(),
            uploaded_at: invoice.uploaded_at,
        })
    };
    let row = |row: payout::Model| PayoutRow {
        id: row.id,
        version: row.version,
        partner: row.partner_id,
        partner_name: names
            .iter()
            .find(|o| o.id == row.partner_id)
            .map(|o| o.name.clone())
            .unwrap_or_default(),
        entity: row.entity,
        number: row.number,
        amount: Money::new(row.amount, row.currency),
        lines: row.lines,
        status: row.status,
        method: row.method,
        account_last4: accounts
            .iter()
            .find(|account| account.id == row.account_id)
            .map(|account| account.iban_last4.clone())
            .unwrap_or_default(),
        invoice: facts(row.id, true).next(),
        earlier: facts(row.id, false).collect(),
        requested_by: row.requested_by,
        requested_at: row.requested_at,
        decided_at: row.decided_at,
        sent_at: row.sent_at,
        paid_at: row.paid_at,
        reference: row.reference,
        reject_reason: row.reject_reason,
        exported: row.exported_at.map(|at| (at, row.exported_by.unwrap_or_default())),
    };
    Ok(rows.into_iter().map(row).collect())
}

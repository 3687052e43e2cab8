//! Payments of a partner's customers, of an organisation, and of all: the store's payments, the console's payment
//! reports, the vendor's (domain.md section 9).

use crate::{
    Error,
    domain::rows::domain,
    invoice::rows::invoice,
    kernel::{Kontor, actor::Actor, id::OrgId, money::Money, right::Feature},
    organisation::rows::organisation,
    payment::{
        Failure, PaymentPage, PaymentQuery, PaymentRow,
        rows::{payment, payment_method},
    },
    subscription::change::Payer,
};
use std::collections::HashMap;

/// Payments on a page.
const PAGE: usize = 50;

/// Payments of the customers of the actor's partner.
pub async fn payments(kontor: &Kontor, actor: &Actor, query: &PaymentQuery) -> Result<PaymentPage, Error> {
    actor.require(Feature::PaymentsView)?;
    page(kontor, payment::Scope::Partner(actor.org), query).await
}

/// All payments, for vendor finance.
pub async fn all_payments(
    kontor: &Kontor,
    actor: &Actor,
    query: &PaymentQuery,
) -> Result<PaymentPage, Error> {
    actor.require(Feature::FinanceManage)?;
    page(kontor, payment::Scope::All, query).await
}

async fn page(kontor: &Kontor, scope: payment::Scope, query: &PaymentQuery) -> Result<PaymentPage, Error> {
    let db = kontor.db.read();
    let mut rows = payment::page(db, scope, query, PAGE as u64 + 1).await?;
    let more = rows.len() > PAGE;
    rows.truncate(PAGE);
    let next = rows.last().filter(|_| more).map(|row| row.id);
    let orgs: Vec<OrgId> = distinct(rows.iter().map(|row| row.org_id));
    let names: HashMap<OrgId, String> = organisation::names(db, orgs.clone()).await?.into_iter().collect();
    let domains: HashMap<OrgId, String> = domain::primary_names(db, orgs).await?.into_iter().collect();
    let invoices = invoice::by_ids(db, rows.iter().filter_map(|row| row.invoice_id).collect()).await?;
    let methods = payment_method::by_ids(db, rows.iter().filter_map(|row| row.method_id).collect()).await?;
    let shown = |row: payment::Model| {
        let invoice = row.invoice_id.and_then(|id| invoices.iter().find(|i| i.id == id));
        let card = row.method_id.and_then(|id| methods.iter().find(|m| m.id == id));
        PaymentRow {
            id: row.id,
            at: row.created_at,
            org: row.org_id,
            customer: names.get(&row.org_id).cloned().unwrap_or_default(),
            domain: domains.get(&row.org_id).cloned().unwrap_or_default(),
            payer: if row.debtor_id == row.org_id { Payer::Customer } else { Payer::Partner },
            purpose: row.purpose,
            invoice: invoice.map(|i| (i.id, i.number.clone())),
            list: invoice.map(|i| i.list_amount),
            discount: invoice.map(|i| i.discount),
            tax: invoice.map(|i| i.tax),
            amount: Money::new(row.amount, row.currency),
            refunded: row.refunded,
            provider: row.provider,
            card: card.map(|c| (c.brand.clone(), c.last4.clone())),
            status: row.status,
            failure: row.failure.as_deref().and_then(Failure::from_key),
        }
    };
    Ok(PaymentPage { rows: rows.into_iter().map(shown).collect(), next })
}

fn distinct(ids: impl Iterator<Item = OrgId>) -> Vec<OrgId> {
    let mut ids: Vec<OrgId> = ids.collect();
    ids.sort();
    ids.dedup();
    ids
}

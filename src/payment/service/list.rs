//! Payments of a partner's customers, of an organisation, and of all: the store's payments, the console's payment
//! reports, the vendor's (domain.md section 9).

use crate::{
    Error,
    catalogue::plan_of,
    domain::rows::domain,
    invoice::{Content, InvoiceLine, rows::invoice},
    kernel::{
        Kontor,
        actor::Actor,
        id::{InvoiceId, OrgId},
        instant::Day,
        money::Money,
        right::Feature,
    },
    mapping::service::named,
    organisation::rows::organisation,
    payment::{
        Failure, PaymentPage, PaymentQuery, PaymentRow, PaymentSum,
        rows::{payment, payment_method, refund},
    },
    subscription::{Plan, change::Payer, rows::subscription_change, service::wished},
};
use sea_orm::ConnectionTrait;
use std::collections::HashMap;

/// Payments on a page.
const PAGE: usize = 50;

/// Customers that a search for them takes into account.
const FOUND: u32 = 100;

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
    let owner = match scope {
        payment::Scope::Partner(partner) => Some(partner),
        payment::Scope::All => None,
    };
    let of = match query.q.is_empty() {
        true => None,
        false => Some(named(kontor, owner, &query.q, FOUND).await?),
    };
    let mut rows = payment::page(db, scope, query, of.as_deref(), PAGE as u64 + 1).await?;
    let more = rows.len() > PAGE;
    rows.truncate(PAGE);
    let next = rows.last().filter(|_| more).map(|row| row.id);
    // Everything that everybody ever paid is a report's affair.
    let bounded = owner.is_some() || of.is_some() || query.customer.is_some() || query.from.is_some();
    let sums = match query.after.is_none() && bounded {
        true => payment::sums(db, scope, query, of.as_deref()).await?,
        false => Vec::new(),
    };
    let sum = |(currency, count, amount, refunded)| PaymentSum {
        count,
        amount: Money::new(amount, currency),
        refunded: Money::new(refunded, currency),
    };
    let customer = match query.customer {
        // Its name is told to whom one of its payments is.
        Some(id) if rows.iter().any(|row| row.org_id == id) => {
            organisation::names(db, [id]).await?.into_iter().next()
        }
        _ => None,
    };
    Ok(PaymentPage {
        rows: shown(db, rows).await?,
        sums: sums.into_iter().map(sum).collect(),
        customer,
        next,
    })
}

async fn shown(db: &impl ConnectionTrait, rows: Vec<payment::Model>) -> Result<Vec<PaymentRow>, Error> {
    let orgs: Vec<OrgId> = distinct(rows.iter().map(|row| row.org_id));
    let names: HashMap<OrgId, String> = organisation::names(db, orgs.clone()).await?.into_iter().collect();
    let domains: HashMap<OrgId, String> = domain::primary_names(db, orgs).await?.into_iter().collect();
    let invoices = invoice::by_ids(db, rows.iter().filter_map(|row| row.invoice_id).collect()).await?;
    let methods = payment_method::by_ids(db, rows.iter().filter_map(|row| row.method_id).collect()).await?;
    let unbilled = rows.iter().filter(|row| row.invoice_id.is_none()).filter_map(|row| row.change_id);
    let changes = subscription_change::by_ids(db, unbilled.collect()).await?;
    let refunds = refund::of_all(db, rows.iter().filter(|r| r.refunded > 0).map(|r| r.id).collect()).await?;
    let notes = invoice::by_ids(db, refunds.iter().filter_map(|back| back.credit_note_id).collect()).await?;
    let shown = |row: payment::Model| {
        let invoice = row.invoice_id.and_then(|id| invoices.iter().find(|i| i.id == id));
        let card = row.method_id.and_then(|id| methods.iter().find(|m| m.id == id));
        let sold = invoice.and_then(Sold::of);
        let wish = row.change_id.and_then(|id| changes.iter().find(|c| c.id == id)).and_then(wished);
        let of_row = refunds.iter().filter(|back| back.payment_id == row.id);
        let note = |id: InvoiceId| notes.iter().find(|n| n.id == id).map(|n| (n.id, n.number.clone()));
        PaymentRow {
            id: row.id,
            at: row.created_at,
            org: row.org_id,
            customer: names.get(&row.org_id).cloned().unwrap_or_default(),
            domain: domains.get(&row.org_id).cloned().unwrap_or_default(),
            payer: if row.debtor_id == row.org_id { Payer::Customer } else { Payer::Partner },
            purpose: row.purpose,
            plan: sold.as_ref().and_then(|sold| sold.plan).or(wish.map(|wish| wish.plan)),
            seats: sold.as_ref().and_then(|sold| sold.seats).or(wish.map(|wish| wish.seats)),
            period: sold.as_ref().map(|sold| sold.period),
            invoice: invoice.map(|i| (i.id, i.number.clone())),
            list: invoice.map(|i| i.list_amount),
            discount: invoice.map(|i| i.discount),
            net: invoice.map(|i| i.net),
            tax: invoice.map(|i| i.tax),
            amount: Money::new(row.amount, row.currency),
            refunded: row.refunded,
            credit_notes: of_row.filter_map(|back| back.credit_note_id).filter_map(note).collect(),
            provider: row.provider,
            card: card.map(|c| (c.brand.clone(), c.last4.clone())),
            status: row.status,
            failure: row.failure.as_deref().and_then(Failure::from_key),
        }
    };
    Ok(rows.into_iter().map(shown).collect())
}

/// What an invoice is for, in short.
struct Sold {
    /// The plan whose licences weigh most; nothing if only add-ons were sold.
    plan: Option<Plan>,
    seats: Option<i64>,
    period: (Day, Day),
}

impl Sold {
    fn of(row: &invoice::Model) -> Option<Self> {
        let content: Content = serde_json::from_str(&row.content).ok()?;
        let lines = &content.lines;
        let main = lines.iter().filter(|line| plan_of(line.text.item).is_some()).max_by_key(|line| line.list);
        let of_main = |of: fn(&InvoiceLine) -> i64| main.map(of);
        Some(Self {
            plan: main.and_then(|line| plan_of(line.text.item)),
            seats: of_main(|line| line.quantity),
            period: (lines.iter().map(|line| line.from).min()?, lines.iter().map(|line| line.until).max()?),
        })
    }
}

fn distinct(ids: impl Iterator<Item = OrgId>) -> Vec<OrgId> {
    let mut ids: Vec<OrgId> = ids.collect();
    ids.sort();
    ids.dedup();
    ids
}

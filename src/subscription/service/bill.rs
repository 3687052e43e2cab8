//! From a quote to an invoice, and from an invoice to the ledger.

use crate::{
    Error, Refusal,
    catalogue::{BillingEntity, BillingProfile, service as catalogue},
    invoice::{
        InvoiceKind, InvoiceLine, Issuer, LineText, Party, Sale, Settlement, Tax,
        rows::invoice,
        service::{Bill, about},
    },
    kernel::{error::internal, id::*, instant::Day, money::Money},
    ledger::{Account, Cause, Draft, EVERYBODY, Posting},
    organisation::rows::organisation,
    subscription::change::{Item, LineKind, Quote, QuoteLine},
};
use sea_orm::ConnectionTrait;

/// What is billed, to whom.
#[derive(Debug, Clone)]
pub struct Sold<'a> {
    /// The customer.
    pub org: &'a organisation::Model,
    /// Who owes it.
    pub debtor: OrgId,
    /// The customer's partner.
    pub partner: Option<OrgId>,
    /// The subscription.
    pub subscription: SubscriptionId,
    /// The change it is for.
    pub change: Option<ChangeId>,
    /// Key of the vendor's entity.
    pub entity: &'a str,
    /// Rule and rate.
    pub tax: Tax,
    /// As what a whole term is sold.
    pub whole: Sale,
    /// Last day for paying.
    pub due_on: Day,
    /// How the amount finds its way.
    pub settlement: Settlement,
}

/// The bill of a quote.
pub(crate) async fn bill(db: &impl ConnectionTrait, sold: &Sold<'_>, quote: &Quote) -> Result<Bill, Error> {
    let entity = catalogue::entity(db, sold.entity).await?;
    let profile = catalogue::profile(db, sold.debtor).await?;
    bill_by(sold, quote, entity, profile)
}

/// The same, from what was read before. `BillingDetailsNeeded` without the debtor's billing details.
pub fn bill_by(
    sold: &Sold<'_>,
    quote: &Quote,
    entity: BillingEntity,
    profile: Option<BillingProfile>,
) -> Result<Bill, Error> {
    let debtor_party = match profile {
        Some(profile) => party(profile),
        None => return Err(Refusal::BillingDetailsNeeded.into()),
    };
    let issuer = issuer(entity);
    Ok(Bill {
        kind: InvoiceKind::Invoice,
        entity: sold.entity.to_owned(),
        issuer,
        debtor: sold.debtor,
        debtor_party,
        org: sold.org.id,
        customer: sold.org.name.clone(),
        partner: sold.partner,
        subscription: sold.subscription,
        change: sold.change,
        payer: quote.after.payer,
        lines: lines(quote, sold.whole),
        currency: quote.currency,
        tax: sold.tax,
        credits: None,
        due_on: sold.due_on,
        settlement: sold.settlement.clone(),
        from_account: false,
        reference: String::new(),
        note: String::new(),
    })
}

/// A debtor as it stands on an invoice.
fn party(profile: BillingProfile) -> Party {
    Party {
        name: profile.name,
        street: profile.street,
        street2: profile.street2,
        postal_code: profile.postal_code,
        city: profile.city,
        state: profile.state,
        country: profile.country,
        vat_id: profile.vat_id,
        email: profile.email,
    }
}

/// One of the vendor's entities as it stands on an invoice.
fn issuer(entity: BillingEntity) -> Issuer {
    Issuer {
        party: Party {
            name: entity.name,
            street: entity.street,
            street2: String::new(),
            postal_code: entity.postal_code,
            city: entity.city,
            state: String::new(),
            country: entity.country,
            vat_id: entity.vat_id,
            email: entity.email,
        },
        iban: entity.iban,
        bic: entity.bic,
    }
}

/// The lines of a quote as an invoice has them; `whole`: as what a whole term is sold.
fn lines(quote: &Quote, whole: Sale) -> Vec<InvoiceLine> {
    let term = quote.after.terms.term;
    let plan = Item::of(quote.after.terms.plan).unwrap_or(Item::Standard);
    let mut lines: Vec<InvoiceLine> = Vec::new();
    for line in &quote.lines {
        // A minor unit that rounding gave is no line of its own on paper.
        if line.what == LineKind::Rounding
            && let Some(last) = lines.last_mut()
        {
            last.list += line.list;
            last.discount += line.discount;
            last.net += line.net;
            continue;
        }
        lines.push(InvoiceLine {
            text: LineText {
                item: line.item.unwrap_or(plan),
                sale: sale(line, whole),
                term,
                was: line.replaces,
            },
            quantity: line.quantity.abs().max(1),
            unit_price: line.unit_price,
            from: line.from,
            until: line.until,
            days: (line.numerator != line.denominator).then_some((line.numerator, line.denominator)),
            list: line.list,
            discount: line.discount,
            net: line.net,
        });
    }
    lines
}

fn sale(line: &QuoteLine, whole: Sale) -> Sale {
    match line.what {
        LineKind::Term => whole,
        LineKind::Plan => Sale::Upgrade,
        LineKind::Seats | LineKind::Addon => Sale::Added,
        LineKind::Unused | LineKind::Carry | LineKind::Days | LineKind::Rounding => Sale::Refund,
    }
}

/// The posting of an invoice: owed by the debtor; sold by list, less the partner's discount, and tax.
pub fn issued(row: &invoice::Model) -> Result<Posting, Error> {
    let owner = row.partner_id.unwrap_or(EVERYBODY);
    let money = |minor| Money::new(minor, row.currency);
    about(Draft::new(Cause::Invoice, row.id.uuid(), &row.entity, row.issued_at), row)
        .debit(Account::Receivable, owner, money(row.total))
        .debit(Account::Discount, owner, money(row.discount))
        .credit(Account::Sales, owner, money(row.list_amount))
        .credit(Account::Tax, owner, money(row.tax))
        .build()
        .map_err(internal)
}

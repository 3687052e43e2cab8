//! The papers of a term: its change, its invoice, its payment.

use super::Past;
use crate::seed::load::contract::ENTITY;
use kontor::{
    Error,
    invoice::{
        InvoiceStatus, Sale, Settlement,
        rows::{invoice, invoice_state},
    },
    kernel::{
        id::{ChangeId, OrgId},
        instant::{Day, Instant},
    },
    mapping::{CustomerEventKind, rows::event},
    payment::{PaymentStatus, Provider, Purpose, rows::payment},
    subscription::{
        ChangeKind, ChangeStatus,
        authority::Side,
        change::{Contract, Payer, Quote},
        rows::subscription_change,
        service::{Content, Sold, bill_by},
    },
};

impl Past<'_> {
    /// Keeps what a term was begun with, for writing.
    pub(super) fn keep(
        &mut self,
        number: usize,
        row: &invoice::Model,
        payment: &payment::Model,
        change: subscription_change::Model,
        kind: CustomerEventKind,
        at: Instant,
    ) {
        let one = &self.bought[number];
        let paid = payment.settled_at.is_some();
        self.books.states.push(
            invoice_state::Model {
                invoice_id: row.id,
                status: if paid { InvoiceStatus::Paid } else { InvoiceStatus::Issued },
                paid: if paid { payment.amount } else { 0 },
                credited: 0,
                refunded: 0,
                taken_back: 0,
                due_on: row.due_on,
                version: 1 + i64::from(paid),
            }
            .into(),
        );
        self.books.invoices.push(row.clone().into());
        self.books.payments.push(payment.clone().into());
        self.books.changes.push(change.into());
        self.books.events.push(
            event::Model {
                id: self.dice.id(at),
                partner_id: one.partner,
                org_id: one.org.id,
                kind,
                day: at.day(),
                at,
            }
            .into(),
        );
    }

    fn debtor(&self, number: usize) -> OrgId {
        let one = &self.bought[number];
        if one.payer == Payer::Partner { one.partner } else { one.org.id }
    }

    /// The invoice of a quote, with the next number of its year.
    pub(super) fn invoice(
        &mut self,
        number: usize,
        quote: &Quote,
        (whole, change): (Sale, Option<ChangeId>),
        due_on: Day,
        at: Instant,
    ) -> Result<invoice::Model, Error> {
        let one = &self.bought[number];
        let profile = match one.payer {
            Payer::Partner => self.profiles.get(&one.partner).map(|profile| (*profile).clone()),
            Payer::Customer => Some(one.profile()),
        };
        let sold = Sold {
            org: &one.org,
            debtor: self.debtor(number),
            partner: Some(one.partner),
            subscription: one.subscription,
            change,
            entity: ENTITY,
            tax: self.tax,
            whole,
            due_on,
            settlement: Settlement::Transfer,
        };
        let bill = bill_by(&sold, quote, self.vendor.clone(), profile)?;
        let (year, ..) = at.day().civil();
        let seq = self.numbers.entry(year).or_default();
        *seq += 1;
        Ok(bill.written(self.dice.id(at), *seq, at, None, 0)?.0)
    }

    /// The payment of an invoice, as it is intended.
    pub(super) fn payment(&mut self, number: usize, row: &invoice::Model, at: Instant) -> payment::Model {
        payment::Model {
            id: self.dice.id(at),
            org_id: row.org_id,
            debtor_id: self.debtor(number),
            partner_id: row.partner_id,
            subscription_id: row.subscription_id,
            purpose: Purpose::Invoice,
            change_id: None,
            invoice_id: Some(row.id),
            provider: Provider::Manual,
            method_id: None,
            currency: row.currency,
            amount: row.total,
            refunded: 0,
            status: PaymentStatus::Created,
            provider_ref: None,
            action_url: None,
            failure: None,
            attempt: 1,
            reference: row.number.clone(),
            request_key: None,
            created_at: at,
            settled_at: None,
            version: 1,
        }
    }

    /// The change that begins a term.
    pub(super) fn change(
        &mut self,
        number: usize,
        quote: &Quote,
        before: Option<Contract>,
        at: Instant,
    ) -> Result<subscription_change::Model, Error> {
        let one = &self.bought[number];
        let first = before.is_none();
        let content = Content {
            wish: quote.after.terms,
            before,
            quote: Some(quote.clone()),
            overlay: None,
            entity: ENTITY.into(),
            tax: self.tax,
            pays: first.then_some((Provider::Manual, None)),
            covers: Vec::new(),
            asked: None,
        };
        let started = quote.after.started;
        Ok(subscription_change::Model {
            id: self.dice.id(at),
            org_id: one.org.id,
            subscription_id: one.subscription,
            partner_id: Some(one.partner),
            kind: if first { ChangeKind::Buy } else { ChangeKind::Renewal },
            status: ChangeStatus::Applied,
            content: content.stored()?,
            effective_on: started,
            list_amount: quote.list,
            discount: quote.discount,
            tax: quote.tax,
            total: quote.total,
            currency: quote.currency,
            payer: quote.after.payer,
            payment_id: None,
            invoice_id: None,
            replaces: None,
            request_key: if first { format!("seed-{started}") } else { format!("renewal-{started}") },
            by_side: if first { Side::Partner } else { Side::Programme },
            by_label: if first { "seed" } else { "renewals" }.into(),
            reason: String::new(),
            created_at: at,
            decided_at: Some(at),
            expires_at: None,
            version: 1 + i64::from(first),
        })
    }
}

/// Finance has recorded the transfer.
pub(super) fn settle(payment: &mut payment::Model, at: Instant) {
    payment.status = PaymentStatus::Succeeded;
    payment.provider_ref = Some(payment.id.to_string());
    payment.settled_at = Some(at);
    payment.version += 1;
}

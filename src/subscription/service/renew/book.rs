//! Booking renewals: invoices, the ledger, terms that run, payments to come.

use crate::{
    Error,
    audit::service::{Event, append_all},
    catalogue::BillingProfile,
    invoice::{
        self, Sale, Settlement,
        rows::invoice::Model as Invoice,
        service::{Bill, issue_all},
    },
    job::service::enqueue_all,
    kernel::{
        Kontor,
        actor::Actor,
        db::{insert_all, update_all},
        id::OrgId,
        instant::Day,
        money::Money,
        right::OrgKind,
    },
    ledger::{Posting, service::post_all},
    mapping::{
        CustomerEventKind,
        service::{refresh_after, refresh_all},
    },
    organisation::rows::organisation,
    payment::{
        Provider,
        rows::payment_method,
        service::{Intent, intend_all},
    },
    setting::Policy,
    subscription::{
        ChangeKind, ChangeStatus,
        authority::Side,
        change::{Contract, Quote},
        dunning::Progress,
        rows::{subscription, subscription_change},
        service::{
            bill::{Sold, bill_by, issued},
            confirm::RENEWALS,
            content::Content,
            desk::with_contract,
            dun::watching,
            offer::Terrain,
        },
    },
};
use sea_orm::{ActiveModelTrait, DatabaseTransaction, EntityTrait, IntoActiveModel};

/// What a renewal is booked from.
pub(in crate::subscription::service) struct Renewal<'a> {
    /// The subscription, locked.
    pub row: &'a subscription::Model,
    /// Whose.
    pub org: &'a organisation::Model,
    /// Its partner.
    pub partner: Option<OrgId>,
    /// Who owes it.
    pub debtor: OrgId,
    /// The debtor's billing details.
    pub profile: Option<&'a BillingProfile>,
    /// The debtor's cards, oldest first.
    pub methods: &'a [payment_method::Model],
    /// The subscription before.
    pub contract: &'a Contract,
    /// What it costs, and what it is afterwards.
    pub quote: &'a Quote,
    /// By what it is sold.
    pub terrain: &'a Terrain,
}

/// Issues the invoices of new terms, posts them and what else is `closed` with the terms before, lets the terms run, and
/// intends the payments. `what` is what reports count it as. `BillingDetailsNeeded` if a debtor has given none.
pub(in crate::subscription::service) async fn book_all(
    kontor: &Kontor,
    tx: &DatabaseTransaction,
    policy: &Policy,
    today: Day,
    renewals: &[Renewal<'_>],
    closed: Vec<Posting>,
    what: Option<CustomerEventKind>,
) -> Result<(), Error> {
    if renewals.is_empty() {
        return Ok(());
    }
    let bills: Result<Vec<Bill>, Error> = renewals.iter().map(|one| one.bill(policy, today)).collect();
    let invoices = issue_all(kontor, tx, bills?).await?;
    let booked: Vec<(&Renewal, &Invoice)> = renewals.iter().zip(&invoices).collect();
    let mut postings = closed;
    let mut open = Vec::new();
    for (one, invoice) in &booked {
        if one.quote.list != 0 {
            postings.push(issued(invoice)?);
        }
        open.push(one.quote.total - invoice::service::from_account(invoice)?);
    }
    update_all(tx, renewals.iter().map(|one| (one.row.clone(), one.next())).collect()).await?;
    let intents = booked.iter().zip(&open).filter_map(|((one, invoice), left)| one.intent(invoice, *left));
    let intents = intents.collect();
    let mut payments = intend_all(kontor, tx, intents).await?.into_iter();
    let mut changes = Vec::new();
    for ((one, invoice), left) in booked.iter().zip(&open) {
        let mut change = one.record(kontor)?;
        change.invoice_id = Some(invoice.id);
        if *left > 0 {
            change.payment_id = payments.next();
        } else if one.quote.total == 0 {
            invoice::service::settled_by_credit(tx, invoice.id).await?;
        }
        changes.push(subscription_change::ActiveModel::from(change));
    }
    insert_all(tx, changes, None).await?;
    for (_, invoice) in &booked {
        postings.extend(invoice::service::pay_from_account(kontor, tx, invoice).await?);
    }
    // Nobody would notice that a transfer does not come.
    let transfers = booked.iter().zip(&open).filter(|((one, _), left)| **left > 0 && one.method().is_none());
    let watched: Result<Vec<_>, Error> = transfers
        .map(|((one, invoice), _)| {
            watching(invoice.id, one.row.org_id, Progress::new(invoice.due_on), policy)
        })
        .collect();
    enqueue_all(kontor, tx, watched?).await?;
    let actors: Vec<Actor> =
        renewals.iter().map(|one| Actor::system(one.row.org_id, OrgKind::Customer, "renewals")).collect();
    let events = booked.iter().zip(&actors).map(|((one, invoice), actor)| {
        let facts = serde_json::json!({ "invoice": invoice.number, "total": one.quote.total,
            "currency": one.quote.currency, "until": one.quote.after.ends_on.to_string() });
        (one.row.org_id, actor, Event::new("subscription.renewed", &one.org.name).with(facts))
    });
    append_all(kontor, tx, events.collect()).await?;
    let changed: Vec<_> = renewals.iter().map(|one| (one.row.org_id, what)).collect();
    refresh_all(kontor, tx, &changed).await?;
    post_all(kontor, tx, &postings).await?;
    Ok(())
}

impl Renewal<'_> {
    /// Lets what costs nothing be so: there is no invoice for it.
    pub async fn apply_free(&self, kontor: &Kontor, tx: &DatabaseTransaction) -> Result<(), Error> {
        let next = with_contract(self.row, &self.quote.after);
        subscription::Entity::update(next.into_active_model().reset_all()).exec(tx).await?;
        let active = subscription_change::ActiveModel::from(self.record(kontor)?);
        subscription_change::Entity::insert(active).exec_without_returning(tx).await?;
        refresh_after(kontor, tx, self.row.org_id, None).await
    }

    /// With what the debtor pays: the subscription's card as long as it is the debtor's, else the debtor's usual one.
    fn method(&self) -> Option<&payment_method::Model> {
        let own = self.methods.iter().find(|card| Some(card.id) == self.row.method_id);
        own.or(self.methods.iter().find(|card| card.is_default)).or(self.methods.first())
    }

    fn bill(&self, policy: &Policy, today: Day) -> Result<Bill, Error> {
        let (settlement, due_on) = match self.method() {
            Some(card) => {
                (Settlement::Charge { brand: card.brand.clone(), last4: card.last4.clone() }, today)
            }
            None => (Settlement::Transfer, today.plus(policy.invoice_due_days)),
        };
        let sold = Sold {
            org: self.org,
            debtor: self.debtor,
            partner: self.partner,
            subscription: self.row.id,
            change: None,
            entity: &self.terrain.entity.key,
            tax: self.terrain.tax_of(self.quote.after.payer),
            whole: Sale::Renewal,
            due_on,
            settlement,
        };
        let bill = bill_by(&sold, self.quote, self.terrain.entity.clone(), self.profile.cloned())?;
        Ok(Bill { from_account: true, ..bill })
    }

    /// The subscription as it runs from now on.
    fn next(&self) -> subscription::Model {
        let method_id = self.method().map(|card| card.id);
        subscription::Model { method_id, ..with_contract(self.row, &self.quote.after) }
    }

    /// What is to be collected of what is `left`, in minor units; nothing if earlier credits and the debtor's account cover it.
    fn intent(&self, invoice: &Invoice, left: i64) -> Option<Intent> {
        let method = self.method();
        (left > 0).then(|| Intent {
            org: self.row.org_id,
            debtor: self.debtor,
            partner: self.partner,
            subscription: self.row.id,
            change: None,
            invoice: Some(invoice.id),
            provider: method.map_or(Provider::Manual, |card| card.provider),
            method: method.map(|card| card.id),
            amount: Money::new(left, self.quote.currency),
            attempt: 1,
            reference: invoice.number.clone(),
            request_key: None,
        })
    }

    fn record(&self, kontor: &Kontor) -> Result<subscription_change::Model, Error> {
        let quote = self.quote;
        let content = Content {
            wish: quote.after.terms,
            before: Some(*self.contract),
            quote: Some(quote.clone()),
            overlay: None,
            entity: self.terrain.entity.key.clone(),
            tax: self.terrain.tax_of(quote.after.payer),
            pays: None,
            covers: Vec::new(),
            asked: None,
        };
        Ok(subscription_change::Model {
            id: kontor.id(),
            org_id: self.row.org_id,
            subscription_id: self.row.id,
            partner_id: self.partner,
            kind: ChangeKind::Renewal,
            status: ChangeStatus::Applied,
            content: content.stored()?,
            effective_on: quote.after.started,
            list_amount: quote.list,
            discount: quote.discount,
            tax: quote.tax,
            total: quote.total,
            currency: quote.currency,
            payer: quote.after.payer,
            payment_id: None,
            invoice_id: None,
            replaces: None,
            // A term begins once, whoever renews it.
            request_key: format!("{RENEWALS}{}", quote.after.started),
            by_side: Side::Programme,
            by_label: "renewals".into(),
            reason: String::new(),
            created_at: kontor.now(),
            decided_at: Some(kontor.now()),
            expires_at: None,
            version: 1,
        })
    }
}

//! Renewals: what ended yesterday runs on today, by the prices of today and with what was scheduled (domain.md section 7);
//! what was cancelled ends.

use super::{
    bill::{Sold, bill, issued},
    confirm::RENEWALS,
    content::Content,
    desk::{contract_of, with_contract},
    early::{Beginning, bought},
    ending::end,
    offer::Terrain,
    term_close::close_term,
};
use crate::{
    Error, Refusal,
    audit::service::{Event, append},
    invoice::{self, Sale, Settlement},
    kernel::{
        Kontor,
        actor::Actor,
        id::{ChangeId, OrgId},
        instant::Day,
        money::Money,
        right::OrgKind,
    },
    ledger::service::post,
    mapping::{CustomerEventKind, rows::mapping, service::refresh_after},
    organisation::rows::organisation,
    partner::rows::partner,
    payment::{
        Provider,
        rows::payment_method,
        service::{Intent, intend},
    },
    setting::{Policy, service::policy},
    subscription::{
        ChangeKind, ChangeStatus, Service,
        authority::Side,
        change::{Contract, Payer, Quote, Scheduled, Target, at_renewal, overlay},
        rows::{subscription, subscription_change},
    },
};
use sea_orm::{ActiveModelTrait, ActiveValue::Set, DatabaseTransaction, EntityTrait, IntoActiveModel};

/// Subscriptions renewed in one transaction: others wait no longer than that.
const BATCH: u64 = 50;

/// Renews everything that has ended, in batches; what cannot be renewed at this moment is passed by and met again at the
/// next run. Answers how many were renewed or ended.
pub async fn renew_due(kontor: &Kontor) -> Result<u64, Error> {
    let mut done = 0;
    let mut after = None;
    loop {
        let tx = kontor.db.begin().await?;
        let today = kontor.now().day();
        let policy = policy(kontor, &tx).await?;
        let rows = subscription::ended(&tx, today, after, BATCH).await?;
        let Some(last) = rows.last().map(|row| (row.ends_on, row.id)) else { return Ok(done) };
        let mut touched = Vec::new();
        for row in rows {
            if renew(kontor, &tx, &row, today, &policy).await? {
                touched.push(row.org_id);
            }
        }
        tx.commit().await?;
        done += touched.len() as u64;
        for org in touched {
            kontor.hub.tell(org, "subscription");
        }
        after = last.0.map(|day| (day, last.1));
    }
}

/// Renews or ends one; false if it waits for something else.
async fn renew(
    kontor: &Kontor,
    tx: &DatabaseTransaction,
    row: &subscription::Model,
    today: Day,
    policy: &Policy,
) -> Result<bool, Error> {
    let Some(contract) = contract_of(row) else { return Ok(false) };
    let open = subscription_change::open(tx, row.id).await?;
    if open.iter().any(|change| change.status == ChangeStatus::Charging) {
        return Ok(false);
    }
    let planned: Vec<(&subscription_change::Model, Scheduled)> = open
        .iter()
        .filter(|change| change.status == ChangeStatus::Scheduled)
        .filter_map(|change| Some((change, Content::of(change).ok()?.overlay?)))
        .collect();
    let overlays: Vec<Scheduled> = planned.iter().map(|(_, overlay)| *overlay).collect();
    let target = overlay(&contract, &overlays);
    let org = organisation::by_id(tx, row.org_id).await?.ok_or(Error::NotFound)?;
    let partner_id = mapping::partner_of(tx, row.org_id, Service::Workplace).await?;
    let partner = match partner_id {
        Some(id) => partner::by_org(tx, id).await?,
        None => None,
    };
    if let Some(bought) = bought(&open)? {
        let partner = partner.as_ref();
        let beginning = Beginning { row, contract: &contract, org: &org, partner, policy };
        beginning.begin(kontor, tx, bought, today).await?;
        return Ok(true);
    }
    // Its partner has gone: the customer takes over (R4.10).
    let payer = if partner.is_none() { Payer::Customer } else { target.payer };
    let target = Target { payer, ..target };
    let decided = planned.iter().map(|(change, _)| change.id).collect::<Vec<ChangeId>>();
    if target.cancel {
        close_term(kontor, tx, row, &contract, partner_id, false).await?;
        end(kontor, tx, row, &org, partner_id, policy, ChangeKind::End).await?;
        decide(kontor, tx, &decided, ChangeStatus::Applied).await?;
        return Ok(true);
    }
    let terrain = Terrain::of(tx, row, &org, partner.as_ref(), policy, target.terms.plan, today).await?;
    let quote = match at_renewal(&contract, Some(&target), &terrain.prices, &terrain.rates) {
        Ok(quote) => quote,
        Err(refusal) => {
            // Nothing of the kind is sold any more: people decide, and nobody loses the service meanwhile.
            tracing::warn!(org = %row.org_id, ?refusal, "a subscription cannot be renewed as it stands");
            return Ok(false);
        }
    };
    let debtor = if payer == Payer::Partner { partner_id.unwrap_or(org.id) } else { org.id };
    close_term(kontor, tx, row, &contract, partner_id, true).await?;
    let renewal = Renewal {
        row,
        org: &org,
        partner: partner_id,
        debtor,
        contract: &contract,
        quote: &quote,
        terrain: &terrain,
    };
    match renewal.book(kontor, tx, policy, today, Some(CustomerEventKind::Renewed)).await {
        Err(Error::Refused(Refusal::BillingDetailsNeeded)) => {
            tracing::warn!(org = %row.org_id, "a renewal waits for billing details");
            return Ok(false);
        }
        other => other?,
    }
    decide(kontor, tx, &decided, ChangeStatus::Applied).await?;
    Ok(true)
}

/// What a renewal is booked from.
pub(super) struct Renewal<'a> {
    /// The subscription, locked.
    pub row: &'a subscription::Model,
    /// Whose.
    pub org: &'a organisation::Model,
    /// Its partner.
    pub partner: Option<OrgId>,
    /// Who owes it.
    pub debtor: OrgId,
    /// The subscription before.
    pub contract: &'a Contract,
    /// What it costs, and what it is afterwards.
    pub quote: &'a Quote,
    /// By what it is sold.
    pub terrain: &'a Terrain,
}

impl Renewal<'_> {
    /// Issues the invoice of the new term, posts it, lets the term run, and intends the payment. `what` is what reports
    /// count it as.
    pub async fn book(
        &self,
        kontor: &Kontor,
        tx: &DatabaseTransaction,
        policy: &Policy,
        today: Day,
        what: Option<CustomerEventKind>,
    ) -> Result<(), Error> {
        let (row, quote) = (self.row, self.quote);
        let method = self.method(tx).await?;
        let by_card = method.is_some();
        let settlement = match &method {
            Some(card) => Settlement::Charge { brand: card.brand.clone(), last4: card.last4.clone() },
            None => Settlement::Transfer,
        };
        let due_on = if by_card { today } else { today.plus(policy.invoice_due_days) };
        let change = self.record(kontor)?;
        let sold = Sold {
            org: self.org,
            debtor: self.debtor,
            partner: self.partner,
            subscription: row.id,
            change: None,
            entity: &self.terrain.entity.key,
            tax: self.terrain.tax_of(quote.after.payer),
            whole: Sale::Renewal,
            due_on,
            settlement,
        };
        let bill = invoice::service::Bill { from_account: true, ..bill(tx, &sold, quote).await? };
        let issued_invoice = invoice::service::issue(kontor, tx, bill).await?;
        if quote.list != 0 {
            post(kontor, tx, &issued(kontor, &issued_invoice)?).await?;
        }
        let left = quote.total - invoice::service::pay_from_account(kontor, tx, &issued_invoice).await?;
        let next = subscription::Model {
            method_id: method.as_ref().map(|card| card.id),
            ..with_contract(row, &quote.after)
        };
        subscription::Entity::update(next.into_active_model().reset_all()).exec(tx).await?;
        let mut change = change;
        change.invoice_id = Some(issued_invoice.id);
        if left > 0 {
            let intent = Intent {
                org: row.org_id,
                debtor: self.debtor,
                partner: self.partner,
                subscription: row.id,
                change: None,
                invoice: Some(issued_invoice.id),
                provider: method.as_ref().map_or(Provider::Manual, |card| card.provider),
                method: method.as_ref().map(|card| card.id),
                amount: Money::new(left, quote.currency),
                attempt: 1,
                reference: issued_invoice.number.clone(),
            };
            change.payment_id = Some(intend(kontor, tx, intent).await?);
        } else if quote.total == 0 {
            invoice::service::settled_by_credit(tx, issued_invoice.id).await?;
        }
        let active = subscription_change::ActiveModel::from(change);
        subscription_change::Entity::insert(active).exec_without_returning(tx).await?;
        let actor = Actor::system(row.org_id, OrgKind::Customer, "renewals");
        let facts = serde_json::json!({ "invoice": issued_invoice.number, "total": quote.total,
            "currency": quote.currency, "until": quote.after.ends_on.to_string() });
        append(
            kontor,
            tx,
            row.org_id,
            &actor,
            Event::new("subscription.renewed", &self.org.name).with(facts),
        )
        .await?;
        refresh_after(kontor, tx, row.org_id, what).await
    }

    /// Lets what costs nothing be so: there is no invoice for it.
    pub async fn apply_free(&self, kontor: &Kontor, tx: &DatabaseTransaction) -> Result<(), Error> {
        let next = with_contract(self.row, &self.quote.after);
        subscription::Entity::update(next.into_active_model().reset_all()).exec(tx).await?;
        let active = subscription_change::ActiveModel::from(self.record(kontor)?);
        subscription_change::Entity::insert(active).exec_without_returning(tx).await?;
        refresh_after(kontor, tx, self.row.org_id, None).await
    }

    /// With what the debtor pays: the subscription's card as long as it is the debtor's, else the debtor's usual one.
    async fn method(&self, tx: &DatabaseTransaction) -> Result<Option<payment_method::Model>, Error> {
        let all = payment_method::of(tx, self.debtor).await?;
        let own = all.iter().find(|card| Some(card.id) == self.row.method_id);
        Ok(own.or(all.iter().find(|card| card.is_default)).or(all.first()).cloned())
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

/// Closes changes that took effect, or lost their object.
pub(super) async fn decide(
    kontor: &Kontor,
    tx: &DatabaseTransaction,
    ids: &[ChangeId],
    status: ChangeStatus,
) -> Result<(), Error> {
    for id in ids {
        let change = subscription_change::ActiveModel {
            id: Set(*id),
            status: Set(status),
            decided_at: Set(Some(kontor.now())),
            ..Default::default()
        };
        subscription_change::Entity::update(change).exec(tx).await?;
    }
    Ok(())
}

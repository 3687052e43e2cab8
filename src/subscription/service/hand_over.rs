//! Whoever pays is no longer the customer's partner (domain.md section 4, R4.10): what it paid for runs on, from the renewal
//! on the customer pays, and is reminded to bring a way to pay.

use super::{confirm::set_renewing, content::Content, desk::contract_behind, offer::Terrain};
use crate::{
    Error,
    catalogue::service as catalogue,
    job::{
        JobKind,
        service::{Job, enqueue, finish},
    },
    kernel::{
        Kontor,
        error::internal,
        id::{ChangeId, OrgId},
        instant::Day,
        right::OrgKind,
    },
    notification::{Mail, service::write},
    organisation::{rows::organisation, service::last_words},
    payment::service::usable_methods,
    setting::service::policy,
    subscription::{
        ChangeKind, ChangeStatus, Service,
        authority::Side,
        change::{Contract, Payer, Scheduled},
        rows::{subscription, subscription_change},
    },
};
use sea_orm::{DatabaseTransaction, EntityTrait};
use serde::{Deserialize, Serialize};

/// Days before the customer pays at which it is reminded (R4.10).
const REMINDERS: [i32; 4] = [30, 15, 7, 1];

/// What the job carries from one run to the next.
#[derive(Debug, Clone, Serialize, Deserialize)]
struct Watch {
    org: OrgId,
    change: ChangeId,
    /// The last reminder, in days before.
    reminded: Option<i32>,
}

/// The customer's partner goes: what it has proposed lapses, and what it was to pay from the next term on the customer pays.
/// The caller holds the subscription's lock.
pub(crate) async fn let_go(
    kontor: &Kontor,
    tx: &DatabaseTransaction,
    row: &subscription::Model,
) -> Result<(), Error> {
    let open = subscription_change::open(tx, row.id).await?;
    let lapses = |change: &subscription_change::Model| match change.status {
        ChangeStatus::Proposed => true,
        ChangeStatus::Scheduled => change.kind == ChangeKind::Payer && change.payer == Payer::Partner,
        _ => false,
    };
    let lapsed = open.iter().filter(|change| lapses(change)).map(|change| change.id).collect();
    subscription_change::decide(tx, lapsed, ChangeStatus::Expired, kontor.now()).await?;
    match contract_behind(row).filter(|contract| contract.payer == Payer::Partner) {
        Some(contract) => hand_over(kontor, tx, row, contract).await,
        None => Ok(()),
    }
}

/// Whether the running term was paid by a partner that is the customer's no longer.
pub(super) fn is_handed_over(open: &[subscription_change::Model]) -> bool {
    open.iter().any(|change| {
        change.status == ChangeStatus::Scheduled
            && change.kind == ChangeKind::Payer
            && change.by_side == Side::Programme
    })
}

/// From the renewal on the customer pays: a change nobody can take back. Once is enough. The caller holds the
/// subscription's lock.
pub(super) async fn hand_over(
    kontor: &Kontor,
    tx: &DatabaseTransaction,
    row: &subscription::Model,
    contract: Contract,
) -> Result<(), Error> {
    if is_handed_over(&subscription_change::open(tx, row.id).await?) {
        return Ok(());
    }
    let org = organisation::by_id(tx, row.org_id).await?.ok_or(Error::NotFound)?;
    let (policy, now) = (policy(kontor, tx).await?, kontor.now());
    let terrain = Terrain::of(tx, row, &org, None, &policy, contract.terms.plan, now.day()).await?;
    let content = Content {
        wish: contract.terms,
        before: Some(contract),
        quote: None,
        overlay: Some(Scheduled { payer: Some(Payer::Customer), ..Scheduled::default() }),
        entity: terrain.entity.key.clone(),
        tax: terrain.tax_of(Payer::Customer),
        pays: None,
        covers: Vec::new(),
        asked: None,
    };
    let change = subscription_change::Model {
        id: kontor.id(),
        org_id: row.org_id,
        subscription_id: row.id,
        partner_id: None,
        kind: ChangeKind::Payer,
        status: ChangeStatus::Scheduled,
        content: content.stored()?,
        effective_on: contract.ends_on.plus(1),
        list_amount: 0,
        discount: 0,
        tax: 0,
        total: 0,
        currency: contract.currency,
        payer: Payer::Customer,
        payment_id: None,
        invoice_id: None,
        replaces: None,
        request_key: kontor.token(),
        by_side: Side::Programme,
        by_label: "mapping".into(),
        reason: String::new(),
        created_at: now,
        decided_at: None,
        expires_at: None,
        version: 1,
    };
    let watch = Watch { org: row.org_id, change: change.id, reminded: None };
    subscription_change::Entity::insert(subscription_change::ActiveModel::from(change))
        .exec_without_returning(tx)
        .await?;
    set_renewing(tx, row, row.auto_renew).await?;
    again(kontor, tx, watch, contract.ends_on.plus(1)).await
}

/// Looks again when the next reminder is due; never, when the day has come.
async fn again(kontor: &Kontor, tx: &DatabaseTransaction, watch: Watch, pays_from: Day) -> Result<(), Error> {
    let now = kontor.now();
    let ahead = REMINDERS.iter().map(|days| pays_from.plus(-days).start()).filter(|at| *at > now).min();
    let Some(at) = ahead else { return Ok(()) };
    let key = format!("hand_over:{}", watch.change);
    let payload = serde_json::to_value(&watch).map_err(internal)?;
    enqueue(kontor, tx, JobKind::HandOver, at, Some(key), payload).await?;
    Ok(())
}

/// Reminds the customer, unless a card and billing details are there by now, and finishes the job, in one transaction.
pub async fn remind_of_hand_over(kontor: &Kontor, job: &Job) -> Result<(), Error> {
    let mut watch: Watch = serde_json::from_value(job.payload.clone()).map_err(|_| Error::BadRequest)?;
    let tx = kontor.db.begin().await?;
    let row = subscription::locked(&tx, watch.org, Service::Workplace).await?;
    if !finish(kontor, &tx, job).await? {
        return Ok(());
    }
    let change = subscription_change::one(&tx, watch.org, watch.change).await?;
    let change = change.filter(|change| change.status == ChangeStatus::Scheduled);
    let (Some(row), Some(change)) = (row.filter(|row| row.status.is_paid() && row.auto_renew), change) else {
        return Ok(tx.commit().await?);
    };
    // A term bought before the partner went comes first.
    let from = row.ends_on.map_or(change.effective_on, |day| day.plus(1)).max(change.effective_on);
    let left = from.0 - kontor.now().day().0;
    let due = REMINDERS.into_iter().filter(|days| left <= *days).min();
    if due.is_some() && due < watch.reminded.or(Some(i32::MAX)) && left > 0 {
        watch.reminded = due;
        let card = usable_methods(kontor, &tx, watch.org).await?.iter().any(|method| !method.expired);
        if !card || catalogue::profile(&tx, watch.org).await?.is_none() {
            remind(kontor, &tx, watch.org, from, left).await?;
        }
    }
    again(kontor, &tx, watch, from).await?;
    Ok(tx.commit().await?)
}

async fn remind(
    kontor: &Kontor,
    tx: &DatabaseTransaction,
    org: OrgId,
    pays_from: Day,
    days: i32,
) -> Result<(), Error> {
    let organisation = organisation::by_id(tx, org).await?.map(|row| row.name).unwrap_or_default();
    let link = kontor.url(&format!("/admin/{org}/billing"));
    let mail = Mail::PaysSoon { organisation, pays_from, days, link };
    for to in last_words(tx, org, OrgKind::Customer).await? {
        write(kontor, tx, to, &mail).await?;
    }
    Ok(())
}

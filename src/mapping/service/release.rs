//! A partner lets a customer go (domain.md section 4, R4.9): with notice if it pays for it, else at once.

use super::{
    end::end,
    leave::{names, pays_from, tell_customer},
};
use crate::{
    Error, Refusal,
    audit::service::{Event, append},
    job::{
        JobKind,
        service::{Job, enqueue, finish},
    },
    kernel::{
        Kontor,
        actor::Actor,
        error::internal,
        id::{MappingId, OrgId},
        instant::{Day, Instant},
        right::{Feature, OrgKind},
    },
    mapping::{MappingEnd, MappingStatus, Notice, rows::mapping},
    notification::{Mail, service::write},
    organisation::service::last_words,
    subscription::{Service, rows::subscription},
};
use sea_orm::{ActiveValue::Set, DatabaseTransaction, EntityTrait};
use serde::{Deserialize, Serialize};

/// Days of notice a partner gives that pays for its customer (R4.9).
const NOTICE_DAYS: i64 = 30;

/// What the job carries.
#[derive(Debug, Serialize, Deserialize)]
struct Leaving {
    org: OrgId,
    mapping: MappingId,
}

/// Whether notice was given, and what it would be.
pub async fn notice(kontor: &Kontor, actor: &Actor, customer: OrgId) -> Result<Notice, Error> {
    actor.require(Feature::CustomersView)?;
    let db = kontor.db.read();
    let row = mapping::between(db, actor.org, customer, Service::Workplace).await?.ok_or(Error::NotFound)?;
    let sold = subscription::of(db, customer, Service::Workplace).await?;
    let pays = sold.as_ref().and_then(pays_from).is_some();
    Ok(Notice {
        until: row.notice_until.map(|at| at.day()),
        would_be: pays.then(|| kontor.now().plus_days(NOTICE_DAYS).day()),
    })
}

/// Ends the mapping to one of the actor's customers: at once, or 30 days from now if the partner pays for it. The customer is told
/// either way. `shown` is the day that was named before, if one was: `StaleVersion` if it is another. Again changes nothing.
pub async fn release_customer(
    kontor: &Kontor,
    actor: &Actor,
    customer: OrgId,
    shown: Option<Day>,
) -> Result<(), Error> {
    actor.require(Feature::MappingRequest)?;
    let (service, partner) = (Service::Workplace, actor.org);
    let tx = kontor.db.begin().await?;
    let sold = subscription::locked(&tx, customer, service).await?;
    let row = mapping::latest(&tx, partner, customer, service).await?.ok_or(Error::NotFound)?;
    if row.status != MappingStatus::Active || row.notice_until.is_some() {
        return Ok(());
    }
    let until = kontor.now().plus_days(NOTICE_DAYS);
    let pays_from = sold.as_ref().and_then(pays_from);
    if pays_from.map(|_| until.day()) != shown {
        return Err(Error::StaleVersion);
    }
    if pays_from.is_none() {
        over(kontor, &tx, &row, sold.as_ref(), actor).await?;
        tx.commit().await?;
        super::told(kontor, customer, &[partner]);
        return Ok(());
    }
    set(&tx, &row, Some(until)).await?;
    let payload = serde_json::to_value(Leaving { org: customer, mapping: row.id }).map_err(internal)?;
    let key = Some(format!("notice:{}", row.id));
    enqueue(kontor, &tx, JobKind::MappingNotice, until, key, payload).await?;
    say(kontor, &tx, &row, actor, "mapping.notice_given").await?;
    let (organisation, name) = names(&tx, customer, partner).await?;
    let link = kontor.url(&format!("/admin/{customer}/partner-access"));
    let told = Mail::PartnerLeaves { organisation, partner: name, on: until.day(), pays_from, link };
    for to in last_words(&tx, customer, OrgKind::Customer).await? {
        write(kontor, &tx, to, &told).await?;
    }
    tx.commit().await?;
    super::told(kontor, customer, &[partner]);
    Ok(())
}

/// Takes notice back, as long as the mapping is in force. `NotFound` otherwise; without notice nothing changes.
pub async fn keep_customer(kontor: &Kontor, actor: &Actor, customer: OrgId) -> Result<(), Error> {
    actor.require(Feature::MappingRequest)?;
    let (service, partner) = (Service::Workplace, actor.org);
    let tx = kontor.db.begin().await?;
    subscription::locked(&tx, customer, service).await?;
    let row = mapping::between(&tx, partner, customer, service).await?.ok_or(Error::NotFound)?;
    let Some(until) = row.notice_until else { return Ok(()) };
    if kontor.now() >= until {
        return Err(Refusal::RequestClosed.into());
    }
    set(&tx, &row, None).await?;
    say(kontor, &tx, &row, actor, "mapping.notice_taken_back").await?;
    let (organisation, name) = names(&tx, customer, partner).await?;
    let link = kontor.url(&format!("/admin/{customer}/partner-access"));
    let told = Mail::PartnerStays { organisation, partner: name, link };
    for to in last_words(&tx, customer, OrgKind::Customer).await? {
        write(kontor, &tx, to, &told).await?;
    }
    tx.commit().await?;
    super::told(kontor, customer, &[partner]);
    Ok(())
}

/// The notice is over: the mapping ends, and the job, in one transaction.
pub async fn notice_over(kontor: &Kontor, job: &Job) -> Result<(), Error> {
    let leaving: Leaving = serde_json::from_value(job.payload.clone()).map_err(|_| Error::BadRequest)?;
    let tx = kontor.db.begin().await?;
    let sold = subscription::locked(&tx, leaving.org, Service::Workplace).await?;
    if !finish(kontor, &tx, job).await? {
        return Ok(());
    }
    let row = mapping::by_id(&tx, leaving.mapping).await?;
    let due = |row: &mapping::Model| row.notice_until.is_some_and(|until| kontor.now() >= until);
    let row = row.filter(|row| row.status == MappingStatus::Active && due(row));
    if let Some(row) = &row {
        let system = Actor::system(row.partner_id, OrgKind::Partner, "notice");
        over(kontor, &tx, row, sold.as_ref(), &system).await?;
    }
    tx.commit().await?;
    if let Some(row) = row {
        super::told(kontor, row.org_id, &[row.partner_id]);
    }
    Ok(())
}

async fn over(
    kontor: &Kontor,
    tx: &DatabaseTransaction,
    row: &mapping::Model,
    sold: Option<&subscription::Model>,
    by: &Actor,
) -> Result<(), Error> {
    end(kontor, tx, row, sold, MappingEnd::Partner, by).await?;
    say(kontor, tx, row, by, "mapping.ended").await?;
    let (organisation, partner) = names(tx, row.org_id, row.partner_id).await?;
    tell_customer(kontor, tx, (row.org_id, &organisation), &partner, sold).await?;
    super::refresh(kontor, tx, row.org_id).await
}

/// Notes in the trails of both sides what the partner did.
async fn say(
    kontor: &Kontor,
    tx: &DatabaseTransaction,
    row: &mapping::Model,
    by: &Actor,
    action: &'static str,
) -> Result<(), Error> {
    let (organisation, partner) = names(tx, row.org_id, row.partner_id).await?;
    append(kontor, tx, row.org_id, by, Event::new(action, &partner)).await?;
    append(kontor, tx, row.partner_id, by, Event::new(action, &organisation)).await?;
    Ok(())
}

async fn set(tx: &DatabaseTransaction, row: &mapping::Model, until: Option<Instant>) -> Result<(), Error> {
    let change = mapping::ActiveModel { id: Set(row.id), notice_until: Set(until), ..Default::default() };
    mapping::Entity::update(change).exec(tx).await?;
    Ok(())
}

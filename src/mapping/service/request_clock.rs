//! The clock of requests: brings them to whoever answers, reminds, and lets them lapse (domain.md section 4, R4.3).

use super::ask::look_at;
use crate::{
    Error,
    account::{self, rows::account as accounts},
    audit::service::{Event, append},
    job::service::{Job, finish},
    kernel::{
        Kontor,
        actor::Actor,
        id::{MappingRequestId, OrgId},
        instant::Instant,
        right::{Feature, OrgKind},
    },
    mapping::{
        RequestStatus,
        rows::{mapping, request},
    },
    notification::{
        Mail,
        service::{Recipient, write},
    },
    organisation::{
        MemberStatus, OrgStatus,
        rows::{member, organisation, queue_up},
        service::last_words,
    },
    partner::rows::partner,
};
use sea_orm::{ActiveValue::Set, DatabaseTransaction, EntityTrait};

/// Days after delivery at which the customer is reminded.
const REMINDERS: [i64; 2] = [7, 13];

/// Days for which a customer that has refused a partner is not asked by it again.
const QUIET_DAYS: i64 = 30;

/// Days after which a request that reached nobody is tried again: another partner's may have been in its way.
const TRY_AGAIN_DAYS: i64 = 1;

/// Does what is due for a request, and finishes the job, in one transaction.
pub async fn request_clock(kontor: &Kontor, job: &Job) -> Result<(), Error> {
    let id: MappingRequestId = serde_json::from_value(job.payload.clone()).map_err(|_| Error::BadRequest)?;
    let tx = kontor.db.begin().await?;
    let row = request::locked(&tx, id).await?;
    if !finish(kontor, &tx, job).await? {
        return Ok(());
    }
    let Some(row) = row.filter(|row| row.status == RequestStatus::Open) else {
        return Ok(tx.commit().await?);
    };
    let now = kontor.now();
    let next = if now >= row.expires_at {
        expire(kontor, &tx, &row).await?;
        None
    } else {
        match row.delivered_at {
            None => deliver(kontor, &tx, &row).await?.or(Some(now.plus_days(TRY_AGAIN_DAYS))),
            Some(since) => remind(kontor, &tx, &row, since).await?,
        }
    };
    if let Some(next) = next {
        look_at(kontor, &tx, id, next.min(row.expires_at)).await?;
    }
    // No event goes out: when one does would tell its partner whether the request has reached anybody.
    Ok(tx.commit().await?)
}

/// Brings a request to the organisation its address answers for. Answers when to look again; nothing if it reached nobody:
/// there is no such person, they answer for no organisation, or the organisation is the partner's already, has refused it lately,
/// has chosen another one since, or has another partner's request before it.
async fn deliver(
    kontor: &Kontor,
    tx: &DatabaseTransaction,
    row: &request::Model,
) -> Result<Option<Instant>, Error> {
    let Some(person) = account::service::find_by_email(tx, &row.email).await? else { return Ok(None) };
    let Some(org) = answers_for(tx, &person).await? else { return Ok(None) };
    // Of two partners' requests at once, one is before the customer.
    queue_up(tx, &format!("mapping request to {org}")).await?;
    let now = kontor.now();
    let mapped = mapping::active(tx, vec![org]).await?.into_iter().find(|m| m.service == row.service);
    let chosen = mapped.is_some_and(|m| m.partner_id == row.partner_id || m.since > row.asked_at);
    if chosen
        || request::delivered(tx, org, row.service).await?.is_some()
        || request::refused_since(tx, org, row.partner_id, now.plus_days(-QUIET_DAYS)).await?
        || !partner::by_org(tx, row.partner_id).await?.is_some_and(|p| p.status.is_in_business())
    {
        return Ok(None);
    }
    let change = request::ActiveModel {
        id: Set(row.id),
        org_id: Set(Some(org)),
        delivered_at: Set(Some(now)),
        ..Default::default()
    };
    request::Entity::update(change).exec(tx).await?;
    let asker = organisation::name(tx, row.partner_id).await?;
    let system = Actor::system(org, OrgKind::Customer, "mapping requests");
    append(kontor, tx, org, &system, Event::new("mapping.asked", &asker)).await?;
    let asked = Recipient { email: person.email.clone(), locale: person.locale };
    tell_customer(kontor, tx, row, org, &asker, Some(asked), false).await?;
    Ok(Some(now.plus_days(REMINDERS[0])))
}

/// The organisation a person answers for: the one whose last word they are, else the one they have been in longest.
async fn answers_for(tx: &DatabaseTransaction, person: &accounts::Model) -> Result<Option<OrgId>, Error> {
    let places = member::places(tx, person.id).await?;
    let may = places.into_iter().filter(|(place, house)| {
        house.kind == OrgKind::Customer
            && house.status != OrgStatus::Closed
            && place.row.status == MemberStatus::Active
            && place.features.has(Feature::PartnerAccessGrant)
    });
    let best = may.min_by_key(|(place, house)| (!place.row.role.is_last_word(), house.id));
    Ok(best.map(|(_, house)| house.id))
}

/// Reminds the customer of a request that has reached it; answers when to look again.
async fn remind(
    kontor: &Kontor,
    tx: &DatabaseTransaction,
    row: &request::Model,
    since: Instant,
) -> Result<Option<Instant>, Error> {
    let now = kontor.now();
    let due = REMINDERS.iter().filter(|days| since.plus_days(**days) <= now).count() as i32;
    if due > row.reminded {
        let change = request::ActiveModel { id: Set(row.id), reminded: Set(due), ..Default::default() };
        request::Entity::update(change).exec(tx).await?;
        let asker = organisation::name(tx, row.partner_id).await?;
        if let Some(org) = row.org_id {
            tell_customer(kontor, tx, row, org, &asker, None, true).await?;
        }
    }
    let next = REMINDERS.iter().map(|days| since.plus_days(*days)).find(|at| *at > now);
    Ok(Some(next.unwrap_or(row.expires_at)))
}

/// Nobody answered in time: the partner is told, whether it reached anybody or not.
async fn expire(kontor: &Kontor, tx: &DatabaseTransaction, row: &request::Model) -> Result<(), Error> {
    let change = request::ActiveModel {
        id: Set(row.id),
        status: Set(RequestStatus::Expired),
        decided_at: Set(Some(kontor.now())),
        ..Default::default()
    };
    request::Entity::update(change).exec(tx).await?;
    let system = Actor::system(row.partner_id, OrgKind::Partner, "mapping requests");
    append(kontor, tx, row.partner_id, &system, Event::new("mapping.lapsed", &row.email)).await?;
    if let Some(org) = row.org_id {
        let system = Actor::system(org, OrgKind::Customer, "mapping requests");
        let asker = organisation::name(tx, row.partner_id).await?;
        append(kontor, tx, org, &system, Event::new("mapping.lapsed", &asker)).await?;
    }
    let link = kontor.url(&format!("/store/{}/mapping", row.partner_id));
    let told = Mail::MappingLapsed { email: row.email.clone(), link };
    for to in last_words(tx, row.partner_id, OrgKind::Partner).await? {
        write(kontor, tx, to, &told).await?;
    }
    Ok(())
}

/// Writes to the customer's last words, and to whoever was asked by name.
async fn tell_customer(
    kontor: &Kontor,
    tx: &DatabaseTransaction,
    row: &request::Model,
    org: OrgId,
    asker: &str,
    asked: Option<Recipient>,
    again: bool,
) -> Result<(), Error> {
    let mail = Mail::MappingAsked {
        organisation: organisation::name(tx, org).await?,
        partner: asker.to_owned(),
        note: row.note.clone(),
        until: row.expires_at.day(),
        again,
        link: kontor.url(&format!("/admin/{org}/partner-access")),
    };
    let mut to = last_words(tx, org, OrgKind::Customer).await?;
    to.extend(asked.filter(|asked| to.iter().all(|known| known.email != asked.email)));
    for to in to {
        write(kontor, tx, to, &mail).await?;
    }
    Ok(())
}

//! A partner asks a customer that is there already (domain.md section 4, flow A).

use crate::{
    Error, Problems, Refusal,
    audit::service::{Event, append},
    job::{
        JobKind,
        service::{NewJob, enqueue_all},
    },
    kernel::{
        Kontor,
        actor::Actor,
        error::internal,
        id::{MappingRequestId, OrgId},
        instant::Instant,
        right::{Feature, OrgKind},
        text,
    },
    mapping::{
        Ask, MapPage, RequestStatus, RequestView,
        rows::{code, request},
    },
    organisation::rows::{organisation, queue_up},
    partner::service::in_business,
    setting::service::policy,
    subscription::Service,
};
use sea_orm::{ActiveValue::Set, DatabaseTransaction, EntityTrait};

/// Requests on a page.
const PAGE: u64 = 25;

/// Asks whoever answers for an address. Nobody is looked for yet, so that neither the answer nor the time it takes says
/// whether the address belongs to anybody (R4.6): that is done afterwards, by [`super::request_clock`]. `RequestOpen` while an
/// earlier request of the partner to the address is open.
pub async fn ask(kontor: &Kontor, actor: &Actor, input: &Ask) -> Result<MappingRequestId, Error> {
    of_partner(actor)?;
    let mut problems = Problems::default();
    let email = problems.take("email", text::email(&input.email));
    let note = problems.take("message", text::optional_line(&input.note, 500));
    let key = text::line(&input.request_key, 8, 80).map_err(|_| Error::BadRequest)?;
    problems.finish()?;
    let note = note.unwrap_or_default();
    let email_key = text::email_key(&email);
    let tx = kontor.db.begin().await?;
    // The second click waits for the first, and finds what it did.
    queue_up(&tx, &format!("mapping request of {}", actor.org)).await?;
    in_business(&tx, actor.org).await?;
    if let Some(known) = request::by_key(&tx, actor.org, &key).await? {
        return if known.email_key == email_key { Ok(known.id) } else { Err(Refusal::KeyReused.into()) };
    }
    if let Some(open) = request::asked(&tx, actor.org, &email_key, Service::Workplace).await? {
        return Err(Refusal::RequestOpen { until: open.expires_at.day() }.into());
    }
    let policy = policy(kontor, &tx).await?;
    let row = request_of(kontor, actor, email.clone(), note, key, policy.tag_request_days);
    let id = row.id;
    request::Entity::insert(request::ActiveModel::from(row)).exec_without_returning(&tx).await?;
    look_at(kontor, &tx, id, kontor.now()).await?;
    append(kontor, &tx, actor.org, actor, Event::new("mapping.asked", &email)).await?;
    tx.commit().await?;
    Ok(id)
}

/// Whoever may ask for a partner: `NotFound` for somebody who is of none.
pub(super) fn of_partner(actor: &Actor) -> Result<(), Error> {
    actor.require(Feature::MappingRequest)?;
    if actor.kind == OrgKind::Partner { Ok(()) } else { Err(Error::NotFound) }
}

/// A request as it is made.
pub(super) fn request_of(
    kontor: &Kontor,
    actor: &Actor,
    email: String,
    note: String,
    request_key: String,
    days: i64,
) -> request::Model {
    let now = kontor.now();
    request::Model {
        id: kontor.id(),
        partner_id: actor.org,
        service: Service::Workplace,
        email_key: text::email_key(&email),
        email,
        note,
        status: RequestStatus::Open,
        asked_by: actor.label(),
        asked_at: now,
        expires_at: now.plus_days(days),
        org_id: None,
        delivered_at: None,
        reminded: 0,
        decided_at: None,
        decided_by: None,
        request_key,
    }
}

/// Has a request looked at when it is due.
pub(super) async fn look_at(
    kontor: &Kontor,
    tx: &DatabaseTransaction,
    id: MappingRequestId,
    at: Instant,
) -> Result<(), Error> {
    enqueue_all(kontor, tx, vec![looked_at(id, at)?]).await
}

/// The job that looks at a request when it is due.
pub(super) fn looked_at(id: MappingRequestId, due: Instant) -> Result<NewJob, Error> {
    let payload = serde_json::to_value(id).map_err(internal)?;
    Ok(NewJob { kind: JobKind::MappingRequest, due, unique: Some(format!("mapping_request:{id}")), payload })
}

/// Takes an open request back. One that is over stays as it is: `RequestClosed`.
pub async fn take_back(kontor: &Kontor, actor: &Actor, id: MappingRequestId) -> Result<(), Error> {
    actor.require(Feature::MappingRequest)?;
    let tx = kontor.db.begin().await?;
    let row = request::locked(&tx, id).await?.filter(|row| row.partner_id == actor.org);
    let row = row.ok_or(Error::NotFound)?;
    match row.status {
        RequestStatus::Cancelled => return Ok(()),
        RequestStatus::Open => (),
        _ => return Err(Refusal::RequestClosed.into()),
    }
    let change = request::ActiveModel {
        id: Set(row.id),
        status: Set(RequestStatus::Cancelled),
        decided_at: Set(Some(kontor.now())),
        decided_by: Set(Some(actor.label())),
        ..Default::default()
    };
    request::Entity::update(change).exec(&tx).await?;
    append(kontor, &tx, actor.org, actor, Event::new("mapping.taken_back", &row.email)).await?;
    tx.commit().await?;
    if let Some(org) = row.org_id {
        kontor.hub.tell(org, "delegation");
    }
    Ok(())
}

/// The page *Map customer*: the partner's code and its requests, newest first, behind one.
pub async fn map_page(
    kontor: &Kontor,
    actor: &Actor,
    before: Option<MappingRequestId>,
) -> Result<MapPage, Error> {
    of_partner(actor)?;
    let db = kontor.db.read();
    let mut rows = request::of(db, actor.org, before, PAGE + 1).await?;
    let more = rows.len() as u64 > PAGE;
    rows.truncate(PAGE as usize);
    let agreed = rows.iter().filter(|row| row.status == RequestStatus::Approved);
    let agreed: Vec<OrgId> = agreed.filter_map(|row| row.org_id).collect();
    let names = organisation::names(db, agreed).await?;
    let customer = |row: &request::Model| {
        let org = row.org_id.filter(|_| row.status == RequestStatus::Approved)?;
        Some((org, names.iter().find(|n| n.0 == org)?.1.clone()))
    };
    let code = code::of(db, actor.org).await?.map(|row| super::code::shown(kontor, row));
    Ok(MapPage {
        code,
        before: rows.last().filter(|_| more).map(|row| row.id),
        requests: rows
            .iter()
            .map(|row| RequestView {
                id: row.id,
                email: row.email.clone(),
                status: row.status,
                asked_at: row.asked_at,
                asked_by: row.asked_by.clone(),
                until: row.expires_at.day(),
                customer: customer(row),
            })
            .collect(),
        request_key: kontor.token(),
    })
}

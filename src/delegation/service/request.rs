//! A partner asks one of its customers for access, for longer, or for more; the customer answers (domain.md section 6).

use super::{
    give::{gives, may_have, one_by_one},
    grant::{Sides, grant, put, tell_given, view},
};
use crate::{
    Error, Refusal,
    delegation::{
        AccessAnswer, AccessRequestStatus, AskAccess,
        rows::{self, access_request},
    },
    job::{
        JobKind,
        service::{Job, enqueue, finish},
    },
    kernel::{
        Kontor,
        actor::Actor,
        id::{AccessRequestId, OrgId},
        instant::Instant,
        right::{Feature, OrgKind},
        text,
    },
    notification::Mail,
    setting::service::policy,
};
use sea_orm::{ActiveValue::Set, DatabaseTransaction, EntityTrait};
use serde::{Deserialize, Serialize};

/// Days before a request lapses on which the customer is reminded.
const REMIND_DAYS: i64 = 3;

/// Days for which a customer that has refused is not asked again.
const QUIET_DAYS: i64 = 7;

/// `Forbidden` or `NotFound` unless the actor may act in customers' consoles in a partner's name.
pub(super) fn asks(actor: &Actor) -> Result<(), Error> {
    actor.require(Feature::ConsoleManage)?;
    if actor.kind == OrgKind::Partner { Ok(()) } else { Err(Error::NotFound) }
}

/// Asks a customer of the actor's partner for access on these terms: for the first time, for longer before it ends, again when it
/// is over, or for more. `AccessAsked` while an earlier request is open, `AskAgainLater` for a week after a refusal.
pub async fn ask(
    kontor: &Kontor,
    actor: &Actor,
    org: OrgId,
    form: &AskAccess,
) -> Result<AccessRequestId, Error> {
    asks(actor)?;
    let tx = kontor.db.begin().await?;
    may_have(&tx, org, actor.org).await?;
    let policy = policy(kontor, &tx).await?;
    let note = text::line(&form.note, 0, 500).map_err(|issue| Error::field("message", issue));
    let terms = form.terms.read(&policy, None)?;
    let note = note?;
    one_by_one(&tx, org, actor.org).await?;
    let sides = Sides::of(&tx, org, actor.org).await?;
    let now = kontor.now();
    lapse_if_over(kontor, &tx, &sides).await?;
    if let Some(last) = access_request::latest(&tx, org, actor.org).await? {
        if last.status == AccessRequestStatus::Open {
            return Err(Refusal::AccessAsked { until: last.expires_at.day() }.into());
        }
        let again = last.decided_at.map(|at| at.plus_days(QUIET_DAYS)).filter(|again| *again > now);
        if let (AccessRequestStatus::Declined, Some(again)) = (last.status, again) {
            return Err(Refusal::AskAgainLater { on: again.day() }.into());
        }
    }
    let row = access_request::Model {
        id: kontor.id(),
        org_id: org,
        partner_id: actor.org,
        capabilities: terms.capabilities.keys(),
        days: terms.days,
        renewal: terms.renewal,
        note,
        status: AccessRequestStatus::Open,
        asked_by: actor.label(),
        asked_at: now,
        expires_at: now.plus_days(policy.access_request_days),
        reminded: false,
        decided_at: None,
        decided_by: None,
    };
    access_request::Entity::insert(access_request::ActiveModel::from(row.clone()))
        .exec_without_returning(&tx)
        .await?;
    let facts =
        serde_json::json!({ "capabilities": row.capabilities, "days": row.days, "renewal": row.renewal });
    sides.append(kontor, &tx, actor, "access.asked", facts).await?;
    tell_asked(kontor, &tx, &sides, &row, false).await?;
    look_at(kontor, &tx, &row, row.expires_at.plus_days(-REMIND_DAYS)).await?;
    tx.commit().await?;
    sides.changed(kontor);
    Ok(row.id)
}

async fn tell_asked(
    kontor: &Kontor,
    tx: &DatabaseTransaction,
    sides: &Sides,
    row: &access_request::Model,
    again: bool,
) -> Result<(), Error> {
    let terms = row.terms();
    let mail = |link| Mail::AccessAsked {
        organisation: sides.organisation.clone(),
        partner: sides.partner_name.clone(),
        terms: view(&terms, kontor.now().plus_days(terms.days)),
        note: row.note.clone(),
        answer_by: row.expires_at.day(),
        again,
        link,
    };
    sides.tell_customer(kontor, tx, mail).await
}

/// Takes a request back that nobody has answered. Again changes nothing; `RequestClosed` if it was answered.
pub async fn withdraw(kontor: &Kontor, actor: &Actor, org: OrgId, id: AccessRequestId) -> Result<(), Error> {
    asks(actor)?;
    let tx = kontor.db.begin().await?;
    one_by_one(&tx, org, actor.org).await?;
    let row = access_request::locked(&tx, org, id).await?.filter(|row| row.partner_id == actor.org);
    let row = row.ok_or(Error::NotFound)?;
    match row.status {
        AccessRequestStatus::Open => (),
        AccessRequestStatus::Withdrawn => return Ok(()),
        _ => return Err(Refusal::RequestClosed.into()),
    }
    close(kontor, &tx, &row, AccessRequestStatus::Withdrawn, &actor.label()).await?;
    let sides = Sides::of(&tx, org, actor.org).await?;
    sides.append(kontor, &tx, actor, "access.request_withdrawn", serde_json::json!({})).await?;
    tx.commit().await?;
    sides.changed(kontor);
    Ok(())
}

async fn close(
    kontor: &Kontor,
    tx: &DatabaseTransaction,
    row: &access_request::Model,
    status: AccessRequestStatus,
    by: &str,
) -> Result<(), Error> {
    let change = access_request::ActiveModel {
        id: Set(row.id),
        status: Set(status),
        decided_at: Set(Some(kontor.now())),
        decided_by: Set(Some(by.to_owned())),
        ..Default::default()
    };
    access_request::Entity::update(change).exec(tx).await?;
    Ok(())
}

/// Closes the open request of a partner, if there is one: access came about, or the partner is no longer the customer's.
pub(crate) async fn settle(
    kontor: &Kontor,
    tx: &DatabaseTransaction,
    org: OrgId,
    partner: OrgId,
    status: AccessRequestStatus,
    by: &Actor,
) -> Result<(), Error> {
    match access_request::open_locked(tx, org, partner).await? {
        Some(row) => close(kontor, tx, &row, status, &by.label()).await,
        None => Ok(()),
    }
}

/// Answers a partner's request: on its terms or on one's own. The same answer again changes nothing; another one is
/// `RequestClosed`, after its time `RequestExpired`.
pub async fn answer(
    kontor: &Kontor,
    actor: &Actor,
    id: AccessRequestId,
    answer: &AccessAnswer,
) -> Result<(), Error> {
    gives(actor)?;
    let tx = kontor.db.begin().await?;
    // Read without its lock first: the turn of customer and partner comes before it everywhere.
    let partner = access_request::by_id(&tx, actor.org, id).await?.ok_or(Error::NotFound)?.partner_id;
    one_by_one(&tx, actor.org, partner).await?;
    let row = access_request::locked(&tx, actor.org, id).await?.ok_or(Error::NotFound)?;
    match (row.status, answer) {
        (AccessRequestStatus::Open, _) => (),
        (AccessRequestStatus::Granted, AccessAnswer::Grant(_))
        | (AccessRequestStatus::Declined, AccessAnswer::Decline) => return Ok(()),
        (AccessRequestStatus::Lapsed, _) => return Err(Refusal::RequestExpired.into()),
        _ => return Err(Refusal::RequestClosed.into()),
    }
    let now = kontor.now();
    if now >= row.expires_at {
        return Err(Refusal::RequestExpired.into());
    }
    let sides = Sides::of(&tx, actor.org, partner).await?;
    match answer {
        AccessAnswer::Grant(form) => {
            may_have(&tx, actor.org, partner).await?;
            let policy = policy(kontor, &tx).await?;
            let terms = form.read(&policy, Some(&row.terms().within(&policy)))?;
            close(kontor, &tx, &row, AccessRequestStatus::Granted, &actor.label()).await?;
            super::clock::end_if_over(kontor, &tx, &sides).await?;
            match rows::grant::active_locked(&tx, actor.org, partner).await? {
                // Asked for before the end: consent never makes it end sooner.
                Some(has) => {
                    let until = has.until_at.max(now.plus_days(terms.days));
                    // Unless what is added may not last as long.
                    let until = until.min(now.plus_days(policy.grant_cap(terms.capabilities)));
                    put(kontor, &tx, &sides, &has, &terms, until, actor).await?;
                }
                None => {
                    grant(kontor, &tx, partner, actor.org, &actor.label(), &terms).await?;
                    tell_given(kontor, &tx, &sides, &terms, actor).await?;
                }
            }
            crate::mapping::service::refresh(kontor, &tx, actor.org).await?;
        }
        AccessAnswer::Decline => {
            close(kontor, &tx, &row, AccessRequestStatus::Declined, &actor.label()).await?;
            sides.append(kontor, &tx, actor, "access.declined", serde_json::json!({})).await?;
            let mail = |link| Mail::AccessDeclined { organisation: sides.organisation.clone(), link };
            sides.tell_partner(kontor, &tx, mail).await?;
        }
    }
    tx.commit().await?;
    sides.changed(kontor);
    Ok(())
}

/// What the clock of a request carries.
#[derive(Debug, Clone, Serialize, Deserialize)]
struct Watch {
    org: OrgId,
    request: AccessRequestId,
}

async fn look_at(
    kontor: &Kontor,
    tx: &DatabaseTransaction,
    row: &access_request::Model,
    at: Instant,
) -> Result<(), Error> {
    let watch = Watch { org: row.org_id, request: row.id };
    let payload = serde_json::to_value(&watch).map_err(crate::kernel::error::internal)?;
    enqueue(kontor, tx, JobKind::AccessRequest, at, Some(format!("access request:{}", row.id)), payload)
        .await?;
    Ok(())
}

/// Reminds the customer of a request three days before it lapses, and lets it lapse, in one transaction with the job's end.
pub async fn request_clock(kontor: &Kontor, job: &Job) -> Result<(), Error> {
    let watch: Watch = serde_json::from_value(job.payload.clone()).map_err(|_| Error::BadRequest)?;
    let tx = kontor.db.begin().await?;
    let row = access_request::locked(&tx, watch.org, watch.request).await?;
    if !finish(kontor, &tx, job).await? {
        return Ok(());
    }
    let Some(row) = row.filter(|row| row.status == AccessRequestStatus::Open) else {
        return Ok(tx.commit().await?);
    };
    let sides = Sides::of(&tx, row.org_id, row.partner_id).await?;
    if kontor.now() >= row.expires_at {
        lapse(kontor, &tx, &sides, &row).await?;
    } else {
        if !row.reminded {
            let change =
                access_request::ActiveModel { id: Set(row.id), reminded: Set(true), ..Default::default() };
            access_request::Entity::update(change).exec(&tx).await?;
            tell_asked(kontor, &tx, &sides, &row, true).await?;
        }
        look_at(kontor, &tx, &row, row.expires_at).await?;
    }
    tx.commit().await?;
    sides.changed(kontor);
    Ok(())
}

/// Lets a request lapse whose clock has not come round yet, so that another can be made.
async fn lapse_if_over(kontor: &Kontor, tx: &DatabaseTransaction, sides: &Sides) -> Result<(), Error> {
    let open = access_request::open_locked(tx, sides.org, sides.partner).await?;
    match open.filter(|row| kontor.now() >= row.expires_at) {
        Some(row) => lapse(kontor, tx, sides, &row).await,
        None => Ok(()),
    }
}

async fn lapse(
    kontor: &Kontor,
    tx: &DatabaseTransaction,
    sides: &Sides,
    row: &access_request::Model,
) -> Result<(), Error> {
    close(kontor, tx, row, AccessRequestStatus::Lapsed, "clock").await?;
    let clock = Actor::system(sides.org, OrgKind::Customer, "access requests");
    sides.append(kontor, tx, &clock, "access.request_lapsed", serde_json::json!({})).await?;
    let mail = |link| Mail::AccessRequestLapsed { organisation: sides.organisation.clone(), link };
    sides.tell_partner(kontor, tx, mail).await
}

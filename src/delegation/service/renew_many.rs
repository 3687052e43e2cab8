//! A partner renews what ends soon with all its customers at once.

use super::{ask, keep::renew, request::asks};
use crate::{
    Error, Refusal,
    audit::service::{Event, append},
    delegation::{
        AskAccess, Ending, EndingRow, GrantKind, RENEW_TOGETHER_DAYS, RenewBy, TermsForm,
        rows::{access_request, grant},
    },
    job::{
        JobKind,
        service::{Job, NewJob, enqueue_all, finish},
    },
    kernel::{
        Kontor,
        actor::{Actor, Standing},
        error::internal,
        id::{AccountId, GrantId, OrgId, SessionId},
    },
    organisation::{rows::organisation, service::actor_of_member},
    partner::service::in_business,
    setting::service::policy,
};
use serde::{Deserialize, Serialize};
use std::collections::{HashMap, HashSet};

/// Grants on a page.
const PAGE: u64 = 50;

/// Most customers at once.
const MOST: u64 = 10_000;

/// One customer's access, to be renewed in somebody's name.
#[derive(Serialize, Deserialize)]
struct Wish {
    org: OrgId,
    partner: OrgId,
    account: AccountId,
    session: SessionId,
    ip: String,
}

/// The partner's grants in force by their end, behind one of them.
pub async fn ending(kontor: &Kontor, actor: &Actor, after: Option<GrantId>) -> Result<Ending, Error> {
    asks(actor)?;
    let db = kontor.db.read();
    let now = kontor.now();
    let soon = now.plus_days(RENEW_TOGETHER_DAYS);
    let from = match after {
        Some(id) => grant::by_id(db, id).await?.filter(|row| row.partner_id == actor.org),
        None => None,
    };
    let mut found = grant::ending(actor.org, now, None, from.as_ref(), PAGE + 1).all(db).await?;
    let more = found.len() as u64 > PAGE;
    found.truncate(PAGE as usize);
    let orgs: Vec<OrgId> = found.iter().map(|row| row.org_id).collect();
    let names: HashMap<OrgId, String> = organisation::names(db, orgs.clone()).await?.into_iter().collect();
    let asked: HashSet<OrgId> =
        access_request::open_among(db, actor.org, orgs, now).await?.into_iter().collect();
    Ok(Ending {
        org: actor.org,
        next: found.last().filter(|_| more).map(|row| row.id),
        due: grant::count_ending(db, actor.org, now, soon).await?,
        rows: found
            .into_iter()
            .map(|row| EndingRow {
                customer: row.org_id,
                name: names.get(&row.org_id).cloned().unwrap_or_default(),
                until: row.until_at,
                soon: row.until_at <= soon,
                alone: row.renewal == RenewBy::Partner,
                asked: asked.contains(&row.org_id),
            })
            .collect(),
    })
}

/// Renews every access that ends within [`RENEW_TOGETHER_DAYS`], or asks its customer on the same terms where it is the customer's to renew.
/// Each is a job of its own, so that it does not matter where the work is broken off; what the reader may do is looked at again
/// by each. Answers how many there are. Twice does it once.
pub async fn renew_many(kontor: &Kontor, actor: &Actor) -> Result<u32, Error> {
    asks(actor)?;
    let Standing::Member { account, session, .. } = &actor.standing else { return Err(Error::Forbidden) };
    let tx = kontor.db.begin().await?;
    in_business(&tx, actor.org).await?;
    let now = kontor.now();
    let soon = now.plus_days(RENEW_TOGETHER_DAYS);
    let found = grant::ending(actor.org, now, Some(soon), None, MOST).all(&tx).await?;
    if found.is_empty() {
        return Ok(0);
    }
    let job = |row: &grant::Model| {
        let wish = Wish {
            org: row.org_id,
            partner: actor.org,
            account: *account,
            session: *session,
            ip: actor.ip.clone(),
        };
        let payload = serde_json::to_value(&wish).map_err(internal)?;
        let unique = Some(format!("renew access:{}", row.id));
        Ok(NewJob { kind: JobKind::AccessRenewal, due: now, unique, payload })
    };
    let jobs: Result<Vec<_>, Error> = found.iter().map(job).collect();
    enqueue_all(kontor, &tx, jobs?).await?;
    let count = found.len() as u32;
    append(kontor, &tx, actor.org, actor, Event::new("access.renewed_many", count.to_string())).await?;
    tx.commit().await?;
    Ok(count)
}

/// Renews one of them, or asks for it. What has been renewed, ended or asked for meanwhile is left alone, and so is everything once whoever
/// wanted it may not any more.
pub async fn renew_one(kontor: &Kontor, job: &Job) -> Result<(), Error> {
    let wish: Wish = serde_json::from_value(job.payload.clone()).map_err(|_| Error::BadRequest)?;
    match renewed(kontor, &wish).await {
        Ok(()) | Err(Error::NotFound | Error::Forbidden | Error::Refused(_)) => (),
        Err(other) => return Err(other),
    }
    let tx = kontor.db.begin().await?;
    finish(kontor, &tx, job).await?;
    Ok(tx.commit().await?)
}

async fn renewed(kontor: &Kontor, wish: &Wish) -> Result<(), Error> {
    let Wish { org, partner, account, session, ip } = wish;
    let actor = actor_of_member(kontor, *partner, *account, *session, ip.clone()).await?;
    let db = kontor.db.read();
    let now = kontor.now();
    let row = grant::latest(db, *org, *partner).await?.filter(|row| row.kind == GrantKind::Agreed);
    let row = row.filter(|row| row.in_force(now) && row.until_at <= now.plus_days(RENEW_TOGETHER_DAYS));
    let row = row.ok_or(Error::NotFound)?;
    match renew(kontor, &actor, *org).await {
        Err(Error::Refused(Refusal::RenewalNotAllowed)) => {
            let terms = row.terms().within(&policy(kontor, db).await?);
            let form = AskAccess { terms: TermsForm::of(&terms), note: String::new() };
            ask(kontor, &actor, *org, &form).await.map(drop)
        }
        other => other,
    }
}

//! A customer answers a partner's request, and sees what waits for it (domain.md section 4, R4.3).

use super::{
    leave::pays_from,
    take::{Agreed, found, take},
    token::{just_made, tokens},
};
use crate::{
    Error, Refusal,
    audit::service::{Event, append},
    kernel::{
        Kontor,
        actor::Actor,
        id::{MappingRequestId, MappingTokenId, OrgId},
        right::{Feature, OrgKind},
    },
    mapping::{
        Answer, Consents, MappingSource, OwnPartner, Question, RequestStatus,
        rows::{mapping, request},
    },
    notification::{Mail, service::write},
    organisation::{rows::organisation, service::last_words},
    setting::service::policy,
    subscription::{Service, rows::subscription},
};
use sea_orm::{ActiveValue::Set, ConnectionTrait, EntityTrait};

/// Answers a request that has reached the organisation: any of its people who may, whoever was asked. The same answer again
/// changes nothing; another one is `RequestClosed`. `RequestExpired` when its time is over.
pub async fn answer(
    kontor: &Kontor,
    actor: &Actor,
    id: MappingRequestId,
    answer: &Answer,
) -> Result<(), Error> {
    actor.require(Feature::PartnerAccessGrant)?;
    let tx = kontor.db.begin().await?;
    // The subscription's lock comes first here, too: other ways to a partner take it before they look at requests.
    subscription::locked(&tx, actor.org, Service::Workplace).await?;
    let row = request::locked(&tx, id).await?.filter(|row| row.org_id == Some(actor.org));
    let row = row.ok_or(Error::NotFound)?;
    match (row.status, answer) {
        (RequestStatus::Open, _) => (),
        (RequestStatus::Approved, Answer::Map { .. }) | (RequestStatus::Denied, Answer::Deny) => {
            return Ok(());
        }
        (RequestStatus::Expired, _) => return Err(Refusal::RequestExpired.into()),
        _ => return Err(Refusal::RequestClosed.into()),
    }
    if kontor.now() >= row.expires_at {
        return Err(Refusal::RequestExpired.into());
    }
    let status = if *answer == Answer::Deny { RequestStatus::Denied } else { RequestStatus::Approved };
    // First, so that it is not superseded by what it leads to.
    let change = request::ActiveModel {
        id: Set(row.id),
        status: Set(status),
        decided_at: Set(Some(kontor.now())),
        decided_by: Set(Some(actor.label())),
        ..Default::default()
    };
    request::Entity::update(change).exec(&tx).await?;
    let mut gone = None;
    match answer {
        Answer::Map { access } => {
            let (org, partner) = (actor.org, row.partner_id);
            let policy = policy(kontor, &tx).await?;
            let access = access.as_ref().map(|form| form.read(&policy, None)).transpose()?;
            let agreed = Agreed { org, partner, source: MappingSource::Request, access };
            gone = take(kontor, &tx, &agreed, actor).await?;
        }
        Answer::Deny => {
            let asker = organisation::name(&tx, row.partner_id).await?;
            append(kontor, &tx, actor.org, actor, Event::new("mapping.denied", &asker)).await?;
            let system = Actor::system(row.partner_id, OrgKind::Partner, "customer");
            append(kontor, &tx, row.partner_id, &system, Event::new("mapping.denied", &row.email)).await?;
            let link = kontor.url(&format!("/store/{}/mapping", row.partner_id));
            let told = Mail::MappingDenied { email: row.email.clone(), link };
            for to in last_words(&tx, row.partner_id, OrgKind::Partner).await? {
                write(kontor, &tx, to, &told).await?;
            }
        }
    }
    tx.commit().await?;
    super::told(kontor, actor.org, &[Some(row.partner_id), gone].into_iter().flatten().collect::<Vec<_>>());
    Ok(())
}

/// What the organisation decides about partners: the one it has, requests that wait for it, its tokens, and the one just made.
pub async fn consents(
    kontor: &Kontor,
    actor: &Actor,
    token: Option<MappingTokenId>,
) -> Result<Consents, Error> {
    actor.require(Feature::PartnerAccessView)?;
    let may = actor.kind == OrgKind::Customer && actor.may(Feature::PartnerAccessGrant);
    let db = kontor.db.read();
    let open = request::delivered(db, actor.org, Service::Workplace).await?;
    let mut questions = Vec::new();
    for row in open.into_iter().filter(|row| kontor.now() < row.expires_at) {
        let Some(found) = found(db, actor.org, row.partner_id).await? else { continue };
        let until = row.expires_at.day();
        questions.push(Question { id: row.id, found, note: row.note, asked_at: row.asked_at, until });
    }
    let new_token = match token.filter(|_| may) {
        Some(id) => just_made(kontor, actor, id).await?,
        None => None,
    };
    let tokens = if may { tokens(kontor, actor).await? } else { Vec::new() };
    let token_days = policy(kontor, db).await?.token_days;
    let partner = own_partner(db, actor.org).await?;
    let may_leave = actor.may(Feature::PartnerAccessRevoke);
    Ok(Consents { partner, may_leave, questions, new_token, tokens, token_days, may })
}

async fn own_partner(db: &impl ConnectionTrait, org: OrgId) -> Result<Option<OwnPartner>, Error> {
    let mapped = mapping::active(db, vec![org]).await?.into_iter().find(|m| m.service == Service::Workplace);
    let Some(mapped) = mapped else { return Ok(None) };
    let name = organisation::name(db, mapped.partner_id).await?;
    let sold = subscription::of(db, org, Service::Workplace).await?;
    let pays_from = sold.as_ref().and_then(pays_from);
    let ends_on = mapped.notice_until.map(|at| at.day());
    Ok(Some(OwnPartner {
        mapping: mapped.id,
        org: mapped.partner_id,
        name,
        since: mapped.since,
        pays_from,
        ends_on,
    }))
}

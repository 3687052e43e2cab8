//! The vendor's reviewers decide disputes (domain.md section 4, flow D, and R4.8).

use super::take::{Agreed, take};
use crate::{
    Error, Issue, Refusal, account,
    audit::service::{Event, append},
    domain::rows::domain,
    kernel::{
        Kontor,
        actor::Actor,
        id::{DisputeId, OrgId},
        right::{Feature, OrgKind},
        text,
    },
    mapping::{
        Candidate, DecideDispute, DisputeDetail, DisputePage, DisputeRow, DisputeStatus, MappingSource,
        rows::{
            dispute::{self, evidence},
            mapping,
        },
    },
    notification::{Mail, service::write},
    organisation::{
        OrgStatus,
        rows::{member, organisation},
        service::last_words,
    },
    payout::File,
    subscription::{Service, rows::subscription},
};
use sea_orm::{ActiveValue::Set, ConnectionTrait, EntityTrait};

/// Disputes on a page.
const PAGE: u64 = 25;

/// Organisations offered at most.
const CANDIDATES: usize = 10;

/// A page of the disputes of a status, behind one.
pub async fn dispute_queue(
    kontor: &Kontor,
    actor: &Actor,
    status: DisputeStatus,
    behind: Option<DisputeId>,
) -> Result<DisputePage, Error> {
    staff(actor)?;
    let db = kontor.db.read();
    let mut rows = dispute::queue(db, status, behind, PAGE + 1).await?;
    let more = rows.len() as u64 > PAGE;
    rows.truncate(PAGE as usize);
    let next = rows.last().filter(|_| more).map(|row| row.id);
    let partners: Vec<OrgId> = rows.iter().map(|row| row.partner_id).collect();
    let names = organisation::names(db, partners).await?;
    Ok(DisputePage { rows: rows.iter().map(|row| shown(row, &names)).collect(), next })
}

fn staff(actor: &Actor) -> Result<(), Error> {
    if actor.kind != OrgKind::Vendor {
        return Err(Error::NotFound);
    }
    actor.require(Feature::DisputesDecide)
}

fn shown(row: &dispute::Model, names: &[(OrgId, String)]) -> DisputeRow {
    let name = names.iter().find(|n| n.0 == row.partner_id).map(|n| n.1.clone()).unwrap_or_default();
    DisputeRow {
        id: row.id,
        partner: row.partner_id,
        partner_name: name,
        about: row.about.clone(),
        opened_at: row.opened_at,
        status: row.status,
    }
}

/// A dispute with what a reviewer needs to decide it.
pub async fn dispute_detail(kontor: &Kontor, actor: &Actor, id: DisputeId) -> Result<DisputeDetail, Error> {
    staff(actor)?;
    let db = kontor.db.read();
    let row = dispute::by_id(db, id).await?.ok_or(Error::NotFound)?;
    let names = organisation::names(db, vec![row.partner_id]).await?;
    Ok(DisputeDetail {
        may_decide: row.status == DisputeStatus::Open && !is_own(db, actor, row.partner_id).await?,
        candidates: candidates(db, &row.about).await?,
        file_name: evidence::name(db, id).await?.unwrap_or_default(),
        decided: row.decided_by.clone().zip(row.decided_at).map(|(who, at)| (who, at, row.reason.clone())),
        decided_about: row.org_id,
        version: row.version,
        row: shown(&row, &names),
        statement: row.statement,
        opened_by: row.opened_by,
    })
}

/// Whether a reviewer is one of the claimant's people as well (R1.5).
async fn is_own(db: &impl ConnectionTrait, actor: &Actor, partner: OrgId) -> Result<bool, Error> {
    match actor.account() {
        Some(account) => Ok(member::of(db, partner, account).await?.is_some()),
        None => Ok(false),
    }
}

/// The organisations that an address or a domain may mean: those the address answers for, those that hold the domain.
async fn candidates(db: &impl ConnectionTrait, about: &str) -> Result<Vec<Candidate>, Error> {
    let mut orgs = Vec::new();
    if about.contains('@')
        && let Some(person) = account::service::find_by_email(db, about).await?
    {
        orgs.extend(member::places(db, person.id).await?.into_iter().map(|(_, house)| house.id));
        orgs.extend(member::invitations(db, person.id).await?.into_iter().map(|place| place.org_id));
    }
    let name = about.rsplit('@').next().unwrap_or_default();
    orgs.extend(domain::named(db, name, CANDIDATES as u64).await?);
    orgs.sort_unstable();
    orgs.dedup();
    let houses = organisation::by_ids(db, orgs).await?;
    let houses: Vec<organisation::Model> = houses
        .into_iter()
        .filter(|house| house.kind == OrgKind::Customer && house.status != OrgStatus::Closed)
        .take(CANDIDATES)
        .collect();
    let ids: Vec<OrgId> = houses.iter().map(|house| house.id).collect();
    let mapped = mapping::active(db, ids).await?;
    let partners: Vec<OrgId> = mapped.iter().map(|m| m.partner_id).collect();
    let partners = organisation::names(db, partners).await?;
    let mut found = Vec::new();
    for house in houses {
        let primary = domain::primary(db, house.id).await?;
        let partner = mapped.iter().find(|m| m.org_id == house.id && m.service == Service::Workplace);
        let partner = partner.and_then(|m| {
            let name = partners.iter().find(|n| n.0 == m.partner_id)?.1.clone();
            Some((m.partner_id, name, m.since))
        });
        let domain = primary.map(|row| (row.name, row.verified_name.is_some()));
        found.push(Candidate { org: house.id, name: house.name, domain, partner });
    }
    Ok(found)
}

/// Decides a dispute: the customer becomes the claimant's, or all stays as it was. The claimant is told why; of a move, the
/// customer and its old partner as well. `StaleVersion` if somebody was faster, `AlreadyDecided` if it is decided, `FourEyes` for one
/// of the claimant's own people.
pub async fn decide_dispute(
    kontor: &Kontor,
    actor: &Actor,
    id: DisputeId,
    form: &DecideDispute,
) -> Result<(), Error> {
    staff(actor)?;
    let reason = text::paragraph(&form.reason, 10, 2_000).map_err(|issue| Error::field("reason", issue))?;
    let tx = kontor.db.begin().await?;
    if let Some(org) = form.org.filter(|_| form.moves) {
        // The subscription's lock comes first, as on all ways to a partner.
        subscription::locked(&tx, org, Service::Workplace).await?;
    }
    let row = dispute::locked(&tx, id).await?.ok_or(Error::NotFound)?;
    if row.status != DisputeStatus::Open {
        return Err(Refusal::AlreadyDecided.into());
    }
    if row.version != form.version {
        return Err(Error::StaleVersion);
    }
    if is_own(&tx, actor, row.partner_id).await? {
        return Err(Refusal::FourEyes.into());
    }
    let mut gone = None;
    let mut moved = None;
    if form.moves {
        let meant = candidates(&tx, &row.about).await?;
        let org = form.org.filter(|org| meant.iter().any(|one| one.org == *org));
        let org = org.ok_or_else(|| Error::field("decision", Issue::NotAChoice))?;
        let agreed = Agreed { org, partner: row.partner_id, source: MappingSource::Dispute, access: None };
        gone = take(kontor, &tx, &agreed, actor).await?;
        moved = Some(org);
    }
    let status = if form.moves { DisputeStatus::Moved } else { DisputeStatus::Upheld };
    let change = dispute::ActiveModel {
        id: Set(row.id),
        status: Set(status),
        org_id: Set(moved),
        reason: Set(reason.clone()),
        decided_by: Set(Some(actor.label())),
        decided_at: Set(Some(kontor.now())),
        version: Set(row.version + 1),
        ..Default::default()
    };
    dispute::Entity::update(change).exec(&tx).await?;
    let facts = serde_json::json!({ "dispute": row.id, "status": status, "organisation": moved });
    append(kontor, &tx, actor.org, actor, Event::new("dispute.decided", &row.about).with(facts.clone()))
        .await?;
    let system = Actor::system(row.partner_id, OrgKind::Partner, "reviewers");
    append(kontor, &tx, row.partner_id, &system, Event::new("dispute.decided", &row.about).with(facts))
        .await?;
    let link = kontor.url(&format!("/store/{}/disputes", row.partner_id));
    let told = Mail::DisputeDecided { about: row.about.clone(), moved: form.moves, reason, link };
    for to in last_words(&tx, row.partner_id, OrgKind::Partner).await? {
        write(kontor, &tx, to, &told).await?;
    }
    tx.commit().await?;
    if let Some(org) = moved {
        super::told(kontor, org, &[Some(row.partner_id), gone].into_iter().flatten().collect::<Vec<_>>());
    }
    Ok(())
}

/// The file that shows a claim, for a reviewer.
pub async fn dispute_file(kontor: &Kontor, actor: &Actor, id: DisputeId) -> Result<File, Error> {
    staff(actor)?;
    let row = evidence::of(kontor.db.read(), id).await?.ok_or(Error::NotFound)?;
    Ok(File { name: row.file_name, media_type: row.media_type, content: row.content })
}

//! *Manage* opens an acting session in a customer's console, *Leave* ends it (domain.md section 6).

use crate::{
    Error, Refusal,
    audit::service::{Event, append},
    delegation::{
        ClosedWhy, GrantStatus, ProofKind, Ready,
        rows::{acting, grant},
        service::standing::timed_out,
    },
    domain::rows::domain,
    kernel::{
        Kontor,
        actor::{Actor, SessionInfo, Viewer},
        id::{ActingId, OrgId},
        instant::Instant,
        right::{Feature, OrgKind},
    },
    mapping::rows::mapping,
    organisation::{OrgStatus, rows::organisation},
    partner::{PartnerType, service::in_business},
    setting::{Policy, service::policy},
    subscription::Service,
};
use sea_orm::{ConnectionTrait, DatabaseTransaction, EntityTrait};

/// Opens an acting session of the viewer's browser in a customer's console, or answers the one that is open. `actor`
/// is the viewer's standing in the partner.
pub async fn manage(kontor: &Kontor, viewer: &Viewer, actor: &Actor, org: OrgId) -> Result<ActingId, Error> {
    actor.require(Feature::ConsoleManage)?;
    let session = viewer.signed_in()?;
    let policy = policy(kontor, kontor.db.read()).await?;
    let tx = kontor.db.begin().await?;
    let now = kontor.now();
    let (customer, grant) = may_enter(&tx, actor, org, now).await?;
    // Locked: a revocation that comes at the same moment comes before or after.
    let grant = grant::locked(&tx, org, grant.id).await?.filter(|g| g.status == GrantStatus::Active);
    let grant = grant.ok_or(Error::AccessRevoked)?;
    prove_fresh(kontor, session, &policy, policy.manage_second_factor)?;
    let id = enter(kontor, &tx, session, actor, &customer, &grant).await?;
    tx.commit().await?;
    kontor.hub.tell(org, "delegation");
    Ok(id)
}

/// Opens a stay under a grant, or answers the one that is open.
pub(super) async fn enter(
    kontor: &Kontor,
    tx: &DatabaseTransaction,
    session: &SessionInfo,
    actor: &Actor,
    customer: &organisation::Model,
    grant: &grant::Model,
) -> Result<ActingId, Error> {
    let (org, now) = (customer.id, kontor.now());
    let policy = policy(kontor, tx).await?;
    if let Some(open) = acting::latest(tx, session.id, org, now).await?.filter(|a| a.closed_at.is_none()) {
        if open.grant_id == grant.id && open.account_id == session.account && !timed_out(&open, &policy, now)
        {
            acting::touch(tx, open.id, now).await?;
            return Ok(open.id);
        }
        acting::close(tx, open.id, now, ClosedWhy::TimedOut).await?;
    }
    let row = acting::Model {
        id: kontor.id(),
        org_id: org,
        partner_id: actor.org,
        grant_id: grant.id,
        session_id: session.id,
        account_id: session.account,
        email: session.email.clone(),
        opened_at: now,
        seen_at: now,
        closed_at: None,
        closed_why: None,
    };
    let id = row.id;
    acting::Entity::insert(acting::ActiveModel::from(row)).exec_without_returning(tx).await?;
    for chain in [org, actor.org] {
        append(kontor, tx, chain, actor, Event::new("access.entered", &customer.name)).await?;
    }
    Ok(id)
}

/// Whether *Manage* would open the customer's console, and what proof it still asks for; opens nothing.
pub async fn ready(kontor: &Kontor, viewer: &Viewer, actor: &Actor, org: OrgId) -> Result<Ready, Error> {
    actor.require(Feature::ConsoleManage)?;
    let session = viewer.signed_in()?;
    let db = kontor.db.read();
    let policy = policy(kontor, db).await?;
    let (customer, _) = may_enter(db, actor, org, kontor.now()).await?;
    Ok(Ready {
        org,
        organisation: customer.name,
        proof: step_up(kontor, session, &policy, policy.manage_second_factor),
    })
}

/// The customer and the grant in force, if everything but a fresh proof is there: a reseller in business, the mapping,
/// the grant, a verified domain (R6.9).
async fn may_enter(
    db: &impl ConnectionTrait,
    actor: &Actor,
    org: OrgId,
    now: Instant,
) -> Result<(organisation::Model, grant::Model), Error> {
    let partner = in_business(db, actor.org).await?;
    if partner.partner_type == PartnerType::Referral {
        return Err(Refusal::ReferralOnly.into());
    }
    mapping::between(db, actor.org, org, Service::Workplace).await?.ok_or(Error::NotFound)?;
    let customer = organisation::by_id(db, org).await?.filter(|o| o.status != OrgStatus::Closed);
    let customer = customer.ok_or(Error::NotFound)?;
    let grant = grant::latest(db, org, actor.org).await?;
    let grant = grant.filter(|g| g.in_force(now)).ok_or(Error::AccessRevoked)?;
    match domain::holds_any(db, org).await? {
        true => Ok((customer, grant)),
        false => Err(Refusal::ManageUnverified.into()),
    }
}

/// Ok if the proof is fresh, a second factor or the password, as the policy of what is asked for says; else the error that
/// asks for it.
pub(crate) fn prove_fresh(
    kontor: &Kontor,
    session: &SessionInfo,
    policy: &Policy,
    second_factor: bool,
) -> Result<(), Error> {
    match step_up(kontor, session, policy, second_factor) {
        None => Ok(()),
        Some(ProofKind::SecondFactorSetup) => Err(Error::SecondFactorRequired),
        Some(kind) => Err(Error::StepUpRequired { second_factor: kind == ProofKind::SecondFactor }),
    }
}

/// *Manage* rests on a proof that is fresh: the second factor or the password, as the policy says (R6.2). Answers the
/// one that is missing.
pub(crate) fn step_up(
    kontor: &Kontor,
    session: &SessionInfo,
    policy: &Policy,
    second_factor: bool,
) -> Option<ProofKind> {
    if second_factor && !session.second_factor {
        return Some(ProofKind::SecondFactorSetup);
    }
    let fresh = session.fresh_at.plus_minutes(policy.step_up_minutes) > kontor.now();
    match (fresh, second_factor) {
        (true, false) => None,
        (true, true) if session.fresh_by_factor => None,
        (_, true) => Some(ProofKind::SecondFactor),
        (false, false) => Some(ProofKind::Password),
    }
}

/// Ends the stay of the viewer's browser in a customer's console. Answers the partner to go back to, or the vendor, if there was
/// a stay, and which of the two it is; leaving twice changes nothing.
pub async fn leave(kontor: &Kontor, viewer: &Viewer, org: OrgId) -> Result<Option<(OrgId, OrgKind)>, Error> {
    let session = viewer.signed_in()?;
    let tx = kontor.db.begin().await?;
    let now = kontor.now();
    let found = acting::latest(&tx, session.id, org, now.plus_hours(-24)).await?;
    let Some(stay) = found.filter(|a| a.account_id == session.account) else { return Ok(None) };
    let from = organisation::by_id(&tx, stay.partner_id).await?.ok_or(Error::NotFound)?;
    if stay.closed_at.is_none() && acting::close(&tx, stay.id, now, ClosedWhy::Left).await? {
        if let Some(customer) = organisation::by_id(&tx, org).await? {
            let actor = super::standing::as_acting(viewer, session, &stay, customer.kind);
            append(kontor, &tx, org, &actor, Event::new("access.left", &from.name)).await?;
        }
        tx.commit().await?;
        kontor.hub.tell(org, "delegation");
    }
    Ok(Some((from.id, from.kind)))
}

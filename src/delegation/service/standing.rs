//! The standing of a partner's person in a customer's console. Asked on every request, nothing is kept between two
//! (domain.md section 6, R6.3).

use crate::{
    Error,
    delegation::{
        Banner, CUT_TOLD_MINUTES, ClosedWhy, GrantKind,
        rows::{acting, grant, ground},
    },
    domain::rows::domain,
    kernel::{
        Kontor,
        actor::{Actor, SessionInfo, Standing, Viewer},
        id::OrgId,
        instant::{Instant, MINUTE_MS},
        right::{DELEGABLE, Feature, Features, OrgKind},
    },
    organisation::{MemberStatus, rows::organisation},
    partner::{PartnerType, service::in_business},
    setting::{Policy, service::policy},
};
use sea_orm::ConnectionTrait;

/// The standing of somebody who is no member: acting under a grant, if this browser has an open acting session in the
/// organisation and all it rests on still holds now. `AccessRevoked` when the grant is gone, `PartnerInactive` when
/// the vendor stopped the partner (both for a few minutes, since parts of one page ask separately), `NotFound` for
/// everybody else.
pub async fn standing(kontor: &Kontor, viewer: &Viewer, org: OrgId) -> Result<Standing, Error> {
    let session = viewer.signed_in()?;
    let db = kontor.db.read();
    let now = kontor.now();
    let recent = now.plus_minutes(-CUT_TOLD_MINUTES);
    let found = acting::latest_under(db, session.id, org, recent).await?;
    let (stay, grant) =
        found.filter(|(stay, _)| stay.account_id == session.account).ok_or(Error::NotFound)?;
    if stay.closed_at.is_some() {
        let cut = stay.closed_why == Some(ClosedWhy::Cut);
        return Err(if cut { cut_by(db, &stay).await? } else { Error::NotFound });
    }
    let policy = policy(kontor, db).await?;
    if timed_out(&stay, &policy, now) {
        close(kontor, &stay, ClosedWhy::TimedOut).await?;
        return Err(Error::NotFound);
    }
    let Some(grant) = holding(db, &stay, grant, now).await? else {
        close(kontor, &stay, ClosedWhy::Cut).await?;
        return Err(cut_by(db, &stay).await?);
    };
    if now.0 - stay.seen_at.0 >= MINUTE_MS {
        acting::touch(kontor.db.writer(), stay.id, now).await?;
    }
    let allowed = Features::from_keys(&grant.capabilities).and(Features::of(&DELEGABLE));
    Ok(acting_standing(session, &stay, allowed))
}

fn acting_standing(session: &SessionInfo, stay: &acting::Model, allowed: Features) -> Standing {
    Standing::Acting {
        account: session.account,
        email: session.email.clone(),
        partner: stay.partner_id,
        grant: stay.grant_id,
        acting: stay.id,
        allowed,
        session: session.id,
    }
}

/// The viewer as the one whose stay it is, for the trail's last entry about it.
pub(super) fn as_acting(
    viewer: &Viewer,
    session: &SessionInfo,
    stay: &acting::Model,
    kind: OrgKind,
) -> Actor {
    let standing = acting_standing(session, stay, Features::default());
    Actor { org: stay.org_id, kind, standing, ip: viewer.ip.clone(), locale: viewer.locale }
}

/// Idle for too long, or open for too long (R6.2).
pub(super) fn timed_out(stay: &acting::Model, policy: &Policy, now: Instant) -> bool {
    now >= ends_at(stay, policy)
}

fn ends_at(stay: &acting::Model, policy: &Policy) -> Instant {
    let idle = stay.seen_at.plus_minutes(policy.acting_idle_minutes);
    idle.min(stay.opened_at.plus_hours(policy.acting_max_hours))
}

/// The grant, if it and everything the stay rests on holds now: the person still works for the partner and may
/// manage, the partner is a reseller in business, the customer is still theirs; or they are still of the vendor's people who may
/// go in without consent.
async fn holding(
    db: &impl ConnectionTrait,
    stay: &acting::Model,
    grant: Option<grant::Model>,
    now: Instant,
) -> Result<Option<grant::Model>, Error> {
    let Some(grant) = grant.filter(|grant| grant.in_force(now)) else { return Ok(None) };
    let Some(ground) = ground::of(db, stay.partner_id, stay.account_id, stay.org_id).await? else {
        return Ok(None);
    };
    let active = ground.place.row.status == MemberStatus::Active;
    let may = |feature| active && ground.place.features.has(feature);
    let holds = match grant.kind {
        GrantKind::BreakGlass => may(Feature::BreakGlass),
        GrantKind::Agreed => {
            let reseller = ground.partner.is_some_and(|(partner_type, status)| {
                partner_type == PartnerType::Reseller && status.is_in_business()
            });
            may(Feature::ConsoleManage) && ground.mapped && reseller
        }
    };
    Ok(Some(grant).filter(|_| holds))
}

/// What whoever was cut off is told: that the vendor stopped the partner, or else that the access is gone.
async fn cut_by(db: &impl ConnectionTrait, stay: &acting::Model) -> Result<Error, Error> {
    match in_business(db, stay.partner_id).await {
        Err(Error::Refused(refusal)) => Ok(Error::Refused(refusal)),
        Ok(_) | Err(Error::NotFound) => Ok(Error::AccessRevoked),
        Err(other) => Err(other),
    }
}

async fn close(kontor: &Kontor, stay: &acting::Model, why: ClosedWhy) -> Result<(), Error> {
    let tx = kontor.db.begin().await?;
    acting::close(&tx, stay.id, kontor.now(), why).await?;
    tx.commit().await?;
    Ok(())
}

/// What the banner says on every page of an acting session; `None` for members.
pub async fn banner(kontor: &Kontor, actor: &Actor) -> Result<Option<Banner>, Error> {
    let Standing::Acting { acting, partner, session, .. } = &actor.standing else { return Ok(None) };
    let db = kontor.db.read();
    let now = kontor.now();
    let stay = acting::latest(db, *session, actor.org, now).await?.filter(|a| a.id == *acting);
    let stay = stay.ok_or(Error::NotFound)?;
    let policy = policy(kontor, db).await?;
    let names = organisation::names(db, vec![actor.org, *partner]).await?;
    let name = |id: OrgId| names.iter().find(|n| n.0 == id).map(|n| n.1.clone()).unwrap_or_default();
    let left = ends_at(&stay, &policy).0 - now.0;
    Ok(Some(Banner {
        acting: stay.id,
        org: actor.org,
        organisation: name(actor.org),
        domain: domain::primary(db, actor.org).await?.map(|d| d.name),
        partner: *partner,
        partner_name: name(*partner),
        ends_at: stay.opened_at.plus_hours(policy.acting_max_hours),
        minutes_left: (left + MINUTE_MS - 1).div_euclid(MINUTE_MS).max(0),
    }))
}

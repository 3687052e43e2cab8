//! As what a viewer may act in an organisation (design.md section 3, "Who acts"). Asked on every request.

use crate::{
    Error,
    account::rows::account,
    kernel::{
        Kontor,
        actor::{Actor, Standing, Viewer},
        id::{AccountId, OrgId, SessionId},
        right::OrgKind,
    },
    organisation::{
        MemberStatus, OrgStatus,
        rows::{member, organisation},
    },
    setting::service::policy,
};

/// The viewer's standing in an organisation: member, or acting under a grant; `NotFound` for everybody else, so that
/// nobody learns which organisations exist (R2.3). With the policy `staff_second_factor`, the vendor's people have theirs
/// only after the second factor is set up; so has everybody in an organisation that asks it of all.
pub async fn actor_in(kontor: &Kontor, viewer: &Viewer, org: OrgId) -> Result<Actor, Error> {
    let session = viewer.signed_in()?;
    let db = kontor.db.read();
    let (organisation, place) = member::standing(db, org, session.account).await?.ok_or(Error::NotFound)?;
    if organisation.status == OrgStatus::Closed {
        return Err(Error::NotFound);
    }
    let standing = match place {
        Some(place) if place.row.status == MemberStatus::Active => Standing::Member {
            account: session.account,
            email: session.email.clone(),
            member: place.row.id,
            role: place.row.role,
            features: place.features,
            session: session.id,
        },
        _ => crate::delegation::service::standing(kontor, viewer, org).await?,
    };
    if organisation.second_factor_required && !session.second_factor {
        return Err(Error::SecondFactorRequired);
    }
    // Here rather than at the vendor's pages: staff may name the vendor's organisation at any address.
    if organisation.kind == OrgKind::Vendor
        && !session.second_factor
        && policy(kontor, db).await?.staff_second_factor
    {
        return Err(Error::SecondFactorRequired);
    }
    Ok(Actor { org, kind: organisation.kind, standing, ip: viewer.ip.clone(), locale: viewer.locale })
}

/// The standing of a member in whose name a job goes on with what was begun in a session, as it is now; `NotFound` once
/// the person is no active member any more.
pub async fn actor_of_member(
    kontor: &Kontor,
    org: OrgId,
    account: AccountId,
    session: SessionId,
    ip: String,
) -> Result<Actor, Error> {
    let db = kontor.db.read();
    let person =
        account::by_id(db, account).await?.filter(|person| !person.suspended).ok_or(Error::NotFound)?;
    let (organisation, place) = member::standing(db, org, account).await?.ok_or(Error::NotFound)?;
    let place = place.filter(|place| place.row.status == MemberStatus::Active).ok_or(Error::NotFound)?;
    if organisation.status == OrgStatus::Closed {
        return Err(Error::NotFound);
    }
    let standing = Standing::Member {
        account,
        email: person.email,
        member: place.row.id,
        role: place.row.role,
        features: place.features,
        session,
    };
    Ok(Actor { org, kind: organisation.kind, standing, ip, locale: person.locale })
}

/// The viewer's standing among the vendor's staff; `NotFound` for everybody else.
pub async fn actor_in_vendor(kontor: &Kontor, viewer: &Viewer) -> Result<Actor, Error> {
    viewer.signed_in()?;
    let vendor = organisation::vendor(kontor.db.read()).await?.ok_or(Error::NotFound)?;
    actor_in(kontor, viewer, vendor.id).await
}

//! The customer gives its partner access, gives it again, and changes its terms (domain.md section 6, R6.1, R6.6).

use super::{
    grant::{Sides, grant, put, tell_given},
    request::settle,
};
use crate::{
    Error, Issue, Refusal,
    delegation::{AccessRequestStatus, GrantKind, Terms, TermsForm, rows},
    kernel::{
        Kontor,
        actor::Actor,
        id::{GrantId, OrgId},
        right::{Feature, OrgKind},
    },
    mapping::rows::mapping,
    organisation::rows::queue_up,
    partner::{PartnerType, service::in_business},
    setting::service::policy,
    subscription::Service,
};
use sea_orm::{ConnectionTrait, DatabaseTransaction};

/// Two of one customer and partner come one after the other: what one finds, the other has left.
pub(super) async fn one_by_one(tx: &DatabaseTransaction, org: OrgId, partner: OrgId) -> Result<(), Error> {
    Ok(queue_up(tx, &format!("access to {org} of {partner}")).await?)
}

/// `Forbidden` or `NotFound` unless the actor gives access in a customer's name.
pub(super) fn gives(actor: &Actor) -> Result<(), Error> {
    actor.require(Feature::PartnerAccessGrant)?;
    if actor.kind == OrgKind::Customer { Ok(()) } else { Err(Error::NotFound) }
}

/// Ok if the partner is the customer's and may be given access at all: a reseller in business. `NotFound` if it is not its partner.
pub(super) async fn may_have(db: &impl ConnectionTrait, org: OrgId, partner: OrgId) -> Result<(), Error> {
    mapping::between(db, partner, org, Service::Workplace).await?.ok_or(Error::NotFound)?;
    match in_business(db, partner).await?.partner_type {
        PartnerType::Reseller => Ok(()),
        _ => Err(Refusal::ReferralOnly.into()),
    }
}

/// Gives the organisation's partner access. `AccessGiven` if it has access already; `StaleVersion` if `partner`, whom the form showed, is
/// not its partner (any more).
pub async fn give(kontor: &Kontor, actor: &Actor, partner: OrgId, form: &TermsForm) -> Result<(), Error> {
    gives(actor)?;
    let tx = kontor.db.begin().await?;
    let terms = form.read(&policy(kontor, &tx).await?, None)?;
    match begin(kontor, tx, actor, partner, &terms).await {
        Err(Error::NotFound) => Err(Error::StaleVersion),
        answer => answer,
    }
}

/// Gives a partner whose access is over the same access again, for as many days as were agreed then (new consent, same terms).
/// Giving again what is in force changes nothing.
pub async fn restore(kontor: &Kontor, actor: &Actor, id: GrantId) -> Result<(), Error> {
    gives(actor)?;
    let tx = kontor.db.begin().await?;
    // Not locked: the turn of customer and partner comes first everywhere, and what is over does not change.
    let over = rows::grant::by_id(&tx, id).await?.filter(|row| row.org_id == actor.org);
    let over = over.filter(|row| row.kind == GrantKind::Agreed).ok_or(Error::NotFound)?;
    let terms = over.terms().within(&policy(kontor, &tx).await?);
    match begin(kontor, tx, actor, over.partner_id, &terms).await {
        // Clicked twice: it has it.
        Err(Error::Refused(Refusal::AccessGiven)) => Ok(()),
        answer => answer,
    }
}

async fn begin(
    kontor: &Kontor,
    tx: DatabaseTransaction,
    actor: &Actor,
    partner: OrgId,
    terms: &Terms,
) -> Result<(), Error> {
    one_by_one(&tx, actor.org, partner).await?;
    may_have(&tx, actor.org, partner).await?;
    let sides = Sides::of(&tx, actor.org, partner).await?;
    super::clock::end_if_over(kontor, &tx, &sides).await?;
    if rows::grant::active_locked(&tx, actor.org, partner).await?.is_some() {
        return Err(Refusal::AccessGiven.into());
    }
    // What the partner had asked for is answered by that.
    settle(kontor, &tx, actor.org, partner, AccessRequestStatus::Granted, actor).await?;
    grant(kontor, &tx, partner, actor.org, &actor.label(), terms).await?;
    tell_given(kontor, &tx, &sides, terms, actor).await?;
    crate::mapping::service::refresh(kontor, &tx, actor.org).await?;
    tx.commit().await?;
    sides.changed(kontor);
    Ok(())
}

/// Changes the terms of a grant in force: less, more, another end. From the next request on they hold, for whoever is in as well.
/// `StaleVersion` if they were changed since the form was made; `AccessOver` if the grant is over.
pub async fn change(
    kontor: &Kontor,
    actor: &Actor,
    id: GrantId,
    form: &TermsForm,
    version: i64,
) -> Result<(), Error> {
    gives(actor)?;
    let tx = kontor.db.begin().await?;
    let row = rows::grant::locked(&tx, actor.org, id).await?.filter(|row| row.kind == GrantKind::Agreed);
    let row = row.ok_or(Error::NotFound)?;
    let now = kontor.now();
    if !row.in_force(now) {
        return Err(Refusal::AccessOver.into());
    }
    if row.version != version {
        return Err(Error::StaleVersion);
    }
    let policy = policy(kontor, &tx).await?;
    let (capabilities, days, renewal) = form.fields(&policy, None)?;
    let until = days.map_or(row.until_at, |days| now.plus_days(days));
    // An end that was agreed for less may lie too far ahead for what is added now.
    let most = policy.grant_cap(capabilities);
    if until > now.plus_days(most) {
        return Err(Error::field("days", Issue::OutOfRange { min: 1, max: most }));
    }
    let terms = Terms { capabilities, days: days.unwrap_or(row.days).min(most), renewal };
    let sides = Sides::of(&tx, actor.org, row.partner_id).await?;
    put(kontor, &tx, &sides, &row, &terms, until, actor).await?;
    tx.commit().await?;
    sides.changed(kontor);
    Ok(())
}

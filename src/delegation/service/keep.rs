//! What a partner does with the access it has: renews it where the customer allowed that, gives it up, looks at it.

use super::{
    give::{may_have, one_by_one},
    grant::{Sides, put, view},
    request::asks,
    revoke::close,
};
use crate::{
    Error, Refusal,
    delegation::{
        AccessRequestStatus, GrantKind, GrantStatus, HeldAccess, RenewBy, Terms, TermsForm,
        rows::{access_request, grant},
    },
    kernel::{
        Kontor,
        actor::Actor,
        id::OrgId,
        instant::Instant,
        right::{DELEGABLE, Feature, Features, OrgKind},
    },
    mapping::rows::mapping,
    notification::Mail,
    setting::{Policy, service::policy},
    subscription::Service,
};

/// Renews the access of the actor's partner for as many days as were agreed, if the customer allowed that beforehand and the end
/// is near; `AccessOver` if it is over, `RenewalNotAllowed` otherwise. Clicked twice, it is renewed once.
pub async fn renew(kontor: &Kontor, actor: &Actor, org: OrgId) -> Result<(), Error> {
    asks(actor)?;
    let tx = kontor.db.begin().await?;
    may_have(&tx, org, actor.org).await?;
    one_by_one(&tx, org, actor.org).await?;
    let (now, policy) = (kontor.now(), policy(kontor, &tx).await?);
    let row = grant::active_locked(&tx, org, actor.org).await?.filter(|row| row.in_force(now));
    let row = row.ok_or(Refusal::AccessOver)?;
    if !may_renew(&row, &policy, now) {
        return Err(Refusal::RenewalNotAllowed.into());
    }
    let terms = row.terms().within(&policy);
    let sides = Sides::of(&tx, org, actor.org).await?;
    let until = row.until_at.max(now.plus_days(terms.days));
    put(kontor, &tx, &sides, &row, &terms, until, actor).await?;
    tx.commit().await?;
    sides.changed(kontor);
    Ok(())
}

fn may_renew(row: &grant::Model, policy: &Policy, now: Instant) -> bool {
    let near = row.until_at <= now.plus_days(policy.grant_renew_days);
    // A day at least is won: clicked twice, or on the first days of a short grant, there is nothing to renew.
    let gains = now.plus_days(row.terms().within(policy).days - 1) >= row.until_at;
    row.in_force(now) && row.renewal == RenewBy::Partner && near && gains
}

/// The partner gives its access to a customer up, and what it may have asked for. Again changes nothing.
pub async fn give_up(kontor: &Kontor, actor: &Actor, org: OrgId) -> Result<(), Error> {
    asks(actor)?;
    let tx = kontor.db.begin().await?;
    mapping::between(&tx, actor.org, org, Service::Workplace).await?.ok_or(Error::NotFound)?;
    one_by_one(&tx, org, actor.org).await?;
    super::request::settle(kontor, &tx, org, actor.org, AccessRequestStatus::Withdrawn, actor).await?;
    let sides = Sides::of(&tx, org, actor.org).await?;
    if let Some(row) = grant::active_locked(&tx, org, actor.org).await? {
        close(kontor, &tx, &row, actor).await?;
        sides.append(kontor, &tx, actor, "access.given_up", serde_json::json!({})).await?;
        let mail = |link| Mail::AccessRevoked {
            organisation: sides.organisation.clone(),
            partner: sides.partner_name.clone(),
            link,
        };
        sides.tell_customer(kontor, &tx, mail).await?;
        crate::mapping::service::refresh(kontor, &tx, org).await?;
    }
    tx.commit().await?;
    sides.changed(kontor);
    Ok(())
}

/// The partner's access to one of its customers.
pub async fn held(kontor: &Kontor, actor: &Actor, org: OrgId) -> Result<HeldAccess, Error> {
    actor.require(Feature::CustomersView)?;
    if actor.kind != OrgKind::Partner {
        return Err(Error::NotFound);
    }
    let db = kontor.db.read();
    mapping::between(db, actor.org, org, Service::Workplace).await?.ok_or(Error::NotFound)?;
    let (now, policy) = (kontor.now(), policy(kontor, db).await?);
    let last = grant::latest(db, org, actor.org).await?.filter(|row| row.kind == GrantKind::Agreed);
    let open = access_request::latest(db, org, actor.org).await?;
    let open = open.filter(|row| row.status == AccessRequestStatus::Open && row.expires_at > now);
    let may_ask = actor.may(Feature::ConsoleManage) && may_have(db, org, actor.org).await.is_ok();
    let terms = last.as_ref().map_or_else(|| Terms::usual(&policy), |row| row.terms().within(&policy));
    Ok(HeldAccess {
        status: last.as_ref().map(|row| row.standing(now)),
        terms: last.as_ref().map(|row| view(&row.terms(), row.until_at)),
        ended_at: last.as_ref().and_then(|row| match row.standing(now) {
            GrantStatus::Active => None,
            _ => row.ended_at.or(Some(row.until_at)),
        }),
        asked: open.map(|row| {
            let terms = row.terms();
            (row.id, view(&terms, now.plus_days(terms.days)), row.expires_at.day())
        }),
        form: TermsForm::of(&terms),
        caps: caps(&policy),
        may_ask,
        may_renew: may_ask && last.is_some_and(|row| may_renew(&row, &policy, now)),
    })
}

/// Most days of a grant with each of the capabilities.
pub(super) fn caps(policy: &Policy) -> Vec<(Feature, i64)> {
    DELEGABLE.iter().map(|feature| (*feature, policy.grant_cap(Features::of(&[*feature])))).collect()
}

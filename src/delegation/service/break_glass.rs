//! The vendor enters a customer's console without its consent: with a reason, for a short time, and the customer is told at once
//! (break-glass access).

use super::{
    give::one_by_one,
    grant::{Sides, insert},
    manage::{enter, prove_fresh, step_up},
};
use crate::{
    Error, Issue, Problems,
    delegation::{BreakGlassForm, BreakGlassView, GrantKind, GrantStatus, RenewBy, Template, rows::grant},
    kernel::{
        Kontor,
        actor::{Actor, Viewer},
        id::{ActingId, OrgId},
        right::{Feature, OrgKind},
        text,
    },
    notification::Mail,
    organisation::{OrgStatus, rows::organisation},
    setting::{Policy, service::policy},
};
use sea_orm::{ConnectionTrait, DatabaseTransaction};

/// The customer, for whoever may go in. `actor` is the viewer's standing among the vendor's staff.
async fn customer(
    db: &impl ConnectionTrait,
    actor: &Actor,
    org: OrgId,
) -> Result<organisation::Model, Error> {
    actor.require(Feature::BreakGlass)?;
    let house = organisation::by_id(db, org).await?;
    let house = house.filter(|house| house.kind == OrgKind::Customer && house.status != OrgStatus::Closed);
    house.filter(|_| actor.kind == OrgKind::Vendor).ok_or(Error::NotFound)
}

/// Whether the way in stands open already, and what it asks for.
pub async fn before(
    kontor: &Kontor,
    viewer: &Viewer,
    actor: &Actor,
    org: OrgId,
) -> Result<BreakGlassView, Error> {
    let db = kontor.db.read();
    let house = customer(db, actor, org).await?;
    let (session, policy) = (viewer.signed_in()?, policy(kontor, db).await?);
    let open = grant::latest(db, org, actor.org).await?.filter(|row| row.in_force(kontor.now()));
    let open = open.map(|row| (row.until_at, row.reason.clone(), row.terms().capabilities.list().collect()));
    Ok(BreakGlassView {
        org,
        organisation: house.name,
        open,
        most: policy.break_glass_minutes,
        proof: step_up(kontor, session, &policy, policy.manage_second_factor),
    })
}

/// Opens an acting session in the customer's console. Where the way in stands open already it is entered as it is; otherwise the form
/// says why, for what and for how long. Rests on a fresh proof, like *Manage*.
pub async fn break_glass(
    kontor: &Kontor,
    viewer: &Viewer,
    actor: &Actor,
    org: OrgId,
    form: &BreakGlassForm,
) -> Result<ActingId, Error> {
    let session = viewer.signed_in()?;
    let tx = kontor.db.begin().await?;
    let house = customer(&tx, actor, org).await?;
    let policy = policy(kontor, &tx).await?;
    prove_fresh(kontor, session, &policy, policy.manage_second_factor)?;
    one_by_one(&tx, org, actor.org).await?;
    let sides = Sides::of(&tx, org, actor.org).await?;
    super::clock::end_if_over(kontor, &tx, &sides).await?;
    let row = match grant::active_locked(&tx, org, actor.org).await? {
        Some(row) => row,
        None => open(kontor, &tx, &sides, actor, form, &policy).await?,
    };
    let id = enter(kontor, &tx, session, actor, &house, &row).await?;
    tx.commit().await?;
    sides.changed(kontor);
    Ok(id)
}

async fn open(
    kontor: &Kontor,
    tx: &DatabaseTransaction,
    sides: &Sides,
    actor: &Actor,
    form: &BreakGlassForm,
    policy: &Policy,
) -> Result<grant::Model, Error> {
    let mut problems = Problems::new();
    let reason = problems.take("reason", text::line(&form.reason, 10, 500));
    let template = match form.template.as_str() {
        "" => Err(Issue::Required),
        key => Template::from_key(key).map(Some).ok_or(Issue::NotAChoice),
    };
    let template = problems.take("template", template);
    let max = policy.break_glass_minutes;
    let minutes = match form.minutes.trim().parse::<i64>() {
        Ok(minutes) if (1..=max).contains(&minutes) => Ok(minutes),
        Ok(_) => Err(Issue::OutOfRange { min: 1, max }),
        Err(_) => Err(Issue::NotANumber),
    };
    let minutes = problems.take("minutes", minutes);
    problems.finish()?;
    let capabilities = template.map(Template::capabilities).unwrap_or_default();
    let now = kontor.now();
    let row = grant::Model {
        id: kontor.id(),
        org_id: sides.org,
        partner_id: actor.org,
        kind: GrantKind::BreakGlass,
        capabilities: capabilities.keys(),
        days: 0,
        renewal: RenewBy::Customer,
        reason,
        granted_by: actor.label(),
        status: GrantStatus::Active,
        from_at: now,
        until_at: now.plus_minutes(minutes),
        ended_at: None,
        ended_by: None,
        version: 1,
    };
    insert(kontor, tx, row.clone()).await?;
    tell(kontor, tx, sides, &row, actor).await?;
    Ok(row)
}

/// In both trails, with the reason, and to the customer by mail.
async fn tell(
    kontor: &Kontor,
    tx: &DatabaseTransaction,
    sides: &Sides,
    row: &grant::Model,
    actor: &Actor,
) -> Result<(), Error> {
    let until = row.until_at;
    let facts = serde_json::json!({
        "reason": row.reason, "capabilities": row.capabilities, "until": until,
    });
    sides.append(kontor, tx, actor, "access.glass_broken", facts).await?;
    let mail = |link| Mail::GlassBroken {
        organisation: sides.organisation.clone(),
        vendor: sides.partner_name.clone(),
        by: actor.label(),
        reason: row.reason.clone(),
        until,
        link,
    };
    sides.tell_customer(kontor, tx, mail).await
}

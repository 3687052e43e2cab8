//! What an organisation has, as its console and its partner see it.

use crate::{
    Error,
    kernel::{
        Kontor,
        actor::Actor,
        id::{ChangeId, OrgId},
        instant::Instant,
        right::Feature,
    },
    mapping::rows::mapping,
    organisation::rows::{member, organisation},
    setting::{Policy, service::policy},
    subscription::{
        ChangeStatus, Extension, Licences, Service, SubscriptionStatus, SubscriptionView, TRIAL_PLAN,
        TrialView,
        authority::Side,
        rows::{subscription, subscription_change, trial_extension},
        trial,
    },
};
use sea_orm::ConnectionTrait;

/// The actor's organisation's subscription; `None` if it has none, as partners and the vendor do.
pub async fn view(kontor: &Kontor, actor: &Actor) -> Result<Option<SubscriptionView>, Error> {
    actor.require(Feature::SubscriptionView)?;
    let db = kontor.db.read();
    let Some(row) = subscription::of(db, actor.org, Service::Workplace).await? else { return Ok(None) };
    let policy = policy(kontor, db).await?;
    let licences = Licences { used: member::count(db, actor.org).await?, total: row.seats };
    let partner = match mapping::partner_of(db, actor.org, Service::Workplace).await? {
        Some(partner) => organisation::by_id(db, partner).await?.map(|p| (partner, p.name)),
        None => None,
    };
    let proposal = match actor.may(Feature::SubscriptionEdit) {
        true => proposal(kontor, db, &row).await?,
        false => None,
    };
    let paid = row.status == SubscriptionStatus::Active;
    Ok(Some(SubscriptionView {
        plan: row.plan,
        status: row.status,
        term: row.term,
        licences,
        renews_on: row.ends_on.filter(|_| paid),
        intended: match (row.intended_plan, row.intended_seats, row.intended_term) {
            (Some(plan), Some(seats), Some(term)) => Some((plan, seats, term)),
            _ => None,
        },
        trial: if paid { None } else { trial_view(kontor, db, &row, &policy).await? },
        partner,
        proposal,
    }))
}

/// What the partner proposed and the organisation has not answered.
async fn proposal(
    kontor: &Kontor,
    db: &impl ConnectionTrait,
    row: &subscription::Model,
) -> Result<Option<(ChangeId, Option<Instant>)>, Error> {
    let open = subscription_change::open(db, row.id).await?;
    let waits = |change: &&subscription_change::Model| {
        change.status == ChangeStatus::Proposed
            && change.by_side == Side::Partner
            && change.expires_at.is_none_or(|until| kontor.now() < until)
    };
    Ok(open.iter().find(waits).map(|change| (change.id, change.expires_at)))
}

/// The trial of one of the actor's partner's customers; `NotFound` if it is none of theirs or has no trial.
pub async fn trial_of(kontor: &Kontor, actor: &Actor, org: OrgId) -> Result<TrialView, Error> {
    actor.require(Feature::CustomersView)?;
    let db = kontor.db.read();
    mapping::between(db, actor.org, org, Service::Workplace).await?.ok_or(Error::NotFound)?;
    let row = subscription::of(db, org, Service::Workplace).await?.ok_or(Error::NotFound)?;
    let policy = policy(kontor, db).await?;
    trial_view(kontor, db, &row, &policy).await?.ok_or(Error::NotFound)
}

/// Licences of an organisation, if it has a subscription.
pub async fn licences(db: &impl ConnectionTrait, org: OrgId) -> Result<Option<Licences>, Error> {
    let Some(row) = subscription::of(db, org, Service::Workplace).await? else { return Ok(None) };
    Ok(Some(Licences { used: member::count(db, org).await?, total: row.seats }))
}

/// The trial of a subscription, if it ever had one.
pub(super) async fn trial_view(
    kontor: &Kontor,
    db: &impl ConnectionTrait,
    row: &subscription::Model,
    policy: &Policy,
) -> Result<Option<TrialView>, Error> {
    let (Some(started), Some(ends_on)) = (row.trial_started, row.ends_on) else { return Ok(None) };
    let today = kontor.now().day();
    let extensions = trial_extension::of(db, row.id).await?;
    let organisation = organisation::by_id(db, row.org_id).await?.map(|o| o.name).unwrap_or_default();
    let shown = |e: trial_extension::Model| Extension {
        by: e.by_label,
        at: e.at,
        from: e.from_day,
        until: e.until_day,
    };
    Ok(Some(TrialView {
        org: row.org_id,
        organisation,
        plan: row.intended_plan.unwrap_or(TRIAL_PLAN),
        status: row.status,
        started,
        ends_on,
        days_left: (ends_on.since(today) + 1).max(0),
        furthest: trial::furthest_end(started, policy),
        extendable: trial::extended(row.status, row.trial_started, row.ends_on, policy, today),
        request_key: trial::request_key(ends_on),
        extensions: extensions.into_iter().map(shown).collect(),
    }))
}

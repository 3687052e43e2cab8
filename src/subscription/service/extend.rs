//! *Extend trial* (domain.md section 8).

use super::{view::trial_view, watch_trial};
use crate::{
    Error, Refusal,
    audit::service::{Event, append},
    kernel::{
        Kontor,
        actor::{Actor, Standing},
        right::Feature,
    },
    mapping::rows::mapping,
    notification::Mail,
    organisation::rows::organisation,
    partner::service::in_business,
    setting::service::policy,
    subscription::{
        ExtendTrial, Service, SubscriptionStatus, TRIAL_PLAN, Term, TrialView,
        rows::{subscription, trial_extension},
        trial,
    },
};
use sea_orm::{ActiveValue::Set, EntityTrait};

/// Adds a step to the trial of one of the actor's partner's customers. The same key extends once, however often and
/// wherever it is sent; a key of an end that is no longer the current one is stale.
pub async fn extend_trial(kontor: &Kontor, actor: &Actor, input: ExtendTrial) -> Result<TrialView, Error> {
    actor.require(Feature::TrialExtend)?;
    let policy = policy(kontor, kontor.db.read()).await?;
    let tx = kontor.db.begin().await?;
    let org = input.org;
    if !matches!(actor.standing, Standing::System(_)) {
        in_business(&tx, actor.org).await?;
        mapping::between(&tx, actor.org, org, Service::Workplace).await?.ok_or(Error::NotFound)?;
    }
    let customer = organisation::by_id(&tx, org).await?.ok_or(Error::NotFound)?;
    let row = subscription::locked(&tx, org, Service::Workplace).await?.ok_or(Error::NotFound)?;
    let known = trial_extension::of(&tx, row.id).await?;
    if known.iter().any(|e| e.request_key == input.request_key) {
        return trial_view(kontor, &tx, &row, &policy).await?.ok_or(Error::NotFound);
    }
    // Whoever takes money back is lent nothing (R9.7).
    if row.flagged_at.is_some() {
        return Err(Refusal::PaymentDisputed.into());
    }
    let today = kontor.now().day();
    let until = trial::extended(row.status, row.trial_started, row.ends_on, &policy, today)?;
    let from = row.ends_on.filter(|end| trial::request_key(*end) == input.request_key);
    let from = from.ok_or(Error::StaleVersion)?;
    let mut next = row.clone();
    next.ends_on = Some(until);
    next.version += 1;
    if row.status != SubscriptionStatus::Trial {
        next.status = SubscriptionStatus::Trial;
        next.plan = row.intended_plan.unwrap_or(TRIAL_PLAN);
        next.term = Term::None;
        next.seats = policy.trial_seats;
    }
    let change = subscription::ActiveModel {
        id: Set(row.id),
        status: Set(next.status),
        plan: Set(next.plan),
        term: Set(next.term),
        seats: Set(next.seats),
        ends_on: Set(next.ends_on),
        version: Set(next.version),
        ..Default::default()
    };
    subscription::Entity::update(change).exec(&tx).await?;
    let extension = trial_extension::Model {
        id: kontor.id(),
        subscription_id: row.id,
        request_key: input.request_key,
        by_label: actor.label(),
        at: kontor.now(),
        from_day: from,
        until_day: until,
    };
    trial_extension::Entity::insert(trial_extension::ActiveModel::from(extension))
        .exec_without_returning(&tx)
        .await?;
    watch_trial(kontor, &tx, org, until, &policy).await?;
    let facts = serde_json::json!({ "from": from.to_string(), "until": until.to_string() });
    let chains = if actor.org == org { vec![org] } else { vec![org, actor.org] };
    for chain in chains {
        let event = Event::new("trial.extended", &customer.name).with(facts.clone());
        append(kontor, &tx, chain, actor, event).await?;
    }
    let partner = mapping::partner_of(&tx, org, Service::Workplace).await?;
    let organisation = customer.name.clone();
    let mail = |link| Mail::TrialExtended { organisation: organisation.clone(), ends_on: until, link };
    super::clock::tell(kontor, &tx, org, mail).await?;
    crate::mapping::service::refresh(kontor, &tx, org).await?;
    let view = trial_view(kontor, &tx, &next, &policy).await?.ok_or(Error::NotFound)?;
    tx.commit().await?;
    kontor.hub.tell(org, "subscription");
    if let Some(partner) = partner {
        kontor.hub.tell(partner, "customer");
    }
    Ok(view)
}

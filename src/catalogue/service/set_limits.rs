//! Setting a plan's limits, and withdrawing what is only announced. What has held is never changed, only succeeded.

use crate::{
    Error, Issue,
    audit::service::{Event, append},
    catalogue::{LimitsForm, PlanLimits, price::check_limits, rows::plan_offer},
    kernel::{Kontor, actor::Actor, instant::Day, right::Feature},
    organisation::rows::queue_up,
    subscription::Plan,
};
use sea_orm::EntityTrait;

/// Sets what a plan holds, and whether it is on sale, from a day on, today at the earliest. A day that begins limits
/// already is refused (`DateTaken`): announced ones are withdrawn first.
pub async fn set_limits(kontor: &Kontor, actor: &Actor, form: &LimitsForm) -> Result<(), Error> {
    actor.require(Feature::SettingsEdit)?;
    let (plan, valid_from, limits) = check_limits(form, kontor.now().day())?;
    let tx = kontor.db.begin().await?;
    queue_up(&tx, "catalogue").await?;
    if plan_offer::on(&tx, plan, valid_from).await?.is_some() {
        return Err(Error::field("valid_from", Issue::DateTaken));
    }
    let row = plan_offer::Model {
        plan,
        valid_from,
        users_max: limits.users_max,
        storage_gb: limits.storage_gb,
        domains_max: limits.domains_max,
        on_sale: limits.on_sale,
        created_at: kontor.now(),
        created_by: actor.label(),
    };
    let row = plan_offer::ActiveModel::from(row);
    plan_offer::Entity::insert(row).exec_without_returning(&tx).await?;
    append(kontor, &tx, actor.org, actor, event("limits.set", plan, valid_from, limits)).await?;
    tx.commit().await?;
    kontor.hub.tell(actor.org, "catalogue");
    Ok(())
}

/// Takes back limits that are announced for a day. `StaleVersion` if there are none, or their day has come.
pub async fn withdraw_limits(kontor: &Kontor, actor: &Actor, plan: Plan, from: Day) -> Result<(), Error> {
    actor.require(Feature::SettingsEdit)?;
    let tx = kontor.db.begin().await?;
    queue_up(&tx, "catalogue").await?;
    let row = plan_offer::on(&tx, plan, from).await?.filter(|row| row.valid_from > kontor.now().day());
    let row = row.ok_or(Error::StaleVersion)?;
    plan_offer::Entity::delete_by_id((plan, from)).exec(&tx).await?;
    append(kontor, &tx, actor.org, actor, event("limits.withdrawn", plan, from, row.limits())).await?;
    tx.commit().await?;
    kontor.hub.tell(actor.org, "catalogue");
    Ok(())
}

fn event(action: &'static str, plan: Plan, from: Day, limits: PlanLimits) -> Event {
    let facts = serde_json::json!({
        "valid_from": from.to_string(), "users_max": limits.users_max, "storage_gb": limits.storage_gb,
        "domains_max": limits.domains_max, "on_sale": limits.on_sale,
    });
    Event::new(action, plan.name()).with(facts)
}

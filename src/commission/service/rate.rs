//! Rates agreed with a partner for a plan.

use super::may_read;
use crate::{
    Error, Issue, Problems,
    application::review::rate_bp,
    audit::service::{Event, append},
    commission::{SetRate, rows::partner_rate},
    kernel::{Kontor, actor::Actor, id::OrgId, right::Feature},
    partner::rows::directory,
    subscription::Plan,
};
use sea_orm::{ActiveModelTrait, EntityTrait, IntoActiveModel, sea_query::OnConflict};

/// The rates agreed with a partner, by plan, in basis points.
pub async fn rates(kontor: &Kontor, actor: &Actor, partner: OrgId) -> Result<Vec<(Plan, i64)>, Error> {
    may_read(actor, partner)?;
    let rows = partner_rate::of(kontor.db.read(), vec![partner]).await?;
    Ok(rows.into_iter().map(|row| (row.plan, row.rate_bp)).collect())
}

/// Agrees on a rate for a plan, or takes the agreement away. It holds for sales from now on: lines keep theirs.
pub async fn set_rate(kontor: &Kontor, actor: &Actor, partner: OrgId, form: &SetRate) -> Result<(), Error> {
    actor.require(Feature::PartnersEdit)?;
    let mut problems = Problems::new();
    let plan = Plan::from_key(&form.plan).filter(|plan| plan.is_paid());
    let rate = match form.rate.trim() {
        "" => None,
        typed => Some(problems.take("rate", rate_bp(typed))),
    };
    if plan.is_none() {
        problems.add("plan", Issue::NotAChoice);
    }
    problems.finish()?;
    let plan = plan.ok_or(Error::BadRequest)?;
    let tx = kontor.db.begin().await?;
    directory::by_org_locked(&tx, partner).await?.ok_or(Error::NotFound)?;
    let before = partner_rate::of(&tx, vec![partner]).await?;
    let before = before.iter().find(|row| row.plan == plan).map(|row| row.rate_bp);
    if before == rate {
        return Ok(());
    }
    match rate {
        None => {
            partner_rate::Entity::delete_by_id((partner, plan)).exec(&tx).await?;
        }
        Some(rate_bp) => {
            let row = partner_rate::Model {
                partner_id: partner,
                plan,
                rate_bp,
                created_at: kontor.now(),
                created_by: actor.label(),
            };
            use partner_rate::Column;
            let over = OnConflict::columns([Column::PartnerId, Column::Plan])
                .update_columns([Column::RateBp, Column::CreatedAt, Column::CreatedBy])
                .to_owned();
            let row = row.into_active_model().reset_all();
            partner_rate::Entity::insert(row).on_conflict(over).exec_without_returning(&tx).await?;
        }
    }
    let facts = serde_json::json!({ "from": before, "to": rate });
    let event = Event::new("partner.rate_agreed", plan).with(facts);
    append(kontor, &tx, actor.org, actor, event.clone()).await?;
    append(kontor, &tx, partner, actor, event).await?;
    tx.commit().await?;
    kontor.hub.tell(partner, "partner");
    Ok(())
}

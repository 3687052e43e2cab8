//! What holds on a day. Whoever sells reads the day's prices here and keeps them with what was sold: a later change
//! never reaches back.

use crate::{
    Error,
    catalogue::{
        LimitsRow, PlanLimits, PriceRow,
        dated::in_force,
        rows::{plan_offer, price},
    },
    kernel::{instant::Day, money::Currency},
    subscription::{Plan, Term, change::Item},
};
use sea_orm::{ConnectionTrait, QuerySelect};

/// Every price of a currency on a day, in minor units per licence or unit and term. What has no price is not in it.
pub async fn prices_on(
    db: &impl ConnectionTrait,
    currency: Currency,
    day: Day,
) -> Result<Vec<(Item, Term, i64)>, Error> {
    let mut prices: Vec<(Item, Term, i64)> = Vec::new();
    for row in price::until(currency, day).all(db).await? {
        // Oldest first: the last of each is the one in force.
        match prices.last_mut() {
            Some(last) if (last.0, last.1) == (row.item, row.term) => last.2 = row.amount,
            _ => prices.push((row.item, row.term, row.amount)),
        }
    }
    Ok(prices)
}

/// Every price an item and term ever had or will have in a currency, newest first.
pub async fn history(
    db: &impl ConnectionTrait,
    currency: Currency,
    item: Item,
    term: Term,
) -> Result<Vec<PriceRow>, Error> {
    let rows = price::history(currency, item, term).all(db).await?;
    Ok(rows.into_iter().map(PriceRow::from).collect())
}

/// A plan's limits on a day; none if nobody has set any by then.
pub async fn limits_on(db: &impl ConnectionTrait, plan: Plan, day: Day) -> Result<Option<PlanLimits>, Error> {
    Ok(plan_offer::until(plan, day).limit(1).one(db).await?.map(|row| row.limits()))
}

/// The limits of every plan that has any on a day, the smallest plan first.
pub async fn offers_on(db: &impl ConnectionTrait, day: Day) -> Result<Vec<(Plan, PlanLimits)>, Error> {
    let rows: Vec<LimitsRow> = plan_offer::all(db).await?.into_iter().map(LimitsRow::from).collect();
    let on = |plan: Plan| {
        let row = in_force(rows.iter().filter(|row| row.plan == plan), day)?;
        Some((plan, row.limits))
    };
    Ok(Plan::ALL.iter().copied().filter_map(on).collect())
}

/// The paid plans that are on sale on a day, the smallest first.
pub async fn plans_on_sale(db: &impl ConnectionTrait, day: Day) -> Result<Vec<Plan>, Error> {
    let sold =
        offers_on(db, day).await?.into_iter().filter(|(plan, limits)| limits.on_sale && plan.is_paid());
    Ok(sold.map(|(plan, _)| plan).collect())
}

//! *What if*: what a sale would earn, by the very function that accrues.

use super::{accrue::Terms, may_read};
use crate::{
    Error, Issue,
    commission::{Deal, Facts, Outcome, work_out},
    kernel::{Kontor, actor::Actor, id::OrgId, money::MAX_MINOR},
    setting::service::policy,
    subscription::MAX_SEATS,
};

/// What a partner would earn by a sale, with the rates and policies of today. Changes nothing. `Invalid` for figures
/// nobody can sell.
pub async fn what_if(kontor: &Kontor, actor: &Actor, partner: OrgId, deal: Deal) -> Result<Outcome, Error> {
    may_read(actor, partner)?;
    let mut problems = crate::Problems::new();
    let mut within = |field: &str, value: i64, max: i64| {
        if !(0..=max).contains(&value) {
            problems.add(field, Issue::OutOfRange { min: 0, max });
        }
    };
    within("base", deal.base, MAX_MINOR);
    within("unit_price", deal.unit_price, MAX_MINOR);
    within("addon_price", deal.addon_price, MAX_MINOR);
    within("baseline_unit_price", deal.baseline_unit_price, MAX_MINOR);
    within("seats", deal.seats, MAX_SEATS.into());
    within("addon_units", deal.addon_units, MAX_SEATS.into());
    within("baseline_seats", deal.baseline.seats, MAX_SEATS.into());
    within("baseline_addon_units", deal.baseline.addon_units, MAX_SEATS.into());
    problems.finish()?;
    let db = kontor.db.read();
    let policy = policy(kontor, db).await?;
    let terms = Terms::of(db, [partner].into_iter()).await?;
    let row = terms.partner(partner)?;
    let rates = terms.rates(row, deal.plan);
    Ok(work_out(&Facts { deal, partner: row.status, own: false, rates }, &policy))
}

//! *What if*: what a sale would earn, by the very function that accrues.

use super::{accrue::Terms, may_read};
use crate::{
    Error, Issue, Problems, Refusal,
    catalogue::service::prices_on,
    commission::{Baseline, Deal, Facts, Outcome, SaleKind, WhatIf, Worked, work_out},
    kernel::{
        Kontor,
        actor::Actor,
        id::OrgId,
        instant::Day,
        money::{MAX_MINOR, ratio},
    },
    partner::rows::partner,
    setting::service::policy,
    subscription::{
        MAX_SEATS, Plan, Term,
        change::{Item, Payer},
    },
};

/// What an imagined sale at today's list prices in the partner's currency would earn. `Invalid` for what cannot be sold,
/// `NotOnSale` for a plan without a price.
pub async fn imagine(kontor: &Kontor, actor: &Actor, of: OrgId, form: &WhatIf) -> Result<Worked, Error> {
    may_read(actor, of)?;
    let mut problems = Problems::new();
    let choice = Issue::NotAChoice;
    let plan = Plan::from_key(&form.plan).filter(|plan| plan.is_paid()).ok_or(choice.clone());
    let plan = problems.take("plan", plan.map(Some));
    let term = Term::from_key(&form.term).filter(|term| *term != Term::None).ok_or(choice.clone());
    let term = problems.take("term", term.map(Some));
    let payer = problems.take("payer", Payer::from_key(&form.payer).map(Some).ok_or(choice.clone()));
    let kind = SaleKind::from_key(&form.sale).filter(|kind| kind.is_a_sale());
    let kind = problems.take("sale", kind.map(Some).ok_or(choice.clone()));
    let was_plan = match kind {
        Some(SaleKind::Upgrade) => {
            let was = Plan::from_key(&form.was_plan).filter(|plan| plan.is_paid());
            problems.take("was_plan", was.map(Some).ok_or(choice))
        }
        _ => None,
    };
    let max = i64::from(MAX_SEATS);
    let number = |text: &str, min: i64| match text.trim() {
        "" if min == 0 => Ok(0),
        text => text.parse().ok().filter(|n| (min..=max).contains(n)).ok_or(Issue::OutOfRange { min, max }),
    };
    let seats = problems.take("seats", number(&form.seats, 1));
    let addon_units = problems.take("addon_units", number(&form.addon_units, 0));
    let days_left = problems.take("days_left", number(&form.days_left, 0));
    let baseline_seats = problems.take("baseline_seats", number(&form.baseline_seats, 0));
    let day = |text: &str| match text.trim() {
        "" => Ok(None),
        text => text.parse::<Day>().map(Some).map_err(|_| Issue::BadDate),
    };
    let first_paid_on = problems.take("first_paid_on", day(&form.first_paid_on));
    let mapped_since = problems.take("mapped_since", day(&form.mapped_since));
    problems.finish()?;
    let (Some(plan), Some(term), Some(payer), Some(kind)) = (plan, term, payer, kind) else {
        return Err(Error::BadRequest);
    };
    let db = kontor.db.read();
    let today = kontor.now().day();
    let currency = partner::by_org(db, of).await?.ok_or(Error::NotFound)?.currency;
    let prices = prices_on(db, currency, today).await?;
    let priced = |item: Option<Item>| {
        let found = prices.iter().find(|(i, of, _)| Some(*i) == item && *of == term);
        found.map(|(.., amount)| *amount).ok_or(Refusal::NotOnSale)
    };
    let unit_price = priced(Item::of(plan))?;
    let addon_price = if addon_units > 0 { priced(Some(Item::ExtraStorage))? } else { 0 };
    let whole: i64 = if term == Term::Yearly { 365 } else { 30 };
    let days = if days_left == 0 { whole } else { days_left.min(whole) };
    let rest = |value: i128| ratio(value * i128::from(days), i128::from(whole));
    let (seats_wide, units_wide) = (i128::from(seats), i128::from(addon_units));
    let base = match kind {
        SaleKind::Upgrade => {
            let was = was_plan.map(|was| priced(Item::of(was))).transpose()?.unwrap_or(0);
            rest(seats_wide * i128::from((unit_price - was).max(0)))
        }
        SaleKind::AddOn => rest(units_wide * i128::from(addon_price)),
        _ => {
            let all = seats_wide * i128::from(unit_price) + units_wide * i128::from(addon_price);
            i64::try_from(all).unwrap_or(i64::MAX)
        }
    };
    if base > MAX_MINOR {
        return Err(Error::field("seats", Issue::OutOfRange { min: 1, max }));
    }
    let had = (baseline_seats > 0).then_some(plan);
    let deal = Deal {
        kind,
        payer,
        currency,
        base,
        plan,
        term,
        seats,
        addon_units,
        unit_price,
        addon_price,
        baseline_unit_price: had.map_or(0, |_| unit_price),
        sold_on: today,
        settled_on: today,
        first_paid_on,
        mapped_since: mapped_since.unwrap_or(today),
        baseline: Baseline { plan: had, seats: baseline_seats, addon_units: 0 },
    };
    Ok(Worked { currency, base, outcome: what_if(kontor, actor, of, deal).await? })
}

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
    let rates = terms.rates(row, deal.plan, &policy);
    Ok(work_out(&Facts { deal, partner: row.status, own: false, rates }, &policy))
}

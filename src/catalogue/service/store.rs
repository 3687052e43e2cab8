//! What a partner can buy or sell today: `/store/{partner}/services`.

use super::{catalogue::currencies, offers_on, prices_on};
use crate::{
    Error,
    catalogue::{AddOnOffer, Offered, PlanOffer, StoreCatalogue, plan_of},
    commission::service::discount_rates,
    kernel::{Kontor, actor::Actor, money::Currency, right::Feature},
    partner::rows::partner,
    setting::service::policy,
    subscription::{Plan, Term, change::Item},
};

/// What is on sale in a currency (the partner's own if none is named): list price, and the partner's share of it. A
/// plan that is on sale but has no price in the currency cannot be bought in it and is left out.
pub async fn store(
    kontor: &Kontor,
    actor: &Actor,
    currency: Option<Currency>,
) -> Result<StoreCatalogue, Error> {
    actor.require(Feature::StoreView)?;
    let db = kontor.db.read();
    let partner = partner::by_org(db, actor.org).await?.ok_or(Error::NotFound)?;
    let currencies = currencies(db).await?;
    let own = currencies.iter().copied().find(|c| *c == partner.currency);
    let named = currency.filter(|c| currencies.contains(c));
    let currency = named.or(own).or(currencies.first().copied()).unwrap_or(partner.currency);
    let today = kontor.now().day();
    let prices = prices_on(db, currency, today).await?;
    let policy = policy(kontor, db).await?;
    let all = Plan::ALL.iter().map(|plan| (actor.org, *plan));
    let agreed = discount_rates(db, all, &policy).await?;
    let usual = partner.rate_bp.or(policy.tier_rate(partner.tier)).unwrap_or(policy.commission_rate_bp);
    let of = |item: Item| -> Vec<(Term, Offered)> {
        let of_item = prices.iter().filter(|(priced, ..)| *priced == item);
        let rate = plan_of(item).and_then(|plan| agreed.get(&(actor.org, plan)).copied()).unwrap_or(usual);
        of_item.map(|(_, term, list)| (*term, Offered::at(*list, rate))).collect()
    };
    let plans = offers_on(db, today).await?.into_iter().filter(|(_, limits)| limits.on_sale);
    let plans = plans.map(|(plan, limits)| {
        let prices = Item::of(plan).map(of).unwrap_or_default();
        PlanOffer { plan, limits, prices }
    });
    let plans = plans.filter(|offer| !offer.plan.is_paid() || !offer.prices.is_empty()).collect();
    let addons = Item::ALL.iter().copied().filter(|item| plan_of(*item).is_none());
    let addons = addons.map(|item| AddOnOffer { item, prices: of(item) });
    let addons = addons.filter(|addon| !addon.prices.is_empty()).collect();
    Ok(StoreCatalogue {
        org: actor.org,
        currency,
        currencies,
        rate_bp: usual,
        partner_type: partner.partner_type,
        plans,
        addons,
    })
}

//! The catalogue with its history: `/settings/catalogue`.

use super::entities;
use crate::{
    Error,
    catalogue::{
        Catalogue, LimitsRow, PriceRow,
        rows::{plan_offer, price},
    },
    kernel::{Kontor, actor::Actor, money::Currency, right::Feature},
};
use sea_orm::ConnectionTrait;

/// The currencies somebody bills in, in the order of the entities.
pub(super) async fn currencies(db: &impl ConnectionTrait) -> Result<Vec<Currency>, Error> {
    let mut currencies = Vec::new();
    for entity in entities(db).await? {
        if !currencies.contains(&entity.currency) {
            currencies.push(entity.currency);
        }
    }
    Ok(currencies)
}

/// Prices in a currency, or the first entity's, and all limits: what was, is and is announced.
pub async fn catalogue(
    kontor: &Kontor,
    actor: &Actor,
    currency: Option<Currency>,
) -> Result<Catalogue, Error> {
    actor.require(Feature::SettingsEdit)?;
    let db = kontor.db.read();
    let currencies = currencies(db).await?;
    let currency = currency.or_else(|| currencies.first().copied()).unwrap_or(Currency::Eur);
    let mut prices: Vec<PriceRow> =
        price::of_currency(currency).all(db).await?.into_iter().map(PriceRow::from).collect();
    prices.reverse();
    let limits = plan_offer::all(db).await?.into_iter().map(LimitsRow::from).collect();
    Ok(Catalogue { today: kontor.now().day(), currency, currencies, prices, limits })
}

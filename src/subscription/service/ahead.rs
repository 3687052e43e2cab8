//! The renewal that lies ahead, as it will be charged: by the prices of its own day, with the rate of the plan that is
//! renewed. Preview, the subscription's page and the announcement all ask here.

use super::{desk::Desk, offer::Terrain};
use crate::{
    Error,
    subscription::{
        Ahead,
        change::{Contract, Scheduled, at_renewal, overlay},
    },
};
use sea_orm::ConnectionTrait;

/// The renewal of a term with what is planned for it. Nothing if it is cancelled, or if what is planned cannot be sold.
pub(crate) async fn ahead(
    db: &impl ConnectionTrait,
    desk: &Desk,
    base: &Contract,
    planned: &[Scheduled],
) -> Result<Option<Ahead>, Error> {
    let target = overlay(base, planned);
    if target.cancel {
        return Ok(None);
    }
    let terrain = Terrain::on(db, desk, target.terms.plan, base.ends_on.plus(1)).await?;
    let quote = at_renewal(base, Some(&target), &terrain.prices, &terrain.rates).ok();
    Ok(quote.map(|quote| Ahead { quote, tax: terrain.tax_of(target.payer) }))
}

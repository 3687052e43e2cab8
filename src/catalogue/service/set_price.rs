//! Setting a price, and withdrawing one that is only announced. A price that has been asked is never changed, only
//! succeeded.

use crate::{
    Error, Issue,
    audit::service::{Event, append},
    catalogue::{
        PriceForm, PriceRow,
        dated::is_ahead,
        price::{CheckedPrice, check_price},
        rows::price,
    },
    kernel::{
        Kontor,
        actor::Actor,
        id::PriceId,
        money::{Currency, Money},
        right::Feature,
    },
    organisation::rows::queue_up,
};
use sea_orm::EntityTrait;

/// Sets what is asked for an item and term from a day on, today at the earliest. A day that begins a price already is
/// refused (`DateTaken`): an announced one is withdrawn first.
pub async fn set_price(kontor: &Kontor, actor: &Actor, form: &PriceForm) -> Result<PriceId, Error> {
    actor.require(Feature::SettingsEdit)?;
    let CheckedPrice { item, term, currency, valid_from, amount } = check_price(form, kontor.now().day())?;
    let tx = kontor.db.begin().await?;
    queue_up(&tx, "catalogue").await?;
    if price::on(currency, item, term, valid_from).one(&tx).await?.is_some() {
        return Err(Error::field("valid_from", Issue::DateTaken));
    }
    let row = price::Model {
        id: kontor.id(),
        item,
        term,
        currency,
        valid_from,
        amount,
        created_at: kontor.now(),
        created_by: actor.label(),
    };
    let id = row.id;
    let event = event("price.set", &row);
    price::Entity::insert(price::ActiveModel::from(row)).exec_without_returning(&tx).await?;
    append(kontor, &tx, actor.org, actor, event).await?;
    tx.commit().await?;
    kontor.hub.tell(actor.org, "catalogue");
    Ok(id)
}

/// Takes back an announced price. Once its day has come it stays: `StaleVersion`.
pub async fn withdraw_price(kontor: &Kontor, actor: &Actor, id: PriceId) -> Result<Currency, Error> {
    actor.require(Feature::SettingsEdit)?;
    let tx = kontor.db.begin().await?;
    queue_up(&tx, "catalogue").await?;
    let row = price::by_id(&tx, id).await?.ok_or(Error::NotFound)?;
    if !is_ahead(&PriceRow::from(row.clone()), kontor.now().day()) {
        return Err(Error::StaleVersion);
    }
    price::Entity::delete_by_id(id).exec(&tx).await?;
    append(kontor, &tx, actor.org, actor, event("price.withdrawn", &row)).await?;
    tx.commit().await?;
    kontor.hub.tell(actor.org, "catalogue");
    Ok(row.currency)
}

fn event(action: &'static str, row: &price::Model) -> Event {
    let amount = Money::new(row.amount, row.currency).plain();
    let facts = serde_json::json!({
        "currency": row.currency, "amount": amount, "valid_from": row.valid_from.to_string(),
    });
    Event::new(action, format!("{} {}", row.item, row.term)).with(facts)
}

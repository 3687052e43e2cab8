//! Entering a card: never with us. A page of the provider's, or in the demo a choice of cards.

use super::{carry_out::port, methods::NEEDED};
use crate::{
    Error, Refusal,
    kernel::{Kontor, actor::Actor},
    organisation::rows::organisation,
    payment::{
        Cards, Provider, Script,
        port::{SetupForm, SetupOrder},
        rows::payment_method,
    },
};

/// The organisation's cards, and how another one is entered.
pub async fn cards(kontor: &Kontor, actor: &Actor) -> Result<Cards, Error> {
    actor.require(NEEDED)?;
    let methods = super::usable_methods(kontor, kontor.db.read(), actor.org).await?;
    let scripts = match kontor.payments.for_cards() {
        Some(Provider::Scripted) => Script::ALL.to_vec(),
        _ => Vec::new(),
    };
    let elsewhere = kontor.payments.for_cards() == Some(Provider::Stripe);
    Ok(Cards { org: actor.org, methods, scripts, elsewhere })
}

/// Where the reader enters a card: an address of the provider's. `NoPaymentMethod` where there is none.
pub async fn begin_card(kontor: &Kontor, actor: &Actor) -> Result<String, Error> {
    actor.require(NEEDED)?;
    let provider = kontor.payments.for_cards().ok_or(Refusal::NoPaymentMethod)?;
    let db = kontor.db.read();
    let known = payment_method::of(db, actor.org).await?;
    let name = organisation::by_id(db, actor.org).await?.map(|o| o.name).unwrap_or_default();
    let email = crate::catalogue::service::profile(db, actor.org).await?.map(|p| p.email).unwrap_or_default();
    let page = kontor.url(&format!("/admin/{}/billing", actor.org));
    let order = SetupOrder {
        key: kontor.token(),
        owner: actor.org.to_string(),
        name,
        email,
        customer: known.into_iter().find(|m| m.provider == provider).map(|m| m.customer_token),
        return_url: page.clone(),
        cancel_url: page,
    };
    match port(kontor, provider)?.begin_setup(&order).await {
        Ok(SetupForm::Redirect { url }) => Ok(url),
        Ok(_) => Err(Refusal::NoPaymentMethod.into()),
        Err(error) => {
            tracing::warn!(%error, "no card can be entered at this moment");
            Err(Error::Unavailable)
        }
    }
}

/// Keeps the card that was entered.
pub async fn keep_card(kontor: &Kontor, actor: &Actor, setup: &str) -> Result<(), Error> {
    actor.require(NEEDED)?;
    let provider = kontor.payments.for_cards().ok_or(Refusal::NoPaymentMethod)?;
    super::add_method(kontor, actor, provider, setup).await.map(drop)
}

//! What an organisation pays with.

use super::carry_out::port;
use crate::{
    Error, Refusal,
    audit::service::{Event, append},
    job::{
        JobKind,
        service::{Job, enqueue, finish},
    },
    kernel::{
        Kontor,
        actor::Actor,
        id::{MethodId, OrgId},
        instant::Day,
        right::Feature,
    },
    payment::{Provider, port::PortError, rows::payment_method},
    subscription::MethodView,
};
use sea_orm::{ActiveValue::Set, ConnectionTrait, EntityTrait};
use serde::Deserialize;

/// The feature that lets people of an organisation handle its means to pay.
pub(super) const NEEDED: Feature = Feature::BillingEdit;

/// The organisation's methods, the one that is used where none is named first.
pub async fn methods(kontor: &Kontor, actor: &Actor) -> Result<Vec<MethodView>, Error> {
    actor.require(NEEDED)?;
    usable_methods(kontor, kontor.db.read(), actor.org).await
}

/// An organisation's methods as a reader may see them, the usual one first; the expired ones among them.
pub(crate) async fn usable_methods(
    kontor: &Kontor,
    db: &impl ConnectionTrait,
    org: OrgId,
) -> Result<Vec<MethodView>, Error> {
    let today = kontor.now().day();
    let mut all: Vec<MethodView> =
        payment_method::of(db, org).await?.into_iter().map(|row| shown(row, today)).collect();
    all.sort_by_key(|method| !method.is_default);
    Ok(all)
}

fn shown(row: payment_method::Model, today: Day) -> MethodView {
    MethodView {
        id: row.id,
        expired: is_expired(&row, today),
        brand: row.brand,
        last4: row.last4,
        expires: (row.exp_month, row.exp_year),
        is_default: row.is_default,
    }
}

/// A card is good until the end of the month that stands on it.
fn is_expired(row: &payment_method::Model, today: Day) -> bool {
    let (year, month, _) = today.civil();
    (row.exp_year, row.exp_month) < (year, i32::from(month))
}

/// Chosen in a form instead of a card: the amount is transferred, and finance records it.
pub const TRANSFER: &str = "transfer";

/// What is paid with: the method named, a transfer, or the organisation's usual method.
pub(crate) async fn method_for(
    kontor: &Kontor,
    db: &impl ConnectionTrait,
    org: OrgId,
    named: &str,
) -> Result<(Provider, Option<MethodId>), Error> {
    let named = named.trim();
    if named == TRANSFER {
        return Ok((Provider::Manual, None));
    }
    let all = payment_method::of(db, org).await?;
    let row = match named {
        "" => all.iter().find(|m| m.is_default).or(all.first()).ok_or(Refusal::NoPaymentMethod)?,
        id => {
            let id: MethodId = id.parse()?;
            all.iter().find(|m| m.id == id).ok_or(Error::NotFound)?
        }
    };
    if is_expired(row, kontor.now().day()) {
        return Err(Refusal::CardExpired.into());
    }
    Ok((row.provider, Some(row.id)))
}

/// Keeps a method that was set up at a provider: `setup` is what the provider handed out for it. The first one is the
/// one that is used where none is named.
pub async fn add_method(
    kontor: &Kontor,
    actor: &Actor,
    provider: Provider,
    setup: &str,
) -> Result<MethodId, Error> {
    actor.require(NEEDED)?;
    let facts = port(kontor, provider)?.attach(&actor.org.to_string(), setup).await.map_err(|error| {
        tracing::warn!(%error, "a payment method was not taken");
        Error::from(Refusal::PaymentDeclined)
    })?;
    let tx = kontor.db.begin().await?;
    let known = payment_method::of(&tx, actor.org).await?;
    // A reloaded page brings the same card twice.
    if let Some(same) = known.iter().find(|m| m.provider == provider && m.token == facts.token) {
        return Ok(same.id);
    }
    let row = payment_method::Model {
        id: kontor.id(),
        org_id: actor.org,
        provider,
        token: facts.token,
        customer_token: facts.customer_token,
        brand: facts.card.brand,
        last4: facts.card.last4,
        exp_month: facts.card.exp_month,
        exp_year: facts.card.exp_year,
        holder: facts.holder,
        is_default: known.is_empty(),
        created_at: kontor.now(),
        removed_at: None,
    };
    let (id, last4) = (row.id, row.last4.clone());
    payment_method::Entity::insert(payment_method::ActiveModel::from(row))
        .exec_without_returning(&tx)
        .await?;
    append(kontor, &tx, actor.org, actor, Event::new("payment_method.added", last4)).await?;
    tx.commit().await?;
    Ok(id)
}

/// Makes a method the one that is used where none is named.
pub async fn prefer_method(kontor: &Kontor, actor: &Actor, id: MethodId) -> Result<(), Error> {
    actor.require(NEEDED)?;
    let tx = kontor.db.begin().await?;
    let all = payment_method::of(&tx, actor.org).await?;
    let chosen = all.iter().find(|m| m.id == id).ok_or(Error::NotFound)?;
    for row in all.iter().filter(|m| m.is_default != (m.id == id)) {
        let change = payment_method::ActiveModel {
            id: Set(row.id),
            is_default: Set(row.id == id),
            ..Default::default()
        };
        payment_method::Entity::update(change).exec(&tx).await?;
    }
    append(kontor, &tx, actor.org, actor, Event::new("payment_method.preferred", &chosen.last4)).await?;
    tx.commit().await?;
    Ok(())
}

/// Forgets a method. One that a running subscription is paid with stays until another one takes its place.
pub async fn remove_method(kontor: &Kontor, actor: &Actor, id: MethodId) -> Result<(), Error> {
    actor.require(NEEDED)?;
    let tx = kontor.db.begin().await?;
    let all = payment_method::of(&tx, actor.org).await?;
    let row = all.iter().find(|m| m.id == id).ok_or(Error::NotFound)?;
    let others = all.len() > 1;
    if !others && crate::subscription::rows::subscription::pays_any(&tx, actor.org, id).await? {
        return Err(Refusal::MethodInUse.into());
    }
    let gone = payment_method::ActiveModel {
        id: Set(id),
        removed_at: Set(Some(kontor.now())),
        is_default: Set(false),
        ..Default::default()
    };
    payment_method::Entity::update(gone).exec(&tx).await?;
    if let Some(next) = all.iter().find(|m| m.id != id && row.is_default) {
        let change =
            payment_method::ActiveModel { id: Set(next.id), is_default: Set(true), ..Default::default() };
        payment_method::Entity::update(change).exec(&tx).await?;
    }
    append(kontor, &tx, actor.org, actor, Event::new("payment_method.removed", &row.last4)).await?;
    let payload = serde_json::json!({ "org": actor.org, "method": id });
    enqueue(kontor, &tx, JobKind::ForgetCard, kontor.now(), Some(format!("forget:{id}")), payload).await?;
    tx.commit().await?;
    Ok(())
}

#[derive(Deserialize)]
struct Removed {
    org: OrgId,
    method: MethodId,
}

/// The job that has the provider forget a removed card, too. One that was entered again has the same
/// token at the demo's provider, and stays.
pub async fn forget_card(kontor: &Kontor, job: &Job) -> Result<(), Error> {
    let Removed { org, method } =
        serde_json::from_value(job.payload.clone()).map_err(|_| Error::BadRequest)?;
    let db = kontor.db.read();
    let row = payment_method::one(db, org, method).await?.filter(|row| row.removed_at.is_some());
    if let Some(row) = row {
        let kept = payment_method::of(db, org).await?;
        let shared = kept.iter().any(|other| other.provider == row.provider && other.token == row.token);
        let forgotten = match shared {
            true => Ok(()),
            false => port(kontor, row.provider)?.detach(&row.token).await,
        };
        match forgotten {
            Ok(()) => {}
            Err(PortError::Refused(what)) => {
                tracing::warn!(method = %row.id, %what, "the payment provider does not forget a card");
            }
            // The job is tried again.
            Err(error) => {
                tracing::warn!(method = %row.id, %error, "the payment provider is asked again");
                return Err(Error::Unavailable);
            }
        }
    }
    let tx = kontor.db.begin().await?;
    if finish(kontor, &tx, job).await? {
        tx.commit().await?;
    }
    Ok(())
}

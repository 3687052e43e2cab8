//! Appends an event to an organisation's chain.

use crate::{
    Error,
    audit::rows::{audit_event, audit_head},
    kernel::{
        Kontor,
        actor::Actor,
        db::{insert_all, update_all},
        error::internal,
        id::OrgId,
        right::OrgKind,
    },
};
use sea_orm::{ActiveValue::Set, DatabaseTransaction, EntityTrait, sea_query::OnConflict};
use sha2::{Digest, Sha256};
use std::collections::HashMap;

/// What happened.
#[derive(Debug, Clone)]
pub struct Event {
    /// What was done: `room.verb`, stable.
    pub action: &'static str,
    /// To what: an id or a name.
    pub target: String,
    /// Facts, as a flat JSON object. Secrets never; personal values only where the reader needs them.
    pub detail: serde_json::Value,
}

impl Event {
    /// An event without further facts.
    pub fn new(action: &'static str, target: impl ToString) -> Self {
        Self { action, target: target.to_string(), detail: serde_json::json!({}) }
    }
    /// With facts.
    pub fn with(mut self, detail: serde_json::Value) -> Self {
        self.detail = detail;
        self
    }
}

/// The link of one event: SHA-256 over the previous link, the event's place, and salted digests of everything that
/// can name a person, so that erasing those values later leaves the chain whole.
pub fn chain_hash(event: &audit_event::Model) -> String {
    let digest = |value: &str| {
        Sha256::new().chain_update(&event.salt).chain_update([0]).chain_update(value).finalize()
    };
    let mut hash = Sha256::new()
        .chain_update(&event.prev_hash)
        .chain_update(event.org_id.to_string())
        .chain_update(event.seq.to_be_bytes())
        .chain_update(event.at.0.to_be_bytes())
        .chain_update(event.acting_for.map(|p| p.to_string()).unwrap_or_default())
        .chain_update([0])
        .chain_update(&event.action);
    for personal in [&event.actor, &event.target, &event.detail, &event.ip] {
        hash.update(digest(personal));
    }
    data_encoding::HEXLOWER.encode(&hash.finalize())
}

/// The partner in whose name the act was done: under a grant, or from the partner's own pages on a customer.
fn on_behalf(actor: &Actor, org: OrgId) -> Option<OrgId> {
    let from_outside = actor.kind == OrgKind::Partner && actor.org != org;
    actor.acting_for().or_else(|| from_outside.then_some(actor.org))
}

/// Appends to the chain of `org` inside the caller's transaction.
pub async fn append(
    kontor: &Kontor,
    tx: &DatabaseTransaction,
    org: OrgId,
    actor: &Actor,
    event: Event,
) -> Result<(), Error> {
    append_all(kontor, tx, vec![(org, actor, event)]).await
}

/// [`append`] for many events in few statements, each to the chain of its organisation, in their order.
pub async fn append_all(
    kontor: &Kontor,
    tx: &DatabaseTransaction,
    events: Vec<(OrgId, &Actor, Event)>,
) -> Result<(), Error> {
    let mut orgs: Vec<OrgId> = events.iter().map(|(org, ..)| *org).collect();
    // In one order for all transactions, so that none waits for another in a circle.
    orgs.sort_unstable();
    orgs.dedup();
    let mut heads = HashMap::new();
    for some in orgs.chunks(1_000) {
        // The upsert takes the heads' row locks on PostgreSQL, so that two writers cannot get the same number.
        let empty = some.iter().map(|org| audit_head::ActiveModel {
            org_id: Set(*org),
            seq: Set(0),
            hash: Set(String::new()),
        });
        let kept =
            OnConflict::column(audit_head::Column::OrgId).update_column(audit_head::Column::OrgId).to_owned();
        let locked = audit_head::Entity::insert_many(empty).on_conflict(kept).exec_with_returning(tx).await?;
        heads.extend(locked.into_iter().map(|head| (head.org_id, head)));
    }
    let before: Vec<_> = heads.values().cloned().collect();
    let mut rows = Vec::new();
    for (org, actor, event) in events {
        let head = heads.get_mut(&org).ok_or_else(|| internal("a chain without a head"))?;
        let mut salt = [0u8; 12];
        kontor.random.fill(&mut salt);
        let mut row = audit_event::Model {
            id: kontor.id(),
            org_id: org,
            seq: head.seq + 1,
            at: kontor.now(),
            actor: actor.label(),
            actor_id: actor.account(),
            acting_for: on_behalf(actor, org),
            action: event.action.into(),
            target: event.target,
            detail: event.detail.to_string(),
            ip: actor.ip.clone(),
            salt: data_encoding::HEXLOWER.encode(&salt),
            prev_hash: std::mem::take(&mut head.hash),
            hash: String::new(),
        };
        row.hash = chain_hash(&row);
        (head.seq, head.hash) = (row.seq, row.hash.clone());
        tracing::info!(action = event.action, org = %org, actor = %row.actor,
            acting_for = row.acting_for.map(tracing::field::display), target = %row.target, "audit");
        rows.push(audit_event::ActiveModel::from(row));
    }
    let heads = before.into_iter().filter_map(|head| Some((heads.remove(&head.org_id)?, head)));
    update_all(tx, heads.map(|(after, before)| (before, after)).collect()).await?;
    Ok(insert_all(tx, rows, None).await?)
}

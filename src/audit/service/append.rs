//! Appends an event to an organisation's chain.

use crate::{
    Error,
    audit::{
        chain::{content_of, link},
        rows::{audit_event, audit_head},
    },
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
            ..Default::default()
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
        let mut seed = [0u8; 12];
        kontor.random.fill(&mut seed);
        let mut row = audit_event::Model {
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
            salt: data_encoding::HEXLOWER.encode(&seed),
            hash: String::new(),
        };
        row.hash = link(&head.hash, &org.to_string(), row.seq, &content_of(&row));
        (head.seq, head.hash) = (row.seq, row.hash.clone());
        // People by their accounts' ids only: the log is no place for what has to be erased some day.
        tracing::info!(action = event.action, org = %org, seq = row.seq,
            account = row.actor_id.map(tracing::field::display),
            acting_for = row.acting_for.map(tracing::field::display), "audit");
        rows.push(audit_event::ActiveModel::from(row));
    }
    let heads = before.into_iter().filter_map(|head| Some((heads.remove(&head.org_id)?, head)));
    update_all(tx, heads.map(|(after, before)| (before, after)).collect()).await?;
    Ok(insert_all(tx, rows, None).await?)
}

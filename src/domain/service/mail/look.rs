//! Looks at a domain's mail outside, and writes what was seen. No transaction is open while anybody is asked.

use crate::{
    Error,
    domain::{
        mail::{
            LampState, Look,
            judge::{self, Seen},
            key,
            plan::{RETRY_HOURS, next_look},
            wanted::{DMARC, Wanted, below, key_label},
        },
        rows::{domain, domain_mail},
    },
    kernel::{Kontor, error::internal, instant::Instant, port::RecordKind},
};
use sea_orm::{ActiveValue::Set, DatabaseTransaction, EntityTrait};

/// The domain's key, made if there is none yet.
pub async fn with_key(
    kontor: &Kontor,
    row: &domain::Model,
    wanted: &Wanted,
) -> Result<domain_mail::Model, Error> {
    let db = kontor.db.writer();
    if let Some(kept) = domain_mail::of(db, row.org_id, row.id).await? {
        return Ok(kept);
    }
    let made = key::make(kontor).await?;
    let first = domain_mail::Model {
        domain_id: row.id,
        org_id: row.org_id,
        key_no: 1,
        selector: wanted.selector_of(1),
        public_key: made.public,
        private_key: made.sealed,
        key_at: kontor.now(),
        key_seen: false,
        old_selector: None,
        old_public_key: None,
        old_private_key: None,
        lamps: "[]".into(),
        looked_at: None,
        next_look_at: None,
        version: 1,
    };
    domain_mail::begin(db, first).await?;
    domain_mail::of(db, row.org_id, row.id).await?.ok_or(Error::NotFound)
}

/// Asks for the records of all four lamps at once.
pub async fn look(kontor: &Kontor, domain: &str, wanted: &Wanted, kept: &domain_mail::Model) -> Vec<Look> {
    let ask = async |label: &str, kind| Seen::of(&kontor.dns.look_up(&below(label, domain), kind).await);
    let old_key = async {
        match (&kept.old_selector, &kept.old_public_key) {
            (Some(selector), Some(public)) => {
                Some((ask(&key_label(selector), RecordKind::Txt).await, public.as_str()))
            }
            _ => None,
        }
    };
    let new_label = key_label(&kept.selector);
    let (mx, spf, new, old, dmarc) = futures::join!(
        ask("", RecordKind::Mx),
        ask("", RecordKind::Txt),
        ask(&new_label, RecordKind::Txt),
        old_key,
        ask(DMARC, RecordKind::Txt),
    );
    vec![
        judge::mx(&mx, wanted),
        judge::spf(&spf, wanted),
        judge::dkim(&new, &kept.public_key, old.as_ref().map(|(seen, public)| (seen, *public))),
        judge::dmarc(&dmarc, wanted),
    ]
}

/// Writes what was seen inside the caller's transaction, and answers when to look again. `StaleVersion` if the key was
/// replaced meanwhile: it was not the one looked for.
pub async fn keep(
    kontor: &Kontor,
    tx: &DatabaseTransaction,
    seen: &domain_mail::Model,
    looks: &[Look],
) -> Result<Instant, Error> {
    let row = domain_mail::locked(tx, seen.org_id, seen.domain_id).await?.ok_or(Error::NotFound)?;
    if row.key_no != seen.key_no {
        return Err(Error::StaleVersion);
    }
    let now = kontor.now();
    let silent = looks.iter().any(|look| look.state == LampState::NoAnswer);
    let next = if silent { now.plus_hours(RETRY_HOURS) } else { next_look(row.domain_id, now) };
    let mut change = domain_mail::ActiveModel {
        domain_id: Set(row.domain_id),
        lamps: Set(serde_json::to_string(looks).map_err(internal)?),
        looked_at: Set(Some(now)),
        next_look_at: Set(Some(next)),
        version: Set(row.version + 1),
        ..Default::default()
    };
    // The new key is there: the one before has done its work.
    let dkim = looks.iter().find(|look| look.lamp == crate::domain::mail::Lamp::Dkim);
    if dkim.is_some_and(|look| look.state == LampState::Right && look.hint.is_none()) {
        change.key_seen = Set(true);
        change.old_selector = Set(None);
        change.old_public_key = Set(None);
        change.old_private_key = Set(None);
    }
    domain_mail::Entity::update(change).exec(tx).await?;
    Ok(next)
}

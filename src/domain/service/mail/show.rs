//! What pages show of a domain's mail.

use crate::{
    Error,
    domain::{
        DomainView,
        mail::{KeyView, Lamp, LampState, LampView, Look, MailFlow, wanted::Wanted},
        rows::{domain, domain_mail},
        service::show::view,
    },
    kernel::{Kontor, actor::Actor, id::DomainId, right::Feature},
    setting::service::policy,
};
use std::collections::HashMap;

/// The four lamps as they were last seen; those nobody has looked at are unknown.
pub(super) fn lamps(kept: Option<&domain_mail::Model>) -> Vec<Look> {
    let seen: Vec<Look> = kept.and_then(|row| serde_json::from_str(&row.lamps).ok()).unwrap_or_default();
    let one = |lamp: &Lamp| {
        let unknown = || Look { lamp: *lamp, state: LampState::Unknown, hint: None, found: Vec::new() };
        seen.iter().find(|look| look.lamp == *lamp).cloned().unwrap_or_else(unknown)
    };
    Lamp::ALL.iter().map(one).collect()
}

/// Domains of one organisation, the held ones with what their lamps said last.
pub async fn with_lamps(kontor: &Kontor, rows: &[domain::Model]) -> Result<Vec<DomainView>, Error> {
    let Some(org) = rows.first().map(|row| row.org_id) else { return Ok(Vec::new()) };
    let db = kontor.db.read();
    let named = Wanted::of(&policy(kontor, db).await?).is_some();
    let kept: HashMap<_, _> =
        domain_mail::of_org(db, org).await?.into_iter().map(|row| (row.domain_id, row)).collect();
    let one = |row: &domain::Model| {
        let looks = if named && row.status.is_held() { lamps(kept.get(&row.id)) } else { Vec::new() };
        DomainView { lamps: looks.into_iter().map(|look| (look.lamp, look.state)).collect(), ..view(row) }
    };
    Ok(rows.iter().map(one).collect())
}

/// The mail flow of a domain of the actor's organisation: its lamps, and the records that make them right.
pub async fn mail_flow(kontor: &Kontor, actor: &Actor, domain: DomainId) -> Result<MailFlow, Error> {
    actor.require(Feature::DomainsView)?;
    let db = kontor.db.read();
    let row = domain::by_id(db, actor.org, domain).await?.ok_or(Error::NotFound)?;
    let wanted = Wanted::of(&policy(kontor, db).await?).filter(|_| row.status.is_held());
    let kept = domain_mail::of(db, actor.org, row.id).await?.filter(|_| wanted.is_some());
    let key = kept.as_ref().map(|row| (row.selector.as_str(), row.public_key.as_str()));
    let lamps = wanted.as_ref().map_or_else(Vec::new, |wanted| {
        let one = |look: Look| LampView { records: wanted.records(look.lamp, &row.name, key), look };
        lamps(kept.as_ref()).into_iter().map(one).collect()
    });
    let shown = |kept: &domain_mail::Model| KeyView {
        selector: kept.selector.clone(),
        made_at: kept.key_at,
        seen: kept.key_seen,
        old_selector: kept.old_selector.clone(),
        version: kept.version,
    };
    Ok(MailFlow {
        domain: view(&row),
        named: wanted.is_some() || !row.status.is_held(),
        lamps,
        key: kept.as_ref().map(shown),
        looked_at: kept.as_ref().and_then(|row| row.looked_at),
        next_look_at: kept.as_ref().and_then(|row| row.next_look_at),
        may_edit: actor.may(Feature::DomainsEdit),
    })
}

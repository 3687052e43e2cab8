//! *Partner access*: who may act on the organisation's behalf, and what they did (R6.6).

use crate::{
    Error,
    audit::rows::audit_event,
    delegation::{
        AccessOverview, Act, GrantStatus, GrantView, OpenStay,
        rows::{acting, grant},
        service::standing::timed_out,
    },
    kernel::{
        Kontor,
        actor::Actor,
        right::{Feature, Features},
    },
    organisation::rows::organisation,
    setting::service::policy,
};

/// Acts shown per partner.
const ACTS: u64 = 50;

/// All grants the organisation gave, with who is in, who came last, and the last acts.
pub async fn access_overview(kontor: &Kontor, actor: &Actor) -> Result<AccessOverview, Error> {
    actor.require(Feature::PartnerAccessView)?;
    let db = kontor.db.read();
    let now = kontor.now();
    let policy = policy(kontor, db).await?;
    let mut rows = grant::of(db, actor.org).await?;
    rows.sort_by_key(|g| g.status != GrantStatus::Active);
    let names = organisation::names(db, rows.iter().map(|g| g.partner_id)).await?;
    let open = acting::open(db, actor.org).await?;
    let mut grants = Vec::with_capacity(rows.len());
    for row in rows {
        let over = row.status == GrantStatus::Active && row.until_at <= now;
        let status = if over { GrantStatus::Expired } else { row.status };
        let active = status == GrantStatus::Active;
        let stays = open.iter().filter(|a| active && a.grant_id == row.id && !timed_out(a, &policy, now));
        let stays =
            stays.map(|a| OpenStay { email: a.email.clone(), opened_at: a.opened_at, seen_at: a.seen_at });
        let last = acting::last_entry(db, actor.org, row.id).await?;
        // Once per partner: with the grant in force, or else the last one there was.
        let told = grants.iter().any(|g: &GrantView| g.partner == row.partner_id);
        let events = match told {
            true => Vec::new(),
            false => audit_event::latest(db, actor.org, Some(row.partner_id), None, ACTS).await?,
        };
        grants.push(GrantView {
            id: row.id,
            partner: row.partner_id,
            partner_name: names
                .iter()
                .find(|n| n.0 == row.partner_id)
                .map(|n| n.1.clone())
                .unwrap_or_default(),
            status,
            granted_by: row.granted_by,
            from: row.from_at,
            until: row.until_at,
            ended_at: row.ended_at,
            ended_by: row.ended_by,
            capabilities: Features::from_keys(&row.capabilities).list().collect(),
            last_entry: last.map(|a| (a.opened_at, a.email)),
            open: stays.collect(),
            acts: events
                .into_iter()
                .map(|e| Act { at: e.at, actor: e.actor, action: e.action, target: e.target })
                .collect(),
        });
    }
    Ok(AccessOverview { grants, may_revoke: actor.may(Feature::PartnerAccessRevoke) })
}

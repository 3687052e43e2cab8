//! *Partner access*: everybody who can touch the organisation, what it is asked, and what was done in its name (R6.6).

use super::keep::caps;
use crate::{
    Error,
    account::rows::session,
    audit::rows::audit_event,
    delegation::{
        AccessOverview, AccessQuestion, Act, GrantKind, GrantStatus, GrantView, OpenStay, Party, PartyKind,
        Revocable, Terms, TermsForm,
        rows::{access_request, acting, grant},
        service::{give::may_have, grant::view, standing::timed_out},
    },
    kernel::{
        Kontor,
        actor::Actor,
        id::OrgId,
        right::{Feature, Features, OrgKind, Role},
    },
    mapping::rows::{mapping, token},
    organisation::{
        MemberStatus,
        rows::{member, organisation},
    },
    setting::service::policy,
    subscription::Service,
};
use std::collections::HashMap;

/// Acts shown per partner.
const ACTS: u64 = 50;

/// Tokens looked at; more than can be open at once by hand.
const TOKENS: u64 = 100;

/// Everybody who can touch the organisation, partners' requests, all grants it gave, with who is in, who came last, and the last
/// acts.
pub async fn access_overview(kontor: &Kontor, actor: &Actor) -> Result<AccessOverview, Error> {
    actor.require(Feature::PartnerAccessView)?;
    let db = kontor.db.read();
    let now = kontor.now();
    let policy = policy(kontor, db).await?;
    let mut rows = grant::of(db, actor.org).await?;
    rows.sort_by_key(|g| g.status != GrantStatus::Active);
    let names = organisation::names(db, rows.iter().map(|g| g.partner_id)).await?;
    let names: HashMap<OrgId, String> = names.into_iter().collect();
    let stays = acting::open(db, actor.org).await?;
    let may_give = actor.kind == OrgKind::Customer && actor.may(Feature::PartnerAccessGrant);
    let mut grants = Vec::with_capacity(rows.len());
    for row in &rows {
        let status = row.standing(now);
        let active = status == GrantStatus::Active;
        let open = stays.iter().filter(|a| active && a.grant_id == row.id && !timed_out(a, &policy, now));
        let open =
            open.map(|a| OpenStay { email: a.email.clone(), opened_at: a.opened_at, seen_at: a.seen_at });
        let last = acting::last_entry(db, actor.org, row.id).await?;
        // Once per partner: with the grant in force, or else the last one there was.
        let first = !grants.iter().any(|g: &GrantView| g.partner == row.partner_id);
        let events = match first {
            false => Vec::new(),
            true => audit_event::latest(db, actor.org, Some(row.partner_id), None, ACTS).await?,
        };
        let over = !active && first && row.kind == GrantKind::Agreed;
        grants.push(GrantView {
            id: row.id,
            partner: row.partner_id,
            partner_name: names.get(&row.partner_id).cloned().unwrap_or_default(),
            kind: row.kind,
            reason: row.reason.clone(),
            status,
            renewal: row.renewal,
            form: TermsForm::of(&row.terms()),
            restorable: may_give && over && may_have(db, actor.org, row.partner_id).await.is_ok(),
            version: row.version,
            granted_by: row.granted_by.clone(),
            from: row.from_at,
            until: row.until_at,
            ended_at: row.ended_at,
            ended_by: row.ended_by.clone(),
            capabilities: row.terms().capabilities.list().collect(),
            last_entry: last.map(|a| (a.opened_at, a.email)),
            open: open.collect(),
            acts: events
                .into_iter()
                .map(|e| Act { at: e.at, actor: e.actor, action: e.action, target: e.target })
                .collect(),
        });
    }
    let requests = requests(kontor, actor, &rows).await?;
    let could_have = could_have(kontor, actor, &grants).await?.filter(|_| may_give);
    Ok(AccessOverview {
        parties: parties(kontor, actor, &grants).await?,
        requests,
        could_have,
        grants,
        usual: TermsForm::of(&Terms::usual(&policy)),
        caps: caps(&policy),
        may_give,
        may_revoke: actor.may(Feature::PartnerAccessRevoke),
    })
}

/// The organisation's partner, if it could be given access and has none.
async fn could_have(
    kontor: &Kontor,
    actor: &Actor,
    grants: &[GrantView],
) -> Result<Option<(OrgId, String)>, Error> {
    let db = kontor.db.read();
    let Some(partner) = mapping::partner_of(db, actor.org, Service::Workplace).await? else {
        return Ok(None);
    };
    let has = grants.iter().any(|g| g.partner == partner && g.status == GrantStatus::Active);
    if has || may_have(db, actor.org, partner).await.is_err() {
        return Ok(None);
    }
    Ok(Some((partner, organisation::name(db, partner).await?)))
}

/// What partners ask for, with what they have already.
async fn requests(
    kontor: &Kontor,
    actor: &Actor,
    grants: &[grant::Model],
) -> Result<Vec<AccessQuestion>, Error> {
    let (db, now) = (kontor.db.read(), kontor.now());
    let mut questions = Vec::new();
    for row in access_request::open(db, actor.org).await?.into_iter().filter(|row| row.expires_at > now) {
        let terms = row.terms();
        let has = grants.iter().find(|g| g.partner_id == row.partner_id && g.in_force(now));
        questions.push(AccessQuestion {
            id: row.id,
            partner: organisation::name(db, row.partner_id).await?,
            terms: view(&terms, now.plus_days(terms.days)),
            form: TermsForm::of(&terms),
            has: has.map(|g| view(&g.terms(), g.until_at)),
            note: row.note,
            asked_at: row.asked_at,
            answer_by: row.expires_at.day(),
        });
    }
    Ok(questions)
}

/// Every party, the organisation's own people last: they are the least news.
async fn parties(kontor: &Kontor, actor: &Actor, grants: &[GrantView]) -> Result<Vec<Party>, Error> {
    let (db, now) = (kontor.db.read(), kontor.now());
    let may_revoke = actor.may(Feature::PartnerAccessRevoke);
    let mut parties = Vec::new();
    for grant in grants.iter().filter(|g| g.status == GrantStatus::Active) {
        parties.push(Party {
            kind: match grant.kind {
                GrantKind::Agreed => PartyKind::Access,
                GrantKind::BreakGlass => PartyKind::BreakGlass,
            },
            name: grant.partner_name.clone(),
            role: None,
            capabilities: grant.capabilities.clone(),
            since: grant.from,
            until: Some(grant.until),
            last_use: grant
                .open
                .iter()
                .map(|stay| stay.seen_at)
                .max()
                .or(grant.last_entry.as_ref().map(|l| l.0)),
            revoke: may_revoke.then_some(Revocable::Grant(grant.id)),
        });
    }
    for row in mapping::active(db, vec![actor.org]).await? {
        let last = audit_event::latest(db, actor.org, Some(row.partner_id), None, 1).await?;
        parties.push(Party {
            kind: PartyKind::Seller,
            name: organisation::name(db, row.partner_id).await?,
            role: None,
            capabilities: Vec::new(),
            since: row.since,
            until: row.notice_until,
            last_use: last.first().map(|event| event.at),
            revoke: may_revoke.then_some(Revocable::Mapping(row.id)),
        });
    }
    let may_give = actor.may(Feature::PartnerAccessGrant);
    let tokens = token::of(db, actor.org, TOKENS).await?;
    let open = |t: &token::Model| t.used_at.is_none() && t.withdrawn_at.is_none() && t.expires_at > now;
    for row in tokens.into_iter().filter(open) {
        parties.push(Party {
            kind: PartyKind::Token,
            name: String::new(),
            role: None,
            capabilities: Features::from_keys(&row.capabilities).list().collect(),
            since: row.created_at,
            until: Some(row.expires_at),
            last_use: None,
            revoke: may_give.then_some(Revocable::Token(row.id)),
        });
    }
    parties.extend(own_people(kontor, actor).await?);
    Ok(parties)
}

/// Those of one's own people who administer the organisation.
async fn own_people(kontor: &Kontor, actor: &Actor) -> Result<Vec<Party>, Error> {
    let db = kontor.db.read();
    let mut people = Vec::new();
    for role in Role::ALL.iter().filter(|role| role.kind() == actor.kind) {
        if !role.features().has(Feature::UsersEdit) {
            continue;
        }
        people.extend(member::in_role(db, vec![actor.org], *role, &[MemberStatus::Active]).await?);
    }
    let accounts: Vec<_> = people.iter().map(|m| m.account_id).collect();
    let seen: HashMap<_, _> = session::latest(db, accounts.clone()).await?.into_iter().collect();
    let emails = crate::account::rows::account::by_ids(db, accounts).await?;
    let emails: HashMap<_, _> = emails.into_iter().map(|a| (a.id, a.email)).collect();
    let party = |m: member::Model| Party {
        kind: PartyKind::Own,
        name: emails.get(&m.account_id).cloned().unwrap_or_default(),
        role: Some(m.role),
        capabilities: Vec::new(),
        since: m.created_at,
        until: None,
        last_use: seen.get(&m.account_id).copied(),
        revoke: None,
    };
    Ok(people.into_iter().map(party).collect())
}

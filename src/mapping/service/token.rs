//! Tokens: a customer makes one and hands it to a partner of its choice (domain.md section 4, flow C, and R4.5).

use super::take::{Agreed, take};
use crate::{
    Error, Refusal,
    audit::service::{Event, append},
    delegation::{RenewBy, TermsForm},
    kernel::{
        Kontor,
        actor::Actor,
        id::{MappingTokenId, OrgId},
        instant::Instant,
        right::{Feature, Features, OrgKind},
        secret::hash_token,
        text,
    },
    mapping::{MappingSource, NewToken, TokenStatus, TokenView, rows::token},
    organisation::rows::organisation,
    setting::service::policy,
    subscription::Service,
};
use sea_orm::{ActiveValue::Set, EntityTrait};

/// Tokens shown to the customer that made them.
const SHOWN: u64 = 10;

/// Minutes for which a new token is shown.
const SHOWN_MINUTES: i64 = 10;

/// Makes a token for the actor's organisation: 256 bits by chance, kept as a digest, good once and for `token_days`. Whoever holds
/// it becomes the partner; with `access` it may act in the console, too, on these terms.
pub async fn make_token(
    kontor: &Kontor,
    actor: &Actor,
    access: Option<&TermsForm>,
) -> Result<MappingTokenId, Error> {
    actor.require(Feature::PartnerAccessGrant)?;
    if actor.kind != OrgKind::Customer {
        return Err(Error::NotFound);
    }
    let tx = kontor.db.begin().await?;
    let (now, policy) = (kontor.now(), policy(kontor, &tx).await?);
    let terms = access.map(|form| form.read(&policy, None)).transpose()?;
    let capabilities = terms.map(|terms| terms.capabilities.keys()).unwrap_or_default();
    let id: MappingTokenId = kontor.id();
    let row = token::Model {
        id,
        org_id: actor.org,
        service: Service::Workplace,
        token_hash: hash_token(&secret(kontor, id)),
        capabilities: capabilities.clone(),
        days: terms.map_or(0, |terms| terms.days),
        renewal: terms.map_or(RenewBy::Customer, |terms| terms.renewal),
        created_by: actor.label(),
        created_at: now,
        expires_at: now.plus_days(policy.token_days),
        used_at: None,
        used_by: None,
        withdrawn_at: None,
    };
    token::Entity::insert(token::ActiveModel::from(row)).exec_without_returning(&tx).await?;
    let event =
        Event::new("mapping.token_made", "").with(serde_json::json!({ "capabilities": capabilities }));
    append(kontor, &tx, actor.org, actor, event).await?;
    tx.commit().await?;
    Ok(id)
}

/// The token of a number: made again from it, so that the page after the form can show what is not kept anywhere.
fn secret(kontor: &Kontor, id: MappingTokenId) -> String {
    kontor.secrets.derive("mapping token", &id.to_string())
}

/// A token to be shown: to whoever made it, within [`SHOWN_MINUTES`], as long as it can be used.
pub(super) async fn just_made(
    kontor: &Kontor,
    actor: &Actor,
    id: MappingTokenId,
) -> Result<Option<NewToken>, Error> {
    let rows = token::of(kontor.db.read(), actor.org, SHOWN).await?;
    let now = kontor.now();
    let row = rows.into_iter().find(|row| row.id == id && row.created_by == actor.label());
    let fresh = row.filter(|row| now < row.created_at.plus_minutes(SHOWN_MINUTES));
    let open = fresh.filter(|row| status(row, now) == TokenStatus::Open);
    Ok(open.map(|row| NewToken { token: secret(kontor, id), until: row.expires_at.day() }))
}

/// Takes a token back that nobody has used. Again changes nothing; `TokenUsed` if somebody was faster.
pub async fn withdraw_token(kontor: &Kontor, actor: &Actor, id: MappingTokenId) -> Result<(), Error> {
    actor.require(Feature::PartnerAccessGrant)?;
    let tx = kontor.db.begin().await?;
    let row = token::locked(&tx, actor.org, id).await?.ok_or(Error::NotFound)?;
    if row.used_at.is_some() {
        return Err(Refusal::TokenUsed.into());
    }
    if row.withdrawn_at.is_some() {
        return Ok(());
    }
    let change =
        token::ActiveModel { id: Set(row.id), withdrawn_at: Set(Some(kontor.now())), ..Default::default() };
    token::Entity::update(change).exec(&tx).await?;
    append(kontor, &tx, actor.org, actor, Event::new("mapping.token_withdrawn", "")).await?;
    Ok(tx.commit().await?)
}

/// A customer's tokens, newest first.
pub(super) async fn tokens(kontor: &Kontor, actor: &Actor) -> Result<Vec<TokenView>, Error> {
    let rows = token::of(kontor.db.read(), actor.org, SHOWN).await?;
    let now = kontor.now();
    Ok(rows
        .into_iter()
        .map(|row| TokenView {
            id: row.id,
            capabilities: Features::from_keys(&row.capabilities).list().collect(),
            created_at: row.created_at,
            status: status(&row, now),
            created_by: row.created_by,
            until: row.expires_at.day(),
        })
        .collect())
}

fn status(row: &token::Model, now: Instant) -> TokenStatus {
    match (row.used_at, row.withdrawn_at) {
        (Some(_), _) => TokenStatus::Used,
        (None, Some(_)) => TokenStatus::Withdrawn,
        (None, None) if now >= row.expires_at => TokenStatus::Expired,
        (None, None) => TokenStatus::Open,
    }
}

/// The actor's partner shows a customer's token and becomes its partner. Answers who the customer is; the same partner may show
/// it again and is told the same. `TokenUnknown`, `TokenUsed` or `TokenExpired` otherwise.
pub async fn use_token(kontor: &Kontor, actor: &Actor, typed: &str) -> Result<(OrgId, String), Error> {
    actor.require(Feature::MappingRequest)?;
    if actor.kind != OrgKind::Partner {
        return Err(Error::NotFound);
    }
    let typed = text::line(typed, 1, 200).map_err(|issue| Error::field("customer_token", issue))?;
    let tx = kontor.db.begin().await?;
    let known = token::by_hash(&tx, &hash_token(&typed)).await?.ok_or(Refusal::TokenUnknown)?;
    // Read again under its lock: of two partners at once, one is the first.
    let row = token::locked(&tx, known.org_id, known.id).await?.ok_or(Refusal::TokenUnknown)?;
    let name = organisation::name(&tx, row.org_id).await?;
    if row.used_at.is_some() {
        return match row.used_by == Some(actor.org) {
            true => Ok((row.org_id, name)),
            false => Err(Refusal::TokenUsed.into()),
        };
    }
    match status(&row, kontor.now()) {
        TokenStatus::Withdrawn => return Err(Refusal::TokenUnknown.into()),
        TokenStatus::Expired => return Err(Refusal::TokenExpired.into()),
        _ => (),
    }
    let change = token::ActiveModel {
        id: Set(row.id),
        used_at: Set(Some(kontor.now())),
        used_by: Set(Some(actor.org)),
        ..Default::default()
    };
    token::Entity::update(change).exec(&tx).await?;
    let policy = policy(kontor, &tx).await?;
    let access = row.terms().map(|terms| terms.within(&policy));
    let agreed = Agreed { org: row.org_id, partner: actor.org, source: MappingSource::Token, access };
    // By whoever in the customer's house made it: they are who agreed.
    let system = Actor::system(row.org_id, OrgKind::Customer, "mapping token");
    let gone = take(kontor, &tx, &agreed, &system).await?;
    tx.commit().await?;
    super::told(kontor, row.org_id, &[Some(actor.org), gone].into_iter().flatten().collect::<Vec<_>>());
    Ok((row.org_id, name))
}

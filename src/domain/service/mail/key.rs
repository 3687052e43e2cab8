//! *New key*: replaces the key that a domain's mail is signed with.

use crate::{
    Error, Refusal,
    audit::service::{Event, append},
    domain::{
        mail::{key, wanted::Wanted},
        rows::{domain, domain_mail},
        service::verify::take_turn,
    },
    kernel::{Kontor, actor::Actor, id::DomainId, right::Feature},
    setting::service::policy,
};
use sea_orm::{ActiveValue::Set, EntityTrait};

/// Makes a new key under a new selector for a held domain of the actor's organisation. The key before stays in use until
/// the new one's record is seen; one whose record was never seen is simply replaced. `version` is the one the reader saw.
/// Counts among the checks of a minute, for it keeps a processor busy.
pub async fn new_mail_key(
    kontor: &Kontor,
    actor: &Actor,
    domain: DomainId,
    version: i64,
) -> Result<(), Error> {
    actor.require(Feature::DomainsEdit)?;
    let db = kontor.db.read();
    let row = domain::by_id(db, actor.org, domain).await?.ok_or(Error::NotFound)?;
    if !row.status.is_held() {
        return Err(Refusal::DomainUnverified.into());
    }
    let wanted = Wanted::of(&policy(kontor, db).await?).ok_or(Refusal::MailUnnamed)?;
    let seen = domain_mail::of(db, actor.org, row.id).await?.ok_or(Error::NotFound)?;
    if seen.version != version {
        return Err(Error::StaleVersion);
    }
    if let Some(account) = actor.account() {
        take_turn(kontor, row.id, account).await?;
    }
    let made = key::make(kontor).await?;
    let tx = kontor.db.begin().await?;
    let kept = domain_mail::locked(&tx, actor.org, row.id).await?.ok_or(Error::NotFound)?;
    if kept.version != version {
        return Err(Error::StaleVersion);
    }
    let selector = wanted.selector_of(kept.key_no + 1);
    let mut change = domain_mail::ActiveModel {
        domain_id: Set(row.id),
        key_no: Set(kept.key_no + 1),
        selector: Set(selector.clone()),
        public_key: Set(made.public),
        private_key: Set(made.sealed),
        key_at: Set(kontor.now()),
        key_seen: Set(false),
        version: Set(kept.version + 1),
        ..Default::default()
    };
    if kept.key_seen {
        change.old_selector = Set(Some(kept.selector.clone()));
        change.old_public_key = Set(Some(kept.public_key));
        change.old_private_key = Set(Some(kept.private_key));
    }
    domain_mail::Entity::update(change).exec(&tx).await?;
    let facts = serde_json::json!({ "from": kept.selector, "to": selector });
    append(kontor, &tx, actor.org, actor, Event::new("domain.key", &row.name).with(facts)).await?;
    tx.commit().await?;
    kontor.hub.tell(actor.org, "mail");
    Ok(())
}

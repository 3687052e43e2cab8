//! Further addresses of a person, at the organisation's own domains.

use super::locked;
use crate::{
    Error, Issue, Refusal,
    account::rows::account,
    audit::service::{Event, append},
    domain::rows::domain,
    kernel::{Kontor, actor::Actor, id::MemberId, right::Feature, text},
    organisation::{
        MAX_ALIASES,
        rows::{address, member},
        service::{
            add_user::give_out,
            users::{features_of, may_change},
        },
    },
};
use sea_orm::{ActiveValue::Set, DatabaseTransaction, EntityTrait};

/// Gives a person a further address at a domain that the organisation has proven. Again changes nothing.
/// Errors: [`Issue::DomainNotHeld`] and [`Issue::AddressTaken`] of the field `alias`; [`Refusal::AliasLimit`].
pub async fn add_alias(kontor: &Kontor, actor: &Actor, user: MemberId, typed: &str) -> Result<(), Error> {
    actor.require(Feature::UsersEdit)?;
    let tx = kontor.db.begin().await?;
    give_out(&tx, actor.org).await?;
    let row = locked(&tx, actor, user, None).await?;
    may_change(actor, row.role, features_of(&tx, &row).await?)?;
    let theirs = address::of_member(&tx, user).await?;
    if theirs.contains(&text::email_key(typed)) {
        return Ok(());
    }
    let given = free_address(&tx, actor, "alias", typed).await?;
    if theirs.len() >= MAX_ALIASES as usize {
        return Err(Refusal::AliasLimit { max: MAX_ALIASES }.into());
    }
    let new = address::ActiveModel {
        org_id: Set(actor.org),
        address: Set(given.clone()),
        member_id: Set(Some(user)),
        group_id: Set(None),
        created_at: Set(kontor.now()),
    };
    address::Entity::insert(new).exec_without_returning(&tx).await?;
    note(kontor, &tx, actor, &row, "user.alias_added", given).await?;
    tx.commit().await?;
    kontor.hub.tell(actor.org, "user");
    Ok(())
}

/// Takes a further address from a person: it is free for others. Again changes nothing.
pub async fn remove_alias(kontor: &Kontor, actor: &Actor, user: MemberId, typed: &str) -> Result<(), Error> {
    actor.require(Feature::UsersEdit)?;
    let tx = kontor.db.begin().await?;
    let row = locked(&tx, actor, user, None).await?;
    may_change(actor, row.role, features_of(&tx, &row).await?)?;
    let given = text::email_key(typed);
    if address::take_from(&tx, actor.org, user, &given).await? {
        note(kontor, &tx, actor, &row, "user.alias_removed", given).await?;
        tx.commit().await?;
        kontor.hub.tell(actor.org, "user");
    }
    Ok(())
}

async fn note(
    kontor: &Kontor,
    tx: &DatabaseTransaction,
    actor: &Actor,
    row: &member::Model,
    action: &'static str,
    alias: String,
) -> Result<(), Error> {
    let person = account::by_id(tx, row.account_id).await?.ok_or(Error::NotFound)?;
    let facts = serde_json::json!({ "alias": alias });
    append(kontor, tx, actor.org, actor, Event::new(action, &person.email).with(facts)).await?;
    Ok(())
}

/// An address that nobody of the organisation and none of its groups has, folded; what is wrong with it is said of `field`. The caller
/// has [`give_out`] behind it, so that no other request gives it meanwhile. Whether the address is some account's elsewhere is not
/// looked at, and so not told (R2.3).
pub(in crate::organisation::service) async fn free_address(
    tx: &DatabaseTransaction,
    actor: &Actor,
    field: &str,
    typed: &str,
) -> Result<String, Error> {
    let wrong = |issue| Error::field(field, issue);
    let given = text::email_key(&text::email(typed).map_err(wrong)?);
    let name = crate::domain::name::normalise(text::email_domain(&given)).map_err(wrong)?;
    let held = domain::of_org(tx, actor.org, &name.ascii).await?.is_some_and(|row| row.status.is_held());
    if !held {
        return Err(wrong(Issue::DomainNotHeld));
    }
    let taken = !address::among(tx, actor.org, vec![given.clone()]).await?.is_empty()
        || !member::by_emails(tx, actor.org, vec![given.clone()]).await?.is_empty();
    if taken { Err(wrong(Issue::AddressTaken)) } else { Ok(given) }
}

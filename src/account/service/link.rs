//! Secret links sent by mail: made, then used once.

use crate::{
    Error, Refusal,
    account::{
        LinkKind,
        rows::{account, link},
    },
    kernel::{Kontor, id::AccountId, secret::hash_token},
};
use sea_orm::{ActiveValue::Set, ConnectionTrait, EntityTrait};

/// Makes a link of a kind for an account inside the caller's transaction and answers its complete address. Older
/// unused links of the same kind stop working.
pub async fn make_link(
    kontor: &Kontor,
    tx: &impl ConnectionTrait,
    account: AccountId,
    kind: LinkKind,
) -> Result<String, Error> {
    let token = kontor.token();
    let now = kontor.now();
    link::retire(tx, account, kind, now).await?;
    let row = link::Model {
        id: kontor.id(),
        kind,
        token_hash: hash_token(&token),
        account_id: account,
        expires_at: now.plus_hours(kind.hours()),
        used_at: None,
        created_at: now,
    };
    let active: link::ActiveModel = row.into();
    link::Entity::insert(active).exec_without_returning(tx).await?;
    Ok(kontor.url(&format!("/{}/{token}", kind.path())))
}

/// Uses a link inside the caller's transaction: once, and not after it expired. Answers whose it is.
pub async fn use_link(
    kontor: &Kontor,
    tx: &impl ConnectionTrait,
    kind: LinkKind,
    token: &str,
) -> Result<account::Model, Error> {
    let found = link::find(tx, kind, &hash_token(token)).await?;
    let row =
        found.filter(|l| l.used_at.is_none() && l.expires_at > kontor.now()).ok_or(Refusal::LinkInvalid)?;
    let change =
        link::ActiveModel { id: Set(row.id), used_at: Set(Some(kontor.now())), ..Default::default() };
    link::Entity::update(change).exec(tx).await?;
    account::by_id(tx, row.account_id).await?.ok_or(Error::NotFound)
}

/// Whether a link would work now, without using it: for the page that asks for the next step. Answers whose it is.
pub async fn peek_link(kontor: &Kontor, kind: LinkKind, token: &str) -> Result<account::Model, Error> {
    let db = kontor.db.read();
    let found = link::find(db, kind, &hash_token(token)).await?;
    let row =
        found.filter(|l| l.used_at.is_none() && l.expires_at > kontor.now()).ok_or(Refusal::LinkInvalid)?;
    account::by_id(db, row.account_id).await?.ok_or(Error::NotFound)
}

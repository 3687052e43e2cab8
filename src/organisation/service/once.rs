//! Requests that have their effect once: a double click, a resent form, the same form sent to two nodes.

use crate::{
    Error,
    kernel::{
        Kontor,
        id::{Id, OrgId},
        text,
    },
    organisation::rows::request_once,
};
use sea_orm::DatabaseTransaction;

/// Takes a request's key for the caller's transaction. Answers what an earlier request of the same key made, if there
/// was one; else notes that this one makes `result`.
pub async fn once<I: Id>(
    kontor: &Kontor,
    tx: &DatabaseTransaction,
    org: OrgId,
    request_key: &str,
    result: I,
) -> Result<Option<I>, Error> {
    let key = text::line(request_key, 8, 80).map_err(|_| Error::BadRequest)?;
    let row = request_once::Model { org_id: org, request_key: key, result: result.uuid(), at: kontor.now() };
    Ok(request_once::take(tx, row).await?.map(I::from_uuid))
}

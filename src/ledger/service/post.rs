//! Posting: the only way into the ledger.

use crate::{
    Error,
    kernel::{
        Kontor, error,
        id::{OrgId, TransactionId},
    },
    ledger::{Cause, Posting, rows::write},
    partner::service::zones_of,
};
use sea_orm::{ConnectionTrait, DbErr};
use std::collections::BTreeSet;
use uuid::Uuid;

/// Why nothing was posted. The database transaction must be rolled back.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum PostError {
    /// A transaction of this cause and id is there already, or twice in the batch.
    #[error("already posted")]
    AlreadyPosted,
    /// Anything else.
    #[error(transparent)]
    Other(#[from] Error),
}

impl From<DbErr> for PostError {
    fn from(err: DbErr) -> Self {
        Self::Other(err.into())
    }
}

impl From<PostError> for Error {
    /// Whoever does not expect a second posting was overtaken by somebody who did the same.
    fn from(err: PostError) -> Self {
        match err {
            PostError::AlreadyPosted => Error::StaleVersion,
            PostError::Other(error) => error,
        }
    }
}

/// Posts one transaction. See [`post_all`].
pub async fn post(
    kontor: &Kontor,
    tx: &impl ConnectionTrait,
    posting: &Posting,
) -> Result<TransactionId, PostError> {
    let ids = post_all(kontor, tx, std::slice::from_ref(posting)).await?;
    ids.into_iter().next().ok_or_else(|| error::internal("a posting without an id").into())
}

/// Posts transactions in a few statements and answers their ids, in order. Writes the summaries too: call it once, as
/// the last thing of the database transaction, so that two of them cannot wait for each other in a circle.
pub async fn post_all(
    kontor: &Kontor,
    tx: &impl ConnectionTrait,
    postings: &[Posting],
) -> Result<Vec<TransactionId>, PostError> {
    if postings.is_empty() {
        return Ok(Vec::new());
    }
    let partners: BTreeSet<OrgId> = postings.iter().filter_map(Posting::partner).collect();
    let zones = zones_of(tx, partners.into_iter().collect()).await?;
    let day = |p: &Posting| p.partner().and_then(|id| zones.get(&id)).map_or(p.day(), |z| z.day_of(p.at()));
    let placed: Vec<Posting> = postings.iter().map(|p| p.counted_in(day(p))).collect();
    let numbered: Vec<(TransactionId, &Posting)> = placed.iter().map(|p| (kontor.id(), p)).collect();
    write::entries(tx, &numbered).await?;
    write::transactions(tx, &numbered).await.map_err(|err| match is_posted(&err) {
        true => PostError::AlreadyPosted,
        false => err.into(),
    })?;
    write::days(tx, &numbered).await?;
    Ok(numbered.into_iter().map(|(id, _)| id).collect())
}

/// Whether the database refused a transaction because its cause has one: by index, or on SQLite by trigger.
fn is_posted(err: &DbErr) -> bool {
    error::is_unique_violation(err) || err.to_string().contains("kontor: the transaction is posted")
}

/// The transaction that follows from a cause, if it was posted.
pub async fn posted(
    db: &impl ConnectionTrait,
    cause: Cause,
    cause_id: Uuid,
) -> Result<Option<TransactionId>, Error> {
    Ok(write::posted(db, cause, cause_id).await?)
}

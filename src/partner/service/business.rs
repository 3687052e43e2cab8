//! Whether a partner may do business.

use crate::{Error, Refusal, kernel::id::OrgId, partner::rows::partner};
use sea_orm::ConnectionTrait;

/// The partner, if the vendor has not stopped it: `PartnerInactive` if it has, `NotFound` if it is none.
pub async fn in_business(db: &impl ConnectionTrait, org: OrgId) -> Result<partner::Model, Error> {
    let row = partner::by_org(db, org).await?.ok_or(Error::NotFound)?;
    if row.status.is_in_business() { Ok(row) } else { Err(Refusal::PartnerInactive.into()) }
}

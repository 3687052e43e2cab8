//! What can be done with domains: one file per use case.

use crate::{
    Error, Refusal,
    domain::{DomainStatus, rows::domain},
    kernel::{
        Kontor,
        id::{DomainId, OrgId},
    },
};
use sea_orm::{DatabaseTransaction, EntityTrait};

/// Adds a domain to an organisation inside the caller's transaction.
pub async fn claim(
    kontor: &Kontor,
    tx: &DatabaseTransaction,
    org: OrgId,
    name: &str,
    primary: bool,
) -> Result<DomainId, Error> {
    if domain::owner(tx, name).await?.is_some() {
        return Err(Refusal::DomainClaimed.into());
    }
    let row = domain::Model {
        id: kontor.id(),
        org_id: org,
        name: name.to_owned(),
        verified_name: None,
        is_primary: primary,
        status: DomainStatus::Pending,
        token: kontor.token(),
        method: None,
        verified_at: None,
        checked_at: None,
        check_stage: 0,
        last_check: None,
        created_at: kontor.now(),
        version: 1,
    };
    let id = row.id;
    let active: domain::ActiveModel = row.into();
    domain::Entity::insert(active).exec_without_returning(tx).await?;
    Ok(id)
}

//! Gives a partner access to a customer.

use super::clock::watch_grant;
use crate::{
    Error,
    delegation::{GrantStatus, rows::grant},
    kernel::{
        Kontor,
        id::{GrantId, OrgId},
        right::{DELEGABLE, Features},
    },
    setting::service::policy,
};
use sea_orm::{DatabaseTransaction, EntityTrait};

/// Grants a partner everything that can be delegated at all, inside the transaction that adds the customer (domain.md section
/// 18: active from its creation by the partner's console) or that maps it, if the customer gives access as well.
pub async fn grant(
    kontor: &Kontor,
    tx: &DatabaseTransaction,
    partner: OrgId,
    org: OrgId,
    granted_by: &str,
) -> Result<GrantId, Error> {
    let policy = policy(kontor, tx).await?;
    let now = kontor.now();
    let row = grant::Model {
        id: kontor.id(),
        org_id: org,
        partner_id: partner,
        capabilities: Features::of(&DELEGABLE).keys(),
        granted_by: granted_by.to_owned(),
        status: GrantStatus::Active,
        from_at: now,
        until_at: now.plus_days(policy.grant_days),
        ended_at: None,
        ended_by: None,
        version: 1,
    };
    watch_grant(kontor, tx, &row).await?;
    let id = row.id;
    grant::Entity::insert(grant::ActiveModel::from(row)).exec_without_returning(tx).await?;
    Ok(id)
}

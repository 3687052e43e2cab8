//! Puts a domain into an organisation's list, unproven.

use crate::{
    Error, Refusal,
    domain::{DomainName, DomainStatus, rows::domain, schedule::next_pending},
    job::{self, JobKind},
    kernel::{
        Kontor,
        id::{DomainId, OrgId, encode},
        instant::Instant,
    },
};
use sea_orm::{DatabaseTransaction, EntityTrait};

/// Inserts a domain that waits for its proof, inside the caller's transaction: with a token of its own, the first
/// automatic check in five minutes. Refuses a name another organisation has proven (R3.4); one that is merely wanted
/// elsewhere is free, the first to prove it wins. The caller has made sure that the organisation has no such domain
/// yet, writes the audit event and calls `mapping::service::refresh`.
pub async fn claim(
    kontor: &Kontor,
    tx: &DatabaseTransaction,
    org: OrgId,
    name: &DomainName,
    is_primary: bool,
) -> Result<domain::Model, Error> {
    if domain::holder(tx, &name.ascii).await?.is_some() {
        return Err(Refusal::DomainClaimed.into());
    }
    let now = kontor.now();
    let row = domain::Model {
        id: kontor.id(),
        org_id: org,
        name: name.ascii.clone(),
        verified_name: None,
        is_primary,
        status: DomainStatus::Pending,
        token: proof_token(kontor),
        method: None,
        verified_at: None,
        checked_at: None,
        last_check: None,
        created_at: now,
        version: 1,
        pending_since: Some(now),
        next_check_at: next_pending(now, now),
        lost_at: None,
    };
    let active: domain::ActiveModel = row.clone().into();
    domain::Entity::insert(active).exec_without_returning(tx).await?;
    if let Some(due) = row.next_check_at {
        look_at(kontor, tx, org, row.id, due).await?;
    }
    Ok(row)
}

/// What whoever changes which domains an organisation has, or which is the primary one, waits for
/// (`queue_up`). Not the organisation's row: whoever writes a check holds domains first and takes that row last.
pub(super) fn list_of(org: OrgId) -> String {
    format!("domains of {org}")
}

/// Has the domain looked at by itself at that time; an earlier plan is replaced.
pub async fn look_at(
    kontor: &Kontor,
    tx: &DatabaseTransaction,
    org: OrgId,
    domain: DomainId,
    due: Instant,
) -> Result<(), Error> {
    let payload = serde_json::json!({ "org": org, "domain": domain });
    let key = Some(format!("domain:{domain}"));
    job::service::enqueue(kontor, tx, JobKind::DomainCheck, due, key, payload).await?;
    Ok(())
}

/// 128 random bits as 26 lower-case letters and digits: a whole DNS label, whatever a provider does to its case.
fn proof_token(kontor: &Kontor) -> String {
    let mut bytes = [0u8; 16];
    kontor.random.fill(&mut bytes);
    encode(u128::from_be_bytes(bytes))
}

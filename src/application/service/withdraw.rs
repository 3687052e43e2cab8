//! An application is withdrawn by the applicant, or closed because a question stayed open.

use super::parts::{applicant, save, tell_applicant, trail, vendor};
use crate::{
    Error, Refusal,
    application::{ApplicationStatus, rows::application},
    kernel::{Kontor, actor::Actor, id::OrgId, secret::hash_token},
    notification::Mail,
    setting::Policy,
};
use sea_orm::DatabaseTransaction;

/// Withdraws an open application, by the token of the status page. A second time does nothing; a decided one stays
/// decided.
pub async fn withdraw(kontor: &Kontor, token: &str, ip: &str) -> Result<(), Error> {
    let tx = kontor.db.begin().await?;
    let row = application::by_token_locked(&tx, &hash_token(token)).await?.ok_or(Error::NotFound)?;
    if row.status == ApplicationStatus::Withdrawn {
        return Ok(());
    }
    if !row.status.is_open() {
        return Err(Refusal::ApplicationClosed.into());
    }
    let vendor = vendor(&tx).await?;
    let policy = crate::setting::service::policy(kontor, &tx).await?;
    close(kontor, &tx, vendor, &applicant(vendor, ip), "application.withdrawn", row, &policy).await?;
    tx.commit().await?;
    kontor.hub.tell(vendor, "application");
    Ok(())
}

/// Closes an open application without a decision and tells the applicant.
pub(super) async fn close(
    kontor: &Kontor,
    tx: &DatabaseTransaction,
    vendor: OrgId,
    actor: &Actor,
    action: &'static str,
    mut row: application::Model,
    policy: &Policy,
) -> Result<(), Error> {
    row.status = ApplicationStatus::Withdrawn;
    row.waiting_since = None;
    row.decided_at = Some(kontor.now());
    let row = save(kontor, tx, row, policy).await?;
    trail(kontor, tx, vendor, actor, action, &row, serde_json::json!({})).await?;
    let mail = Mail::ApplicationWithdrawn { company: row.company_name.clone(), link: kontor.url("/apply") };
    tell_applicant(kontor, tx, &row, &mail).await
}

//! The applicant's address is confirmed: the clock starts (R1.1).

use super::parts::{applicant, save, status_link, tell_applicant, trail, vendor};
use crate::{
    Error,
    application::{ApplicationStatus, rows::application},
    kernel::{
        Kontor,
        id::{AccountId, OrgId},
    },
    notification::Mail,
    setting::Policy,
};
use sea_orm::DatabaseTransaction;

/// Submits what the account sent before its address was confirmed, inside the caller's transaction. Without such an
/// application nothing happens.
pub async fn confirmed(kontor: &Kontor, tx: &DatabaseTransaction, account: AccountId) -> Result<(), Error> {
    let waiting = application::unconfirmed_of(tx, account).await?;
    if waiting.is_empty() {
        return Ok(());
    }
    let vendor = vendor(tx).await?;
    let policy = crate::setting::service::policy(kontor, tx).await?;
    for row in waiting {
        start(kontor, tx, vendor, row, &policy).await?;
    }
    Ok(())
}

/// Starts the clock of an application whose address is confirmed and tells the applicant.
pub(super) async fn start(
    kontor: &Kontor,
    tx: &DatabaseTransaction,
    vendor: OrgId,
    mut row: application::Model,
    policy: &Policy,
) -> Result<(), Error> {
    let due = kontor.now().plus_days(i64::from(policy.review_due_days));
    row.status = ApplicationStatus::Submitted;
    row.submitted_at = Some(kontor.now());
    row.due_at = Some(due);
    let row = save(kontor, tx, row, policy).await?;
    let actor = applicant(vendor, &row.ip);
    let detail = serde_json::json!({ "due": due.rfc3339() });
    trail(kontor, tx, vendor, &actor, "application.submitted", &row, detail).await?;
    let mail = Mail::ApplicationReceived {
        company: row.company_name.clone(),
        due: due.day(),
        link: status_link(kontor, row.id),
    };
    tell_applicant(kontor, tx, &row, &mail).await
}

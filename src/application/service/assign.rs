//! Gives an application to a reviewer, or back to the queue.

use super::parts::{open_for_review, save, trail};
use crate::{
    Error, Issue,
    application::{ApplicationStatus, rows::people},
    kernel::{
        Kontor,
        actor::Actor,
        id::{AccountId, ApplicationId},
        right::Feature,
    },
};

/// Who is to have the application.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Assignee {
    /// The one who asks.
    Me,
    /// Another reviewer.
    Other(AccountId),
    /// Nobody: back to the queue.
    Nobody,
}

/// Assigns an open application. A question that waits for an answer goes on waiting.
pub async fn assign(
    kontor: &Kontor,
    actor: &Actor,
    id: ApplicationId,
    version: i64,
    to: Assignee,
) -> Result<(), Error> {
    actor.require(Feature::ApplicationsDecide)?;
    let tx = kontor.db.begin().await?;
    let mut row = open_for_review(&tx, id, version).await?;
    let staff = people::staff_with(&tx, actor.org, Feature::ApplicationsDecide).await?;
    let to = match to {
        Assignee::Me => Some(actor.account().ok_or(Error::Forbidden)?),
        Assignee::Other(account) => Some(account),
        Assignee::Nobody => None,
    };
    let reviewer = staff.iter().find(|person| Some(person.id) == to);
    if to.is_some() && reviewer.is_none() {
        return Err(Error::field("assignee", Issue::NotAChoice));
    }
    row.assigned_to = to;
    if row.status != ApplicationStatus::WaitingForAnswer {
        row.status = if to.is_some() { ApplicationStatus::InReview } else { ApplicationStatus::Submitted };
    }
    let policy = crate::setting::service::policy(kontor, &tx).await?;
    let row = save(kontor, &tx, row, &policy).await?;
    let detail = serde_json::json!({ "to": reviewer.map(|person| person.email.as_str()) });
    trail(kontor, &tx, actor.org, actor, "application.assigned", &row, detail).await?;
    tx.commit().await?;
    kontor.hub.tell(actor.org, "application");
    Ok(())
}

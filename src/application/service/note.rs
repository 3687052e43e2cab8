//! A note among reviewers.

use super::parts::{say, trail};
use crate::{
    Error,
    application::{
        MessageKind,
        rows::{application, people},
        standing::MESSAGE_MAX,
    },
    kernel::{Kontor, actor::Actor, id::ApplicationId, right::Feature, text::paragraph},
};

/// Adds an internal note: 1 to 2,000 characters, also after the decision. The applicant never sees it.
pub async fn note(kontor: &Kontor, actor: &Actor, id: ApplicationId, body: &str) -> Result<(), Error> {
    actor.require(Feature::ApplicationsDecide)?;
    let checked = paragraph(body, 1, MESSAGE_MAX);
    let tx = kontor.db.begin().await?;
    let row = application::for_review_locked(&tx, id).await?.ok_or(Error::NotFound)?;
    let body = checked.map_err(|issue| Error::field("body", issue))?;
    let me = people::accounts(&tx, actor.account().into_iter().collect()).await?;
    let name = me.first().map_or_else(|| actor.label(), |row| people::person(row).name);
    say(kontor, &tx, id, MessageKind::Note, (actor.account(), name), body).await?;
    trail(kontor, &tx, actor.org, actor, "application.noted", &row, serde_json::json!({})).await?;
    tx.commit().await?;
    kontor.hub.tell(actor.org, "application");
    Ok(())
}

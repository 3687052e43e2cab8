//! The applicant answers a reviewer's question.

use super::parts::{applicant, save, say, tell_reviewers, trail, vendor};
use crate::{
    Error, Refusal,
    application::{
        ApplicationStatus, MessageKind,
        rows::{application, message},
        standing::MESSAGE_MAX,
    },
    kernel::{Kontor, secret::hash_token, text::paragraph},
    notification::Mail,
};

/// Answers the question that waits, by the token of the status page: 1 to 2,000 characters. The application goes back
/// to its reviewer, or to the queue if nobody has it. Once it is decided, or no question waits, it is refused.
pub async fn answer(kontor: &Kontor, token: &str, ip: &str, body: &str) -> Result<(), Error> {
    let checked = paragraph(body, 1, MESSAGE_MAX);
    let tx = kontor.db.begin().await?;
    let row = application::by_token_locked(&tx, &hash_token(token)).await?.ok_or(Error::NotFound)?;
    let body = checked.map_err(|issue| Error::field("answer", issue))?;
    if row.status != ApplicationStatus::WaitingForAnswer {
        if !row.status.is_open() {
            return Err(Refusal::ApplicationClosed.into());
        }
        // Sent twice: it is there already.
        let thread = message::thread(&tx, row.id, false).await?;
        let last = thread.last().filter(|m| m.kind == MessageKind::Answer && m.body == body);
        return if last.is_some() { Ok(()) } else { Err(Error::StaleVersion) };
    }
    let vendor = vendor(&tx).await?;
    let policy = crate::setting::service::policy(kontor, &tx).await?;
    let author = format!("{} {}", row.first_name, row.last_name);
    say(kontor, &tx, row.id, MessageKind::Answer, (Some(row.account_id), author), body).await?;
    let status = match row.assigned_to {
        Some(_) => ApplicationStatus::InReview,
        None => ApplicationStatus::Submitted,
    };
    let row = application::Model { status, waiting_since: None, ..row };
    let row = save(kontor, &tx, row, &policy).await?;
    trail(kontor, &tx, vendor, &applicant(vendor, ip), "application.answered", &row, serde_json::json!({}))
        .await?;
    let mail = Mail::ApplicationAnswered {
        company: row.company_name.clone(),
        link: kontor.url(&format!("/review/{}", row.id)),
    };
    tell_reviewers(kontor, &tx, vendor, &row, &mail).await?;
    tx.commit().await?;
    kontor.hub.tell(vendor, "application");
    Ok(())
}

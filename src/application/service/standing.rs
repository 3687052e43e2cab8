//! The applicant's status page.

use super::parts::status_token;
use crate::{
    Error,
    application::{
        ApplicationStatus, MessageKind,
        rows::{application, message},
        standing::{ApplicationStanding, Message},
    },
    kernel::{Kontor, actor::Viewer, instant::Instant, secret::hash_token},
};

/// Where the application of this token stands. Another token is not found.
pub async fn standing(kontor: &Kontor, token: &str) -> Result<ApplicationStanding, Error> {
    let db = kontor.db.read();
    let row = application::by_token(db, &hash_token(token)).await?.ok_or(Error::NotFound)?;
    let thread = message::thread(db, row.id, false).await?.into_iter().map(|m| Message {
        author: (m.kind == MessageKind::Answer).then_some(m.author),
        kind: m.kind,
        body: m.body,
        at: m.at,
    });
    Ok(ApplicationStanding {
        company_name: row.company_name,
        status: row.status,
        created_at: row.created_at,
        submitted_at: row.submitted_at,
        due: row.due_at.map(Instant::day),
        decided_at: row.decided_at,
        reject_reason: row.reject_reason,
        reject_note: row.reject_note,
        reapply_on: row.reapply_on,
        thread: thread.collect(),
    })
}

/// The status token of the viewer's own application that is open or was decided last, so that `/apply` can lead
/// there instead of showing an empty form.
pub async fn of_viewer(
    kontor: &Kontor,
    viewer: &Viewer,
) -> Result<Option<(String, ApplicationStatus)>, Error> {
    let Some(session) = &viewer.session else { return Ok(None) };
    let own = application::of_account(kontor.db.read(), session.account).await?;
    let first = own.iter().find(|row| row.status.is_open()).or(own.first());
    Ok(first.map(|row| (status_token(kontor, row.id), row.status)))
}

//! Figures for whoever watches over the programme.

use crate::{Error, job::rows::job, kernel::Kontor, notification::rows::mail};

/// How the queue and the mails stand, by state.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Figures {
    /// Jobs: `overdue` by more than five minutes, `failed` for good.
    pub jobs: [(&'static str, i64); 2],
    /// Mails: `waiting` to go out, `failed` for good.
    pub mails: [(&'static str, i64); 2],
}

/// Counts. Asks nobody who they are: the host shows it to the operator's network only.
pub async fn figures(kontor: &Kontor) -> Result<Figures, Error> {
    let db = kontor.db.read();
    let (overdue, given_up) = job::alarms(db, kontor.now()).await?;
    let (waiting, failed) = mail::counts(db).await?;
    Ok(Figures {
        jobs: [("overdue", overdue), ("failed", given_up)],
        mails: [("waiting", waiting), ("failed", failed)],
    })
}

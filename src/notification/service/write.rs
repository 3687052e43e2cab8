//! Writes a mail inside the caller's transaction; a job sends it (design.md section 3, rule 4).

use crate::{
    Error,
    job::{
        JobKind,
        service::{NewJob, enqueue_all},
    },
    kernel::{Kontor, db::insert_all, id::MailId, locale::Locale},
    notification::{Mail, MailStatus, rows::mail},
};
use sea_orm::ConnectionTrait;

/// To whom, and in which language.
#[derive(Debug, Clone)]
pub struct Recipient {
    /// The address.
    pub email: String,
    /// The reader's language.
    pub locale: Locale,
}

/// The purpose under which a mail's content is sealed: it may hold a secret link.
pub fn compose_key(id: MailId) -> String {
    format!("mail:{id}")
}

/// Writes one mail. Its content is sealed until it is sent, then dropped.
pub async fn write(
    kontor: &Kontor,
    tx: &impl ConnectionTrait,
    to: Recipient,
    content: &Mail,
) -> Result<(), Error> {
    write_all(kontor, tx, vec![(to, content)]).await
}

/// [`write`] for many mails in few statements.
pub async fn write_all(
    kontor: &Kontor,
    tx: &impl ConnectionTrait,
    letters: Vec<(Recipient, &Mail)>,
) -> Result<(), Error> {
    let (mut rows, mut jobs) = (Vec::new(), Vec::new());
    for (to, content) in letters {
        let id: MailId = kontor.id();
        let plain = serde_json::to_vec(content).map_err(crate::kernel::error::internal)?;
        let row = mail::Model {
            id,
            recipient: to.email,
            locale: to.locale,
            template: content.key(),
            content: Some(kontor.secrets.seal(kontor.random.as_ref(), &compose_key(id), &plain)?),
            status: MailStatus::Waiting,
            created_at: kontor.now(),
            sent_at: None,
        };
        rows.push(mail::ActiveModel::from(row));
        jobs.push(NewJob {
            kind: JobKind::Mail,
            due: kontor.now(),
            unique: Some(format!("mail:{id}")),
            payload: serde_json::json!({ "mail": id }),
        });
    }
    insert_all(tx, rows, None).await?;
    enqueue_all(kontor, tx, jobs).await
}

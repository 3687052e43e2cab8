//! The mails of the demo, for `/demo/mail`. Not found on installations that are no demo, or send mails away.

use crate::{
    Error,
    kernel::{
        Kontor,
        error::internal,
        id::MailId,
        port::{MailFault, MailFolderPort},
    },
    notification::{KEPT, KeptMail},
};

/// The latest mails, newest first; none of them are here where the demo sends its mails to a mail server.
pub async fn kept_mails(kontor: &Kontor) -> Result<Option<Vec<KeptMail>>, Error> {
    if !kontor.programme.demo {
        return Err(Error::NotFound);
    }
    match kontor.mail.folder() {
        Some(folder) => folder.latest(KEPT).await.map(Some).map_err(broken),
        None => Ok(None),
    }
}

/// One of them.
pub async fn kept_mail(kontor: &Kontor, id: MailId) -> Result<KeptMail, Error> {
    folder(kontor)?.one(id).await.map_err(broken)?.ok_or(Error::NotFound)
}

fn folder(kontor: &Kontor) -> Result<&dyn MailFolderPort, Error> {
    kontor.mail.folder().filter(|_| kontor.programme.demo).ok_or(Error::NotFound)
}

fn broken(fault: MailFault) -> Error {
    internal(fault)
}

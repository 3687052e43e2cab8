//! Mails into a folder, one file each: for development, the demo and tests.

use super::message;
use kontor::{
    kernel::{
        id::MailId,
        instant::Instant,
        port::{MailFault, MailFolderPort, MailPort, OutgoingMail},
    },
    notification::KeptMail,
};
use lettre::message::Mailbox;
use std::{
    io,
    path::{Path, PathBuf},
};
use tokio::fs;

/// Takes every mail as `{mail id}.eml`; the ids sort by the time the mails were written.
pub struct MailFolder {
    folder: PathBuf,
    from: Mailbox,
}

impl MailFolder {
    /// Mails go into `folder`, which is made with the first one.
    pub fn new(folder: &str, from: &str) -> Result<Self, String> {
        if folder.is_empty() {
            return Err("mail_url: give a folder, as in file://data/mail".into());
        }
        Ok(Self { folder: folder.into(), from: message::sender(from)? })
    }

    async fn write(&self, name: &str, bytes: &[u8]) -> io::Result<()> {
        fs::create_dir_all(&self.folder).await?;
        // A reader sees the whole mail or none; a second try replaces the file of the first.
        let part = self.folder.join(format!(".{name}.part"));
        fs::write(&part, bytes).await?;
        fs::rename(&part, self.folder.join(format!("{name}.eml"))).await
    }

    /// Reads off the async threads: a folder may hold thousands of mails.
    async fn read<T: Send + 'static>(
        &self,
        work: impl FnOnce(&Path) -> io::Result<T> + Send + 'static,
    ) -> Result<T, MailFault> {
        let folder = self.folder.clone();
        let shown = folder.display().to_string();
        let fault = |detail: String| MailFault { permanent: false, detail: format!("{shown}: {detail}") };
        let done = tokio::task::spawn_blocking(move || work(&folder)).await;
        done.map_err(|error| fault(error.to_string()))?.map_err(|error| fault(error.to_string()))
    }
}

/// Ids of the mails in a folder, newest first. Other files are passed over.
fn ids(folder: &Path) -> io::Result<Vec<MailId>> {
    let entries = match std::fs::read_dir(folder) {
        Ok(entries) => entries,
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(Vec::new()),
        Err(error) => return Err(error),
    };
    let mut ids = Vec::new();
    for entry in entries {
        let name = entry?.file_name();
        ids.extend(name.to_str().and_then(|n| n.strip_suffix(".eml")).and_then(|n| n.parse::<MailId>().ok()));
    }
    ids.sort_by(|a, b| b.cmp(a));
    Ok(ids)
}

fn open(folder: &Path, id: MailId) -> io::Result<Option<KeptMail>> {
    let bytes = match std::fs::read(folder.join(format!("{id}.eml"))) {
        Ok(bytes) => bytes,
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(None),
        Err(error) => return Err(error),
    };
    let Some(mail) = mail_parser::MessageParser::default().parse(&bytes) else { return Ok(None) };
    let to = mail.to().and_then(|to| to.first()).and_then(|to| to.address()).unwrap_or_default();
    Ok(Some(KeptMail {
        id,
        to: to.to_owned(),
        subject: mail.subject().unwrap_or_default().to_owned(),
        at: Instant(mail.date().map_or(0, |date| date.to_timestamp() * 1000)),
        text: mail.body_text(0).map(|text| text.replace("\r\n", "\n")).unwrap_or_default(),
        html: mail.body_html(0).map(|html| html.into_owned()).unwrap_or_default(),
    }))
}

#[async_trait::async_trait]
impl MailFolderPort for MailFolder {
    async fn latest(&self, most: u32) -> Result<Vec<KeptMail>, MailFault> {
        self.read(move |folder| {
            let latest = ids(folder)?.into_iter().take(most as usize);
            latest.filter_map(|id| open(folder, id).transpose()).collect()
        })
        .await
    }

    async fn one(&self, id: MailId) -> Result<Option<KeptMail>, MailFault> {
        self.read(move |folder| open(folder, id)).await
    }
}

#[async_trait::async_trait]
impl MailPort for MailFolder {
    async fn send(&self, mail: &OutgoingMail) -> Result<(), MailFault> {
        let bytes = message::build(mail, &self.from)?.formatted();
        let local = mail.message_id.split('@').next().unwrap_or_default();
        // Our own ids need no more; nothing else becomes a path.
        let name: String = local.chars().filter(|c| c.is_ascii_alphanumeric() || *c == '_').collect();
        self.write(&name, &bytes).await.map_err(|error| MailFault {
            permanent: false,
            detail: format!("{}: {error}", self.folder.display()),
        })
    }

    fn folder(&self) -> Option<&dyn MailFolderPort> {
        Some(self)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use kontor::kernel::id::Id;

    fn id(n: u128) -> MailId {
        MailId::from_uuid(uuid::Uuid::from_u128(n))
    }

    fn mail(id: MailId, subject: &str) -> OutgoingMail {
        OutgoingMail {
            message_id: format!("{id}@kontor.example"),
            to: "ada@example.org".into(),
            subject: subject.into(),
            text: "Grüße\nhttps://kontor.example/x".into(),
            html: "<p>Grüße</p>".into(),
        }
    }

    #[tokio::test]
    async fn each_mail_is_one_file_however_often_it_is_sent_and_reads_back() {
        let dir = tempfile::tempdir().unwrap();
        let folder = dir.path().join("mail");
        let port = MailFolder::new(folder.to_str().unwrap(), "programme@vendor.test").unwrap();
        assert!(port.latest(10).await.unwrap().is_empty());
        for n in [1, 2, 1] {
            port.send(&mail(id(n), &format!("Prüfung {n}"))).await.unwrap();
        }
        std::fs::write(folder.join("notes.txt"), "x").unwrap();
        std::fs::write(folder.join("notes.eml"), "x").unwrap();
        let mails = port.latest(10).await.unwrap();
        let subjects: Vec<&str> = mails.iter().map(|m| m.subject.as_str()).collect();
        assert_eq!(subjects, ["Prüfung 2", "Prüfung 1"]);
        let one = port.one(id(1)).await.unwrap().unwrap();
        assert_eq!(
            (one.to.as_str(), one.text.as_str()),
            ("ada@example.org", "Grüße\nhttps://kontor.example/x")
        );
        assert!(one.html.contains("<p>Grüße</p>") && one.at.0 > 0);
        assert_eq!(port.latest(1).await.unwrap().len(), 1);
        assert_eq!(port.one(id(9)).await.unwrap(), None);
    }

    #[tokio::test]
    async fn a_folder_that_cannot_be_written_is_tried_again() {
        let dir = tempfile::tempdir().unwrap();
        let file = dir.path().join("taken");
        std::fs::write(&file, "x").unwrap();
        let port = MailFolder::new(file.to_str().unwrap(), "programme@vendor.test").unwrap();
        assert!(!port.send(&mail(id(1), "Hello")).await.unwrap_err().permanent);
    }
}

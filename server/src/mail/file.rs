//! Mails into a folder, one file each: for development, the demo and tests.

use super::message;
use kontor::kernel::port::{MailFault, MailPort, OutgoingMail};
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

    /// The mails in `folder`, newest first, as (name without `.eml`, path).
    pub fn list(folder: &Path) -> io::Result<Vec<(String, PathBuf)>> {
        let entries = match std::fs::read_dir(folder) {
            Ok(entries) => entries,
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(Vec::new()),
            Err(error) => return Err(error),
        };
        let mut mails = Vec::new();
        for entry in entries {
            let path = entry?.path();
            let name = path.file_name().and_then(|n| n.to_str()).and_then(|n| n.strip_suffix(".eml"));
            if let Some(name) = name.filter(|n| !n.starts_with('.')) {
                mails.push((name.to_owned(), path));
            }
        }
        mails.sort_by(|a, b| b.0.cmp(&a.0));
        Ok(mails)
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
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn each_mail_is_one_file_however_often_it_is_sent() {
        let dir = tempfile::tempdir().unwrap();
        let folder = dir.path().join("mail");
        assert!(MailFolder::list(&folder).unwrap().is_empty());
        let port = MailFolder::new(folder.to_str().unwrap(), "programme@vendor.test").unwrap();
        for id in ["mai_1", "mai_2", "mai_1"] {
            let mail = OutgoingMail {
                message_id: format!("{id}@kontor.example"),
                to: "ada@example.org".into(),
                subject: "Hello".into(),
                text: "text".into(),
                html: "<p>text</p>".into(),
            };
            port.send(&mail).await.unwrap();
        }
        let names: Vec<String> =
            MailFolder::list(&folder).unwrap().into_iter().map(|(name, _)| name).collect();
        assert_eq!(names, ["mai_2", "mai_1"]);
    }

    #[tokio::test]
    async fn a_folder_that_cannot_be_written_is_tried_again() {
        let dir = tempfile::tempdir().unwrap();
        let file = dir.path().join("taken");
        std::fs::write(&file, "x").unwrap();
        let port = MailFolder::new(file.to_str().unwrap(), "programme@vendor.test").unwrap();
        let mail = OutgoingMail {
            message_id: "mai_1@x".into(),
            to: "ada@example.org".into(),
            subject: "Hello".into(),
            text: "text".into(),
            html: "<p>text</p>".into(),
        };
        assert!(!port.send(&mail).await.unwrap_err().permanent);
    }
}

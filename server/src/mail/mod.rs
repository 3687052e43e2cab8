//! Mail: into a folder, or to a mail server.

mod draft;
mod file;
mod message;
mod render;
mod smtp;

pub use file::MailFolder;
pub use render::render;

use crate::config::Checked;
use kontor::kernel::port::MailPort;
use std::sync::Arc;

/// The port that the configuration asks for; what is wrong with it is said in one line, without its password.
pub fn port(config: &Checked) -> Result<Arc<dyn MailPort>, String> {
    let url = &config.raw.mail_url;
    match url.strip_prefix("file://") {
        Some(folder) => Ok(Arc::new(MailFolder::new(folder, &config.raw.mail_from)?)),
        None => Ok(Arc::new(smtp::MailServer::new(url, &config.raw.mail_from)?)),
    }
}

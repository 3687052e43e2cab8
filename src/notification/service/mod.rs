//! Writing mails into the queue, and sending them.

mod deliver;
mod kept;
mod write;

pub use deliver::{Render, deliver};
pub use kept::{kept_mail, kept_mails};
pub use write::{Recipient, compose_key, write, write_all};

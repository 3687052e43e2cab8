//! Writing mails into the queue, and sending them.

mod deliver;
mod write;

pub use deliver::{Render, deliver};
pub use write::{Recipient, compose_key, write};

//! Writing mails into the queue, and sending them.

mod write;

pub use write::{Recipient, compose_key, write};

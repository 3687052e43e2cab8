//! Erases a person's values from a chain. Their salted digests stay, so that the chain still proves what is left.

use super::append::{Event, append};
use crate::{
    Error,
    audit::{
        chain::{Sealed, VALUES, salts, sealed},
        rows::audit_event,
    },
    kernel::{Kontor, actor::Actor},
};

/// Events read at once.
const PAGE: u64 = 1_000;

/// Erases an address from the chain of the actor's organisation: as who did something, then with the account and from
/// where; as what something was done to; and the facts that mention it. Answers in how many events it was. For whoever
/// has to erase a person: the programme itself calls it, not a page.
pub async fn erase(kontor: &Kontor, actor: &Actor, email: &str) -> Result<u64, Error> {
    // An empty address would be everywhere.
    if email.is_empty() {
        return Ok(0);
    }
    let tx = kontor.db.begin().await?;
    let (mut seq, mut count) = (0, 0);
    loop {
        let page = audit_event::behind(&tx, actor.org, seq, PAGE).await?;
        let Some(last) = page.last() else { break };
        seq = last.seq;
        for event in page {
            if let Some(event) = without(event, email) {
                audit_event::erase(&tx, event).await?;
                count += 1;
            }
        }
    }
    if count > 0 {
        let event = Event::new("audit.erased", "").with(serde_json::json!({ "events": count }));
        append(kontor, &tx, actor.org, actor, event).await?;
    }
    tx.commit().await?;
    Ok(count)
}

/// The event without the address, if it has it.
fn without(mut event: audit_event::Model, email: &str) -> Option<audit_event::Model> {
    let (by, to, said) = (event.actor == email, event.target == email, event.detail.contains(email));
    let gone = VALUES.map(|name| match name {
        "actor" | "account" | "ip" => by,
        "target" => to,
        _ => said,
    });
    if !gone.contains(&true) {
        return None;
    }
    let mut values = sealed(&event);
    for (value, gone) in values.iter_mut().zip(gone) {
        if gone {
            *value = Sealed::Erased(value.digest());
        }
    }
    event.salt = salts(&values);
    if by {
        (event.actor, event.actor_id, event.ip) = (String::new(), None, String::new());
    }
    if to {
        event.target = String::new();
    }
    if said {
        event.detail = String::new();
    }
    Some(event)
}

//! A partner asks many customers at once (domain.md section 4, flow A).

use super::ask::{looked_at, of_partner, request_of};
use crate::{
    Error, Issue, Refusal,
    audit::service::{Event, append},
    job::service::enqueue_all,
    kernel::{Kontor, actor::Actor, db::insert_all, text},
    mapping::{AskMany, AskedMany, MAX_ASKED, rows::request},
    organisation::rows::queue_up,
    partner::service::in_business,
    setting::service::policy,
    subscription::Service,
};
use std::collections::HashSet;

/// Addresses looked up in one statement.
const CHUNK: usize = 1_000;

/// Asks whoever answers for each of many addresses, all of them or none: a line that is no address is named, and nobody is asked
/// before it is mended. Whom the partner has asked already is left out and counted. Each is brought to its customer by a job of
/// its own, so that it does not matter where the work is broken off. The same key asks once.
pub async fn ask_many(kontor: &Kontor, actor: &Actor, input: &AskMany) -> Result<AskedMany, Error> {
    of_partner(actor)?;
    let note = text::optional_line(&input.note, 500).map_err(|issue| Error::field("many_message", issue))?;
    let key = text::line(&input.request_key, 8, 80).map_err(|_| Error::BadRequest)?;
    let addresses = read(&input.list).map_err(|issue| Error::field("file", issue))?;
    let tx = kontor.db.begin().await?;
    queue_up(&tx, &format!("mapping request of {}", actor.org)).await?;
    in_business(&tx, actor.org).await?;
    let mut open = HashSet::new();
    for some in addresses.chunks(CHUNK) {
        let keys = some.iter().map(|email| text::email_key(email)).collect();
        open.extend(request::asked_among(&tx, actor.org, keys, Service::Workplace).await?);
    }
    // The key is that of the first one asked.
    if let Some(known) = request::by_key(&tx, actor.org, &key).await? {
        let same = addresses.iter().any(|email| text::email_key(email) == known.email_key);
        let asked = AskedMany { asked: open.len() as u32, open: 0 };
        return if same { Ok(asked) } else { Err(Refusal::KeyReused.into()) };
    }
    let (now, policy) = (kontor.now(), policy(kontor, &tx).await?);
    let fresh = addresses.iter().filter(|email| !open.contains(&text::email_key(email)));
    let rows: Vec<request::Model> = fresh
        .enumerate()
        .map(|(at, email)| {
            let key = if at == 0 { key.clone() } else { kontor.token() };
            let note = note.clone().unwrap_or_default();
            request_of(kontor, actor, email.clone(), note, key, policy.tag_request_days)
        })
        .collect();
    let asked = rows.len();
    let answer = AskedMany { asked: asked as u32, open: (addresses.len() - asked) as u32 };
    if asked == 0 {
        return Ok(answer);
    }
    let jobs: Result<Vec<_>, Error> = rows.iter().map(|row| looked_at(row.id, now)).collect();
    enqueue_all(kontor, &tx, jobs?).await?;
    insert_all(&tx, rows.into_iter().map(request::ActiveModel::from).collect(), None).await?;
    let event = Event::new("mapping.asked_many", asked.to_string());
    append(kontor, &tx, actor.org, actor, event).await?;
    tx.commit().await?;
    Ok(answer)
}

/// The addresses of a list, each once: one a line, or the first cell of each line of a CSV file. A first line without an
/// address is a heading.
fn read(list: &str) -> Result<Vec<String>, Issue> {
    let (mut addresses, mut known) = (Vec::new(), HashSet::new());
    for (at, line) in list.trim_start_matches('\u{feff}').lines().enumerate() {
        let cell = line.split([',', ';', '\t']).next().unwrap_or_default().trim().trim_matches('"').trim();
        if cell.is_empty() || (at == 0 && !cell.contains('@')) {
            continue;
        }
        let email = text::email(cell).map_err(|_| Issue::BadLine { line: at as u32 + 1 })?;
        if known.insert(text::email_key(&email)) {
            addresses.push(email);
        }
        if addresses.len() > MAX_ASKED as usize {
            return Err(Issue::TooManyLines { max: MAX_ASKED });
        }
    }
    if addresses.is_empty() { Err(Issue::Required) } else { Ok(addresses) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lists_are_read_as_programs_write_them() {
        let csv = "\u{feff}E-Mail;Name\r\n\"a@kunde.example\";A\r\n\r\nb@kunde.example,B\nA@KUNDE.example\n";
        assert_eq!(read(csv), Ok(vec!["a@kunde.example".to_owned(), "b@kunde.example".to_owned()]));
        assert_eq!(read("a@kunde.example\nno address"), Err(Issue::BadLine { line: 2 }));
        assert_eq!(read("\n \n"), Err(Issue::Required));
        let many = |n: u32| (0..n).map(|n| format!("p{n}@kunde.example\n")).collect::<String>();
        assert_eq!(read(&many(MAX_ASKED)).map(|all| all.len()), Ok(MAX_ASKED as usize));
        assert_eq!(read(&many(MAX_ASKED + 1)), Err(Issue::TooManyLines { max: MAX_ASKED }));
    }
}

//! *Import users*: many people of a CSV file.

use super::{
    add_user::{Newcomer, bring_in, in_use, take_seats},
    once,
    users::may_give,
};
use crate::{
    Error, Issue,
    kernel::{Kontor, actor::Actor, id::MemberId, right::Feature, text},
    organisation::{ImportUsers, Imported, MAX_IMPORTED, roles_to_give, rows::member},
};
use std::collections::HashSet;

/// Asks everybody of a list into the organisation in its usual role, all of them or nobody: a line that is wrong is named before
/// anybody is asked, and there must be a licence for each. Who is there already is counted and left alone. The same key asks once.
pub async fn import_users(kontor: &Kontor, actor: &Actor, input: &ImportUsers) -> Result<Imported, Error> {
    actor.require(Feature::UsersEdit)?;
    let role = roles_to_give(actor.kind).first().copied().ok_or(Error::BadRequest)?;
    may_give(actor, role)?;
    let people = read(&input.list).map_err(|issue| Error::field("file", issue))?;
    let keys: Vec<String> = people.iter().map(|one| text::email_key(&one.email)).collect();
    let tx = kontor.db.begin().await?;
    let org = in_use(&tx, actor).await?;
    let known: HashSet<String> =
        member::by_emails(&tx, actor.org, keys).await?.into_iter().map(|(key, _)| key).collect();
    let (there, mut new): (Vec<_>, Vec<_>) =
        people.into_iter().partition(|one| known.contains(&text::email_key(&one.email)));
    let done = Imported { added: new.len() as u32, there: there.len() as u32 };
    let id: MemberId = kontor.id();
    if new.is_empty() || once(kontor, &tx, actor.org, &input.request_key, id).await?.is_some() {
        return Ok(Imported { added: 0, ..done });
    }
    take_seats(&tx, actor, i64::from(done.added)).await?;
    // In one order whatever the file's: two lists with the same people wait for each other's addresses.
    new.sort_by_cached_key(|one| text::email_key(&one.email));
    for one in new {
        let newcomer = Newcomer {
            email: one.email,
            first_name: one.first_name,
            last_name: one.last_name,
            role,
            own_role: None,
            role_name: role.key().to_owned(),
            request_key: String::new(),
            sign_in_at: "/admin",
        };
        let brought = bring_in(kontor, &tx, actor, &org, kontor.id(), newcomer).await;
        brought.map_err(|error| at_line(error, one.line))?;
    }
    crate::mapping::service::refresh(kontor, &tx, actor.org).await?;
    tx.commit().await?;
    kontor.hub.tell(actor.org, "user");
    Ok(done)
}

/// An address that is a group's or somebody's further one is said of its line.
fn at_line(error: Error, line: u32) -> Error {
    match error == Error::field("email", Issue::AddressTaken) {
        true => Error::field("file", Issue::TakenInLine { line }),
        false => error,
    }
}

/// A line of the list.
#[derive(Debug, PartialEq, Eq)]
struct Line {
    /// Which, from 1.
    line: u32,
    email: String,
    first_name: String,
    last_name: String,
}

/// The people of a list, each address once. Cells are separated by what the first line separates them by (comma, semicolon or
/// tab) and may be quoted (RFC 4180). A first line without an address is a heading.
fn read(list: &str) -> Result<Vec<Line>, Issue> {
    let list = list.trim_start_matches('\u{feff}');
    let first = list.lines().next().unwrap_or_default();
    let separator = [b';', b'\t'].into_iter().find(|s| first.as_bytes().contains(s)).unwrap_or(b',');
    let mut reader = csv::ReaderBuilder::new()
        .has_headers(false)
        .flexible(true)
        .delimiter(separator)
        .trim(csv::Trim::All)
        .from_reader(list.as_bytes());
    let (mut people, mut known) = (Vec::new(), HashSet::new());
    for (at, record) in reader.records().enumerate() {
        let record = record.map_err(|_| Issue::BadLine { line: at as u32 + 1 })?;
        let line = line_of(list, &record);
        let cell = |n: usize| record.get(n).unwrap_or_default();
        if record.iter().all(str::is_empty) || (at == 0 && !cell(0).contains('@')) {
            continue;
        }
        let email = text::email(cell(0)).map_err(|_| Issue::BadLine { line })?;
        let name = |n: usize| text::line(cell(n), 1, 80).map_err(|_| Issue::BadName { line });
        let (first_name, last_name) = (name(1)?, name(2)?);
        if known.insert(text::email_key(&email)) {
            people.push(Line { line, email, first_name, last_name });
        }
        if people.len() > MAX_IMPORTED as usize {
            return Err(Issue::TooManyLines { max: MAX_IMPORTED });
        }
    }
    if people.is_empty() { Err(Issue::Required) } else { Ok(people) }
}

/// The line a record begins in, from 1. Where the reader stands may still be the end of the line before, or an empty one.
fn line_of(list: &str, record: &csv::StringRecord) -> u32 {
    let from = record.position().map_or(0, csv::Position::byte) as usize;
    let rest = list.get(from..).unwrap_or_default().trim_start_matches(['\r', '\n']);
    let before = &list[..list.len() - rest.len()];
    before.matches('\n').count() as u32 + 1
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lists_are_read_as_programs_write_them() {
        let line = |line, email: &str, first_name: &str, last_name: &str| Line {
            line,
            email: email.into(),
            first_name: first_name.into(),
            last_name: last_name.into(),
        };
        let german = "\u{feff}E-Mail;Vorname;Nachname\r\n\"a@kunde.example\";Änne;\"Groß; Dr.\"\r\n\r\nA@KUNDE.example;x;y\r\n";
        assert_eq!(read(german), Ok(vec![line(2, "a@kunde.example", "Änne", "Groß; Dr.")]));
        let plain = "a@kunde.example, Ada ,Byron\nb@kunde.example,Bo,Li";
        let both = vec![line(1, "a@kunde.example", "Ada", "Byron"), line(2, "b@kunde.example", "Bo", "Li")];
        assert_eq!(read(plain), Ok(both));
        assert_eq!(read("a@kunde.example,Ada,Byron\nnobody,x,y"), Err(Issue::BadLine { line: 2 }));
        assert_eq!(read("a@kunde.example,A,B\r\n\r\nnobody,x,y\r\n"), Err(Issue::BadLine { line: 3 }));
        assert_eq!(read("a@kunde.example,Ada"), Err(Issue::BadName { line: 1 }));
        assert_eq!(read("\n \n"), Err(Issue::Required));
        let many = |n: u32| (0..n).map(|n| format!("p{n}@kunde.example,P,{n}\n")).collect::<String>();
        assert_eq!(read(&many(MAX_IMPORTED)).map(|all| all.len()), Ok(MAX_IMPORTED as usize));
        assert_eq!(read(&many(MAX_IMPORTED + 1)), Err(Issue::TooManyLines { max: MAX_IMPORTED }));
    }
}

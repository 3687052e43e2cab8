//! The lines behind a figure (domain.md section 11, R11.5).

use super::readable;
use crate::{
    Error,
    kernel::{Kontor, actor::Actor},
    ledger::{LINES, LinePage, LineQuery, rows::line},
};
use std::{cmp::Reverse, collections::BTreeSet};

/// A page of the entries a query asks for, latest first. Their sum over all pages is what the summaries say.
pub async fn entries(kontor: &Kontor, actor: &Actor, query: &LineQuery) -> Result<LinePage, Error> {
    let owner = readable(actor, query.owner)?;
    let mut lines = Vec::new();
    // Each account is a walk of its own along the index: in one statement the database would sort them all.
    for account in query.accounts.iter().collect::<BTreeSet<_>>() {
        lines.extend(line::of_account(kontor.db.read(), owner, *account, query, LINES + 1).await?);
    }
    lines.sort_by_key(|line| Reverse(line.place));
    let more = lines.len() > LINES;
    lines.truncate(LINES);
    let next = lines.last().filter(|_| more).map(|line| line.place);
    Ok(LinePage { lines, next })
}

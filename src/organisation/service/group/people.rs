//! Who is in a group.

use super::locked;
use crate::{
    Error, Issue,
    account::rows::account,
    audit::service::{Event, append},
    kernel::{
        Kontor,
        actor::Actor,
        db::insert_all,
        id::{GroupId, MemberId},
        right::Feature,
        text,
    },
    organisation::rows::{address, group::group_member, member},
};
use sea_orm::DatabaseTransaction;
use std::collections::HashSet;

/// Most people named at once.
const MOST: usize = 200;

/// Takes people into a group: named by their own or a further address, one a line or separated by commas, all of them or nobody.
/// Who is in already stays. Answers how many came in.
/// Errors of the field `people`: [`Issue::NobodyHere`], [`Issue::BadLine`], [`Issue::TooManyLines`].
pub async fn join_group(kontor: &Kontor, actor: &Actor, id: GroupId, typed: &str) -> Result<u32, Error> {
    actor.require(Feature::GroupsEdit)?;
    let tx = kontor.db.begin().await?;
    let row = locked(&tx, actor, id).await?;
    let named = read(typed).map_err(|issue| Error::field("people", issue))?;
    let found = find(&tx, actor, &named).await?;
    let mut known: HashSet<MemberId> =
        group_member::among(&tx, id, found.clone()).await?.into_iter().collect();
    let new: Vec<MemberId> = found.into_iter().filter(|person| known.insert(*person)).collect();
    if new.is_empty() {
        return Ok(0);
    }
    let (count, now) = (new.len() as u32, kontor.now());
    let row_of = |member_id| group_member::Model { group_id: id, member_id, added_at: now }.into();
    let rows: Vec<group_member::ActiveModel> = new.into_iter().map(row_of).collect();
    insert_all(&tx, rows, None).await?;
    let facts = serde_json::json!({ "people": named.iter().map(|one| &one.1).collect::<Vec<_>>() });
    append(kontor, &tx, actor.org, actor, Event::new("group.joined", &row.name).with(facts)).await?;
    tx.commit().await?;
    kontor.hub.tell(actor.org, "group");
    Ok(count)
}

/// Takes a person out of a group. Again changes nothing.
pub async fn leave_group(kontor: &Kontor, actor: &Actor, id: GroupId, user: MemberId) -> Result<(), Error> {
    actor.require(Feature::GroupsEdit)?;
    let tx = kontor.db.begin().await?;
    let row = locked(&tx, actor, id).await?;
    let person = member::by_id(&tx, actor.org, user).await?.ok_or(Error::NotFound)?;
    if !group_member::remove(&tx, id, user).await? {
        return Ok(());
    }
    let person = account::by_id(&tx, person.account_id).await?.ok_or(Error::NotFound)?;
    let facts = serde_json::json!({ "people": [person.email] });
    append(kontor, &tx, actor.org, actor, Event::new("group.left", &row.name).with(facts)).await?;
    tx.commit().await?;
    kontor.hub.tell(actor.org, "group");
    Ok(())
}

/// The addresses that were typed, folded, each with its line.
fn read(typed: &str) -> Result<Vec<(u32, String)>, Issue> {
    let mut named = Vec::new();
    for (at, text) in typed.lines().enumerate() {
        let line = at as u32 + 1;
        for one in text.split([',', ';']).map(str::trim).filter(|one| !one.is_empty()) {
            let email = text::email(one).map_err(|_| Issue::BadLine { line })?;
            named.push((line, text::email_key(&email)));
        }
    }
    match named.len() {
        0 => Err(Issue::Required),
        many if many > MOST => Err(Issue::TooManyLines { max: MOST as u32 }),
        _ => Ok(named),
    }
}

/// Whom these addresses name, in their order.
async fn find(
    tx: &DatabaseTransaction,
    actor: &Actor,
    named: &[(u32, String)],
) -> Result<Vec<MemberId>, Error> {
    let keys: Vec<String> = named.iter().map(|one| one.1.clone()).collect();
    let own = member::by_emails(tx, actor.org, keys.clone()).await?;
    let further = address::among(tx, actor.org, keys).await?;
    let person = |(line, key): &(u32, String)| {
        let theirs = own.iter().find(|(email, _)| email == key).map(|(_, place)| place.id);
        let other = || further.iter().find(|row| row.address == *key).and_then(|row| row.member_id);
        theirs.or_else(other).ok_or(Error::field("people", Issue::NobodyHere { line: *line }))
    };
    named.iter().map(person).collect()
}

//! An organisation's people, page by page.

use crate::{
    Error,
    account::rows::account,
    kernel::{
        Kontor,
        actor::{Actor, Standing},
        right::{Feature, OrgKind, Role},
        text::fold,
    },
    organisation::{
        MemberStatus, UserRow, UsersPage, UsersQuery, roles_to_give,
        rows::{invitation, member},
    },
    subscription::service::licences,
};

/// People on a page.
pub const PAGE: u64 = 50;

/// A page of the organisation's people, by last name.
pub async fn users(kontor: &Kontor, actor: &Actor, query: UsersQuery) -> Result<UsersPage, Error> {
    actor.require(Feature::UsersView)?;
    let db = kontor.db.read();
    let backwards = query.before.is_some() && query.after.is_none();
    let from = match query.after.or(query.before) {
        // A cursor of somebody who is not there (any more) begins again at the first page.
        Some(id) => member::by_id(db, actor.org, id).await?,
        None => None,
    };
    let pattern = pattern(&query.q);
    let mut members = member::page(actor.org, pattern, from.as_ref(), backwards && from.is_some(), PAGE + 1)
        .all(db)
        .await?;
    let more = members.len() as u64 > PAGE;
    members.truncate(PAGE as usize);
    let (mut after, mut before) = (None, None);
    if backwards && from.is_some() {
        members.reverse();
        after = members.last().map(|m| m.id);
        before = members.first().filter(|_| more).map(|m| m.id);
    } else {
        after = members.last().filter(|_| more).map(|m| m.id).or(after);
        before = members.first().filter(|_| from.is_some()).map(|m| m.id).or(before);
    }
    let accounts = account::by_ids(db, members.iter().map(|m| m.account_id).collect()).await?;
    let invited = members.iter().filter(|m| m.status == MemberStatus::Invited).map(|m| m.id).collect();
    let invited = invitation::names(db, invited).await?;
    let row = |m: member::Model| {
        let person = accounts.iter().find(|a| a.id == m.account_id)?;
        // What the account is called is its owner's to show: until they come, it is whatever they were asked in by.
        let asked =
            || invited.iter().find(|i| i.member_id == m.id).map(|i| i.name.clone()).unwrap_or_default();
        let name = match m.status {
            MemberStatus::Invited => asked(),
            _ => format!("{} {}", person.first_name, person.last_name).trim().to_owned(),
        };
        Some(UserRow {
            id: m.id,
            name,
            email: person.email.clone(),
            role: m.role,
            status: m.status,
            since: m.created_at,
            changeable: actor.may(Feature::UsersEdit) && may_change(actor, m.role).is_ok(),
            version: m.version,
        })
    };
    Ok(UsersPage {
        rows: members.into_iter().filter_map(row).collect(),
        after,
        before,
        licences: licences(db, actor.org).await?,
        roles: givable(actor),
    })
}

/// A LIKE pattern (escape character `!`) that finds the folded words anywhere in the sort key.
fn pattern(q: &str) -> Option<String> {
    let folded = fold(&q.chars().take(100).collect::<String>());
    let escaped = folded.replace('!', "!!").replace('%', "!%").replace('_', "!_");
    (!escaped.is_empty()).then(|| format!("%{escaped}%"))
}

/// The roles the actor may give to somebody new.
pub(super) fn givable(actor: &Actor) -> Vec<Role> {
    let all = roles_to_give(actor.kind).iter().copied();
    all.filter(|role| actor.may(Feature::UsersEdit) && may_give(actor, *role).is_ok()).collect()
}

/// Whether the actor may give the role: nobody gives more than they have, and admins of a customer are made by its
/// super admin only (forbidden act 3).
pub(super) fn may_give(actor: &Actor, role: Role) -> Result<(), Error> {
    if !roles_to_give(actor.kind).contains(&role) {
        // The role with the last word is handed on, not given.
        return actor.require(Feature::SuperAdminChange).and(Err(Error::Forbidden));
    }
    if role == Role::CustomerAdmin {
        actor.require(Feature::AdminRoleChange)?;
    }
    within(actor, role)
}

/// Whether the actor may suspend or restore somebody of the role. Under a grant that is plain users only.
pub(super) fn may_change(actor: &Actor, role: Role) -> Result<(), Error> {
    if matches!(actor.standing, Standing::Acting { .. }) && role != Role::User {
        return Err(Error::DelegatedForbidden);
    }
    within(actor, role)
}

fn within(actor: &Actor, role: Role) -> Result<(), Error> {
    let theirs = role.features();
    // The vendor's roles do not nest; whoever edits people there is the vendor admin.
    let all = actor.features().and(theirs) == theirs || actor.kind == OrgKind::Vendor;
    if all { Ok(()) } else { Err(Error::Forbidden) }
}

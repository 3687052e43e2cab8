//! An organisation's people, page by page.

use crate::{
    Error,
    account::rows::account,
    kernel::{
        Kontor,
        actor::{Actor, Standing},
        id::{MemberId, OrgId},
        right::{Feature, Features, OrgKind, Role},
        text::fold,
    },
    organisation::{
        MemberStatus, UserRow, UsersPage, UsersQuery, roles_to_give,
        rows::{invitation, member},
    },
    partner::rows::store_role,
    subscription::service::licences,
};
use sea_orm::ConnectionTrait;

/// People on a page.
pub const PAGE: u64 = 50;

/// A page of the organisation's people, by last name.
pub async fn users(kontor: &Kontor, actor: &Actor, query: UsersQuery) -> Result<UsersPage, Error> {
    actor.require(Feature::UsersView)?;
    let db = kontor.db.read();
    let found = find(db, actor.org, &query).await?;
    let own = own_roles(db, actor).await?;
    let (after, before) = (found.after, found.before);
    let row = |(m, person): (member::Model, account::Model)| {
        let role = own.iter().find(|r| Some(r.id) == m.store_role_id);
        let features = m.role.features_with(role.map(|r| r.features.as_str()));
        UserRow {
            id: m.id,
            name: found.name(&m, &person),
            email: person.email,
            role: m.role,
            own_role: role.map(|r| r.name.clone()),
            status: m.status,
            licensed: m.licensed,
            since: m.created_at,
            changeable: actor.may(Feature::UsersSuspend) && may_change(actor, m.role, features).is_ok(),
            version: m.version,
        }
    };
    Ok(UsersPage {
        rows: found.rows.iter().cloned().map(row).collect(),
        after,
        before,
        licences: licences(db, actor.org).await?,
        roles: givable(actor),
    })
}

/// The partner's own roles; other organisations have none.
async fn own_roles(db: &impl ConnectionTrait, actor: &Actor) -> Result<Vec<store_role::Model>, Error> {
    match actor.kind {
        OrgKind::Partner => Ok(store_role::of_partner(db, actor.org).await?),
        OrgKind::Vendor | OrgKind::Customer => Ok(Vec::new()),
    }
}

/// What somebody may do in the organisation of their place.
pub(crate) async fn features_of(db: &impl ConnectionTrait, row: &member::Model) -> Result<Features, Error> {
    let own = match row.store_role_id {
        Some(id) => store_role::held(db, row.org_id, id).await?,
        None => None,
    };
    Ok(row.role.features_with(own.as_ref().map(|r| r.features.as_str())))
}

/// Who was found, and where the pages beside this one are.
pub(crate) struct Found {
    /// The places with their people.
    pub rows: Vec<(member::Model, account::Model)>,
    /// Where the next page begins, if there is one.
    pub after: Option<MemberId>,
    /// Where the previous page ends, if there is one.
    pub before: Option<MemberId>,
    invited: Vec<invitation::Model>,
}

impl Found {
    /// What somebody is called in a list of people. What the account is called is its owner's to show: until they
    /// come, it is whatever they were asked in by.
    pub fn name(&self, place: &member::Model, person: &account::Model) -> String {
        match place.status {
            MemberStatus::Invited => self
                .invited
                .iter()
                .find(|i| i.member_id == place.id)
                .map(|i| i.name.clone())
                .unwrap_or_default(),
            _ => format!("{} {}", person.first_name, person.last_name).trim().to_owned(),
        }
    }
}

/// A page of an organisation's people. Whoever calls has asked for the right.
pub(crate) async fn find(db: &impl ConnectionTrait, org: OrgId, query: &UsersQuery) -> Result<Found, Error> {
    let backwards = query.before.is_some() && query.after.is_none();
    let from = match query.after.or(query.before) {
        // A cursor of somebody who is not there (any more) begins again at the first page.
        Some(id) => member::by_id(db, org, id).await?,
        None => None,
    };
    let pattern = pattern(&query.q);
    let mut members =
        member::page(org, query.group, pattern, from.as_ref(), backwards && from.is_some(), PAGE + 1)
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
    let with_account = |m: member::Model| {
        let person = accounts.iter().find(|a| a.id == m.account_id)?.clone();
        Some((m, person))
    };
    Ok(Found { rows: members.into_iter().filter_map(with_account).collect(), after, before, invited })
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
    within(actor, role.features())
}

/// Whether the actor may suspend or restore somebody of the role, who may do `theirs`. Under a grant that is plain users
/// only.
pub(super) fn may_change(actor: &Actor, role: Role, theirs: Features) -> Result<(), Error> {
    if matches!(actor.standing, Standing::Acting { .. }) && role != Role::User {
        return Err(Error::DelegatedForbidden);
    }
    within(actor, theirs)
}

fn within(actor: &Actor, theirs: Features) -> Result<(), Error> {
    // The vendor's roles do not nest; whoever edits people there is the vendor admin.
    let all = actor.features().contain(theirs) || actor.kind == OrgKind::Vendor;
    if all { Ok(()) } else { Err(Error::Forbidden) }
}

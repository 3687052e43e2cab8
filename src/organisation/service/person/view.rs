//! A person's page.

use crate::{
    Error,
    account::rows::{account, session},
    delegation::service::proof_asked,
    kernel::{
        Kontor,
        actor::{Actor, Viewer},
        id::MemberId,
        right::{Feature, Role},
    },
    organisation::{
        MemberStatus, PersonView, UserRow,
        rows::{address, group, invitation, member},
        service::users::{features_of, may_change},
    },
    partner::rows::store_role,
    setting::service::policy,
    subscription::service::licences,
};

/// A person of the actor's organisation, and what the actor may do with them.
pub async fn person(
    kontor: &Kontor,
    viewer: &Viewer,
    actor: &Actor,
    user: MemberId,
) -> Result<PersonView, Error> {
    actor.require(Feature::UsersView)?;
    let db = kontor.db.read();
    let row = member::by_id(db, actor.org, user).await?.ok_or(Error::NotFound)?;
    let person = account::by_id(db, row.account_id).await?.ok_or(Error::NotFound)?;
    let invited = row.status == MemberStatus::Invited;
    // Until they come, nobody learns what an account of that address is called (R2.3).
    let asked = if invited { invitation::names(db, vec![row.id]).await?.pop() } else { None };
    let name = match asked {
        Some(asked) => asked.name,
        None => format!("{} {}", person.first_name, person.last_name).trim().to_owned(),
    };
    let own_role = match row.store_role_id {
        Some(id) => store_role::of_partner(db, actor.org).await?.into_iter().find(|role| role.id == id),
        None => None,
    };
    let last_sign_in = match invited {
        true => None,
        false => session::latest(db, vec![person.id]).await?.pop().map(|found| found.1),
    };
    let features = features_of(db, &row).await?;
    let plain = matches!(row.role, Role::User | Role::CustomerAdmin);
    let other = if row.role == Role::User { Role::CustomerAdmin } else { Role::User };
    let policy = policy(kontor, db).await?;
    let session = viewer.signed_in()?;
    let changes = may_change(actor, row.role, features).is_ok();
    let groups = group::of_member(db, row.id).await?.into_iter();
    Ok(PersonView {
        aliases: address::of_member(db, row.id).await?,
        groups: groups.map(|group| (group.id, group.name)).collect(),
        edit: changes && actor.may(Feature::UsersEdit),
        has_licences: licences(db, actor.org).await?.is_some(),
        last_sign_in,
        second_factor: !invited && person.has_factor(),
        other_role: (plain && actor.may(Feature::AdminRoleChange)).then_some(other),
        hand_over: plain && row.status == MemberStatus::Active && actor.may(Feature::SuperAdminChange),
        reset: !invited && person.password_hash.is_some() && actor.may(Feature::UserPasswordReset),
        delete: plain && actor.may(Feature::UserDelete),
        proof: proof_asked(kontor, session, &policy, session.second_factor),
        row: UserRow {
            id: row.id,
            name,
            email: person.email,
            role: row.role,
            own_role: own_role.map(|role| role.name),
            status: row.status,
            licensed: row.licensed,
            since: row.created_at,
            changeable: changes && actor.may(Feature::UsersSuspend),
            version: row.version,
        },
    })
}

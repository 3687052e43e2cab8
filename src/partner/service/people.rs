//! The people of a Partner Store: who they are, asking them in, giving them another role, suspending them.

use super::roles::{givable, manages, within};
use crate::{
    Error, Issue, Problems,
    account::rows::{account, session},
    audit::service::{Event, append},
    kernel::{
        Kontor,
        actor::Actor,
        id::{MemberId, StoreRoleId},
        right::{Features, Role},
        text,
    },
    organisation::{
        AddUser, MemberStatus, UsersQuery,
        rows::{member, organisation},
        service::{Newcomer, ask_in, features_of, find, not_the_last, set_suspended},
    },
    partner::{RoleHeld, StorePeople, StorePerson, StoreRole, people::BUILT_IN, rows::store_role},
};
use sea_orm::{ActiveValue::Set, DatabaseTransaction, EntityTrait};

/// A page of the store's people by name, its own roles, and what whoever asks may give.
pub async fn people(kontor: &Kontor, actor: &Actor, query: UsersQuery) -> Result<StorePeople, Error> {
    manages(actor)?;
    let db = kontor.db.read();
    let own = store_role::of_partner(db, actor.org).await?;
    let found = find(db, actor.org, &query).await?;
    // Of those who have not come yet nothing is told, not even that they have an account (R2.3).
    let come = found.rows.iter().filter(|(m, _)| m.status != MemberStatus::Invited);
    let latest = session::latest(db, come.map(|(m, _)| m.account_id).collect()).await?;
    let row = |(m, person): &(member::Model, account::Model)| {
        let role = own.iter().find(|r| Some(r.id) == m.store_role_id);
        let features = m.role.features_with(role.map(|r| r.features.as_str()));
        StorePerson {
            id: m.id,
            name: found.name(m, person),
            email: person.email.clone(),
            role: role.map_or(RoleHeld::BuiltIn(m.role), |r| RoleHeld::Own(r.id, r.name.clone())),
            status: m.status,
            second_factor: (m.status != MemberStatus::Invited).then_some(person.has_factor()),
            signed_in: latest.iter().find(|(id, _)| *id == m.account_id).map(|(_, at)| *at),
            changeable: within(actor, features).is_ok(),
            version: m.version,
        }
    };
    let roles: Vec<StoreRole> = own.iter().map(|role| shown(actor, role)).collect();
    let built_in = BUILT_IN.into_iter().filter(|role| within(actor, role.features()).is_ok());
    let choices = built_in.map(RoleHeld::BuiltIn);
    let made = roles.iter().filter(|r| r.changeable).map(|r| RoleHeld::Own(r.id, r.name.clone()));
    Ok(StorePeople {
        rows: found.rows.iter().map(row).collect(),
        after: found.after,
        before: found.before,
        choices: choices.chain(made).collect(),
        givable: givable(actor),
        roles,
    })
}

fn shown(actor: &Actor, role: &store_role::Model) -> StoreRole {
    let features = Role::PartnerCustom.features_with(Some(&role.features));
    StoreRole {
        id: role.id,
        name: role.name.clone(),
        description: role.description.clone(),
        features,
        changeable: within(actor, features).is_ok(),
        version: role.version,
    }
}

/// A role as somebody is about to get it.
struct Wanted {
    role: Role,
    own: Option<StoreRoleId>,
    name: String,
    features: Features,
}

/// The role of a form's choice. One of the partner's own is held until the transaction ends, so that nobody deletes
/// it, or puts more into it, meanwhile.
async fn wanted(tx: &DatabaseTransaction, actor: &Actor, key: &str) -> Result<Wanted, Error> {
    let key = key.trim();
    if key.is_empty() {
        return Err(Error::field("role", Issue::Required));
    }
    let wanted = match key.parse::<StoreRoleId>() {
        Ok(id) => store_role::held(tx, actor.org, id).await?.map(|row| Wanted {
            role: Role::PartnerCustom,
            own: Some(id),
            features: Role::PartnerCustom.features_with(Some(&row.features)),
            name: row.name,
        }),
        Err(_) => Role::from_key(key).filter(|role| BUILT_IN.contains(role)).map(|role| Wanted {
            role,
            own: None,
            features: role.features(),
            name: role.key().to_owned(),
        }),
    };
    let wanted = wanted.ok_or_else(|| Error::field("role", Issue::NotAChoice))?;
    within(actor, wanted.features)?;
    Ok(wanted)
}

/// Asks a person into the store with a role: the key of one that comes with the programme, or the id of the partner's
/// own. Names may be empty. They get a link to set a password, or to sign in. The same `request_key` adds one person.
/// `Invalid` names what is wrong, `Forbidden` if the role allows more than whoever gives it has.
pub async fn add_person(kontor: &Kontor, actor: &Actor, input: AddUser) -> Result<MemberId, Error> {
    manages(actor)?;
    let mut problems = Problems::new();
    let email = problems.take("email", text::email(&input.email));
    let first_name = problems.take("first_name", text::line(&input.first_name, 0, 80));
    let last_name = problems.take("last_name", text::line(&input.last_name, 0, 80));
    let tx = kontor.db.begin().await?;
    let role = match wanted(&tx, actor, &input.role).await {
        Ok(role) => Some(role),
        // Said with whatever else is wrong.
        Err(Error::Invalid(fields)) => {
            fields.into_iter().for_each(|f| problems.add(&f.field, f.issue));
            None
        }
        Err(other) => return Err(other),
    };
    problems.finish()?;
    let role = role.ok_or(Error::BadRequest)?;
    let newcomer = Newcomer {
        email,
        first_name,
        last_name,
        role: role.role,
        own_role: role.own,
        role_name: role.name,
        request_key: input.request_key,
        sign_in_at: "/store",
    };
    ask_in(kontor, tx, actor, newcomer).await
}

/// Gives a person another role, which holds at their next request. `StaleVersion` if they were changed meanwhile,
/// `LastOwner` for the only owner, `Forbidden` if either role allows more than whoever asks has.
pub async fn change_person(
    kontor: &Kontor,
    actor: &Actor,
    user: MemberId,
    version: i64,
    role: &str,
) -> Result<(), Error> {
    manages(actor)?;
    let tx = kontor.db.begin().await?;
    // Two owners who demote each other at the same moment: one after the other.
    organisation::locked(&tx, actor.org).await?.ok_or(Error::NotFound)?;
    let row = member::by_id(&tx, actor.org, user).await?.ok_or(Error::NotFound)?;
    within(actor, features_of(&tx, &row).await?)?;
    let wanted = wanted(&tx, actor, role).await?;
    if (row.role, row.store_role_id) == (wanted.role, wanted.own) {
        return Ok(());
    }
    if row.version != version {
        return Err(Error::StaleVersion);
    }
    if !wanted.role.is_last_word() {
        not_the_last(&tx, &row).await?;
    }
    let person = account::by_id(&tx, row.account_id).await?.ok_or(Error::NotFound)?;
    let update = member::ActiveModel {
        id: Set(row.id),
        role: Set(wanted.role),
        store_role_id: Set(wanted.own),
        version: Set(row.version + 1),
        ..Default::default()
    };
    member::Entity::update(update).exec(&tx).await?;
    let facts = serde_json::json!({ "from": row.role.key(), "role": wanted.name });
    append(kontor, &tx, actor.org, actor, Event::new("user.role_changed", &person.email).with(facts)).await?;
    tx.commit().await?;
    kontor.hub.tell(actor.org, "user");
    Ok(())
}

/// Suspends a person: the store is closed to them from their next request on. `LastOwner` for the only owner,
/// `Forbidden` if they may do more than whoever asks.
pub async fn suspend_person(
    kontor: &Kontor,
    actor: &Actor,
    user: MemberId,
    version: i64,
) -> Result<(), Error> {
    manages(actor)?;
    set_suspended(kontor, actor, user, version, true).await
}

/// Lets a suspended person in again.
pub async fn restore_person(
    kontor: &Kontor,
    actor: &Actor,
    user: MemberId,
    version: i64,
) -> Result<(), Error> {
    manages(actor)?;
    set_suspended(kontor, actor, user, version, false).await
}

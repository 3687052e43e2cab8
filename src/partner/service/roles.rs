//! The roles a partner makes itself: a name and what it allows. They hold at the next request of whoever has them.

use crate::{
    Error, Issue, Problems, Refusal,
    audit::service::{Event, append},
    kernel::{
        Kontor,
        actor::Actor,
        id::StoreRoleId,
        right::{Feature, Features, OrgKind, STORE_FEATURES},
        text::{fold, line},
    },
    organisation::rows::{member, queue_up},
    partner::{RoleForm, rows::store_role},
};
use sea_orm::{ActiveModelTrait, DatabaseTransaction, EntityTrait, IntoActiveModel};

/// The right, in a partner: other organisations have no store.
pub(super) fn manages(actor: &Actor) -> Result<(), Error> {
    actor.require(Feature::StoreUsersManage)?;
    if actor.kind == OrgKind::Partner { Ok(()) } else { Err(Error::NotFound) }
}

/// What whoever asks may put into a role: of the partner's side, what they have themselves.
pub(super) fn givable(actor: &Actor) -> Features {
    actor.features().and(Features::of(&STORE_FEATURES))
}

/// `Forbidden` unless whoever asks has all of these themselves: nobody gives, takes or changes more than they have.
pub(super) fn within(actor: &Actor, features: Features) -> Result<(), Error> {
    if actor.features().contain(features) { Ok(()) } else { Err(Error::Forbidden) }
}

/// A checked form: name, description, features.
fn check(form: &RoleForm) -> Result<(String, String, Features), Error> {
    let mut problems = Problems::new();
    let name = problems.take("name", line(&form.name, 1, 60));
    let description = problems.take("description", line(&form.description, 0, 255));
    let known = |key: &String| STORE_FEATURES.iter().copied().find(|f| f.key() == key);
    let features: Option<Vec<Feature>> = form.features.iter().map(known).collect();
    let features = match features {
        None => Err(Issue::NotAChoice),
        Some(none) if none.is_empty() => Err(Issue::Required),
        Some(some) => Ok(Features::of(&some)),
    };
    let features = problems.take("features", features);
    problems.finish()?;
    Ok((name, description, features))
}

/// Two of one name at the same moment: the second waits here, and is told.
async fn one_by_one(tx: &DatabaseTransaction, actor: &Actor) -> Result<(), Error> {
    Ok(queue_up(tx, &format!("store role {}", actor.org)).await?)
}

/// The folded name, if no other role of the partner has it.
async fn free_name(
    tx: &DatabaseTransaction,
    actor: &Actor,
    name: &str,
    own: Option<StoreRoleId>,
) -> Result<String, Error> {
    let key = fold(name);
    match store_role::by_name_key(tx, actor.org, &key).await? {
        Some(other) if Some(other.id) != own => Err(Error::field("name", Issue::NameTaken)),
        _ => Ok(key),
    }
}

/// Makes a role of the partner's own. `Invalid` names what is wrong with the form; `Forbidden` if it allows more than
/// whoever makes it has.
pub async fn create_role(kontor: &Kontor, actor: &Actor, form: &RoleForm) -> Result<StoreRoleId, Error> {
    manages(actor)?;
    let (name, description, features) = check(form)?;
    within(actor, features)?;
    let tx = kontor.db.begin().await?;
    one_by_one(&tx, actor).await?;
    let name_key = free_name(&tx, actor, &name, None).await?;
    let row = store_role::Model {
        id: kontor.id(),
        partner_id: actor.org,
        name_key,
        description,
        features: features.keys(),
        version: 1,
        name,
    };
    let (id, name) = (row.id, row.name.clone());
    let facts = serde_json::json!({ "features": row.features });
    store_role::Entity::insert(row.into_active_model()).exec_without_returning(&tx).await?;
    append(kontor, &tx, actor.org, actor, Event::new("store_role.created", name).with(facts)).await?;
    tx.commit().await?;
    kontor.hub.tell(actor.org, "user");
    Ok(id)
}

/// Changes a role for everybody who has it. `StaleVersion` if somebody else changed it meanwhile, `Forbidden` if it
/// allowed, or would allow, more than whoever changes it has.
pub async fn edit_role(
    kontor: &Kontor,
    actor: &Actor,
    role: StoreRoleId,
    version: i64,
    form: &RoleForm,
) -> Result<(), Error> {
    manages(actor)?;
    let tx = kontor.db.begin().await?;
    one_by_one(&tx, actor).await?;
    let before = store_role::locked(&tx, actor.org, role).await?.ok_or(Error::NotFound)?;
    let (name, description, features) = check(form)?;
    within(actor, features)?;
    within(actor, Features::from_keys(&before.features))?;
    let name_key = free_name(&tx, actor, &name, Some(role)).await?;
    let mut row = before.clone();
    (row.name, row.name_key, row.description) = (name, name_key, description);
    row.features = features.keys();
    if row == before {
        return Ok(());
    }
    if before.version != version {
        return Err(Error::StaleVersion);
    }
    row.version += 1;
    let facts = serde_json::json!({
        "features": row.features,
        "before": { "name": before.name, "features": before.features },
    });
    let name = row.name.clone();
    store_role::Entity::update(row.into_active_model().reset_all()).exec(&tx).await?;
    append(kontor, &tx, actor.org, actor, Event::new("store_role.changed", name).with(facts)).await?;
    tx.commit().await?;
    kontor.hub.tell(actor.org, "user");
    Ok(())
}

/// Deletes a role that nobody has; `RoleInUse` if somebody does, also somebody who is suspended or still asked in.
pub async fn delete_role(kontor: &Kontor, actor: &Actor, role: StoreRoleId) -> Result<(), Error> {
    manages(actor)?;
    let tx = kontor.db.begin().await?;
    let row = store_role::locked(&tx, actor.org, role).await?.ok_or(Error::NotFound)?;
    within(actor, Features::from_keys(&row.features))?;
    if member::any_in_own_role(&tx, actor.org, role).await? {
        return Err(Refusal::RoleInUse.into());
    }
    store_role::Entity::delete_by_id(role).exec(&tx).await?;
    append(kontor, &tx, actor.org, actor, Event::new("store_role.deleted", row.name)).await?;
    tx.commit().await?;
    kontor.hub.tell(actor.org, "user");
    Ok(())
}

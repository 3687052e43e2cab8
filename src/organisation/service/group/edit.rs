//! Making, changing and deleting a group.

use super::locked;
use crate::{
    Error, Issue, Problems, Refusal,
    audit::service::{Event, append},
    kernel::{Kontor, actor::Actor, id::GroupId, right::Feature, text},
    organisation::{
        GroupForm, MAX_GROUPS,
        rows::{address, group, group::group_member, organisation},
        service::{add_user::give_out, once, person::free_address},
    },
};
use sea_orm::{ActiveValue::Set, DatabaseTransaction, EntityTrait};

/// What was typed, checked, but for the address.
struct Checked {
    name: String,
    sort_key: String,
    description: String,
}

fn check(form: &GroupForm) -> Result<Checked, Error> {
    let mut problems = Problems::new();
    let name = problems.take("group_name", text::line(&form.group_name, 2, 80));
    let description = problems.take("description", text::optional_line(&form.description, 300));
    problems.finish()?;
    Ok(Checked { sort_key: text::fold(&name), name, description: description.unwrap_or_default() })
}

/// Makes a group. The same key makes one. Errors: [`Issue::NameTaken`], those of an address; [`Refusal::GroupLimit`].
pub async fn make_group(
    kontor: &Kontor,
    actor: &Actor,
    form: &GroupForm,
    request_key: &str,
) -> Result<GroupId, Error> {
    actor.require(Feature::GroupsEdit)?;
    let Checked { name, sort_key, description } = check(form)?;
    let id: GroupId = kontor.id();
    let tx = kontor.db.begin().await?;
    give_out(&tx, actor.org).await?;
    organisation::locked(&tx, actor.org).await?.ok_or(Error::NotFound)?;
    if let Some(earlier) = once(kontor, &tx, actor.org, request_key, id).await? {
        return Ok(earlier);
    }
    if group::by_sort_key(&tx, actor.org, &sort_key).await?.is_some() {
        return Err(Error::field("group_name", Issue::NameTaken));
    }
    if group::count(&tx, actor.org).await? >= u64::from(MAX_GROUPS) {
        return Err(Refusal::GroupLimit { max: MAX_GROUPS }.into());
    }
    let row = group::Model {
        id,
        org_id: actor.org,
        name: name.clone(),
        sort_key,
        description,
        created_at: kontor.now(),
        version: 1,
    };
    group::Entity::insert(group::ActiveModel::from(row)).exec_without_returning(&tx).await?;
    let address = set_address(kontor, &tx, actor, id, &form.group_address).await?;
    let facts = serde_json::json!({ "address": address });
    append(kontor, &tx, actor.org, actor, Event::new("group.made", &name).with(facts)).await?;
    tx.commit().await?;
    kontor.hub.tell(actor.org, "group");
    Ok(id)
}

/// Changes name, address and description; refused if somebody else changed them since the form was filled.
pub async fn edit_group(
    kontor: &Kontor,
    actor: &Actor,
    id: GroupId,
    form: &GroupForm,
    version: i64,
) -> Result<(), Error> {
    actor.require(Feature::GroupsEdit)?;
    let tx = kontor.db.begin().await?;
    give_out(&tx, actor.org).await?;
    let row = locked(&tx, actor, id).await?;
    let Checked { name, sort_key, description } = check(form)?;
    if row.version != version {
        return Err(Error::StaleVersion);
    }
    let same = group::by_sort_key(&tx, actor.org, &sort_key).await?;
    if same.is_some_and(|other| other.id != id) {
        return Err(Error::field("group_name", Issue::NameTaken));
    }
    let before = address::of_groups(&tx, vec![id]).await?.pop().map(|found| found.1);
    address::forget_group(&tx, id).await?;
    let after = set_address(kontor, &tx, actor, id, &form.group_address).await?;
    if (&row.name, &row.description, &before) == (&name, &description, &after) {
        return Ok(());
    }
    let change = group::ActiveModel {
        id: Set(id),
        name: Set(name.clone()),
        sort_key: Set(sort_key),
        description: Set(description),
        version: Set(version + 1),
        ..Default::default()
    };
    group::Entity::update(change).exec(&tx).await?;
    let facts = serde_json::json!({ "name": [row.name, name], "address": [before, after] });
    append(kontor, &tx, actor.org, actor, Event::new("group.edited", &name).with(facts)).await?;
    tx.commit().await?;
    kontor.hub.tell(actor.org, "group");
    Ok(())
}

/// Deletes a group; its people stay, its address is free. Again is `NotFound`.
pub async fn delete_group(kontor: &Kontor, actor: &Actor, id: GroupId) -> Result<(), Error> {
    actor.require(Feature::GroupsEdit)?;
    let tx = kontor.db.begin().await?;
    let row = locked(&tx, actor, id).await?;
    address::forget_group(&tx, id).await?;
    group_member::empty(&tx, id).await?;
    group::remove(&tx, actor.org, id).await?;
    append(kontor, &tx, actor.org, actor, Event::new("group.deleted", &row.name)).await?;
    tx.commit().await?;
    kontor.hub.tell(actor.org, "group");
    Ok(())
}

/// Gives a group that has none an address, if one was typed.
async fn set_address(
    kontor: &Kontor,
    tx: &DatabaseTransaction,
    actor: &Actor,
    id: GroupId,
    typed: &str,
) -> Result<Option<String>, Error> {
    if typed.trim().is_empty() {
        return Ok(None);
    }
    let given = free_address(tx, actor, "group_address", typed).await?;
    let new = address::ActiveModel {
        org_id: Set(actor.org),
        address: Set(given.clone()),
        member_id: Set(None),
        group_id: Set(Some(id)),
        created_at: Set(kontor.now()),
    };
    address::Entity::insert(new).exec_without_returning(tx).await?;
    Ok(Some(given))
}

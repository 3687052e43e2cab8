//! The vendor's people, as far as applications and partners need them, and the trail of one application.
#![allow(clippy::disallowed_methods, reason = "this is where queries are written")]

use crate::{
    account::rows::account,
    application::detail::Person,
    audit::rows::audit_event,
    kernel::{
        id::*,
        right::{Feature, Role},
    },
    organisation::{
        MemberStatus,
        rows::{member, organisation},
    },
};
use sea_orm::{QueryOrder, QuerySelect, entity::prelude::*};

/// The vendor, locked for this transaction: those who check for duplicates and then add go one after another.
pub async fn lock_vendor(
    tx: &impl ConnectionTrait,
    vendor: OrgId,
) -> Result<Option<organisation::Model>, DbErr> {
    organisation::Entity::find_by_id(vendor).lock_exclusive().one(tx).await
}

/// Active people of the vendor whose role holds the feature, by name.
pub async fn staff_with(
    db: &impl ConnectionTrait,
    vendor: OrgId,
    feature: Feature,
) -> Result<Vec<account::Model>, DbErr> {
    let roles = Role::ALL.iter().copied().filter(|role| role.features().has(feature));
    let places = member::Entity::find()
        .filter(member::Column::OrgId.eq(vendor))
        .filter(member::Column::Status.eq(MemberStatus::Active))
        .filter(member::Column::Role.is_in(roles))
        .order_by_asc(member::Column::SortKey)
        .all(db)
        .await?;
    let people = accounts(db, places.iter().map(|place| place.account_id).collect()).await?;
    let find = |id: AccountId| people.iter().find(|person| person.id == id && !person.suspended).cloned();
    Ok(places.into_iter().filter_map(|place| find(place.account_id)).collect())
}

/// These accounts.
pub async fn accounts(db: &impl ConnectionTrait, ids: Vec<AccountId>) -> Result<Vec<account::Model>, DbErr> {
    if ids.is_empty() {
        return Ok(Vec::new());
    }
    account::Entity::find().filter(account::Column::Id.is_in(ids)).all(db).await
}

/// The events of the vendor's trail that are about this application, the latest first; at most 200.
pub async fn history(
    db: &impl ConnectionTrait,
    vendor: OrgId,
    application: ApplicationId,
) -> Result<Vec<audit_event::Model>, DbErr> {
    audit_event::Entity::find()
        .filter(audit_event::Column::OrgId.eq(vendor))
        .filter(audit_event::Column::Target.eq(application.to_string()))
        .order_by_desc(audit_event::Column::At)
        .order_by_desc(audit_event::Column::Seq)
        .limit(200)
        .all(db)
        .await
}

/// A person as reviewers see them.
pub fn person(row: &account::Model) -> Person {
    let name = format!("{} {}", row.first_name, row.last_name).trim().to_owned();
    Person { id: row.id, name: if name.is_empty() { row.email.clone() } else { name } }
}

//! The place of somebody who comes through their organisation's provider, as far as the provider says which.

use crate::{
    Error,
    account::rows::account,
    audit::service::{Event, append},
    identity::{Failure, port::Claims, role_map, role_of, rows::identity_provider::Model},
    kernel::{
        Kontor,
        actor::Actor,
        id::OrgId,
        right::{OrgKind, Role},
    },
    organisation::{
        MemberStatus, member_sort_key, roles_to_give,
        rows::{member, queue_up},
        service::take_seat,
    },
};
use sea_orm::{ActiveValue::Set, DatabaseTransaction, EntityTrait};

/// The role the provider's word gives, or the one for everybody else, if there is one.
pub(super) fn role(row: &Model, kind: OrgKind, claims: &Claims) -> Option<Role> {
    // Checked when it was typed; what does not fit any more gives nothing.
    let map = role_map(&row.role_map, kind).unwrap_or_default();
    let default = row.default_role.filter(|role| roles_to_give(kind).contains(role));
    role_of(&claims.other, &row.role_claim, &map).or(default)
}

/// Gives the person the place and the role that the provider's word gives them, if the provider may. Who has the last
/// word, or a role the partner made itself, keeps it.
pub(super) async fn take(
    kontor: &Kontor,
    tx: &DatabaseTransaction,
    actor: &Actor,
    org: OrgId,
    row: &Model,
    person: &account::Model,
    claims: &Claims,
) -> Result<(), Error> {
    let role = role(row, actor.kind, claims);
    let by_claim = !row.role_claim.is_empty();
    if row.creates_people {
        // Two browsers of one person: the second finds the place the first has made.
        queue_up(tx, &format!("member {org} {}", person.id)).await?;
    }
    let Some(place) = member::of(tx, org, person.id).await? else {
        return match role {
            Some(role) if row.creates_people => add(kontor, tx, actor, person, role).await,
            _ => Ok(()),
        };
    };
    let mut change = member::ActiveModel { id: Set(place.id), ..Default::default() };
    let (mut joins, mut moves) = (false, false);
    if place.status == MemberStatus::Invited {
        (joins, change.status) = (true, Set(MemberStatus::Active));
    }
    if by_claim && !place.role.is_last_word() && place.role != Role::PartnerCustom {
        let role = role.ok_or_else(|| super::failed(Failure::NoRole))?;
        if role != place.role {
            (moves, change.role) = (true, Set(role));
        }
    }
    if !joins && !moves {
        return Ok(());
    }
    change.version = Set(place.version + 1);
    member::Entity::update(change).exec(tx).await?;
    if joins {
        append(kontor, tx, org, actor, Event::new("user.joined", &person.email)).await?;
    }
    if let (true, Some(role)) = (moves, role) {
        let facts = serde_json::json!({ "role": role.key(), "was": place.role.key() });
        append(kontor, tx, org, actor, Event::new("sign_in.role_given", &person.email).with(facts)).await?;
    }
    crate::mapping::service::refresh(kontor, tx, org).await
}

async fn add(
    kontor: &Kontor,
    tx: &DatabaseTransaction,
    actor: &Actor,
    person: &account::Model,
    role: Role,
) -> Result<(), Error> {
    take_seat(tx, actor).await.map_err(|error| match error {
        Error::Refused(_) => super::failed(Failure::NoSeat),
        other => other,
    })?;
    let place = member::Model {
        id: kontor.id(),
        org_id: actor.org,
        account_id: person.id,
        role,
        status: MemberStatus::Active,
        store_role_id: None,
        licensed: true,
        sort_key: member_sort_key(&person.first_name, &person.last_name, &person.email),
        created_at: kontor.now(),
        version: 1,
    };
    member::Entity::insert(member::ActiveModel::from(place)).exec_without_returning(tx).await?;
    let facts = serde_json::json!({ "role": role.key() });
    append(kontor, tx, actor.org, actor, Event::new("sign_in.person_added", &person.email).with(facts))
        .await?;
    crate::mapping::service::refresh(kontor, tx, actor.org).await
}

//! A subscription comes to its end: cancelled, refunded in full, or never paid.

use super::{desk::to_free, notice::link};
use crate::{
    Error,
    audit::service::{Event, append},
    kernel::{Kontor, actor::Actor, id::OrgId, right::OrgKind},
    mapping::{CustomerEventKind, service::refresh_after},
    notification::{Mail, service::write},
    organisation::{
        OrgStatus,
        rows::{member, organisation},
        service::last_words,
    },
    setting::Policy,
    subscription::{ChangeKind, SubscriptionStatus, rows::subscription, service::apply::sides},
};
use sea_orm::{ActiveModelTrait, ActiveValue::Set, DatabaseTransaction, EntityTrait, IntoActiveModel};

/// Ends a subscription: the free plan if the people fit into it, else suspended, as after a trial (domain.md section 18).
/// The caller holds its lock.
pub(super) async fn end(
    kontor: &Kontor,
    tx: &DatabaseTransaction,
    row: &subscription::Model,
    org: &organisation::Model,
    partner: Option<OrgId>,
    policy: &Policy,
    why: ChangeKind,
) -> Result<(), Error> {
    let fits = member::count(tx, row.org_id).await? <= policy.free_users_max;
    let mut next = to_free(row, policy);
    if fits {
        resume(tx, row.org_id).await?;
    } else {
        next.status = SubscriptionStatus::Suspended;
        next.seats = row.seats;
        suspend(tx, row.org_id).await?;
    }
    let status = next.status;
    subscription::Entity::update(next.into_active_model().reset_all()).exec(tx).await?;
    let actor = Actor::system(row.org_id, OrgKind::Customer, "renewals");
    for chain in [Some(row.org_id), partner].into_iter().flatten() {
        let facts = serde_json::json!({ "why": why, "status": status });
        append(kontor, tx, chain, &actor, Event::new("subscription.ended", &org.name).with(facts)).await?;
    }
    for (side, kind) in sides(org.id, partner) {
        let Some(side) = side else { continue };
        let mail = Mail::SubscriptionEnded {
            organisation: org.name.clone(),
            link: link(kontor, side, kind, org.id),
        };
        for to in last_words(tx, side, kind).await? {
            write(kontor, tx, to, &mail).await?;
        }
    }
    let what =
        if why == ChangeKind::Refund { CustomerEventKind::Refunded } else { CustomerEventKind::Lapsed };
    refresh_after(kontor, tx, row.org_id, Some(what)).await
}

/// Stops an organisation.
pub(super) async fn suspend(tx: &DatabaseTransaction, org: OrgId) -> Result<(), Error> {
    let change =
        organisation::ActiveModel { id: Set(org), status: Set(OrgStatus::Suspended), ..Default::default() };
    organisation::Entity::update(change).exec(tx).await?;
    Ok(())
}

/// Lets an organisation go on that was stopped: what it has is paid for, or free.
pub(super) async fn resume(tx: &DatabaseTransaction, org: OrgId) -> Result<(), Error> {
    if organisation::by_id(tx, org).await?.is_some_and(|org| org.status == OrgStatus::Suspended) {
        let change =
            organisation::ActiveModel { id: Set(org), status: Set(OrgStatus::Active), ..Default::default() };
        organisation::Entity::update(change).exec(tx).await?;
    }
    Ok(())
}

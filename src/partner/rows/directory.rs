//! Partners, for the vendor's staff and for the review of applications.
#![allow(clippy::disallowed_methods, reason = "this is where queries are written")]

use super::partner::{Column, Entity, Model};
use crate::{kernel::id::OrgId, organisation::rows::organisation, partner::PartnerStatus};
use sea_orm::{
    Condition, ExprTrait, Order, QueryOrder, QuerySelect, entity::prelude::*, sea_query::LikeExpr,
};

/// One partner, locked for this transaction.
pub async fn by_org_locked(tx: &impl ConnectionTrait, org: OrgId) -> Result<Option<Model>, DbErr> {
    Entity::find_by_id(org).lock_exclusive().one(tx).await
}
/// These partners.
pub async fn by_orgs(db: &impl ConnectionTrait, orgs: Vec<OrgId>) -> Result<Vec<Model>, DbErr> {
    if orgs.is_empty() {
        return Ok(Vec::new());
    }
    Entity::find().filter(Column::OrgId.is_in(orgs)).all(db).await
}
/// Whether a partner in business has this company domain.
pub async fn of_domain(db: &impl ConnectionTrait, domain: &str) -> Result<bool, DbErr> {
    let found = Entity::find()
        .filter(Column::CompanyDomain.eq(domain))
        .filter(Column::Status.ne(PartnerStatus::Terminated))
        .one(db)
        .await?;
    Ok(found.is_some())
}
/// Partners of this company domain that never applied, with their names.
pub async fn unapplied_of_domain(
    db: &impl ConnectionTrait,
    domain: &str,
) -> Result<Vec<(OrgId, String)>, DbErr> {
    let rows = Entity::find()
        .filter(Column::CompanyDomain.eq(domain))
        .filter(Column::ApplicationId.is_null())
        .all(db)
        .await?;
    let names = names(db, rows.iter().map(|row| row.org_id).collect()).await?;
    Ok(names.into_iter().map(|org| (org.id, org.name)).collect())
}
/// The organisations of these partners.
pub async fn names(db: &impl ConnectionTrait, orgs: Vec<OrgId>) -> Result<Vec<organisation::Model>, DbErr> {
    if orgs.is_empty() {
        return Ok(Vec::new());
    }
    organisation::Entity::find().filter(organisation::Column::Id.is_in(orgs)).all(db).await
}
/// A page of all partners by name, for the vendor's staff, and one row more if there is one. Behind a place, or
/// before it and then in reverse.
pub fn page(
    search: &str,
    status: Option<PartnerStatus>,
    after: Option<&(String, OrgId)>,
    before: Option<&(String, OrgId)>,
    most: u64,
) -> Select<Entity> {
    let mut find = Entity::find();
    if let Some(status) = status {
        find = find.filter(Column::Status.eq(status));
    }
    for word in search.split(' ').filter(|word| !word.is_empty()) {
        let escaped = word.replace('\\', "\\\\").replace('%', "\\%").replace('_', "\\_");
        let like = || LikeExpr::new(format!("%{escaped}%")).escape('\\');
        let either =
            Condition::any().add(Column::SortKey.like(like())).add(Column::CompanyDomain.like(like()));
        find = find.filter(either);
    }
    let order = if before.is_some() && after.is_none() { Order::Desc } else { Order::Asc };
    if let Some((key, id)) = after {
        let beyond = Condition::any()
            .add(Column::SortKey.gt(key))
            .add(Column::SortKey.eq(key).and(Column::OrgId.gt(*id)));
        find = find.filter(beyond);
    } else if let Some((key, id)) = before {
        let beyond = Condition::any()
            .add(Column::SortKey.lt(key))
            .add(Column::SortKey.eq(key).and(Column::OrgId.lt(*id)));
        find = find.filter(beyond);
    }
    find.order_by(Column::SortKey, order.clone()).order_by(Column::OrgId, order).limit(most + 1)
}

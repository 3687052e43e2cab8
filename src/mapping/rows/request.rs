//! Requests of partners for customers that are there already.

use crate::{
    kernel::{
        id::{MappingRequestId, OrgId},
        instant::Instant,
    },
    mapping::RequestStatus,
    subscription::Service,
};
use sea_orm::{QueryOrder, QuerySelect, entity::prelude::*};

#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "mapping_request")]
#[expect(missing_docs, reason = "columns are named by the terms of design.md section 1")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: MappingRequestId,
    pub partner_id: OrgId,
    pub service: Service,
    /// As it was typed.
    pub email: String,
    pub email_key: String,
    pub note: String,
    pub status: RequestStatus,
    pub asked_by: String,
    pub asked_at: Instant,
    pub expires_at: Instant,
    /// Whom it reached; nothing as long as it reached nobody, which its partner is not told.
    pub org_id: Option<OrgId>,
    pub delivered_at: Option<Instant>,
    /// Reminders sent.
    pub reminded: i32,
    pub decided_at: Option<Instant>,
    pub decided_by: Option<String>,
    pub request_key: String,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}

/// A request, locked.
pub async fn locked(tx: &impl ConnectionTrait, id: MappingRequestId) -> Result<Option<Model>, DbErr> {
    Entity::find_by_id(id).lock_exclusive().one(tx).await
}

/// A request with a partner's key.
pub async fn by_key(db: &impl ConnectionTrait, partner: OrgId, key: &str) -> Result<Option<Model>, DbErr> {
    Entity::find().filter(Column::PartnerId.eq(partner)).filter(Column::RequestKey.eq(key)).one(db).await
}

/// A partner's open request to an address.
pub async fn asked(
    db: &impl ConnectionTrait,
    partner: OrgId,
    email_key: &str,
    service: Service,
) -> Result<Option<Model>, DbErr> {
    Entity::find()
        .filter(Column::PartnerId.eq(partner))
        .filter(Column::EmailKey.eq(email_key))
        .filter(Column::Service.eq(service))
        .filter(Expr::cust("status = 'open'"))
        .one(db)
        .await
}

/// Those of these addresses that a partner's open requests have gone to.
pub async fn asked_among(
    db: &impl ConnectionTrait,
    partner: OrgId,
    email_keys: Vec<String>,
    service: Service,
) -> Result<Vec<String>, DbErr> {
    Entity::find()
        .select_only()
        .column(Column::EmailKey)
        .filter(Column::PartnerId.eq(partner))
        .filter(Column::EmailKey.is_in(email_keys))
        .filter(Column::Service.eq(service))
        .filter(Expr::cust("status = 'open'"))
        .into_tuple()
        .all(db)
        .await
}

/// The open request that has reached an organisation.
pub async fn delivered(
    db: &impl ConnectionTrait,
    org: OrgId,
    service: Service,
) -> Result<Option<Model>, DbErr> {
    Entity::find()
        .filter(Column::OrgId.eq(org))
        .filter(Column::Service.eq(service))
        .filter(Expr::cust("status = 'open'"))
        .one(db)
        .await
}

/// Whether an organisation has refused a partner since a moment.
pub async fn refused_since(
    db: &impl ConnectionTrait,
    org: OrgId,
    partner: OrgId,
    since: Instant,
) -> Result<bool, DbErr> {
    let found = Entity::find()
        .filter(Column::OrgId.eq(org))
        .filter(Column::PartnerId.eq(partner))
        .filter(Column::DecidedAt.gte(since))
        .filter(Column::Status.eq(RequestStatus::Denied))
        .one(db)
        .await?;
    Ok(found.is_some())
}

/// A partner's requests, newest first, behind one.
pub async fn of(
    db: &impl ConnectionTrait,
    partner: OrgId,
    before: Option<MappingRequestId>,
    most: u64,
) -> Result<Vec<Model>, DbErr> {
    let mut find = Entity::find().filter(Column::PartnerId.eq(partner));
    if let Some(before) = before {
        find = find.filter(Column::Id.lt(before));
    }
    find.order_by_desc(Column::Id).limit(most).all(db).await
}

/// A partner's open requests.
pub async fn open_of(db: &impl ConnectionTrait, partner: OrgId) -> Result<u64, DbErr> {
    Entity::find()
        .filter(Column::PartnerId.eq(partner))
        .filter(Column::Status.eq(RequestStatus::Open))
        .count(db)
        .await
}

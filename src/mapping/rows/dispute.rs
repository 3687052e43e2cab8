//! Disputes and what is shown for them.

use crate::{
    kernel::{
        id::{DisputeId, OrgId},
        instant::Instant,
    },
    mapping::DisputeStatus,
    subscription::Service,
};
use sea_orm::{QueryOrder, QuerySelect, entity::prelude::*};

#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "mapping_dispute")]
#[expect(missing_docs, reason = "columns are named by the terms of design.md section 1")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: DisputeId,
    pub partner_id: OrgId,
    pub service: Service,
    pub about: String,
    pub statement: String,
    pub status: DisputeStatus,
    pub opened_by: String,
    pub opened_at: Instant,
    /// What was decided about.
    pub org_id: Option<OrgId>,
    pub reason: String,
    pub decided_by: Option<String>,
    pub decided_at: Option<Instant>,
    pub version: i64,
    pub request_key: String,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}

/// A dispute.
pub async fn by_id(db: &impl ConnectionTrait, id: DisputeId) -> Result<Option<Model>, DbErr> {
    Entity::find_by_id(id).one(db).await
}

/// A dispute, locked.
pub async fn locked(tx: &impl ConnectionTrait, id: DisputeId) -> Result<Option<Model>, DbErr> {
    Entity::find_by_id(id).lock_exclusive().one(tx).await
}

/// The one a partner's key has opened.
pub async fn by_key(db: &impl ConnectionTrait, partner: OrgId, key: &str) -> Result<Option<Model>, DbErr> {
    Entity::find().filter(Column::PartnerId.eq(partner)).filter(Column::RequestKey.eq(key)).one(db).await
}

/// A partner's, newest first, behind one.
pub async fn of(
    db: &impl ConnectionTrait,
    partner: OrgId,
    before: Option<DisputeId>,
    most: u64,
) -> Result<Vec<Model>, DbErr> {
    let mut find = Entity::find().filter(Column::PartnerId.eq(partner));
    if let Some(before) = before {
        find = find.filter(Column::Id.lt(before));
    }
    find.order_by_desc(Column::Id).limit(most).all(db).await
}

/// Those of a status behind one: open ones oldest first, others newest first.
pub async fn queue(
    db: &impl ConnectionTrait,
    status: DisputeStatus,
    behind: Option<DisputeId>,
    most: u64,
) -> Result<Vec<Model>, DbErr> {
    let find = Entity::find().filter(Column::Status.eq(status)).limit(most);
    let oldest_first = status == DisputeStatus::Open;
    let find = match behind {
        Some(id) if oldest_first => find.filter(Column::Id.gt(id)),
        Some(id) => find.filter(Column::Id.lt(id)),
        None => find,
    };
    match oldest_first {
        true => find.order_by_asc(Column::Id).all(db).await,
        false => find.order_by_desc(Column::Id).all(db).await,
    }
}

/// The file that shows a claim.
pub mod evidence {
    use super::*;

    #[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
    #[sea_orm(table_name = "dispute_evidence")]
    #[expect(missing_docs, reason = "columns are named by the terms of design.md section 1")]
    pub struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub dispute_id: DisputeId,
        pub file_name: String,
        pub media_type: String,
        pub content: Vec<u8>,
    }

    #[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
    pub enum Relation {}

    impl ActiveModelBehavior for ActiveModel {}

    /// A dispute's file.
    pub async fn of(db: &impl ConnectionTrait, dispute: DisputeId) -> Result<Option<Model>, DbErr> {
        Entity::find_by_id(dispute).one(db).await
    }

    /// The name of a dispute's file.
    pub async fn name(db: &impl ConnectionTrait, dispute: DisputeId) -> Result<Option<String>, DbErr> {
        Entity::find_by_id(dispute).select_only().column(Column::FileName).into_tuple().one(db).await
    }
}

//! Tokens with which customers let a partner in.

use crate::{
    delegation::{RenewBy, Terms},
    kernel::{
        id::{MappingTokenId, OrgId},
        instant::Instant,
        right::Features,
    },
    subscription::Service,
};
use sea_orm::{QueryOrder, QuerySelect, entity::prelude::*};

#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "mapping_token")]
#[expect(missing_docs, reason = "columns are named by the terms of design.md section 1")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: MappingTokenId,
    pub org_id: OrgId,
    pub service: Service,
    pub token_hash: String,
    /// What access it gives as well; empty if it gives none.
    pub capabilities: String,
    pub days: i64,
    pub renewal: RenewBy,
    pub created_by: String,
    pub created_at: Instant,
    pub expires_at: Instant,
    pub used_at: Option<Instant>,
    pub used_by: Option<OrgId>,
    pub withdrawn_at: Option<Instant>,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}

impl Model {
    /// The terms of the access it gives as well, if it gives some.
    pub fn terms(&self) -> Option<Terms> {
        let capabilities = Features::from_keys(&self.capabilities);
        let terms = Terms { capabilities, days: self.days, renewal: self.renewal };
        (capabilities != Features::default()).then_some(terms)
    }
}

/// The token with this hash.
pub async fn by_hash(db: &impl ConnectionTrait, hash: &str) -> Result<Option<Model>, DbErr> {
    Entity::find().filter(Column::TokenHash.eq(hash)).one(db).await
}

/// An organisation's token, locked.
pub async fn locked(
    tx: &impl ConnectionTrait,
    org: OrgId,
    id: MappingTokenId,
) -> Result<Option<Model>, DbErr> {
    Entity::find_by_id(id).filter(Column::OrgId.eq(org)).lock_exclusive().one(tx).await
}

/// An organisation's tokens, newest first.
pub async fn of(db: &impl ConnectionTrait, org: OrgId, most: u64) -> Result<Vec<Model>, DbErr> {
    Entity::find().filter(Column::OrgId.eq(org)).order_by_desc(Column::Id).limit(most).all(db).await
}

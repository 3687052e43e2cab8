//! Statements, and the partners they are made for.
#![allow(clippy::disallowed_methods, reason = "this is where queries are written")]

use super::*;
use crate::partner::rows::partner;

#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "commission_statement")]
#[expect(missing_docs, reason = "columns are named by the terms of design.md section 1")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: StatementId,
    pub partner_id: OrgId,
    pub entity: String,
    pub currency: Currency,
    pub month: Month,
    pub opening: i64,
    pub earned: i64,
    pub reversed: i64,
    pub paid: i64,
    pub closing: i64,
    pub lines: i64,
    pub digest: String,
    pub closed_at: Instant,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}

/// All statements of a partner, oldest first; one per month, entity and currency.
pub async fn of_partner(db: &impl ConnectionTrait, partner: OrgId) -> Result<Vec<Model>, DbErr> {
    let all = Entity::find().filter(Column::PartnerId.eq(partner));
    all.order_by_asc(Column::Month).order_by_asc(Column::Entity).order_by_asc(Column::Currency).all(db).await
}

/// The statements of one month of a partner.
pub async fn of_month(db: &impl ConnectionTrait, partner: OrgId, month: Month) -> Result<Vec<Model>, DbErr> {
    let find = Entity::find().filter(Column::PartnerId.eq(partner)).filter(Column::Month.eq(month));
    find.order_by_asc(Column::Entity).order_by_asc(Column::Currency).all(db).await
}

/// Statements of a partner before a month, the latest first.
pub fn before_query(partner: OrgId, before: Option<Month>, most: u64) -> Select<Entity> {
    let mut find = Entity::find().filter(Column::PartnerId.eq(partner));
    if let Some(before) = before {
        find = find.filter(Column::Month.lt(before));
    }
    find.order_by_desc(Column::Month).order_by_desc(Column::Id).limit(most)
}

/// The statement that goes before one, of the same entity and currency.
pub async fn preceding(db: &impl ConnectionTrait, of: &Model) -> Result<Option<Model>, DbErr> {
    Entity::find()
        .filter(Column::PartnerId.eq(of.partner_id))
        .filter(Column::Entity.eq(of.entity.as_str()))
        .filter(Column::Currency.eq(of.currency))
        .filter(Column::Month.lt(of.month))
        .order_by_desc(Column::Month)
        .one(db)
        .await
}

/// Statements of some partners of a month.
pub async fn of_partners(
    db: &impl ConnectionTrait,
    partners: Vec<OrgId>,
    month: Month,
) -> Result<Vec<Model>, DbErr> {
    Entity::find().filter(Column::PartnerId.is_in(partners)).filter(Column::Month.eq(month)).all(db).await
}

/// One statement of a partner.
pub async fn by_id(db: &impl ConnectionTrait, id: StatementId) -> Result<Option<Model>, DbErr> {
    Entity::find_by_id(id).one(db).await
}

/// Inserts statements; a month that is closed already stays what it is.
pub async fn insert_new(tx: &impl ConnectionTrait, rows: Vec<Model>) -> Result<(), DbErr> {
    for chunk in rows.chunks(500) {
        let chunk = chunk.iter().cloned().map(ActiveModel::from);
        let key = [Column::PartnerId, Column::Entity, Column::Currency, Column::Month];
        Entity::insert_many(chunk).on_conflict_do_nothing_on(key).exec_without_returning(tx).await?;
    }
    Ok(())
}

/// Partners in the order of their ids, behind one of them.
pub async fn partners_after(
    db: &impl ConnectionTrait,
    after: Option<OrgId>,
    most: u64,
) -> Result<Vec<OrgId>, DbErr> {
    let mut find = partner::Entity::find().select_only().column(partner::Column::OrgId);
    if let Some(after) = after {
        find = find.filter(partner::Column::OrgId.gt(after));
    }
    find.order_by_asc(partner::Column::OrgId).limit(most).into_tuple().all(db).await
}

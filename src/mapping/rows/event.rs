//! What happened to customers of a partner: who came, bought, renewed and went. Rows are only added.

use super::sql::Sql;
use crate::{
    kernel::{id::*, instant::*},
    mapping::CustomerEventKind,
};
use sea_orm::{Condition, QueryOrder, QuerySelect, entity::prelude::*};

#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "customer_event")]
#[expect(missing_docs, reason = "columns are named by the terms of design.md section 1")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: CustomerEventId,
    pub partner_id: OrgId,
    pub org_id: OrgId,
    pub kind: CustomerEventKind,
    /// In the partner's zone.
    pub day: Day,
    pub at: Instant,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}

/// A page of what happened of one kind within days (both in it), latest first, behind a row; of one partner, or of all.
pub async fn page(
    db: &impl ConnectionTrait,
    partner: Option<OrgId>,
    kind: CustomerEventKind,
    (from, last): (Day, Day),
    after: Option<(Day, CustomerEventId)>,
    limit: u64,
) -> Result<Vec<Model>, DbErr> {
    let mut find = Entity::find().filter(Column::Kind.eq(kind)).filter(Column::Day.between(from, last));
    if let Some(partner) = partner {
        find = find.filter(Column::PartnerId.eq(partner));
    }
    if let Some((day, id)) = after {
        let same_day = Condition::all().add(Column::Day.eq(day)).add(Column::Id.lt(id));
        let behind = Condition::any().add(Column::Day.lt(day)).add(same_day);
        find = find.filter(Column::Day.lte(day)).filter(behind);
    }
    find.order_by_desc(Column::Day).order_by_desc(Column::Id).limit(limit).all(db).await
}

/// For a load of many: every mapping as a customer that came when it began.
pub async fn of_mappings(tx: &impl ConnectionTrait) -> Result<(), DbErr> {
    let mut sql = Sql::from(
        "INSERT INTO customer_event (id, partner_id, org_id, kind, day, at) \
         SELECT m.id, m.partner_id, m.org_id, ",
    );
    sql.bind(CustomerEventKind::New.key());
    sql.push(
        ", CAST(m.since / 86400000 AS integer), m.since FROM mapping m \
         WHERE NOT EXISTS (SELECT 1 FROM customer_event e WHERE e.id = m.id)",
    );
    tx.execute_raw(sql.statement(tx.get_database_backend())).await?;
    Ok(())
}

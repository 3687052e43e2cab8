//! A change of a subscription, from the wish to its effect.

use super::*;
use crate::subscription::{ChangeKind, ChangeStatus, authority::Side};

#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "subscription_change")]
#[expect(missing_docs, reason = "columns are named by the terms of design.md section 1")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: ChangeId,
    pub org_id: OrgId,
    pub subscription_id: SubscriptionId,
    /// The partner the customer was mapped to.
    pub partner_id: Option<OrgId>,
    pub kind: ChangeKind,
    pub status: ChangeStatus,
    /// [`crate::subscription::service::Content`] as JSON.
    pub content: String,
    pub effective_on: Day,
    pub list_amount: i64,
    pub discount: i64,
    pub tax: i64,
    pub total: i64,
    pub currency: Currency,
    pub payer: Payer,
    pub payment_id: Option<PaymentId>,
    pub invoice_id: Option<InvoiceId>,
    /// The scheduled change this one stands in for; it comes back if this one is undone.
    pub replaces: Option<ChangeId>,
    pub request_key: String,
    pub by_side: Side,
    pub by_label: String,
    pub reason: String,
    pub created_at: Instant,
    pub decided_at: Option<Instant>,
    pub expires_at: Option<Instant>,
    pub version: i64,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}

/// The change of a request, if it was made before.
pub async fn by_key(db: &impl ConnectionTrait, org: OrgId, key: &str) -> Result<Option<Model>, DbErr> {
    Entity::find().filter(Column::OrgId.eq(org)).filter(Column::RequestKey.eq(key)).one(db).await
}
/// Changes by id, for the payments that a reader may see.
pub async fn by_ids(db: &impl ConnectionTrait, ids: Vec<ChangeId>) -> Result<Vec<Model>, DbErr> {
    if ids.is_empty() {
        return Ok(Vec::new());
    }
    Entity::find().filter(Column::Id.is_in(ids)).all(db).await
}
/// One of an organisation's changes.
pub async fn one(db: &impl ConnectionTrait, org: OrgId, id: ChangeId) -> Result<Option<Model>, DbErr> {
    Entity::find_by_id(id).filter(Column::OrgId.eq(org)).one(db).await
}
/// What is proposed, being paid for or scheduled, oldest first.
pub async fn open(db: &impl ConnectionTrait, subscription: SubscriptionId) -> Result<Vec<Model>, DbErr> {
    open_query(vec![subscription]).all(db).await
}
/// [`open`] of many subscriptions.
pub fn open_query(subscriptions: Vec<SubscriptionId>) -> Select<Entity> {
    // Spelt out, so that the partial index is one for it.
    Entity::find()
        .filter(Column::SubscriptionId.is_in(subscriptions))
        .filter(Expr::cust("status IN ('proposed', 'charging', 'scheduled')"))
        .order_by_asc(Column::Id)
}
/// What is being paid for: one change of a subscription at most, in the order of subscriptions, behind one.
pub async fn charging(
    db: &impl ConnectionTrait,
    after: Option<SubscriptionId>,
    most: u64,
) -> Result<Vec<Model>, DbErr> {
    let mut find = Entity::find().filter(Column::Status.eq(ChangeStatus::Charging));
    if let Some(after) = after {
        find = find.filter(Column::SubscriptionId.gt(after));
    }
    find.order_by_asc(Column::SubscriptionId).limit(most).all(db).await
}
/// Changes in effect since a day, oldest first.
pub async fn of_term(
    db: &impl ConnectionTrait,
    subscription: SubscriptionId,
    since: Day,
) -> Result<Vec<Model>, DbErr> {
    Entity::find()
        .filter(Column::SubscriptionId.eq(subscription))
        .filter(Expr::cust("status = 'applied'"))
        .filter(Column::EffectiveOn.gte(since))
        .order_by_asc(Column::DecidedAt)
        .order_by_asc(Column::Id)
        .all(db)
        .await
}
/// Of many subscriptions, the changes in effect since the term began that runs, oldest first.
pub fn of_terms_query(subscriptions: Vec<SubscriptionId>) -> Select<Entity> {
    let theirs = Entity::belongs_to(subscription::Entity)
        .from(Column::SubscriptionId)
        .to(subscription::Column::Id)
        .into();
    let began = Expr::col((subscription::Entity, subscription::Column::TermStarted));
    Entity::find()
        .join(JoinType::InnerJoin, theirs)
        .filter(subscription::Column::Id.is_in(subscriptions))
        .filter(Expr::cust("subscription_change.status = 'applied'"))
        .filter(Expr::col((Entity, Column::EffectiveOn)).gte(began))
        .order_by_asc(Column::DecidedAt)
        .order_by_asc(Column::Id)
}
/// Closes changes: they took effect, or lost their object.
pub async fn decide(
    tx: &impl ConnectionTrait,
    ids: Vec<ChangeId>,
    status: ChangeStatus,
    at: Instant,
) -> Result<(), DbErr> {
    if ids.is_empty() {
        return Ok(());
    }
    Entity::update_many()
        .col_expr(Column::Status, Expr::value(status))
        .col_expr(Column::DecidedAt, Expr::value(at))
        .filter(Column::Id.is_in(ids))
        .exec(tx)
        .await?;
    Ok(())
}
/// Whether something was bought anew after a moment, by another change than this one.
pub async fn bought_since(
    db: &impl ConnectionTrait,
    subscription: SubscriptionId,
    since: Instant,
    but: Option<ChangeId>,
) -> Result<bool, DbErr> {
    let mut find = Entity::find()
        .filter(Column::SubscriptionId.eq(subscription))
        .filter(Column::Kind.eq(ChangeKind::Buy))
        .filter(Column::Status.eq(ChangeStatus::Applied))
        .filter(Column::DecidedAt.gt(since));
    if let Some(but) = but {
        find = find.filter(Column::Id.ne(but));
    }
    Ok(find.one(db).await?.is_some())
}
/// Whether the customer is just paying in its partner's place.
pub async fn is_taken_over(db: &impl ConnectionTrait, subscription: SubscriptionId) -> Result<bool, DbErr> {
    let open = open(db, subscription).await?;
    Ok(open.iter().any(|c| c.kind == ChangeKind::TakeOver && c.status == ChangeStatus::Charging))
}
/// The change an invoice was issued for.
pub async fn of_invoice(
    db: &impl ConnectionTrait,
    subscription: SubscriptionId,
    invoice: InvoiceId,
) -> Result<Option<Model>, DbErr> {
    Entity::find()
        .filter(Column::SubscriptionId.eq(subscription))
        .filter(Column::InvoiceId.eq(invoice))
        .order_by_desc(Column::Id)
        .one(db)
        .await
}
/// Changes made since an instant and in effect until a day, oldest first.
pub async fn made_between(
    db: &impl ConnectionTrait,
    subscription: SubscriptionId,
    since: Instant,
    until: Day,
) -> Result<Vec<Model>, DbErr> {
    Entity::find()
        .filter(Column::SubscriptionId.eq(subscription))
        .filter(Column::Status.eq(ChangeStatus::Applied))
        .filter(Column::CreatedAt.gte(since))
        .filter(Column::EffectiveOn.lte(until))
        .order_by_asc(Column::Id)
        .all(db)
        .await
}
/// Proposals whose time is over.
pub async fn expired(db: &impl ConnectionTrait, now: Instant, most: u64) -> Result<Vec<Model>, DbErr> {
    Entity::find()
        .filter(Column::Status.eq(ChangeStatus::Proposed))
        .filter(Column::ExpiresAt.lte(now))
        .order_by_asc(Column::ExpiresAt)
        .limit(most)
        .all(db)
        .await
}
/// The latest changes, newest first.
pub async fn latest(
    db: &impl ConnectionTrait,
    subscription: SubscriptionId,
    most: u64,
) -> Result<Vec<Model>, DbErr> {
    Entity::find()
        .filter(Column::SubscriptionId.eq(subscription))
        .order_by_desc(Column::Id)
        .limit(most)
        .all(db)
        .await
}

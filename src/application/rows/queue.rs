//! The reviewers' queue.
#![allow(clippy::disallowed_methods, reason = "this is where queries are written")]

use super::application::{Column, Entity};
use crate::{
    application::{
        ApplicationStatus, Expertise,
        review::{PAGE, Place, QueueQuery},
    },
    kernel::{id::*, instant::*, text::fold},
};
use sea_orm::{
    Condition, DerivePartialModel, ExprTrait, Order, QueryOrder, QuerySelect, Select, entity::prelude::*,
    sea_query::LikeExpr,
};

/// What the queue shows of an application.
#[derive(Debug, Clone, DerivePartialModel)]
#[sea_orm(entity = "Entity")]
#[expect(missing_docs, reason = "columns of the application")]
pub struct Lean {
    pub id: ApplicationId,
    pub company_name: String,
    pub company_domain: String,
    pub first_name: String,
    pub last_name: String,
    pub country: String,
    pub expertise: Expertise,
    pub status: ApplicationStatus,
    pub submitted_at: Option<Instant>,
    pub due_at: Option<Instant>,
    pub assigned_to: Option<AccountId>,
}

/// Which filter a count leaves out, because it counts along it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Along {
    /// Counts by status.
    Stage,
    /// Counts by country.
    Country,
    /// Counts by expertise.
    Expertise,
    /// Counts the reader's.
    Mine,
    /// Counts those overdue.
    Overdue,
}

fn filtered(query: &QueueQuery, me: Option<AccountId>, now: Instant, along: Option<Along>) -> Select<Entity> {
    let mut all = Condition::all().add(Column::DueAt.is_not_null());
    all = match along {
        // Every status that reviewers see, so that each filter can tell what it would show.
        Some(Along::Stage) => all.add(Column::SubmittedAt.is_not_null()),
        _ => all.add(Column::Status.is_in(query.stage.statuses().iter().copied())),
    };
    if let Some(country) = query.country.as_ref().filter(|_| along != Some(Along::Country)) {
        all = all.add(Column::Country.eq(country));
    }
    if let Some(expertise) = query.expertise.filter(|_| along != Some(Along::Expertise)) {
        all = all.add(Column::Expertise.eq(expertise));
    }
    if query.mine || along == Some(Along::Mine) {
        all = all.add(Column::AssignedTo.eq(me));
    }
    if query.overdue || along == Some(Along::Overdue) {
        let open = ApplicationStatus::ALL.iter().copied().filter(|status| status.is_open());
        all = all.add(Column::DueAt.lte(now)).add(Column::Status.is_in(open));
    }
    for word in fold(&query.q).split(' ').filter(|word| !word.is_empty()) {
        let escaped = word.replace('\\', "\\\\").replace('%', "\\%").replace('_', "\\_");
        all = all.add(Column::SearchText.like(LikeExpr::new(format!("%{escaped}%")).escape('\\')));
    }
    Entity::find().filter(all)
}

/// A page in the queue's order and one row more, if there is one. Open applications come by due date, the most urgent
/// first; decided ones the latest first. A page asked for by `before` is answered in reverse.
pub async fn page(
    db: &impl ConnectionTrait,
    query: &QueueQuery,
    me: Option<AccountId>,
    now: Instant,
) -> Result<Vec<Lean>, DbErr> {
    let urgent_first = query.stage.is_open();
    let (place, forward) = match (query.after, query.before) {
        (Some(place), _) => (Some(place), true),
        (None, Some(place)) => (Some(place), false),
        (None, None) => (None, true),
    };
    let ascending = urgent_first == forward;
    let order = if ascending { Order::Asc } else { Order::Desc };
    let mut find = filtered(query, me, now, None);
    if let Some(Place { due_at, id }) = place {
        let beyond = match ascending {
            true => Condition::any()
                .add(Column::DueAt.gt(due_at))
                .add(Column::DueAt.eq(due_at).and(Column::Id.gt(id))),
            false => Condition::any()
                .add(Column::DueAt.lt(due_at))
                .add(Column::DueAt.eq(due_at).and(Column::Id.lt(id))),
        };
        find = find.filter(beyond);
    }
    find.order_by(Column::DueAt, order.clone())
        .order_by(Column::Id, order)
        .limit(PAGE + 1)
        .into_partial_model::<Lean>()
        .all(db)
        .await
}

/// Counts along one column, the other filters holding.
pub async fn count_by<T: sea_orm::TryGetable + Send>(
    db: &impl ConnectionTrait,
    query: &QueueQuery,
    me: Option<AccountId>,
    now: Instant,
    along: Along,
    column: Column,
) -> Result<Vec<(T, i64)>, DbErr> {
    filtered(query, me, now, Some(along))
        .select_only()
        .column(column)
        .column_as(Column::Id.count(), "n")
        .group_by(column)
        .into_tuple()
        .all(db)
        .await
}

/// How many there are, the filters holding and one more.
pub async fn count(
    db: &impl ConnectionTrait,
    query: &QueueQuery,
    me: Option<AccountId>,
    now: Instant,
    along: Along,
) -> Result<u64, DbErr> {
    filtered(query, me, now, Some(along)).count(db).await
}

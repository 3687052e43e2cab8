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
    Condition, DerivePartialModel, Order, QueryOrder, QuerySelect, Select, entity::prelude::*,
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

/// The filters, but for status and the one counted along. Only applications with a due date have been submitted.
fn filtered(query: &QueueQuery, me: Option<AccountId>, now: Instant, along: Option<Along>) -> Select<Entity> {
    let mut all = Condition::all().add(Column::DueAt.is_not_null());
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

/// The filters, all but the one counted along.
fn counted(query: &QueueQuery, me: Option<AccountId>, now: Instant, along: Along) -> Select<Entity> {
    let find = filtered(query, me, now, Some(along));
    match along {
        Along::Stage => find,
        _ => find.filter(Column::Status.is_in(query.stage.statuses().iter().copied())),
    }
}

/// Where a page begins, and whether the due dates rise on it. Open applications come by due date, the most urgent
/// first; decided ones the latest first.
fn walk(query: &QueueQuery) -> (Option<Place>, bool) {
    let urgent_first = query.stage.is_open();
    match (query.after, query.before) {
        (Some(place), _) => (Some(place), urgent_first),
        (None, Some(place)) => (Some(place), !urgent_first),
        (None, None) => (None, urgent_first),
    }
}

/// The part of a page that one status contributes: it walks the index of (status, due date, id).
pub(crate) fn part(
    query: &QueueQuery,
    me: Option<AccountId>,
    now: Instant,
    status: ApplicationStatus,
) -> Select<Entity> {
    let (place, ascending) = walk(query);
    let mut find = filtered(query, me, now, None).filter(Column::Status.eq(status));
    if let Some(Place { due_at, id }) = place {
        // The first condition is what the index can begin at.
        let beyond = match ascending {
            true => Condition::all()
                .add(Column::DueAt.gte(due_at))
                .add(Condition::any().add(Column::DueAt.gt(due_at)).add(Column::Id.gt(id))),
            false => Condition::all()
                .add(Column::DueAt.lte(due_at))
                .add(Condition::any().add(Column::DueAt.lt(due_at)).add(Column::Id.lt(id))),
        };
        find = find.filter(beyond);
    }
    let order = if ascending { Order::Asc } else { Order::Desc };
    find.order_by(Column::DueAt, order.clone()).order_by(Column::Id, order).limit(PAGE + 1)
}

/// A page in the queue's order and one row more, if there is one. A page asked for by `before` is answered in reverse.
pub async fn page(
    db: &impl ConnectionTrait,
    query: &QueueQuery,
    me: Option<AccountId>,
    now: Instant,
) -> Result<Vec<Lean>, DbErr> {
    let mut rows = Vec::new();
    for status in query.stage.statuses() {
        rows.extend(part(query, me, now, *status).into_partial_model::<Lean>().all(db).await?);
    }
    rows.sort_by_key(|row| (row.due_at, row.id));
    if !walk(query).1 {
        rows.reverse();
    }
    rows.truncate(PAGE as usize + 1);
    Ok(rows)
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
    counted(query, me, now, along)
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
    counted(query, me, now, along).count(db).await
}

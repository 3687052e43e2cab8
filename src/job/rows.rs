//! Rows of this room, and the only places that read them.
#![allow(clippy::disallowed_methods, reason = "this is where queries are written")]

use super::{JobKind, JobStatus, Kinds, QueueCounts};
use crate::kernel::{id::*, instant::*};
use sea_orm::{
    Condition, QueryOrder, QuerySelect,
    entity::prelude::*,
    sea_query::{LockBehavior, LockType, Query},
};

/// A piece of work to be done later.
pub mod job {
    use super::*;

    #[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
    #[sea_orm(table_name = "job")]
    #[expect(missing_docs, reason = "columns are named by the terms of design.md section 1")]
    pub struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub id: JobId,
        pub kind: String,
        pub unique_key: Option<String>,
        pub payload: String,
        pub status: JobStatus,
        pub due_at: Instant,
        pub lease_until: Option<Instant>,
        pub attempts: i32,
        pub last_error: Option<String>,
        pub created_at: Instant,
        pub done_at: Option<Instant>,
    }

    #[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
    pub enum Relation {}

    impl ActiveModelBehavior for ActiveModel {}

    fn claimable(kinds: Kinds, now: Instant) -> Select<Entity> {
        let all = Entity::find()
            .filter(Column::Status.eq(JobStatus::Waiting))
            .filter(Column::DueAt.lte(now))
            .filter(Condition::any().add(Column::LeaseUntil.is_null()).add(Column::LeaseUntil.lte(now)));
        let keys = |kinds: &[JobKind]| kinds.iter().map(|kind| kind.key()).collect::<Vec<_>>();
        match kinds {
            Kinds::All => all,
            Kinds::Only(kinds) => all.filter(Column::Kind.is_in(keys(kinds))),
            Kinds::Except(kinds) => all.filter(Column::Kind.is_not_in(keys(kinds))),
        }
    }

    /// Whether [`due`] would find any: a look that takes no lock.
    pub async fn any_due(db: &impl ConnectionTrait, kinds: Kinds, now: Instant) -> Result<bool, DbErr> {
        Ok(claimable(kinds, now).limit(1).one(db).await?.is_some())
    }

    /// Waiting jobs that are due and not leased, oldest first, locked for this transaction.
    pub async fn due(
        tx: &impl ConnectionTrait,
        kinds: Kinds,
        now: Instant,
        most: u64,
    ) -> Result<Vec<Model>, DbErr> {
        claimable(kinds, now)
            .order_by_asc(Column::DueAt)
            .order_by_asc(Column::Id)
            .limit(most)
            .lock_with_behavior(LockType::Update, LockBehavior::SkipLocked)
            .all(tx)
            .await
    }

    /// Done, if the lease still holds.
    pub async fn finish(
        tx: &impl ConnectionTrait,
        id: JobId,
        lease: Instant,
        now: Instant,
    ) -> Result<bool, DbErr> {
        let done = Entity::update_many()
            .col_expr(Column::Status, Expr::value(JobStatus::Done.key()))
            .col_expr(Column::DoneAt, Expr::value(now.0))
            .col_expr(Column::LeaseUntil, Expr::value(None::<i64>))
            .filter(Column::Id.eq(id))
            .filter(Column::LeaseUntil.eq(lease))
            .exec(tx)
            .await?;
        Ok(done.rows_affected == 1)
    }

    /// Failed, if the lease still holds; false if it does not.
    pub async fn fail(
        tx: &impl ConnectionTrait,
        id: JobId,
        lease: Instant,
        status: JobStatus,
        due: Instant,
        error: String,
    ) -> Result<bool, DbErr> {
        let noted = Entity::update_many()
            .col_expr(Column::Status, Expr::value(status.key()))
            .col_expr(Column::DueAt, Expr::value(due.0))
            .col_expr(Column::LeaseUntil, Expr::value(None::<i64>))
            .col_expr(Column::LastError, Expr::value(error))
            .filter(Column::Id.eq(id))
            .filter(Column::LeaseUntil.eq(lease))
            .exec(tx)
            .await?;
        Ok(noted.rows_affected == 1)
    }

    /// Throws away done jobs that were due before a moment, so many at most; answers how many.
    pub async fn drop_done(tx: &impl ConnectionTrait, before: Instant, most: u64) -> Result<u64, DbErr> {
        let old = Query::select()
            .column(Column::Id)
            .from(Entity)
            .and_where(Column::Status.eq(JobStatus::Done))
            .and_where(Column::DueAt.lt(before))
            .limit(most)
            .to_owned();
        let gone = Entity::delete_many().filter(Column::Id.in_subquery(old)).exec(tx).await?;
        Ok(gone.rows_affected)
    }

    /// When the next waiting job is due.
    pub async fn next_due(db: &impl ConnectionTrait) -> Result<Option<Instant>, DbErr> {
        let row = Entity::find()
            .filter(Column::Status.eq(JobStatus::Waiting))
            .order_by_asc(Column::DueAt)
            .limit(1)
            .one(db)
            .await?;
        Ok(row.map(|r| r.lease_until.map_or(r.due_at, |lease| lease.max(r.due_at))))
    }

    /// Given up, the latest first.
    pub async fn failed(db: &impl ConnectionTrait, most: u64) -> Result<Vec<Model>, DbErr> {
        failed_ones(most).all(db).await
    }
    /// The query of [`failed`].
    pub fn failed_ones(most: u64) -> Select<Entity> {
        Entity::find()
            .filter(Column::Status.eq(JobStatus::Failed))
            .order_by_desc(Column::DueAt)
            .order_by_desc(Column::Id)
            .limit(most)
    }
    /// Failed at least once and tried again by themselves, the next one first.
    pub async fn retried(db: &impl ConnectionTrait, most: u64) -> Result<Vec<Model>, DbErr> {
        Entity::find()
            .filter(Column::Status.eq(JobStatus::Waiting))
            .filter(Column::LastError.is_not_null())
            .order_by_asc(Column::DueAt)
            .order_by_asc(Column::Id)
            .limit(most)
            .all(db)
            .await
    }
    /// How the queue stands. Done jobs are not looked at.
    pub async fn counts(db: &impl ConnectionTrait, now: Instant) -> Result<QueueCounts, DbErr> {
        let waiting = || Entity::find().filter(Column::Status.eq(JobStatus::Waiting));
        let (overdue, failed) = alarms(db, now).await?;
        Ok(QueueCounts {
            waiting: number(waiting().count(db).await?),
            overdue,
            retried: number(waiting().filter(Column::LastError.is_not_null()).count(db).await?),
            failed,
        })
    }
    /// What should be none: jobs overdue for more than five minutes, and jobs given up. Both are ranges of the index,
    /// however many jobs wait for their day.
    pub async fn alarms(db: &impl ConnectionTrait, now: Instant) -> Result<(i64, i64), DbErr> {
        let of = |status: JobStatus| Entity::find().filter(Column::Status.eq(status));
        let late = of(JobStatus::Waiting).filter(Column::DueAt.lt(now.plus_minutes(-5)));
        Ok((number(late.count(db).await?), number(of(JobStatus::Failed).count(db).await?)))
    }
    fn number(count: u64) -> i64 {
        i64::try_from(count).unwrap_or(i64::MAX)
    }
    /// One job, locked.
    pub async fn locked(tx: &impl ConnectionTrait, id: JobId) -> Result<Option<Model>, DbErr> {
        Entity::find_by_id(id).lock_exclusive().one(tx).await
    }
    /// Lets given-up jobs wait anew from now; all of them, or one. Answers how many.
    pub async fn wake(tx: &impl ConnectionTrait, id: Option<JobId>, now: Instant) -> Result<u64, DbErr> {
        let mut wake = Entity::update_many()
            .col_expr(Column::Status, Expr::value(JobStatus::Waiting.key()))
            .col_expr(Column::Attempts, Expr::value(0))
            .col_expr(Column::DueAt, Expr::value(now.0))
            .filter(Column::Status.eq(JobStatus::Failed));
        if let Some(id) = id {
            wake = wake.filter(Column::Id.eq(id));
        }
        Ok(wake.exec(tx).await?.rows_affected)
    }
}

//! Rows of this room, and the only places that read them.
#![allow(clippy::disallowed_methods, reason = "this is where queries are written")]

use super::{Operation, RowState, RunStatus};
use crate::kernel::{id::*, instant::*, money::Currency};
use sea_orm::{FromQueryResult, QueryOrder, QuerySelect, Statement, entity::prelude::*};

/// A change of many subscriptions.
pub mod bulk_run {
    use super::*;

    #[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
    #[sea_orm(table_name = "bulk_run")]
    #[expect(missing_docs, reason = "columns are named by the terms of design.md section 1")]
    pub struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub id: BulkId,
        pub partner_id: OrgId,
        pub operation: Operation,
        /// Licences; 0 where none are asked for.
        pub seats: i64,
        pub status: RunStatus,
        /// How many rows it has.
        pub total: i64,
        pub request_key: String,
        /// In whose name it is carried out: their rights are asked for at every batch.
        pub account_id: AccountId,
        pub session_id: SessionId,
        pub by_label: String,
        pub ip: String,
        pub created_at: Instant,
        /// When the dry run was through.
        pub tried_at: Option<Instant>,
        pub started_at: Option<Instant>,
        pub done_at: Option<Instant>,
        pub version: i64,
    }

    #[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
    pub enum Relation {}

    impl ActiveModelBehavior for ActiveModel {}

    /// One of a partner's runs.
    pub async fn one(db: &impl ConnectionTrait, partner: OrgId, id: BulkId) -> Result<Option<Model>, DbErr> {
        Entity::find_by_id(id).filter(Column::PartnerId.eq(partner)).one(db).await
    }
    /// The same, locked.
    pub async fn locked(
        tx: &impl ConnectionTrait,
        partner: OrgId,
        id: BulkId,
    ) -> Result<Option<Model>, DbErr> {
        Entity::find_by_id(id).filter(Column::PartnerId.eq(partner)).lock_exclusive().one(tx).await
    }
    /// The run of a request, if it was made before.
    pub async fn by_key(
        db: &impl ConnectionTrait,
        partner: OrgId,
        key: &str,
    ) -> Result<Option<Model>, DbErr> {
        Entity::find().filter(Column::PartnerId.eq(partner)).filter(Column::RequestKey.eq(key)).one(db).await
    }
    /// A partner's latest runs, newest first.
    pub fn latest(partner: OrgId, most: u64) -> Select<Entity> {
        Entity::find().filter(Column::PartnerId.eq(partner)).order_by_desc(Column::Id).limit(most)
    }
    /// The same, read.
    pub async fn read_latest(
        db: &impl ConnectionTrait,
        partner: OrgId,
        most: u64,
    ) -> Result<Vec<Model>, DbErr> {
        latest(partner, most).all(db).await
    }
}

/// One customer of a run.
pub mod bulk_row {
    use super::*;

    #[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
    #[sea_orm(table_name = "bulk_row")]
    #[expect(missing_docs, reason = "columns are named by the terms of design.md section 1")]
    pub struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub run_id: BulkId,
        #[sea_orm(primary_key, auto_increment = false)]
        pub position: i64,
        pub org_id: OrgId,
        pub name: String,
        pub state: RowState,
        /// The subscription's version when it was tried.
        pub seen_version: i64,
        pub seats_before: Option<i64>,
        pub seats_after: Option<i64>,
        pub effective_on: Option<Day>,
        /// What is charged, tax included, minor units.
        pub amount: Option<i64>,
        pub currency: Option<Currency>,
        /// Why not: [`crate::Error`] as JSON.
        pub problem: Option<String>,
        /// The change that came of it, or the cancellation that is taken back.
        pub change_id: Option<ChangeId>,
    }

    #[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
    pub enum Relation {}

    impl ActiveModelBehavior for ActiveModel {}

    /// Rows of a run in their order, behind a position; of one state where one is named.
    pub fn page(run: BulkId, state: Option<RowState>, after: Option<i64>, most: u64) -> Select<Entity> {
        let mut find = Entity::find().filter(Column::RunId.eq(run));
        if let Some(state) = state {
            find = find.filter(Column::State.eq(state));
        }
        if let Some(after) = after {
            find = find.filter(Column::Position.gt(after));
        }
        find.order_by_asc(Column::Position).limit(most)
    }

    /// The same, read.
    pub async fn read(
        db: &impl ConnectionTrait,
        run: BulkId,
        state: Option<RowState>,
        after: Option<i64>,
        most: u64,
    ) -> Result<Vec<Model>, DbErr> {
        page(run, state, after, most).all(db).await
    }

    /// How many rows are in a state, and what they come to in a currency.
    #[derive(Debug, Clone, PartialEq, Eq, FromQueryResult)]
    #[expect(missing_docs, reason = "columns of the sum")]
    pub struct Sum {
        pub state: RowState,
        pub currency: Option<Currency>,
        pub n: i64,
        pub amount: i64,
    }

    /// The query of [`sums`].
    pub fn summing(backend: sea_orm::DbBackend, run: BulkId) -> Statement {
        let sql = "SELECT state, currency, count(*) AS n, CAST(coalesce(sum(amount), 0) AS bigint) AS amount \
            FROM bulk_row WHERE run_id = $1 GROUP BY state, currency ORDER BY state, currency";
        Statement::from_sql_and_values(backend, sql, [run.into()])
    }

    /// What there is of each state and currency.
    pub async fn sums(db: &impl ConnectionTrait, run: BulkId) -> Result<Vec<Sum>, DbErr> {
        Sum::find_by_statement(summing(db.get_database_backend(), run)).all(db).await
    }

    /// Writes what came of a row, if nobody did before; answers whether it was written.
    pub async fn note(tx: &impl ConnectionTrait, row: &Model, before: RowState) -> Result<bool, DbErr> {
        let done = Entity::update_many()
            .col_expr(Column::State, Expr::value(row.state.key()))
            .col_expr(Column::SeenVersion, Expr::value(row.seen_version))
            .col_expr(Column::SeatsBefore, Expr::value(row.seats_before))
            .col_expr(Column::SeatsAfter, Expr::value(row.seats_after))
            .col_expr(Column::EffectiveOn, Expr::value(row.effective_on.map(|day| day.0)))
            .col_expr(Column::Amount, Expr::value(row.amount))
            .col_expr(Column::Currency, Expr::value(row.currency.map(|c| c.key().to_owned())))
            .col_expr(Column::Problem, Expr::value(row.problem.clone()))
            .col_expr(Column::ChangeId, Expr::value(row.change_id.map(|change| change.0)))
            .filter(Column::RunId.eq(row.run_id))
            .filter(Column::Position.eq(row.position))
            .filter(Column::State.eq(before))
            .exec(tx)
            .await?;
        Ok(done.rows_affected == 1)
    }

    /// Lets rows of a state wait anew; answers how many.
    pub async fn wait(tx: &impl ConnectionTrait, run: BulkId, state: RowState) -> Result<u64, DbErr> {
        let moved = Entity::update_many()
            .col_expr(Column::State, Expr::value(RowState::Waiting.key()))
            .filter(Column::RunId.eq(run))
            .filter(Column::State.eq(state))
            .exec(tx)
            .await?;
        Ok(moved.rows_affected)
    }
}

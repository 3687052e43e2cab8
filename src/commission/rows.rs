//! Rows of this room, and the only places that read them.
#![allow(clippy::disallowed_methods, reason = "this is where queries are written")]

pub mod statement;

use super::{LineQuery, LineState, Month, RateSource, Rule, SaleKind};
use crate::{
    kernel::{id::*, instant::*, money::Currency},
    subscription::Plan,
};
use sea_orm::{
    ExprTrait, FromQueryResult, QueryOrder, QuerySelect, Statement,
    entity::prelude::*,
    sea_query::{LockBehavior, LockType, OnConflict},
};

/// A line of commission.
pub mod commission_line {
    use super::*;

    #[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
    #[sea_orm(table_name = "commission_line")]
    #[expect(missing_docs, reason = "columns are named by the terms of design.md section 1")]
    pub struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub id: CommissionId,
        pub partner_id: OrgId,
        pub org_id: OrgId,
        pub subscription_id: SubscriptionId,
        pub invoice_id: InvoiceId,
        /// The line this one takes back.
        pub reverses: Option<CommissionId>,
        /// What made it: unique per partner and kind, or per line taken back.
        pub cause_id: Uuid,
        pub entity: String,
        pub currency: Currency,
        pub plan: Plan,
        pub kind: SaleKind,
        pub rule: Rule,
        pub base: i64,
        pub eligible: i64,
        pub rate_bp: i64,
        pub rate_source: RateSource,
        pub amount: i64,
        /// [`super::super::Why`] as JSON.
        pub why: String,
        pub state: LineState,
        pub available_on: Day,
        pub earned_on: Day,
        pub payout_id: Option<PayoutId>,
        pub created_at: Instant,
    }

    #[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
    pub enum Relation {}

    impl ActiveModelBehavior for ActiveModel {}

    /// Rows one statement inserts: well below SQLite's 32,766 parameters.
    const AT_ONCE: usize = 500;

    /// Inserts lines whose cause is new to their partner. Answers which ones those were.
    pub async fn insert_new(tx: &impl ConnectionTrait, rows: &[Model]) -> Result<Vec<CommissionId>, DbErr> {
        let mut inserted = Vec::new();
        for chunk in rows.chunks(AT_ONCE) {
            let chunk = chunk.iter().cloned().map(ActiveModel::from);
            // Two partial unique indexes guard a line: no single conflict target names both.
            let nothing = OnConflict::new().do_nothing().to_owned();
            let keys = Entity::insert_many(chunk).on_conflict(nothing).exec_with_returning_keys(tx).await;
            match keys {
                Ok(keys) => inserted.extend(keys),
                Err(DbErr::RecordNotInserted) => {}
                Err(err) => return Err(err),
            }
        }
        Ok(inserted)
    }
    /// All lines of an invoice, what they took back included, locked for this transaction.
    pub async fn of_invoice_locked(
        tx: &impl ConnectionTrait,
        invoice: InvoiceId,
    ) -> Result<Vec<Model>, DbErr> {
        let lines = Entity::find().filter(Column::InvoiceId.eq(invoice));
        lines.order_by_asc(Column::Id).lock_exclusive().all(tx).await
    }
    /// Some pending lines whose hold is over, locked for this transaction; those another transaction holds are left to
    /// the next time.
    pub async fn due(tx: &impl ConnectionTrait, today: Day, most: u64) -> Result<Vec<Model>, DbErr> {
        due_query(today, most).lock_with_behavior(LockType::Update, LockBehavior::SkipLocked).all(tx).await
    }
    /// The query of [`due`], without locks.
    pub fn due_query(today: Day, most: u64) -> Select<Entity> {
        // Spelt out: SQLite matches a partial index by the text of its condition, not by a parameter's value.
        Entity::find()
            .filter(Expr::cust("state = 'pending'"))
            .filter(Column::AvailableOn.lte(today))
            .order_by_asc(Column::AvailableOn)
            .order_by_asc(Column::Id)
            .limit(most)
    }
    /// Pending lines that took something of these back, locked for this transaction.
    pub async fn pending_reversals(
        tx: &impl ConnectionTrait,
        of: Vec<CommissionId>,
    ) -> Result<Vec<Model>, DbErr> {
        if of.is_empty() {
            return Ok(Vec::new());
        }
        Entity::find()
            .filter(Column::Reverses.is_in(of))
            .filter(Column::State.eq(LineState::Pending))
            .order_by_asc(Column::Id)
            .lock_exclusive()
            .all(tx)
            .await
    }
    /// Puts lines into a state.
    pub async fn set_state(
        tx: &impl ConnectionTrait,
        ids: Vec<CommissionId>,
        state: LineState,
    ) -> Result<(), DbErr> {
        for chunk in ids.chunks(10_000) {
            Entity::update_many()
                .col_expr(Column::State, Expr::value(state))
                .filter(Column::Id.is_in(chunk.iter().copied()))
                .exec(tx)
                .await?;
        }
        Ok(())
    }
    /// Takes every available line of a partner, entity and currency into a payout. Answers how many there were and what
    /// they are worth.
    pub async fn lock_available(
        tx: &impl ConnectionTrait,
        partner: OrgId,
        entity: &str,
        currency: Currency,
        payout: PayoutId,
    ) -> Result<(i64, i64), DbErr> {
        Entity::update_many()
            .col_expr(Column::State, Expr::value(LineState::Locked))
            .col_expr(Column::PayoutId, Expr::value(payout))
            .filter(Column::PartnerId.eq(partner))
            .filter(Column::State.eq(LineState::Available))
            .filter(Column::Entity.eq(entity))
            .filter(Column::Currency.eq(currency))
            .exec(tx)
            .await?;
        let sql = "SELECT COUNT(*) AS lines, CAST(COALESCE(SUM(amount), 0) AS bigint) AS amount \
                   FROM commission_line WHERE payout_id = $1";
        let sum = Statement::from_sql_and_values(tx.get_database_backend(), sql, [payout.into()]);
        let row = tx.query_one_raw(sum).await?;
        let row = row.ok_or_else(|| DbErr::RecordNotFound("a sum has one row".into()))?;
        Ok((row.try_get("", "lines")?, row.try_get("", "amount")?))
    }
    /// Moves the lines of a payout on; those that go back leave the payout.
    pub async fn settle(tx: &impl ConnectionTrait, payout: PayoutId, to: LineState) -> Result<(), DbErr> {
        let mut update = Entity::update_many()
            .col_expr(Column::State, Expr::value(to))
            .filter(Column::PayoutId.eq(payout))
            .filter(Column::State.eq(LineState::Locked));
        if to == LineState::Available {
            update = update.col_expr(Column::PayoutId, Expr::value(None::<PayoutId>));
        }
        update.exec(tx).await?;
        Ok(())
    }
    /// One line of a partner.
    pub async fn of_partner(
        db: &impl ConnectionTrait,
        partner: OrgId,
        id: CommissionId,
    ) -> Result<Option<Model>, DbErr> {
        Entity::find_by_id(id).filter(Column::PartnerId.eq(partner)).one(db).await
    }
    /// What took something of a line back, oldest first.
    pub async fn reversals(db: &impl ConnectionTrait, id: CommissionId) -> Result<Vec<Model>, DbErr> {
        Entity::find().filter(Column::Reverses.eq(id)).order_by_asc(Column::Id).all(db).await
    }
    /// A page of a partner's lines, newest first, behind a place.
    pub fn page(
        partner: OrgId,
        query: &LineQuery,
        after: Option<(Instant, CommissionId)>,
        most: u64,
    ) -> Select<Entity> {
        let mut find = Entity::find().filter(Column::PartnerId.eq(partner));
        if let Some(state) = query.state {
            find = find.filter(Column::State.eq(state));
        }
        if let Some(org) = query.customer {
            find = find.filter(Column::OrgId.eq(org));
        }
        if let Some(kind) = query.kind {
            find = find.filter(Column::Kind.eq(kind));
        }
        if let Some(payout) = query.payout {
            find = find.filter(Column::PayoutId.eq(payout));
        }
        if let Some(month) = query.month {
            find =
                find.filter(Column::CreatedAt.gte(month.start())).filter(Column::CreatedAt.lt(month.end()));
        }
        if let Some((at, id)) = after {
            let place = Expr::tuple([Expr::col(Column::CreatedAt), Expr::col(Column::Id)]);
            find = find.filter(place.lt(Expr::tuple([Expr::value(at), Expr::value(id)])));
        }
        find.order_by_desc(Column::CreatedAt).order_by_desc(Column::Id).limit(most)
    }

    /// What a partner has in one state at one entity.
    #[derive(Debug, FromQueryResult)]
    #[expect(missing_docs, reason = "columns of the sum")]
    pub struct Sum {
        pub state: LineState,
        pub entity: String,
        pub currency: Currency,
        pub amount: i64,
    }

    /// The statement of [`open_sums`].
    pub fn open_sums_statement(backend: sea_orm::DbBackend, partner: OrgId) -> Statement {
        let sql = "SELECT state, entity, currency, CAST(SUM(amount) AS bigint) AS amount FROM commission_line \
                   WHERE partner_id = $1 AND state IN ('pending', 'available', 'locked') \
                   GROUP BY state, entity, currency";
        Statement::from_sql_and_values(backend, sql, [partner.into()])
    }
    /// What a partner has that is not paid out.
    pub async fn open_sums(db: &impl ConnectionTrait, partner: OrgId) -> Result<Vec<Sum>, DbErr> {
        Sum::find_by_statement(open_sums_statement(db.get_database_backend(), partner)).all(db).await
    }

    /// What a statement needs to know of a line.
    #[derive(Debug, Clone, FromQueryResult)]
    #[expect(missing_docs, reason = "columns of the line")]
    pub struct Slim {
        pub id: CommissionId,
        pub reverses: Option<CommissionId>,
        pub entity: String,
        pub currency: Currency,
        pub kind: SaleKind,
        pub amount: i64,
        pub earned_on: Day,
        pub created_at: Instant,
    }

    /// The query of [`stretch`].
    pub fn stretch_query(
        partner: OrgId,
        from: Instant,
        until: Instant,
        after: Option<(Instant, CommissionId)>,
        most: u64,
    ) -> Select<Entity> {
        let mut find = Entity::find()
            .filter(Column::PartnerId.eq(partner))
            .filter(Column::CreatedAt.gte(from))
            .filter(Column::CreatedAt.lt(until));
        if let Some((at, id)) = after {
            let place = Expr::tuple([Expr::col(Column::CreatedAt), Expr::col(Column::Id)]);
            find = find.filter(place.gt(Expr::tuple([Expr::value(at), Expr::value(id)])));
        }
        find.select_only()
            .columns([
                Column::Id,
                Column::Reverses,
                Column::Entity,
                Column::Currency,
                Column::Kind,
                Column::Amount,
                Column::EarnedOn,
                Column::CreatedAt,
            ])
            .order_by_asc(Column::CreatedAt)
            .order_by_asc(Column::Id)
            .limit(most)
    }
    /// A partner's lines made from an instant until another, oldest first, behind a place.
    pub async fn stretch(
        db: &impl ConnectionTrait,
        partner: OrgId,
        from: Instant,
        until: Instant,
        after: Option<(Instant, CommissionId)>,
        most: u64,
    ) -> Result<Vec<Slim>, DbErr> {
        stretch_query(partner, from, until, after, most).into_model::<Slim>().all(db).await
    }
}

/// A rate agreed with a partner for a plan.
pub mod partner_rate {
    use super::*;

    #[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
    #[sea_orm(table_name = "partner_rate")]
    #[expect(missing_docs, reason = "columns are named by the terms of design.md section 1")]
    pub struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub partner_id: OrgId,
        #[sea_orm(primary_key, auto_increment = false)]
        pub plan: Plan,
        pub rate_bp: i64,
        pub created_at: Instant,
        pub created_by: String,
    }

    #[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
    pub enum Relation {}

    impl ActiveModelBehavior for ActiveModel {}

    /// All rates agreed with these partners.
    pub async fn of(db: &impl ConnectionTrait, partners: Vec<OrgId>) -> Result<Vec<Model>, DbErr> {
        if partners.is_empty() {
            return Ok(Vec::new());
        }
        Entity::find().filter(Column::PartnerId.is_in(partners)).order_by_asc(Column::Plan).all(db).await
    }
}

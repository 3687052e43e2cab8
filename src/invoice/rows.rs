//! Rows of this room, and the only places that read them.
#![allow(clippy::disallowed_methods, reason = "this is where queries are written")]

use super::{InvoiceKind, InvoiceStatus, TaxRule};
use crate::{
    kernel::{id::*, instant::*, money::Currency},
    subscription::change::Payer,
};
#[cfg(test)]
use sea_orm::{DbBackend, QueryTrait};
use sea_orm::{JoinType, QueryOrder, QuerySelect, Statement, entity::prelude::*, sea_query::ExprTrait};

/// An invoice or credit note. The database refuses to change or delete it.
pub mod invoice {
    use super::*;

    #[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
    #[sea_orm(table_name = "invoice")]
    #[expect(missing_docs, reason = "columns are named by the terms of design.md section 1")]
    pub struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub id: InvoiceId,
        pub kind: InvoiceKind,
        /// Key of the vendor's entity that issued it.
        pub entity: String,
        /// Of the day of issue.
        pub year: i32,
        /// Its place within entity, kind and year, from 1.
        pub seq: i64,
        pub number: String,
        /// The invoice that a credit note corrects.
        pub credits: Option<InvoiceId>,
        pub debtor_id: OrgId,
        /// The customer.
        pub org_id: OrgId,
        /// The customer's partner on the day of issue.
        pub partner_id: Option<OrgId>,
        pub subscription_id: SubscriptionId,
        pub change_id: Option<ChangeId>,
        pub payer: Payer,
        pub currency: Currency,
        pub list_amount: i64,
        pub discount: i64,
        pub net: i64,
        pub tax: i64,
        pub total: i64,
        pub tax_bp: i64,
        pub tax_rule: TaxRule,
        /// [`super::super::Content`] as JSON.
        pub content: String,
        pub issued_on: Day,
        pub due_on: Day,
        pub issued_at: Instant,
    }

    impl Model {
        /// The path of its page, where its debtor is.
        pub fn page(&self) -> String {
            let place = if self.debtor_id == self.org_id { "admin" } else { "store" };
            format!("/{place}/{}/invoices/{}", self.debtor_id, self.id)
        }
    }

    #[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
    pub enum Relation {}

    impl ActiveModelBehavior for ActiveModel {}

    /// Invoices by id, for the lists of those who may see them.
    pub async fn by_ids(db: &impl ConnectionTrait, ids: Vec<InvoiceId>) -> Result<Vec<Model>, DbErr> {
        Entity::find().filter(Column::Id.is_in(ids)).all(db).await
    }
    /// An organisation's own invoices and credit notes, newest first, behind a place.
    pub async fn of_debtor(
        db: &impl ConnectionTrait,
        debtor: OrgId,
        after: Option<(Day, InvoiceId)>,
        most: u64,
    ) -> Result<Vec<Model>, DbErr> {
        of_debtor_select(debtor, after, most).all(db).await
    }
    /// The statement of [`of_debtor`], to look at its plan.
    #[cfg(test)]
    pub fn of_debtor_statement(
        backend: DbBackend,
        debtor: OrgId,
        after: Option<(Day, InvoiceId)>,
        most: u64,
    ) -> Statement {
        of_debtor_select(debtor, after, most).build(backend)
    }
    fn of_debtor_select(debtor: OrgId, after: Option<(Day, InvoiceId)>, most: u64) -> Select<Entity> {
        let mut find = Entity::find().filter(Column::DebtorId.eq(debtor));
        if let Some((day, id)) = after {
            let place = Expr::tuple([Expr::col(Column::IssuedOn), Expr::col(Column::Id)]);
            find = find.filter(place.lt(Expr::tuple([Expr::value(day), Expr::value(id)])));
        }
        find.order_by_desc(Column::IssuedOn).order_by_desc(Column::Id).limit(most)
    }
    /// The invoices about an organisation's subscription that are open, oldest first, each with its state.
    pub async fn open_of(
        db: &impl ConnectionTrait,
        org: OrgId,
    ) -> Result<Vec<(Model, super::invoice_state::Model)>, DbErr> {
        let (id, of) = (Column::Id, super::invoice_state::Column::InvoiceId);
        let states = Entity::belongs_to(super::invoice_state::Entity).from(id).to(of).into();
        Entity::find()
            .join(JoinType::InnerJoin, states)
            .select_also(super::invoice_state::Entity)
            .filter(Column::OrgId.eq(org))
            .filter(Column::Kind.eq(InvoiceKind::Invoice))
            .filter(super::invoice_state::Column::Status.is_in([
                InvoiceStatus::Issued,
                InvoiceStatus::PartiallyPaid,
                InvoiceStatus::PastDue,
            ]))
            .order_by_asc(Column::IssuedOn)
            .order_by_asc(Column::Id)
            .all(db)
            .await
            .map(|rows| rows.into_iter().filter_map(|(row, state)| Some((row, state?))).collect())
    }
    /// One invoice. For callers that prove next that its reader may see it.
    pub async fn by_id(db: &impl ConnectionTrait, id: InvoiceId) -> Result<Option<Model>, DbErr> {
        Entity::find_by_id(id).one(db).await
    }
}

/// What became of an invoice since.
pub mod invoice_state {
    use super::*;

    #[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
    #[sea_orm(table_name = "invoice_state")]
    #[expect(missing_docs, reason = "columns are named by the terms of design.md section 1")]
    pub struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub invoice_id: InvoiceId,
        pub status: InvoiceStatus,
        pub paid: i64,
        /// Taken back by credit notes, a positive amount.
        pub credited: i64,
        pub refunded: i64,
        /// Taken back by the payer's bank and not paid anew: its revenue is reversed.
        pub taken_back: i64,
        pub due_on: Day,
        pub version: i64,
    }

    #[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
    pub enum Relation {}

    impl ActiveModelBehavior for ActiveModel {}

    /// The same, locked: whoever books a payment or a credit note waits here.
    pub async fn locked(tx: &impl ConnectionTrait, invoice: InvoiceId) -> Result<Option<Model>, DbErr> {
        Entity::find_by_id(invoice).lock_exclusive().one(tx).await
    }
    /// The states of invoices the caller may see.
    pub async fn of_all(db: &impl ConnectionTrait, invoices: Vec<InvoiceId>) -> Result<Vec<Model>, DbErr> {
        Entity::find().filter(Column::InvoiceId.is_in(invoices)).all(db).await
    }
    /// The state of an invoice the caller may see.
    pub async fn of(db: &impl ConnectionTrait, invoice: InvoiceId) -> Result<Option<Model>, DbErr> {
        Entity::find_by_id(invoice).one(db).await
    }
}

/// What debtors have on account with the vendor's entities.
pub mod account_credit {
    use super::*;

    #[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
    #[sea_orm(table_name = "account_credit")]
    #[expect(missing_docs, reason = "columns are named by the terms of design.md section 1")]
    pub struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub debtor_id: OrgId,
        #[sea_orm(primary_key, auto_increment = false)]
        pub entity: String,
        #[sea_orm(primary_key, auto_increment = false)]
        pub currency: Currency,
        pub amount: i64,
    }

    #[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
    pub enum Relation {}

    impl ActiveModelBehavior for ActiveModel {}

    /// What a debtor has, with every entity and in every currency.
    pub async fn of(db: &impl ConnectionTrait, debtor: OrgId) -> Result<Vec<Model>, DbErr> {
        Entity::find().filter(Column::DebtorId.eq(debtor)).filter(Column::Amount.gt(0)).all(db).await
    }
    /// What debtors have, locked in one order for all: whoever pays from it waits here.
    pub async fn locked(tx: &impl ConnectionTrait, debtors: Vec<OrgId>) -> Result<Vec<Model>, DbErr> {
        if debtors.is_empty() {
            return Ok(Vec::new());
        }
        Entity::find()
            .filter(Column::DebtorId.is_in(debtors))
            .filter(Column::Amount.gt(0))
            .order_by_asc(Column::DebtorId)
            .order_by_asc(Column::Entity)
            .order_by_asc(Column::Currency)
            .lock_exclusive()
            .all(tx)
            .await
    }
    /// Adds to it.
    pub async fn add(
        tx: &impl ConnectionTrait,
        debtor: OrgId,
        entity: &str,
        currency: Currency,
        more: i64,
    ) -> Result<(), DbErr> {
        let sql = "INSERT INTO account_credit (debtor_id, entity, currency, amount) VALUES ($1, $2, $3, $4) \
                   ON CONFLICT (debtor_id, entity, currency) DO UPDATE SET amount = account_credit.amount + excluded.amount";
        let values = [debtor.into(), entity.into(), currency.key().into(), more.into()];
        tx.execute_raw(Statement::from_sql_and_values(tx.get_database_backend(), sql, values)).await?;
        Ok(())
    }
}

/// The last number taken per entity, kind and year.
pub mod invoice_series {
    use super::*;

    /// Takes the next numbers, from 1 on, and answers the first of them. The row stays locked until the transaction ends:
    /// whoever wants a number after them waits, and numbers that are rolled back are given to the next.
    pub async fn next(
        tx: &impl ConnectionTrait,
        entity: &str,
        kind: InvoiceKind,
        year: i32,
        many: i64,
    ) -> Result<i64, DbErr> {
        let sql = "INSERT INTO invoice_series (entity, kind, year, last) VALUES ($1, $2, $3, $4) \
                   ON CONFLICT (entity, kind, year) DO UPDATE SET last = invoice_series.last + excluded.last \
                   RETURNING last";
        let values = [entity.into(), kind.key().into(), year.into(), many.into()];
        let row =
            tx.query_one_raw(Statement::from_sql_and_values(tx.get_database_backend(), sql, values)).await?;
        let last: i64 =
            row.ok_or_else(|| DbErr::RecordNotFound("invoice_series".into()))?.try_get("", "last")?;
        Ok(last - many + 1)
    }
}

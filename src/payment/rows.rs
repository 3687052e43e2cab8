//! Rows of this room, and the only places that read them.
#![allow(clippy::disallowed_methods, reason = "this is where queries are written")]

use super::{PaidBy, PaymentQuery, PaymentStatus, Provider, Purpose, RefundKind, RefundStatus};
use crate::{
    kernel::{id::*, instant::*, money::Currency},
    subscription::change::Payer,
};
use sea_orm::{ExprTrait, QueryOrder, QuerySelect, entity::prelude::*, sea_query::Expr};

/// A card or other means to pay with, kept at a provider: here are only its token and what a reader may see of it.
pub mod payment_method {
    use super::*;

    #[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
    #[sea_orm(table_name = "payment_method")]
    #[expect(missing_docs, reason = "columns are named by the terms of design.md section 1")]
    pub struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub id: MethodId,
        pub org_id: OrgId,
        pub provider: Provider,
        pub token: String,
        pub customer_token: String,
        pub brand: String,
        pub last4: String,
        pub exp_month: i32,
        pub exp_year: i32,
        pub holder: String,
        pub is_default: bool,
        pub created_at: Instant,
        pub removed_at: Option<Instant>,
    }

    #[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
    pub enum Relation {}

    impl ActiveModelBehavior for ActiveModel {}

    /// An organisation's methods, oldest first; removed ones are not among them.
    pub async fn of(db: &impl ConnectionTrait, org: OrgId) -> Result<Vec<Model>, DbErr> {
        Entity::find()
            .filter(Column::OrgId.eq(org))
            .filter(Column::RemovedAt.is_null())
            .order_by_asc(Column::Id)
            .all(db)
            .await
    }
    /// [`of`] many organisations.
    pub async fn of_all(db: &impl ConnectionTrait, orgs: Vec<OrgId>) -> Result<Vec<Model>, DbErr> {
        Entity::find()
            .filter(Column::OrgId.is_in(orgs))
            .filter(Column::RemovedAt.is_null())
            .order_by_asc(Column::Id)
            .all(db)
            .await
    }
    /// One of an organisation's methods, removed or not: payments made with it still name it.
    pub async fn one(db: &impl ConnectionTrait, org: OrgId, id: MethodId) -> Result<Option<Model>, DbErr> {
        Entity::find_by_id(id).filter(Column::OrgId.eq(org)).one(db).await
    }
    /// Methods by id, for the payments that a reader may see.
    pub async fn by_ids(db: &impl ConnectionTrait, ids: Vec<MethodId>) -> Result<Vec<Model>, DbErr> {
        Entity::find().filter(Column::Id.is_in(ids)).all(db).await
    }
}

/// A try to collect an amount.
pub mod payment {
    use super::*;

    #[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
    #[sea_orm(table_name = "payment")]
    #[expect(missing_docs, reason = "columns are named by the terms of design.md section 1")]
    pub struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub id: PaymentId,
        /// The organisation whose subscription is paid for.
        pub org_id: OrgId,
        /// Who pays: the customer, or its partner.
        pub debtor_id: OrgId,
        /// The partner the customer was mapped to.
        pub partner_id: Option<OrgId>,
        pub subscription_id: SubscriptionId,
        pub purpose: Purpose,
        pub change_id: Option<ChangeId>,
        pub invoice_id: Option<InvoiceId>,
        pub provider: Provider,
        pub method_id: Option<MethodId>,
        pub currency: Currency,
        pub amount: i64,
        /// Given back so far, refunds under way included.
        pub refunded: i64,
        pub status: PaymentStatus,
        pub provider_ref: Option<String>,
        pub action_url: Option<String>,
        pub failure: Option<String>,
        pub attempt: i32,
        /// What the payer finds on the bank's statement, and finance's note of a transfer.
        pub reference: String,
        /// Sent with the form of whoever asked for it; nothing for what the programme collects by itself.
        pub request_key: Option<String>,
        pub created_at: Instant,
        pub settled_at: Option<Instant>,
        pub version: i64,
    }

    #[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
    pub enum Relation {}

    impl ActiveModelBehavior for ActiveModel {}

    impl Model {
        /// Whether it waits for people rather than for a provider: for a transfer, or for the card's owner.
        pub fn can_be_withdrawn(&self) -> bool {
            let by_hand = self.provider == Provider::Manual && self.status.is_open();
            by_hand || self.status == PaymentStatus::RequiresAction
        }
    }

    /// A payment, for a job or for somebody whose right the caller checks.
    pub async fn by_id(db: &impl ConnectionTrait, id: PaymentId) -> Result<Option<Model>, DbErr> {
        Entity::find_by_id(id).one(db).await
    }
    /// The same, locked: whoever settles it waits here.
    pub async fn locked(tx: &impl ConnectionTrait, id: PaymentId) -> Result<Option<Model>, DbErr> {
        Entity::find_by_id(id).lock_exclusive().one(tx).await
    }
    /// The payment a provider knows by its own reference.
    pub async fn by_ref(
        db: &impl ConnectionTrait,
        provider: Provider,
        reference: &str,
    ) -> Result<Option<Model>, DbErr> {
        Entity::find()
            .filter(Column::Provider.eq(provider))
            .filter(Column::ProviderRef.eq(reference))
            .one(db)
            .await
    }
    /// Whose payments are listed.
    #[derive(Debug, Clone, Copy)]
    pub enum Scope {
        /// Of a partner's customers.
        Partner(OrgId),
        /// All.
        All,
    }

    /// The payments of a query. `of`: of these customers only.
    fn asked(scope: Scope, query: &PaymentQuery, of: Option<&[OrgId]>) -> Select<Entity> {
        let mut find = match scope {
            Scope::Partner(partner) => Entity::find().filter(Column::PartnerId.eq(partner)),
            Scope::All => Entity::find(),
        };
        if let Some(status) = query.status {
            find = find.filter(Column::Status.eq(status));
        }
        if let Some(customer) = query.customer {
            find = find.filter(Column::OrgId.eq(customer));
        }
        if let Some(of) = of {
            find = find.filter(Column::OrgId.is_in(of.iter().copied()));
        }
        find = match query.payer {
            Some(Payer::Customer) => find.filter(Expr::col(Column::DebtorId).eq(Expr::col(Column::OrgId))),
            Some(Payer::Partner) => find.filter(Expr::col(Column::DebtorId).ne(Expr::col(Column::OrgId))),
            None => find,
        };
        find = match query.method {
            Some(PaidBy::Transfer) => find.filter(Column::Provider.eq(Provider::Manual)),
            Some(PaidBy::Card) => find.filter(Column::Provider.ne(Provider::Manual)),
            None => find,
        };
        if let Some(from) = query.from {
            find = find.filter(Column::CreatedAt.gte(from.start()));
        }
        if let Some(until) = query.until {
            find = find.filter(Column::CreatedAt.lt(until.end()));
        }
        find
    }

    /// A page of payments, newest first.
    pub async fn page(
        db: &impl ConnectionTrait,
        scope: Scope,
        query: &PaymentQuery,
        of: Option<&[OrgId]>,
        most: u64,
    ) -> Result<Vec<Model>, DbErr> {
        let mut find = asked(scope, query, of);
        // Ids are made in the order of time.
        if let Some(after) = query.after {
            find = find.filter(Column::Id.lt(after));
        }
        find.order_by_desc(Column::Id).limit(most).all(db).await
    }

    /// What was paid of a query's payments: currency, how many, their sum, and what of it was given back.
    pub async fn sums(
        db: &impl ConnectionTrait,
        scope: Scope,
        query: &PaymentQuery,
        of: Option<&[OrgId]>,
    ) -> Result<Vec<(Currency, i64, i64, i64)>, DbErr> {
        let money = [PaymentStatus::Succeeded, PaymentStatus::Disputed, PaymentStatus::Won];
        // PostgreSQL adds bigints up to a numeric.
        let sum = |column: Column| Expr::col(column).sum().cast_as("bigint");
        asked(scope, query, of)
            .filter(Column::Status.is_in(money))
            .select_only()
            .column(Column::Currency)
            .column_as(Column::Id.count(), "count")
            .column_as(sum(Column::Amount), "amount")
            .column_as(sum(Column::Refunded), "refunded")
            .group_by(Column::Currency)
            .order_by_asc(Column::Currency)
            .into_tuple()
            .all(db)
            .await
    }
    /// Payments of invoices the caller may see, oldest first.
    pub async fn of_invoices(
        db: &impl ConnectionTrait,
        invoices: Vec<InvoiceId>,
    ) -> Result<Vec<Model>, DbErr> {
        Entity::find().filter(Column::InvoiceId.is_in(invoices)).order_by_asc(Column::Id).all(db).await
    }
    /// Whether a payment for an organisation stands taken back by the payer's bank.
    pub async fn any_taken_back(db: &impl ConnectionTrait, org: OrgId) -> Result<bool, DbErr> {
        let found = Entity::find()
            .filter(Column::OrgId.eq(org))
            .filter(Column::Status.is_in([PaymentStatus::Disputed, PaymentStatus::Lost]))
            .one(db)
            .await?;
        Ok(found.is_some())
    }
    /// The payment a form asked for, if it was sent before.
    pub async fn by_key(db: &impl ConnectionTrait, key: &str) -> Result<Option<Model>, DbErr> {
        Entity::find().filter(Column::RequestKey.eq(key)).one(db).await
    }
    /// Payments of an invoice, oldest first.
    pub async fn of_invoice(db: &impl ConnectionTrait, invoice: InvoiceId) -> Result<Vec<Model>, DbErr> {
        Entity::find().filter(Column::InvoiceId.eq(invoice)).order_by_asc(Column::Id).all(db).await
    }
}

/// Money given back.
pub mod refund {
    use super::*;

    #[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
    #[sea_orm(table_name = "refund")]
    #[expect(missing_docs, reason = "columns are named by the terms of design.md section 1")]
    pub struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub id: RefundId,
        pub payment_id: PaymentId,
        pub org_id: OrgId,
        pub kind: RefundKind,
        pub amount: i64,
        pub currency: Currency,
        pub status: RefundStatus,
        pub reason: String,
        pub request_key: String,
        pub provider_ref: Option<String>,
        pub credit_note_id: Option<InvoiceId>,
        pub by_label: String,
        pub failure: Option<String>,
        pub created_at: Instant,
        pub settled_at: Option<Instant>,
        pub version: i64,
    }

    #[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
    pub enum Relation {}

    impl ActiveModelBehavior for ActiveModel {}

    /// Refunds of a payment, oldest first.
    pub async fn of(db: &impl ConnectionTrait, payment: PaymentId) -> Result<Vec<Model>, DbErr> {
        Entity::find().filter(Column::PaymentId.eq(payment)).order_by_asc(Column::Id).all(db).await
    }
    /// Refunds of payments the caller may see, oldest first.
    pub async fn of_all(db: &impl ConnectionTrait, payments: Vec<PaymentId>) -> Result<Vec<Model>, DbErr> {
        Entity::find().filter(Column::PaymentId.is_in(payments)).order_by_asc(Column::Id).all(db).await
    }
    /// The refund of a request, if it was made before.
    pub async fn by_key(db: &impl ConnectionTrait, key: &str) -> Result<Option<Model>, DbErr> {
        Entity::find().filter(Column::RequestKey.eq(key)).one(db).await
    }
    /// A refund, locked: whoever settles it waits here.
    pub async fn locked(tx: &impl ConnectionTrait, id: RefundId) -> Result<Option<Model>, DbErr> {
        Entity::find_by_id(id).lock_exclusive().one(tx).await
    }
    /// A refund, for the job that carries it out.
    pub async fn by_id(db: &impl ConnectionTrait, id: RefundId) -> Result<Option<Model>, DbErr> {
        Entity::find_by_id(id).one(db).await
    }
}

/// What a provider told us, once per event.
pub mod webhook_event {
    use super::*;
    use sea_orm::{ActiveValue::Set, sea_query::OnConflict};

    #[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
    #[sea_orm(table_name = "webhook_event")]
    #[expect(missing_docs, reason = "columns are named by the terms of design.md section 1")]
    pub struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub provider: Provider,
        #[sea_orm(primary_key, auto_increment = false)]
        pub event_id: String,
        pub kind: String,
        pub payload: String,
        pub received_at: Instant,
        pub handled_at: Option<Instant>,
    }

    #[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
    pub enum Relation {}

    impl ActiveModelBehavior for ActiveModel {}

    /// Notes an event; false if it was noted before.
    pub async fn note(tx: &impl ConnectionTrait, row: Model) -> Result<bool, DbErr> {
        let once = OnConflict::columns([Column::Provider, Column::EventId]).do_nothing().to_owned();
        let added =
            Entity::insert(ActiveModel::from(row)).on_conflict(once).exec_without_returning(tx).await?;
        Ok(added > 0)
    }
    /// Marks an event as handled.
    pub async fn handled(
        tx: &impl ConnectionTrait,
        provider: Provider,
        event_id: String,
        at: Instant,
    ) -> Result<(), DbErr> {
        let change = ActiveModel {
            provider: Set(provider),
            event_id: Set(event_id),
            handled_at: Set(Some(at)),
            ..Default::default()
        };
        Entity::update(change).exec(tx).await?;
        Ok(())
    }
}

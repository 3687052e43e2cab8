//! Rows of this room, and the only places that read them.
#![allow(clippy::disallowed_methods, reason = "this is where queries are written")]

use super::PayoutStatus;
use crate::kernel::{id::*, instant::*, money::Currency};
use sea_orm::{ExprTrait, FromQueryResult, QueryOrder, QuerySelect, Statement, entity::prelude::*};

/// A payout.
pub mod payout {
    use super::*;

    #[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
    #[sea_orm(table_name = "payout")]
    #[expect(missing_docs, reason = "columns are named by the terms of design.md section 1")]
    pub struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub id: PayoutId,
        pub partner_id: OrgId,
        pub entity: String,
        pub currency: Currency,
        pub number: String,
        pub amount: i64,
        pub lines: i64,
        pub status: PayoutStatus,
        pub account_id: PayoutAccountId,
        pub method: String,
        pub request_key: String,
        pub requested_by: String,
        pub requested_at: Instant,
        pub reference: String,
        pub reject_reason: String,
        pub decided_at: Option<Instant>,
        pub sent_at: Option<Instant>,
        pub paid_at: Option<Instant>,
        pub version: i64,
        /// When it was last written into a file for the bank, and by whom.
        pub exported_at: Option<Instant>,
        pub exported_by: Option<String>,
    }

    #[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
    pub enum Relation {}

    impl ActiveModelBehavior for ActiveModel {}

    /// One payout; of one partner where one is named.
    pub async fn by_id(
        db: &impl ConnectionTrait,
        partner: Option<OrgId>,
        id: PayoutId,
    ) -> Result<Option<Model>, DbErr> {
        scoped(partner).filter(Column::Id.eq(id)).one(db).await
    }
    /// The same, locked for this transaction.
    pub async fn locked(
        tx: &impl ConnectionTrait,
        partner: Option<OrgId>,
        id: PayoutId,
    ) -> Result<Option<Model>, DbErr> {
        scoped(partner).filter(Column::Id.eq(id)).lock_exclusive().one(tx).await
    }
    fn scoped(partner: Option<OrgId>) -> Select<Entity> {
        let find = Entity::find();
        match partner {
            Some(partner) => find.filter(Column::PartnerId.eq(partner)),
            None => find,
        }
    }
    /// What a partner requested under a key.
    pub async fn by_key(
        db: &impl ConnectionTrait,
        partner: OrgId,
        key: &str,
    ) -> Result<Option<Model>, DbErr> {
        scoped(Some(partner)).filter(Column::RequestKey.eq(key)).one(db).await
    }
    /// These payouts, by their numbers, locked: two who export at once come one after the other.
    pub async fn by_ids_locked(tx: &impl ConnectionTrait, ids: Vec<PayoutId>) -> Result<Vec<Model>, DbErr> {
        if ids.is_empty() {
            return Ok(Vec::new());
        }
        let find = Entity::find().filter(Column::Id.is_in(ids)).order_by_asc(Column::Number);
        find.lock_exclusive().all(tx).await
    }
    /// Notes that payouts were written into a file. Their version stays: nothing was decided.
    pub async fn exported(
        tx: &impl ConnectionTrait,
        ids: Vec<PayoutId>,
        at: Instant,
        by: &str,
    ) -> Result<(), DbErr> {
        Entity::update_many()
            .col_expr(Column::ExportedAt, Expr::value(at))
            .col_expr(Column::ExportedBy, Expr::value(by))
            .filter(Column::Id.is_in(ids))
            .exec(tx)
            .await?;
        Ok(())
    }
    /// A page of payouts, newest first, behind a place.
    pub fn page(
        partner: Option<OrgId>,
        status: Option<PayoutStatus>,
        after: Option<(Instant, PayoutId)>,
        most: u64,
    ) -> Select<Entity> {
        let mut find = scoped(partner);
        if let Some(status) = status {
            find = find.filter(Column::Status.eq(status));
        }
        if let Some((at, id)) = after {
            let place = Expr::tuple([Expr::col(Column::RequestedAt), Expr::col(Column::Id)]);
            find = find.filter(place.lt(Expr::tuple([Expr::value(at), Expr::value(id)])));
        }
        find.order_by_desc(Column::RequestedAt).order_by_desc(Column::Id).limit(most)
    }
    /// A partner's payouts that arrived from an instant until another.
    pub async fn paid_between(
        db: &impl ConnectionTrait,
        partner: OrgId,
        from: Instant,
        until: Instant,
    ) -> Result<Vec<Model>, DbErr> {
        scoped(Some(partner))
            .filter(Column::Status.eq(PayoutStatus::Paid))
            .filter(Column::PaidAt.gte(from))
            .filter(Column::PaidAt.lt(until))
            .all(db)
            .await
    }

    /// What was paid out at one entity.
    #[derive(Debug, FromQueryResult)]
    #[expect(missing_docs, reason = "columns of the sum")]
    pub struct Sum {
        pub entity: String,
        pub currency: Currency,
        pub amount: i64,
    }

    /// What was ever paid out to a partner.
    pub async fn paid_sums(db: &impl ConnectionTrait, partner: OrgId) -> Result<Vec<Sum>, DbErr> {
        let sql = "SELECT entity, currency, CAST(SUM(amount) AS bigint) AS amount FROM payout \
                   WHERE partner_id = $1 AND status = 'paid' GROUP BY entity, currency";
        let statement = Statement::from_sql_and_values(db.get_database_backend(), sql, [partner.into()]);
        Sum::find_by_statement(statement).all(db).await
    }
}

/// An account payouts go to, or went to.
pub mod payout_account {
    use super::*;

    #[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
    #[sea_orm(table_name = "payout_account")]
    #[expect(missing_docs, reason = "columns are named by the terms of design.md section 1")]
    pub struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub id: PayoutAccountId,
        pub partner_id: OrgId,
        pub holder: String,
        /// Sealed.
        pub iban: Vec<u8>,
        pub iban_last4: String,
        pub bic: String,
        pub bank: String,
        pub country: String,
        pub created_at: Instant,
        pub usable_at: Instant,
        pub created_by: String,
        pub replaced_at: Option<Instant>,
    }

    #[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
    pub enum Relation {}

    impl ActiveModelBehavior for ActiveModel {}

    /// The account in force.
    pub async fn current(db: &impl ConnectionTrait, partner: OrgId) -> Result<Option<Model>, DbErr> {
        Entity::find()
            .filter(Column::PartnerId.eq(partner))
            .filter(Column::ReplacedAt.is_null())
            .one(db)
            .await
    }
    /// These accounts, in force or not.
    pub async fn by_ids(db: &impl ConnectionTrait, ids: Vec<PayoutAccountId>) -> Result<Vec<Model>, DbErr> {
        if ids.is_empty() {
            return Ok(Vec::new());
        }
        Entity::find().filter(Column::Id.is_in(ids)).all(db).await
    }
    /// Ends the account in force.
    pub async fn replace(tx: &impl ConnectionTrait, partner: OrgId, at: Instant) -> Result<(), DbErr> {
        Entity::update_many()
            .col_expr(Column::ReplacedAt, Expr::value(at))
            .filter(Column::PartnerId.eq(partner))
            .filter(Column::ReplacedAt.is_null())
            .exec(tx)
            .await?;
        Ok(())
    }
}

/// A partner's invoice for a payout.
pub mod payout_invoice {
    use super::*;

    #[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
    #[sea_orm(table_name = "payout_invoice")]
    #[expect(missing_docs, reason = "columns are named by the terms of design.md section 1")]
    pub struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub id: PayoutInvoiceId,
        pub payout_id: PayoutId,
        pub partner_id: OrgId,
        pub number: String,
        pub issued_on: Day,
        pub amount: i64,
        pub currency: Currency,
        pub file_name: String,
        pub media_type: String,
        pub content: Vec<u8>,
        pub uploaded_at: Instant,
        pub uploaded_by: String,
        pub replaced_at: Option<Instant>,
    }

    #[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
    pub enum Relation {}

    impl ActiveModelBehavior for ActiveModel {}

    /// An invoice without its file.
    #[derive(Debug, Clone, FromQueryResult)]
    #[expect(missing_docs, reason = "columns of the invoice")]
    pub struct Slim {
        pub id: PayoutInvoiceId,
        pub payout_id: PayoutId,
        pub number: String,
        pub issued_on: Day,
        pub file_name: String,
        pub uploaded_at: Instant,
        pub replaced_at: Option<Instant>,
    }

    /// All invoices of these payouts, replaced ones too, latest first, without their files.
    pub async fn of_payouts(db: &impl ConnectionTrait, payouts: Vec<PayoutId>) -> Result<Vec<Slim>, DbErr> {
        if payouts.is_empty() {
            return Ok(Vec::new());
        }
        Entity::find()
            .select_only()
            .columns([
                Column::Id,
                Column::PayoutId,
                Column::Number,
                Column::IssuedOn,
                Column::FileName,
                Column::UploadedAt,
                Column::ReplacedAt,
            ])
            .filter(Column::PayoutId.is_in(payouts))
            .order_by_desc(Column::UploadedAt)
            .into_model::<Slim>()
            .all(db)
            .await
    }
    /// The invoice in force of a payout, with its file.
    pub async fn current(db: &impl ConnectionTrait, payout: PayoutId) -> Result<Option<Model>, DbErr> {
        Entity::find().filter(Column::PayoutId.eq(payout)).filter(Column::ReplacedAt.is_null()).one(db).await
    }
    /// One invoice of a payout, in force or not, with its file.
    pub async fn one(
        db: &impl ConnectionTrait,
        payout: PayoutId,
        id: PayoutInvoiceId,
    ) -> Result<Option<Model>, DbErr> {
        Entity::find_by_id(id).filter(Column::PayoutId.eq(payout)).one(db).await
    }
    /// Whether the partner has an invoice of this number in force.
    pub async fn is_known(db: &impl ConnectionTrait, partner: OrgId, number: &str) -> Result<bool, DbErr> {
        // Every row of the partial index that knows the number has no end.
        let found = Entity::find()
            .filter(Column::PartnerId.eq(partner))
            .filter(Column::Number.eq(number))
            .filter(Column::ReplacedAt.is_null())
            .count(db)
            .await?;
        Ok(found > 0)
    }
    /// Ends the invoice in force of a payout; its number may be used again.
    pub async fn replace(tx: &impl ConnectionTrait, payout: PayoutId, at: Instant) -> Result<(), DbErr> {
        Entity::update_many()
            .col_expr(Column::ReplacedAt, Expr::value(at))
            .filter(Column::PayoutId.eq(payout))
            .filter(Column::ReplacedAt.is_null())
            .exec(tx)
            .await?;
        Ok(())
    }
}

/// From which account one of the vendor's entities pays.
#[derive(Debug, Clone, FromQueryResult)]
#[expect(missing_docs, reason = "columns of billing_entity")]
pub struct Payer {
    pub key: String,
    pub name: String,
    pub iban: String,
    pub bic: String,
}

/// The accounts of all of the vendor's entities: a handful.
pub async fn payers(db: &impl ConnectionTrait) -> Result<Vec<Payer>, DbErr> {
    let sql = "SELECT key, name, iban, bic FROM billing_entity ORDER BY key";
    Payer::find_by_statement(Statement::from_string(db.get_database_backend(), sql)).all(db).await
}

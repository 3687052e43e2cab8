//! Rows of this room, and the only places that read them.
#![allow(clippy::disallowed_methods, reason = "this is where queries are written")]

use super::{ApplicationStatus, Employees, Expertise, MessageKind, RejectReason};
use crate::kernel::{id::*, instant::*, locale::Locale};
use crate::partner::PartnerType;
use sea_orm::{Condition, QueryOrder, QuerySelect, entity::prelude::*};

pub mod people;
pub mod queue;

/// A wish to become a partner.
pub mod application {
    use super::*;

    #[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
    #[sea_orm(table_name = "application")]
    #[expect(missing_docs, reason = "columns are named by the terms of design.md section 1")]
    pub struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub id: ApplicationId,
        pub status_hash: String,
        pub account_id: AccountId,
        pub status: ApplicationStatus,
        pub email: String,
        pub email_key: String,
        pub company_domain: String,
        pub first_name: String,
        pub last_name: String,
        pub phone: String,
        pub job_title: Option<String>,
        pub company_name: String,
        pub website: String,
        pub vat_id: Option<String>,
        pub employees: Employees,
        pub founded: Option<i32>,
        pub street: String,
        pub street2: Option<String>,
        pub postal_code: String,
        pub city: String,
        pub state: Option<String>,
        pub country: String,
        pub expertise: Expertise,
        pub partner_type: PartnerType,
        pub experience: String,
        pub plans: String,
        pub expected_customers: Option<i32>,
        pub other_vendors: Option<String>,
        pub terms_version: String,
        pub terms_at: Instant,
        pub ip: String,
        pub locale: Locale,
        pub search_text: String,
        pub created_at: Instant,
        pub submitted_at: Option<Instant>,
        pub due_at: Option<Instant>,
        pub assigned_to: Option<AccountId>,
        pub decided_by: Option<AccountId>,
        pub decided_at: Option<Instant>,
        pub reject_reason: Option<RejectReason>,
        pub reject_note: Option<String>,
        pub reapply_on: Option<Day>,
        pub org_id: Option<OrgId>,
        pub version: i64,
        pub name_key: String,
        pub mail_domain: String,
        pub reminded: i32,
        pub waiting_since: Option<Instant>,
    }

    #[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
    pub enum Relation {}

    impl ActiveModelBehavior for ActiveModel {}

    /// One application that reviewers may see: its address is confirmed. For callers that have proven that they are
    /// the vendor's.
    pub async fn for_review(db: &impl ConnectionTrait, id: ApplicationId) -> Result<Option<Model>, DbErr> {
        Entity::find_by_id(id).filter(Column::SubmittedAt.is_not_null()).one(db).await
    }
    /// The same, locked for this transaction.
    pub async fn for_review_locked(
        tx: &impl ConnectionTrait,
        id: ApplicationId,
    ) -> Result<Option<Model>, DbErr> {
        Entity::find_by_id(id).filter(Column::SubmittedAt.is_not_null()).lock_exclusive().one(tx).await
    }
    /// The application of a status token's hash.
    pub async fn by_token(db: &impl ConnectionTrait, hash: &str) -> Result<Option<Model>, DbErr> {
        Entity::find().filter(Column::StatusHash.eq(hash)).one(db).await
    }
    /// The same, locked for this transaction.
    pub async fn by_token_locked(tx: &impl ConnectionTrait, hash: &str) -> Result<Option<Model>, DbErr> {
        Entity::find().filter(Column::StatusHash.eq(hash)).lock_exclusive().one(tx).await
    }
    /// What an account has sent before its address was confirmed.
    pub async fn unconfirmed_of(tx: &impl ConnectionTrait, account: AccountId) -> Result<Vec<Model>, DbErr> {
        Entity::find()
            .filter(Column::AccountId.eq(account))
            .filter(Column::Status.eq(ApplicationStatus::Unconfirmed))
            .lock_exclusive()
            .all(tx)
            .await
    }
    /// Drops them: nobody has seen them yet.
    pub async fn drop_unconfirmed(tx: &impl ConnectionTrait, account: AccountId) -> Result<(), DbErr> {
        Entity::delete_many()
            .filter(Column::AccountId.eq(account))
            .filter(Column::Status.eq(ApplicationStatus::Unconfirmed))
            .exec(tx)
            .await?;
        Ok(())
    }
    /// An account's own applications, the latest first.
    pub async fn of_account(db: &impl ConnectionTrait, account: AccountId) -> Result<Vec<Model>, DbErr> {
        Entity::find()
            .filter(Column::AccountId.eq(account))
            .order_by_desc(Column::CreatedAt)
            .limit(20)
            .all(db)
            .await
    }
    /// Applications of the same e-mail address or company domain (R1.2). An empty domain is nobody's.
    pub async fn rivals(
        tx: &impl ConnectionTrait,
        email_key: &str,
        domain: &str,
    ) -> Result<Vec<Model>, DbErr> {
        let mut same = Condition::any().add(Column::EmailKey.eq(email_key));
        if !domain.is_empty() {
            same = same.add(Column::CompanyDomain.eq(domain));
        }
        Entity::find().filter(same).filter(Column::Status.ne(ApplicationStatus::Withdrawn)).all(tx).await
    }
    /// Other applications that may come from the same company; at most 20, the latest first.
    pub async fn alike(db: &impl ConnectionTrait, of: &Model) -> Result<Vec<Model>, DbErr> {
        let mut same =
            Condition::any().add(Column::NameKey.eq(&of.name_key)).add(Column::Phone.eq(&of.phone));
        if !of.company_domain.is_empty() {
            same = same.add(Column::CompanyDomain.eq(&of.company_domain));
        }
        if !of.mail_domain.is_empty() {
            same = same.add(Column::MailDomain.eq(&of.mail_domain));
        }
        Entity::find()
            .filter(same)
            .filter(Column::Id.ne(of.id))
            .filter(Column::SubmittedAt.is_not_null())
            .order_by_desc(Column::Id)
            .limit(20)
            .all(db)
            .await
    }
}

/// A question, an answer or an internal note.
pub mod message {
    use super::*;

    #[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
    #[sea_orm(table_name = "application_message")]
    #[expect(missing_docs, reason = "columns are named by the terms of design.md section 1")]
    pub struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub id: MessageId,
        pub application_id: ApplicationId,
        pub kind: MessageKind,
        pub author_id: Option<AccountId>,
        pub author: String,
        pub body: String,
        pub at: Instant,
    }

    #[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
    pub enum Relation {}

    impl ActiveModelBehavior for ActiveModel {}

    /// What was said about an application, the oldest first; with the internal notes or without.
    pub async fn thread(
        db: &impl ConnectionTrait,
        application: ApplicationId,
        notes: bool,
    ) -> Result<Vec<Model>, DbErr> {
        let mut find = Entity::find().filter(Column::ApplicationId.eq(application));
        if !notes {
            find = find.filter(Column::Kind.ne(MessageKind::Note));
        }
        find.order_by_asc(Column::At).order_by_asc(Column::Id).limit(500).all(db).await
    }
}

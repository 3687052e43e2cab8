//! Rows of this room, and the only places that read them.
#![allow(clippy::disallowed_methods, reason = "this is where queries are written")]

use super::{ApplicationStatus, Employees, Expertise, MessageKind, RejectReason};
use crate::kernel::{id::*, instant::*, locale::Locale};
use crate::partner::PartnerType;
use sea_orm::entity::prelude::*;

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
    }

    #[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
    pub enum Relation {}

    impl ActiveModelBehavior for ActiveModel {}
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
}

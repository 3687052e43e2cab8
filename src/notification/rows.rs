//! Rows of this room, and the only places that read them.
#![allow(clippy::disallowed_methods, reason = "this is where queries are written")]

use super::MailStatus;
use crate::kernel::{id::*, instant::*, locale::Locale};
use sea_orm::entity::prelude::*;

/// A mail, from its writing to its sending.
pub mod mail {
    use super::*;

    #[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
    #[sea_orm(table_name = "mail")]
    #[expect(missing_docs, reason = "columns are named by the terms of design.md section 1")]
    pub struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub id: MailId,
        pub recipient: String,
        pub locale: Locale,
        pub template: String,
        pub content: Option<Vec<u8>>,
        pub status: MailStatus,
        pub created_at: Instant,
        pub sent_at: Option<Instant>,
    }

    #[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
    pub enum Relation {}

    impl ActiveModelBehavior for ActiveModel {}
}

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

    /// One mail, for the job that sends it.
    pub async fn by_id(db: &impl ConnectionTrait, id: MailId) -> Result<Option<Model>, DbErr> {
        Entity::find_by_id(id).one(db).await
    }
    /// Handed to the mail server: what it said is dropped, since it may hold a secret link.
    pub async fn sent(tx: &impl ConnectionTrait, id: MailId, at: Instant) -> Result<(), DbErr> {
        Entity::update_many()
            .col_expr(Column::Status, Expr::value(MailStatus::Sent.key()))
            .col_expr(Column::SentAt, Expr::value(at.0))
            .col_expr(Column::Content, Expr::value(None::<Vec<u8>>))
            .filter(Column::Id.eq(id))
            .exec(tx)
            .await?;
        Ok(())
    }
    /// Where a mail not yet sent stands; its content stays, for another try.
    pub async fn set_status(tx: &impl ConnectionTrait, id: MailId, status: MailStatus) -> Result<(), DbErr> {
        Entity::update_many()
            .col_expr(Column::Status, Expr::value(status.key()))
            .filter(Column::Id.eq(id))
            .filter(Column::Status.ne(MailStatus::Sent))
            .exec(tx)
            .await?;
        Ok(())
    }
    /// Some mails, for the list of what failed.
    pub async fn by_ids(db: &impl ConnectionTrait, ids: Vec<MailId>) -> Result<Vec<Model>, DbErr> {
        Entity::find().filter(Column::Id.is_in(ids)).all(db).await
    }
    /// Lets failed mails wait anew; all of them, or one.
    pub async fn wake(tx: &impl ConnectionTrait, id: Option<MailId>) -> Result<(), DbErr> {
        let mut wake = Entity::update_many()
            .col_expr(Column::Status, Expr::value(MailStatus::Waiting.key()))
            .filter(Column::Status.eq(MailStatus::Failed));
        if let Some(id) = id {
            wake = wake.filter(Column::Id.eq(id));
        }
        wake.exec(tx).await?;
        Ok(())
    }
    /// How many mails wait, and how many failed for good.
    pub async fn counts(db: &impl ConnectionTrait) -> Result<(i64, i64), DbErr> {
        let count =
            async |status: MailStatus| Entity::find().filter(Column::Status.eq(status)).count(db).await;
        let number = |count: u64| i64::try_from(count).unwrap_or(i64::MAX);
        Ok((number(count(MailStatus::Waiting).await?), number(count(MailStatus::Failed).await?)))
    }
}

//! Rows of this room, and the only places that read them.
#![allow(clippy::disallowed_methods, reason = "this is where queries are written")]

use super::{DomainStatus, Method};
use crate::kernel::{id::*, instant::*};
use sea_orm::{QueryOrder, QuerySelect, entity::prelude::*};

/// A domain of an organisation.
pub mod domain {
    use super::*;

    #[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
    #[sea_orm(table_name = "domain")]
    #[expect(missing_docs, reason = "columns are named by the terms of design.md section 1")]
    pub struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub id: DomainId,
        pub org_id: OrgId,
        pub name: String,
        pub verified_name: Option<String>,
        pub is_primary: bool,
        pub status: DomainStatus,
        pub token: String,
        pub method: Option<Method>,
        pub verified_at: Option<Instant>,
        pub checked_at: Option<Instant>,
        pub last_check: Option<String>,
        pub created_at: Instant,
        pub version: i64,
        pub pending_since: Option<Instant>,
        pub next_check_at: Option<Instant>,
        pub lost_at: Option<Instant>,
    }

    #[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
    pub enum Relation {}

    impl ActiveModelBehavior for ActiveModel {}

    /// A domain of an organisation, by name.
    pub async fn of_org(db: &impl ConnectionTrait, org: OrgId, name: &str) -> Result<Option<Model>, DbErr> {
        Entity::find().filter(Column::OrgId.eq(org)).filter(Column::Name.eq(name)).one(db).await
    }
    /// A domain of an organisation, by id.
    pub async fn by_id(db: &impl ConnectionTrait, org: OrgId, id: DomainId) -> Result<Option<Model>, DbErr> {
        Entity::find_by_id(id).filter(Column::OrgId.eq(org)).one(db).await
    }
    /// All domains of an organisation: the primary one first, then by name.
    pub async fn list(db: &impl ConnectionTrait, org: OrgId) -> Result<Vec<Model>, DbErr> {
        Entity::find()
            .filter(Column::OrgId.eq(org))
            .order_by_desc(Column::IsPrimary)
            .order_by_asc(Column::Name)
            .all(db)
            .await
    }
    /// An organisation's primary domain.
    pub async fn primary(db: &impl ConnectionTrait, org: OrgId) -> Result<Option<Model>, DbErr> {
        Entity::find().filter(Column::OrgId.eq(org)).filter(Column::IsPrimary.eq(true)).one(db).await
    }
    /// Names of the primary domains of some organisations that the caller may see.
    pub async fn primary_names(
        db: &impl ConnectionTrait,
        orgs: Vec<OrgId>,
    ) -> Result<Vec<(OrgId, String)>, DbErr> {
        let rows = Entity::find().filter(Column::OrgId.is_in(orgs)).filter(Column::IsPrimary.eq(true));
        Ok(rows.all(db).await?.into_iter().map(|row| (row.org_id, row.name)).collect())
    }
    /// Whether an organisation holds any domain.
    pub async fn holds_any(db: &impl ConnectionTrait, org: OrgId) -> Result<bool, DbErr> {
        let held = Entity::find().filter(Column::OrgId.eq(org)).filter(Column::VerifiedName.is_not_null());
        Ok(held.limit(1).one(db).await?.is_some())
    }
    /// How many domains an organisation has.
    pub async fn count(db: &impl ConnectionTrait, org: OrgId) -> Result<u64, DbErr> {
        Entity::find().filter(Column::OrgId.eq(org)).count(db).await
    }
    /// Whoever proved the name. Crosses organisations: one may hold a name, and that it is held is told to all.
    pub async fn holder(db: &impl ConnectionTrait, name: &str) -> Result<Option<OrgId>, DbErr> {
        let row = Entity::find().filter(Column::VerifiedName.eq(name)).one(db).await?;
        Ok(row.map(|r| r.org_id))
    }
    /// Whether an organisation holds a name.
    pub async fn is_held_by(db: &impl ConnectionTrait, org: OrgId, name: &str) -> Result<bool, DbErr> {
        Ok(holder(db, name).await? == Some(org))
    }
    /// Organisations that have added a name, proved or not. Crosses organisations: for the vendor's reviewers alone.
    pub async fn named(db: &impl ConnectionTrait, name: &str, most: u64) -> Result<Vec<OrgId>, DbErr> {
        let rows = Entity::find().filter(Column::Name.eq(name)).order_by_asc(Column::Id).limit(most);
        Ok(rows.all(db).await?.into_iter().map(|row| row.org_id).collect())
    }
    /// All rows of a name, locked in one order, so that two organisations proving it at once do so one after the
    /// other. Crosses organisations for that reason.
    pub async fn lock_name(tx: &impl ConnectionTrait, name: &str) -> Result<Vec<Model>, DbErr> {
        Entity::find().filter(Column::Name.eq(name)).order_by_asc(Column::Id).lock_exclusive().all(tx).await
    }
    /// Takes an unproven domain away, if it has not changed since.
    pub async fn remove(tx: &impl ConnectionTrait, row: &Model) -> Result<bool, DbErr> {
        let gone = Entity::delete_many()
            .filter(Column::Id.eq(row.id))
            .filter(Column::OrgId.eq(row.org_id))
            .filter(Column::Version.eq(row.version))
            .exec(tx)
            .await?;
        Ok(gone.rows_affected == 1)
    }
}

/// A person's manual checks of a domain within the last minute.
pub mod domain_try {
    use super::*;
    use sea_orm::{ActiveValue::Set, sea_query::OnConflict};

    #[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
    #[sea_orm(table_name = "domain_try")]
    #[expect(missing_docs, reason = "columns are named by the terms of design.md section 1")]
    pub struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub domain_id: DomainId,
        #[sea_orm(primary_key, auto_increment = false)]
        pub account_id: AccountId,
        pub recent: String,
    }

    #[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
    pub enum Relation {}

    impl ActiveModelBehavior for ActiveModel {}

    /// The row, made if missing and locked on PostgreSQL by the upsert.
    pub async fn locked(
        tx: &impl ConnectionTrait,
        domain: DomainId,
        account: AccountId,
    ) -> Result<Model, DbErr> {
        let fresh =
            ActiveModel { domain_id: Set(domain), account_id: Set(account), recent: Set("[]".into()) };
        let keep = OnConflict::columns([Column::DomainId, Column::AccountId])
            .update_column(Column::DomainId)
            .to_owned();
        Entity::insert(fresh).on_conflict(keep).exec_with_returning(tx).await
    }
}

/// The mail flow of a held domain: its key and what its lamps said last.
pub mod domain_mail {
    use super::*;

    #[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
    #[sea_orm(table_name = "domain_mail")]
    #[expect(missing_docs, reason = "columns are named by the terms of design.md section 1")]
    pub struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub domain_id: DomainId,
        pub org_id: OrgId,
        /// The key's number, from 1; the next one gets the next.
        pub key_no: i64,
        pub selector: String,
        pub public_key: String,
        pub private_key: Vec<u8>,
        pub key_at: Instant,
        /// Whether the key's record was ever seen: mail is signed with it from then on.
        pub key_seen: bool,
        pub old_selector: Option<String>,
        pub old_public_key: Option<String>,
        pub old_private_key: Option<Vec<u8>>,
        pub lamps: String,
        pub looked_at: Option<Instant>,
        pub next_look_at: Option<Instant>,
        pub version: i64,
    }

    #[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
    pub enum Relation {}

    impl ActiveModelBehavior for ActiveModel {}

    /// The mail flow of one domain of an organisation.
    pub async fn of(db: &impl ConnectionTrait, org: OrgId, domain: DomainId) -> Result<Option<Model>, DbErr> {
        Entity::find_by_id(domain).filter(Column::OrgId.eq(org)).one(db).await
    }
    /// The same, locked: a look and a new key come one after the other.
    pub async fn locked(
        tx: &impl ConnectionTrait,
        org: OrgId,
        domain: DomainId,
    ) -> Result<Option<Model>, DbErr> {
        Entity::find_by_id(domain).filter(Column::OrgId.eq(org)).lock_exclusive().one(tx).await
    }
    /// Those of all of an organisation's domains.
    pub async fn of_org(db: &impl ConnectionTrait, org: OrgId) -> Result<Vec<Model>, DbErr> {
        Entity::find().filter(Column::OrgId.eq(org)).all(db).await
    }
    /// Keeps a domain's first key; the one that is there stays if somebody else was quicker.
    pub async fn begin(db: &impl ConnectionTrait, row: Model) -> Result<(), DbErr> {
        let active: ActiveModel = row.into();
        Entity::insert(active)
            .on_conflict_do_nothing_on([Column::DomainId])
            .exec_without_returning(db)
            .await?;
        Ok(())
    }
}

/// An organisation's settings of mail, once somebody has changed them.
pub mod mail_setting {
    use super::*;

    #[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
    #[sea_orm(table_name = "mail_setting")]
    #[expect(missing_docs, reason = "columns are named by the terms of design.md section 1")]
    pub struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub org_id: OrgId,
        pub catch_all_id: Option<MemberId>,
        pub forwarding: bool,
        pub outside_notice: bool,
        pub attachment_mb: i64,
        pub footer: String,
        pub keep_days: i64,
        pub updated_at: Instant,
        pub version: i64,
    }

    #[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
    pub enum Relation {}

    impl ActiveModelBehavior for ActiveModel {}

    /// The settings of an organisation.
    pub async fn of(db: &impl ConnectionTrait, org: OrgId) -> Result<Option<Model>, DbErr> {
        Entity::find_by_id(org).one(db).await
    }
}

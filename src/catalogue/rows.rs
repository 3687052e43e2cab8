//! Rows of this room, and the only places that read them.
#![allow(clippy::disallowed_methods, reason = "this is where queries are written")]

use super::{BillingEntity, BillingProfile, LimitsRow, PlanLimits, PriceRow};
use crate::{
    kernel::{id::*, instant::*, money::Currency},
    subscription::{Plan, Term, change::Item},
};
use sea_orm::{QueryOrder, entity::prelude::*};

/// One of the vendor's entities that bill.
pub mod billing_entity {
    use super::*;

    #[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
    #[sea_orm(table_name = "billing_entity")]
    #[expect(missing_docs, reason = "columns are named by the terms of design.md section 1")]
    pub struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub key: String,
        pub name: String,
        pub street: String,
        pub postal_code: String,
        pub city: String,
        pub country: String,
        pub vat_id: String,
        pub email: String,
        pub currency: Currency,
        pub iban: String,
        pub bic: String,
        pub tax_bp: i64,
        /// Codes and `*`, separated by blanks.
        pub countries: String,
        pub position: i32,
        pub version: i64,
    }

    #[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
    pub enum Relation {}

    impl ActiveModelBehavior for ActiveModel {}

    /// All of them, in their order. A vendor has a handful.
    pub async fn all(db: &impl ConnectionTrait) -> Result<Vec<Model>, DbErr> {
        Entity::find().order_by_asc(Column::Position).order_by_asc(Column::Key).all(db).await
    }
    /// One of them.
    pub async fn by_key(db: &impl ConnectionTrait, key: &str) -> Result<Option<Model>, DbErr> {
        Entity::find_by_id(key).one(db).await
    }

    impl From<Model> for BillingEntity {
        fn from(row: Model) -> Self {
            Self {
                key: row.key,
                name: row.name,
                street: row.street,
                postal_code: row.postal_code,
                city: row.city,
                country: row.country,
                vat_id: row.vat_id,
                email: row.email,
                currency: row.currency,
                iban: row.iban,
                bic: row.bic,
                tax_bp: row.tax_bp,
                countries: row.countries.split_whitespace().map(str::to_owned).collect(),
                position: row.position,
                version: row.version,
            }
        }
    }

    impl From<BillingEntity> for Model {
        fn from(entity: BillingEntity) -> Self {
            Self {
                key: entity.key,
                name: entity.name,
                street: entity.street,
                postal_code: entity.postal_code,
                city: entity.city,
                country: entity.country,
                vat_id: entity.vat_id,
                email: entity.email,
                currency: entity.currency,
                iban: entity.iban,
                bic: entity.bic,
                tax_bp: entity.tax_bp,
                countries: entity.countries.join(" "),
                position: entity.position,
                version: entity.version,
            }
        }
    }
}

/// A plan's limits from a day on.
pub mod plan_offer {
    use super::*;

    #[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
    #[sea_orm(table_name = "plan_offer")]
    #[expect(missing_docs, reason = "columns are named by the terms of design.md section 1")]
    pub struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub plan: Plan,
        #[sea_orm(primary_key, auto_increment = false)]
        pub valid_from: Day,
        pub users_max: Option<i64>,
        pub storage_gb: i64,
        pub domains_max: i64,
        pub on_sale: bool,
        pub created_at: Instant,
        pub created_by: String,
    }

    #[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
    pub enum Relation {}

    impl ActiveModelBehavior for ActiveModel {}

    /// All limits there ever were and are announced, newest first: a few a year.
    pub async fn all(db: &impl ConnectionTrait) -> Result<Vec<Model>, DbErr> {
        Entity::find().order_by_asc(Column::Plan).order_by_desc(Column::ValidFrom).all(db).await
    }
    /// A plan's limits that began on a day or before, newest first.
    pub fn until(plan: Plan, day: Day) -> Select<Entity> {
        Entity::find()
            .filter(Column::Plan.eq(plan))
            .filter(Column::ValidFrom.lte(day))
            .order_by_desc(Column::ValidFrom)
    }
    /// What begins on a day.
    pub async fn on(db: &impl ConnectionTrait, plan: Plan, day: Day) -> Result<Option<Model>, DbErr> {
        Entity::find_by_id((plan, day)).one(db).await
    }

    impl Model {
        /// The limits alone.
        pub fn limits(&self) -> PlanLimits {
            PlanLimits {
                users_max: self.users_max,
                storage_gb: self.storage_gb,
                domains_max: self.domains_max,
                on_sale: self.on_sale,
            }
        }
    }

    impl From<Model> for LimitsRow {
        fn from(row: Model) -> Self {
            let limits = row.limits();
            Self {
                plan: row.plan,
                valid_from: row.valid_from,
                limits,
                by: row.created_by,
                at: row.created_at,
            }
        }
    }
}

/// A price from a day on.
pub mod price {
    use super::*;

    #[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
    #[sea_orm(table_name = "price")]
    #[expect(missing_docs, reason = "columns are named by the terms of design.md section 1")]
    pub struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub id: PriceId,
        pub item: Item,
        pub term: Term,
        pub currency: Currency,
        pub valid_from: Day,
        /// Minor units, per licence or unit and term.
        pub amount: i64,
        pub created_at: Instant,
        pub created_by: String,
    }

    #[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
    pub enum Relation {}

    impl ActiveModelBehavior for ActiveModel {}

    /// A currency's prices, by item and term, oldest first: one stretch of the index.
    pub fn of_currency(currency: Currency) -> Select<Entity> {
        Entity::find()
            .filter(Column::Currency.eq(currency))
            .order_by_asc(Column::Item)
            .order_by_asc(Column::Term)
            .order_by_asc(Column::ValidFrom)
    }
    /// Those of them that began on a day or before.
    pub fn until(currency: Currency, day: Day) -> Select<Entity> {
        of_currency(currency).filter(Column::ValidFrom.lte(day))
    }
    /// Every price an item and term ever had or will have in a currency, newest first.
    pub fn history(currency: Currency, item: Item, term: Term) -> Select<Entity> {
        Entity::find()
            .filter(Column::Currency.eq(currency))
            .filter(Column::Item.eq(item))
            .filter(Column::Term.eq(term))
            .order_by_desc(Column::ValidFrom)
    }
    /// What begins on a day.
    pub fn on(currency: Currency, item: Item, term: Term, day: Day) -> Select<Entity> {
        history(currency, item, term).filter(Column::ValidFrom.eq(day))
    }
    /// One of them.
    pub async fn by_id(db: &impl ConnectionTrait, id: PriceId) -> Result<Option<Model>, DbErr> {
        Entity::find_by_id(id).one(db).await
    }

    impl From<Model> for PriceRow {
        fn from(row: Model) -> Self {
            Self {
                id: row.id,
                item: row.item,
                term: row.term,
                valid_from: row.valid_from,
                amount: row.amount,
                by: row.created_by,
                at: row.created_at,
            }
        }
    }
}

/// To whom an organisation's invoices are made out.
pub mod billing_profile {
    use super::*;

    #[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
    #[sea_orm(table_name = "billing_profile")]
    #[expect(missing_docs, reason = "columns are named by the terms of design.md section 1")]
    pub struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub org_id: OrgId,
        pub name: String,
        pub street: String,
        pub street2: String,
        pub postal_code: String,
        pub city: String,
        pub state: String,
        pub country: String,
        pub vat_id: String,
        pub email: String,
        pub version: i64,
    }

    #[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
    pub enum Relation {}

    impl ActiveModelBehavior for ActiveModel {}

    /// Those of these organisations.
    pub async fn of_all(db: &impl ConnectionTrait, orgs: Vec<OrgId>) -> Result<Vec<Model>, DbErr> {
        Entity::find().filter(Column::OrgId.is_in(orgs)).all(db).await
    }
    /// An organisation's own.
    pub async fn of(db: &impl ConnectionTrait, org: OrgId) -> Result<Option<Model>, DbErr> {
        Entity::find_by_id(org).one(db).await
    }

    impl Model {
        /// The row of an organisation's details.
        pub fn new(org_id: OrgId, profile: BillingProfile) -> Self {
            Self {
                org_id,
                name: profile.name,
                street: profile.street,
                street2: profile.street2,
                postal_code: profile.postal_code,
                city: profile.city,
                state: profile.state,
                country: profile.country,
                vat_id: profile.vat_id,
                email: profile.email,
                version: profile.version,
            }
        }
    }

    impl From<Model> for BillingProfile {
        fn from(row: Model) -> Self {
            Self {
                name: row.name,
                street: row.street,
                street2: row.street2,
                postal_code: row.postal_code,
                city: row.city,
                state: row.state,
                country: row.country,
                vat_id: row.vat_id,
                email: row.email,
                version: row.version,
            }
        }
    }
}

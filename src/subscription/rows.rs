//! Rows of this room, and the only places that read them.
#![allow(clippy::disallowed_methods, reason = "this is where queries are written")]

use super::{Plan, Service, SubscriptionStatus, Term, change::Payer};
use crate::kernel::{id::*, instant::*, money::Currency};
use sea_orm::{Condition, ExprTrait, JoinType, QueryOrder, QuerySelect, entity::prelude::*};

/// An organisation's subscription to a service.
pub mod subscription {
    use super::*;

    #[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
    #[sea_orm(table_name = "subscription")]
    #[expect(missing_docs, reason = "columns are named by the terms of design.md section 1")]
    pub struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub id: SubscriptionId,
        pub org_id: OrgId,
        pub service: Service,
        pub plan: Plan,
        pub status: SubscriptionStatus,
        pub term: Term,
        pub seats: i64,
        pub intended_plan: Option<Plan>,
        pub intended_seats: Option<i64>,
        pub intended_term: Option<Term>,
        pub trial_started: Option<Day>,
        pub ends_on: Option<Day>,
        pub created_at: Instant,
        pub version: i64,
        pub payer: Option<Payer>,
        /// Key of the vendor's entity that bills it.
        pub entity: Option<String>,
        pub currency: Option<Currency>,
        /// Price of a licence for a term, in minor units; what it is until the renewal.
        pub unit_price: i64,
        pub addon_units: i64,
        pub addon_price: i64,
        pub term_started: Option<Day>,
        pub term_days: Option<i32>,
        /// Day of the month on which terms begin.
        pub anchor_day: Option<i32>,
        /// What is left of credits, in minor units × days ([`super::change::Contract::carry`]).
        pub carry: i64,
        pub auto_renew: bool,
        pub method_id: Option<MethodId>,
        pub first_paid_on: Option<Day>,
        pub past_due_since: Option<Day>,
        /// Since when a payment of it stands taken back by the payer's bank (R9.7).
        pub flagged_at: Option<Instant>,
    }

    impl Model {
        /// A subscription to the free plan, from which every other one begins.
        pub fn free(id: SubscriptionId, org_id: OrgId, seats: i64, created_at: Instant) -> Self {
            Self {
                id,
                org_id,
                service: Service::Workplace,
                plan: Plan::Free,
                status: SubscriptionStatus::Free,
                term: Term::None,
                seats,
                intended_plan: None,
                intended_seats: None,
                intended_term: None,
                trial_started: None,
                ends_on: None,
                created_at,
                version: 1,
                payer: None,
                entity: None,
                currency: None,
                unit_price: 0,
                addon_units: 0,
                addon_price: 0,
                term_started: None,
                term_days: None,
                anchor_day: None,
                carry: 0,
                auto_renew: true,
                method_id: None,
                first_paid_on: None,
                past_due_since: None,
                flagged_at: None,
            }
        }
    }

    #[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
    pub enum Relation {}

    impl ActiveModelBehavior for ActiveModel {}

    /// An organisation's subscription to a service.
    pub async fn of(db: &impl ConnectionTrait, org: OrgId, service: Service) -> Result<Option<Model>, DbErr> {
        Entity::find().filter(Column::OrgId.eq(org)).filter(Column::Service.eq(service)).one(db).await
    }
    /// Paid subscriptions whose term ended before today, in the order of their ends, behind one: when, which, and whose.
    pub async fn ended(
        db: &impl ConnectionTrait,
        today: Day,
        after: Option<(Day, SubscriptionId)>,
        most: u64,
    ) -> Result<Vec<(Day, SubscriptionId, OrgId)>, DbErr> {
        ended_query(today, after, most).into_tuple().all(db).await
    }
    /// The query of [`ended`].
    pub fn ended_query(today: Day, after: Option<(Day, SubscriptionId)>, most: u64) -> Select<Entity> {
        let mut find = Entity::find()
            .select_only()
            .columns([Column::EndsOn, Column::Id, Column::OrgId])
            .filter(Column::Status.eq(SubscriptionStatus::Active))
            .filter(Column::EndsOn.lt(today));
        if let Some((day, id)) = after {
            let later = Condition::all().add(Column::EndsOn.eq(day)).add(Column::Id.gt(id));
            let behind = Condition::any().add(Column::EndsOn.gt(day)).add(later);
            // The index begins there, not at the first of all.
            find = find.filter(Column::EndsOn.gte(day)).filter(behind);
        }
        find.order_by_asc(Column::EndsOn).order_by_asc(Column::Id).limit(most)
    }
    /// Those of these whose term has ended before today and was not renewed meanwhile, locked.
    pub async fn ended_among(
        tx: &impl ConnectionTrait,
        today: Day,
        ids: Vec<SubscriptionId>,
    ) -> Result<Vec<Model>, DbErr> {
        let rows = Entity::find()
            .filter(Column::Id.is_in(ids))
            .order_by_asc(Column::Id)
            .lock_exclusive()
            .all(tx)
            .await?;
        Ok(rows.into_iter().filter(|row| has_ended(row, today)).collect())
    }
    /// Whether the term of a paid subscription ended before today.
    pub fn has_ended(row: &Model, today: Day) -> bool {
        row.status == SubscriptionStatus::Active && row.ends_on.is_some_and(|day| day < today)
    }
    /// Paid subscriptions whose term ended before a day and that were not renewed, the oldest first.
    pub async fn overdue(db: &impl ConnectionTrait, before: Day, most: u64) -> Result<Vec<Model>, DbErr> {
        Entity::find()
            .filter(Column::Status.eq(SubscriptionStatus::Active))
            .filter(Column::EndsOn.lt(before))
            .order_by_asc(Column::EndsOn)
            .order_by_asc(Column::Id)
            .limit(most)
            .all(db)
            .await
    }
    /// Paid subscriptions whose term ends on a day, behind one.
    pub async fn ending_on(
        db: &impl ConnectionTrait,
        day: Day,
        after: Option<SubscriptionId>,
        most: u64,
    ) -> Result<Vec<Model>, DbErr> {
        let mut find = Entity::find()
            .filter(Column::Status.eq(SubscriptionStatus::Active))
            .filter(Column::EndsOn.eq(day));
        if let Some(after) = after {
            find = find.filter(Column::Id.gt(after));
        }
        find.order_by_asc(Column::Id).limit(most).all(db).await
    }
    /// Whether an organisation's own running subscription is paid with a method.
    pub async fn pays_any(db: &impl ConnectionTrait, org: OrgId, method: MethodId) -> Result<bool, DbErr> {
        let found = Entity::find()
            .filter(Column::OrgId.eq(org))
            .filter(Column::MethodId.eq(method))
            .filter(Column::TermStarted.is_not_null())
            .one(db)
            .await?;
        Ok(found.is_some())
    }
    /// The same, locked: whoever changes it, or counts its licences, waits here.
    pub async fn locked(
        tx: &impl ConnectionTrait,
        org: OrgId,
        service: Service,
    ) -> Result<Option<Model>, DbErr> {
        Entity::find()
            .filter(Column::OrgId.eq(org))
            .filter(Column::Service.eq(service))
            .lock_exclusive()
            .one(tx)
            .await
    }
}

pub mod change_rule;
pub mod subscription_change;

/// One extension of a trial.
pub mod trial_extension {
    use super::*;

    #[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
    #[sea_orm(table_name = "trial_extension")]
    #[expect(missing_docs, reason = "columns are named by the terms of design.md section 1")]
    pub struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub id: JobId,
        pub subscription_id: SubscriptionId,
        pub request_key: String,
        pub by_label: String,
        pub at: Instant,
        pub from_day: Day,
        pub until_day: Day,
    }

    #[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
    pub enum Relation {}

    impl ActiveModelBehavior for ActiveModel {}

    /// All extensions of a subscription's trial, oldest first.
    pub async fn of(db: &impl ConnectionTrait, subscription: SubscriptionId) -> Result<Vec<Model>, DbErr> {
        Entity::find()
            .filter(Column::SubscriptionId.eq(subscription))
            .order_by_asc(Column::UntilDay)
            .all(db)
            .await
    }
}

/// That a domain had a trial.
pub mod trial_use {
    use super::*;

    #[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
    #[sea_orm(table_name = "trial_use")]
    #[expect(missing_docs, reason = "columns are named by the terms of design.md section 1")]
    pub struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub domain: String,
        #[sea_orm(primary_key, auto_increment = false)]
        pub service: Service,
        #[sea_orm(primary_key, auto_increment = false)]
        pub org_id: OrgId,
        pub started: Day,
    }

    #[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
    pub enum Relation {}

    impl ActiveModelBehavior for ActiveModel {}

    /// The latest trial that counts against a new one of the same domain since a day (R8.5): one whose organisation
    /// proved the domain, or one that the same partner started. A stranger's unproven claim counts against nobody
    /// (R3.4).
    pub async fn counting(
        db: &impl ConnectionTrait,
        domain: &str,
        service: Service,
        since: Day,
        partner: OrgId,
    ) -> Result<Option<Day>, DbErr> {
        use crate::domain::rows::domain as domains;
        use crate::mapping::rows::mapping;
        let uses = Entity::find()
            .filter(Column::Domain.eq(domain))
            .filter(Column::Service.eq(service))
            .filter(Column::Started.gt(since))
            .order_by_desc(Column::Started)
            .all(db)
            .await?;
        for one in uses {
            let proven = domains::Entity::find()
                .filter(domains::Column::OrgId.eq(one.org_id))
                .filter(domains::Column::Name.eq(domain))
                .filter(domains::Column::VerifiedAt.is_not_null())
                .one(db)
                .await?;
            let same_partner = mapping::Entity::find()
                .filter(mapping::Column::OrgId.eq(one.org_id))
                .filter(mapping::Column::PartnerId.eq(partner))
                .one(db)
                .await?;
            if proven.is_some() || same_partner.is_some() {
                return Ok(Some(one.started));
            }
        }
        Ok(None)
    }
}

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
    /// Paid subscriptions whose term ended before today, in the order of their ends, behind one; locked.
    pub async fn ended(
        tx: &impl ConnectionTrait,
        today: Day,
        after: Option<(Day, SubscriptionId)>,
        most: u64,
    ) -> Result<Vec<Model>, DbErr> {
        ended_query(today, after, most).lock_exclusive().all(tx).await
    }
    /// The query of [`ended`], without locks.
    pub fn ended_query(today: Day, after: Option<(Day, SubscriptionId)>, most: u64) -> Select<Entity> {
        let mut find = Entity::find()
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

/// A change of a subscription, from the wish to its effect.
pub mod subscription_change {
    use super::*;
    use crate::subscription::{ChangeKind, ChangeStatus, authority::Side};

    #[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
    #[sea_orm(table_name = "subscription_change")]
    #[expect(missing_docs, reason = "columns are named by the terms of design.md section 1")]
    pub struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub id: ChangeId,
        pub org_id: OrgId,
        pub subscription_id: SubscriptionId,
        /// The partner the customer was mapped to.
        pub partner_id: Option<OrgId>,
        pub kind: ChangeKind,
        pub status: ChangeStatus,
        /// [`crate::subscription::service::Content`] as JSON.
        pub content: String,
        pub effective_on: Day,
        pub list_amount: i64,
        pub discount: i64,
        pub tax: i64,
        pub total: i64,
        pub currency: Currency,
        pub payer: Payer,
        pub payment_id: Option<PaymentId>,
        pub invoice_id: Option<InvoiceId>,
        /// The scheduled change this one stands in for; it comes back if this one is undone.
        pub replaces: Option<ChangeId>,
        pub request_key: String,
        pub by_side: Side,
        pub by_label: String,
        pub reason: String,
        pub created_at: Instant,
        pub decided_at: Option<Instant>,
        pub expires_at: Option<Instant>,
        pub version: i64,
    }

    #[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
    pub enum Relation {}

    impl ActiveModelBehavior for ActiveModel {}

    /// The change of a request, if it was made before.
    pub async fn by_key(db: &impl ConnectionTrait, org: OrgId, key: &str) -> Result<Option<Model>, DbErr> {
        Entity::find().filter(Column::OrgId.eq(org)).filter(Column::RequestKey.eq(key)).one(db).await
    }
    /// Changes by id, for the payments that a reader may see.
    pub async fn by_ids(db: &impl ConnectionTrait, ids: Vec<ChangeId>) -> Result<Vec<Model>, DbErr> {
        if ids.is_empty() {
            return Ok(Vec::new());
        }
        Entity::find().filter(Column::Id.is_in(ids)).all(db).await
    }
    /// One of an organisation's changes.
    pub async fn one(db: &impl ConnectionTrait, org: OrgId, id: ChangeId) -> Result<Option<Model>, DbErr> {
        Entity::find_by_id(id).filter(Column::OrgId.eq(org)).one(db).await
    }
    /// What is proposed, being paid for or scheduled, oldest first.
    pub async fn open(db: &impl ConnectionTrait, subscription: SubscriptionId) -> Result<Vec<Model>, DbErr> {
        open_query(vec![subscription]).all(db).await
    }
    /// [`open`] of many subscriptions.
    pub fn open_query(subscriptions: Vec<SubscriptionId>) -> Select<Entity> {
        // Spelt out, so that the partial index is one for it.
        Entity::find()
            .filter(Column::SubscriptionId.is_in(subscriptions))
            .filter(Expr::cust("status IN ('proposed', 'charging', 'scheduled')"))
            .order_by_asc(Column::Id)
    }
    /// What is being paid for: one change of a subscription at most, in the order of subscriptions, behind one.
    pub async fn charging(
        db: &impl ConnectionTrait,
        after: Option<SubscriptionId>,
        most: u64,
    ) -> Result<Vec<Model>, DbErr> {
        let mut find = Entity::find().filter(Column::Status.eq(ChangeStatus::Charging));
        if let Some(after) = after {
            find = find.filter(Column::SubscriptionId.gt(after));
        }
        find.order_by_asc(Column::SubscriptionId).limit(most).all(db).await
    }
    /// Changes in effect since a day, oldest first.
    pub async fn of_term(
        db: &impl ConnectionTrait,
        subscription: SubscriptionId,
        since: Day,
    ) -> Result<Vec<Model>, DbErr> {
        Entity::find()
            .filter(Column::SubscriptionId.eq(subscription))
            .filter(Expr::cust("status = 'applied'"))
            .filter(Column::EffectiveOn.gte(since))
            .order_by_asc(Column::DecidedAt)
            .order_by_asc(Column::Id)
            .all(db)
            .await
    }
    /// Of many subscriptions, the changes in effect since the term began that runs, oldest first.
    pub fn of_terms_query(subscriptions: Vec<SubscriptionId>) -> Select<Entity> {
        let theirs = Entity::belongs_to(subscription::Entity)
            .from(Column::SubscriptionId)
            .to(subscription::Column::Id)
            .into();
        let began = Expr::col((subscription::Entity, subscription::Column::TermStarted));
        Entity::find()
            .join(JoinType::InnerJoin, theirs)
            .filter(subscription::Column::Id.is_in(subscriptions))
            .filter(Expr::cust("subscription_change.status = 'applied'"))
            .filter(Expr::col((Entity, Column::EffectiveOn)).gte(began))
            .order_by_asc(Column::DecidedAt)
            .order_by_asc(Column::Id)
    }
    /// Closes changes: they took effect, or lost their object.
    pub async fn decide(
        tx: &impl ConnectionTrait,
        ids: Vec<ChangeId>,
        status: ChangeStatus,
        at: Instant,
    ) -> Result<(), DbErr> {
        if ids.is_empty() {
            return Ok(());
        }
        Entity::update_many()
            .col_expr(Column::Status, Expr::value(status))
            .col_expr(Column::DecidedAt, Expr::value(at))
            .filter(Column::Id.is_in(ids))
            .exec(tx)
            .await?;
        Ok(())
    }
    /// Whether something was bought anew after a moment, by another change than this one.
    pub async fn bought_since(
        db: &impl ConnectionTrait,
        subscription: SubscriptionId,
        since: Instant,
        but: Option<ChangeId>,
    ) -> Result<bool, DbErr> {
        let mut find = Entity::find()
            .filter(Column::SubscriptionId.eq(subscription))
            .filter(Column::Kind.eq(ChangeKind::Buy))
            .filter(Column::Status.eq(ChangeStatus::Applied))
            .filter(Column::DecidedAt.gt(since));
        if let Some(but) = but {
            find = find.filter(Column::Id.ne(but));
        }
        Ok(find.one(db).await?.is_some())
    }
    /// Whether the customer is just paying in its partner's place.
    pub async fn is_taken_over(
        db: &impl ConnectionTrait,
        subscription: SubscriptionId,
    ) -> Result<bool, DbErr> {
        let open = open(db, subscription).await?;
        Ok(open.iter().any(|c| c.kind == ChangeKind::TakeOver && c.status == ChangeStatus::Charging))
    }
    /// The change an invoice was issued for.
    pub async fn of_invoice(
        db: &impl ConnectionTrait,
        subscription: SubscriptionId,
        invoice: InvoiceId,
    ) -> Result<Option<Model>, DbErr> {
        Entity::find()
            .filter(Column::SubscriptionId.eq(subscription))
            .filter(Column::InvoiceId.eq(invoice))
            .order_by_desc(Column::Id)
            .one(db)
            .await
    }
    /// Changes made since an instant and in effect until a day, oldest first.
    pub async fn made_between(
        db: &impl ConnectionTrait,
        subscription: SubscriptionId,
        since: Instant,
        until: Day,
    ) -> Result<Vec<Model>, DbErr> {
        Entity::find()
            .filter(Column::SubscriptionId.eq(subscription))
            .filter(Column::Status.eq(ChangeStatus::Applied))
            .filter(Column::CreatedAt.gte(since))
            .filter(Column::EffectiveOn.lte(until))
            .order_by_asc(Column::Id)
            .all(db)
            .await
    }
    /// Proposals whose time is over.
    pub async fn expired(db: &impl ConnectionTrait, now: Instant, most: u64) -> Result<Vec<Model>, DbErr> {
        Entity::find()
            .filter(Column::Status.eq(ChangeStatus::Proposed))
            .filter(Column::ExpiresAt.lte(now))
            .order_by_asc(Column::ExpiresAt)
            .limit(most)
            .all(db)
            .await
    }
    /// The latest changes, newest first.
    pub async fn latest(
        db: &impl ConnectionTrait,
        subscription: SubscriptionId,
        most: u64,
    ) -> Result<Vec<Model>, DbErr> {
        Entity::find()
            .filter(Column::SubscriptionId.eq(subscription))
            .order_by_desc(Column::Id)
            .limit(most)
            .all(db)
            .await
    }
}

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

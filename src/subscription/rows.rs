//! Rows of this room, and the only places that read them.
#![allow(clippy::disallowed_methods, reason = "this is where queries are written")]

use super::{Plan, Service, SubscriptionStatus, Term};
use crate::kernel::{id::*, instant::*};
use sea_orm::entity::prelude::*;

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
    }

    #[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
    pub enum Relation {}

    impl ActiveModelBehavior for ActiveModel {}
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
}

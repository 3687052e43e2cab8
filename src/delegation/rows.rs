//! Rows of this room, and the only places that read them.
#![allow(clippy::disallowed_methods, reason = "this is where queries are written")]

use super::{AccessRequestStatus, ClosedWhy, GrantKind, GrantStatus, RenewBy, Terms};
use crate::kernel::{id::*, instant::*, right::Features};
use sea_orm::{
    Condition, FromQueryResult, JoinType, QueryOrder, QueryResult, QuerySelect, RelationDef,
    entity::prelude::*, sea_query::ExprTrait,
};

/// A partner's delegated access to a customer.
pub mod grant {
    use super::*;

    #[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
    #[sea_orm(table_name = "access_grant")]
    #[expect(missing_docs, reason = "columns are named by the terms of design.md section 1")]
    pub struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub id: GrantId,
        pub org_id: OrgId,
        pub partner_id: OrgId,
        pub kind: GrantKind,
        pub capabilities: String,
        /// Days that were agreed.
        pub days: i64,
        pub renewal: RenewBy,
        /// Why the vendor went in without consent.
        pub reason: String,
        pub granted_by: String,
        pub status: GrantStatus,
        pub from_at: Instant,
        pub until_at: Instant,
        pub ended_at: Option<Instant>,
        pub ended_by: Option<String>,
        pub version: i64,
    }

    #[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
    pub enum Relation {}

    impl ActiveModelBehavior for ActiveModel {}

    impl Model {
        /// What was agreed.
        pub fn terms(&self) -> Terms {
            let capabilities = Features::from_keys(&self.capabilities);
            Terms { capabilities, days: self.days, renewal: self.renewal }
        }
        /// Whether it lets anybody in now. Its clock may not have come round yet.
        pub fn in_force(&self, now: Instant) -> bool {
            self.status == GrantStatus::Active && self.until_at > now
        }
        /// Where it stands now.
        pub fn standing(&self, now: Instant) -> GrantStatus {
            let over = self.status == GrantStatus::Active && self.until_at <= now;
            if over { GrantStatus::Expired } else { self.status }
        }
    }

    /// The grant in force, or the latest that was.
    pub async fn latest(
        db: &impl ConnectionTrait,
        org: OrgId,
        partner: OrgId,
    ) -> Result<Option<Model>, DbErr> {
        Entity::find()
            .filter(Column::OrgId.eq(org))
            .filter(Column::PartnerId.eq(partner))
            .order_by_desc(Column::FromAt)
            .order_by_desc(Column::Id)
            .limit(1)
            .one(db)
            .await
    }
    /// Partner, status and id of all grants these organisations gave, in this order of columns behind the organisation.
    pub fn standings_query(orgs: Vec<OrgId>) -> Select<Entity> {
        Entity::find()
            .select_only()
            .columns([Column::OrgId, Column::PartnerId, Column::Status, Column::Id])
            .filter(Column::OrgId.is_in(orgs))
    }
    /// One grant. For callers that hold an acting session under it, or its job, or compare whose it is.
    pub async fn by_id(db: &impl ConnectionTrait, id: GrantId) -> Result<Option<Model>, DbErr> {
        Entity::find_by_id(id).one(db).await
    }
    /// One grant of an organisation, locked.
    pub async fn locked(tx: &impl ConnectionTrait, org: OrgId, id: GrantId) -> Result<Option<Model>, DbErr> {
        Entity::find_by_id(id).filter(Column::OrgId.eq(org)).lock_exclusive().one(tx).await
    }
    /// The grant in force that a partner holds of an organisation, locked.
    pub async fn active_locked(
        tx: &impl ConnectionTrait,
        org: OrgId,
        partner: OrgId,
    ) -> Result<Option<Model>, DbErr> {
        Entity::find()
            .filter(Column::OrgId.eq(org))
            .filter(Column::PartnerId.eq(partner))
            .filter(Column::Status.eq(GrantStatus::Active))
            .lock_exclusive()
            .one(tx)
            .await
    }
    /// Agreed grants in force that a partner holds, those that end first before others: up to a moment, behind one of them.
    pub fn ending(
        partner: OrgId,
        now: Instant,
        until: Option<Instant>,
        after: Option<&Model>,
        most: u64,
    ) -> Select<Entity> {
        let mut query = running(partner, now);
        if let Some(until) = until {
            query = query.filter(Column::UntilAt.lte(until));
        }
        if let Some(after) = after {
            let place = Expr::tuple([Expr::col(Column::UntilAt), Expr::col(Column::Id)]);
            let there = Expr::tuple([Expr::value(after.until_at), Expr::value(after.id)]);
            query = query.filter(place.gt(there));
        }
        query.order_by_asc(Column::UntilAt).order_by_asc(Column::Id).limit(most)
    }
    fn running(partner: OrgId, now: Instant) -> Select<Entity> {
        Entity::find()
            .filter(Column::PartnerId.eq(partner))
            .filter(Column::Status.eq(GrantStatus::Active))
            .filter(Column::Kind.eq(GrantKind::Agreed))
            .filter(Column::UntilAt.gt(now))
    }
    /// How many of them end up to a moment.
    pub async fn count_ending(
        db: &impl ConnectionTrait,
        partner: OrgId,
        now: Instant,
        until: Instant,
    ) -> Result<u64, DbErr> {
        running(partner, now).filter(Column::UntilAt.lte(until)).count(db).await
    }
    /// All grants an organisation gave, newest first.
    pub async fn of(db: &impl ConnectionTrait, org: OrgId) -> Result<Vec<Model>, DbErr> {
        Entity::find()
            .filter(Column::OrgId.eq(org))
            .order_by_desc(Column::FromAt)
            .order_by_desc(Column::Id)
            .limit(100)
            .all(db)
            .await
    }
}

/// What an acting session rests on besides its grant.
pub mod ground {
    use super::*;
    use crate::{
        mapping::{MappingStatus, rows::mapping},
        organisation::rows::{member, member::Held},
        partner::{PartnerStatus, PartnerType, rows::partner},
        subscription::Service,
    };

    /// A person's place, and what stands between the organisation of that place and a customer.
    pub struct Ground {
        /// The place.
        pub place: Held,
        /// What the organisation is as a partner; nothing if it is none.
        pub partner: Option<(PartnerType, PartnerStatus)>,
        /// Whether the customer is mapped to it for Workplace.
        pub mapped: bool,
    }

    impl FromQueryResult for Ground {
        fn from_query_result(row: &QueryResult, pre: &str) -> Result<Self, DbErr> {
            let kind: Option<PartnerType> = row.try_get(pre, "partner_type")?;
            let status: Option<PartnerStatus> = row.try_get(pre, "partner_status")?;
            let mapping: Option<MappingId> = row.try_get(pre, "mapping_id")?;
            let place = Held::from_query_result(row, pre)?;
            Ok(Self { place, partner: kind.zip(status), mapped: mapping.is_some() })
        }
    }

    /// All of it in one look, since it is asked on every request.
    pub async fn of(
        db: &impl ConnectionTrait,
        partner: OrgId,
        account: AccountId,
        customer: OrgId,
    ) -> Result<Option<Ground>, DbErr> {
        let as_partner: RelationDef = member::Entity::belongs_to(partner::Entity)
            .from(member::Column::OrgId)
            .to(partner::Column::OrgId)
            .into();
        let mapped: RelationDef = member::Entity::belongs_to(mapping::Entity)
            .from(member::Column::OrgId)
            .to(mapping::Column::PartnerId)
            .into();
        let mapped = mapped.on_condition(move |_, mapping| {
            let col = |column| Expr::col((mapping.clone(), column));
            Condition::all()
                .add(col(mapping::Column::OrgId).eq(customer))
                .add(col(mapping::Column::Service).eq(Service::Workplace))
                .add(col(mapping::Column::Status).eq(MappingStatus::Active))
        });
        member::held_query(partner, account)
            .join(JoinType::LeftJoin, as_partner)
            .join(JoinType::LeftJoin, mapped)
            .column_as(partner::Column::PartnerType, "partner_type")
            .column_as(partner::Column::Status, "partner_status")
            .column_as(mapping::Column::Id, "mapping_id")
            .into_model()
            .one(db)
            .await
    }
}

/// A partner's request for access.
pub mod access_request {
    use super::*;

    #[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
    #[sea_orm(table_name = "access_request")]
    #[expect(missing_docs, reason = "columns are named by the terms of design.md section 1")]
    pub struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub id: AccessRequestId,
        pub org_id: OrgId,
        pub partner_id: OrgId,
        pub capabilities: String,
        pub days: i64,
        pub renewal: RenewBy,
        pub note: String,
        pub status: AccessRequestStatus,
        pub asked_by: String,
        pub asked_at: Instant,
        pub expires_at: Instant,
        pub reminded: bool,
        pub decided_at: Option<Instant>,
        pub decided_by: Option<String>,
    }

    #[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
    pub enum Relation {}

    impl ActiveModelBehavior for ActiveModel {}

    impl Model {
        /// What is asked for.
        pub fn terms(&self) -> Terms {
            let capabilities = Features::from_keys(&self.capabilities);
            Terms { capabilities, days: self.days, renewal: self.renewal }
        }
    }

    /// One request of an organisation.
    pub async fn by_id(
        db: &impl ConnectionTrait,
        org: OrgId,
        id: AccessRequestId,
    ) -> Result<Option<Model>, DbErr> {
        Entity::find_by_id(id).filter(Column::OrgId.eq(org)).one(db).await
    }
    /// [`by_id`], locked.
    pub async fn locked(
        tx: &impl ConnectionTrait,
        org: OrgId,
        id: AccessRequestId,
    ) -> Result<Option<Model>, DbErr> {
        Entity::find_by_id(id).filter(Column::OrgId.eq(org)).lock_exclusive().one(tx).await
    }
    /// Requests that wait for an organisation's answer.
    pub async fn open(db: &impl ConnectionTrait, org: OrgId) -> Result<Vec<Model>, DbErr> {
        open_of(org).all(db).await
    }
    /// The query of [`open`].
    pub fn open_of(org: OrgId) -> Select<Entity> {
        Entity::find().filter(Column::OrgId.eq(org)).filter(Column::Status.eq(AccessRequestStatus::Open))
    }
    /// A partner's request that waits for an organisation's answer, locked.
    pub async fn open_locked(
        tx: &impl ConnectionTrait,
        org: OrgId,
        partner: OrgId,
    ) -> Result<Option<Model>, DbErr> {
        open_of(org).filter(Column::PartnerId.eq(partner)).lock_exclusive().one(tx).await
    }
    /// Those among customers whom a partner has asked and who can still answer.
    pub async fn open_among(
        db: &impl ConnectionTrait,
        partner: OrgId,
        orgs: Vec<OrgId>,
        now: Instant,
    ) -> Result<Vec<OrgId>, DbErr> {
        if orgs.is_empty() {
            return Ok(Vec::new());
        }
        let found = Entity::find()
            .filter(Column::OrgId.is_in(orgs))
            .filter(Column::PartnerId.eq(partner))
            .filter(Column::Status.eq(AccessRequestStatus::Open))
            .filter(Column::ExpiresAt.gt(now));
        Ok(found.all(db).await?.into_iter().map(|row| row.org_id).collect())
    }
    /// A partner's latest request to an organisation.
    pub async fn latest(
        db: &impl ConnectionTrait,
        org: OrgId,
        partner: OrgId,
    ) -> Result<Option<Model>, DbErr> {
        latest_of(org, partner).one(db).await
    }
    /// The query of [`latest`].
    pub fn latest_of(org: OrgId, partner: OrgId) -> Select<Entity> {
        Entity::find()
            .filter(Column::OrgId.eq(org))
            .filter(Column::PartnerId.eq(partner))
            .order_by_desc(Column::AskedAt)
            .order_by_desc(Column::Id)
            .limit(1)
    }
}

/// A stay of a partner's person in a customer's console.
pub mod acting {
    use super::*;

    #[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
    #[sea_orm(table_name = "acting_session")]
    #[expect(missing_docs, reason = "columns are named by the terms of design.md section 1")]
    pub struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub id: ActingId,
        pub org_id: OrgId,
        pub partner_id: OrgId,
        pub grant_id: GrantId,
        pub session_id: SessionId,
        pub account_id: AccountId,
        pub email: String,
        pub opened_at: Instant,
        pub seen_at: Instant,
        pub closed_at: Option<Instant>,
        pub closed_why: Option<ClosedWhy>,
    }

    #[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
    pub enum Relation {}

    impl ActiveModelBehavior for ActiveModel {}

    /// The latest stay of a signed-in browser in an organisation that is open, or was closed since.
    pub async fn latest(
        db: &impl ConnectionTrait,
        session: SessionId,
        org: OrgId,
        closed_since: Instant,
    ) -> Result<Option<Model>, DbErr> {
        latest_query(session, org, closed_since).one(db).await
    }
    /// The same with the grant it is under, in one look: every request of somebody who acts for a customer begins with it.
    pub async fn latest_under(
        db: &impl ConnectionTrait,
        session: SessionId,
        org: OrgId,
        closed_since: Instant,
    ) -> Result<Option<(Model, Option<grant::Model>)>, DbErr> {
        latest_query(session, org, closed_since)
            .join(JoinType::LeftJoin, grant_of_stay())
            .select_also(grant::Entity)
            .one(db)
            .await
    }
    fn grant_of_stay() -> RelationDef {
        Entity::belongs_to(grant::Entity).from(Column::GrantId).to(grant::Column::Id).into()
    }
    fn latest_query(session: SessionId, org: OrgId, closed_since: Instant) -> Select<Entity> {
        let recent = Condition::any().add(Column::ClosedAt.is_null()).add(Column::ClosedAt.gte(closed_since));
        Entity::find()
            .filter(Column::SessionId.eq(session))
            .filter(Column::OrgId.eq(org))
            .filter(recent)
            .order_by_desc(Column::OpenedAt)
            .order_by_desc(Column::Id)
            .limit(1)
    }
    /// The latest stay under a grant.
    pub async fn last_entry(
        db: &impl ConnectionTrait,
        org: OrgId,
        grant: GrantId,
    ) -> Result<Option<Model>, DbErr> {
        Entity::find()
            .filter(Column::OrgId.eq(org))
            .filter(Column::GrantId.eq(grant))
            .order_by_desc(Column::OpenedAt)
            .limit(1)
            .one(db)
            .await
    }
    /// Stays in an organisation that nobody has ended.
    pub async fn open(db: &impl ConnectionTrait, org: OrgId) -> Result<Vec<Model>, DbErr> {
        Entity::find()
            .filter(Column::OrgId.eq(org))
            .filter(Column::ClosedAt.is_null())
            .order_by_desc(Column::OpenedAt)
            .limit(100)
            .all(db)
            .await
    }
    /// Notes that the stay goes on.
    pub async fn touch(db: &impl ConnectionTrait, id: ActingId, now: Instant) -> Result<(), DbErr> {
        Entity::update_many()
            .col_expr(Column::SeenAt, Expr::value(now.0))
            .filter(Column::Id.eq(id))
            .filter(Column::ClosedAt.is_null())
            .exec(db)
            .await?;
        Ok(())
    }
    /// Ends the stay; false if it was ended already.
    pub async fn close(
        db: &impl ConnectionTrait,
        id: ActingId,
        now: Instant,
        why: ClosedWhy,
    ) -> Result<bool, DbErr> {
        let done = Entity::update_many()
            .col_expr(Column::ClosedAt, Expr::value(now.0))
            .col_expr(Column::ClosedWhy, Expr::value(why.key()))
            .filter(Column::Id.eq(id))
            .filter(Column::ClosedAt.is_null())
            .exec(db)
            .await?;
        Ok(done.rows_affected == 1)
    }
}

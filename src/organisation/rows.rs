//! Rows of this room, and the only places that read them.
#![allow(clippy::disallowed_methods, reason = "this is where queries are written")]

pub mod address;
pub mod group;
pub mod logo;

use super::{MemberStatus, OrgStatus};
use crate::account::rows::account;
use crate::kernel::{
    id::*,
    instant::*,
    right::{Features, OrgKind, Role},
};
use crate::partner::rows::store_role;
use sea_orm::{
    DbBackend, ExprTrait, FromQueryResult, JoinType, QueryOrder, QueryResult, QuerySelect, TryInsertResult,
    entity::prelude::*, sea_query::IntoCondition,
};

/// The vendor, a partner or a customer.
pub mod organisation {
    use super::*;

    #[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
    #[sea_orm(table_name = "organisation")]
    #[expect(missing_docs, reason = "columns are named by the terms of design.md section 1")]
    pub struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub id: OrgId,
        pub kind: OrgKind,
        pub name: String,
        pub country: String,
        pub status: OrgStatus,
        pub created_at: Instant,
        /// Whether everybody in it needs a second factor.
        pub second_factor_required: bool,
        pub version: i64,
    }

    #[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
    pub enum Relation {}

    impl ActiveModelBehavior for ActiveModel {}

    /// One organisation. For callers that have proven their standing in it, or are about to.
    pub async fn by_id(db: &impl ConnectionTrait, id: OrgId) -> Result<Option<Model>, DbErr> {
        Entity::find_by_id(id).one(db).await
    }
    /// Organisations by id. For callers that have proven their standing in all of them, and for jobs.
    pub async fn by_ids(db: &impl ConnectionTrait, ids: Vec<OrgId>) -> Result<Vec<Model>, DbErr> {
        if ids.is_empty() {
            return Ok(Vec::new());
        }
        Entity::find().filter(Column::Id.is_in(ids)).all(db).await
    }
    /// One organisation, locked: whoever changes who has the last word in it waits here.
    pub async fn locked(tx: &impl ConnectionTrait, id: OrgId) -> Result<Option<Model>, DbErr> {
        Entity::find_by_id(id).lock_exclusive().one(tx).await
    }
    /// Names of organisations the caller's own rows point to.
    pub async fn names(
        db: &impl ConnectionTrait,
        ids: impl IntoIterator<Item = OrgId>,
    ) -> Result<Vec<(OrgId, String)>, DbErr> {
        let names = Entity::find().select_only().column(Column::Id).column(Column::Name);
        names.filter(Column::Id.is_in(ids)).into_tuple().all(db).await
    }
    /// The name of one that is there; empty if it is not.
    pub async fn name(db: &impl ConnectionTrait, id: OrgId) -> Result<String, DbErr> {
        Ok(names(db, vec![id]).await?.into_iter().next().map(|(_, name)| name).unwrap_or_default())
    }
    /// Whether there is any: an installation without is empty.
    pub async fn any(db: &impl ConnectionTrait) -> Result<bool, DbErr> {
        Ok(Entity::find().limit(1).one(db).await?.is_some())
    }
    /// The vendor.
    pub async fn vendor(db: &impl ConnectionTrait) -> Result<Option<Model>, DbErr> {
        Entity::find().filter(Column::Kind.eq(OrgKind::Vendor)).one(db).await
    }
}

/// A person's place in an organisation.
pub mod member {
    use super::*;

    #[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
    #[sea_orm(table_name = "member")]
    #[expect(missing_docs, reason = "columns are named by the terms of design.md section 1")]
    pub struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub id: MemberId,
        pub org_id: OrgId,
        pub account_id: AccountId,
        pub role: Role,
        pub status: MemberStatus,
        pub store_role_id: Option<StoreRoleId>,
        /// Whether the person holds one of the organisation's licences.
        pub licensed: bool,
        pub sort_key: String,
        pub created_at: Instant,
        pub version: i64,
    }

    #[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
    pub enum Relation {}

    impl ActiveModelBehavior for ActiveModel {}

    /// A place with what its role allows now, found out in the same statement.
    #[derive(Clone, Debug, PartialEq, Eq)]
    pub struct Held {
        /// The place.
        pub row: Model,
        /// What the person may do.
        pub features: Features,
        /// What the role is called, where the partner made it itself.
        pub own_role: Option<String>,
    }

    /// Columns of the partner's own role beside those of the place.
    const OWN: [(store_role::Column, &str); 2] =
        [(store_role::Column::Features, "own_features"), (store_role::Column::Name, "own_role")];

    impl FromQueryResult for Held {
        fn from_query_result(row: &QueryResult, pre: &str) -> Result<Self, DbErr> {
            let [keys, own_role] = OWN.map(|(_, name)| row.try_get::<Option<String>>(pre, name));
            let (place, keys) = (Model::from_query_result(row, pre)?, keys?);
            Ok(Self { features: place.role.features_with(keys.as_deref()), own_role: own_role?, row: place })
        }
        fn from_query_result_optional(row: &QueryResult, pre: &str) -> Result<Option<Self>, DbErr> {
            let place = Option::<Model>::from_query_result(row, pre)?;
            place.map(|_| Self::from_query_result(row, pre)).transpose()
        }
    }

    /// Asks for the columns [`Held`] is read from, under the prefix of the place's own.
    fn with_own<Q: QuerySelect>(query: Q, pre: &str) -> Q {
        OWN.into_iter().fold(query, |query, (column, name)| query.column_as(column, format!("{pre}{name}")))
    }
    fn own_role_of_member() -> RelationDef {
        Entity::belongs_to(store_role::Entity).from(Column::StoreRoleId).to(store_role::Column::Id).into()
    }
    /// A person's place in an organisation, with what it allows.
    pub async fn held(
        db: &impl ConnectionTrait,
        org: OrgId,
        account: AccountId,
    ) -> Result<Option<Held>, DbErr> {
        held_query(org, account).into_model().one(db).await
    }
    /// The columns [`Held`] is read from, to be joined with more.
    pub fn held_query(org: OrgId, account: AccountId) -> Select<Entity> {
        let place = Entity::find().filter(Column::OrgId.eq(org)).filter(Column::AccountId.eq(account));
        with_own(place.join(JoinType::LeftJoin, own_role_of_member()), "")
    }
    /// Whether anybody of the partner has this role of its own.
    pub async fn any_in_own_role(
        db: &impl ConnectionTrait,
        org: OrgId,
        role: StoreRoleId,
    ) -> Result<bool, DbErr> {
        let theirs = Entity::find().filter(Column::OrgId.eq(org)).filter(Column::StoreRoleId.eq(role));
        Ok(theirs.limit(1).one(db).await?.is_some())
    }
    /// A person's place in an organisation.
    pub async fn of(
        db: &impl ConnectionTrait,
        org: OrgId,
        account: AccountId,
    ) -> Result<Option<Model>, DbErr> {
        Entity::find().filter(Column::OrgId.eq(org)).filter(Column::AccountId.eq(account)).one(db).await
    }
    /// Which of these accounts belong to people of an organisation.
    pub async fn accounts_among(
        db: &impl ConnectionTrait,
        org: OrgId,
        accounts: Vec<AccountId>,
    ) -> Result<Vec<AccountId>, DbErr> {
        if accounts.is_empty() {
            return Ok(Vec::new());
        }
        let found = Entity::find().filter(Column::OrgId.eq(org)).filter(Column::AccountId.is_in(accounts));
        Ok(found.all(db).await?.into_iter().map(|member| member.account_id).collect())
    }
    /// All places of a person, with the organisations.
    pub async fn places(
        db: &impl ConnectionTrait,
        account: AccountId,
    ) -> Result<Vec<(Held, organisation::Model)>, DbErr> {
        let places = Entity::find()
            .join(JoinType::InnerJoin, organisation_of_member())
            .join(JoinType::LeftJoin, own_role_of_member())
            .select_also(organisation::Entity);
        let places = with_own(places, "A_")
            .filter(Column::AccountId.eq(account))
            .filter(Column::Status.eq(MemberStatus::Active))
            .order_by_asc(Column::Id)
            .into_model::<Held, organisation::Model>()
            .all(db)
            .await?;
        Ok(places.into_iter().filter_map(|(place, org)| Some((place, org?))).collect())
    }
    /// An organisation, and a person's place in it if there is one, in one look: it is the first of every request.
    pub async fn standing(
        db: &impl ConnectionTrait,
        org: OrgId,
        account: AccountId,
    ) -> Result<Option<(organisation::Model, Option<Held>)>, DbErr> {
        let theirs = organisation_of_member().rev().on_condition(move |_, member| {
            Expr::col((member, Column::AccountId)).eq(account).into_condition()
        });
        let found = organisation::Entity::find_by_id(org)
            .join(JoinType::LeftJoin, theirs)
            .join(JoinType::LeftJoin, own_role_of_member())
            .select_also(Entity);
        with_own(found, "B_").into_model::<organisation::Model, Held>().one(db).await
    }
    fn organisation_of_member() -> RelationDef {
        Entity::belongs_to(organisation::Entity).from(Column::OrgId).to(organisation::Column::Id).into()
    }
    /// Whether a person has, or is asked into, any place.
    pub async fn any_of(db: &impl ConnectionTrait, account: AccountId) -> Result<bool, DbErr> {
        Ok(Entity::find().filter(Column::AccountId.eq(account)).limit(1).one(db).await?.is_some())
    }
    /// Turns a person's invitations into places.
    pub async fn accept_invitations(tx: &impl ConnectionTrait, account: AccountId) -> Result<(), DbErr> {
        Entity::update_many()
            .col_expr(Column::Status, Expr::value(MemberStatus::Active.key()))
            .col_expr(Column::Version, Expr::col(Column::Version).add(1))
            .filter(Column::AccountId.eq(account))
            .filter(Column::Status.eq(MemberStatus::Invited))
            .exec(tx)
            .await?;
        Ok(())
    }
    /// One person of an organisation.
    pub async fn by_id(db: &impl ConnectionTrait, org: OrgId, id: MemberId) -> Result<Option<Model>, DbErr> {
        Entity::find_by_id(id).filter(Column::OrgId.eq(org)).one(db).await
    }
    /// Removes a person's place.
    pub async fn remove(tx: &impl ConnectionTrait, org: OrgId, id: MemberId) -> Result<(), DbErr> {
        Entity::delete_by_id(id).filter(Column::OrgId.eq(org)).exec(tx).await?;
        Ok(())
    }
    /// How many licences an organisation's people hold: a suspended person keeps theirs.
    pub async fn count(db: &impl ConnectionTrait, org: OrgId) -> Result<i64, DbErr> {
        let count = Entity::find().filter(Column::OrgId.eq(org)).filter(Column::Licensed.eq(true));
        let count = count.count(db).await?;
        Ok(i64::try_from(count).unwrap_or(i64::MAX))
    }
    /// People of organisations in a role, those who have been there longest first.
    pub async fn in_role(
        db: &impl ConnectionTrait,
        orgs: Vec<OrgId>,
        role: Role,
        status: &[MemberStatus],
    ) -> Result<Vec<Model>, DbErr> {
        if orgs.is_empty() {
            return Ok(Vec::new());
        }
        Entity::find()
            .filter(Column::OrgId.is_in(orgs))
            .filter(Column::Role.eq(role))
            .filter(Column::Status.is_in(status.iter().copied()))
            .order_by_asc(Column::Id)
            .all(db)
            .await
    }
    /// [`count`] of organisations; none for those without anybody.
    pub async fn counts(db: &impl ConnectionTrait, orgs: Vec<OrgId>) -> Result<Vec<(OrgId, i64)>, DbErr> {
        Entity::find()
            .select_only()
            .column(Column::OrgId)
            .column_as(Column::Id.count(), "people")
            .filter(Column::OrgId.is_in(orgs))
            .filter(Column::Licensed.eq(true))
            .group_by(Column::OrgId)
            .into_tuple()
            .all(db)
            .await
    }
    /// The people of an organisation whose own addresses these are, by folded address.
    pub async fn by_emails(
        db: &impl ConnectionTrait,
        org: OrgId,
        keys: Vec<String>,
    ) -> Result<Vec<(String, Model)>, DbErr> {
        if keys.is_empty() {
            return Ok(Vec::new());
        }
        let theirs: RelationDef =
            Entity::belongs_to(account::Entity).from(Column::AccountId).to(account::Column::Id).into();
        let found = Entity::find()
            .filter(Column::OrgId.eq(org))
            .join(JoinType::InnerJoin, theirs)
            .filter(account::Column::EmailKey.is_in(keys))
            .select_also(account::Entity);
        let found = found.all(db).await?.into_iter();
        Ok(found.filter_map(|(place, person)| Some((person?.email_key, place))).collect())
    }
    /// Places a person was asked into and has not taken.
    pub async fn invitations(db: &impl ConnectionTrait, account: AccountId) -> Result<Vec<Model>, DbErr> {
        Entity::find()
            .filter(Column::AccountId.eq(account))
            .filter(Column::Status.eq(MemberStatus::Invited))
            .all(db)
            .await
    }
    /// A page of an organisation's people by (sort key, id): those after `from`, or before it, of a group if one is named.
    /// `pattern` is a LIKE pattern over the sort key, which holds names and address.
    pub fn page(
        org: OrgId,
        group: Option<GroupId>,
        pattern: Option<String>,
        from: Option<&Model>,
        backwards: bool,
        most: u64,
    ) -> Select<Entity> {
        let mut query = Entity::find().filter(Column::OrgId.eq(org));
        if let Some(group) = group {
            query = query.filter(Column::Id.in_subquery(group::people_of(group)));
        }
        if let Some(pattern) = pattern {
            let like = sea_orm::sea_query::LikeExpr::new(pattern).escape('!');
            query = query.filter(Column::SortKey.like(like));
        }
        if let Some(from) = from {
            let (key, id) = (from.sort_key.clone(), from.id);
            let place = Expr::tuple([Expr::col(Column::SortKey), Expr::col(Column::Id)]);
            let there = Expr::tuple([Expr::value(key), Expr::value(id)]);
            query = query.filter(if backwards { place.lt(there) } else { place.gt(there) });
        }
        let order = if backwards { sea_orm::Order::Desc } else { sea_orm::Order::Asc };
        query.order_by(Column::SortKey, order.clone()).order_by(Column::Id, order).limit(most)
    }
}

/// Where to reach a super admin whose own mailbox does not work yet (domain.md section 3, R3.5).
pub mod organisation_contact {
    use super::*;

    #[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
    #[sea_orm(table_name = "organisation_contact")]
    #[expect(missing_docs, reason = "columns are named by the terms of design.md section 1")]
    pub struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub org_id: OrgId,
        pub email: String,
    }

    #[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
    pub enum Relation {}

    impl ActiveModelBehavior for ActiveModel {}

    /// The contact addresses of those among organisations that have one.
    pub async fn of_all(db: &impl ConnectionTrait, orgs: Vec<OrgId>) -> Result<Vec<Model>, DbErr> {
        if orgs.is_empty() {
            return Ok(Vec::new());
        }
        Entity::find().filter(Column::OrgId.is_in(orgs)).all(db).await
    }
}

/// The name under which somebody was asked in. Until they come, nobody learns from a list of people what an account of
/// that address is called (R2.3).
pub mod invitation {
    use super::*;

    #[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
    #[sea_orm(table_name = "invitation")]
    #[expect(missing_docs, reason = "columns are named by the terms of design.md section 1")]
    pub struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub member_id: MemberId,
        pub name: String,
    }

    #[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
    pub enum Relation {}

    impl ActiveModelBehavior for ActiveModel {}

    /// Notes the name a person was asked in by.
    pub async fn note(
        tx: &impl ConnectionTrait,
        member_id: MemberId,
        first_name: &str,
        last_name: &str,
    ) -> Result<(), DbErr> {
        let name = format!("{first_name} {last_name}").trim().to_owned();
        Entity::insert(ActiveModel::from(Model { member_id, name })).exec_without_returning(tx).await?;
        Ok(())
    }
    /// Forgets the name a person was asked in by.
    pub async fn forget(tx: &impl ConnectionTrait, member: MemberId) -> Result<(), DbErr> {
        Entity::delete_by_id(member).exec(tx).await?;
        Ok(())
    }
    /// The names of these people of the caller's own organisation.
    pub async fn names(db: &impl ConnectionTrait, of: Vec<MemberId>) -> Result<Vec<Model>, DbErr> {
        if of.is_empty() {
            return Ok(Vec::new());
        }
        Entity::find().filter(Column::MemberId.is_in(of)).all(db).await
    }
}

/// A request that has its effect once, however often it is sent.
pub mod request_once {
    use super::*;

    #[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
    #[sea_orm(table_name = "request_once")]
    #[expect(missing_docs, reason = "columns are named by the terms of design.md section 1")]
    pub struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub org_id: OrgId,
        #[sea_orm(primary_key, auto_increment = false)]
        pub request_key: String,
        pub result: Uuid,
        pub at: Instant,
    }

    #[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
    pub enum Relation {}

    impl ActiveModelBehavior for ActiveModel {}

    /// Takes the key for this transaction: `None` if it is the first to come, else what the first one made. On
    /// PostgreSQL the second comer waits here until the first has committed or given up.
    pub async fn take(tx: &impl ConnectionTrait, row: Model) -> Result<Option<Uuid>, DbErr> {
        let key = (row.org_id, row.request_key.clone());
        let active: ActiveModel = row.into();
        let inserted = Entity::insert(active)
            .on_conflict_do_nothing_on([Column::OrgId, Column::RequestKey])
            .exec_without_returning(tx)
            .await?;
        match inserted {
            TryInsertResult::Inserted(count) if count > 0 => Ok(None),
            _ => Ok(Entity::find_by_id(key).one(tx).await?.map(|r| r.result)),
        }
    }
}

/// Makes transactions that name the same thing before it has a row of its own wait for each other. SQLite has one
/// writer anyway.
pub async fn queue_up(tx: &impl ConnectionTrait, name: &str) -> Result<(), DbErr> {
    if tx.get_database_backend() == DbBackend::Postgres {
        let sql = "SELECT pg_advisory_xact_lock(hashtextextended($1, 0))";
        let lock = sea_orm::Statement::from_sql_and_values(DbBackend::Postgres, sql, [name.into()]);
        tx.execute_raw(lock).await?;
    }
    Ok(())
}

//! Rows of this room, and the only places that read them.
#![allow(clippy::disallowed_methods, reason = "this is where queries are written")]

use super::TrailQuery;
use crate::kernel::{id::*, instant::*};
use sea_orm::{Condition, QueryOrder, QuerySelect, entity::prelude::*, sea_query::ExprTrait};

/// An event of the trail.
pub mod audit_event {
    use super::*;

    #[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
    #[sea_orm(table_name = "audit_event")]
    #[expect(missing_docs, reason = "columns are named by the terms of design.md section 1")]
    pub struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub org_id: OrgId,
        #[sea_orm(primary_key, auto_increment = false)]
        pub seq: i64,
        pub at: Instant,
        pub actor: String,
        pub actor_id: Option<AccountId>,
        pub acting_for: Option<OrgId>,
        pub action: String,
        pub target: String,
        pub detail: String,
        pub ip: String,
        /// The seed of the values' salts; after an erasure salts and digests ([`crate::audit::chain`]).
        pub salt: String,
        pub hash: String,
    }

    #[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
    pub enum Relation {}

    impl ActiveModelBehavior for ActiveModel {}

    /// The latest events of an organisation before number `before`, newest first; with `partner`, only what was done in
    /// that partner's name.
    pub async fn latest(
        db: &impl ConnectionTrait,
        org: OrgId,
        partner: Option<OrgId>,
        before: Option<i64>,
        most: u64,
    ) -> Result<Vec<Model>, DbErr> {
        search(db, org, partner, &TrailQuery { before, ..TrailQuery::default() }, most).await
    }

    /// [`latest`] of those events that a query names.
    pub async fn search(
        db: &impl ConnectionTrait,
        org: OrgId,
        partner: Option<OrgId>,
        query: &TrailQuery,
        most: u64,
    ) -> Result<Vec<Model>, DbErr> {
        let place = match query.before {
            Some(seq) => Some((at(db, org, seq).await?, seq)),
            None => None,
        };
        search_of(org, partner, query, place, most).all(db).await
    }

    /// The query of [`search`], from a place on.
    pub fn search_of(
        org: OrgId,
        partner: Option<OrgId>,
        query: &TrailQuery,
        place: Option<(Instant, i64)>,
        most: u64,
    ) -> Select<Entity> {
        let mut all = Condition::all().add(Column::OrgId.eq(org));
        if let Some((at, seq)) = place {
            let of = Expr::tuple([Expr::col(Column::At), Expr::col(Column::Seq)]);
            all = all.add(of.lt(Expr::tuple([Expr::value(at), Expr::value(seq)])));
        }
        for partner in [partner, query.partner].into_iter().flatten() {
            all = all.add(Column::ActingFor.eq(partner));
        }
        if let Some(who) = &query.who {
            all = all.add(Column::Actor.eq(who)).add(Column::ActorId.is_not_null());
        }
        if let Some(category) = &query.category {
            all = all.add(Expr::col("category").eq(category));
        }
        if let Some(target) = &query.target {
            all = all.add(Column::Target.eq(target));
        }
        if let Some(from) = query.from {
            all = all.add(Column::At.gte(from.start()));
        }
        if let Some(to) = query.to {
            all = all.add(Column::At.lt(to.end()));
        }
        Entity::find().filter(all).order_by_desc(Column::At).order_by_desc(Column::Seq).limit(most)
    }

    /// The partners in whose names something was done in an organisation, `most` at most: from one to the next.
    pub async fn partners(db: &impl ConnectionTrait, org: OrgId, most: usize) -> Result<Vec<OrgId>, DbErr> {
        let mut found: Vec<OrgId> = Vec::new();
        while found.len() < most {
            match partner_behind(org, found.last().copied()).one(db).await?.and_then(|event| event.acting_for)
            {
                Some(partner) => found.push(partner),
                None => break,
            }
        }
        Ok(found)
    }
    /// An event in the name of a partner behind another.
    pub fn partner_behind(org: OrgId, partner: Option<OrgId>) -> Select<Entity> {
        let mut query = Entity::find().filter(Column::OrgId.eq(org)).filter(Column::ActingFor.is_not_null());
        if let Some(partner) = partner {
            query = query.filter(Column::ActingFor.gt(partner));
        }
        query.order_by_asc(Column::ActingFor).order_by_asc(Column::At).order_by_asc(Column::Seq).limit(1)
    }

    /// When an event was, or the end of time for one that is not there: nothing is left out before it.
    async fn at(db: &impl ConnectionTrait, org: OrgId, seq: i64) -> Result<Instant, DbErr> {
        let found = by_seq(db, org, seq).await?;
        Ok(found.map_or(Day::LAST.end(), |event| event.at))
    }

    /// Events of a chain behind a number, in their order.
    pub async fn behind(
        db: &impl ConnectionTrait,
        org: OrgId,
        seq: i64,
        most: u64,
    ) -> Result<Vec<Model>, DbErr> {
        behind_of(org, seq, most).all(db).await
    }
    /// The query of [`behind`].
    pub fn behind_of(org: OrgId, seq: i64, most: u64) -> Select<Entity> {
        Entity::find()
            .filter(Column::OrgId.eq(org))
            .filter(Column::Seq.gt(seq))
            .order_by_asc(Column::Seq)
            .limit(most)
    }

    /// Events of all chains behind a place, chain by chain.
    pub async fn all_behind(
        db: &impl ConnectionTrait,
        place: Option<(OrgId, i64)>,
        most: u64,
    ) -> Result<Vec<Model>, DbErr> {
        all_behind_of(place, most).all(db).await
    }
    /// The query of [`all_behind`].
    pub fn all_behind_of(place: Option<(OrgId, i64)>, most: u64) -> Select<Entity> {
        let mut query = Entity::find();
        if let Some((org, seq)) = place {
            let of = Expr::tuple([Expr::col(Column::OrgId), Expr::col(Column::Seq)]);
            query = query.filter(of.gt(Expr::tuple([Expr::value(org), Expr::value(seq)])));
        }
        query.order_by_asc(Column::OrgId).order_by_asc(Column::Seq).limit(most)
    }

    /// One event.
    pub async fn by_seq(db: &impl ConnectionTrait, org: OrgId, seq: i64) -> Result<Option<Model>, DbErr> {
        Entity::find_by_id((org, seq)).one(db).await
    }

    /// The first event from an instant on.
    pub async fn first_from(
        db: &impl ConnectionTrait,
        org: OrgId,
        at: Instant,
    ) -> Result<Option<Model>, DbErr> {
        first_from_of(org, at).one(db).await
    }
    /// The query of [`first_from`].
    pub fn first_from_of(org: OrgId, at: Instant) -> Select<Entity> {
        Entity::find()
            .filter(Column::OrgId.eq(org))
            .filter(Column::At.gte(at))
            .order_by_asc(Column::At)
            .order_by_asc(Column::Seq)
            .limit(1)
    }

    /// Takes the events up to a number away; the head must say so already.
    pub async fn cut(db: &impl ConnectionTrait, org: OrgId, until: i64) -> Result<u64, DbErr> {
        let cut = Entity::delete_many().filter(Column::OrgId.eq(org)).filter(Column::Seq.lte(until));
        Ok(cut.exec(db).await?.rows_affected)
    }

    /// Writes what is left of an event's values, and the digests of the others.
    pub async fn erase(db: &impl ConnectionTrait, event: Model) -> Result<(), DbErr> {
        let Model { org_id, seq, actor, actor_id, target, detail, ip, salt, .. } = event;
        Entity::update_many()
            .col_expr(Column::Actor, Expr::value(actor))
            .col_expr(Column::ActorId, Expr::value(actor_id))
            .col_expr(Column::Target, Expr::value(target))
            .col_expr(Column::Detail, Expr::value(detail))
            .col_expr(Column::Ip, Expr::value(ip))
            .col_expr(Column::Salt, Expr::value(salt))
            .filter(Column::OrgId.eq(org_id))
            .filter(Column::Seq.eq(seq))
            .exec(db)
            .await?;
        Ok(())
    }
}

/// The last link of an organisation's chain.
pub mod audit_head {
    use super::*;

    #[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
    #[sea_orm(table_name = "audit_head")]
    #[expect(missing_docs, reason = "columns are named by the terms of design.md section 1")]
    pub struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub org_id: OrgId,
        pub seq: i64,
        pub hash: String,
        /// The last event that was cut off, 0 if none.
        pub cut_seq: i64,
        /// Its link.
        pub cut_hash: String,
    }

    #[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
    pub enum Relation {}

    impl ActiveModelBehavior for ActiveModel {}

    impl Model {
        /// The head of a chain without events.
        pub fn empty(org_id: OrgId) -> Self {
            Self { org_id, seq: 0, hash: String::new(), cut_seq: 0, cut_hash: String::new() }
        }
    }

    /// An organisation's; that of an empty chain if it has none.
    pub async fn of(db: &impl ConnectionTrait, org: OrgId) -> Result<Model, DbErr> {
        Ok(Entity::find_by_id(org).one(db).await?.unwrap_or_else(|| Model::empty(org)))
    }

    /// Says up to which event, with which link, a chain is cut off.
    pub async fn cut(db: &impl ConnectionTrait, org: OrgId, seq: i64, hash: String) -> Result<(), DbErr> {
        Entity::update_many()
            .col_expr(Column::CutSeq, Expr::value(seq))
            .col_expr(Column::CutHash, Expr::value(hash))
            .filter(Column::OrgId.eq(org))
            .exec(db)
            .await?;
        Ok(())
    }

    /// Heads behind an organisation's, in the order of their ids.
    pub async fn behind(
        db: &impl ConnectionTrait,
        org: Option<OrgId>,
        most: u64,
    ) -> Result<Vec<Model>, DbErr> {
        let mut query = Entity::find();
        if let Some(org) = org {
            query = query.filter(Column::OrgId.gt(org));
        }
        query.order_by_asc(Column::OrgId).limit(most).all(db).await
    }
}

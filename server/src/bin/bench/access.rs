//! The permission check of somebody who acts for a customer: what every request of theirs begins with, nothing kept between two.

use crate::{Failure, Times};
use kontor::{
    account::service::find_by_email,
    delegation::{
        GrantStatus,
        rows::{acting, grant},
    },
    kernel::{
        Kontor,
        actor::{SessionInfo, Viewer},
        db::insert_all,
        locale::Locale,
    },
    mapping::service::largest_list,
    organisation::service::actor_in,
};
use sea_orm::{ColumnTrait, EntityTrait, PaginatorTrait, QueryFilter, QueryOrder, QuerySelect};
use serde_json::{Value, json};
use std::time::Instant;

/// Customers acted for, spread over the largest partner's.
const STAYS: u64 = 2_000;

/// Checks for each.
const ROUNDS: usize = 10;

/// Opens stays of the largest partner's owner, checks them in turn, and takes them away again.
pub async fn measure(kontor: &Kontor) -> Result<Value, Failure> {
    let db = kontor.db.read();
    let (partner, _) = largest_list(kontor).await?.ok_or("nothing is loaded")?;
    let owner = find_by_email(db, "owner@partner-0001.test").await?.ok_or("no owner")?;
    let now = kontor.now();
    let session = kontor.id();
    let held = grant::Entity::find()
        .filter(grant::Column::PartnerId.eq(partner))
        .filter(grant::Column::Status.eq(GrantStatus::Active))
        .filter(grant::Column::UntilAt.gt(now))
        .order_by_asc(grant::Column::Id)
        .limit(STAYS)
        .all(db)
        .await?;
    let stays: Vec<acting::ActiveModel> = held
        .iter()
        .map(|row| {
            acting::ActiveModel::from(acting::Model {
                id: kontor.id(),
                org_id: row.org_id,
                partner_id: partner,
                grant_id: row.id,
                session_id: session,
                account_id: owner.id,
                email: owner.email.clone(),
                opened_at: now,
                seen_at: now,
                closed_at: None,
                closed_why: None,
            })
        })
        .collect();
    let tx = kontor.db.begin().await?;
    insert_all(&tx, stays, None).await?;
    tx.commit().await?;
    let viewer = Viewer {
        session: Some(SessionInfo {
            id: session,
            account: owner.id,
            email: owner.email.clone(),
            name: String::new(),
            confirmed: true,
            second_factor: true,
            fresh_at: now,
            fresh_by_factor: true,
        }),
        ip: "127.0.0.1".into(),
        user_agent: "bench".into(),
        locale: Locale::En,
        anonymous: None,
    };
    let mut times = Times::default();
    // Each customer once in a round: none is asked for again while it is still warm.
    for round in 0..=ROUNDS {
        for row in &held {
            let began = Instant::now();
            let actor = actor_in(kontor, &viewer, row.org_id).await?;
            // The first round opens files and fills caches.
            if round > 0 {
                times.0.push(began.elapsed().as_secs_f64() * 1000.0);
            }
            if actor.acting_for() != Some(partner) {
                return Err("a stay that is none".into());
            }
        }
    }
    acting::Entity::delete_many()
        .filter(acting::Column::SessionId.eq(session))
        .exec(kontor.db.writer())
        .await?;
    Ok(json!({
        "grants": grant::Entity::find().count(db).await?,
        "stays": held.len(),
        "check_p50_ms": times.quantile(0.5),
        "check_p99_ms": times.quantile(0.99),
    }))
}

//! A session of the largest partner's owner, as signing in would leave it.

use crate::Failure;
use kontor::{
    account::{rows::session, service::find_by_email},
    kernel::{Kontor, secret::hash_token},
    mapping::service::largest_list,
};
use sea_orm::{EntityTrait, IntoActiveModel};
use serde_json::{Value, json};

/// Opens it.
pub async fn open(kontor: &Kontor) -> Result<Value, Failure> {
    let (partner, _) = largest_list(kontor).await?.ok_or("nothing is loaded")?;
    let owner = find_by_email(kontor.db.read(), "owner@partner-0001.test").await?.ok_or("no owner")?;
    let token = kontor.token();
    let now = kontor.now();
    let row = session::Model {
        id: kontor.id(),
        token_hash: hash_token(&token),
        account_id: owner.id,
        factor_pending: false,
        fresh_at: now,
        fresh_by_factor: false,
        created_at: now,
        seen_at: now,
        ip: "127.0.0.1".into(),
        user_agent: "bench".into(),
        provider_id: None,
        provider_sid: None,
        provider_factor: false,
        passkey_id: None,
    };
    session::Entity::insert(row.into_active_model()).exec_without_returning(kontor.db.writer()).await?;
    Ok(json!({
        "cookie": format!("kontor_session={token}"),
        "partner": partner,
        "path": format!("/admin/{partner}/partner/customers"),
    }))
}

//! The raw counterpart of the console's first page: an axum handler that asks the database the same and writes the
//! cards as a plain string. What the page costs beyond that is the price of rendering.

use crate::Failure;
use axum::{
    Router,
    extract::{Path, RawQuery, State},
    http::{HeaderMap, StatusCode, header},
    response::{Html, IntoResponse, Response},
    routing::get,
    serve::ListenerExt,
};
use kontor::{
    Error,
    account::service::resolve,
    kernel::{Kontor, actor::Viewer, id::OrgId, locale::Locale},
    mapping::{CustomerQuery, service::customers},
    organisation::{
        rows::member,
        service::{actor_in, frame},
    },
};
use serde_json::Value;
use std::fmt::Write as _;

/// Serves until it is killed.
pub async fn serve(kontor: Kontor, listen: &str) -> Result<Value, Failure> {
    let router = Router::new().route("/admin/{org}/partner/customers", get(page)).with_state(kontor);
    let listener = tokio::net::TcpListener::bind(listen).await?.tap_io(|stream| {
        if let Err(error) = stream.set_nodelay(true) {
            eprintln!("TCP_NODELAY: {error}");
        }
    });
    println!("listening on http://{listen}");
    axum::serve(listener, router).await?;
    Ok(Value::Null)
}

async fn page(
    State(kontor): State<Kontor>,
    Path(org): Path<String>,
    RawQuery(query): RawQuery,
    headers: HeaderMap,
) -> Response {
    match written(&kontor, &org, &query.unwrap_or_default(), &headers).await {
        Ok(html) => Html(html).into_response(),
        Err(error) => {
            StatusCode::from_u16(error.status()).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR).into_response()
        }
    }
}

async fn written(kontor: &Kontor, org: &str, query: &str, headers: &HeaderMap) -> Result<String, Error> {
    let org: OrgId = org.parse()?;
    let cookie = headers.get(header::COOKIE).and_then(|v| v.to_str().ok()).unwrap_or("");
    let token = cookie.strip_prefix("kontor_session=").unwrap_or("");
    let resolved = resolve(kontor, token).await?.ok_or(Error::Unauthenticated)?;
    let places = member::places(kontor.db.read(), resolved.account.id).await?;
    let viewer = Viewer {
        session: resolved.session,
        ip: "127.0.0.1".into(),
        user_agent: String::new(),
        locale: Locale::En,
        anonymous: None,
    };
    let framed = frame(kontor, &actor_in(kontor, &viewer, org).await?).await?;
    let actor = actor_in(kontor, &viewer, org).await?;
    let page = customers(kontor, &actor, &CustomerQuery::from_query(query)).await?;
    let mut html = format!("<!DOCTYPE html><title>{}</title><p>{}", framed.name, places.len());
    for card in &page.cards {
        // Writing into a string cannot fail.
        let _ = write!(
            html,
            "<article><h2>{}</h2><p>{}<p>{}<p>{}<p>{}/{}<p>{}<p>{:?}</article>",
            card.name,
            card.domains.join(", "),
            card.admin_email,
            card.plan.name(),
            card.seats_used,
            card.seats_total,
            card.term,
            card.ends_on
        );
    }
    Ok(html)
}

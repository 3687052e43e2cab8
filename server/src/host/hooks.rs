//! `/hooks/{provider}`: what payment providers tell of their own accord. Outside the checks for people's browsers: what
//! counts here is the signature.

use super::Host;
use axum::{
    body::{Body, to_bytes},
    extract::{Path, State},
    http::{HeaderMap, StatusCode},
};
use kontor::{Error, payment::Provider};

/// The largest body taken: providers send a few kilobytes.
const LIMIT: usize = 256 * 1024;

/// Takes one. What is answered with 503 is sent again by the provider.
pub async fn take(
    State(host): State<Host>,
    Path(provider): Path<String>,
    headers: HeaderMap,
    body: Body,
) -> StatusCode {
    let Some(provider) = Provider::from_key(&provider) else { return StatusCode::NOT_FOUND };
    let Ok(body) = to_bytes(body, LIMIT).await else { return StatusCode::PAYLOAD_TOO_LARGE };
    let headers: Vec<(String, String)> = headers
        .iter()
        .filter_map(|(name, value)| Some((name.as_str().to_owned(), value.to_str().ok()?.to_owned())))
        .collect();
    match kontor::payment::service::webhook(&host.kontor, provider, &headers, &body).await {
        Ok(()) => StatusCode::OK,
        Err(Error::NotFound) => StatusCode::NOT_FOUND,
        Err(Error::BadRequest) => StatusCode::BAD_REQUEST,
        Err(error) => {
            tracing::warn!(%provider, code = error.code(), "a webhook could not be booked");
            StatusCode::SERVICE_UNAVAILABLE
        }
    }
}

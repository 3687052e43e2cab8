//! Headers of every answer, and the log line and count of every request.

use super::Host;
use axum::{
    extract::{MatchedPath, Request, State},
    http::{HeaderMap, HeaderName, HeaderValue, StatusCode, header},
    middleware::Next,
    response::{IntoResponse, Response},
};

/// The page's nonce: the same in header and scripts.
#[derive(Debug, Clone)]
pub struct PageNonce(pub String);

/// Gives the request a nonce, and its answer the usual protections.
pub async fn secure(State(host): State<Host>, mut request: Request, next: Next) -> Response {
    let started = host.kontor.now();
    let mut bytes = [0u8; 16];
    host.kontor.random.fill(&mut bytes);
    let nonce = data_encoding::BASE64.encode(&bytes);
    request.extensions_mut().insert(PageNonce(nonce.clone()));
    let (method, path) = (request.method().clone(), request.uri().path().to_owned());
    let route = request.extensions().get::<MatchedPath>().map_or("none", MatchedPath::as_str).to_owned();
    let mut response = next.run(request).await;
    protect(response.headers_mut(), &nonce, host.config.secure());
    let status = response.status().as_u16();
    let ms = host.kontor.now().0 - started.0;
    host.metrics.count(&method, route, status, ms);
    match status {
        500.. => tracing::error!(%method, path = masked(&path), status, ms, "request"),
        _ => tracing::info!(%method, path = masked(&path), status, ms, "request"),
    }
    response
}

/// Secret links stay out of the log.
fn masked(path: &str) -> &str {
    const SECRET: [&str; 4] = ["/confirm/", "/reset/", "/activate/", "/apply/status/"];
    SECRET.into_iter().find(|prefix| path.starts_with(prefix)).unwrap_or(path)
}

fn protect(headers: &mut HeaderMap, nonce: &str, https: bool) {
    let policy = format!(
        "default-src 'none'; script-src 'nonce-{nonce}' 'strict-dynamic' 'wasm-unsafe-eval'; style-src 'self'; \
         img-src 'self' data:; font-src 'self'; connect-src 'self'; manifest-src 'self'; form-action 'self'; \
         base-uri 'none'; frame-ancestors 'none'"
    );
    let fixed = [
        ("x-content-type-options", "nosniff"),
        ("x-frame-options", "DENY"),
        ("referrer-policy", "same-origin"),
        ("cross-origin-opener-policy", "same-origin"),
        ("cross-origin-resource-policy", "same-origin"),
        ("permissions-policy", "camera=(), geolocation=(), microphone=(), payment=()"),
    ];
    for (name, value) in fixed {
        headers.insert(HeaderName::from_static(name), HeaderValue::from_static(value));
    }
    if let Ok(value) = HeaderValue::from_str(&policy) {
        // A document that is not a page of ours brings a narrower one.
        headers.entry(header::CONTENT_SECURITY_POLICY).or_insert(value);
    }
    if https {
        let value = HeaderValue::from_static("max-age=31536000; includeSubDomains");
        headers.insert(header::STRICT_TRANSPORT_SECURITY, value);
    }
    // Pages are their reader's own.
    headers.entry(header::CACHE_CONTROL).or_insert(HeaderValue::from_static("no-store"));
}

/// An answer without a page: where no page can be rendered, or nobody reads it.
pub fn plain_error(status: StatusCode) -> Response {
    let text = format!("{} {}\n", status.as_u16(), status.canonical_reason().unwrap_or("error"));
    (status, [(header::CONTENT_TYPE, "text/plain; charset=utf-8")], text).into_response()
}

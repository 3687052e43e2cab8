//! Requests that change something must come from our own pages: leptos checks nothing of the kind (stack-notes section
//! 4).

use super::{Host, headers::plain_error};
use axum::{
    extract::{Request, State},
    http::{HeaderMap, Method, StatusCode, header},
    middleware::Next,
    response::Response,
};

/// Refuses requests from other sites. Browsers say where a request comes from; a client that says nothing carries no
/// reader's cookie by accident.
pub async fn check(State(host): State<Host>, request: Request, next: Next) -> Response {
    let safe = matches!(*request.method(), Method::GET | Method::HEAD | Method::OPTIONS);
    if safe || ours(request.headers(), &host.kontor.programme.public_url) {
        return next.run(request).await;
    }
    tracing::warn!(path = request.uri().path(), "request from another site refused");
    plain_error(StatusCode::FORBIDDEN)
}

fn ours(headers: &HeaderMap, public_url: &str) -> bool {
    let text = |name| headers.get(name).and_then(|v: &axum::http::HeaderValue| v.to_str().ok());
    match text(header::HeaderName::from_static("sec-fetch-site")) {
        Some("same-origin" | "none") => return true,
        Some(_) => return false,
        None => {}
    }
    match text(header::ORIGIN) {
        Some(origin) => {
            let same_host = text(header::HOST).is_some_and(|host| {
                origin == format!("http://{host}") && !public_url.starts_with("https://")
            });
            origin == origin_of(public_url) || same_host
        }
        None => !headers.contains_key(header::COOKIE),
    }
}

/// Scheme, host and port of an address.
fn origin_of(address: &str) -> String {
    url::Url::parse(address).map(|u| u.origin().ascii_serialization()).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn with(pairs: &[(&'static str, &'static str)]) -> HeaderMap {
        pairs.iter().map(|(n, v)| (header::HeaderName::from_static(n), v.parse().unwrap())).collect()
    }

    #[test]
    fn only_our_own_pages_may_post() {
        let url = "https://kontor.example";
        assert!(ours(&with(&[("sec-fetch-site", "same-origin")]), url));
        assert!(!ours(&with(&[("sec-fetch-site", "cross-site")]), url));
        assert!(!ours(&with(&[("sec-fetch-site", "same-site"), ("origin", "https://kontor.example")]), url));
        assert!(ours(&with(&[("origin", "https://kontor.example")]), url));
        assert!(!ours(&with(&[("origin", "http://kontor.example"), ("host", "kontor.example")]), url));
        assert!(!ours(&with(&[("origin", "null")]), url));
        assert!(!ours(&with(&[("cookie", "kontor_session=x")]), url));
        assert!(ours(&with(&[]), url));
    }
}

//! Limits of tries, per address and, for sign-ins, per account: kept in this node's memory.

use super::Host;
use app::wire::ApiError;
use axum::{
    extract::{Request, State},
    http::{HeaderValue, StatusCode, header},
    middleware::Next,
    response::{IntoResponse, Response},
};
use governor::{DefaultKeyedRateLimiter, Quota, clock::Clock as _};
use kontor::{Error, kernel::actor::Viewer};
use leptos::server_fn::error::FromServerFnError;
use std::num::NonZeroU32;

/// The calls that are limited, with tries a minute and at once.
const LIMITED: [(&str, u32, u32); 8] = [
    ("/api/account/sign_in", 10, 20),
    ("/api/account/sign_in_code", 10, 10),
    ("/api/account/step_up", 10, 10),
    ("/api/account/sign_up", 5, 10),
    ("/api/account/request_reset", 5, 5),
    ("/api/account/resend_confirmation", 2, 3),
    ("/api/apply/submit", 5, 10),
    ("/api/admin/add_organisation", 20, 40),
];

/// One limiter for each limited call.
pub struct Limits {
    on: bool,
    limiters: Vec<(&'static str, DefaultKeyedRateLimiter<String>)>,
}

impl Limits {
    /// All limiters, switched on or off as a whole.
    pub fn new(on: bool) -> Self {
        let limiters = LIMITED
            .into_iter()
            .filter_map(|(path, minute, burst)| {
                let quota = Quota::per_minute(NonZeroU32::new(minute)?).allow_burst(NonZeroU32::new(burst)?);
                Some((path, DefaultKeyedRateLimiter::keyed(quota)))
            })
            .collect();
        Self { on, limiters }
    }

    /// Counts a try; the seconds to wait if it was one too many.
    fn hit(&self, path: &str, key: &str) -> Option<u32> {
        let (_, limiter) = self.limiters.iter().find(|(p, _)| self.on && *p == path)?;
        // Addresses that were seen long ago are forgotten now and then.
        if limiter.len() > 10_000 {
            limiter.retain_recent();
        }
        let refused = limiter.check_key(&key.to_owned()).err()?;
        let wait = refused.wait_time_from(governor::clock::DefaultClock::default().now());
        Some(u32::try_from(wait.as_secs()).unwrap_or(u32::MAX).saturating_add(1))
    }
}

/// Refuses a try too many with 429.
pub async fn limit(State(host): State<Host>, request: Request, next: Next) -> Response {
    let ip = request.extensions().get::<Viewer>().map(|v| v.ip.clone()).unwrap_or_default();
    let Some(retry_after) = host.limits.hit(request.uri().path(), &ip) else {
        return next.run(request).await;
    };
    tracing::warn!(path = request.uri().path(), %ip, "too many tries");
    let error = Error::RateLimited { retry_after };
    let html = request
        .headers()
        .get(header::ACCEPT)
        .and_then(|v| v.to_str().ok())
        .is_some_and(|v| v.contains("text/html"));
    let (kind, body) = match html {
        true => {
            let locale = request.extensions().get::<Viewer>().map(|v| v.locale).unwrap_or_default();
            let text = app::i18n::with_locale(locale, || app::message::error(&error));
            ("text/plain; charset=utf-8", text.into_bytes())
        }
        false => ("application/json", ApiError(error).ser().to_vec()),
    };
    let mut response = (StatusCode::TOO_MANY_REQUESTS, [(header::CONTENT_TYPE, kind)], body).into_response();
    if let Ok(value) = HeaderValue::from_str(&retry_after.to_string()) {
        response.headers_mut().insert(header::RETRY_AFTER, value);
    }
    response
}

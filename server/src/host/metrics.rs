//! `GET /metrics`: figures for Prometheus (design.md section 4).

use super::{Host, headers::plain_error};
use crate::bundle;
use axum::{
    extract::{ConnectInfo, State},
    http::{HeaderMap, Method, StatusCode, header},
    response::{IntoResponse, Response},
};
use kontor::job::service::figures;
use metrics::{counter, gauge, histogram, with_local_recorder};
use metrics_exporter_prometheus::{PrometheusBuilder, PrometheusRecorder};
use std::net::{IpAddr, SocketAddr};

/// Bounds of the request times, in seconds: most answers take a few milliseconds.
const BUCKETS: [f64; 10] = [0.002, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 5.0];

/// What was counted since the start. Each host has its own: tests run many in one process.
pub struct Metrics(PrometheusRecorder);

impl Default for Metrics {
    fn default() -> Self {
        let builder = PrometheusBuilder::new();
        // Fails for an empty list only.
        let builder = builder.set_buckets(&BUCKETS).unwrap_or_else(|_| PrometheusBuilder::new());
        Self(builder.build_recorder())
    }
}

impl Metrics {
    /// Counts an answer by method, route (never the address: ids and secret links stay out) and status.
    pub fn count(&self, method: &Method, route: String, status: u16, ms: i64) {
        let method = match *method {
            Method::GET | Method::HEAD => "GET",
            Method::POST => "POST",
            _ => "other",
        };
        let took = std::time::Duration::from_millis(ms.unsigned_abs());
        with_local_recorder(&self.0, || {
            histogram!("kontor_http_request_seconds", "route" => route.clone()).record(took);
            counter!("kontor_http_requests_total", "method" => method, "route" => route, "status" => status.to_string())
                .increment(1);
        });
    }
}

/// The figures, for callers of the operator's own network that come without a proxy: how much is going on here is
/// nobody else's business.
pub async fn show(
    State(host): State<Host>,
    peer: Option<axum::Extension<ConnectInfo<SocketAddr>>>,
    headers: HeaderMap,
) -> Response {
    let near = peer.is_some_and(|peer| is_near(peer.0.0.ip()));
    if !near || headers.contains_key("x-forwarded-for") || headers.contains_key(header::FORWARDED) {
        return plain_error(StatusCode::NOT_FOUND);
    }
    let figures = match figures(&host.kontor).await {
        Ok(figures) => figures,
        Err(error) => {
            let status = StatusCode::from_u16(error.status()).unwrap_or(StatusCode::SERVICE_UNAVAILABLE);
            return plain_error(status);
        }
    };
    with_local_recorder(&host.metrics.0, || {
        for (state, number) in figures.jobs {
            gauge!("kontor_jobs", "state" => state).set(number as f64);
        }
        for (state, number) in figures.mails {
            gauge!("kontor_mails", "state" => state).set(number as f64);
        }
        gauge!("kontor_build_info", "version" => env!("CARGO_PKG_VERSION"), "bundle" => bundle::hash())
            .set(1.0);
    });
    let text = host.metrics.0.handle().render();
    ([(header::CONTENT_TYPE, "text/plain; version=0.0.4; charset=utf-8")], text).into_response()
}

fn is_near(peer: IpAddr) -> bool {
    match peer.to_canonical() {
        IpAddr::V4(ip) => ip.is_loopback() || ip.is_private(),
        IpAddr::V6(ip) => ip.is_loopback() || ip.is_unique_local(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn strangers_are_not_near() {
        for near in ["127.0.0.1", "::1", "10.1.2.3", "192.168.0.9", "::ffff:127.0.0.1", "fd00::1"] {
            assert!(is_near(near.parse().unwrap()), "{near}");
        }
        for far in ["8.8.8.8", "2a00::1", "100.64.0.1"] {
            assert!(!is_near(far.parse().unwrap()), "{far}");
        }
    }
}

//! Requests to addresses that other people name: never to a private one, unless it is named in the configuration.

use super::{
    address::is_public,
    dns::{Addresses, RealDns},
};
use axum::http;
use futures::future::BoxFuture;
use openidconnect::AsyncHttpClient;
use reqwest::{Client, redirect::Policy};
use std::{
    net::{IpAddr, SocketAddr},
    sync::Arc,
    time::Duration,
};
use tokio::time::timeout;
use url::Url;

/// One request takes no longer, look-up and answer included.
const REQUEST: Duration = Duration::from_secs(6);
/// The greatest answer.
const MOST: usize = 256 * 1024;

/// Mozilla's roots, the same on every machine.
pub(super) fn tls() -> Result<rustls::ClientConfig, rustls::Error> {
    let roots = rustls::RootCertStore { roots: webpki_roots::TLS_SERVER_ROOTS.to_vec() };
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    Ok(rustls::ClientConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()?
        .with_root_certificates(roots)
        .with_no_client_auth())
}

/// A client whose connections go to the address that was checked: the name is not looked up again.
pub(super) fn pinned(
    tls: &rustls::ClientConfig,
    host: &str,
    endpoint: SocketAddr,
    agent: &str,
) -> Result<Client, reqwest::Error> {
    Client::builder()
        .tls_backend_preconfigured(tls.clone())
        .resolve(host, endpoint)
        .no_proxy()
        .redirect(Policy::none())
        .pool_max_idle_per_host(0)
        .user_agent(agent)
        .build()
}

/// Why a request was not answered.
#[derive(Debug, thiserror::Error)]
pub enum Unanswered {
    /// The address is none that may be asked.
    #[error("{0}: not an address that may be asked")]
    Refused(String),
    /// There is no such host.
    #[error("{0}: no such host")]
    NoHost(String),
    /// Nobody answered in time.
    #[error("no answer in time")]
    Timeout,
    /// No connection, or a broken one.
    #[error("no connection")]
    Unreachable,
    /// More than is taken.
    #[error("the answer is too large")]
    TooLarge,
}

/// Asks identity providers.
pub struct Guarded {
    dns: Arc<RealDns>,
    allow: Vec<SocketAddr>,
    plain: bool,
    tls: rustls::ClientConfig,
}

impl Guarded {
    /// Looks hosts up through `dns`. `allow` names private addresses that may be asked all the same
    /// (`KONTOR_OIDC_ALLOW`), with `plain` also without TLS.
    pub fn new(dns: Arc<RealDns>, allow: Vec<SocketAddr>, plain: bool) -> Result<Self, rustls::Error> {
        Ok(Self { dns, allow, plain, tls: tls()? })
    }

    /// Sends a request. Redirects are answers like others.
    pub async fn ask(&self, request: http::Request<Vec<u8>>) -> Result<http::Response<Vec<u8>>, Unanswered> {
        timeout(REQUEST, self.send(request)).await.unwrap_or(Err(Unanswered::Timeout))
    }

    async fn send(&self, request: http::Request<Vec<u8>>) -> Result<http::Response<Vec<u8>>, Unanswered> {
        let address = request.uri().to_string();
        let refused = || Unanswered::Refused(address.clone());
        let url = Url::parse(&address).map_err(|_| refused())?;
        let endpoint = self.endpoint(&url).await?;
        let host = url.host_str().ok_or_else(refused)?;
        let unreachable = |error: reqwest::Error| {
            tracing::debug!(%error, %endpoint, "not answered");
            if error.is_timeout() { Unanswered::Timeout } else { Unanswered::Unreachable }
        };
        let client = pinned(&self.tls, host, endpoint, "kontor-sign-in").map_err(unreachable)?;
        let (parts, body) = request.into_parts();
        let sent = client.request(parts.method, url).headers(parts.headers).body(body).send();
        let mut response = sent.await.map_err(unreachable)?;
        if response.remote_addr().is_some_and(|reached| reached != endpoint) {
            return Err(refused());
        }
        let mut answer = http::Response::builder().status(response.status());
        if let Some(headers) = answer.headers_mut() {
            headers.extend(response.headers().clone());
        }
        let mut body = Vec::new();
        while let Some(chunk) = response.chunk().await.map_err(unreachable)? {
            if body.len() + chunk.len() > MOST {
                return Err(Unanswered::TooLarge);
            }
            body.extend_from_slice(&chunk);
        }
        answer.body(body).map_err(|_| Unanswered::Unreachable)
    }

    /// Where to connect to: every address of the host must be one that may be asked, else none of them is.
    async fn endpoint(&self, url: &Url) -> Result<SocketAddr, Unanswered> {
        let refused = || Unanswered::Refused(url.to_string());
        let secure = match url.scheme() {
            "https" => true,
            "http" => false,
            _ => return Err(refused()),
        };
        let port = url.port_or_known_default().ok_or_else(refused)?;
        let ips: Vec<IpAddr> = match url.host().ok_or_else(refused)? {
            url::Host::Ipv4(ip) => vec![ip.into()],
            url::Host::Ipv6(ip) => vec![ip.into()],
            url::Host::Domain(name) => match self.dns.addresses(name).await {
                Addresses::Found(ips) => ips,
                Addresses::NoHost => return Err(Unanswered::NoHost(name.to_owned())),
                Addresses::Timeout => return Err(Unanswered::Timeout),
            },
        };
        let all: Vec<SocketAddr> = ips.into_iter().map(|ip| SocketAddr::new(ip, port)).collect();
        let may = |at: &SocketAddr| match self.allow.contains(at) {
            true => secure || self.plain,
            false => secure && is_public(at.ip()),
        };
        if !all.iter().all(may) {
            return Err(refused());
        }
        all.first().copied().ok_or_else(refused)
    }
}

/// How openidconnect asks.
impl<'c> AsyncHttpClient<'c> for Guarded {
    type Error = Unanswered;
    type Future = BoxFuture<'c, Result<http::Response<Vec<u8>>, Unanswered>>;

    fn call(&'c self, request: http::Request<Vec<u8>>) -> Self::Future {
        Box::pin(self.ask(request))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn only_public_addresses_over_tls_and_named_ones_are_asked() {
        let dns = Arc::new(RealDns::new(Vec::new(), Vec::new()));
        let named = vec!["127.0.0.1:4000".parse().unwrap()];
        let guarded = Guarded::new(dns.clone(), named.clone(), true).unwrap();
        let strict = Guarded::new(dns, named, false).unwrap();
        assert!(strict.endpoint(&Url::parse("http://127.0.0.1:4000/").unwrap()).await.is_err());
        assert!(strict.endpoint(&Url::parse("https://127.0.0.1:4000/").unwrap()).await.is_ok());
        for (address, may) in [
            ("https://1.1.1.1/", true),
            ("http://1.1.1.1/", false),
            ("http://127.0.0.1:4000/", true),
            ("https://127.0.0.1:4000/", true),
            ("https://127.0.0.1:4001/", false),
            ("https://10.0.0.1/", false),
            ("https://169.254.169.254/", false),
            ("https://[::1]/", false),
            ("https://[::ffff:127.0.0.1]:4000/", false),
            ("file:///etc/passwd", false),
        ] {
            let found = guarded.endpoint(&Url::parse(address).unwrap()).await;
            assert_eq!(found.is_ok(), may, "{address}");
        }
    }
}

//! Fetches the proof file (domain.md section 5, R5.4): HTTPS, then HTTP, never a private address, never another host.

use super::{
    address::is_public,
    dns::{Addresses, RealDns, Zone},
    guarded::{pinned, tls},
};
use kontor::kernel::port::{WebAnswer, WebOutcome, WebPort};
use reqwest::header::LOCATION;
use std::{
    net::{IpAddr, SocketAddr},
    sync::Arc,
    time::Duration,
};
use tokio::time::timeout;
use url::Url;

/// One fetch with its redirects takes no longer.
const FETCH: Duration = Duration::from_secs(5);
/// Redirects on the same host followed.
const REDIRECTS: usize = 3;
/// The greatest file.
const MOST: usize = 64 * 1024;

/// The web over the network.
pub struct RealWeb {
    dns: Arc<RealDns>,
    allow: Vec<SocketAddr>,
    sites: Vec<Zone>,
    tls: rustls::ClientConfig,
}

impl RealWeb {
    /// Looks hosts up through `dns`. `allow` names private addresses that may be reached all the same
    /// (`KONTOR_HTML_CHECK_ALLOW`); plain HTTP goes to the port named there. `sites` names the web servers of zones of
    /// our own (the demo's), which are asked whatever `allow` says.
    pub fn new(dns: Arc<RealDns>, allow: Vec<SocketAddr>, sites: Vec<Zone>) -> Result<Self, rustls::Error> {
        Ok(Self { dns, allow, sites, tls: tls()? })
    }

    async fn fetch(&self, scheme: &str, host: &str, path: &str) -> WebAnswer {
        let url = format!("{scheme}://{host}{path}");
        let outcome = match Url::parse(&url) {
            Ok(parsed) => timeout(FETCH, self.follow(parsed)).await.unwrap_or(WebOutcome::Timeout),
            Err(_) => WebOutcome::NoHost,
        };
        WebAnswer { url, outcome }
    }

    /// Follows redirects on the same host; each target is looked up and checked anew.
    async fn follow(&self, mut url: Url) -> WebOutcome {
        let mut last = 0;
        for _ in 0..=REDIRECTS {
            match self.get(&url).await {
                Ok(Step::Done(outcome)) | Err(outcome) => return outcome,
                Ok(Step::To(status, target)) => {
                    last = status;
                    let same = target.host_str() == url.host_str()
                        && matches!(target.scheme(), "http" | "https")
                        && (target.port().is_none() || target.port() == url.port());
                    if !same {
                        return WebOutcome::OffsiteRedirect(target.to_string());
                    }
                    url = target;
                }
            }
        }
        WebOutcome::Status(last)
    }

    async fn get(&self, url: &Url) -> Result<Step, WebOutcome> {
        let host = url.host_str().ok_or(WebOutcome::NoHost)?;
        let endpoint = self.endpoint(host, url.scheme() == "https").await?;
        let mut target = url.clone();
        target.set_port(Some(endpoint.port())).map_err(|()| WebOutcome::NoHost)?;
        // The connection goes to the address that was checked: the name is not looked up again.
        let client = pinned(&self.tls, host, endpoint, "kontor-domain-check").map_err(|error| {
            tracing::error!(%error, "no HTTP client");
            WebOutcome::Unreachable
        })?;
        let mut response = client.get(target).send().await.map_err(|error| {
            tracing::debug!(%error, %endpoint, "proof file not fetched");
            if error.is_timeout() { WebOutcome::Timeout } else { WebOutcome::Unreachable }
        })?;
        if response.remote_addr().is_some_and(|reached| reached != endpoint) {
            return Err(WebOutcome::PrivateAddress);
        }
        let status = response.status();
        if status.is_redirection() {
            let to = response.headers().get(LOCATION).and_then(|l| l.to_str().ok());
            let to = to.and_then(|l| url.join(l).ok());
            return Ok(to.map_or(Step::Done(WebOutcome::Status(status.as_u16())), |to| {
                Step::To(status.as_u16(), to)
            }));
        }
        if status != reqwest::StatusCode::OK {
            return Ok(Step::Done(WebOutcome::Status(status.as_u16())));
        }
        let mut body = Vec::new();
        while let Some(chunk) = response.chunk().await.map_err(|_| WebOutcome::Unreachable)? {
            if body.len() + chunk.len() > MOST {
                return Err(WebOutcome::TooLarge);
            }
            body.extend_from_slice(&chunk);
        }
        Ok(Step::Done(WebOutcome::Body(String::from_utf8_lossy(&body).into_owned())))
    }

    /// Where to connect to: every address of the host must be public or allowed, else none of them is tried.
    async fn endpoint(&self, host: &str, secure: bool) -> Result<SocketAddr, WebOutcome> {
        let ips = match self.dns.addresses(host).await {
            Addresses::Found(ips) => ips,
            Addresses::NoHost => return Err(WebOutcome::NoHost),
            Addresses::Timeout => return Err(WebOutcome::Timeout),
        };
        let endpoints: Option<Vec<SocketAddr>> = ips.iter().map(|ip| self.port(host, *ip, secure)).collect();
        endpoints.and_then(|all| all.first().copied()).ok_or(WebOutcome::PrivateAddress)
    }

    fn port(&self, host: &str, ip: IpAddr, secure: bool) -> Option<SocketAddr> {
        let site = self.sites.iter().find(|site| !secure && site.holds(host) && site.server.ip() == ip);
        if let Some(site) = site {
            return Some(site.server);
        }
        let usual = SocketAddr::new(ip, if secure { 443 } else { 80 });
        if is_public(ip) || self.allow.contains(&usual) {
            return Some(usual);
        }
        self.allow.iter().copied().find(|allowed| !secure && allowed.ip() == ip)
    }
}

enum Step {
    Done(WebOutcome),
    To(u16, Url),
}

#[async_trait::async_trait]
impl WebPort for RealWeb {
    async fn fetch_proof(&self, host: &str, path: &str) -> Vec<WebAnswer> {
        let secure = self.fetch("https", host, path).await;
        if matches!(secure.outcome, WebOutcome::Body(_)) {
            return vec![secure];
        }
        let plain = self.fetch("http", host, path).await;
        vec![secure, plain]
    }
}

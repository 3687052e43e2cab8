//! The payment providers that speak over the network, and which of them this installation has.

pub mod scripted;
pub mod signature;
pub mod stripe;

use crate::config::Checked;
use kontor::{
    kernel::{clock::Clock, secret::Secrets},
    payment::{Provider, port::Providers},
};
use reqwest::{Client, redirect::Policy};
use scripted::Scripted;
use std::{path::Path, sync::Arc, time::Duration};
use stripe::Stripe;

/// No provider is waited for any longer.
const ANSWER: Duration = Duration::from_secs(10);
/// How long a connection may take: nothing was sent yet.
const CONNECT: Duration = Duration::from_secs(5);

/// The providers of the configuration, with the scripted one's bank at `public_url`. The error is one line.
pub fn providers(
    config: &Checked,
    public_url: &str,
    secrets: &Secrets,
    clock: Arc<dyn Clock>,
) -> Result<Providers, String> {
    let mut providers = Providers::manual();
    if let Some(stripe) = &config.stripe {
        providers = providers.with(Provider::Stripe, Arc::new(Stripe::new(stripe)?));
    }
    if let Some(folder) = &config.payment_script {
        let scripted = scripted(folder, public_url, secrets, clock)?;
        providers = providers.with(Provider::Scripted, Arc::new(scripted));
    }
    Ok(providers)
}

/// The scripted provider that keeps its book in `folder`. Any number may be open on one folder, also in other processes.
pub fn scripted(
    folder: &Path,
    public_url: &str,
    secrets: &Secrets,
    clock: Arc<dyn Clock>,
) -> Result<Scripted, String> {
    let secret = secrets.derive("payment script", "webhook");
    Scripted::open(folder, public_url, secret, clock)
        .map_err(|error| format!("payment_script {}: {error}", folder.display()))
}

/// HTTP with Mozilla's roots, without proxies and redirects: a payment goes where it was sent or nowhere.
fn client() -> Result<Client, String> {
    let roots = rustls::RootCertStore { roots: webpki_roots::TLS_SERVER_ROOTS.to_vec() };
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    let tls = rustls::ClientConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()
        .map_err(|error| error.to_string())?
        .with_root_certificates(roots)
        .with_no_client_auth();
    Client::builder()
        .tls_backend_preconfigured(tls)
        .no_proxy()
        .redirect(Policy::none())
        .timeout(ANSWER)
        .connect_timeout(CONNECT)
        .user_agent("kontor")
        .build()
        .map_err(|error| error.to_string())
}

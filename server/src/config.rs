//! The configuration (design.md section 4): `kontor.toml`, overridden by `KONTOR_…`; anything unknown or impossible
//! stops the start with one clear line.

use figment::{
    Figment,
    providers::{Env, Format, Serialized, Toml},
};
use ipnet::IpNet;
use serde::{Deserialize, Serialize};
use std::{
    net::{IpAddr, SocketAddr},
    path::{Path, PathBuf},
};

/// Every key, with its default. Lists are written with commas.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Config {
    /// Where to listen; port 0 takes a free one.
    pub listen: String,
    /// Links in mails; cookies are `Secure` iff it is https. Empty: `http://` and the listen address.
    pub public_url: String,
    /// `sqlite://PATH` or `postgres://…`.
    pub database_url: String,
    /// Connections to the database: readers on SQLite, all on PostgreSQL.
    pub database_connections: u32,
    /// `file://DIR`, `smtp://[user:pass@]host:port` or `smtps://…`.
    pub mail_url: String,
    /// Sender of all mails.
    pub mail_from: String,
    /// Shown wherever help is offered.
    pub support_email: String,
    /// `ip:port,…`; empty: the system's.
    pub dns_servers: String,
    /// `suffix=ip:port,…`: the authority for names under suffix.
    pub dns_zones: String,
    /// Target of CNAME proofs. Empty: the host of the public URL.
    pub verify_host: String,
    /// Exact `ip:port,…` that the HTML check may reach although private; needs a loopback public URL.
    pub html_check_allow: String,
    /// Exact `ip:port,…` of identity providers that may be asked although private; without https only with a loopback public
    /// URL.
    pub oidc_allow: String,
    /// Key for secrets at rest; made on first start.
    pub secret_file: PathBuf,
    /// Networks whose `X-Forwarded-For` counts.
    pub trusted_proxies: String,
    /// `on`, or `off` with a loopback public URL only.
    pub rate_limits: String,
    /// Adds `/demo/mail` and `/demo/dns`; needs a loopback public URL.
    pub demo: bool,
    /// Memory of one password hash in KiB (argon2id).
    pub argon2_memory_kib: u32,
    /// Passes of one password hash (argon2id).
    pub argon2_passes: u32,
    /// Stripe's secret key, `sk_…` or `rk_…`; without one there is no Stripe.
    pub stripe_secret_key: Hidden,
    /// A file that holds it instead.
    pub stripe_secret_key_file: PathBuf,
    /// Secret of Stripe's webhook to `/hooks/stripe`, `whsec_…`; needed with the key.
    pub stripe_webhook_secret: Hidden,
    /// A file that holds it instead.
    pub stripe_webhook_secret_file: PathBuf,
    /// Where Stripe's API is: https, or http on this machine.
    pub stripe_url: String,
    /// Folder of the scripted payment provider, which plays a provider and moves no money; needs a loopback public URL.
    /// Empty: none, and in the demo `payment-script` beside the secret file.
    pub payment_script: PathBuf,
    /// What is logged: `info`, `debug`, or directives of tracing's filter.
    pub log: String,
    /// `text` or `json`.
    pub log_format: String,
}

impl Default for Config {
    fn default() -> Self {
        Self {
            listen: "127.0.0.1:3000".into(),
            public_url: String::new(),
            database_url: "sqlite://data/kontor.db".into(),
            database_connections: 8,
            mail_url: "file://data/mail".into(),
            mail_from: "programme@vendor.test".into(),
            support_email: "support@vendor.test".into(),
            dns_servers: String::new(),
            dns_zones: String::new(),
            verify_host: String::new(),
            html_check_allow: String::new(),
            oidc_allow: String::new(),
            secret_file: "data/secret".into(),
            trusted_proxies: String::new(),
            rate_limits: "on".into(),
            demo: false,
            // OWASP's recommendation for argon2id.
            argon2_memory_kib: 19_456,
            argon2_passes: 2,
            stripe_secret_key: Hidden::default(),
            stripe_secret_key_file: PathBuf::new(),
            stripe_webhook_secret: Hidden::default(),
            stripe_webhook_secret_file: PathBuf::new(),
            stripe_url: "https://api.stripe.com".into(),
            payment_script: PathBuf::new(),
            log: "info".into(),
            log_format: "text".into(),
        }
    }
}

/// A secret of the configuration: shown nowhere, also not by mistake.
#[derive(Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Hidden(pub String);

impl std::fmt::Debug for Hidden {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(if self.0.is_empty() { "none" } else { "…" })
    }
}

/// What it takes to speak to Stripe.
#[derive(Debug, Clone)]
pub struct StripeConfig {
    /// Where its API is.
    pub url: String,
    /// Its secret key.
    pub secret_key: Hidden,
    /// The secret of its webhook.
    pub webhook_secret: Hidden,
}

/// One clear line about what is wrong.
#[derive(Debug, thiserror::Error)]
#[error("configuration: {0}")]
pub struct ConfigError(String);

/// The configuration, checked and in the shape the program uses.
#[derive(Debug, Clone)]
pub struct Checked {
    /// As given.
    pub raw: Config,
    /// Where to listen.
    pub listen: SocketAddr,
    /// Name servers to ask; empty: the system's.
    pub dns_servers: Vec<SocketAddr>,
    /// Authorities by suffix.
    pub dns_zones: Vec<(String, SocketAddr)>,
    /// Exact addresses the HTML check may reach.
    pub html_check_allow: Vec<SocketAddr>,
    /// Exact private addresses of identity providers.
    pub oidc_allow: Vec<SocketAddr>,
    /// Whether identity providers named there may be asked without TLS.
    pub oidc_plain: bool,
    /// Networks of trusted proxies.
    pub trusted_proxies: Vec<IpNet>,
    /// Whether tries are limited.
    pub rate_limits: bool,
    /// Stripe, if it is used.
    pub stripe: Option<StripeConfig>,
    /// The scripted payment provider's folder, if it is used.
    pub payment_script: Option<PathBuf>,
}

impl Config {
    /// Reads `kontor.toml` of the working directory and the environment.
    pub fn load() -> Result<Self, ConfigError> {
        let figment = Figment::from(Serialized::defaults(Config::default()))
            .merge(Toml::file("kontor.toml"))
            .merge(Env::prefixed("KONTOR_"));
        figment.extract().map_err(|error| ConfigError(error.to_string().replace('\n', " ")))
    }

    /// Checks every value.
    pub fn check(self) -> Result<Checked, ConfigError> {
        let bad = |key: &str, value: &str, what: &str| ConfigError(format!("{key} = \"{value}\": {what}"));
        let listen: SocketAddr = self
            .listen
            .parse()
            .map_err(|_| bad("listen", &self.listen, "give an address like 127.0.0.1:3000"))?;
        let public = self.public_url.trim_end_matches('/').to_owned();
        let raw = Config { public_url: public, ..self };
        let url = raw.public(listen).map_err(|()| {
            bad("public_url", &raw.public_url, "give an http or https address and nothing more")
        })?;
        // As others write it: the scheme decides whether cookies are secure.
        let public = if raw.public_url.is_empty() {
            String::new()
        } else {
            url.as_str().trim_end_matches('/').to_owned()
        };
        let raw = Config { public_url: public, ..raw };
        let loopback = is_loopback(&url);
        if !["sqlite:", "postgres:", "postgresql:"].iter().any(|s| raw.database_url.starts_with(s)) {
            return Err(bad("database_url", "…", "begin with sqlite:// or postgres://"));
        }
        if !["file://", "smtp://", "smtps://"].iter().any(|s| raw.mail_url.starts_with(s)) {
            return Err(bad("mail_url", "…", "begin with file://, smtp:// or smtps://"));
        }
        if !raw.database_url.starts_with("sqlite:") {
            let named = url::Url::parse(&raw.database_url).is_ok_and(|u| u.has_host() && u.path().len() > 1);
            if !named {
                return Err(bad("database_url", "…", "give postgres://user@host/database"));
            }
        }
        let mail_server = !raw.mail_url.starts_with("file:");
        if mail_server
            && !url::Url::parse(&raw.mail_url).is_ok_and(|u| u.host_str().is_some_and(|h| !h.is_empty()))
        {
            return Err(bad("mail_url", "…", "give smtp://host:port"));
        }
        if raw.secret_file.as_os_str().is_empty() {
            return Err(bad("secret_file", "", "give a file's name"));
        }
        if !raw.verify_host.is_empty() && !is_host(&raw.verify_host) {
            return Err(bad("verify_host", &raw.verify_host, "give a host name"));
        }
        for (key, value) in [("mail_from", &raw.mail_from), ("support_email", &raw.support_email)] {
            kontor::kernel::text::email(value).map_err(|_| bad(key, value, "give an e-mail address"))?;
        }
        if !(1..=500).contains(&raw.database_connections) {
            return Err(bad("database_connections", &raw.database_connections.to_string(), "give 1 to 500"));
        }
        if !(8..=4_194_304).contains(&raw.argon2_memory_kib) {
            return Err(bad("argon2_memory_kib", &raw.argon2_memory_kib.to_string(), "give 8 or more"));
        }
        if !(1..=100).contains(&raw.argon2_passes) {
            return Err(bad("argon2_passes", &raw.argon2_passes.to_string(), "give 1 to 100"));
        }
        let rate_limits = match raw.rate_limits.as_str() {
            "on" => true,
            "off" if loopback => false,
            "off" => return Err(bad("rate_limits", "off", "only with a loopback public URL")),
            other => return Err(bad("rate_limits", other, "on or off")),
        };
        if raw.demo && !loopback {
            return Err(bad("demo", "true", "only with a loopback public URL"));
        }
        if !raw.html_check_allow.is_empty() && !loopback {
            return Err(bad("html_check_allow", &raw.html_check_allow, "only with a loopback public URL"));
        }
        let stripe = raw.stripe()?;
        let payment_script = match (raw.payment_script.as_os_str().is_empty(), raw.demo) {
            (true, false) => None,
            (true, true) => Some(raw.secret_file.with_file_name("payment-script")),
            (false, _) => Some(raw.payment_script.clone()),
        };
        if payment_script.is_some() && !loopback {
            let given = raw.payment_script.display().to_string();
            return Err(bad("payment_script", &given, "only with a loopback public URL"));
        }
        if tracing_subscriber::EnvFilter::try_new(&raw.log).is_err() {
            return Err(bad("log", &raw.log, "give a level, or target=level,…"));
        }
        if !["text", "json"].contains(&raw.log_format.as_str()) {
            return Err(bad("log_format", &raw.log_format, "text or json"));
        }
        let zones = list(&raw.dns_zones)
            .map(|pair| {
                let (suffix, address) = pair.split_once('=')?;
                let suffix = suffix.trim_matches('.').to_lowercase();
                Some((Some(suffix).filter(|suffix| is_host(suffix))?, address.parse().ok()?))
            })
            .collect::<Option<Vec<_>>>()
            .ok_or_else(|| bad("dns_zones", &raw.dns_zones, "give suffix=ip:port,…"))?;
        let sockets = |key: &str, value: &str| {
            let parsed: Option<Vec<SocketAddr>> = list(value).map(|a| a.parse().ok()).collect();
            parsed.ok_or_else(|| bad(key, value, "give ip:port,…"))
        };
        let proxies: Option<Vec<IpNet>> = list(&raw.trusted_proxies)
            .map(|net| net.parse().ok().or_else(|| net.parse::<IpAddr>().ok().map(IpNet::from)))
            .collect();
        Ok(Checked {
            listen,
            dns_servers: sockets("dns_servers", &raw.dns_servers)?,
            dns_zones: zones,
            html_check_allow: sockets("html_check_allow", &raw.html_check_allow)?,
            oidc_allow: sockets("oidc_allow", &raw.oidc_allow)?,
            oidc_plain: loopback,
            trusted_proxies: proxies.ok_or_else(|| {
                bad("trusted_proxies", &raw.trusted_proxies, "give networks like 10.0.0.0/8,…")
            })?,
            rate_limits,
            stripe,
            payment_script,
            raw,
        })
    }

    /// Stripe's address and secrets, if there is a key.
    fn stripe(&self) -> Result<Option<StripeConfig>, ConfigError> {
        let secret_key = given("stripe_secret_key", &self.stripe_secret_key, &self.stripe_secret_key_file)?;
        let webhook_secret =
            given("stripe_webhook_secret", &self.stripe_webhook_secret, &self.stripe_webhook_secret_file)?;
        let bad = |key: &str, what: &str| Err(ConfigError(format!("{key} = \"…\": {what}")));
        if secret_key.0.is_empty() && webhook_secret.0.is_empty() {
            return Ok(None);
        }
        if !["sk_", "rk_"].iter().any(|prefix| secret_key.0.starts_with(prefix)) {
            return bad("stripe_secret_key", "begin with sk_ or rk_");
        }
        if !webhook_secret.0.starts_with("whsec_") {
            return bad("stripe_webhook_secret", "begin with whsec_");
        }
        let url = url::Url::parse(&self.stripe_url).ok();
        if !url.is_some_and(|u| u.scheme() == "https" || (u.scheme() == "http" && is_loopback(&u))) {
            return bad("stripe_url", "give an https address, or http on this machine");
        }
        Ok(Some(StripeConfig { url: self.stripe_url.clone(), secret_key, webhook_secret }))
    }

    /// The public address, given where the program listens.
    fn public(&self, listen: SocketAddr) -> Result<url::Url, ()> {
        let text = match self.public_url.as_str() {
            "" => format!("http://{listen}"),
            given => given.to_owned(),
        };
        let url = url::Url::parse(&text).map_err(drop)?;
        let plain = url.query().is_none() && url.fragment().is_none() && url.username().is_empty();
        let known = ["http", "https"].contains(&url.scheme()) && url.has_host() && url.password().is_none();
        if known && plain { Ok(url) } else { Err(()) }
    }
}

impl Checked {
    /// The public URL without a slash at the end, once the port is known.
    pub fn public_url(&self, listening: SocketAddr) -> String {
        match self.raw.public_url.as_str() {
            "" => format!("http://{listening}"),
            given => given.to_owned(),
        }
    }
    /// The database's file, if it is SQLite's.
    pub fn sqlite_file(&self) -> Option<&Path> {
        let path = self.raw.database_url.strip_prefix("sqlite://")?;
        Some(Path::new(path.split('?').next().unwrap_or(path)))
    }
    /// Whether cookies are `Secure`.
    pub fn secure(&self) -> bool {
        self.raw.public_url.starts_with("https://")
    }
    /// The target of CNAME proofs, once the port is known. A CNAME record cannot point to an address (RFC 1035, section
    /// 3.3.1): where the programme is reached by one only, as in the demo, the target is `localhost`.
    pub fn verify_host(&self, listening: SocketAddr) -> String {
        if !self.raw.verify_host.is_empty() {
            return self.raw.verify_host.trim_matches('.').to_lowercase();
        }
        let url = self.raw.public(listening).ok();
        let name = url.as_ref().and_then(|u| u.domain()).map(str::to_owned);
        name.unwrap_or_else(|| "localhost".into())
    }
}

/// A secret, from its key or from the file that holds it.
fn given(key: &str, value: &Hidden, file: &Path) -> Result<Hidden, ConfigError> {
    if file.as_os_str().is_empty() {
        return Ok(value.clone());
    }
    if !value.0.is_empty() {
        return Err(ConfigError(format!("{key}: given twice, also as {key}_file")));
    }
    let text = std::fs::read_to_string(file)
        .map_err(|error| ConfigError(format!("{key}_file = \"{}\": {error}", file.display())))?;
    Ok(Hidden(text.trim().to_owned()))
}

/// Whether an address is on this machine.
fn is_loopback(url: &url::Url) -> bool {
    match url.host() {
        Some(url::Host::Domain(name)) => name == "localhost",
        Some(url::Host::Ipv4(ip)) => ip.is_loopback(),
        Some(url::Host::Ipv6(ip)) => ip.is_loopback(),
        None => false,
    }
}

/// Whether it is a host's name: labels of letters, digits and hyphens.
fn is_host(name: &str) -> bool {
    let label = |l: &str| {
        (1..64).contains(&l.len()) && l.bytes().all(|b| b.is_ascii_alphanumeric() || b"-_".contains(&b))
    };
    name.trim_end_matches('.').split('.').all(label)
}

fn list(text: &str) -> impl Iterator<Item = &str> {
    text.split(',').map(str::trim).filter(|item| !item.is_empty())
}

#[cfg(test)]
mod tests;

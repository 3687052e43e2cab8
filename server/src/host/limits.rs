//! Limits of tries, per address and, for whatever proves who one is, per account: kept in this node's memory.

use super::Host;
use app::{
    home::VERIFY,
    wire::{ApiError, Outcome, Pending},
};
use axum::{
    body::{Body, to_bytes},
    extract::{Request, State},
    http::{HeaderValue, Method, StatusCode, header},
    middleware::Next,
    response::{IntoResponse, Response},
};
use governor::{
    DefaultKeyedRateLimiter, Quota,
    clock::{Clock, DefaultClock, Reference as _},
};
use kontor::{
    Error, Issue, Refusal,
    kernel::{actor::Viewer, text::email_key},
};
use leptos::server_fn::error::FromServerFnError;
use std::{
    collections::HashMap,
    net::IpAddr,
    num::NonZeroU32,
    sync::{Mutex, MutexGuard, PoisonError},
    time::Duration,
};

/// A moment of the limiter's own clock.
type Moment = <DefaultClock as Clock>::Instant;

/// Sign-ins that begin at a provider: each asks it. Not a path: these are counted by those who answer them.
pub const BEGIN: &str = "single sign-on";
/// People who come back from a provider: each exchanges a code.
pub const CALLBACK: &str = "single sign-on callback";
/// Logout tokens: many of an office's come from one provider.
pub const LOGOUT: &str = "back-channel logout";

/// Which tries count.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Counts {
    /// Every one.
    Each,
    /// Those with a wrong password or code: an office behind one address may sign in as often as it likes.
    Failed,
}

/// Which account a try is about. The request does not choose: whoever guesses at another's password may be signed in
/// as somebody else, and whoever guesses at a code may name any address beside it.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Whose {
    /// The one whose address is given.
    Named,
    /// The one that waits for its code, or is signed in.
    Own,
}

/// A limited call: tries a minute and at once, per address, and per account where there is a second pair.
struct Rule {
    path: &'static str,
    counts: Counts,
    address: (u32, u32),
    account: Option<(Whose, (u32, u32))>,
}

static RULES: [Rule; 22] = [
    failed("/api/account/sign_in", (10, 20), Whose::Named, (6, 30)),
    failed("/api/account/sign_in_code", (10, 10), Whose::Own, (3, 10)),
    failed("/api/account/step_up", (10, 10), Whose::Own, (3, 10)),
    failed("/api/account/change_password", (10, 10), Whose::Own, (3, 10)),
    failed("/api/account/confirm_second_factor", (10, 10), Whose::Own, (3, 10)),
    failed("/api/account/drop_second_factor", (10, 10), Whose::Own, (3, 10)),
    failed("/api/account/use_passkey", (10, 20), Whose::Own, (6, 30)),
    failed("/api/account/add_passkey", (10, 20), Whose::Own, (6, 30)),
    each("/api/account/ask_passkey", (20, 60)),
    failed("/api/admin/manage", (10, 10), Whose::Own, (3, 10)),
    each("/api/account/sign_up", (5, 10)),
    each("/api/account/request_reset", (5, 5)),
    each("/api/account/resend_confirmation", (2, 3)),
    each("/api/apply/submit", (10, 20)),
    each("/api/admin/add_organisation", (20, 40)),
    each("/api/admin/add_user", (20, 40)),
    // Each makes an RSA key.
    each("/api/admin/new_mail_key", (10, 10)),
    each(VERIFY, (10, 20)),
    each("/api/account/single_sign_on", (20, 40)),
    each(BEGIN, (20, 40)),
    each(CALLBACK, (20, 40)),
    each(LOGOUT, (120, 240)),
];

const fn failed(path: &'static str, address: (u32, u32), whose: Whose, account: (u32, u32)) -> Rule {
    Rule { path, counts: Counts::Failed, address, account: Some((whose, account)) }
}

const fn each(path: &'static str, address: (u32, u32)) -> Rule {
    Rule { path, counts: Counts::Each, address, account: None }
}

/// Tries of one kind, by key.
struct Tries {
    limiter: DefaultKeyedRateLimiter<String>,
    /// Keys whose failures were too many, and until when nothing of theirs is heard.
    shut: Mutex<HashMap<String, Moment>>,
}

impl Tries {
    fn new((minute, burst): (u32, u32)) -> Option<Self> {
        let quota = Quota::per_minute(NonZeroU32::new(minute)?).allow_burst(NonZeroU32::new(burst)?);
        Some(Self { limiter: DefaultKeyedRateLimiter::keyed(quota), shut: Mutex::default() })
    }

    /// Counts a try; until when to wait if it was one too many.
    fn count(&self, key: &str) -> Option<Moment> {
        // Keys that were seen long ago are forgotten now and then.
        if self.limiter.len() > 10_000 {
            self.limiter.retain_recent();
        }
        Some(self.limiter.check_key(&key.to_owned()).err()?.earliest_possible())
    }

    fn shut(&self) -> MutexGuard<'_, HashMap<String, Moment>> {
        self.shut.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Until when the key must still wait after its failures.
    fn waits(&self, key: &str) -> Option<Moment> {
        self.shut().get(key).copied().filter(|until| *until > DefaultClock::default().now())
    }

    /// Counts a failure.
    fn failed(&self, key: &str) {
        if let Some(until) = self.count(key) {
            let now = DefaultClock::default().now();
            let mut shut = self.shut();
            shut.retain(|_, until| *until > now);
            shut.insert(key.to_owned(), until);
        }
    }
}

/// The tries of one limited call.
struct Limited {
    rule: &'static Rule,
    address: Tries,
    account: Option<Tries>,
}

/// The tries of all limited calls.
pub struct Limits {
    on: bool,
    all: Vec<Limited>,
}

impl Limits {
    /// All limits, switched on or off as a whole.
    pub fn new(on: bool) -> Self {
        let limited = |rule: &'static Rule| {
            let account = match rule.account {
                Some((_, quota)) => Some(Tries::new(quota)?),
                None => None,
            };
            Some(Limited { rule, address: Tries::new(rule.address)?, account })
        };
        Self { on, all: RULES.iter().filter_map(limited).collect() }
    }

    /// How long somebody has to wait before trying again, if there were too many tries of what counts each.
    pub fn waits(&self, path: &str, ip: &str) -> Option<Duration> {
        self.of(path)?.begin(&network(ip), None)
    }

    fn of(&self, path: &str) -> Option<&Limited> {
        self.all.iter().find(|limited| self.on && limited.rule.path == path)
    }
}

impl Limited {
    /// Begins a try; how long to wait if there were too many.
    fn begin(&self, address: &str, account: Option<&str>) -> Option<Duration> {
        let until = match self.rule.counts {
            Counts::Each => self.address.count(address),
            Counts::Failed => {
                let of_account = || self.account.as_ref()?.waits(account?);
                self.address.waits(address).or_else(of_account)
            }
        };
        until.map(|until| until.duration_since(DefaultClock::default().now()).into())
    }

    /// Notes how it ended.
    fn end(&self, address: &str, account: Option<&str>, error: Option<&Error>) {
        if self.rule.counts != Counts::Failed || !error.is_some_and(is_wrong_proof) {
            return;
        }
        self.address.failed(address);
        if let (Some(tries), Some(account)) = (&self.account, account) {
            tries.failed(account);
        }
    }
}

/// A wrong password, code or passkey.
fn is_wrong_proof(error: &Error) -> bool {
    match error {
        Error::Refused(refusal) => {
            matches!(refusal, Refusal::WrongCredentials | Refusal::Passkey { .. })
        }
        Error::Invalid(fields) => {
            fields.iter().any(|f| matches!(f.issue, Issue::WrongPassword | Issue::WrongCode))
        }
        _ => false,
    }
}

/// Whose tries they are, as far as addresses go: whoever has one IPv6 address has its whole network of 64 bits.
fn network(ip: &str) -> String {
    match ip.parse() {
        Ok(IpAddr::V6(v6)) if v6.to_ipv4_mapped().is_none() => {
            let [a, b, c, d, ..] = v6.segments();
            format!("{a:x}:{b:x}:{c:x}:{d:x}::/64")
        }
        _ => ip.to_owned(),
    }
}

/// Counts a try that is none of a call's; seconds to wait if it was one too many.
pub fn too_many(host: &Host, rule: &str, ip: &str) -> Option<u32> {
    let address = network(ip);
    let wait = host.limits.of(rule)?.begin(&address, None)?;
    tracing::warn!(path = rule, %address, "too many tries");
    Some(u32::try_from(wait.as_secs()).unwrap_or(u32::MAX).saturating_add(1))
}

/// The account that is tried, if there is one.
async fn account(request: Request, whose: Whose) -> (Request, Option<String>) {
    if whose == Whose::Own {
        let extensions = request.extensions();
        let signed_in = || Some(extensions.get::<Viewer>()?.session.as_ref()?.account);
        let own = extensions.get::<Pending>().map(|p| p.account).or_else(signed_in);
        let key = own.map(|id| id.to_string());
        return (request, key);
    }
    let (parts, body) = request.into_parts();
    // What is longer than a body may be, or breaks off, is no try.
    let bytes = to_bytes(body, super::BODY_LIMIT).await.unwrap_or_default();
    let email = url::form_urlencoded::parse(&bytes).find(|(name, _)| name == "email");
    let key = email.map(|(_, value)| email_key(value.trim()));
    (Request::from_parts(parts, Body::from(bytes)), key)
}

/// Refuses a try too many with 429. Inside the way of a form, which keeps what was typed.
pub async fn limit(State(host): State<Host>, mut request: Request, next: Next) -> Response {
    // Looking at a page is no try.
    let limited = host.limits.of(request.uri().path()).filter(|_| request.method() == Method::POST);
    let Some(limited) = limited else { return next.run(request).await };
    let viewer = request.extensions().get::<Viewer>();
    let address = network(viewer.map(|v| v.ip.as_str()).unwrap_or_default());
    let mut tried = None;
    if let Some((whose, _)) = limited.rule.account {
        (request, tried) = account(request, whose).await;
    }
    let outcome = request.extensions().get::<Outcome>().cloned().unwrap_or_default();
    if let Some(wait) = limited.begin(&address, tried.as_deref()) {
        tracing::warn!(path = limited.rule.path, %address, "too many tries");
        return refuse(&outcome, wait);
    }
    let response = next.run(request).await;
    limited.end(&address, tried.as_deref(), outcome.error().as_ref());
    response
}

fn refuse(outcome: &Outcome, wait: Duration) -> Response {
    let retry_after = u32::try_from(wait.as_secs()).unwrap_or(u32::MAX).saturating_add(1);
    let error = Error::RateLimited { retry_after };
    outcome.set_error(&error);
    let kind = [(header::CONTENT_TYPE, HeaderValue::from_static("application/json"))];
    let mut response = (StatusCode::TOO_MANY_REQUESTS, kind, ApiError(error).ser().to_vec()).into_response();
    response.headers_mut().insert(header::RETRY_AFTER, HeaderValue::from(retry_after));
    response
}

#[cfg(test)]
mod tests {
    use super::*;
    use kontor::kernel::id::{AccountId, Id as _, SessionId};

    #[test]
    fn right_passwords_are_never_too_many_and_wrong_ones_are() {
        let limits = Limits::new(true);
        let sign_in = limits.of("/api/account/sign_in").unwrap();
        for _ in 0..100 {
            assert_eq!(sign_in.begin("192.0.2.1", Some("a@b.test")), None);
            sign_in.end("192.0.2.1", Some("a@b.test"), None);
        }
        let wrong = Error::Refused(Refusal::WrongCredentials);
        for _ in 0..21 {
            assert_eq!(sign_in.begin("192.0.2.1", Some("a@b.test")), None);
            sign_in.end("192.0.2.1", Some("a@b.test"), Some(&wrong));
        }
        assert!(sign_in.begin("192.0.2.1", Some("c@d.test")).is_some());
        assert_eq!(sign_in.begin("192.0.2.2", Some("a@b.test")), None);
    }

    #[test]
    fn one_account_is_not_guessed_at_from_many_addresses() {
        let limits = Limits::new(true);
        let code = limits.of("/api/account/sign_in_code").unwrap();
        let wrong = Error::field("code", Issue::WrongCode);
        let tries = (0..100).filter(|n| {
            let address = format!("192.0.2.{n}");
            let heard = code.begin(&address, Some("account")).is_none();
            code.end(&address, Some("account"), Some(&wrong).filter(|_| heard));
            heard
        });
        assert_eq!(tries.count(), 11);
        assert_eq!(code.begin("192.0.2.1", Some("other")), None);
    }

    #[tokio::test]
    async fn the_account_is_not_the_senders_choice() {
        let request = || {
            let mut request = Request::new(Body::from("email=Victim%40a.test&password=x&code=1"));
            let account = AccountId::from_uuid(uuid::Uuid::from_u128(1));
            let session = SessionId::from_uuid(uuid::Uuid::from_u128(2));
            request.extensions_mut().insert(Pending { session, account });
            (request, account.to_string())
        };
        let (sent, own) = request();
        assert_eq!(account(sent, Whose::Named).await.1.as_deref(), Some("victim@a.test"));
        let (sent, _) = request();
        assert_eq!(account(sent, Whose::Own).await.1, Some(own));
    }

    #[test]
    fn an_ipv6_network_is_one_address() {
        assert_eq!(network("2001:db8::1"), network("2001:db8::ffff:2"));
        assert_ne!(network("2001:db8::1"), network("2001:db8:0:1::1"));
        assert_eq!(network("192.0.2.1"), "192.0.2.1");
    }
}

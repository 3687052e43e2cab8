//! A programme for tests: real SQLite or PostgreSQL, a clock that the test moves, ports that answer as told.

use super::{
    Kontor, Parts, Programme,
    clock::{MovedClock, SystemRandom},
    db::Db,
    hub::Hub,
    instant::Instant,
    port::*,
    secret::Secrets,
};
use crate::{
    identity::port::{Answer, Binding, Claims, Client, Fault, IdentityPort, SignedOut},
    migration::Migrator,
    payment::{
        Provider,
        port::{
            BankPort, ChargeOrder, ChargeOutcome, MethodFacts, PaymentPort, PortError, ProviderEvent,
            Providers, RefundOrder, RefundOutcome, SetupForm, SetupOrder, WebhookFault,
        },
        script::{self, Book, Entry},
    },
};
use sea_orm::{ConnectionTrait, Database, Statement};
use sea_orm_migration::MigratorTrait;
use std::{
    collections::HashMap,
    sync::{Arc, Mutex},
};

/// What the outside world answers in a service test (domain.md section 5, R5.9).
#[derive(Default)]
pub struct Outside {
    /// Answers per (name, kind); nothing there means NXDOMAIN.
    pub dns: Mutex<HashMap<(String, RecordKind), DnsOutcome>>,
    /// Answers per host; nothing there means no such host.
    pub web: Mutex<HashMap<String, WebOutcome>>,
    /// Mails that went out.
    pub sent: Mutex<Vec<OutgoingMail>>,
    /// What the mail server answers instead of taking mails.
    pub mail_fault: Mutex<Option<MailFault>>,
    /// What the scripted payment provider has in its book.
    pub book: Mutex<Book>,
    /// Tokens of cards the payment provider was told to forget.
    pub forgotten: Mutex<Vec<String>>,
    /// What the payment provider answers instead of anything else.
    pub payment_fault: Mutex<Option<PortError>>,
    /// What the identity provider says of whoever has a code; nothing there means that it is down.
    pub identity: Mutex<HashMap<String, Claims>>,
    /// The states of the sign-ins that were begun, the latest last.
    pub states: Mutex<Vec<String>>,
    /// Who signed out at the identity provider, by logout token.
    pub signed_out: Mutex<HashMap<String, SignedOut>>,
}

/// A request to `/hooks/{provider}`: headers and body.
pub type Webhook = (Vec<(String, String)>, Vec<u8>);

/// The header by which [`Outside`] knows its own news.
const SIGNATURE: (&str, &str) = ("x-outside", "signed");

impl Outside {
    /// The next piece of news the payment provider has to tell, in the order in which it tells them; what it tells of
    /// becomes true there at this moment.
    pub fn next_webhook(&self) -> Option<Webhook> {
        let mut book = self.book.lock().unwrap_or_else(|e| e.into_inner());
        let (at, letter) = book.outgoing().into_iter().next()?;
        if let Some(entry) = book.comes_true(&letter) {
            book.apply(entry, at);
        }
        book.apply(Entry::Delivered { letter: letter.id }, at);
        let header = (SIGNATURE.0.to_owned(), SIGNATURE.1.to_owned());
        Some((vec![header], script::write_event(&letter.event).into_bytes()))
    }

    /// Keys and amounts of the charges that brought money.
    pub fn charged(&self) -> Vec<(String, super::money::Money)> {
        self.book.lock().unwrap_or_else(|e| e.into_inner()).charged()
    }

    /// Asks the payment provider, and writes into its book what it decides.
    fn ask<T>(&self, question: impl FnOnce(&Book) -> (Vec<Entry>, T)) -> Result<T, PortError> {
        if let Some(fault) = self.payment_fault.lock().unwrap_or_else(|e| e.into_inner()).clone() {
            return Err(fault);
        }
        let mut book = self.book.lock().unwrap_or_else(|e| e.into_inner());
        let (entries, answer) = question(&book);
        for entry in entries {
            book.apply(entry, Instant(0));
        }
        Ok(answer)
    }
}

#[async_trait::async_trait]
impl PaymentPort for Outside {
    async fn charge(&self, order: &ChargeOrder) -> Result<ChargeOutcome, PortError> {
        self.ask(|book| book.charge(order))?
    }
    async fn look_up(
        &self,
        order: &ChargeOrder,
        _provider_ref: Option<&str>,
    ) -> Result<Option<ChargeOutcome>, PortError> {
        self.ask(|book| (Vec::new(), book.look_up(&order.key)))
    }
    async fn cancel(
        &self,
        order: &ChargeOrder,
        _provider_ref: Option<&str>,
    ) -> Result<ChargeOutcome, PortError> {
        self.ask(|book| book.cancel(&order.key))?
    }
    async fn refund(&self, order: &RefundOrder) -> Result<RefundOutcome, PortError> {
        self.ask(|book| book.refund(order))?
    }
    async fn begin_setup(&self, _order: &SetupOrder) -> Result<SetupForm, PortError> {
        self.ask(|_| (Vec::new(), script::choices()))
    }
    async fn attach(&self, owner: &str, setup: &str) -> Result<MethodFacts, PortError> {
        self.ask(|_| (Vec::new(), script::attach(owner, setup)))?
    }
    async fn detach(&self, method: &str) -> Result<(), PortError> {
        self.ask(|_| (Vec::new(), ()))?;
        self.forgotten.lock().unwrap_or_else(|e| e.into_inner()).push(method.to_owned());
        Ok(())
    }
    fn parse_webhook(
        &self,
        headers: &[(String, String)],
        body: &[u8],
        _now: Instant,
    ) -> Result<Vec<ProviderEvent>, WebhookFault> {
        match headers.iter().find(|(name, _)| name.eq_ignore_ascii_case(SIGNATURE.0)) {
            Some((_, value)) if value == SIGNATURE.1 => script::read_event(body),
            Some(_) => Err(WebhookFault::WrongSignature),
            None => Err(WebhookFault::NoSignature),
        }
    }
    fn bank(&self) -> Option<&dyn BankPort> {
        Some(self)
    }
}

#[async_trait::async_trait]
impl BankPort for Outside {
    async fn waiting(&self, provider_ref: &str) -> Result<Option<(super::money::Money, String)>, PortError> {
        self.ask(|book| (Vec::new(), book.waiting(provider_ref)))
    }
    async fn decide(&self, provider_ref: &str, confirms: bool) -> Result<Option<String>, PortError> {
        self.ask(|book| book.decide(provider_ref, confirms))
    }
}

/// The manual provider, and the scripted one as [`Outside`] plays it.
pub fn payments(outside: &Arc<Outside>) -> Providers {
    Providers::manual().with(Provider::Scripted, outside.clone())
}

#[async_trait::async_trait]
impl IdentityPort for Outside {
    async fn authorise(&self, client: &Client, binding: &Binding, hint: &str) -> Result<String, Fault> {
        self.states.lock().unwrap_or_else(|e| e.into_inner()).push(binding.state.clone());
        Ok(format!("{}/authorise?login_hint={hint}", client.issuer))
    }
    async fn exchange(
        &self,
        _client: &Client,
        _binding: &Binding,
        answer: &Answer,
        _now: Instant,
    ) -> Result<Claims, Fault> {
        let known = self.identity.lock().unwrap_or_else(|e| e.into_inner()).get(&answer.code).cloned();
        known.ok_or_else(|| Fault::Down("no answer".into()))
    }
    async fn signed_out(&self, _client: &Client, token: &str, _now: Instant) -> Result<SignedOut, Fault> {
        let known = self.signed_out.lock().unwrap_or_else(|e| e.into_inner()).get(token).cloned();
        known.ok_or_else(|| Fault::Bad("no such token".into()))
    }
    async fn leave(&self, client: &Client, back: &str) -> Result<Option<String>, Fault> {
        Ok(Some(format!("{}/leave?back={back}", client.issuer)))
    }
}

#[async_trait::async_trait]
impl DnsPort for Outside {
    async fn look_up(&self, name: &str, kind: RecordKind) -> Vec<DnsAnswer> {
        let known = self.dns.lock().unwrap_or_else(|e| e.into_inner()).get(&(name.to_owned(), kind)).cloned();
        let outcome = known.unwrap_or(DnsOutcome::NxDomain);
        vec![DnsAnswer { server: "ns.test".into(), authoritative: true, outcome }]
    }
    async fn resolves(&self, _host: &str) -> bool {
        true
    }
}

#[async_trait::async_trait]
impl WebPort for Outside {
    async fn fetch_proof(&self, host: &str, path: &str) -> Vec<WebAnswer> {
        let known = self.web.lock().unwrap_or_else(|e| e.into_inner()).get(host).cloned();
        vec![WebAnswer { url: format!("https://{host}{path}"), outcome: known.unwrap_or(WebOutcome::NoHost) }]
    }
}

#[async_trait::async_trait]
impl MailPort for Outside {
    async fn send(&self, mail: &OutgoingMail) -> Result<(), MailFault> {
        if let Some(fault) = self.mail_fault.lock().unwrap_or_else(|e| e.into_inner()).clone() {
            return Err(fault);
        }
        self.sent.lock().unwrap_or_else(|e| e.into_inner()).push(mail.clone());
        Ok(())
    }
}

/// A programme on one database.
pub struct Bench {
    /// The programme.
    pub kontor: Kontor,
    /// Its clock: 2026-03-02T09:00:00Z at first, a Monday.
    pub clock: Arc<MovedClock>,
    /// Its outside world.
    pub outside: Arc<Outside>,
    /// "sqlite" or "postgres", for messages.
    pub name: &'static str,
    _dir: Option<tempdir::Dir>,
}

impl Bench {
    /// One on SQLite, and one on PostgreSQL where `KONTOR_TEST_POSTGRES` names a server (`make test` starts one).
    #[expect(clippy::unwrap_used, reason = "a test without its database cannot go on")]
    pub async fn all() -> Vec<Self> {
        let dir = tempdir::Dir::new();
        let url = format!("sqlite://{}", dir.path().join("kontor.db").display());
        let mut benches = vec![Self::on(&url, "sqlite", Some(dir)).await];
        if let Ok(server) = std::env::var("KONTOR_TEST_POSTGRES") {
            // Given with or without the database to connect to first.
            let server = server.trim_end_matches("/postgres");
            let name =
                format!("kontor_{}", super::secret::token(&SystemRandom).to_lowercase().replace('-', "_"));
            let admin = Database::connect(format!("{server}/postgres")).await.unwrap();
            admin.execute_unprepared(&format!("CREATE DATABASE \"{name}\"")).await.unwrap();
            admin.close().await.unwrap();
            benches.push(Self::on(&format!("{server}/{name}"), "postgres", None).await);
        }
        benches
    }

    #[expect(clippy::unwrap_used, reason = "a test without its database cannot go on")]
    async fn on(url: &str, name: &'static str, dir: Option<tempdir::Dir>) -> Self {
        let db = Db::connect(url, 4).await.unwrap();
        Migrator::up(db.writer(), None).await.unwrap();
        let clock = Arc::new(MovedClock::at(Instant(1_772_442_000_000)));
        let outside = Arc::new(Outside::default());
        let kontor = Kontor::new(parts(db, &clock, &outside, outside.clone()));
        Self { kontor, clock, outside, name, _dir: dir }
    }

    /// The same programme as a demo.
    pub fn as_demo(&self) -> Kontor {
        let mut parts = parts(self.kontor.db.clone(), &self.clock, &self.outside, self.outside.clone());
        parts.programme.demo = true;
        Kontor::new(parts)
    }

    /// The same programme at another address.
    pub fn at(&self, public_url: &str) -> Kontor {
        let mut parts = parts(self.kontor.db.clone(), &self.clock, &self.outside, self.outside.clone());
        parts.programme.public_url = public_url.into();
        Kontor::new(parts)
    }

    /// The same programme with another way to identity providers.
    pub fn with_identity(&self, identity: Arc<dyn IdentityPort>) -> Kontor {
        let mut parts = parts(self.kontor.db.clone(), &self.clock, &self.outside, self.outside.clone());
        parts.identity = identity;
        Kontor::new(parts)
    }

    /// The same programme with another mail server.
    pub fn with_mail(&self, mail: Arc<dyn MailPort>) -> Kontor {
        Kontor::new(parts(self.kontor.db.clone(), &self.clock, &self.outside, mail))
    }
}

/// Lets the database count its rows anew, as it does by itself in time.
#[expect(clippy::unwrap_used, reason = "a test without its database cannot go on")]
pub async fn analyse(kontor: &Kontor) {
    let analyse = if kontor.db.is_postgres() { "VACUUM ANALYZE" } else { "ANALYZE" };
    kontor.db.writer().execute_unprepared(analyse).await.unwrap();
}

/// How the database would carry a statement out: the lines of its plan.
#[expect(clippy::unwrap_used, reason = "a test without its database cannot go on")]
pub async fn plan_of(kontor: &Kontor, statement: Statement) -> String {
    let (prefix, column) = match kontor.db.is_postgres() {
        true => ("EXPLAIN (COSTS OFF) ", "QUERY PLAN"),
        false => ("EXPLAIN QUERY PLAN ", "detail"),
    };
    let explain = Statement { sql: format!("{prefix}{}", statement.sql), ..statement };
    let rows = kontor.db.read().query_all_raw(explain).await.unwrap();
    rows.iter().map(|r| r.try_get::<String>("", column).unwrap()).collect::<Vec<_>>().join("\n")
}

fn parts(db: Db, clock: &Arc<MovedClock>, outside: &Arc<Outside>, mail: Arc<dyn MailPort>) -> Parts {
    Parts {
        db,
        clock: clock.clone(),
        random: Arc::new(SystemRandom),
        secrets: Secrets::new([1; 32]),
        programme: Programme {
            public_url: "http://127.0.0.1:3000".into(),
            support_email: "support@vendor.test".into(),
            verify_host: "verify.vendor.test".into(),
            demo: false,
            argon2: (64, 1),
        },
        dns: outside.clone(),
        web: outside.clone(),
        mail,
        payments: payments(outside),
        identity: outside.clone(),
        hub: Hub::default(),
        demo: None,
    }
}

mod tempdir {
    /// A directory that goes away with the test.
    pub struct Dir(std::path::PathBuf);
    impl Dir {
        #[expect(clippy::unwrap_used, reason = "a test without its directory cannot go on")]
        pub fn new() -> Self {
            let name = super::super::secret::token(&super::SystemRandom);
            let path = std::env::temp_dir().join(format!("kontor-{name}"));
            std::fs::create_dir_all(&path).unwrap();
            Self(path)
        }
        pub fn path(&self) -> &std::path::Path {
            &self.0
        }
    }
    impl Drop for Dir {
        fn drop(&mut self) {
            // A leftover directory in the system's temporary folder harms nobody.
            let _ = std::fs::remove_dir_all(&self.0);
        }
    }
}

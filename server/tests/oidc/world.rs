//! Kontor before a provider: a vendor, and a customer that holds a domain and has a provider of its own.

use super::issuer::{CLIENT, Issuer};
use axum::{
    body::Body,
    http::{Request, header},
};
use kontor::{
    Error,
    account::{
        rows::account,
        service::{find_by_email, resolve, sign_in, sign_up},
    },
    domain::{DomainStatus, rows::domain},
    identity::{
        ProviderForm,
        rows::identity_provider,
        service::{providers, save_provider},
    },
    kernel::{
        Kontor,
        actor::{Actor, Viewer},
        id::{AccountId, IdentityProviderId, OrgId},
        locale::Locale,
        right::{OrgKind, Role},
        testing::Bench,
    },
    organisation::{
        MemberStatus, OrgStatus,
        rows::{member, organisation},
    },
};
use kontor_server::{
    config::Config,
    host::Host,
    outside::{dns::RealDns, guarded::Guarded, oidc::RealIdentity},
};
use sea_orm::{ActiveValue::Set, EntityTrait};
use std::{collections::HashMap, net::SocketAddr, sync::Arc};
use tokio::sync::{RwLock, watch};
use tower::ServiceExt;

/// While a router lists its pages, Leptos lets no resource of the whole process load (see the matrix).
static LISTING: RwLock<()> = RwLock::const_new(());

pub const PASSWORD: &str = "a long enough one";
pub const DOMAIN: &str = "kunde.example";

pub struct Answer {
    pub status: u16,
    pub location: String,
    pub cookies: HashMap<String, String>,
    pub body: String,
}

pub struct World {
    pub bench: Bench,
    pub kontor: Kontor,
    pub issuer: Issuer,
    pub vendor: OrgId,
    pub org: OrgId,
    pub provider: IdentityProviderId,
    admin: Viewer,
    router: axum::Router,
    _stop: watch::Sender<bool>,
}

pub fn nobody() -> Viewer {
    Viewer {
        session: None,
        ip: "192.0.2.7".into(),
        user_agent: "test".into(),
        locale: Locale::En,
        anonymous: None,
    }
}

impl World {
    pub async fn all() -> Vec<Self> {
        let mut worlds = Vec::new();
        for bench in Bench::all().await {
            worlds.push(Self::new(bench, "off", None).await);
        }
        worlds
    }

    /// One, before the scripted provider, and before another at this address if there is one.
    pub async fn new(bench: Bench, rate_limits: &str, other: Option<SocketAddr>) -> Self {
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
        let mut allow = vec![listener.local_addr().unwrap()];
        allow.extend(other);
        let issuer = Issuer::start(listener, bench.kontor.clone());
        let dns = Arc::new(RealDns::new(Vec::new(), Vec::new()));
        let guarded = Guarded::new(dns, allow, true).unwrap();
        let kontor = bench.with_identity(Arc::new(RealIdentity::new(guarded)));
        let (stop, stopping) = watch::channel(false);
        let config = Config { rate_limits: rate_limits.into(), ..Config::default() }.check().unwrap();
        let router = {
            let _alone = LISTING.write().await;
            Host::new(kontor.clone(), Arc::new(config), stopping).router()
        };
        let vendor = organisation(&kontor, OrgKind::Vendor).await;
        let org = organisation(&kontor, OrgKind::Customer).await;
        holds(&kontor, org, DOMAIN).await;
        person(&kontor, "boss@kunde.example", Some((org, Role::SuperAdmin))).await;
        let token = sign_in(&kontor, &nobody(), "boss@kunde.example", PASSWORD).await.unwrap().token;
        let admin = Viewer { session: resolve(&kontor, &token).await.unwrap().unwrap().session, ..nobody() };
        let provider = kontor.id();
        let mut world = Self { bench, kontor, issuer, vendor, org, provider, admin, router, _stop: stop };
        world.save(world.form()).await.unwrap();
        let all = providers(&world.kontor, &world.actor(), false).await.unwrap().all;
        world.provider = all[0].id;
        world
    }

    pub fn admin(&self) -> Viewer {
        self.admin.clone()
    }

    pub fn actor(&self) -> Actor {
        Actor::system(self.org, OrgKind::Customer, "test")
    }

    /// A provider as it is set up first: active, adds people as users, by their groups as admins.
    pub fn form(&self) -> ProviderForm {
        ProviderForm {
            provider_name: "Kunde".into(),
            issuer: self.issuer.url.clone(),
            client_id: CLIENT.into(),
            client_secret: "s3cret".into(),
            scopes: "email profile".into(),
            active: "true".into(),
            creates_people: "true".into(),
            default_role: "user".into(),
            role_claim: "groups".into(),
            role_map: "it = admin".into(),
            ..ProviderForm::default()
        }
    }

    /// Changes the provider, or sets it up.
    pub async fn save(&self, form: ProviderForm) -> Result<(), Error> {
        let now = self.row().await;
        let version = now.as_ref().map_or(0, |row| row.version);
        let provider = now.map(|row| row.id.to_string()).unwrap_or_default();
        let form = ProviderForm { provider, ..form };
        save_provider(&self.kontor, &self.admin, &self.actor(), false, version, &form).await
    }

    pub async fn row(&self) -> Option<identity_provider::Model> {
        identity_provider::by_id(self.kontor.db.read(), self.provider).await.unwrap()
    }

    async fn send(&self, mut request: Request<Body>, cookies: &[(&str, &str)]) -> Answer {
        let line: Vec<String> = cookies.iter().map(|(name, value)| format!("{name}={value}")).collect();
        if !line.is_empty() {
            request.headers_mut().insert(header::COOKIE, line.join("; ").parse().unwrap());
        }
        let _not_listing = LISTING.read().await;
        let response = self.router.clone().oneshot(request).await.unwrap();
        let status = response.status().as_u16();
        let location = response.headers().get(header::LOCATION).and_then(|v| v.to_str().ok()).unwrap_or("");
        let location = location.to_owned();
        let set = response.headers().get_all(header::SET_COOKIE).iter().filter_map(|v| v.to_str().ok());
        let pair = |line: &str| {
            let (name, value) = line.split(';').next()?.split_once('=')?;
            Some((name.to_owned(), value.to_owned()))
        };
        let cookies = set.filter_map(pair).collect();
        let body = axum::body::to_bytes(response.into_body(), usize::MAX).await.unwrap();
        Answer { status, location, cookies, body: String::from_utf8_lossy(&body).into_owned() }
    }

    pub async fn get(&self, address: &str, cookies: &[(&str, &str)]) -> Answer {
        let request = Request::get(address).header(header::ACCEPT, "text/html").body(Body::empty());
        self.send(request.unwrap(), cookies).await
    }

    pub async fn post(&self, address: &str, fields: &[(&str, &str)], cookies: &[(&str, &str)]) -> Answer {
        let body = url::form_urlencoded::Serializer::new(String::new()).extend_pairs(fields).finish();
        let request = Request::post(address)
            .header(header::ACCEPT, "text/html")
            .header(header::CONTENT_TYPE, "application/x-www-form-urlencoded")
            .header("sec-fetch-site", "same-origin");
        self.send(request.body(Body::from(body)).unwrap(), cookies).await
    }

    /// Goes to the provider: the browser's cookie, and what the provider is asked.
    pub async fn go(&self, next: &str) -> (String, HashMap<String, String>) {
        let (browser, url) = self.go_to(self.provider, next).await;
        (browser, url.query_pairs().into_owned().collect())
    }

    pub async fn go_to(&self, provider: IdentityProviderId, next: &str) -> (String, url::Url) {
        let page = self.get(&format!("/signin/with/{provider}?next={next}"), &[]).await;
        assert_eq!(page.status, 200, "{} {}", page.location, page.body);
        let url = page.body.split("url=").nth(1).and_then(|rest| rest.split('"').next()).unwrap();
        let url = url::Url::parse(&url.replace("&amp;", "&")).unwrap();
        (page.cookies["kontor_sign_in"].clone(), url)
    }

    /// Comes back from it.
    pub async fn back(&self, browser: &str, fields: &[(&str, &str)]) -> Answer {
        let query = url::form_urlencoded::Serializer::new(String::new()).extend_pairs(fields).finish();
        self.get(&format!("/signin/callback?{query}"), &[("kontor_sign_in", browser)]).await
    }

    /// The whole way of somebody of whom the provider says this.
    pub async fn way(&self, claims: serde_json::Value) -> Answer {
        let (browser, asked) = self.go("/account").await;
        let code = self.issuer.sign_in(&asked, claims);
        self.back(&browser, &[("state", &asked["state"]), ("code", &code)]).await
    }

    /// Whether the answer signed somebody in; their session's token.
    pub fn token(answer: &Answer) -> Option<String> {
        answer.cookies.get("kontor_session").cloned()
    }

    pub async fn is_signed_in(&self, token: &str) -> bool {
        resolve(&self.kontor, token).await.unwrap().is_some()
    }

    pub async fn role(&self, email: &str) -> Option<Role> {
        let db = self.kontor.db.read();
        let person = find_by_email(db, email).await.unwrap()?;
        Some(member::of(db, self.org, person.id).await.unwrap()?.role)
    }
}

pub async fn organisation(kontor: &Kontor, kind: OrgKind) -> OrgId {
    let id: OrgId = kontor.id();
    let row = organisation::Model {
        id,
        kind,
        name: format!("{kind}"),
        country: "DE".into(),
        status: OrgStatus::Active,
        created_at: kontor.now(),
        second_factor_required: false,
        version: 1,
    };
    let row = organisation::ActiveModel::from(row);
    organisation::Entity::insert(row).exec_without_returning(kontor.db.writer()).await.unwrap();
    id
}

/// The organisation has proved a domain.
pub async fn holds(kontor: &Kontor, org: OrgId, name: &str) {
    let row = domain::Model {
        id: kontor.id(),
        org_id: org,
        name: name.into(),
        verified_name: Some(name.into()),
        is_primary: true,
        status: DomainStatus::Verified,
        token: "t".into(),
        method: None,
        verified_at: Some(kontor.now()),
        checked_at: None,
        last_check: None,
        created_at: kontor.now(),
        version: 1,
        pending_since: None,
        next_check_at: None,
        lost_at: None,
    };
    let row = domain::ActiveModel::from(row);
    domain::Entity::insert(row).exec_without_returning(kontor.db.writer()).await.unwrap();
}

/// Somebody with a password and a confirmed address.
pub async fn person(kontor: &Kontor, email: &str, place: Option<(OrgId, Role)>) -> AccountId {
    let id = sign_up(kontor, &nobody(), email, PASSWORD).await.unwrap().unwrap().account;
    let confirmed =
        account::ActiveModel { id: Set(id), confirmed_at: Set(Some(kontor.now())), ..Default::default() };
    account::Entity::update(confirmed).exec(kontor.db.writer()).await.unwrap();
    if let Some((org, role)) = place {
        let row = member::Model {
            id: kontor.id(),
            org_id: org,
            account_id: id,
            role,
            status: MemberStatus::Active,
            store_role_id: None,
            licensed: true,
            sort_key: email.into(),
            created_at: kontor.now(),
            version: 1,
        };
        let row = member::ActiveModel::from(row);
        member::Entity::insert(row).exec_without_returning(kontor.db.writer()).await.unwrap();
    }
    id
}

//! One person of every role, in organisations that do not know each other, before the whole host.

use super::samples;
use app::routes::{Kind, Spec};
use axum::{
    body::Body,
    http::{Request, header},
};
use kontor::{
    account::service::sign_up,
    kernel::{
        actor::Viewer,
        id::{AccountId, Id, OrgId},
        locale::Locale,
        right::{OrgKind, Role},
        testing::Bench,
    },
    organisation::{
        MemberStatus, OrgStatus,
        rows::{member, organisation},
    },
    partner::{Currency, PartnerStatus, PartnerType, Tier, rows::partner},
    setting::rows::setting,
};
use kontor_server::{config::Config, host::Host};
use sea_orm::EntityTrait;
use std::{sync::Arc, time::Duration};
use tokio::sync::watch;
use tower::ServiceExt;

/// Somebody who is signed in.
pub struct Person {
    pub role: Role,
    pub org: OrgId,
    pub token: String,
}

pub struct World {
    pub bench: Bench,
    pub people: Vec<Person>,
    orgs: Vec<(OrgKind, OrgId)>,
    router: axum::Router,
    _stop: watch::Sender<bool>,
}

impl World {
    pub async fn all() -> Vec<Self> {
        let mut worlds = Vec::new();
        for bench in Bench::all().await {
            worlds.push(Self::new(bench).await);
        }
        worlds
    }

    async fn new(bench: Bench) -> Self {
        let (stop, stopping) = watch::channel(false);
        let config = Config { rate_limits: "off".into(), ..Config::default() }.check().unwrap();
        let router = Host::new(bench.kontor.clone(), Arc::new(config), stopping).router();
        let mut world = Self { bench, people: Vec::new(), orgs: Vec::new(), router, _stop: stop };
        world.let_staff_in_without_second_factor().await;
        for kind in [OrgKind::Vendor, OrgKind::Partner, OrgKind::Customer] {
            let org = world.organisation(kind).await;
            for role in Role::ALL.iter().copied().filter(|r| r.kind() == kind) {
                let person = world.person(role, org).await;
                world.people.push(person);
            }
        }
        // Strangers: another partner and another customer, with nobody in them.
        world.organisation(OrgKind::Partner).await;
        world.organisation(OrgKind::Customer).await;
        world
    }

    /// The first organisation of a kind.
    pub fn own_org(&self, kind: OrgKind) -> OrgId {
        self.orgs.iter().find(|(k, _)| *k == kind).map(|(_, id)| *id).unwrap()
    }

    /// Ids that are not this person's: of others, of nobody, of no shape.
    pub fn not_theirs(&self, person: &Person) -> Vec<(&'static str, String)> {
        let foreign =
            self.orgs.iter().filter(|(_, id)| *id != person.org).map(|(_, id)| ("foreign", id.to_string()));
        let unknown: OrgId = self.bench.kontor.id();
        let account = AccountId::from_uuid(person.org.uuid());
        let odd = [
            ("unknown", unknown.to_string()),
            ("malformed", account.to_string()),
            ("malformed", "%27--".into()),
        ];
        foreign.chain(odd).collect()
    }

    /// Somebody who was suspended in their organisation.
    pub async fn suspended(&self) -> Person {
        let org = self.own_org(OrgKind::Customer);
        let person = self.join(Role::SuperAdmin, org, MemberStatus::Suspended).await;
        Person { role: Role::SuperAdmin, org, token: person }
    }

    /// Asks as a browser's page or as the app's call; answers status and where it leads.
    pub async fn ask(&self, spec: &Spec, person: Option<&Person>, org: &str) -> (u16, String) {
        let mut ids: Vec<(String, String)> = Vec::new();
        for (index, (name, prefix)) in spec.ids.iter().enumerate() {
            let value = match (index, *prefix) {
                (0, "org") => org.to_owned(),
                (_, "org") => self.own_org(OrgKind::Customer).to_string(),
                (_, prefix) => format!("{prefix}_{}", kontor::kernel::id::encode(7)),
            };
            ids.push(((*name).to_owned(), value));
        }
        let mut path = spec.path.to_owned();
        for (name, value) in &ids {
            path = path.replace(&format!(":{name}"), value);
        }
        path = path.replace(":token", "nobody-has-this-token");
        let cookie = person.map(|p| format!("kontor_session={}", p.token)).unwrap_or_default();
        let request = match spec.kind {
            Kind::Page => Request::get(&path).header(header::ACCEPT, "text/html").body(Body::empty()),
            Kind::Call => {
                let mut body = url::form_urlencoded::Serializer::new(String::new());
                for (name, value) in &ids {
                    body.append_pair(name, value);
                }
                let body = format!("{}&{}", body.finish(), samples::of(spec.path));
                Request::post(&path)
                    .header(header::ACCEPT, "application/json")
                    .header(header::CONTENT_TYPE, "application/x-www-form-urlencoded")
                    .header("sec-fetch-site", "same-origin")
                    .body(Body::from(body))
            }
        };
        let mut request = request.unwrap();
        if !cookie.is_empty() {
            request.headers_mut().insert(header::COOKIE, cookie.parse().unwrap());
        }
        // Not a measure of speed: an address that never answers is to be named rather than waited for.
        let answer =
            tokio::time::timeout(Duration::from_secs(30), self.router.clone().oneshot(request)).await;
        let response = answer.unwrap_or_else(|_| panic!("{path} does not answer")).unwrap();
        let location = response.headers().get(header::LOCATION).and_then(|v| v.to_str().ok()).unwrap_or("");
        (response.status().as_u16(), location.to_owned())
    }

    async fn let_staff_in_without_second_factor(&self) {
        let row = setting::Model {
            key: "staff_second_factor".into(),
            value: "false".into(),
            updated_at: self.bench.kontor.now(),
            updated_by: "test".into(),
        };
        let row: setting::ActiveModel = row.into();
        setting::Entity::insert(row).exec_without_returning(self.bench.kontor.db.writer()).await.unwrap();
    }

    async fn organisation(&mut self, kind: OrgKind) -> OrgId {
        let (kontor, db) = (&self.bench.kontor, self.bench.kontor.db.writer());
        let id: OrgId = kontor.id();
        let row = organisation::Model {
            id,
            kind,
            name: format!("{kind} {}", self.orgs.len()),
            country: "DE".into(),
            status: OrgStatus::Active,
            created_at: kontor.now(),
            version: 1,
        };
        let row: organisation::ActiveModel = row.into();
        organisation::Entity::insert(row).exec_without_returning(db).await.unwrap();
        if kind == OrgKind::Partner {
            let row = partner::Model {
                org_id: id,
                application_id: None,
                partner_type: PartnerType::Reseller,
                status: PartnerStatus::Active,
                tier: Tier::Authorized,
                rate_bp: 2000,
                currency: Currency::Eur,
                manager_id: None,
                company_domain: format!("p{}.test", self.orgs.len()),
                sort_key: "p".into(),
                created_at: kontor.now(),
                version: 1,
            };
            let row: partner::ActiveModel = row.into();
            partner::Entity::insert(row).exec_without_returning(db).await.unwrap();
        }
        self.orgs.push((kind, id));
        id
    }

    async fn person(&self, role: Role, org: OrgId) -> Person {
        Person { role, org, token: self.join(role, org, MemberStatus::Active).await }
    }

    async fn join(&self, role: Role, org: OrgId, status: MemberStatus) -> String {
        let kontor = &self.bench.kontor;
        let viewer = Viewer {
            session: None,
            ip: String::new(),
            user_agent: String::new(),
            locale: Locale::En,
            anonymous: None,
        };
        let email = format!("{}-{status}@example.org", role.key());
        let token = sign_up(kontor, &viewer, &email, "a long enough one").await.unwrap().unwrap();
        let account = kontor::account::service::resolve(kontor, &token).await.unwrap().unwrap().account.id;
        let row = member::Model {
            id: kontor.id(),
            org_id: org,
            account_id: account,
            role,
            status,
            sort_key: role.key().into(),
            created_at: kontor.now(),
            version: 1,
        };
        let row: member::ActiveModel = row.into();
        member::Entity::insert(row).exec_without_returning(kontor.db.writer()).await.unwrap();
        token
    }
}

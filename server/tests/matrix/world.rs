//! One person of every role, in organisations that do not know each other, before the whole host.

use super::{
    requests::{call, form, multipart, path},
    samples,
};
use app::routes::{Kind, Spec};
use axum::{
    body::Body,
    http::{Request, header},
};
use kontor::{
    account::service::{resolve, sign_in, sign_up},
    kernel::{
        actor::{Actor, Viewer},
        id::{AccountId, Id, OrgId, StoreRoleId},
        locale::Locale,
        right::{Feature, Features, OrgKind, Role},
        testing::Bench,
    },
    organisation::{
        MemberStatus, OrgStatus,
        rows::{member, organisation},
        service::actor_in,
    },
    partner::{
        Currency, PartnerStatus, PartnerType, Tier,
        rows::{partner, store_role},
    },
    setting::rows::setting,
};
use kontor_server::{config::Config, host::Host};
use sea_orm::EntityTrait;
use std::{sync::Arc, time::Duration};
use tokio::sync::{RwLock, watch};
use tower::ServiceExt;

/// While a router lists its pages, Leptos lets no resource of the whole process load: a page rendered by another test at
/// that moment would wait for ever. A server lists once, before it answers; here every world has a router of its own.
static LISTING: RwLock<()> = RwLock::const_new(());

/// What came back.
pub struct Answer {
    pub status: u16,
    pub location: String,
    pub body: String,
}

/// What the partner's own role allows: one thing, so that everything else is seen to be closed.
const REPORTS_ONLY: [Feature; 1] = [Feature::ReportsView];

/// Somebody who is signed in.
pub struct Person {
    pub role: Role,
    pub features: Features,
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
        let router = {
            let _alone = LISTING.write().await;
            Host::new(bench.kontor.clone(), Arc::new(config), stopping).router()
        };
        let mut world = Self { bench, people: Vec::new(), orgs: Vec::new(), router, _stop: stop };
        world.do_without_second_factor().await;
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

    /// All organisations of a kind, the one with people in it first.
    pub fn orgs_of(&self, kind: OrgKind) -> Vec<OrgId> {
        self.orgs.iter().filter(|(k, _)| *k == kind).map(|(_, id)| *id).collect()
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
        let token = self.join(Role::SuperAdmin, org, MemberStatus::Suspended, None).await;
        Person { role: Role::SuperAdmin, features: Role::SuperAdmin.features(), org, token }
    }

    /// Asks as a browser's page or as the app's call; answers status and where it leads.
    pub async fn ask(&self, spec: &Spec, person: Option<&Person>, org: &str) -> (u16, String) {
        self.ask_about(spec, person, &self.ids(spec, org)).await
    }

    /// The same about these ids.
    pub async fn ask_about(
        &self,
        spec: &Spec,
        person: Option<&Person>,
        ids: &[(String, String)],
    ) -> (u16, String) {
        let request = match spec.kind {
            Kind::Page => {
                Request::get(path(spec, ids)).header(header::ACCEPT, "text/html").body(Body::empty())
            }
            Kind::Call => {
                let body = format!("{}&{}", form(ids), samples::of(spec.path));
                call(spec.path, "application/json", body)
            }
        };
        let answer = self.send(request.unwrap(), person).await;
        (answer.status, answer.location)
    }

    /// The ids an address takes: `org` first, then somebody else's or nobody's.
    fn ids(&self, spec: &Spec, org: &str) -> Vec<(String, String)> {
        let value = |(index, (name, prefix)): (usize, &(&str, &str))| {
            let value = match (index, *prefix) {
                (0, "org") => org.to_owned(),
                (_, "org") => self.own_org(OrgKind::Customer).to_string(),
                (_, prefix) => format!("{prefix}_{}", kontor::kernel::id::encode(7)),
            };
            ((*name).to_owned(), value)
        };
        spec.ids.iter().enumerate().map(value).collect()
    }

    /// A page's address with a query.
    pub async fn look(&self, spec: &Spec, person: &Person, query: &str) -> Answer {
        let address = format!("{}?{query}", path(spec, &self.ids(spec, &person.org.to_string())));
        let request = Request::get(address).header(header::ACCEPT, "text/html").body(Body::empty());
        self.send(request.unwrap(), Some(person)).await
    }

    /// A call with these fields besides its ids, by a plain form or by the app.
    pub async fn call(
        &self,
        spec: &Spec,
        person: &Person,
        fields: &[(String, String)],
        accept: &str,
    ) -> Answer {
        let mut all = self.ids(spec, &person.org.to_string());
        all.extend_from_slice(fields);
        self.send(call(spec.path, accept, form(&all)).unwrap(), Some(person)).await
    }

    /// A partner's call about one of its customers.
    pub async fn call_for(
        &self,
        spec: &Spec,
        person: &Person,
        customer: OrgId,
        fields: &[(String, String)],
        accept: &str,
    ) -> Answer {
        let mut all =
            vec![("org".to_owned(), person.org.to_string()), ("customer".to_owned(), customer.to_string())];
        all.extend_from_slice(fields);
        self.send(call(spec.path, accept, form(&all)).unwrap(), Some(person)).await
    }

    /// A call with these fields and no others.
    pub async fn raw_call(&self, path: &str, person: &Person, fields: &[(String, String)]) -> Answer {
        self.send(call(path, "application/json", form(fields)).unwrap(), Some(person)).await
    }

    /// A plain form with these fields and no others.
    pub async fn raw_form(&self, path: &str, person: &Person, fields: &[(String, String)]) -> Answer {
        self.send(call(path, "text/html", form(fields)).unwrap(), Some(person)).await
    }

    /// A page somewhere.
    pub async fn get(&self, address: &str, person: &Person) -> Answer {
        let request = Request::get(address).header(header::ACCEPT, "text/html").body(Body::empty());
        self.send(request.unwrap(), Some(person)).await
    }

    /// An address without a page, as somebody or nobody.
    pub async fn fetch(&self, address: &str, person: Option<&Person>) -> Answer {
        self.send(Request::get(address).body(Body::empty()).unwrap(), person).await
    }

    /// A form with a file, from a page of this site or of another.
    pub async fn upload(
        &self,
        path: &str,
        person: Option<&Person>,
        fields: &[(&str, &str)],
        file: &[u8],
        site: &str,
    ) -> Answer {
        let request = multipart(path, fields, file, site);
        self.send(request.unwrap(), person).await
    }

    async fn send(&self, mut request: Request<Body>, person: Option<&Person>) -> Answer {
        if let Some(person) = person {
            let cookie = format!("kontor_session={}", person.token);
            request.headers_mut().insert(header::COOKIE, cookie.parse().unwrap());
        }
        let address = request.uri().to_string();
        let _not_listing = LISTING.read().await;
        // Not a measure of speed: an address that never answers is to be named rather than waited for.
        let answer =
            tokio::time::timeout(Duration::from_secs(30), self.router.clone().oneshot(request)).await;
        let response = answer.unwrap_or_else(|_| panic!("{address} does not answer")).unwrap();
        let status = response.status().as_u16();
        let location = response.headers().get(header::LOCATION).and_then(|v| v.to_str().ok()).unwrap_or("");
        let location = location.to_owned();
        let body = axum::body::to_bytes(response.into_body(), usize::MAX).await.unwrap();
        Answer { status, location, body: String::from_utf8_lossy(&body).into_owned() }
    }

    /// The password is enough: codes have tests of their own.
    async fn do_without_second_factor(&self) {
        for key in ["staff_second_factor", "manage_second_factor", "payout_second_factor"] {
            let row = setting::Model {
                key: key.into(),
                value: "false".into(),
                updated_at: self.bench.kontor.now(),
                updated_by: "test".into(),
            };
            let row: setting::ActiveModel = row.into();
            setting::Entity::insert(row).exec_without_returning(self.bench.kontor.db.writer()).await.unwrap();
        }
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
            second_factor_required: false,
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
                rate_bp: Some(2000),
                currency: Currency::Eur,
                manager_id: None,
                company_domain: format!("p{}.test", self.orgs.len()),
                sort_key: "p".into(),
                created_at: kontor.now(),
                version: 1,
                time_zone: "UTC".into(),
            };
            let row: partner::ActiveModel = row.into();
            partner::Entity::insert(row).exec_without_returning(db).await.unwrap();
        }
        self.orgs.push((kind, id));
        id
    }

    /// Somebody new in an organisation, signed in.
    pub async fn person(&self, role: Role, org: OrgId) -> Person {
        let (own, features) = match role {
            Role::PartnerCustom => (Some(self.reports_only(org).await), Features::of(&REPORTS_ONLY)),
            _ => (None, role.features()),
        };
        Person { role, features, org, token: self.join(role, org, MemberStatus::Active, own).await }
    }

    /// A role the partner made itself.
    async fn reports_only(&self, org: OrgId) -> StoreRoleId {
        let row = store_role::Model {
            id: self.bench.kontor.id(),
            partner_id: org,
            name: "Reports".into(),
            name_key: "reports".into(),
            description: String::new(),
            features: Features::of(&REPORTS_ONLY).keys(),
            version: 1,
        };
        let id = row.id;
        let row: store_role::ActiveModel = row.into();
        let db = self.bench.kontor.db.writer();
        store_role::Entity::insert(row).exec_without_returning(db).await.unwrap();
        id
    }

    /// The same person as services know them.
    pub async fn actor(&self, person: &Person) -> Actor {
        let kontor = &self.bench.kontor;
        let found = resolve(kontor, &person.token).await.unwrap().unwrap();
        let viewer = Viewer {
            session: found.session,
            ip: String::new(),
            user_agent: String::new(),
            locale: Locale::En,
            anonymous: None,
        };
        actor_in(kontor, &viewer, person.org).await.unwrap()
    }

    /// Lets somebody join an organisation and sign in; answers the session's token.
    pub async fn join(
        &self,
        role: Role,
        org: OrgId,
        status: MemberStatus,
        own: Option<StoreRoleId>,
    ) -> String {
        let kontor = &self.bench.kontor;
        let viewer = Viewer {
            session: None,
            ip: String::new(),
            user_agent: String::new(),
            locale: Locale::En,
            anonymous: None,
        };
        // Many of one role may be in one organisation.
        let one: AccountId = kontor.id();
        let email = format!("{}-{one}@example.org", role.key());
        let account = sign_up(kontor, &viewer, &email, "a long enough one").await.unwrap().unwrap().account;
        let token = sign_in(kontor, &viewer, &email, "a long enough one").await.unwrap().token;
        let row = member::Model {
            id: kontor.id(),
            org_id: org,
            account_id: account,
            role,
            status,
            store_role_id: own,
            licensed: true,
            sort_key: role.key().into(),
            created_at: kontor.now(),
            version: 1,
        };
        let row: member::ActiveModel = row.into();
        member::Entity::insert(row).exec_without_returning(kontor.db.writer()).await.unwrap();
        token
    }
}

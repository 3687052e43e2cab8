//! A partner with two customers, for the tests of this room.

use crate::{
    account::rows::account,
    domain::{AddInput, service::add},
    job::service::{Job, claim},
    kernel::{
        actor::{Actor, Standing},
        id::*,
        instant::Instant,
        locale::{Locale, Theme},
        port::{DnsOutcome, RecordKind},
        right::{OrgKind, Role},
        testing::Bench,
        text::email_key,
    },
    mapping::{MappingSource, MappingStatus, rows::mapping},
    organisation::{
        MemberStatus, OrgStatus,
        rows::{member, organisation},
    },
    partner::{Currency, PartnerStatus, PartnerType, Tier, rows::partner},
    subscription::Service,
};
use sea_orm::EntityTrait;

/// A programme with people in it.
pub struct Scene {
    /// The programme.
    pub bench: Bench,
    /// The reseller's owner.
    pub owner: Actor,
    /// Super admin of the customer mapped to the reseller.
    pub admin: Actor,
    /// Super admin of a customer of nobody.
    pub stranger: Actor,
}

impl Scene {
    /// One on each database.
    pub async fn all() -> Vec<Self> {
        let mut scenes = Vec::new();
        for bench in Bench::all().await {
            let owner = person(&bench, "owner@nordlicht.test", OrgKind::Partner, Role::PartnerOwner).await;
            let admin = person(&bench, "admin@kunde.test", OrgKind::Customer, Role::SuperAdmin).await;
            let stranger = person(&bench, "admin@fremd.test", OrgKind::Customer, Role::SuperAdmin).await;
            let row = partner::Model {
                org_id: owner.org,
                application_id: None,
                partner_type: PartnerType::Reseller,
                status: PartnerStatus::Active,
                tier: Tier::Authorized,
                rate_bp: Some(2000),
                currency: Currency::Eur,
                manager_id: None,
                company_domain: "nordlicht.test".into(),
                sort_key: "nordlicht".into(),
                created_at: bench.kontor.now(),
                version: 1,
                time_zone: "UTC".into(),
            };
            let db = bench.kontor.db.writer();
            partner::Entity::insert(partner::ActiveModel::from(row))
                .exec_without_returning(db)
                .await
                .unwrap();
            let row = mapping::Model {
                id: bench.kontor.id(),
                partner_id: owner.org,
                org_id: admin.org,
                service: Service::Workplace,
                status: MappingStatus::Active,
                source: MappingSource::Console,
                since: bench.kontor.now(),
                ended_at: None,
                ended_why: None,
                notice_until: None,
                baseline_plan: None,
                baseline_seats: 0,
                baseline_addon_units: 0,
            };
            mapping::Entity::insert(mapping::ActiveModel::from(row))
                .exec_without_returning(db)
                .await
                .unwrap();
            scenes.push(Self { bench, owner, admin, stranger });
        }
        scenes
    }

    /// Adds a domain to an actor's organisation and answers the TXT value that proves it.
    pub async fn add(&self, actor: &Actor, name: &str) -> String {
        add(&self.bench.kontor, actor, AddInput { domain: name.into() }).await.unwrap();
        let input = crate::domain::DomainInput { org: actor.org, domain: name.into() };
        super::proof(&self.bench.kontor, actor, input).await.unwrap().txt.value
    }

    /// The id of a domain of the customer mapped to the reseller.
    pub async fn id(&self, name: &str) -> DomainId {
        let row =
            crate::domain::rows::domain::of_org(self.bench.kontor.db.read(), self.admin.org, name).await;
        row.unwrap().unwrap().id
    }

    /// Publishes the only TXT record of a name.
    pub fn publish(&self, name: &str, value: &str) {
        self.answer(name, DnsOutcome::Records(vec![value.into()]));
    }

    /// Lets the DNS answer so for the TXT records of a name.
    pub fn answer(&self, name: &str, outcome: DnsOutcome) {
        self.bench.outside.dns.lock().unwrap().insert((name.into(), RecordKind::Txt), outcome);
    }

    /// Runs the domain checks that are due, as a worker does.
    pub async fn work(&self) -> usize {
        let jobs: Vec<Job> = claim(&self.bench.kontor, 100).await.unwrap();
        let mut done = 0;
        for job in jobs.iter().filter(|j| j.kind == crate::job::JobKind::DomainCheck) {
            super::recheck(&self.bench.kontor, job).await.unwrap();
            done += 1;
        }
        done
    }

    /// Templates and recipients of all mails written so far, in order.
    #[allow(clippy::disallowed_methods, reason = "a test may look at everything")]
    pub async fn mails(&self) -> Vec<String> {
        use crate::notification::rows::mail;
        let mut rows = mail::Entity::find().all(self.bench.kontor.db.read()).await.unwrap();
        rows.sort_by_key(|m| (m.created_at, m.recipient.clone()));
        rows.into_iter().map(|m| format!("{} {}", m.template, m.recipient)).collect()
    }

    /// Actions in an organisation's trail, in order.
    #[allow(clippy::disallowed_methods, reason = "a test may look at everything")]
    pub async fn trail(&self, org: OrgId) -> Vec<String> {
        use crate::audit::rows::audit_event;
        let mut rows = audit_event::Entity::find().all(self.bench.kontor.db.read()).await.unwrap();
        rows.retain(|e| e.org_id == org);
        rows.sort_by_key(|e| e.seq);
        rows.into_iter().map(|e| e.action).collect()
    }

    /// The clock's time.
    pub fn now(&self) -> Instant {
        self.bench.kontor.now()
    }
}

/// A new organisation with one person in a role.
pub async fn person(bench: &Bench, email: &str, kind: OrgKind, role: Role) -> Actor {
    let kontor = &bench.kontor;
    let db = kontor.db.writer();
    let org = organisation::Model {
        id: kontor.id(),
        kind,
        name: format!("Org of {email}"),
        country: "DE".into(),
        status: OrgStatus::Active,
        created_at: kontor.now(),
        second_factor_required: false,
        version: 1,
    };
    let org_id = org.id;
    organisation::Entity::insert(organisation::ActiveModel::from(org))
        .exec_without_returning(db)
        .await
        .unwrap();
    let row = account::Model {
        id: kontor.id(),
        email: email.into(),
        email_key: email_key(email),
        first_name: "Ada".into(),
        last_name: "Test".into(),
        password_hash: None,
        locale: Locale::En,
        locale_chosen: false,
        theme: Theme::System,
        confirmed_at: Some(kontor.now()),
        totp_secret: None,
        totp_on: false,
        totp_last_step: 0,
        passkeys: 0,
        suspended: false,
        created_at: kontor.now(),
    };
    let account_id = row.id;
    account::Entity::insert(account::ActiveModel::from(row)).exec_without_returning(db).await.unwrap();
    let place = member::Model {
        id: kontor.id(),
        org_id,
        account_id,
        role,
        status: MemberStatus::Active,
        store_role_id: None,
        licensed: true,
        sort_key: email.into(),
        created_at: kontor.now(),
        version: 1,
    };
    let member_id = place.id;
    member::Entity::insert(member::ActiveModel::from(place)).exec_without_returning(db).await.unwrap();
    Actor {
        org: org_id,
        kind,
        standing: Standing::Member {
            account: account_id,
            email: email.into(),
            member: member_id,
            role,
            features: role.features(),
            session: kontor.id(),
        },
        ip: "192.0.2.1".into(),
        locale: Locale::En,
    }
}

//! What the tests of this slice play on: a partner with its people, its customers, and what they find in the database.

use crate::{
    account::rows::account,
    domain::rows::domain,
    job::{
        JobKind,
        rows::job,
        service::{Job, claim},
    },
    kernel::{
        actor::{Actor, SessionInfo, Viewer},
        id::*,
        locale::{Locale, Theme},
        right::{OrgKind, Role},
        testing::Bench,
    },
    notification::{Mail, rows::mail, service::compose_key},
    organisation::{
        AddOrganisation, MemberStatus, OrgStatus, member_sort_key,
        rows::{member, organisation},
        service::{actor_in, add_organisation},
    },
    partner::{Currency, PartnerStatus, PartnerType, Tier, rows::partner},
};
use sea_orm::{ActiveValue::Set, EntityTrait};

/// A person and the browser they use.
#[derive(Clone)]
pub struct Person {
    pub account: AccountId,
    pub member: MemberId,
    pub viewer: Viewer,
}

/// An organisation and somebody in it.
pub async fn organisation(bench: &Bench, kind: OrgKind, name: &str) -> OrgId {
    let kontor = &bench.kontor;
    let row = organisation::Model {
        id: kontor.id(),
        kind,
        name: name.into(),
        country: "DE".into(),
        status: OrgStatus::Active,
        created_at: kontor.now(),
        second_factor_required: false,
        version: 1,
    };
    let id = row.id;
    let active = organisation::ActiveModel::from(row);
    organisation::Entity::insert(active).exec_without_returning(kontor.db.writer()).await.unwrap();
    id
}

/// An active person of an organisation, signed in a moment ago by second factor.
pub async fn person(bench: &Bench, org: OrgId, role: Role, email: &str) -> Person {
    let kontor = &bench.kontor;
    let row = account::Model {
        id: kontor.id(),
        email: email.into(),
        email_key: email.into(),
        first_name: "Ada".into(),
        last_name: "Beispiel".into(),
        password_hash: Some("set".into()),
        locale: Locale::De,
        locale_chosen: false,
        theme: Theme::System,
        confirmed_at: Some(kontor.now()),
        totp_secret: None,
        totp_on: true,
        totp_last_step: 0,
        passkeys: 0,
        suspended: false,
        created_at: kontor.now(),
    };
    let account = row.id;
    let writer = kontor.db.writer();
    account::Entity::insert(account::ActiveModel::from(row)).exec_without_returning(writer).await.unwrap();
    let row = member::Model {
        id: kontor.id(),
        org_id: org,
        account_id: account,
        role,
        status: MemberStatus::Active,
        store_role_id: None,
        licensed: true,
        sort_key: member_sort_key("Ada", "Beispiel", email),
        created_at: kontor.now(),
        version: 1,
    };
    let member = row.id;
    member::Entity::insert(member::ActiveModel::from(row)).exec_without_returning(writer).await.unwrap();
    Person { account, member, viewer: viewer(bench, account, email) }
}

/// A signed-in browser.
pub fn viewer(bench: &Bench, account: AccountId, email: &str) -> Viewer {
    let session = SessionInfo {
        id: bench.kontor.id(),
        account,
        email: email.into(),
        name: "Ada Beispiel".into(),
        confirmed: true,
        second_factor: true,
        fresh_at: bench.kontor.now(),
        fresh_by_factor: true,
    };
    Viewer {
        session: Some(session),
        ip: "192.0.2.7".into(),
        user_agent: "test".into(),
        locale: Locale::En,
        anonymous: None,
    }
}

/// A partner in business with its owner.
pub async fn partner(bench: &Bench, name: &str, partner_type: PartnerType) -> (OrgId, Person) {
    let kontor = &bench.kontor;
    let org = organisation(bench, OrgKind::Partner, name).await;
    let row = partner::Model {
        org_id: org,
        application_id: None,
        partner_type,
        status: PartnerStatus::Active,
        tier: Tier::Authorized,
        rate_bp: Some(2000),
        currency: Currency::Eur,
        manager_id: None,
        company_domain: format!("{name}.test"),
        sort_key: name.to_lowercase(),
        created_at: kontor.now(),
        version: 1,
        time_zone: "UTC".into(),
    };
    let active = partner::ActiveModel::from(row);
    partner::Entity::insert(active).exec_without_returning(kontor.db.writer()).await.unwrap();
    let owner = person(bench, org, Role::PartnerOwner, &format!("owner@{}.test", name.to_lowercase())).await;
    (org, owner)
}

/// What somebody may do in an organisation now.
pub async fn actor(bench: &Bench, person: &Person, org: OrgId) -> Actor {
    actor_in(&bench.kontor, &person.viewer, org).await.unwrap()
}

/// The same, where a test names its own actor so.
pub use actor as actor_of;

/// A form that passes.
pub fn form(domain: &str) -> AddOrganisation {
    AddOrganisation {
        organisation: format!("Kunde {domain}"),
        domain: domain.into(),
        admin_first_name: "Kim".into(),
        admin_last_name: "Kunde".into(),
        admin_email: format!("kim.{domain}@mail.example"),
        country: "DE".into(),
        plan: "trial".into(),
        request_key: format!("request-{domain}"),
        ..AddOrganisation::default()
    }
}

/// A customer of a partner, on trial.
pub async fn customer(bench: &Bench, actor: &Actor, domain: &str) -> OrgId {
    add_organisation(&bench.kontor, actor, form(domain)).await.unwrap().org
}

/// The customer's super admin, who has set a password meanwhile.
pub async fn super_admin(bench: &Bench, org: OrgId) -> Person {
    let kontor = &bench.kontor;
    let writer = kontor.db.writer();
    let there = [MemberStatus::Invited, MemberStatus::Active];
    let place = member::in_role(writer, vec![org], Role::SuperAdmin, &there).await.unwrap().remove(0);
    let change =
        member::ActiveModel { id: Set(place.id), status: Set(MemberStatus::Active), ..Default::default() };
    member::Entity::update(change).exec(writer).await.unwrap();
    let change = account::ActiveModel {
        id: Set(place.account_id),
        password_hash: Set(Some("set".into())),
        ..Default::default()
    };
    account::Entity::update(change).exec(writer).await.unwrap();
    let row = account::by_id(writer, place.account_id).await.unwrap().unwrap();
    Person { account: row.id, member: place.id, viewer: viewer(bench, row.id, &row.email) }
}

/// Proves the organisation's primary domain.
pub async fn verify(bench: &Bench, org: OrgId) {
    let writer = bench.kontor.db.writer();
    let row = domain::primary(writer, org).await.unwrap().unwrap();
    let change = domain::ActiveModel {
        id: Set(row.id),
        status: Set(crate::domain::DomainStatus::Verified),
        verified_name: Set(Some(row.name)),
        verified_at: Set(Some(bench.kontor.now())),
        ..Default::default()
    };
    domain::Entity::update(change).exec(writer).await.unwrap();
}

/// Every mail written so far, with its recipient, in order.
#[allow(clippy::disallowed_methods, reason = "a test looks at all rows")]
pub async fn mails(bench: &Bench) -> Vec<(String, Mail)> {
    let mut rows = mail::Entity::find().all(bench.kontor.db.read()).await.unwrap();
    rows.sort_by_key(|m| (m.created_at, m.id));
    let opened = |m: mail::Model| {
        let plain = bench.kontor.secrets.open(&compose_key(m.id), m.content.as_deref().unwrap()).unwrap();
        (m.recipient, serde_json::from_slice(&plain).unwrap())
    };
    rows.into_iter().map(opened).collect()
}

/// Rows of a table.
#[allow(clippy::disallowed_methods, reason = "a test looks at all rows")]
pub async fn rows<E: EntityTrait>(bench: &Bench) -> Vec<E::Model> {
    E::find().all(bench.kontor.db.read()).await.unwrap()
}

/// Claims what is due and answers the jobs of a kind; the others are left leased.
pub async fn due(bench: &Bench, kind: JobKind) -> Vec<Job> {
    claim(&bench.kontor, 1000).await.unwrap().into_iter().filter(|j| j.kind == kind).collect()
}

/// When the waiting job of a key is due.
pub async fn due_at(bench: &Bench, key: String) -> Option<crate::kernel::instant::Instant> {
    let jobs = rows::<job::Entity>(bench).await;
    let waiting =
        |j: &job::Model| j.status == crate::job::JobStatus::Waiting && j.unique_key == Some(key.clone());
    jobs.into_iter().find(waiting).map(|j| j.due_at)
}

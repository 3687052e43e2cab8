//! Partners and customers for the tests of this room, written row by row.

use super::{MappingSource, MappingStatus, rows::mapping, service::refresh};
use crate::{
    account::rows::account,
    delegation::{GrantKind, GrantStatus, RenewBy, rows::grant},
    domain::{DomainStatus, rows::domain},
    kernel::{
        Kontor,
        actor::Actor,
        id::OrgId,
        instant::Day,
        locale::{Locale, Theme},
        right::{OrgKind, Role},
        text::fold,
    },
    organisation::{
        MemberStatus, OrgStatus,
        rows::{member, organisation},
    },
    partner::{Currency, PartnerStatus, PartnerType, Tier, rows::partner},
    subscription::{Plan, Service, SubscriptionStatus, Term, rows::subscription},
};
use sea_orm::{DatabaseTransaction, EntityTrait, IntoActiveModel};

/// A reseller in business.
pub async fn new_partner(kontor: &Kontor, name: &str) -> OrgId {
    let tx = kontor.db.begin().await.unwrap();
    let org = insert_organisation(kontor, &tx, OrgKind::Partner, name).await;
    let row = partner::Model {
        org_id: org,
        application_id: None,
        partner_type: PartnerType::Reseller,
        status: PartnerStatus::Active,
        tier: Tier::Authorized,
        rate_bp: Some(2000),
        currency: Currency::Eur,
        manager_id: None,
        company_domain: format!("{}.test", fold(name)),
        sort_key: fold(name),
        created_at: kontor.now(),
        version: 1,
        time_zone: "UTC".into(),
    };
    partner::Entity::insert(row.into_active_model()).exec_without_returning(&tx).await.unwrap();
    tx.commit().await.unwrap();
    org
}

/// The programme acting as the partner.
pub fn as_partner(partner: OrgId) -> Actor {
    Actor::system(partner, OrgKind::Partner, "test")
}

/// A customer to be made.
#[derive(Debug, Clone)]
pub struct NewCustomer<'a> {
    /// Its name.
    pub name: &'a str,
    /// Its domain.
    pub domain: &'a str,
    /// Whether that is verified.
    pub verified: bool,
    /// Its plan.
    pub plan: Plan,
    /// Where its subscription stands.
    pub status: SubscriptionStatus,
    /// The last day.
    pub ends_on: Option<Day>,
    /// First day of its trial.
    pub trial_started: Option<Day>,
    /// How its grant stands.
    pub grant: Option<GrantStatus>,
}

impl Default for NewCustomer<'_> {
    fn default() -> Self {
        Self {
            name: "Kunde 1",
            domain: "kunde-1.test",
            verified: true,
            plan: Plan::Standard,
            status: SubscriptionStatus::Active,
            ends_on: Some(Day(25_000)),
            trial_started: None,
            grant: Some(GrantStatus::Active),
        }
    }
}

/// Writes a customer of a partner and its row in the list.
pub async fn new_customer(kontor: &Kontor, partner: OrgId, new: NewCustomer<'_>) -> OrgId {
    let tx = kontor.db.begin().await.unwrap();
    let org = insert_customer(kontor, &tx, partner, new).await;
    refresh(kontor, &tx, org).await.unwrap();
    tx.commit().await.unwrap();
    org
}

async fn insert_organisation(kontor: &Kontor, tx: &DatabaseTransaction, kind: OrgKind, name: &str) -> OrgId {
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
    organisation::Entity::insert(row.into_active_model()).exec_without_returning(tx).await.unwrap();
    id
}

async fn insert_customer(
    kontor: &Kontor,
    tx: &DatabaseTransaction,
    partner: OrgId,
    new: NewCustomer<'_>,
) -> OrgId {
    let (now, org) = (kontor.now(), insert_organisation(kontor, tx, OrgKind::Customer, new.name).await);
    let row = subscription::Model {
        plan: new.plan,
        status: new.status,
        term: Term::Yearly,
        trial_started: new.trial_started,
        ends_on: new.ends_on,
        ..subscription::Model::free(kontor.id(), org, 10, now)
    };
    subscription::Entity::insert(row.into_active_model()).exec_without_returning(tx).await.unwrap();
    insert_domain(kontor, tx, org, new.domain, new.verified, true).await;
    insert_member(kontor, tx, org, &format!("admin@{}", new.domain), Role::SuperAdmin).await;
    insert_mapping(kontor, tx, partner, org).await;
    if let Some(status) = new.grant {
        insert_grant(kontor, tx, partner, org, status).await;
    }
    org
}

/// A domain of an organisation.
pub async fn insert_domain(
    kontor: &Kontor,
    tx: &DatabaseTransaction,
    org: OrgId,
    name: &str,
    verified: bool,
    primary: bool,
) {
    let row = domain::Model {
        id: kontor.id(),
        org_id: org,
        name: name.into(),
        verified_name: verified.then(|| name.into()),
        is_primary: primary,
        status: if verified { DomainStatus::Verified } else { DomainStatus::Pending },
        token: "token".into(),
        method: None,
        verified_at: None,
        checked_at: None,
        pending_since: None,
        next_check_at: None,
        lost_at: None,
        last_check: None,
        created_at: kontor.now(),
        version: 1,
    };
    domain::Entity::insert(row.into_active_model()).exec_without_returning(tx).await.unwrap();
}

/// A person of an organisation.
pub async fn insert_member(kontor: &Kontor, tx: &DatabaseTransaction, org: OrgId, email: &str, role: Role) {
    let account = account::Model {
        id: kontor.id(),
        email: email.into(),
        email_key: email.into(),
        first_name: "Ada".into(),
        last_name: "Test".into(),
        password_hash: None,
        locale: Locale::En,
        locale_chosen: false,
        theme: Theme::System,
        confirmed_at: None,
        totp_secret: None,
        totp_on: false,
        totp_last_step: 0,
        passkeys: 0,
        suspended: false,
        created_at: kontor.now(),
    };
    let row = member::Model {
        id: kontor.id(),
        org_id: org,
        account_id: account.id,
        role,
        status: MemberStatus::Active,
        store_role_id: None,
        licensed: true,
        sort_key: "test ada".into(),
        created_at: kontor.now(),
        version: 1,
    };
    account::Entity::insert(account.into_active_model()).exec_without_returning(tx).await.unwrap();
    member::Entity::insert(row.into_active_model()).exec_without_returning(tx).await.unwrap();
}

/// A mapping in force.
pub async fn insert_mapping(kontor: &Kontor, tx: &DatabaseTransaction, partner: OrgId, org: OrgId) {
    let row = mapping::Model {
        id: kontor.id(),
        partner_id: partner,
        org_id: org,
        service: Service::Workplace,
        status: MappingStatus::Active,
        source: MappingSource::Seed,
        since: kontor.now(),
        ended_at: None,
        ended_why: None,
        notice_until: None,
        baseline_plan: None,
        baseline_seats: 0,
        baseline_addon_units: 0,
    };
    mapping::Entity::insert(row.into_active_model()).exec_without_returning(tx).await.unwrap();
}

/// A grant.
pub async fn insert_grant(
    kontor: &Kontor,
    tx: &DatabaseTransaction,
    partner: OrgId,
    org: OrgId,
    status: GrantStatus,
) {
    let row = grant::Model {
        id: kontor.id(),
        org_id: org,
        partner_id: partner,
        capabilities: String::new(),
        kind: GrantKind::Agreed,
        days: 365,
        renewal: RenewBy::Customer,
        reason: String::new(),
        granted_by: "test".into(),
        status,
        from_at: kontor.now(),
        until_at: kontor.now().plus_days(365),
        ended_at: None,
        ended_by: None,
        version: 1,
    };
    grant::Entity::insert(row.into_active_model()).exec_without_returning(tx).await.unwrap();
}

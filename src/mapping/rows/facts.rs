//! What the rooms know of a customer, and the list's row made of it.

use super::{customer, mapping};
use crate::{
    account::rows::account,
    delegation::{GrantStatus, rows::grant},
    domain::{DomainStatus, rows::domain},
    kernel::{id::*, right::Role, text::fold},
    mapping::{Access, CustomerStatus, search_text},
    organisation::{
        OrgStatus,
        rows::{member, organisation},
    },
    subscription::{Plan, SubscriptionStatus, Term, rows::subscription},
};
use sea_orm::{
    DatabaseTransaction, DbBackend, JoinType, PaginatorTrait, QueryOrder, QuerySelect, entity::prelude::*,
    sea_query::LockType,
};

/// What the rooms know of a customer for one service.
#[derive(Debug, Clone)]
pub struct Facts {
    /// The mapping in force.
    pub mapping: mapping::Model,
    /// The organisation.
    pub organisation: organisation::Model,
    /// Its domains, the primary one first.
    pub domains: Vec<domain::Model>,
    /// Its subscription to the service.
    pub subscription: Option<subscription::Model>,
    /// The super admin's e-mail address.
    pub admin_email: String,
    /// Its people: each needs a licence.
    pub members: i64,
    /// How the mapped partner stands to its console.
    pub access: Access,
}

impl Facts {
    /// The list's row; its number is set by whoever stores it.
    pub fn row(self) -> customer::Model {
        let Self { mapping, organisation, domains, subscription, admin_email, members, access } = self;
        let primary = domains.first();
        let paid = subscription.as_ref().filter(|s| s.status.is_paid());
        let names: Vec<&str> = domains.iter().map(|d| d.name.as_str()).collect();
        let shown: Vec<String> = names.iter().map(|n| idna::domain_to_unicode(n).0).collect();
        let parts = std::iter::once(organisation.name.as_str())
            .chain(names.iter().copied())
            .chain(shown.iter().map(String::as_str))
            .chain([admin_email.as_str()]);
        customer::Model {
            id: 0,
            partner_id: mapping.partner_id,
            org_id: organisation.id,
            service: mapping.service,
            listed: access != Access::Withdrawn,
            sort_key: fold(&organisation.name),
            domain_id: primary.map(|d| d.id),
            domain: primary.map_or(String::new(), |d| d.name.clone()),
            domains: names.join(" "),
            domain_count: names.len() as i64,
            verified: primary
                .is_some_and(|d| matches!(d.status, DomainStatus::Verified | DomainStatus::AtRisk)),
            plan: subscription.as_ref().map_or(Plan::Free, |s| s.plan),
            seats_used: members,
            seats_total: subscription.as_ref().map_or(0, |s| s.seats),
            term: subscription.as_ref().map_or(Term::None, |s| s.term),
            status: status(organisation.status, subscription.as_ref().map(|s| s.status)),
            trial_started: subscription.as_ref().and_then(|s| s.trial_started),
            ends_key: subscription.as_ref().and_then(|s| s.ends_on).unwrap_or(customer::NO_END),
            created_at: organisation.created_at,
            access,
            search_text: search_text(parts),
            currency: paid.and_then(|s| s.currency),
            term_value: paid.map_or(0, term_value),
            payer: paid.and_then(|s| s.payer),
            renews: paid.is_some_and(|s| s.auto_renew),
            flagged: subscription.as_ref().is_some_and(|s| s.flagged_at.is_some()),
            country: organisation.country,
            name: organisation.name,
            admin_email,
        }
    }
}

/// What a term costs at list price.
fn term_value(s: &subscription::Model) -> i64 {
    let part = |units: i64, price: i64| units.saturating_mul(price);
    part(s.seats, s.unit_price).saturating_add(part(s.addon_units, s.addon_price))
}

/// The badge: what stops an organisation shows before what it bought.
fn status(organisation: OrgStatus, subscription: Option<SubscriptionStatus>) -> CustomerStatus {
    if organisation == OrgStatus::Suspended {
        return CustomerStatus::Suspended;
    }
    match subscription {
        None | Some(SubscriptionStatus::Free) => CustomerStatus::Free,
        Some(SubscriptionStatus::Trial) => CustomerStatus::Trial,
        Some(SubscriptionStatus::Active) => CustomerStatus::Active,
        Some(SubscriptionStatus::PastDue | SubscriptionStatus::Grace) => CustomerStatus::Unpaid,
        Some(SubscriptionStatus::TrialExpired | SubscriptionStatus::Closed) => CustomerStatus::Expired,
        Some(SubscriptionStatus::Suspended) => CustomerStatus::Suspended,
    }
}

/// Gathers what is known of an organisation per mapped service. Locks the organisation on PostgreSQL, so that two
/// transactions of one organisation write its rows one after the other.
pub async fn gather(tx: &DatabaseTransaction, org: OrgId) -> Result<Vec<Facts>, DbErr> {
    let mut find = organisation::Entity::find_by_id(org);
    if tx.get_database_backend() == DbBackend::Postgres {
        find = find.lock(LockType::NoKeyUpdate);
    }
    let Some(organisation) = find.one(tx).await?.filter(|o| o.status != OrgStatus::Closed) else {
        return Ok(Vec::new());
    };
    let mappings = mapping::active(tx, org).await?;
    if mappings.is_empty() {
        return Ok(Vec::new());
    }
    let domains = domain::Entity::find()
        .filter(domain::Column::OrgId.eq(org))
        .order_by_desc(domain::Column::IsPrimary)
        .order_by_asc(domain::Column::Id)
        .all(tx)
        .await?;
    let subscriptions =
        subscription::Entity::find().filter(subscription::Column::OrgId.eq(org)).all(tx).await?;
    let members = member::Entity::find().filter(member::Column::OrgId.eq(org)).count(tx).await?;
    let admin_email: Option<String> = account::Entity::find()
        .select_only()
        .column(account::Column::Email)
        .join(
            JoinType::InnerJoin,
            account::Entity::belongs_to(member::Entity)
                .from(account::Column::Id)
                .to(member::Column::AccountId)
                .into(),
        )
        .filter(member::Column::OrgId.eq(org))
        .filter(member::Column::Role.eq(Role::SuperAdmin))
        .order_by_asc(member::Column::Id)
        .into_tuple()
        .one(tx)
        .await?;
    let mut all = Vec::new();
    for mapping in mappings {
        all.push(Facts {
            access: access(tx, org, mapping.partner_id).await?,
            organisation: organisation.clone(),
            domains: domains.clone(),
            subscription: subscriptions.iter().find(|s| s.service == mapping.service).cloned(),
            admin_email: admin_email.clone().unwrap_or_default(),
            members: i64::try_from(members).unwrap_or(i64::MAX),
            mapping,
        });
    }
    Ok(all)
}

/// How a partner stands to an organisation's console: by the grant in force, or else by how the latest one ended.
async fn access(tx: &DatabaseTransaction, org: OrgId, partner: OrgId) -> Result<Access, DbErr> {
    let of_both = || {
        grant::Entity::find()
            .filter(grant::Column::OrgId.eq(org))
            .filter(grant::Column::PartnerId.eq(partner))
    };
    if of_both().filter(grant::Column::Status.eq(GrantStatus::Active)).one(tx).await?.is_some() {
        return Ok(Access::Granted);
    }
    let latest = of_both().order_by_desc(grant::Column::Id).one(tx).await?;
    Ok(match latest.map(|g| g.status) {
        Some(GrantStatus::Revoked) => Access::Withdrawn,
        _ => Access::Missing,
    })
}

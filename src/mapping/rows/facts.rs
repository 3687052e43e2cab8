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
    DatabaseTransaction, DbBackend, JoinType, QueryOrder, QuerySelect, entity::prelude::*,
    sea_query::LockType,
};
use std::collections::HashMap;

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

/// Gathers what is known of organisations, per mapped service. Locks them on PostgreSQL, so that two transactions of one
/// organisation write its rows one after the other; in the order of their ids, so that none waits for another in a
/// circle.
pub async fn gather(tx: &DatabaseTransaction, orgs: Vec<OrgId>) -> Result<Vec<Facts>, DbErr> {
    let mut find = organisation::Entity::find()
        .filter(organisation::Column::Id.is_in(orgs))
        .filter(organisation::Column::Status.ne(OrgStatus::Closed))
        .order_by_asc(organisation::Column::Id);
    if tx.get_database_backend() == DbBackend::Postgres {
        find = find.lock(LockType::NoKeyUpdate);
    }
    let organisations: HashMap<OrgId, organisation::Model> =
        find.all(tx).await?.into_iter().map(|org| (org.id, org)).collect();
    let mappings = mapping::active(tx, organisations.keys().copied().collect()).await?;
    let mut orgs: Vec<OrgId> = mappings.iter().map(|m| m.org_id).collect();
    orgs.sort_unstable();
    orgs.dedup();
    if orgs.is_empty() {
        return Ok(Vec::new());
    }
    let mut domains: HashMap<OrgId, Vec<domain::Model>> = HashMap::new();
    let all = domain::Entity::find()
        .filter(domain::Column::OrgId.is_in(orgs.iter().copied()))
        .order_by_desc(domain::Column::IsPrimary)
        .order_by_asc(domain::Column::Id);
    for row in all.all(tx).await? {
        domains.entry(row.org_id).or_default().push(row);
    }
    let subscriptions = subscription::Entity::find()
        .filter(subscription::Column::OrgId.is_in(orgs.iter().copied()))
        .all(tx)
        .await?;
    let subscriptions: HashMap<_, _> =
        subscriptions.into_iter().map(|row| ((row.org_id, row.service), row)).collect();
    let people: HashMap<OrgId, i64> = member::counts(tx, orgs.clone()).await?.into_iter().collect();
    let admins = admin_emails(tx, orgs.clone()).await?;
    let access = Standings::of(tx, orgs).await?;
    let facts = |mapping: mapping::Model| {
        let org = mapping.org_id;
        Some(Facts {
            organisation: organisations.get(&org)?.clone(),
            domains: domains.get(&org).cloned().unwrap_or_default(),
            subscription: subscriptions.get(&(org, mapping.service)).cloned(),
            admin_email: admins.get(&org).cloned().unwrap_or_default(),
            members: people.get(&org).copied().unwrap_or_default(),
            access: access.to(org, mapping.partner_id),
            mapping,
        })
    };
    Ok(mappings.into_iter().filter_map(facts).collect())
}

/// The address of each organisation's first super admin.
async fn admin_emails(tx: &DatabaseTransaction, orgs: Vec<OrgId>) -> Result<HashMap<OrgId, String>, DbErr> {
    let rows: Vec<(OrgId, String)> = member::Entity::find()
        .select_only()
        .column(member::Column::OrgId)
        .column(account::Column::Email)
        .join(
            JoinType::InnerJoin,
            member::Entity::belongs_to(account::Entity)
                .from(member::Column::AccountId)
                .to(account::Column::Id)
                .into(),
        )
        .filter(member::Column::OrgId.is_in(orgs))
        .filter(member::Column::Role.eq(Role::SuperAdmin))
        .order_by_desc(member::Column::Id)
        .into_tuple()
        .all(tx)
        .await?;
    // Latest first: the first one's is what stays.
    Ok(rows.into_iter().collect())
}

/// How partners stand to organisations' consoles: by the grant in force, or else by how the latest one ended.
struct Standings(HashMap<(OrgId, OrgId), (GrantStatus, GrantId)>);

impl Standings {
    async fn of(tx: &DatabaseTransaction, orgs: Vec<OrgId>) -> Result<Self, DbErr> {
        let mut known: HashMap<(OrgId, OrgId), (GrantStatus, GrantId)> = HashMap::new();
        for (org, partner, status, id) in grant::standings_query(orgs).into_tuple().all(tx).await? {
            let (status, id): (GrantStatus, GrantId) = (status, id);
            let here = known.entry((org, partner)).or_insert((status, id));
            if here.0 != GrantStatus::Active && (status == GrantStatus::Active || id > here.1) {
                *here = (status, id);
            }
        }
        Ok(Self(known))
    }

    fn to(&self, org: OrgId, partner: OrgId) -> Access {
        match self.0.get(&(org, partner)).map(|latest| latest.0) {
            Some(GrantStatus::Active) => Access::Granted,
            Some(GrantStatus::Revoked) => Access::Withdrawn,
            Some(GrantStatus::Expired) | None => Access::Missing,
        }
    }
}

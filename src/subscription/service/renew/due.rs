//! What renewals rest on, read for many subscriptions in few statements.

use super::{Plan, Renewal};
use crate::{
    Error,
    kernel::{id::OrgId, instant::Day},
    mapping::rows::mapping,
    organisation::rows::organisation,
    partner::rows::{directory, partner},
    payment::rows::payment_method,
    subscription::{
        Service,
        change::Contract,
        rows::{subscription, subscription_change},
        service::{
            desk::contract_of,
            offer::{Ground, Subject},
        },
    },
};
use sea_orm::ConnectionTrait;
use std::collections::HashMap;

/// A subscription that was bought and is in service, with what belongs to it.
pub(in crate::subscription::service) struct Case {
    /// The subscription.
    pub row: subscription::Model,
    /// What runs.
    pub contract: Contract,
    /// Whose it is.
    pub org: organisation::Model,
    /// The partner it is mapped to.
    pub partner_id: Option<OrgId>,
    /// The same, as long as it is one.
    pub partner: Option<partner::Model>,
    /// Proposed, being paid for, or scheduled.
    pub open: Vec<subscription_change::Model>,
    /// What made the term that runs.
    pub term: Vec<subscription_change::Model>,
}

impl Case {
    /// Whose terrain it is sold on.
    pub fn subject(&self) -> Subject<'_> {
        Subject { row: &self.row, org: &self.org, partner: self.partner.as_ref() }
    }
}

/// Many cases, and what they are sold by.
pub(in crate::subscription::service) struct Due {
    /// The cases, in the order of their rows. Rows without contract are none.
    pub cases: Vec<Case>,
    /// What they are sold by.
    pub ground: Ground,
    methods: HashMap<OrgId, Vec<payment_method::Model>>,
}

impl Due {
    /// Reads what belongs to subscriptions.
    pub async fn gather(
        db: &impl ConnectionTrait,
        rows: Vec<subscription::Model>,
        today: Day,
    ) -> Result<Self, Error> {
        let rows: Vec<_> = rows.into_iter().filter_map(|row| Some((contract_of(&row)?, row))).collect();
        let ids: Vec<_> = rows.iter().map(|(_, row)| row.id).collect();
        let orgs: Vec<OrgId> = rows.iter().map(|(_, row)| row.org_id).collect();
        let by_subscription = |changes: Vec<subscription_change::Model>| {
            let mut of: HashMap<_, Vec<_>> = HashMap::new();
            for change in changes {
                of.entry(change.subscription_id).or_default().push(change);
            }
            of
        };
        let mut open = by_subscription(subscription_change::open_query(ids.clone()).all(db).await?);
        let mut terms = by_subscription(subscription_change::of_terms_query(ids).all(db).await?);
        let mut organisations: HashMap<OrgId, organisation::Model> =
            organisation::by_ids(db, orgs.clone()).await?.into_iter().map(|org| (org.id, org)).collect();
        let mappings = mapping::active(db, orgs.clone()).await?;
        let mapped: HashMap<OrgId, OrgId> = mappings
            .into_iter()
            .filter(|m| m.service == Service::Workplace)
            .map(|m| (m.org_id, m.partner_id))
            .collect();
        let mut partners: Vec<OrgId> = mapped.values().copied().collect();
        partners.sort_unstable();
        partners.dedup();
        let known: HashMap<OrgId, partner::Model> =
            directory::by_orgs(db, partners.clone()).await?.into_iter().map(|p| (p.org_id, p)).collect();
        let mut methods: HashMap<OrgId, Vec<_>> = HashMap::new();
        for method in payment_method::of_all(db, orgs.into_iter().chain(partners).collect()).await? {
            methods.entry(method.org_id).or_default().push(method);
        }
        let case = |(contract, row): (Contract, subscription::Model)| {
            let Some(org) = organisations.remove(&row.org_id) else {
                tracing::error!(org = %row.org_id, "a subscription without its organisation");
                return None;
            };
            let partner_id = mapped.get(&row.org_id).copied();
            Some(Case {
                org,
                partner_id,
                partner: partner_id.and_then(|id| known.get(&id).cloned()),
                open: open.remove(&row.id).unwrap_or_default(),
                term: terms.remove(&row.id).unwrap_or_default(),
                contract,
                row,
            })
        };
        let cases: Vec<Case> = rows.into_iter().filter_map(case).collect();
        let subjects: Vec<Subject> = cases.iter().map(Case::subject).collect();
        let ground = Ground::survey(db, &subjects, today).await?;
        Ok(Self { ground, cases, methods })
    }

    /// The renewal of a case, as planned.
    pub(super) fn renewal<'a>(&'a self, case: &'a Case, plan: &'a Plan) -> Renewal<'a> {
        Renewal {
            row: &case.row,
            org: &case.org,
            partner: case.partner_id,
            debtor: plan.debtor,
            profile: self.ground.profile(plan.debtor),
            methods: self.methods.get(&plan.debtor).map(Vec::as_slice).unwrap_or_default(),
            contract: &case.contract,
            quote: &plan.quote,
            terrain: &plan.terrain,
        }
    }
}

//! A sale earns commission: inside the transaction that books the sale.

use crate::{
    Error,
    commission::{
        Deal, Facts, LineState, Moved, Movement, Outcome, Rates,
        rows::{commission_line, partner_rate},
        work_out,
    },
    kernel::{
        Kontor,
        error::internal,
        id::{CommissionId, Id, InvoiceId, OrgId, SubscriptionId},
        instant::Instant,
        money::Money,
    },
    partner::rows::{directory, partner},
    setting::Policy,
    subscription::{Plan, change::Payer},
};
use sea_orm::DatabaseTransaction;
use std::collections::{HashMap, HashSet};
use uuid::Uuid;

/// A sale to a mapped customer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Sale {
    /// The partner the customer is mapped to.
    pub partner: OrgId,
    /// The customer.
    pub org: OrgId,
    /// Its subscription.
    pub subscription: SubscriptionId,
    /// The invoice that charges it: refunds of it take commission back.
    pub invoice: InvoiceId,
    /// What made the sale: the same cause accrues once per partner and kind.
    pub cause: Uuid,
    /// Key of the vendor's entity that bills it.
    pub entity: String,
    /// The sale.
    pub deal: Deal,
}

/// A line that came of a sale.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Accrual {
    /// The line.
    pub id: CommissionId,
    /// What is earned, and why.
    pub outcome: Outcome,
    /// For the ledger; nothing if nothing is earned.
    pub moved: Option<Moved>,
}

/// Accrues commission on one sale. Nothing if the partner pays, or if this cause accrued before. A sale that earns
/// nothing for another reason leaves a line of nothing that says why. `NotFound` if the partner is none.
pub async fn accrue(
    kontor: &Kontor,
    tx: &DatabaseTransaction,
    policy: &Policy,
    sale: &Sale,
) -> Result<Option<Accrual>, Error> {
    Ok(accrue_all(kontor, tx, policy, std::slice::from_ref(sale)).await?.pop().flatten())
}

/// The discounts of several partners and plans at once, for lists; a partner that is none has no rate.
pub(crate) async fn discount_rates(
    db: &impl sea_orm::ConnectionTrait,
    of: impl Iterator<Item = (OrgId, Plan)>,
    policy: &Policy,
) -> Result<HashMap<(OrgId, Plan), i64>, Error> {
    let of: HashSet<(OrgId, Plan)> = of.collect();
    let terms = Terms::of(db, of.iter().map(|(partner, _)| *partner)).await?;
    let rate = |(partner, plan): (OrgId, Plan)| {
        let row = terms.partners.get(&partner)?;
        Some(((partner, plan), terms.rates(row, plan, policy).pick(policy).0))
    };
    Ok(of.into_iter().filter_map(rate).collect())
}

/// [`accrue`] for many sales in few statements; one answer per sale, in their order.
pub async fn accrue_all(
    kontor: &Kontor,
    tx: &DatabaseTransaction,
    policy: &Policy,
    sales: &[Sale],
) -> Result<Vec<Option<Accrual>>, Error> {
    let terms = Terms::of(tx, sales.iter().map(|sale| sale.partner)).await?;
    let mut rows = Vec::new();
    let mut outcomes = HashMap::new();
    let mut ids = Vec::new();
    for sale in sales {
        if sale.deal.payer == Payer::Partner {
            ids.push(None);
            continue;
        }
        let outcome = work_out(&terms.facts(sale, policy)?, policy);
        let row = line_of(kontor.id(), sale, &outcome, kontor.now())?;
        ids.push(Some(row.id));
        outcomes.insert(row.id, outcome);
        rows.push(row);
    }
    let new: HashSet<_> = commission_line::insert_new(tx, &rows).await?.into_iter().collect();
    let moves: HashMap<_, _> = rows.iter().map(|row| (row.id, moved(row))).collect();
    let mut answer = |id: CommissionId| {
        let outcome = outcomes.remove(&id)?;
        let moved = moves.get(&id).cloned().flatten();
        new.contains(&id).then_some(Accrual { id, outcome, moved })
    };
    Ok(ids.into_iter().map(|id| id.and_then(&mut answer)).collect())
}

/// The line of a sale, made at an instant, with what came out of it.
pub fn line_of(
    id: CommissionId,
    sale: &Sale,
    outcome: &Outcome,
    at: Instant,
) -> Result<commission_line::Model, Error> {
    Ok(commission_line::Model {
        id,
        partner_id: sale.partner,
        org_id: sale.org,
        subscription_id: sale.subscription,
        invoice_id: sale.invoice,
        reverses: None,
        cause_id: sale.cause,
        entity: sale.entity.clone(),
        currency: sale.deal.currency,
        plan: sale.deal.plan,
        kind: sale.deal.kind,
        rule: outcome.rule,
        base: sale.deal.base,
        eligible: outcome.eligible,
        rate_bp: outcome.rate_bp,
        rate_source: outcome.rate_source,
        amount: outcome.amount,
        why: serde_json::to_string(&outcome.why).map_err(internal)?,
        state: LineState::Pending,
        available_on: outcome.available_on,
        earned_on: sale.deal.sold_on,
        payout_id: None,
        created_at: at,
    })
}

/// What a new line moves; nothing if nothing is earned.
pub fn moved(row: &commission_line::Model) -> Option<Moved> {
    (row.amount != 0).then(|| Moved {
        movement: Movement::Accrued,
        cause: row.id.uuid(),
        partner: row.partner_id,
        org: Some(row.org_id),
        entity: row.entity.clone(),
        from: None,
        to: row.state,
        amount: Money::new(row.amount, row.currency),
    })
}

/// Where partners stand and what was agreed with them.
#[derive(Debug, Clone)]
pub(crate) struct Terms {
    partners: HashMap<OrgId, partner::Model>,
    plans: HashMap<(OrgId, Plan), i64>,
}

impl Terms {
    /// Reads those of some partners.
    pub(crate) async fn of(
        db: &impl sea_orm::ConnectionTrait,
        partners: impl Iterator<Item = OrgId>,
    ) -> Result<Self, Error> {
        let mut ids: Vec<_> = partners.collect();
        ids.sort_unstable();
        ids.dedup();
        let rates = partner_rate::of(db, ids.clone()).await?;
        Ok(Self {
            partners: directory::by_orgs(db, ids).await?.into_iter().map(|row| (row.org_id, row)).collect(),
            plans: rates.into_iter().map(|row| ((row.partner_id, row.plan), row.rate_bp)).collect(),
        })
    }

    /// The discount of a partner on what it pays for a plan, in basis points: what it would earn as commission if the
    /// customer paid (domain.md section 9).
    pub(crate) fn discount(&self, partner: &partner::Model, plan: Plan, policy: &Policy) -> i64 {
        self.rates(partner, plan, policy).pick(policy).0
    }

    /// The rates of a partner for a plan: agreed with it, and of its tier.
    pub(super) fn rates(&self, partner: &partner::Model, plan: Plan, policy: &Policy) -> Rates {
        let partner_plan = self.plans.get(&(partner.org_id, plan)).copied();
        Rates { partner_plan, partner: partner.rate_bp, tier: policy.tier_rate(partner.tier) }
    }

    /// The partner itself, or `NotFound`.
    pub(super) fn partner(&self, partner: OrgId) -> Result<&partner::Model, Error> {
        self.partners.get(&partner).ok_or(Error::NotFound)
    }

    fn facts(&self, sale: &Sale, policy: &Policy) -> Result<Facts, Error> {
        let row = self.partner(sale.partner)?;
        Ok(Facts {
            deal: sale.deal,
            partner: row.status,
            own: sale.org == sale.partner,
            rates: self.rates(row, sale.deal.plan, policy),
        })
    }
}

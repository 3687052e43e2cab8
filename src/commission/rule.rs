//! What a sale earns, and why (domain.md section 10). Pure: accrual, explanation and *what if* are this one function.

use super::{RateSource, Rule, SaleKind};
use crate::{
    kernel::{
        id::CommissionId,
        instant::Day,
        money::{Currency, basis_points, share},
    },
    partner::PartnerStatus,
    setting::Policy,
    subscription::{Plan, Term, change::Payer},
};
use serde::{Deserialize, Serialize};

/// What was bought when the mapping began; falls with what is dropped, never rises.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Baseline {
    /// The plan; nothing if nothing was bought.
    pub plan: Option<Plan>,
    /// Licences.
    pub seats: i64,
    /// Units of extra storage.
    pub addon_units: i64,
}

/// A sale, as far as commission asks. Amounts are minor units of `currency`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Deal {
    /// What was sold. A switch of term within a term is a renewal.
    pub kind: SaleKind,
    /// Who pays.
    pub payer: Payer,
    /// In which currency.
    pub currency: Currency,
    /// What is charged: after discount and coupons, without tax.
    pub base: i64,
    /// The plan after the sale.
    pub plan: Plan,
    /// Its term: says how long the commission is held.
    pub term: Term,
    /// Licences after the sale.
    pub seats: i64,
    /// Units of extra storage after the sale.
    pub addon_units: i64,
    /// List price of a licence of the plan for the term, on the day of the sale.
    pub unit_price: i64,
    /// List price of a unit of extra storage for the term, on the day of the sale.
    pub addon_price: i64,
    /// List price of a licence of the baseline's plan for the same term on the same day; 0 if there is no baseline.
    pub baseline_unit_price: i64,
    /// When it was sold.
    pub sold_on: Day,
    /// When the money came: it can be refunded in full, and commission is held, from then on.
    pub settled_on: Day,
    /// When the customer first paid for the service; nothing if this is the first time.
    pub first_paid_on: Option<Day>,
    /// Since when the customer is mapped to the partner.
    pub mapped_since: Day,
    /// What was bought when the mapping began.
    pub baseline: Baseline,
}

/// The rates agreed, in basis points (R10.8). The programme's default is a policy.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Rates {
    /// For this partner and plan.
    pub partner_plan: Option<i64>,
    /// For this partner.
    pub partner: Option<i64>,
    /// For the partner's tier.
    pub tier: Option<i64>,
}

impl Rates {
    /// The rate that counts and where it comes from.
    pub fn pick(&self, policy: &Policy) -> (i64, RateSource) {
        let agreed = [
            (self.partner_plan, RateSource::PartnerPlan),
            (self.partner, RateSource::Partner),
            (self.tier, RateSource::Tier),
        ];
        let first = agreed.into_iter().find_map(|(bp, source)| bp.map(|bp| (bp, source)));
        first.unwrap_or((policy.commission_rate_bp, RateSource::Programme))
    }
}

/// All that commission on a sale depends on, besides the policies.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Facts {
    /// The sale.
    pub deal: Deal,
    /// Where the partner stands.
    pub partner: PartnerStatus,
    /// Whether the customer is the partner itself.
    pub own: bool,
    /// What was agreed.
    pub rates: Rates,
}

crate::keyed! {
    /// Why nothing is earned.
    pub enum Reason {
        /// The partner pays, with its discount instead of commission.
        PartnerPays = "partner_pays",
        /// The partner bought for itself.
        OwnPurchase = "own_purchase",
        /// The partner is not in business: it accrues nothing (R10.6).
        PartnerStopped = "partner_stopped",
        /// Sold before the customer was mapped (R10.7).
        BeforeMapping = "before_mapping",
        /// The customer paid too long before it was mapped, and the programme shares nothing outside the window.
        OutsideWindow = "outside_window",
        /// Money that goes back is no sale, and neither is what finance decides by hand.
        NotASale = "not_a_sale",
    }
}

/// One step of the arithmetic, with what went into it. Amounts are minor units.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[expect(missing_docs, reason = "the fields are the figures of the step, named as in Deal")]
pub enum Step {
    /// Was the customer mapped soon enough after it first paid?
    Window { first_paid_on: Option<Day>, mapped_since: Day, window_days: i32, inside: bool },
    /// What the term is worth at list prices, and what of it the customer had before the mapping.
    Baseline {
        seats: i64,
        unit_price: i64,
        addon_units: i64,
        addon_price: i64,
        list: i64,
        baseline_seats: i64,
        baseline_unit_price: i64,
        baseline_addon_units: i64,
        baseline: i64,
    },
    /// The part of what is charged that earns: `base × new ÷ list`.
    Eligible { base: i64, new: i64, list: i64, eligible: i64 },
    /// `eligible × rate`.
    Commission { eligible: i64, rate_bp: i64, rate_source: RateSource, amount: i64 },
    /// Until when the sale can be refunded in full.
    Hold {
        term: Term,
        // Lines from before the hold began with the money say the day of the sale.
        #[serde(alias = "sold_on")]
        settled_on: Day,
        days: i32,
        available_on: Day,
    },
    /// A line taken back: `line amount × part ÷ whole`, or the rest of it.
    TakenBack { line: CommissionId, line_amount: i64, taken_before: i64, part: i64, whole: i64, amount: i64 },
    /// A dispute was won: what it had taken back of a line, for `part` of the invoice, is given again.
    Restored { line: CommissionId, part: i64, amount: i64 },
    /// Finance put a line right by hand; [`Why::note`] says why.
    Adjusted { line: CommissionId, line_amount: i64, amount: i64 },
}

/// Why a line is what it is: typed, so that a view can say it in the reader's language.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Why {
    /// The rule.
    pub rule: Rule,
    /// Why nothing is earned, under [`Rule::None`].
    pub reason: Option<Reason>,
    /// The arithmetic in order, with its inputs.
    pub steps: Vec<Step>,
    /// What finance gave as its reason, of an adjustment. Always written: in the browser's format nothing may be left out.
    #[serde(default)]
    pub note: Option<String>,
}

/// What a sale earns. Amounts are minor units of the deal's currency.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Outcome {
    /// The rule.
    pub rule: Rule,
    /// The part of the base that earns.
    pub eligible: i64,
    /// The rate, frozen on the line.
    pub rate_bp: i64,
    /// Where it comes from.
    pub rate_source: RateSource,
    /// The commission: half-up.
    pub amount: i64,
    /// The first day on which it can be paid out.
    pub available_on: Day,
    /// Why.
    pub why: Why,
}

/// What a sale earns under the policies.
pub fn work_out(facts: &Facts, policy: &Policy) -> Outcome {
    let mut steps = Vec::new();
    let (rate_bp, rate_source) = facts.rates.pick(policy);
    let (rule, reason, eligible) = match eligible(facts, policy, &mut steps) {
        Ok((rule, eligible)) => (rule, None, eligible),
        Err(reason) => (Rule::None, Some(reason), 0),
    };
    let amount = basis_points(eligible, rate_bp);
    let deal = &facts.deal;
    let days = hold_days(deal.term, policy);
    let available_on = deal.settled_on.plus(days);
    if rule != Rule::None {
        steps.push(Step::Commission { eligible, rate_bp, rate_source, amount });
        steps.push(Step::Hold { term: deal.term, settled_on: deal.settled_on, days, available_on });
    }
    let why = Why { rule, reason, steps, note: None };
    Outcome { rule, eligible, rate_bp, rate_source, amount, available_on, why }
}

/// Days commission is held: as long as the term can be refunded in full.
pub fn hold_days(term: Term, policy: &Policy) -> i32 {
    match term {
        Term::Yearly => policy.refund_days_yearly,
        Term::Monthly | Term::None => policy.refund_days_monthly,
    }
}

fn eligible(facts: &Facts, policy: &Policy, steps: &mut Vec<Step>) -> Result<(Rule, i64), Reason> {
    let deal = &facts.deal;
    if !deal.kind.is_a_sale() {
        return Err(Reason::NotASale);
    }
    if deal.payer == Payer::Partner {
        return Err(Reason::PartnerPays);
    }
    if facts.own {
        return Err(Reason::OwnPurchase);
    }
    if !facts.partner.is_in_business() {
        return Err(Reason::PartnerStopped);
    }
    if deal.sold_on < deal.mapped_since {
        return Err(Reason::BeforeMapping);
    }
    let window_days = policy.commission_full_window_days;
    let inside = deal.first_paid_on.is_none_or(|paid| deal.mapped_since.since(paid) <= window_days);
    let (first_paid_on, mapped_since) = (deal.first_paid_on, deal.mapped_since);
    steps.push(Step::Window { first_paid_on, mapped_since, window_days, inside });
    if inside {
        return Ok((Rule::Full, deal.base));
    }
    if !policy.commission_delta_only {
        return Err(Reason::OutsideWindow);
    }
    match deal.kind {
        SaleKind::Upgrade | SaleKind::AddOn => Ok((Rule::DeltaOnly, deal.base)),
        _ => Ok((Rule::DeltaOnly, delta(deal, steps))),
    }
}

/// What of a whole term was bought after the mapping: its list value less the baseline's at the same prices, as a
/// share of what is charged.
fn delta(deal: &Deal, steps: &mut Vec<Step>) -> i64 {
    let worth = |seats: i64, unit: i64, addons: i64| {
        let licences = seats.max(0).saturating_mul(unit.max(0));
        licences.saturating_add(addons.max(0).saturating_mul(deal.addon_price.max(0)))
    };
    let had = &deal.baseline;
    let list = worth(deal.seats, deal.unit_price, deal.addon_units);
    let baseline = worth(had.seats, deal.baseline_unit_price, had.addon_units);
    steps.push(Step::Baseline {
        seats: deal.seats,
        unit_price: deal.unit_price,
        addon_units: deal.addon_units,
        addon_price: deal.addon_price,
        list,
        baseline_seats: had.seats,
        baseline_unit_price: deal.baseline_unit_price,
        baseline_addon_units: had.addon_units,
        baseline,
    });
    let new = list.saturating_sub(baseline).max(0);
    let eligible = if list == 0 { 0 } else { share(deal.base, new, list) };
    steps.push(Step::Eligible { base: deal.base, new, list, eligible });
    eligible
}

/// The baseline after what is bought has become `plan`, `seats` and `addon_units`: it falls with what was dropped and
/// never rises. `price` is the list price of a plan's licence, by which a lower plan is told from a higher one.
pub fn baseline_after(
    baseline: Baseline,
    plan: Plan,
    seats: i64,
    addon_units: i64,
    price: impl Fn(Plan) -> i64,
) -> Baseline {
    let lower = baseline.plan.map(|had| if price(plan) < price(had) { plan } else { had });
    Baseline {
        plan: lower,
        seats: baseline.seats.min(seats).max(0),
        addon_units: baseline.addon_units.min(addon_units).max(0),
    }
}

#[cfg(test)]
#[path = "rule_tests.rs"]
mod tests;

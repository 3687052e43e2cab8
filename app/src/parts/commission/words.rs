//! Commission in words.

use crate::{i18n, t, ui::Tone};
use kontor::{
    commission::{LineState, RateSource, Reason, Rule, SaleKind, Step},
    kernel::money::{Currency, Money},
};

/// What was sold.
pub fn kind(kind: SaleKind) -> &'static str {
    match kind {
        SaleKind::New => t::commission::kind_new(),
        SaleKind::Upgrade => t::commission::kind_upgrade(),
        SaleKind::AddOn => t::commission::kind_add_on(),
        SaleKind::Renewal => t::commission::kind_renewal(),
        SaleKind::Refund => t::commission::kind_refund(),
        SaleKind::Chargeback => t::commission::kind_chargeback(),
        SaleKind::Adjustment => t::commission::kind_adjustment(),
    }
}

/// Where a line stands.
pub fn state(state: LineState) -> (&'static str, Tone) {
    match state {
        LineState::Pending => (t::commission::state_pending(), Tone::Info),
        LineState::Available => (t::commission::state_available(), Tone::Success),
        LineState::Locked => (t::commission::state_locked(), Tone::Info),
        LineState::Paid => (t::commission::state_paid(), Tone::Neutral),
        LineState::Reversed => (t::commission::state_reversed(), Tone::Warning),
    }
}

/// Which rule a line follows.
pub fn rule(rule: Rule) -> &'static str {
    match rule {
        Rule::Full => t::commission::rule_full(),
        Rule::DeltaOnly => t::commission::rule_delta(),
        Rule::None => t::commission::rule_none(),
    }
}

/// Why nothing is earned.
pub fn reason(reason: Reason) -> &'static str {
    match reason {
        Reason::PartnerPays => t::commission::reason_partner_pays(),
        Reason::OwnPurchase => t::commission::reason_own_purchase(),
        Reason::PartnerStopped => t::commission::reason_partner_stopped(),
        Reason::BeforeMapping => t::commission::reason_before_mapping(),
        Reason::OutsideWindow => t::commission::reason_outside_window(),
        Reason::NotASale => t::commission::reason_not_a_sale(),
    }
}

fn source(source: RateSource) -> &'static str {
    match source {
        RateSource::PartnerPlan => t::commission::source_partner_plan(),
        RateSource::Partner => t::commission::source_partner(),
        RateSource::Tier => t::commission::source_tier(),
        RateSource::Programme => t::commission::source_programme(),
    }
}

/// A step of the arithmetic, with its figures.
pub fn step(step: &Step, currency: Currency) -> String {
    let money = |minor: i64| i18n::money(Money::new(minor, currency));
    match *step {
        Step::Window { first_paid_on: None, .. } => t::commission::step_first().into(),
        Step::Window { first_paid_on: Some(paid), mapped_since, window_days, inside } => {
            let (mapped, paid, days) =
                (i18n::date(mapped_since), i18n::date(paid), i18n::number(window_days.into()));
            match inside {
                true => t::commission::step_inside(days, mapped, paid),
                false => t::commission::step_outside(days, mapped, paid),
            }
        }
        Step::Baseline {
            seats,
            unit_price,
            addon_units,
            addon_price,
            list,
            baseline_seats,
            baseline_unit_price,
            baseline_addon_units,
            baseline,
        } => {
            let worth = |seats: i64, price: i64, units: i64| {
                let licences = t::commission::worth(i18n::number(seats), money(price));
                match units {
                    0 => licences,
                    units => format!(
                        "{licences} + {}",
                        t::commission::worth(i18n::number(units), money(addon_price))
                    ),
                }
            };
            let now = worth(seats, unit_price, addon_units);
            let before = worth(baseline_seats, baseline_unit_price, baseline_addon_units);
            t::commission::step_baseline(now, money(list), before, money(baseline))
        }
        Step::Eligible { base, new, list, eligible } => {
            t::commission::step_eligible(money(base), money(new), money(list), money(eligible))
        }
        Step::Commission { eligible, rate_bp, rate_source, amount } => {
            let rate = i18n::percent(rate_bp);
            t::commission::step_commission(money(eligible), rate, source(rate_source), money(amount))
        }
        Step::Hold { settled_on, days, available_on, .. } => {
            let (paid, days) = (i18n::date(settled_on), i18n::number(days.into()));
            t::commission::step_hold(days, i18n::date(available_on), paid)
        }
        Step::Restored { amount, .. } => t::commission::step_restored(money(amount)),
        Step::Adjusted { line_amount, amount, .. } => {
            t::commission::step_adjusted(money(amount), money(line_amount))
        }
        Step::TakenBack { line_amount, taken_before, part, whole, amount, .. } => {
            let (of, before) = (money(line_amount), money(taken_before));
            t::commission::step_taken_back(of, before, money(part), money(whole), money(amount))
        }
    }
}

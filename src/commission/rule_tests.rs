use super::*;
use crate::kernel::money::MAX_MINOR;
use proptest::prelude::*;

fn policy() -> Policy {
    Policy::defaults(false)
}

/// Ten licences of Standard for a year at 36.00, mapped on the day they were first paid.
fn deal() -> Deal {
    Deal {
        kind: SaleKind::New,
        payer: Payer::Customer,
        currency: Currency::Eur,
        base: 36_000,
        plan: Plan::Standard,
        term: Term::Yearly,
        seats: 10,
        addon_units: 0,
        unit_price: 3_600,
        addon_price: 1_000,
        baseline_unit_price: 3_600,
        sold_on: Day(20_500),
        settled_on: Day(20_500),
        first_paid_on: Some(Day(20_500)),
        mapped_since: Day(20_500),
        baseline: Baseline { plan: Some(Plan::Standard), seats: 10, addon_units: 0 },
    }
}

/// A renewal of a customer that was mapped a year after it first paid.
fn late(seats: i64, baseline_seats: i64) -> Deal {
    Deal {
        kind: SaleKind::Renewal,
        base: seats * 3_600,
        seats,
        first_paid_on: Some(Day(20_000)),
        mapped_since: Day(20_365),
        sold_on: Day(20_500),
        baseline: Baseline { plan: Some(Plan::Standard), seats: baseline_seats, addon_units: 0 },
        ..deal()
    }
}

fn facts(deal: Deal) -> Facts {
    let rates = Rates { partner: Some(2_000), ..Default::default() };
    Facts { deal, partner: PartnerStatus::Active, own: false, rates }
}

fn out(deal: Deal) -> Outcome {
    work_out(&facts(deal), &policy())
}

#[test]
fn the_example_of_the_programme_comes_out_to_the_cent() {
    // R10.9: list 360.00 at 20 % earns 72.00.
    let outcome = out(deal());
    assert_eq!((outcome.rule, outcome.eligible, outcome.amount), (Rule::Full, 36_000, 7_200));
    assert_eq!(outcome.available_on, Day(20_545));
    assert_eq!(out(Deal { term: Term::Monthly, ..deal() }).available_on, Day(20_530));
    assert_eq!(outcome.why.steps.len(), 3);
}

#[test]
fn only_licences_bought_after_the_mapping_earn_at_a_late_renewal() {
    // Domain.md section 10: 10 at the mapping, +5, renewal of 15; then 12; then 8, later 11.
    for (seats, baseline, new) in [(15, 10, 5), (12, 10, 2), (11, 8, 3), (10, 10, 0), (8, 10, 0)] {
        let outcome = out(late(seats, baseline));
        assert_eq!(outcome.rule, Rule::DeltaOnly);
        assert_eq!(outcome.eligible, new * 3_600, "{seats} over {baseline}");
        assert_eq!(outcome.amount, new * 720, "{seats} over {baseline}");
    }
}

#[test]
fn the_share_is_of_what_is_charged_and_not_of_the_list() {
    // Half of it was paid by a credit: five of fifteen licences earn a third of the other half.
    let outcome = out(Deal { base: 27_000, ..late(15, 10) });
    assert_eq!(outcome.eligible, 9_000);
}

#[test]
fn a_higher_plan_earns_its_difference_at_a_late_renewal() {
    let higher = Deal { plan: Plan::Professional, unit_price: 7_200, base: 72_000, ..late(10, 10) };
    assert_eq!(out(higher).eligible, 36_000);
    let storage = Deal { addon_units: 3, base: 39_000, ..late(10, 10) };
    assert_eq!(out(storage).eligible, 3_000);
}

#[test]
fn a_late_upgrade_earns_in_full() {
    for kind in [SaleKind::Upgrade, SaleKind::AddOn] {
        let outcome = out(Deal { kind, base: 13_562, ..late(15, 10) });
        assert_eq!((outcome.rule, outcome.eligible, outcome.amount), (Rule::DeltaOnly, 13_562, 2_712));
    }
    // Cancelling and buying the same anew is no way around it.
    assert_eq!(out(Deal { kind: SaleKind::New, ..late(15, 10) }).eligible, 5 * 3_600);
}

#[test]
fn the_window_ends_with_its_last_day() {
    let mapped = |days| Deal {
        kind: SaleKind::Renewal,
        mapped_since: Day(20_000 + days),
        first_paid_on: Some(Day(20_000)),
        ..deal()
    };
    assert_eq!(out(mapped(60)).rule, Rule::Full);
    assert_eq!(out(mapped(61)).rule, Rule::DeltaOnly);
    // Mapped first, paid later: always within.
    assert_eq!(out(mapped(-400)).rule, Rule::Full);
    assert_eq!(out(Deal { first_paid_on: None, ..deal() }).rule, Rule::Full);
    let strict = Policy { commission_delta_only: false, ..policy() };
    let outcome = work_out(&facts(mapped(61)), &strict);
    assert_eq!((outcome.rule, outcome.why.reason), (Rule::None, Some(Reason::OutsideWindow)));
    assert_eq!(work_out(&facts(mapped(60)), &strict).rule, Rule::Full);
}

#[test]
fn whoever_may_not_earn_earns_nothing_and_is_told_why() {
    let whole = facts(deal());
    let paid = Facts { deal: Deal { payer: Payer::Partner, ..deal() }, ..whole };
    let early = Facts { deal: Deal { sold_on: Day(20_499), ..deal() }, ..whole };
    let refund = Facts { deal: Deal { kind: SaleKind::Refund, ..deal() }, ..whole };
    let adjusted = Facts { deal: Deal { kind: SaleKind::Adjustment, ..deal() }, ..whole };
    let mut cases = vec![
        (paid, Reason::PartnerPays),
        (Facts { own: true, ..whole }, Reason::OwnPurchase),
        (early, Reason::BeforeMapping),
        (refund, Reason::NotASale),
        (adjusted, Reason::NotASale),
    ];
    for partner in [PartnerStatus::Inactive, PartnerStatus::Suspended, PartnerStatus::Terminated] {
        cases.push((Facts { partner, ..whole }, Reason::PartnerStopped));
    }
    for (facts, reason) in cases {
        let outcome = work_out(&facts, &policy());
        assert_eq!(outcome.why.reason, Some(reason));
        assert_eq!((outcome.rule, outcome.eligible, outcome.amount), (Rule::None, 0, 0), "{reason}");
    }
    assert_eq!(work_out(&Facts { partner: PartnerStatus::Onboarding, ..whole }, &policy()).amount, 7_200);
}

#[test]
fn the_most_particular_rate_counts() {
    let all = Rates { partner_plan: Some(100), partner: Some(200), tier: Some(300) };
    let without = |rates: Rates| rates.pick(&policy());
    assert_eq!(without(all), (100, RateSource::PartnerPlan));
    assert_eq!(without(Rates { partner_plan: None, ..all }), (200, RateSource::Partner));
    let tier = Rates { partner_plan: None, partner: None, ..all };
    assert_eq!(without(tier), (300, RateSource::Tier));
    assert_eq!(without(Rates::default()), (2_000, RateSource::Programme));
    // An agreed rate of nothing is agreed.
    assert_eq!(without(Rates { partner_plan: Some(0), ..all }), (0, RateSource::PartnerPlan));
}

#[test]
fn the_hold_begins_with_the_money_and_not_with_the_sale() {
    let outcome = out(Deal { settled_on: Day(20_520), ..deal() });
    assert_eq!(outcome.available_on, Day(20_565));
    let before = r#"{"hold":{"term":"yearly","sold_on":20500,"days":45,"available_on":20545}}"#;
    let hold =
        Step::Hold { term: Term::Yearly, settled_on: Day(20_500), days: 45, available_on: Day(20_545) };
    assert_eq!(serde_json::from_str::<Step>(before).unwrap(), hold);
}

#[test]
fn why_reads_back() {
    let why = out(late(15, 10)).why;
    let stored = serde_json::to_string(&why).unwrap();
    assert_eq!(serde_json::from_str::<Why>(&stored).unwrap(), why);
    assert!(stored.len() < 700, "a line is stored a million times a month: {}", stored.len());
}

fn price(plan: Plan) -> i64 {
    match plan {
        Plan::Free => 0,
        Plan::MailLite => 1_200,
        Plan::MailLite10 => 1_500,
        Plan::Standard => 3_600,
        Plan::MailPremium => 4_800,
        Plan::Professional => 7_200,
    }
}

fn plans() -> impl Strategy<Value = Plan> {
    prop::sample::select(Plan::ALL)
}

proptest! {
    /// Whatever is bought and dropped, the baseline is never worth more than before, and never more than what is there.
    #[test]
    fn a_baseline_never_rises(
        first in (plans(), 1i64..500, 0i64..50),
        path in prop::collection::vec((plans(), 0i64..500, 0i64..50), 0..20),
    ) {
        let worth = |b: Baseline| b.plan.map_or(0, price) * b.seats + b.addon_units * 1_000;
        let mut baseline = Baseline { plan: Some(first.0), seats: first.1, addon_units: first.2 };
        for (plan, seats, addons) in path {
            let next = baseline_after(baseline, plan, seats, addons, price);
            prop_assert!(worth(next) <= worth(baseline));
            prop_assert!(worth(next) <= price(plan) * seats + addons * 1_000);
            prop_assert_eq!(baseline_after(next, plan, seats, addons, price), next);
            baseline = next;
        }
    }

    /// Nothing ever earns more than what is charged, and a late sale never more than one in time.
    #[test]
    fn commission_stays_within_what_is_charged(
        base in 0i64..=MAX_MINOR, bp in 0i64..=10_000, seats in 0i64..=100_000, had in 0i64..=100_000,
        unit in 0i64..10_000_000, was in 0i64..10_000_000, apart in -500i32..500,
    ) {
        let deal = Deal {
            base, unit_price: unit, baseline_unit_price: was, first_paid_on: Some(Day(20_365 - apart)),
            ..late(seats, had)
        };
        let rates = Rates { partner: Some(bp), ..Default::default() };
        let outcome = work_out(&Facts { rates, ..facts(deal) }, &policy());
        prop_assert!((0..=base).contains(&outcome.eligible));
        prop_assert!((0..=outcome.eligible).contains(&outcome.amount));
        let early = Deal { first_paid_on: None, ..deal };
        let early = work_out(&Facts { rates, ..facts(early) }, &policy());
        prop_assert!(outcome.amount <= early.amount);
        if apart <= 60 {
            prop_assert_eq!(outcome.eligible, base);
        }
    }

    /// Figures nobody means well by neither overflow nor earn more than is charged.
    #[test]
    fn hostile_figures_are_harmless(base in any::<i64>(), seats in any::<i64>(), had in any::<i64>(), unit in any::<i64>()) {
        let deal = Deal { base, unit_price: unit, baseline_unit_price: unit, ..late(1, had) };
        let outcome = out(Deal { seats, ..deal });
        prop_assert!(outcome.amount.unsigned_abs() <= base.unsigned_abs());
    }
}

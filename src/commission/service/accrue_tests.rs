use super::{stage::Stage, *};
use crate::{
    commission::{LineQuery, LineState, Movement, RateSource, Reason, Rule, SaleKind, SetRate, Step},
    kernel::{id::OrgId, money::Currency, right::Role, testing::Bench},
    organisation::service::stage::{actor, partner, person},
    partner::{PartnerStatus, PartnerType},
    setting::service::policy,
    subscription::change::Payer,
};
use LineState::*;
use sea_orm::{ActiveValue::Set, EntityTrait};

#[tokio::test]
async fn a_sale_accrues_once_and_says_why() {
    for bench in Bench::all().await {
        let stage = Stage::open(&bench).await;
        let kontor = &bench.kontor;
        let sale = stage.sale(36_000);
        let accrual = stage.accrue(&sale).await.unwrap();
        let moved = accrual.moved.unwrap();
        assert_eq!(
            (moved.movement, moved.from, moved.to),
            (Movement::Accrued, None, Pending),
            "{}",
            bench.name
        );
        assert_eq!((moved.amount.minor, moved.amount.currency), (7_200, Currency::Eur));
        assert_eq!(stage.accrue(&sale).await, None);
        assert_eq!(stage.states().await, [(7_200, Pending)]);

        let view = line(kontor, &stage.owner, stage.partner, accrual.id).await.unwrap();
        assert_eq!((view.row.customer.as_str(), view.row.rule), ("Kunde", Rule::Full));
        assert_eq!((view.row.rate_bp, view.row.rate_source), (2_000, RateSource::Partner));
        assert_eq!(view.why, accrual.outcome.why);
        assert!(view.why.steps.iter().any(|step| matches!(step, Step::Commission { amount: 7_200, .. })));
        // What if: the same function, the same answer.
        let outcome = what_if(kontor, &stage.owner, stage.partner, sale.deal).await.unwrap();
        assert_eq!(outcome, accrual.outcome);
    }
}

#[tokio::test]
async fn many_sales_accrue_in_their_order_and_known_ones_are_left_out() {
    for bench in Bench::all().await {
        let stage = Stage::open(&bench).await;
        let kontor = &bench.kontor;
        let known = stage.sale(10_000);
        stage.accrue(&known).await.unwrap();
        let mut sales: Vec<_> = (1..=1_200).map(|n| stage.sale(n * 100)).collect();
        sales[3].deal.payer = Payer::Partner;
        sales[700] = known.clone();
        let policy = policy(kontor, kontor.db.read()).await.unwrap();
        let tx = kontor.db.begin().await.unwrap();
        let accruals = accrue_all(kontor, &tx, &policy, &sales).await.unwrap();
        tx.commit().await.unwrap();
        assert_eq!(accruals.len(), 1_200);
        for (n, (sale, accrual)) in sales.iter().zip(&accruals).enumerate() {
            let amount = accrual.as_ref().map(|a| a.outcome.amount);
            let expected = (n != 3 && n != 700).then_some(sale.deal.base / 5);
            assert_eq!(amount, expected, "{} {n}", bench.name);
        }
        assert_eq!(stage.states().await.len(), 1_199);
    }
}

#[tokio::test]
async fn the_rate_agreed_for_a_plan_counts_and_stays_on_the_line() {
    for bench in Bench::all().await {
        let stage = Stage::open(&bench).await;
        let kontor = &bench.kontor;
        let admin = person(&bench, stage.vendor, Role::VendorAdmin, "admin@vendor.test").await;
        let admin = actor(&bench, &admin, stage.vendor).await;
        let form = |rate: &str| SetRate { plan: "standard".into(), rate: rate.into() };
        assert_eq!(set_rate(kontor, &stage.finance, stage.partner, &form("25")).await, Err(Error::Forbidden));
        set_rate(kontor, &admin, stage.partner, &form("25")).await.unwrap();
        let first = stage.accrue(&stage.sale(10_000)).await.unwrap();
        assert_eq!((first.outcome.amount, first.outcome.rate_source), (2_500, RateSource::PartnerPlan));
        set_rate(kontor, &admin, stage.partner, &form("30")).await.unwrap();
        assert_eq!(rates(kontor, &stage.owner, stage.partner).await.unwrap()[0].1, 3_000);
        let kept = line(kontor, &stage.owner, stage.partner, first.id).await.unwrap();
        assert_eq!((kept.row.rate_bp, kept.row.amount), (2_500, 2_500), "{}", bench.name);
        set_rate(kontor, &admin, stage.partner, &form("")).await.unwrap();
        assert_eq!(stage.accrue(&stage.sale(10_000)).await.unwrap().outcome.rate_source, RateSource::Partner);
        let free = SetRate { plan: "free".into(), rate: "5".into() };
        let wrong = set_rate(kontor, &admin, stage.partner, &free).await;
        assert_eq!(wrong, Err(Error::field("plan", crate::Issue::NotAChoice)));
    }
}

#[tokio::test]
async fn a_stopped_partner_earns_a_line_of_nothing_that_says_why() {
    for bench in Bench::all().await {
        let stage = Stage::open(&bench).await;
        let kontor = &bench.kontor;
        use crate::partner::rows::partner;
        let stopped = partner::ActiveModel {
            org_id: Set(stage.partner),
            status: Set(PartnerStatus::Inactive),
            ..Default::default()
        };
        partner::Entity::update(stopped).exec(kontor.db.writer()).await.unwrap();
        let accrual = stage.accrue(&stage.sale(10_000)).await.unwrap();
        assert_eq!((accrual.outcome.amount, accrual.moved), (0, None), "{}", bench.name);
        assert_eq!(accrual.outcome.why.reason, Some(Reason::PartnerStopped));
        let mut unknown = stage.sale(10_000);
        unknown.partner = stage.customer;
        let policy = policy(kontor, kontor.db.read()).await.unwrap();
        let tx = kontor.db.begin().await.unwrap();
        assert_eq!(accrue(kontor, &tx, &policy, &unknown).await, Err(Error::NotFound));
    }
}

#[tokio::test]
async fn a_refund_before_the_payout_reduces_the_balance_it_is_in() {
    for bench in Bench::all().await {
        let stage = Stage::open(&bench).await;
        let sale = stage.sale(36_000);
        let accrual = stage.accrue(&sale).await.unwrap();
        let moves = stage.back(&sale, 10_000, 1).await;
        assert_eq!(moves.len(), 1, "{}", bench.name);
        assert_eq!((moves[0].amount.minor, moves[0].from, moves[0].to), (-2_000, None, Pending));
        // The same refund, told twice by the provider.
        assert_eq!(stage.back(&sale, 10_000, 1).await, []);
        assert_eq!(stage.states().await, [(7_200, Pending), (-2_000, Pending)]);
        let view = line(&bench.kontor, &stage.owner, stage.partner, accrual.id).await.unwrap();
        assert_eq!((view.reversals.len(), view.reversals[0].base), (1, -10_000));

        stage.days(45);
        stage.release(10).await;
        assert_eq!(stage.back(&sale, 26_000, 2).await[0].to, Available);
        assert_eq!(stage.states().await, [(7_200, Reversed), (-2_000, Reversed), (-5_200, Reversed)]);
        assert_eq!(stage.back(&sale, 1, 3).await, []);
        assert_eq!(balance(&bench.kontor, &stage.owner, stage.partner).await.unwrap(), []);
    }
}

#[tokio::test]
async fn a_refund_takes_back_every_line_of_its_invoice() {
    for bench in Bench::all().await {
        let stage = Stage::open(&bench).await;
        let upgrade = stage.sale(10_000);
        let mut addon = upgrade.clone();
        addon.deal.kind = SaleKind::AddOn;
        addon.deal.base = 5_000;
        for sale in [&upgrade, &addon] {
            stage.accrue(sale).await.unwrap();
        }
        let kontor = &bench.kontor;
        let tx = kontor.db.begin().await.unwrap();
        let cause = uuid::Uuid::from_u128(1);
        let back =
            Back { invoice: upgrade.invoice, part: 7_500, whole: 15_000, cause, kind: SaleKind::Chargeback };
        let moves = claw_back(kontor, &tx, &back).await.unwrap();
        tx.commit().await.unwrap();
        assert_eq!(
            moves.iter().map(|m| m.amount.minor).collect::<Vec<_>>(),
            [-1_000, -500],
            "{}",
            bench.name
        );
        for (part, whole, kind) in
            [(0, 1, SaleKind::Refund), (2, 1, SaleKind::Refund), (1, 1, SaleKind::Renewal)]
        {
            let tx = kontor.db.begin().await.unwrap();
            let wrong = Back { part, whole, kind, ..back };
            assert_eq!(claw_back(kontor, &tx, &wrong).await, Err(Error::BadRequest));
        }
    }
}

#[tokio::test]
async fn what_was_taken_back_is_released_with_its_line_however_small_the_batch() {
    for bench in Bench::all().await {
        let stage = Stage::open(&bench).await;
        let sale = stage.sale(36_000);
        stage.accrue(&sale).await.unwrap();
        stage.back(&sale, 10_000, 1).await;
        let other = stage.sale(1_000);
        stage.accrue(&other).await.unwrap();
        stage.days(44);
        assert_eq!(stage.release(1).await, (0, vec![]), "{}", bench.name);
        stage.days(1);
        let (found, moves) = stage.release(1).await;
        assert_eq!((found, moves.len()), (1, 2));
        assert_eq!(stage.states().await, [(7_200, Available), (-2_000, Available), (200, Pending)]);
        assert_eq!(stage.release(10).await.0, 1);
        assert_eq!(stage.release(10).await.0, 0);
        let balances = balance(&bench.kontor, &stage.finance, stage.partner).await.unwrap();
        assert_eq!((balances[0].available, balances[0].pending, balances.len()), (5_400, 0, 1));
    }
}

#[tokio::test]
async fn lines_are_paged_and_filtered_and_are_nobody_elses() {
    for bench in Bench::all().await {
        let stage = Stage::open(&bench).await;
        let kontor = &bench.kontor;
        let policy = policy(kontor, kontor.db.read()).await.unwrap();
        for _ in 0..3 {
            // Forty at the same instant: a page ends within them.
            bench.clock.move_ms(1);
            let mut sales: Vec<_> = (0..40).map(|n| stage.sale(1_000 + n)).collect();
            sales.iter_mut().take(10).for_each(|sale| sale.deal.kind = SaleKind::Renewal);
            let tx = kontor.db.begin().await.unwrap();
            accrue_all(kontor, &tx, &policy, &sales).await.unwrap();
            tx.commit().await.unwrap();
        }
        let mut query = LineQuery::default();
        let mut seen = Vec::new();
        loop {
            let page = lines(kontor, &stage.owner, stage.partner, &query).await.unwrap();
            seen.extend(page.rows.iter().map(|row| (row.at, row.id)));
            let Some(next) = page.next else { break };
            query.after = Some(next);
        }
        assert_eq!(seen.len(), 120, "{}", bench.name);
        assert!(seen.windows(2).all(|pair| pair[0] > pair[1]));
        let month = crate::commission::Month::of(stage.today());
        let cases = [
            (LineQuery { kind: Some(SaleKind::Renewal), ..Default::default() }, 30),
            (LineQuery { state: Some(Locked), ..Default::default() }, 0),
            (LineQuery { month: Some(month.next()), ..Default::default() }, 0),
            (LineQuery { month: Some(month), customer: Some(stage.customer), ..Default::default() }, 50),
        ];
        for (query, expected) in cases {
            let page = lines(kontor, &stage.owner, stage.partner, &query).await.unwrap();
            assert_eq!(page.rows.len(), expected, "{query:?}");
        }
    }
}

#[tokio::test]
async fn another_partners_commission_is_not_found() {
    for bench in Bench::all().await {
        let stage = Stage::open(&bench).await;
        let kontor = &bench.kontor;
        let accrual = stage.accrue(&stage.sale(1_000)).await.unwrap();
        let (other, stranger) = partner(&bench, "Alpen", PartnerType::Reseller).await;
        let stranger = actor(&bench, &stranger, other).await;
        let all = LineQuery::default();
        assert_eq!(
            lines(kontor, &stranger, stage.partner, &all).await,
            Err(Error::NotFound),
            "{}",
            bench.name
        );
        assert_eq!(line(kontor, &stranger, other, accrual.id).await, Err(Error::NotFound));
        assert_eq!(balance(kontor, &stranger, stage.partner).await, Err(Error::NotFound));
        let sales = person(&bench, stage.partner, Role::PartnerSales, "sales@nordlicht.test").await;
        let sales = actor(&bench, &sales, stage.partner).await;
        assert_eq!(balance(kontor, &sales, stage.partner).await, Err(Error::Forbidden));
        let reviewer = person(&bench, stage.vendor, Role::Reviewer, "reviewer@vendor.test").await;
        let reviewer = actor(&bench, &reviewer, stage.vendor).await;
        assert_eq!(balance(kontor, &reviewer, stage.partner).await, Err(Error::Forbidden));
        let found = lines(kontor, &stage.finance, stage.partner, &all).await.unwrap();
        assert_eq!(found.rows.len(), 1);
        let elsewhere = LineQuery { customer: Some(OrgId(uuid::Uuid::from_u128(5))), ..all };
        assert_eq!(lines(kontor, &stage.owner, stage.partner, &elsewhere).await.unwrap().rows, []);
    }
}

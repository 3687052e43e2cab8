//! Queries of commission and payouts walk their indexes: EXPLAIN on 20,000 analysed lines.

use super::stage::Stage;
use crate::{
    commission::{
        LineQuery, LineState, Month, SaleKind,
        rows::{commission_line, statement},
    },
    kernel::{
        id::*,
        testing::{Bench, analyse, plan_of},
    },
    payout::{PayoutStatus, rows::payout},
};
use sea_orm::{EntityTrait, QueryTrait};

/// Answers a partner that has payouts.
async fn twenty_thousand(stage: &Stage<'_>) -> OrgId {
    let kontor = &stage.bench.kontor;
    let model = stage.sale(1_000);
    let first = stage.accrue(&model).await.unwrap();
    let first =
        commission_line::of_partner(kontor.db.read(), stage.partner, first.id).await.unwrap().unwrap();
    let tx = kontor.db.begin().await.unwrap();
    let others: Vec<OrgId> = (0..9).map(|_| kontor.id()).collect();
    let orgs: Vec<OrgId> = (0..100).map(|_| kontor.id()).collect();
    let mut payouts = Vec::new();
    for n in 0..40u32 {
        let chunk: Vec<_> = (0..500u32)
            .map(|m| commission_line::Model {
                id: kontor.id(),
                partner_id: if m % 5 < 2 { stage.partner } else { others[m as usize % 9] },
                org_id: orgs[(m % 100) as usize],
                invoice_id: kontor.id(),
                cause_id: kontor.id::<JobId>().uuid(),
                kind: SaleKind::ALL[(m % 7) as usize],
                state: LineState::ALL[((m / 7) % 5) as usize],
                available_on: first.available_on.plus((n * 7 % 60) as i32),
                created_at: first.created_at.plus_minutes((n * 500 + m).into()),
                ..first.clone()
            })
            .collect();
        commission_line::insert_new(&tx, &chunk).await.unwrap();
        payouts.extend((0..50u32).map(|m| {
            payout::ActiveModel::from(payout::Model {
                id: kontor.id(),
                partner_id: others[m as usize % 9],
                entity: "de".into(),
                currency: first.currency,
                number: format!("PO-{n}-{m}"),
                amount: 1,
                lines: 1,
                status: PayoutStatus::ALL[(m % 9) as usize],
                account_id: kontor.id(),
                method: String::new(),
                request_key: format!("key-{n}-{m}"),
                requested_by: String::new(),
                requested_at: first.created_at.plus_minutes((n * 50 + m).into()),
                reference: String::new(),
                reject_reason: String::new(),
                decided_at: None,
                sent_at: None,
                paid_at: None,
                version: 1,
                exported_at: None,
                exported_by: None,
            })
        }));
    }
    let partners = (0..199).map(|_| kontor.id()).chain([stage.partner]);
    let months = Month::of(stage.today());
    let statements =
        partners.flat_map(|partner_id: OrgId| (0..100).map(move |n| (partner_id, Month(months.0 - n))));
    let statements = statements.map(|(partner_id, month)| statement::Model {
        id: kontor.id(),
        partner_id,
        entity: "de".into(),
        currency: first.currency,
        month,
        opening: 0,
        earned: 0,
        reversed: 0,
        paid: 0,
        closing: 0,
        lines: 0,
        digest: String::new(),
        closed_at: first.created_at,
    });
    statement::insert_new(&tx, statements.collect()).await.unwrap();
    for chunk in payouts.chunks(500) {
        payout::Entity::insert_many(chunk.to_vec()).exec_without_returning(&tx).await.unwrap();
    }
    tx.commit().await.unwrap();
    analyse(kontor).await;
    others[0]
}

#[tokio::test]
async fn every_list_and_sum_walks_an_index() {
    for bench in Bench::all().await {
        let stage = Stage::open(&bench).await;
        let other = twenty_thousand(&stage).await;
        let kontor = &bench.kontor;
        let backend = kontor.db.backend();
        let (partner, now) = (stage.partner, kontor.now());
        let place = Some((now.plus_days(3), kontor.id()));
        let page = |query: LineQuery, after| commission_line::page(partner, &query, after, 51).build(backend);
        let month = Month::of(now.day());
        let org = kontor.id();
        let statements = [
            ("all", page(LineQuery::default(), None), "commission_line_partner"),
            ("deep", page(LineQuery::default(), place), "commission_line_partner"),
            (
                "month",
                page(LineQuery { month: Some(month), ..Default::default() }, None),
                "commission_line_partner",
            ),
            (
                "state",
                page(LineQuery { state: Some(LineState::Locked), ..Default::default() }, place),
                "commission_line_state",
            ),
            (
                "kind",
                page(LineQuery { kind: Some(SaleKind::Refund), ..Default::default() }, place),
                "commission_line_kind",
            ),
            (
                "customer",
                page(LineQuery { customer: Some(org), ..Default::default() }, place),
                "commission_line_org",
            ),
            (
                "payout",
                page(LineQuery { payout: Some(kontor.id()), ..Default::default() }, None),
                "commission_line_of_payout",
            ),
            (
                "statements",
                statement::before_query(partner, Some(month), 25).build(backend),
                "commission_statement_of",
            ),
            (
                "stretch",
                commission_line::stretch_query(partner, now, now.plus_days(30), place, 100).build(backend),
                "commission_line_partner",
            ),
            (
                "due",
                commission_line::due_query(stage.today().plus(46), 100).build(backend),
                "commission_line_hold",
            ),
            ("sums", commission_line::open_sums_statement(backend, partner), "commission_line_balance"),
            ("payouts", payout::page(None, None, place_of(place), 26).build(backend), "payout_all"),
            (
                "status",
                payout::page(None, Some(PayoutStatus::UnderReview), None, 26).build(backend),
                "payout_status",
            ),
            ("own", payout::page(Some(other), None, None, 26).build(backend), "payout_partner"),
        ];
        for (what, statement, index) in statements {
            let plan = plan_of(kontor, statement).await;
            assert!(plan.contains(index), "{} {what}: {plan}", bench.name);
            // A handful of sums may be sorted, and what is due as a whole: the index bounds both. Lists come in their order.
            let sorted = plan.contains("Sort") || plan.contains("TEMP B-TREE FOR ORDER");
            assert!(["sums", "due"].contains(&what) || !sorted, "{} {what} sorts: {plan}", bench.name);
            assert!(!plan.contains("Seq Scan"), "{} {what} scans: {plan}", bench.name);
        }
    }
}

fn place_of(
    place: Option<(crate::kernel::instant::Instant, CommissionId)>,
) -> Option<(crate::kernel::instant::Instant, PayoutId)> {
    place.map(|(at, id)| (at, PayoutId(id.uuid())))
}

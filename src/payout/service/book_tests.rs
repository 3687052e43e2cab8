use super::{
    request_tests::{ask, with_account},
    review_tests::{booked, invoice, pay, row},
    *,
};
use crate::{
    commission::service::stage::Stage,
    kernel::{id::PayoutId, money::Currency, testing::Bench},
    ledger::Account,
    payout::{Decision, PayoutStatus::*},
};

const REQUESTED: [(Account, i64); 2] =
    [(Account::CommissionAvailable, 20_000), (Account::CommissionLocked, -20_000)];
const PAID: [(Account, i64); 2] = [(Account::Bank, -20_000), (Account::CommissionAvailable, 20_000)];

async fn decide(stage: &Stage<'_>, id: PayoutId, decision: Decision) {
    let version = row(stage, id).await.version;
    review(&stage.bench.kontor, &stage.finance, id, version, &decision).await.unwrap();
}

#[tokio::test]
async fn every_step_of_a_payout_leaves_the_ledger_where_the_money_is() {
    for bench in Bench::all().await {
        let stage = Stage::open(&bench).await;
        let (kontor, owner, finance) = (&bench.kontor, &stage.owner, &stage.finance);
        with_account(&stage).await;
        stage.available(100_000).await;

        let rejected = ask(&stage, "request-1").await.unwrap().id;
        assert_eq!(booked(&stage).await, REQUESTED, "{}", bench.name);
        // The form sent again moves nothing a second time.
        ask(&stage, "request-1").await.unwrap();
        assert_eq!(booked(&stage).await, REQUESTED);
        upload_invoice(kontor, owner, rejected, &invoice(&stage, "RE-1")).await.unwrap();
        decide(&stage, rejected, Decision::Reject { reason: "Wrong address".into() }).await;
        assert_eq!(booked(&stage).await, []);

        let cancelled = ask(&stage, "request-2").await.unwrap().id;
        cancel(kontor, owner, cancelled).await.unwrap();
        assert_eq!(booked(&stage).await, []);

        let id = ask(&stage, "request-3").await.unwrap().id;
        upload_invoice(kontor, owner, id, &invoice(&stage, "RE-1")).await.unwrap();
        decide(&stage, id, Decision::Approve).await;
        mark_sent(kontor, finance, id, row(&stage, id).await.version, "bank 1").await.unwrap();
        mark_failed(kontor, finance, id, row(&stage, id).await.version, "Account closed").await.unwrap();
        // The bank gave it back, and it stays the payout's until it is tried again.
        assert_eq!((row(&stage, id).await.status, booked(&stage).await), (Failed, REQUESTED.to_vec()));
        decide(&stage, id, Decision::Approve).await;
        mark_sent(kontor, finance, id, row(&stage, id).await.version, "bank 2").await.unwrap();
        assert_eq!(booked(&stage).await, REQUESTED);
        mark_paid(kontor, finance, id, row(&stage, id).await.version).await.unwrap();
        assert_eq!((row(&stage, id).await.status, booked(&stage).await), (Paid, PAID.to_vec()));
    }
}

#[tokio::test]
async fn what_is_refused_is_not_booked_and_each_partner_is_paid_from_its_own() {
    for bench in Bench::all().await {
        let stage = Stage::open(&bench).await;
        with_account(&stage).await;
        stage.available(10_000).await;
        ask(&stage, "request-1").await.unwrap_err();
        request(&bench.kontor, &stage.owner, "us", Currency::Eur, "request-2").await.unwrap_err();
        assert_eq!(booked(&stage).await, [], "{}", bench.name);
        stage.available(90_000).await;
        let id = ask(&stage, "request-3").await.unwrap().id;
        pay(&stage, id).await;
        assert_eq!(booked(&stage).await, PAID);
        let stranger = crate::kernel::id::OrgId(uuid::Uuid::from_u128(7));
        let db = bench.kontor.db.read();
        let theirs = crate::ledger::service::balances_of(db, stranger, Account::ALL).await.unwrap();
        assert_eq!(theirs, []);
    }
}

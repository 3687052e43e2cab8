use super::{account_tests::form, *};
use crate::{
    Error, Refusal,
    commission::{
        LineState::{self, *},
        Movement,
        service::{balance, stage::Stage},
    },
    kernel::{
        id::PayoutId,
        money::{Currency, Money},
        right::Role,
        testing::Bench,
    },
    notification::Mail,
    organisation::service::stage::{actor, mails, partner, person, rows},
    partner::PartnerType,
    payout::{PayoutQuery, PayoutStatus, rows::payout as payouts},
};

pub(super) async fn with_account(stage: &Stage<'_>) {
    let kontor = &stage.bench.kontor;
    set_account(kontor, &stage.owner_person.viewer, &stage.owner, &form()).await.unwrap();
    stage.days(3);
}

pub(super) async fn ask(stage: &Stage<'_>, key: &str) -> Result<Requested, Error> {
    request(&stage.bench.kontor, &stage.owner, "de", Currency::Eur, key).await
}

fn refused(refusal: Refusal) -> Result<Requested, Error> {
    Err(Error::Refused(refusal))
}

#[tokio::test]
async fn a_request_takes_everything_available_once() {
    for bench in Bench::all().await {
        let stage = Stage::open(&bench).await;
        let kontor = &bench.kontor;
        with_account(&stage).await;
        let sale = stage.available(50_000).await;
        stage.available(10_000).await;
        stage.back(&sale, 5_000, 1).await;
        // Another entity's, and one still on hold, stay where they are.
        let mut abroad = stage.sale(90_000);
        abroad.entity = "us".into();
        stage.accrue(&abroad).await.unwrap();
        let first = ask(&stage, "request-1").await.unwrap();
        let moved = first.moved.clone().unwrap();
        assert_eq!((moved.movement, moved.from, moved.to), (Movement::Requested, Some(Available), Locked));
        assert_eq!(moved.amount, Money::new(11_000, Currency::Eur), "{}", bench.name);
        let locked = [(10_000, Locked), (2_000, Locked), (-1_000, Locked), (18_000, Pending)];
        assert_eq!(stage.states().await, locked);

        // A double click, and the form sent again.
        let again = ask(&stage, "request-1").await.unwrap();
        assert_eq!((again.id, again.moved), (first.id, None));
        let least = Money::new(10_000, Currency::Eur);
        assert_eq!(ask(&stage, "request-2").await, refused(Refusal::PayoutBelowMin { missing: least }));
        let other = request(kontor, &stage.owner, "us", Currency::Eur, "request-1").await;
        assert_eq!(other, refused(Refusal::KeyReused));

        let row = payout(kontor, &stage.owner, first.id).await.unwrap();
        assert_eq!((row.status, row.lines, row.amount.minor), (PayoutStatus::AwaitingInvoice, 3, 11_000));
        assert_eq!((row.account_last4.as_str(), row.number.len()), ("3000", 16));
        let told = mails(&bench).await;
        assert!(matches!(&told[1].1, Mail::PayoutRequested { invoice_missing: true, .. }));
        let sums = balance(kontor, &stage.owner, stage.partner).await.unwrap();
        assert_eq!((sums[0].locked, sums[0].available, sums[1].pending), (11_000, 0, 18_000));
    }
}

#[tokio::test]
async fn two_requests_at_the_same_moment_are_one_payout() {
    for bench in Bench::all().await {
        let stage = Stage::open(&bench).await;
        with_account(&stage).await;
        stage.available(100_000).await;
        let asks = (0..8).map(|n| {
            let key = format!("request-{}", n / 2);
            let (kontor, owner) = (bench.kontor.clone(), stage.owner.clone());
            tokio::spawn(async move { request(&kontor, &owner, "de", Currency::Eur, &key).await })
        });
        let mut made = Vec::new();
        for ask in asks.collect::<Vec<_>>() {
            match ask.await.unwrap() {
                Ok(requested) => made.push(requested),
                Err(Error::Refused(Refusal::PayoutBelowMin { .. })) => {}
                Err(other) => panic!("{}: {other:?}", bench.name),
            }
        }
        assert_eq!(made.len(), 2, "{}: the one that won and its double click", bench.name);
        assert_eq!(made[0].id, made[1].id);
        assert_eq!(made.iter().filter(|requested| requested.moved.is_some()).count(), 1);
        assert_eq!(rows::<payouts::Entity>(&bench).await.len(), 1);
    }
}

#[tokio::test]
async fn a_negative_balance_blocks_and_is_carried_forward() {
    for bench in Bench::all().await {
        let stage = Stage::open(&bench).await;
        let kontor = &bench.kontor;
        with_account(&stage).await;
        let sale = stage.available(100_000).await;
        let first = ask(&stage, "request-1").await.unwrap();
        super::review_tests::pay(&stage, first.id).await;
        // Paid out, then refunded: the paid line stays, the correction is available and below zero.
        let moves = stage.back(&sale, 100_000, 1).await;
        assert_eq!((moves[0].amount.minor, moves[0].to), (-20_000, Available), "{}", bench.name);
        assert_eq!(stage.states().await, [(20_000, Paid), (-20_000, Available)]);
        assert_eq!(ask(&stage, "request-2").await, refused(Refusal::PayoutNegative));
        stage.available(120_000).await;
        let missing = Money::new(6_000, Currency::Eur);
        assert_eq!(ask(&stage, "request-3").await, refused(Refusal::PayoutBelowMin { missing }));
        stage.available(30_000).await;
        assert_eq!(ask(&stage, "request-4").await.unwrap().moved.unwrap().amount.minor, 10_000);
        let sums = balance(kontor, &stage.finance, stage.partner).await.unwrap();
        assert_eq!((sums[0].paid, sums[0].locked, sums[0].available), (20_000, 10_000, 0));
    }
}

#[tokio::test]
async fn without_an_account_or_within_its_hold_nothing_is_requested() {
    for bench in Bench::all().await {
        let stage = Stage::open(&bench).await;
        let kontor = &bench.kontor;
        stage.available(100_000).await;
        assert_eq!(ask(&stage, "request-1").await, refused(Refusal::PayoutNoAccount), "{}", bench.name);
        let view = set_account(kontor, &stage.owner_person.viewer, &stage.owner, &form()).await.unwrap();
        assert_eq!(ask(&stage, "request-1").await, refused(Refusal::PayoutHold { until: view.usable_at }));
        assert_eq!(ask(&stage, "short").await, Err(Error::BadRequest));
        assert_eq!(stage.states().await, [(20_000, Available)]);
        bench.clock.set(view.usable_at);
        assert!(ask(&stage, "request-1").await.is_ok());
    }
}

#[tokio::test]
async fn a_cancelled_payout_frees_its_lines() {
    for bench in Bench::all().await {
        let stage = Stage::open(&bench).await;
        let kontor = &bench.kontor;
        with_account(&stage).await;
        stage.available(100_000).await;
        let made = ask(&stage, "request-1").await.unwrap();
        let (other, stranger) = partner(&bench, "Alpen", PartnerType::Reseller).await;
        let stranger = actor(&bench, &stranger, other).await;
        assert_eq!(cancel(kontor, &stranger, made.id).await, Err(Error::NotFound), "{}", bench.name);
        assert_eq!(payout(kontor, &stranger, made.id).await, Err(Error::NotFound));
        assert_eq!(list(kontor, &stranger, &PayoutQuery::default()).await.unwrap().rows, []);
        assert_eq!(cancel(kontor, &stage.finance, made.id).await, Err(Error::Forbidden));
        let moved = cancel(kontor, &stage.owner, made.id).await.unwrap();
        assert_eq!((moved.from, moved.to, moved.amount.minor), (Some(Locked), LineState::Available, 20_000));
        assert_eq!(stage.states().await, [(20_000, Available)]);
        let closed = Err(Error::Refused(Refusal::PayoutClosed));
        assert_eq!(cancel(kontor, &stage.owner, made.id).await, closed);
        // The same money, another request.
        let second = ask(&stage, "request-2").await.unwrap();
        assert_ne!(second.id, made.id);
        let sales = person(&bench, stage.partner, Role::PartnerSales, "sales@nordlicht.test").await;
        let sales = actor(&bench, &sales, stage.partner).await;
        assert_eq!(cancel(kontor, &sales, second.id).await, Err(Error::Forbidden));
        let unknown: PayoutId = kontor.id();
        assert_eq!(cancel(kontor, &stage.owner, unknown).await, Err(Error::NotFound));
    }
}

use super::{account_tests::form, request_tests::ask, *};
use crate::{
    Error, Refusal,
    commission::service::stage::Stage,
    kernel::{
        money::{Currency, Money},
        testing::Bench,
    },
    organisation::service::stage::{actor, partner},
    partner::PartnerType,
    payout::Offer,
};

/// Amounts and what stands in their way, by entity.
fn told(offers: &[Offer]) -> Vec<(&str, i64, &[Refusal])> {
    offers.iter().map(|o| (o.balance.entity.as_str(), o.balance.available, o.obstacles.as_slice())).collect()
}

#[tokio::test]
async fn an_offer_says_beforehand_what_a_request_would_be_refused_for() {
    for bench in Bench::all().await {
        let stage = Stage::open(&bench).await;
        let (kontor, owner) = (&bench.kontor, &stage.owner);
        stage.available(100_000).await;
        let mut abroad = stage.sale(40_000);
        abroad.entity = "us".into();
        abroad.deal.sold_on = stage.today().plus(-45);
        abroad.deal.settled_on = abroad.deal.sold_on;
        abroad.deal.mapped_since = abroad.deal.sold_on;
        stage.accrue(&abroad).await.unwrap();
        stage.release(100).await;
        let missing = Refusal::PayoutBelowMin { missing: Money::new(2_000, Currency::Eur) };

        let before = offers(kontor, owner, stage.partner).await.unwrap();
        let no_account = Refusal::PayoutNoAccount;
        let expected: [(&str, i64, &[Refusal]); 2] = [
            ("de", 20_000, std::slice::from_ref(&no_account)),
            ("us", 8_000, &[missing.clone(), no_account.clone()]),
        ];
        assert_eq!(told(&before), expected, "{}", bench.name);

        let view = set_account(kontor, &stage.owner_person.viewer, owner, &form()).await.unwrap();
        let held = offers(kontor, owner, stage.partner).await.unwrap();
        assert_eq!(held[0].obstacles, [Refusal::PayoutHold { until: view.usable_at }]);
        assert_eq!(ask(&stage, "request-1").await, Err(held[0].obstacles[0].clone().into()));

        bench.clock.set(view.usable_at);
        let free = offers(kontor, owner, stage.partner).await.unwrap();
        assert_eq!((free[0].obstacles.len(), &free[1].obstacles), (0, &vec![missing.clone()]));
        let short = request(kontor, owner, "us", Currency::Eur, "request-2").await;
        assert_eq!(short, Err(missing.into()));
        ask(&stage, "request-1").await.unwrap();

        let (other, stranger) = partner(&bench, "Alpen", PartnerType::Reseller).await;
        let stranger = actor(&bench, &stranger, other).await;
        assert_eq!(offers(kontor, &stranger, stage.partner).await, Err(Error::NotFound));
        assert_eq!(offers(kontor, &stranger, other).await.unwrap(), []);
        assert_eq!(offers(kontor, &stage.finance, stage.partner).await.unwrap().len(), 2);
    }
}

//! A card whose bank asks: confirmed and refused at the demo's bank.

use super::*;
use crate::payment::service::{answer_bank, at_bank};

/// A purchase that waits for the bank; answers the reference it waits under.
async fn waiting(scene: &Scene<'_>) -> String {
    scene.card(&scene.partner, "action_required").await;
    let buy = ChangeForm { payer: "partner".into(), ..wish(Plan::Standard, Term::Monthly, 10) };
    let form = scene.form(&scene.partner, buy).await;
    let done = confirm(&scene.bench.kontor, &scene.partner, scene.org, &form).await.unwrap();
    assert_eq!(done.status, ChangeStatus::Charging);
    let url = done.action_url.unwrap();
    url.rsplit_once("/demo/bank/").unwrap().1.to_owned()
}

#[tokio::test]
async fn who_confirms_with_the_bank_comes_back_to_a_subscription_that_is_paid() {
    for bench in Bench::all().await {
        let scene = Scene::set(&bench).await;
        let (demo, org) = (bench.as_demo(), scene.org);
        let reference = waiting(&scene).await;
        let amount = at_bank(&demo, &reference).await.unwrap().unwrap();
        let booked = rows::<payment::Entity>(&bench).await;
        assert_eq!(amount.minor, booked[0].amount, "{}", bench.name);

        let back = answer_bank(&demo, &reference, true).await.unwrap();
        let page = format!("/store/{}/customers/{org}", scene.partner.org);
        assert_eq!(back, page, "{}", bench.name);
        assert_eq!(scene.row().await.status, SubscriptionStatus::Active);
        assert_eq!(at_bank(&demo, &reference).await, Ok(None));
        // Neither another answer nor the webhook that comes after it changes anything.
        assert_eq!(answer_bank(&demo, &reference, false).await, Ok(page));
        while let Some((headers, body)) = bench.outside.next_webhook() {
            payments::webhook(&demo, Provider::Scripted, &headers, &body).await.unwrap();
        }
        assert_eq!(scene.row().await.status, SubscriptionStatus::Active);
        assert_eq!(rows::<invoice::Entity>(&bench).await.len(), 1);
        scene.sound().await;

        // The history names the invoice to the partner who pays, and to nobody else.
        let seen = async |who: &Actor| account(&bench.kontor, who, org).await.unwrap().history;
        let number = rows::<invoice::Entity>(&bench).await.pop().map(|i| (i.id, i.number));
        assert_eq!(seen(&scene.partner).await[0].invoice, number, "{}", bench.name);
        assert_eq!(seen(&scene.customer).await[0].invoice, None, "{}", bench.name);
    }
}

#[tokio::test]
async fn who_refuses_has_bought_nothing_and_may_try_again() {
    for bench in Bench::all().await {
        let scene = Scene::set(&bench).await;
        let demo = bench.as_demo();
        let reference = waiting(&scene).await;
        answer_bank(&demo, &reference, false).await.unwrap();
        assert_eq!(scene.row().await.status, SubscriptionStatus::Trial, "{}", bench.name);
        assert_eq!(rows::<subscription_change::Entity>(&bench).await[0].status, ChangeStatus::Failed);
        assert!(rows::<invoice::Entity>(&bench).await.is_empty());
        assert_eq!(bench.outside.charged(), []);
        scene.sound().await;
        assert_ne!(waiting(&scene).await, reference, "{}", bench.name);
    }
}

#[tokio::test]
async fn the_bank_is_the_demos_alone_and_knows_only_its_own() {
    for bench in Bench::all().await {
        let scene = Scene::set(&bench).await;
        let reference = waiting(&scene).await;
        assert_eq!(at_bank(&bench.kontor, &reference).await, Err(Error::NotFound), "{}", bench.name);
        assert_eq!(answer_bank(&bench.kontor, &reference, true).await, Err(Error::NotFound));
        assert_eq!(scene.row().await.status, SubscriptionStatus::Trial);
        let demo = bench.as_demo();
        for unknown in ["", "scr_", "pay_1", "scr_pay_1", "../../etc/passwd"] {
            assert_eq!(at_bank(&demo, unknown).await, Ok(None), "{unknown}");
            assert_eq!(answer_bank(&demo, unknown, true).await, Err(Error::NotFound), "{unknown}");
        }
    }
}

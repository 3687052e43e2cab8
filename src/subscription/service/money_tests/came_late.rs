//! Money that comes late: given up at the provider too, and given back where it comes all the same.

use super::*;
use crate::{
    organisation::service::stage::mails,
    payment::{
        port::{News, ProviderEvent},
        script::{Entry, write_event},
    },
};

/// A purchase that waits for the bank; answers its payment.
async fn waiting(scene: &Scene<'_>) -> payment::Model {
    scene.card(&scene.partner, "action_required").await;
    let buy = ChangeForm { payer: "partner".into(), ..wish(Plan::Standard, Term::Monthly, 10) };
    let form = scene.form(&scene.partner, buy).await;
    let done = confirm(&scene.bench.kontor, &scene.partner, scene.org, &form).await.unwrap();
    assert_eq!(done.status, ChangeStatus::Charging);
    rows::<payment::Entity>(scene.bench).await.remove(0)
}

#[tokio::test]
async fn what_nobody_confirmed_for_a_day_is_given_up_at_the_provider_too() {
    for bench in Bench::all().await {
        let scene = Scene::set(&bench).await;
        let demo = bench.as_demo();
        let paid = waiting(&scene).await;
        bench.clock.set(demo.now().plus_hours(25));
        // The provider does not answer at first: nothing is given up that may still be paid.
        *bench.outside.payment_fault.lock().unwrap() = Some(crate::payment::port::PortError::Unreachable);
        scene.work().await;
        let still = rows::<payment::Entity>(&bench).await.remove(0);
        assert_eq!(still.status, PaymentStatus::RequiresAction, "{}", bench.name);
        *bench.outside.payment_fault.lock().unwrap() = None;
        bench.clock.set(demo.now().plus_hours(2));
        scene.work().await;
        assert_eq!(rows::<payment::Entity>(&bench).await[0].status, PaymentStatus::Failed, "{}", bench.name);
        // Whoever confirms now pays nothing.
        let reference = paid.provider_ref.unwrap();
        payments::answer_bank(&demo, &reference, true).await.unwrap();
        assert_eq!(bench.outside.charged(), [], "{}", bench.name);
        scene.sound().await;
    }
}

#[tokio::test]
async fn who_ordered_takes_back_what_waits_for_the_bank() {
    for bench in Bench::all().await {
        let scene = Scene::set(&bench).await;
        let (demo, org) = (bench.as_demo(), scene.org);
        let paid = waiting(&scene).await;
        let open = account(&bench.kontor, &scene.partner, org).await.unwrap().open;
        assert!(open[0].undoable, "{}", bench.name);
        undo(&bench.kontor, &scene.partner, org, open[0].id, open[0].version).await.unwrap();
        let change = rows::<subscription_change::Entity>(&bench).await.remove(0);
        assert_eq!(change.status, ChangeStatus::Undone, "{}", bench.name);
        payments::answer_bank(&demo, &paid.provider_ref.unwrap(), true).await.unwrap();
        assert_eq!(bench.outside.charged(), [], "{}", bench.name);
        scene.sound().await;
        // Nothing stands in the way of another order.
        waiting_again(&scene).await;
    }
}

async fn waiting_again(scene: &Scene<'_>) {
    let buy = ChangeForm { payer: "partner".into(), ..wish(Plan::Standard, Term::Yearly, 5) };
    let form = scene.form(&scene.partner, buy).await;
    confirm(&scene.bench.kontor, &scene.partner, scene.org, &form).await.unwrap();
}

#[tokio::test]
async fn money_that_comes_after_it_was_given_up_goes_back_and_finance_hears_of_it() {
    for bench in Bench::all().await {
        let scene = Scene::set(&bench).await;
        let demo = bench.as_demo();
        let paid = waiting(&scene).await;
        bench.clock.set(demo.now().plus_hours(25));
        scene.work().await;
        let (key, reference) = (paid.id.to_string(), paid.provider_ref.clone());
        // The provider took it in the very moment in which it was given up, and says so twice.
        let moved = Entry::Moved { key: key.clone(), status: PaymentStatus::Succeeded, failure: None };
        bench.outside.book.lock().unwrap().apply(moved, demo.now());
        for id in ["evt_late", "evt_late", "evt_later"] {
            let event = ProviderEvent {
                id: id.into(),
                kind: "succeeded".into(),
                key: Some(key.clone()),
                provider_ref: reference.clone(),
                at: demo.now(),
                news: News::Succeeded,
            };
            let header = vec![("x-outside".to_owned(), "signed".to_owned())];
            payments::webhook(&demo, Provider::Scripted, &header, write_event(&event).as_bytes())
                .await
                .unwrap();
        }
        scene.work().await;
        let backs = rows::<refund::Entity>(&bench).await;
        assert_eq!(backs.len(), 1, "{}", bench.name);
        assert_eq!((backs[0].kind, backs[0].status), (RefundKind::Late, RefundStatus::Succeeded));
        assert_eq!(backs[0].amount, paid.amount);
        let row = rows::<payment::Entity>(&bench).await.remove(0);
        assert_eq!((row.status, row.refunded), (PaymentStatus::Failed, paid.amount), "{}", bench.name);
        assert_eq!(scene.row().await.status, SubscriptionStatus::Trial, "nothing is sold for it");
        assert!(rows::<invoice::Entity>(&bench).await.is_empty());
        let told = mails(&bench).await.iter().filter(|(_, m)| m.key() == "payment_came_late").count();
        assert_eq!(told, 1, "{}", bench.name);
        scene.sound().await;
    }
}

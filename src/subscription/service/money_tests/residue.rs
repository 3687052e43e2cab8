//! What rounding leaves of a term when it is over: cents, whatever happened in it.

use super::{
    changes::{renewed, sold},
    proposals::approved,
    *,
};
use crate::{
    setting::{ChangeSetting, service::change},
    subscription::Confirmed,
};

async fn changed(scene: &Scene<'_>, actor: &Actor, wish: ChangeForm) -> Confirmed {
    let form = scene.form(actor, wish).await;
    confirm(&scene.bench.kontor, actor, scene.org, &form).await.unwrap()
}

/// The term ends, and what is left of it is no more than each change's rounding.
async fn closes_to_the_cent(scene: &Scene<'_>) {
    renewed(scene).await;
    let left = scene.balance(Book::Rounding).await;
    assert!(left.abs() <= 4, "{}: {left}", scene.bench.name);
    scene.sound().await;
}

#[tokio::test]
async fn what_was_given_back_before_it_was_bought_again_is_no_part_of_the_term() {
    for bench in Bench::all().await {
        let scene = Scene::set(&bench).await;
        sold(&scene, Term::Monthly, 112).await;
        let first = rows::<payment::Entity>(&bench).await.pop().unwrap();
        let back = RefundForm {
            kind: "full".into(),
            reason: "ordered by mistake".into(),
            request_key: "ordered-by-mistake".into(),
            ..RefundForm::default()
        };
        payments::give_back(&bench.kontor, &scene.finance, first.id, &back).await.unwrap();
        scene.work().await;
        assert_eq!(scene.row().await.status, SubscriptionStatus::Free, "{}", bench.name);
        bench.clock.move_ms(60_000);
        let again = ChangeForm { payer: "partner".into(), ..wish(Plan::Standard, Term::Monthly, 5) };
        changed(&scene, &scene.partner, again).await;
        scene.next_days(8).await;
        changed(&scene, &scene.partner, wish(Plan::Standard, Term::Monthly, 7)).await;
        closes_to_the_cent(&scene).await;
    }
}

#[tokio::test]
async fn a_term_is_closed_in_the_order_in_which_its_changes_took_effect() {
    for bench in Bench::all().await {
        let scene = Scene::set(&bench).await;
        sold(&scene, Term::Monthly, 10).await;
        let admin = stage::person(&bench, scene.finance.org, Role::VendorAdmin, "admin@vendor.test").await;
        let admin = stage::actor(&bench, &admin, scene.finance.org).await;
        let may = ChangeSetting {
            key: "customer_can_change_partner_paid".into(),
            was: "false".into(),
            value: "true".into(),
            default: String::new(),
        };
        change(&bench.kontor, &admin, &may).await.unwrap();
        scene.next_days(2).await;
        // Proposed first, and approved last.
        let proposed = changed(&scene, &scene.customer, wish(Plan::Standard, Term::Monthly, 60)).await;
        assert_eq!(proposed.status, ChangeStatus::Proposed, "{}", bench.name);
        scene.next_days(3).await;
        changed(&scene, &scene.partner, wish(Plan::Standard, Term::Monthly, 20)).await;
        scene.next_days(9).await;
        let done = approved(&scene, &scene.partner, proposed.change).await.unwrap();
        assert_eq!((done.status, scene.row().await.seats), (ChangeStatus::Applied, 60), "{}", bench.name);
        closes_to_the_cent(&scene).await;
    }
}

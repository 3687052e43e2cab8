//! What one side proposes and the other answers.

use super::*;
use crate::{
    kernel::id::ChangeId,
    subscription::{Confirmed, change::Payer},
};

/// The other side approves what is proposed, at the price it is shown.
pub(super) async fn approved(scene: &Scene<'_>, actor: &Actor, id: ChangeId) -> Result<Confirmed, Error> {
    let (kontor, org) = (&scene.bench.kontor, scene.org);
    let open = account(kontor, actor, org).await.unwrap().open;
    let version = open.iter().find(|change| change.id == id && change.answerable).unwrap().version;
    let seen = preview_proposal(kontor, actor, org, id).await?;
    let shown = ChangeForm {
        total: seen.quote.unwrap().total.to_string(),
        version: seen.version.to_string(),
        purchase_ref: "PO 4711".into(),
        ..ChangeForm::default()
    };
    approve(kontor, actor, org, id, version, &shown).await
}

/// The partner proposes that the customer pays for what is wished, and it does.
pub(super) async fn customer_pays(scene: &Scene<'_>, wish: ChangeForm) {
    let form = scene.form(&scene.partner, ChangeForm { payer: "customer".into(), ..wish }).await;
    let proposed = confirm(&scene.bench.kontor, &scene.partner, scene.org, &form).await.unwrap();
    approved(scene, &scene.customer, proposed.change).await.unwrap();
}

#[tokio::test]
async fn a_declined_card_leaves_the_proposal_to_be_paid_with_another() {
    for bench in Bench::all().await {
        let scene = Scene::set(&bench).await;
        let (kontor, org) = (&bench.kontor, scene.org);
        scene.card(&scene.customer, "decline").await;
        let buy = ChangeForm { payer: "customer".into(), ..wish(Plan::Standard, Term::Yearly, 10) };
        let form = scene.form(&scene.partner, buy).await;
        let proposed = confirm(kontor, &scene.partner, org, &form).await.unwrap().change;
        let answer = async || approved(&scene, &scene.customer, proposed).await;
        assert_eq!(answer().await, Err(Refusal::PaymentDeclined.into()), "{}", bench.name);
        assert_eq!(scene.row().await.status, SubscriptionStatus::Trial);
        scene.sound().await;
        scene.card(&scene.customer, "approve").await;
        let cards = payments::methods(kontor, &scene.customer).await.unwrap();
        let good = cards.iter().find(|card| !card.is_default).unwrap();
        payments::prefer_method(kontor, &scene.customer, good.id).await.unwrap();
        assert_eq!(answer().await.unwrap().status, ChangeStatus::Applied, "{}", bench.name);
        let bills = rows::<invoice::Entity>(&bench).await;
        assert_eq!(bills.len(), 1);
        assert!(bills[0].content.contains("\"reference\":\"PO 4711\""), "{}", bills[0].content);
        scene.sound().await;
    }
}

#[tokio::test]
async fn a_proposal_whose_time_is_over_is_not_proposed_again() {
    for bench in Bench::all().await {
        let scene = Scene::set(&bench).await;
        let (kontor, org) = (&bench.kontor, scene.org);
        scene.card(&scene.customer, "action_required").await;
        let buy = ChangeForm { payer: "customer".into(), ..wish(Plan::Standard, Term::Yearly, 10) };
        let form = scene.form(&scene.partner, buy).await;
        let proposed = confirm(kontor, &scene.partner, org, &form).await.unwrap().change;
        bench.clock.set(kontor.now().plus_days(14).plus_hours(-1));
        let done = approved(&scene, &scene.customer, proposed).await.unwrap();
        assert_eq!(done.status, ChangeStatus::Charging, "{}", bench.name);
        bench.clock.set(kontor.now().plus_hours(26));
        scene.work().await;
        let change = rows::<subscription_change::Entity>(&bench).await.remove(0);
        assert_eq!(change.status, ChangeStatus::Failed, "{}", bench.name);
        scene.sound().await;
    }
}

#[tokio::test]
async fn what_was_proposed_is_not_approved_while_an_order_is_paid_for() {
    for bench in Bench::all().await {
        let scene = Scene::set(&bench).await;
        let (kontor, org) = (&bench.kontor, scene.org);
        scene.card(&scene.customer, "approve").await;
        let bought = |payer: Payer, method: &str| ChangeForm {
            payer: payer.to_string(),
            method: method.into(),
            ..wish(Plan::Standard, Term::Monthly, 5)
        };
        let form = scene.form(&scene.partner, bought(Payer::Customer, "")).await;
        let proposed = confirm(kontor, &scene.partner, org, &form).await.unwrap().change;
        let form = scene.form(&scene.partner, bought(Payer::Partner, payments::TRANSFER)).await;
        let order = confirm(kontor, &scene.partner, org, &form).await.unwrap().change;

        let busy = preview_proposal(kontor, &scene.customer, org, proposed).await;
        assert_eq!(busy.map(drop), Err(Refusal::ChangePending.into()), "{}", bench.name);
        let version = scene.row().await.version.to_string();
        let shown = ChangeForm { total: form.total, version, ..ChangeForm::default() };
        let busy = approve(kontor, &scene.customer, org, proposed, 1, &shown).await;
        assert_eq!(busy, Err(Refusal::ChangePending.into()), "{}", bench.name);

        let seen = account(kontor, &scene.partner, org).await.unwrap();
        let version = seen.open.iter().find(|change| change.id == order).unwrap().version;
        undo(kontor, &scene.partner, org, order, version).await.unwrap();
        let done = approved(&scene, &scene.customer, proposed).await.unwrap();
        assert_eq!(done.status, ChangeStatus::Applied, "{}", bench.name);
        scene.sound().await;
    }
}

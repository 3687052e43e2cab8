//! Transfers that come late: what they earn is what was sold, whatever has become of it since.

use super::{proposals::customer_pays, *};
use crate::{
    commission::{Rule, service::may_read},
    kernel::instant::Instant,
    ledger::service::balances_at,
    mapping::{MappingSource, MappingStatus, rows::mapping, service::begin},
    payment::rows::payment_method,
};
use sea_orm::ActiveValue::Set;

/// A customer who pays itself: bought by card, renewed without one. Answers the payment that finance waits for.
async fn renewed_by_transfer(scene: &Scene<'_>) -> PaymentId {
    let kontor = &scene.bench.kontor;
    scene.card(&scene.customer, "approve").await;
    customer_pays(scene, wish(Plan::Standard, Term::Monthly, 10)).await;
    let card = rows::<payment_method::Entity>(scene.bench).await.pop().unwrap();
    let gone = payment_method::ActiveModel {
        id: Set(card.id),
        removed_at: Set(Some(kontor.now())),
        ..Default::default()
    };
    payment_method::Entity::update(gone).exec(kontor.db.writer()).await.unwrap();
    scene.bench.clock.set(scene.row().await.ends_on.unwrap().end().plus_hours(1));
    assert_eq!(renew_due(kontor).await.unwrap(), 1);
    let open = rows::<payment::Entity>(scene.bench).await;
    open.into_iter().find(|p| p.provider == Provider::Manual && p.status.is_open()).unwrap().id
}

async fn latest(scene: &Scene<'_>) -> commission_line::Model {
    let lines = rows::<commission_line::Entity>(scene.bench).await;
    lines.into_iter().max_by_key(|line| (line.created_at, line.id)).unwrap()
}

#[tokio::test]
async fn a_transfer_paid_after_an_upgrade_earns_by_what_it_paid_for() {
    for bench in Bench::all().await {
        let scene = Scene::set(&bench).await;
        let kontor = &bench.kontor;
        let waiting = renewed_by_transfer(&scene).await;
        scene.next_days(3).await;
        scene.card(&scene.customer, "approve").await;
        customer_pays(&scene, wish(Plan::Professional, Term::Yearly, 12)).await;
        assert_eq!(scene.row().await.plan, Plan::Professional, "{}", bench.name);
        scene.next_days(4).await;
        payments::record_transfer(kontor, &scene.finance, waiting, true, "statement 7").await.unwrap();
        let line = latest(&scene).await;
        // Ten licences of Standard for a month at 3.60, held for a month from the day the money came.
        assert_eq!((line.plan, line.base, line.amount), (Plan::Standard, 3_600, 720), "{}", bench.name);
        assert_eq!(line.available_on, kontor.now().day().plus(30), "{}", bench.name);
        scene.sound().await;
    }
}

#[tokio::test]
async fn commission_is_held_for_as_long_as_its_payment_can_be_refunded_in_full() {
    for bench in Bench::all().await {
        let scene = Scene::set(&bench).await;
        let kontor = &bench.kontor;
        let waiting = renewed_by_transfer(&scene).await;
        scene.next_days(20).await;
        payments::record_transfer(kontor, &scene.finance, waiting, true, "statement 7").await.unwrap();
        let line = latest(&scene).await;
        let back = |key: &str| RefundForm {
            kind: "full".into(),
            amount: String::new(),
            reason: "within the window".into(),
            request_key: key.into(),
        };
        // On the day it becomes available the window is over; a day before it is not.
        bench.clock.set(line.available_on.start());
        let late = payments::give_back(kontor, &scene.finance, waiting, &back("refund-key-1")).await;
        assert_eq!(late, Err(Refusal::RefundWindowOver.into()), "{}", bench.name);
        bench.clock.set(line.available_on.plus(-1).start());
        payments::give_back(kontor, &scene.finance, waiting, &back("refund-key-2")).await.unwrap();
        assert_eq!(latest(&scene).await.amount, -line.amount, "{}", bench.name);
    }
}

#[tokio::test]
async fn who_was_the_partner_when_it_was_sold_earns_also_when_the_mapping_has_ended() {
    for bench in Bench::all().await {
        let scene = Scene::set(&bench).await;
        let kontor = &bench.kontor;
        let waiting = renewed_by_transfer(&scene).await;
        scene.next_days(2).await;
        let mapped = rows::<mapping::Entity>(&bench).await.pop().unwrap();
        let ended = mapping::ActiveModel {
            id: Set(mapped.id),
            status: Set(MappingStatus::Ended),
            ended_at: Set(Some(kontor.now())),
            ..Default::default()
        };
        mapping::Entity::update(ended).exec(kontor.db.writer()).await.unwrap();
        scene.next_days(1).await;
        payments::record_transfer(kontor, &scene.finance, waiting, true, "statement 7").await.unwrap();
        let line = latest(&scene).await;
        assert_eq!((line.partner_id, line.amount), (scene.partner.org, 720), "{}", bench.name);
        may_read(&scene.partner, line.partner_id).unwrap();
    }
}

#[tokio::test]
async fn only_what_was_bought_after_the_mapping_earns_from_renewal_to_renewal() {
    // Domain.md section 10: ten at the mapping, fifteen renewed, twelve, then eight and later eleven.
    for bench in Bench::all().await {
        let scene = Scene::set(&bench).await;
        let kontor = &bench.kontor;
        scene.card(&scene.customer, "approve").await;
        customer_pays(&scene, wish(Plan::Standard, Term::Monthly, 10)).await;
        // It was a customer long before it was this partner's.
        scene.next_days(1).await;
        let mapped = rows::<mapping::Entity>(&bench).await.pop().unwrap();
        let sub = scene.row().await;
        let ended = mapping::ActiveModel {
            id: Set(mapped.id),
            status: Set(MappingStatus::Ended),
            ended_at: Set(Some(kontor.now())),
            ..Default::default()
        };
        mapping::Entity::update(ended).exec(kontor.db.writer()).await.unwrap();
        let tx = kontor.db.begin().await.unwrap();
        begin(kontor, &tx, scene.partner.org, scene.org, MappingSource::Console).await.unwrap();
        tx.commit().await.unwrap();
        let mapped =
            rows::<mapping::Entity>(&bench).await.into_iter().find(|m| m.ended_at.is_none()).unwrap();
        let had = (mapped.baseline_plan, mapped.baseline_seats, mapped.baseline_addon_units);
        assert_eq!(had, (Some(Plan::Standard), 10, 0), "{}", bench.name);
        let long_ago = subscription::ActiveModel {
            id: Set(sub.id),
            first_paid_on: Set(Some(kontor.now().day().plus(-400))),
            ..Default::default()
        };
        subscription::Entity::update(long_ago).exec(kontor.db.writer()).await.unwrap();
        for (seats, earning) in [(15, 5), (12, 2), (8, 0), (11, 3)] {
            let later = ChangeForm { when: "renewal".into(), ..wish(Plan::Standard, Term::Monthly, seats) };
            customer_pays_later(&scene, later).await;
            bench.clock.set(scene.row().await.ends_on.unwrap().end().plus_hours(1));
            renew_due(kontor).await.unwrap();
            bench.clock.move_ms(60_000);
            scene.work().await;
            let line = latest(&scene).await;
            let of = (line.rule, line.base, line.eligible);
            assert_eq!(of, (Rule::DeltaOnly, seats * 360, earning * 360), "{}: {seats}", bench.name);
        }
        scene.sound().await;
    }
}

/// The same for a change that costs nothing now.
async fn customer_pays_later(scene: &Scene<'_>, wish: ChangeForm) {
    let form = scene.form(&scene.partner, wish).await;
    let done = confirm(&scene.bench.kontor, &scene.partner, scene.org, &form).await.unwrap();
    if done.status == ChangeStatus::Proposed {
        let version = scene.row().await.version.to_string();
        let shown = ChangeForm { total: "0".into(), version, ..ChangeForm::default() };
        approve(&scene.bench.kontor, &scene.customer, scene.org, done.change, 1, &shown).await.unwrap();
    }
}

#[tokio::test]
async fn a_balance_of_the_past_stays_what_it_was() {
    for bench in Bench::all().await {
        let scene = Scene::set(&bench).await;
        let kontor = &bench.kontor;
        let waiting = renewed_by_transfer(&scene).await;
        let before: Instant = kontor.now();
        scene.next_days(1).await;
        payments::record_transfer(kontor, &scene.finance, waiting, true, "statement 7").await.unwrap();
        let cash = |all: Vec<crate::ledger::Balance>| {
            all.iter().find(|b| b.account == Book::Cash).map_or(0, |b| b.amount.minor)
        };
        let then = balances_at(kontor.db.read(), EVERYBODY, before).await.unwrap();
        let now = balances_at(kontor.db.read(), EVERYBODY, kontor.now()).await.unwrap();
        assert_eq!((cash(then), cash(now)), (4_284, 2 * 4_284), "{}", bench.name);
    }
}

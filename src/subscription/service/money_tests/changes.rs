//! What a wish may be, what it meets, and what becomes of it when it cannot be paid.

use super::*;
use crate::{
    catalogue::{rows::price, service::stage::sell},
    commission::rows::partner_rate,
    organisation::service::stage::mails,
    subscription::change::{Excess, Field, Limit},
};

/// A change from the renewal on.
fn later(wish: ChangeForm) -> ChangeForm {
    ChangeForm { when: "renewal".into(), ..wish }
}

fn cancel() -> ChangeForm {
    later(ChangeForm { plan: "free".into(), ..ChangeForm::default() })
}

/// The scene's customer has so many licences of Standard, paid by its partner.
pub(super) async fn sold(scene: &Scene<'_>, term: Term, seats: i64) {
    scene.card(&scene.partner, "approve").await;
    let buy = ChangeForm { payer: "partner".into(), ..wish(Plan::Standard, term, seats) };
    let form = scene.form(&scene.partner, buy).await;
    let done = confirm(&scene.bench.kontor, &scene.partner, scene.org, &form).await.unwrap();
    assert_eq!(done.status, ChangeStatus::Applied);
}

/// People until the organisation has so many.
async fn people(scene: &Scene<'_>, most: usize) {
    for n in 1..most {
        let email = format!("p{n}@kunde.test");
        stage::person(scene.bench, scene.org, Role::User, &email).await;
    }
}

pub(super) async fn renewed(scene: &Scene<'_>) {
    let ends = scene.row().await.ends_on.unwrap();
    scene.bench.clock.set(ends.end().plus_hours(1));
    begin_billing(&scene.bench.kontor).await.unwrap();
    scene.work().await;
}

#[tokio::test]
async fn whoever_has_more_people_than_the_free_plan_holds_may_cancel_and_is_told_what_comes() {
    for bench in Bench::all().await {
        let scene = Scene::set(&bench).await;
        let (kontor, org) = (&bench.kontor, scene.org);
        sold(&scene, Term::Monthly, 10).await;
        people(&scene, 7).await;
        let seen = preview(kontor, &scene.partner, org, &cancel()).await.unwrap();
        assert_eq!(seen.excesses, [Excess { what: Limit::Users, used: 7, most: 5 }], "{}", bench.name);
        assert!(seen.suspends && !seen.losses.is_empty());
        let form = scene.form(&scene.partner, cancel()).await;
        confirm(kontor, &scene.partner, org, &form).await.unwrap();
        renewed(&scene).await;
        assert_eq!(scene.row().await.status, SubscriptionStatus::Suspended, "{}", bench.name);
        scene.sound().await;
    }
}

#[tokio::test]
async fn a_key_that_is_sent_again_says_what_became_of_it_and_takes_no_other_words() {
    for bench in Bench::all().await {
        let scene = Scene::set(&bench).await;
        let (kontor, org) = (&bench.kontor, scene.org);
        scene.card(&scene.customer, "approve").await;
        let buy = ChangeForm { payer: "customer".into(), ..wish(Plan::Standard, Term::Yearly, 10) };
        let form = scene.form(&scene.partner, buy).await;
        let done = confirm(kontor, &scene.partner, org, &form).await.unwrap();
        assert_eq!(done.status, ChangeStatus::Proposed, "{}", bench.name);
        assert_eq!(confirm(kontor, &scene.partner, org, &form).await.unwrap(), done);
        // The first is open still: other words are another request all the same, and nothing is booked.
        for other in [
            ChangeForm { seats: "11".into(), ..form.clone() },
            ChangeForm { plan: "professional".into(), ..form.clone() },
            ChangeForm { payer: "partner".into(), ..form.clone() },
            ChangeForm { total: "1".into(), ..form.clone() },
            ChangeForm { purchase_ref: "PO-1".into(), ..form.clone() },
        ] {
            let again = confirm(kontor, &scene.partner, org, &other).await;
            assert_eq!(again, Err(Refusal::KeyReused.into()), "{}: {other:?}", bench.name);
        }
        decline(kontor, &scene.customer, org, done.change, 1, "too dear").await.unwrap();
        let again = confirm(kontor, &scene.partner, org, &form).await;
        assert_eq!(again, Err(Refusal::ChangeClosed.into()), "{}", bench.name);
        // The programme's own keys are nobody's.
        let own = ChangeForm { request_key: "renewal-2026-04-02".into(), ..form.clone() };
        assert_eq!(confirm(kontor, &scene.partner, org, &own).await, Err(Error::BadRequest));

        // What was declined by the bank is declined when it is sent again.
        scene.card(&scene.partner, "insufficient_funds").await;
        let buy = ChangeForm { payer: "partner".into(), ..wish(Plan::Standard, Term::Monthly, 10) };
        let form = scene.form(&scene.partner, buy).await;
        for _ in 0..2 {
            let refused = confirm(kontor, &scene.partner, org, &form).await;
            assert_eq!(refused, Err(Refusal::InsufficientFunds.into()), "{}", bench.name);
        }
        assert_eq!(bench.outside.charged(), []);
        scene.sound().await;
    }
}

/// Ten licences more, to be transferred.
async fn ordered(scene: &Scene<'_>, seats: i64) -> crate::kernel::id::ChangeId {
    let more = ChangeForm { method: payments::TRANSFER.into(), ..wish(Plan::Standard, Term::Monthly, seats) };
    let form = scene.form(&scene.partner, more).await;
    let done = confirm(&scene.bench.kontor, &scene.partner, scene.org, &form).await.unwrap();
    assert_eq!(done.status, ChangeStatus::Charging);
    done.change
}

#[tokio::test]
async fn an_order_that_waits_for_a_transfer_can_be_taken_back_and_lapses_at_the_renewal() {
    for bench in Bench::all().await {
        let scene = Scene::set(&bench).await;
        let (kontor, org) = (&bench.kontor, scene.org);
        sold(&scene, Term::Monthly, 10).await;
        let order = ordered(&scene, 11).await;
        let seen = account(kontor, &scene.partner, org).await.unwrap();
        assert_eq!(seen.blocked, Some(Refusal::ChangePending), "{}", bench.name);
        assert!(seen.open[0].undoable);
        let stranger = undo(kontor, &scene.customer, org, order, seen.open[0].version).await;
        assert_eq!(stranger, Err(Refusal::SubscriptionLocked.into()));
        undo(kontor, &scene.partner, org, order, seen.open[0].version).await.unwrap();
        let seen = account(kontor, &scene.partner, org).await.unwrap();
        assert_eq!((seen.blocked, seen.open.len()), (None, 0), "{}", bench.name);
        let taken = seen.history.iter().find(|change| change.id == order).unwrap();
        assert_eq!(taken.status, ChangeStatus::Undone, "{}", bench.name);
        scene.sound().await;

        // Nobody transfers, nobody takes it back: the renewal does not wait.
        ordered(&scene, 12).await;
        renewed(&scene).await;
        let row = scene.row().await;
        assert_eq!((row.seats, row.status), (10, SubscriptionStatus::Active), "{}", bench.name);
        assert_eq!(row.term_started, Some(kontor.now().day()));
        assert!(account(kontor, &scene.partner, org).await.unwrap().open.is_empty());
        scene.sound().await;

        // The transfer comes after all: it is noted, goes back, and finance hears of it.
        let paid = rows::<payment::Entity>(&bench).await;
        let late =
            paid.iter().filter(|p| p.provider == Provider::Manual).max_by_key(|p| p.created_at).unwrap();
        for _ in 0..2 {
            let noted = payments::record_transfer(kontor, &scene.finance, late.id, true, "statement 9").await;
            // A second time there is nothing left to note.
            assert!(matches!(noted, Ok(()) | Err(Error::Refused(Refusal::ChangeClosed))), "{noted:?}");
        }
        scene.work().await;
        let backs = rows::<crate::payment::rows::refund::Entity>(&bench).await;
        assert_eq!(backs.len(), 1, "{}", bench.name);
        assert_eq!(
            (backs[0].amount, backs[0].status),
            (late.amount, crate::payment::RefundStatus::Succeeded)
        );
        let told: Vec<_> =
            mails(&bench).await.into_iter().filter(|(_, m)| m.key() == "payment_came_late").collect();
        assert_eq!(told.len(), 1);
        assert_eq!(told[0].0, "finance@vendor.test");
        scene.sound().await;
    }
}

#[tokio::test]
async fn a_first_term_paid_by_transfer_begins_when_it_is_paid() {
    for bench in Bench::all().await {
        let scene = Scene::set(&bench).await;
        let (kontor, org) = (&bench.kontor, scene.org);
        let buy = ChangeForm {
            payer: "partner".into(),
            method: payments::TRANSFER.into(),
            ..wish(Plan::Standard, Term::Monthly, 10)
        };
        let form = scene.form(&scene.partner, buy).await;
        confirm(kontor, &scene.partner, org, &form).await.unwrap();
        scene.next_days(9).await;
        let paid = rows::<payment::Entity>(&bench).await.remove(0);
        payments::record_transfer(kontor, &scene.finance, paid.id, true, "statement 3").await.unwrap();
        let (row, today) = (scene.row().await, kontor.now().day());
        assert_eq!(row.term_started, Some(today), "{}", bench.name);
        let change = rows::<subscription_change::Entity>(&bench).await.remove(0);
        assert_eq!((change.effective_on, change.total), (today, paid.amount));
        scene.sound().await;
        renewed(&scene).await;
        assert_eq!(scene.row().await.term_started, row.ends_on.map(|day| day.plus(1)));
        scene.sound().await;
    }
}

#[tokio::test]
async fn the_renewal_is_announced_at_the_prices_of_its_own_day_and_the_planned_plan() {
    for bench in Bench::all().await {
        let scene = Scene::set(&bench).await;
        let (kontor, org) = (&bench.kontor, scene.org);
        sold(&scene, Term::Monthly, 10).await;
        let renews = scene.row().await.ends_on.unwrap().plus(1);
        for (item, amount) in [(Item::Standard, 400), (Item::Professional, 900)] {
            dearer(&bench, item, Term::Monthly, renews, amount).await;
        }
        // A discount of its own for the plan that is planned.
        rate(&bench, scene.partner.org, Plan::Professional, 3000).await;
        let next = account(kontor, &scene.partner, org).await.unwrap().next.unwrap();
        // 40.00 by list, 20 % less, 19 % tax.
        assert_eq!(next.total, 3808, "{}", bench.name);
        let more =
            preview(kontor, &scene.partner, org, &wish(Plan::Standard, Term::Monthly, 12)).await.unwrap();
        assert_eq!(more.quote.as_ref().unwrap().after.unit_price, 360, "what runs keeps its price");
        assert_eq!(more.next.unwrap().quote.list, 4800);
        let better = later(wish(Plan::Professional, Term::Monthly, 10));
        let seen = preview(kontor, &scene.partner, org, &better).await.unwrap();
        // 90.00 by list, 30 % less, 19 % tax.
        let ahead = seen.next.unwrap();
        assert_eq!((ahead.quote.list, ahead.quote.total, ahead.quote.lines.len()), (9000, 7497, 1));
        let form = scene.form(&scene.partner, better).await;
        confirm(kontor, &scene.partner, org, &form).await.unwrap();
        bench.clock.set(renews.plus(-15).start().plus_hours(9));
        begin_billing(kontor).await.unwrap();
        scene.work().await;
        let announced = mails(&bench).await.into_iter().find_map(|(_, mail)| match mail {
            crate::notification::Mail::RenewalAhead { amount, .. } => Some(amount.minor),
            _ => None,
        });
        assert_eq!(announced, Some(7497), "{}", bench.name);
        renewed(&scene).await;
        let bills = rows::<invoice::Entity>(&bench).await;
        assert_eq!(bills.iter().max_by_key(|i| i.seq).unwrap().total, 7497, "{}", bench.name);
        scene.sound().await;
    }
}

async fn dearer(bench: &Bench, item: Item, term: Term, from: Day, amount: i64) {
    let row = price::Model {
        id: bench.kontor.id(),
        item,
        term,
        currency: Currency::Eur,
        valid_from: from,
        amount,
        created_at: bench.kontor.now(),
        created_by: "test".into(),
    };
    let active = price::ActiveModel::from(row);
    price::Entity::insert(active).exec_without_returning(bench.kontor.db.writer()).await.unwrap();
}

#[tokio::test]
async fn what_is_planned_meets_what_is_planned_later_and_all_of_it_can_be_taken_back() {
    for bench in Bench::all().await {
        let scene = Scene::set(&bench).await;
        let (kontor, org) = (&bench.kontor, scene.org);
        sold(&scene, Term::Monthly, 10).await;
        let six = later(wish(Plan::Standard, Term::Monthly, 6));
        assert_eq!(preview(kontor, &scene.partner, org, &six).await.unwrap().conflicts, []);
        let form = scene.form(&scene.partner, six).await;
        confirm(kontor, &scene.partner, org, &form).await.unwrap();
        let eight = later(wish(Plan::Standard, Term::Monthly, 8));
        let seen = preview(kontor, &scene.partner, org, &eight).await.unwrap();
        assert_eq!(seen.conflicts.iter().map(|c| c.field).collect::<Vec<_>>(), [Field::Seats]);
        assert_eq!(seen.conflicts[0].renewal.terms.seats, 8, "{}", bench.name);
        let form = scene.form(&scene.partner, eight).await;
        confirm(kontor, &scene.partner, org, &form).await.unwrap();
        let ends = preview(kontor, &scene.partner, org, &cancel()).await.unwrap();
        assert_eq!(ends.conflicts.len(), 2, "a cancellation covers both");
        let form = scene.form(&scene.partner, cancel()).await;
        confirm(kontor, &scene.partner, org, &form).await.unwrap();
        let behind = later(wish(Plan::Standard, Term::Monthly, 9));
        let seen = preview(kontor, &scene.partner, org, &behind).await.unwrap();
        assert!(seen.conflicts.iter().any(|c| c.field == Field::Cancel && c.renewal.cancel));
        assert_eq!(seen.next, None, "{}", bench.name);
        for _ in 0..3 {
            let open = account(kontor, &scene.partner, org).await.unwrap().open;
            let first = open.first().unwrap();
            assert!(first.undoable, "{first:?}");
            undo(kontor, &scene.partner, org, first.id, first.version).await.unwrap();
        }
        let seen = account(kontor, &scene.partner, org).await.unwrap();
        assert!(seen.auto_renew && seen.open.is_empty());
        assert_eq!(seen.next.unwrap().terms.seats, 10, "{}", bench.name);
        scene.sound().await;
    }
}

#[tokio::test]
async fn a_plan_off_sale_is_kept_and_renewed_and_sold_to_nobody() {
    for bench in Bench::all().await {
        let scene = Scene::set(&bench).await;
        let (kontor, org) = (&bench.kontor, scene.org);
        sold(&scene, Term::Monthly, 10).await;
        let other = stage::customer(&bench, &scene.partner, "zweite.test").await;
        for plan in [Plan::Standard, Plan::Professional] {
            sell(&bench, plan, kontor.now().day(), false).await;
        }
        let seen = account(kontor, &scene.partner, org).await.unwrap();
        assert_eq!(seen.plans, [Plan::Standard], "{}", bench.name);
        assert!(account(kontor, &scene.partner, other).await.unwrap().plans.is_empty());
        let refused = Err(Refusal::NotOnSale.into());
        let buy = ChangeForm { payer: "partner".into(), ..wish(Plan::Standard, Term::Monthly, 5) };
        assert_eq!(preview(kontor, &scene.partner, other, &buy).await, refused);
        let better = wish(Plan::Professional, Term::Monthly, 10);
        assert_eq!(preview(kontor, &scene.partner, org, &better).await, refused, "{}", bench.name);
        assert_eq!(preview(kontor, &scene.partner, org, &later(better)).await, refused);
        let more = scene.form(&scene.partner, wish(Plan::Standard, Term::Monthly, 11)).await;
        confirm(kontor, &scene.partner, org, &more).await.unwrap();
        renewed(&scene).await;
        let row = scene.row().await;
        assert_eq!((row.seats, row.term_started), (11, Some(kontor.now().day())), "{}", bench.name);
        scene.sound().await;
    }
}

async fn rate(bench: &Bench, partner: OrgId, plan: Plan, rate_bp: i64) {
    let (created_at, created_by) = (bench.kontor.now(), "test".into());
    let row = partner_rate::Model { partner_id: partner, plan, rate_bp, created_at, created_by };
    let active = partner_rate::ActiveModel::from(row);
    partner_rate::Entity::insert(active).exec_without_returning(bench.kontor.db.writer()).await.unwrap();
}

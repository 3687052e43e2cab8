//! What is not paid: late transfers, disputes, cards that cannot be tried again, and debts of what is over.

use super::*;
use crate::{
    invoice::InvoiceStatus,
    kernel::id::InvoiceId,
    organisation::{OrgStatus, rows::organisation},
    payment::{
        PayForm,
        service::{due, pay_invoice},
    },
    subscription::SubscriptionStatus::*,
};
use sea_orm::{ActiveModelTrait, ActiveValue::Set, IntoActiveModel};

/// Ten licences of Standard by the month, paid by the partner with a card.
pub(super) async fn sold(scene: &Scene<'_>, script: &str) {
    scene.card(&scene.partner, script).await;
    let buy = ChangeForm { payer: "partner".into(), ..wish(Plan::Standard, Term::Monthly, 10) };
    let form = scene.form(&scene.partner, buy).await;
    confirm(&scene.bench.kontor, &scene.partner, scene.org, &form).await.unwrap();
}

/// The partner pays with another card from now on.
pub(super) async fn other_card(scene: &Scene<'_>, script: &str) {
    scene.card(&scene.partner, script).await;
    let cards = payments::methods(&scene.bench.kontor, &scene.partner).await.unwrap();
    payments::remove_method(&scene.bench.kontor, &scene.partner, cards[0].id).await.unwrap();
}

/// The term is over, and renewed.
pub(super) async fn renewed(scene: &Scene<'_>) {
    let ends = scene.row().await.ends_on.unwrap();
    scene.bench.clock.set(ends.end().plus_hours(1));
    assert_eq!(renew_due(&scene.bench.kontor).await, Ok(1), "{}", scene.bench.name);
    scene.work().await;
}

/// Days pass, with all that is due on each of them. Answers the statuses on the way.
pub(super) async fn pass(scene: &Scene<'_>, days: usize) -> Vec<SubscriptionStatus> {
    let mut seen = vec![scene.row().await.status];
    for _ in 0..days {
        scene.next_days(1).await;
        scene.work().await;
        let status = scene.row().await.status;
        if seen.last() != Some(&status) {
            seen.push(status);
        }
    }
    seen
}

pub(super) async fn latest_invoice(scene: &Scene<'_>) -> invoice::Model {
    let all = rows::<invoice::Entity>(scene.bench).await;
    all.into_iter().filter(|i| i.kind == InvoiceKind::Invoice).max_by_key(|i| i.seq).unwrap()
}

pub(super) async fn state_of(scene: &Scene<'_>, id: InvoiceId) -> InvoiceStatus {
    let all = rows::<invoice_state::Entity>(scene.bench).await;
    all.into_iter().find(|state| state.invoice_id == id).unwrap().status
}

pub(super) async fn standing(scene: &Scene<'_>) -> OrgStatus {
    organisation::by_id(scene.bench.kontor.db.read(), scene.org).await.unwrap().unwrap().status
}

/// The form a debtor sends after having seen what is left.
pub(super) async fn pay_form(scene: &Scene<'_>, who: &Actor, id: InvoiceId, method: &str) -> PayForm {
    let seen = due(&scene.bench.kontor, who, id).await.unwrap().unwrap();
    PayForm { method: method.into(), left: seen.left.minor.to_string(), request_key: seen.request_key }
}

pub(super) async fn mails_of(scene: &Scene<'_>, key: &str) -> Vec<String> {
    let all = stage::mails(scene.bench).await;
    all.into_iter().filter(|(_, mail)| mail.key() == key).map(|(to, _)| to).collect()
}

async fn hear(scene: &Scene<'_>) {
    let (headers, body) = scene.bench.outside.next_webhook().expect("news");
    payments::webhook(&scene.bench.kontor, Provider::Scripted, &headers, &body).await.unwrap();
}

#[tokio::test]
async fn a_transfer_that_is_late_is_dunned_and_brings_the_service_back_when_it_comes() {
    for bench in Bench::all().await {
        let scene = Scene::set(&bench).await;
        let kontor = &bench.kontor;
        // Bought by transfer, so that there is no card for the renewal either.
        let buy = ChangeForm {
            payer: "partner".into(),
            method: "transfer".into(),
            ..wish(Plan::Standard, Term::Monthly, 10)
        };
        let form = scene.form(&scene.partner, buy).await;
        confirm(kontor, &scene.partner, scene.org, &form).await.unwrap();
        let bought = rows::<payment::Entity>(&bench).await[0].id;
        payments::record_transfer(kontor, &scene.finance, bought, true, "statement 1").await.unwrap();
        renewed(&scene).await;
        let bill = latest_invoice(&scene).await;
        assert_eq!(bill.due_on, bill.issued_on.plus(14), "{}", bench.name);
        assert_eq!(pass(&scene, 14).await, [Active], "nothing is late before its day is over");
        assert_eq!(pass(&scene, 1).await, [Active, PastDue]);
        assert_eq!(state_of(&scene, bill.id).await, InvoiceStatus::PastDue);
        assert_eq!(mails_of(&scene, "payment_overdue").await, ["owner@nordlicht.test"]);
        assert_eq!(pass(&scene, 16).await, [PastDue, Grace, Suspended], "{}", bench.name);
        assert_eq!(standing(&scene).await, OrgStatus::Suspended);
        // The transfer was awaited all the while, and is the only payment of the invoice.
        let awaited: Vec<_> = rows::<payment::Entity>(&bench)
            .await
            .into_iter()
            .filter(|p| p.invoice_id == Some(bill.id))
            .collect();
        assert_eq!((awaited.len(), awaited[0].status), (1, PaymentStatus::Processing));
        payments::record_transfer(kontor, &scene.finance, awaited[0].id, true, "statement 2").await.unwrap();
        assert_eq!((scene.row().await.status, standing(&scene).await), (Active, OrgStatus::Active));
        scene.sound().await;
    }
}

#[tokio::test]
async fn a_transfer_that_a_change_waits_for_is_given_up_in_the_end_and_said_so() {
    for bench in Bench::all().await {
        let scene = Scene::set(&bench).await;
        let kontor = &bench.kontor;
        let buy = ChangeForm {
            payer: "partner".into(),
            method: "transfer".into(),
            ..wish(Plan::Standard, Term::Monthly, 10)
        };
        let form = scene.form(&scene.partner, buy.clone()).await;
        confirm(kontor, &scene.partner, scene.org, &form).await.unwrap();
        pass(&scene, 28).await;
        let change = || async { rows::<subscription_change::Entity>(&bench).await[0].status };
        assert_eq!(change().await, ChangeStatus::Charging, "{}", bench.name);
        pass(&scene, 3).await;
        assert_eq!(change().await, ChangeStatus::Failed, "{}", bench.name);
        assert!(!mails_of(&scene, "change_not_paid").await.is_empty());
        // It can be bought otherwise now.
        scene.card(&scene.partner, "approve").await;
        let form = scene.form(&scene.partner, ChangeForm { method: String::new(), ..buy }).await;
        confirm(kontor, &scene.partner, scene.org, &form).await.unwrap();
        scene.sound().await;
    }
}

#[tokio::test]
async fn who_is_refused_while_waiting_reads_it_and_who_has_gone_is_written_to() {
    for bench in Bench::all().await {
        let scene = Scene::set(&bench).await;
        let kontor = &bench.kontor;
        let buy = ChangeForm { payer: "partner".into(), ..wish(Plan::Standard, Term::Monthly, 10) };
        scene.card(&scene.partner, "decline").await;
        let form = scene.form(&scene.partner, buy.clone()).await;
        confirm(kontor, &scene.partner, scene.org, &form).await.unwrap_err();
        assert!(mails_of(&scene, "change_not_paid").await.is_empty(), "{}", bench.name);
        other_card(&scene, "action_required").await;
        let form = scene.form(&scene.partner, buy).await;
        confirm(kontor, &scene.partner, scene.org, &form).await.unwrap();
        bench.clock.set(kontor.now().plus_hours(25));
        scene.work().await;
        let told = mails_of(&scene, "change_not_paid").await;
        assert!(told.contains(&"owner@nordlicht.test".to_owned()), "{}: {told:?}", bench.name);
        scene.sound().await;
    }
}

#[tokio::test]
async fn a_dispute_that_is_won_gives_service_and_revenue_back() {
    for bench in Bench::all().await {
        let scene = Scene::set(&bench).await;
        sold(&scene, "chargeback_won").await;
        let bill = latest_invoice(&scene).await;
        hear(&scene).await;
        hear(&scene).await;
        let row = scene.row().await;
        assert_eq!((row.status, row.flagged_at.is_some()), (PastDue, true), "{}", bench.name);
        assert_eq!(state_of(&scene, bill.id).await, InvoiceStatus::PastDue);
        assert_eq!(scene.balance(Book::Cash).await, 0);
        assert_eq!(scene.balance(Book::Chargebacks).await, bill.net);
        scene.sound().await;
        assert_eq!(pass(&scene, 15).await, [PastDue, Grace, Suspended]);
        hear(&scene).await;
        let row = scene.row().await;
        assert_eq!((row.status, row.flagged_at), (Active, None), "{}", bench.name);
        assert_eq!((row.past_due_since, standing(&scene).await), (None, OrgStatus::Active));
        assert_eq!(state_of(&scene, bill.id).await, InvoiceStatus::Paid);
        for (account, holds) in [(Book::Cash, bill.total), (Book::Chargebacks, 0), (Book::Receivable, 0)] {
            assert_eq!(scene.balance(account).await, holds, "{account} on {}", bench.name);
        }
        assert_eq!(scene.balance(Book::Tax).await, -bill.tax);
        assert_eq!(pass(&scene, 10).await, [Active], "nothing of the dispute goes on");
        scene.sound().await;
    }
}

#[tokio::test]
async fn a_dispute_that_is_lost_suspends_until_the_invoice_is_paid_anew() {
    for bench in Bench::all().await {
        let scene = Scene::set(&bench).await;
        let kontor = &bench.kontor;
        sold(&scene, "chargeback").await;
        let bill = latest_invoice(&scene).await;
        for _ in 0..3 {
            hear(&scene).await;
        }
        assert_eq!(scene.row().await.status, PastDue, "{}", bench.name);
        let told = mails_of(&scene, "payment_taken_back").await;
        assert!(told.contains(&"owner@nordlicht.test".to_owned()), "{told:?}");
        assert_eq!(pass(&scene, 16).await, [PastDue, Grace, Suspended]);
        assert_eq!(rows::<payment::Entity>(&bench).await.len(), 1, "the card is not tried again");
        // Whoever owes it pays it with another card.
        other_card(&scene, "approve").await;
        let form = pay_form(&scene, &scene.partner, bill.id, "").await;
        assert_eq!(form.left, bill.total.to_string());
        pay_invoice(kontor, &scene.partner, bill.id, &form).await.unwrap();
        let row = scene.row().await;
        assert_eq!((row.status, standing(&scene).await), (Active, OrgStatus::Active), "{}", bench.name);
        assert!(row.flagged_at.is_some(), "the mark stays for finance to look at");
        assert_eq!(state_of(&scene, bill.id).await, InvoiceStatus::Paid);
        for (account, holds) in [(Book::Cash, bill.total), (Book::Chargebacks, 0), (Book::Receivable, 0)] {
            assert_eq!(scene.balance(account).await, holds, "{account} on {}", bench.name);
        }
        scene.sound().await;
    }
}

#[tokio::test]
async fn a_lost_dispute_that_nobody_pays_ends_the_subscription_and_books_nothing_twice() {
    for bench in Bench::all().await {
        let scene = Scene::set(&bench).await;
        sold(&scene, "chargeback").await;
        let bill = latest_invoice(&scene).await;
        for _ in 0..3 {
            hear(&scene).await;
        }
        // One person fits into the free plan, which is no longer suspended then.
        assert_eq!(pass(&scene, 46).await, [PastDue, Grace, Suspended, Free], "{}", bench.name);
        assert_eq!(standing(&scene).await, OrgStatus::Active);
        assert_eq!(state_of(&scene, bill.id).await, InvoiceStatus::Uncollectible);
        for account in [Book::Cash, Book::Receivable, Book::BadDebt, Book::Tax] {
            assert_eq!(scene.balance(account).await, 0, "{account} on {}", bench.name);
        }
        scene.sound().await;
    }
}

#[tokio::test]
async fn an_old_debt_does_not_end_what_was_bought_since() {
    for bench in Bench::all().await {
        let scene = Scene::set(&bench).await;
        let kontor = &bench.kontor;
        sold(&scene, "approve").await;
        other_card(&scene, "decline").await;
        renewed(&scene).await;
        let debt = latest_invoice(&scene).await;
        assert_eq!(pass(&scene, 16).await, [PastDue, Grace, Suspended], "{}", bench.name);
        // Somebody buys anew: the organisation goes on.
        scene.card(&scene.partner, "approve").await;
        let method = payments::methods(kontor, &scene.partner).await.unwrap().last().unwrap().id;
        let buy = ChangeForm {
            payer: "partner".into(),
            method: method.to_string(),
            ..wish(Plan::Standard, Term::Yearly, 10)
        };
        let form = scene.form(&scene.partner, buy).await;
        confirm(kontor, &scene.partner, scene.org, &form).await.unwrap();
        assert_eq!((scene.row().await.status, standing(&scene).await), (Active, OrgStatus::Active));
        assert_eq!(pass(&scene, 60).await, [Active], "{}", bench.name);
        assert_eq!(state_of(&scene, debt.id).await, InvoiceStatus::Uncollectible);
        assert_eq!(scene.balance(Book::BadDebt).await, debt.total);
        assert_eq!(scene.balance(Book::Receivable).await, 0);
        scene.sound().await;
        // Late money is money all the same, and no loss any more.
        let form = pay_form(&scene, &scene.partner, debt.id, &method.to_string()).await;
        pay_invoice(kontor, &scene.partner, debt.id, &form).await.unwrap();
        assert_eq!((scene.balance(Book::BadDebt).await, scene.balance(Book::Receivable).await), (0, 0));
        assert_eq!(state_of(&scene, debt.id).await, InvoiceStatus::Paid);
        scene.sound().await;
    }
}

#[tokio::test]
async fn a_change_while_past_due_leaves_the_debt_where_it_is() {
    for bench in Bench::all().await {
        let scene = Scene::set(&bench).await;
        let kontor = &bench.kontor;
        sold(&scene, "approve").await;
        other_card(&scene, "insufficient_funds").await;
        renewed(&scene).await;
        let before = scene.row().await;
        assert_eq!(before.status, PastDue, "{}", bench.name);
        scene.card(&scene.partner, "approve").await;
        let method = payments::methods(kontor, &scene.partner).await.unwrap().last().unwrap().id.to_string();
        let more = ChangeForm { method: method.clone(), ..wish(Plan::Standard, Term::Monthly, 11) };
        let form = scene.form(&scene.partner, more).await;
        confirm(kontor, &scene.partner, scene.org, &form).await.unwrap();
        let row = scene.row().await;
        assert_eq!((row.status, row.past_due_since, row.seats), (PastDue, before.past_due_since, 11));
        // The other card pays what the usual one could not, on the day of the next try or when it is asked to.
        let debt = rows::<invoice_state::Entity>(&bench).await;
        let debt = debt.into_iter().find(|state| state.status == InvoiceStatus::PastDue).unwrap();
        let form = pay_form(&scene, &scene.partner, debt.invoice_id, &method).await;
        pay_invoice(kontor, &scene.partner, debt.invoice_id, &form).await.unwrap();
        assert_eq!(scene.row().await.status, Active, "{}", bench.name);
        scene.sound().await;
    }
}

#[tokio::test]
async fn a_card_whose_owner_is_needed_is_not_tried_without_them() {
    for (script, tries) in [("action_required", 1), ("expired_card", 1), ("insufficient_funds", 5)] {
        for bench in Bench::all().await {
            let scene = Scene::set(&bench).await;
            sold(&scene, "approve").await;
            other_card(&scene, script).await;
            renewed(&scene).await;
            let bill = latest_invoice(&scene).await;
            pass(&scene, 10).await;
            let of_bill =
                rows::<payment::Entity>(&bench).await.into_iter().filter(|p| p.invoice_id == Some(bill.id));
            assert_eq!(of_bill.count(), tries, "{script} on {}", bench.name);
            scene.sound().await;
        }
    }
}

#[tokio::test]
async fn a_card_that_was_added_meanwhile_is_tried_in_its_place() {
    for bench in Bench::all().await {
        let scene = Scene::set(&bench).await;
        sold(&scene, "approve").await;
        other_card(&scene, "action_required").await;
        renewed(&scene).await;
        assert_eq!(scene.row().await.status, PastDue, "{}", bench.name);
        scene.card(&scene.partner, "approve").await;
        assert_eq!(pass(&scene, 2).await, [PastDue, Active], "{}", bench.name);
        assert_eq!(scene.balance(Book::Receivable).await, 0);
        scene.sound().await;
    }
}

#[tokio::test]
async fn whoever_takes_money_back_is_marked_and_lent_nothing() {
    for bench in Bench::all().await {
        let scene = Scene::set(&bench).await;
        let kontor = &bench.kontor;
        sold(&scene, "chargeback").await;
        for _ in 0..3 {
            hear(&scene).await;
        }
        let page = || async {
            let query = crate::mapping::CustomerQuery::default();
            let page = crate::mapping::service::customers(kontor, &scene.partner, &query).await.unwrap();
            page.cards.into_iter().find(|card| card.org == scene.org).unwrap()
        };
        assert!(page().await.flagged, "{}", bench.name);
        assert!(account(kontor, &scene.partner, scene.org).await.unwrap().flagged);
        let ends = scene.row().await.ends_on.unwrap();
        let more = crate::subscription::ExtendTrial {
            org: scene.org,
            request_key: crate::subscription::trial::request_key(ends),
        };
        assert_eq!(extend_trial(kontor, &scene.partner, more).await, Err(Refusal::PaymentDisputed.into()));
        // Finance has spoken with the customer.
        assert_eq!(lift_flag(kontor, &scene.partner, scene.org).await, Err(Error::Forbidden));
        lift_flag(kontor, &scene.finance, scene.org).await.unwrap();
        assert!(!page().await.flagged, "{}", bench.name);
        scene.sound().await;
    }
}

#[tokio::test]
async fn what_was_suspended_after_its_trial_goes_on_when_it_is_bought() {
    for bench in Bench::all().await {
        let scene = Scene::set(&bench).await;
        let writer = bench.kontor.db.writer();
        // As the clock of trials leaves an organisation with more people than the free plan holds.
        let row = subscription::Model { status: Suspended, ..scene.row().await };
        subscription::Entity::update(row.into_active_model().reset_all()).exec(writer).await.unwrap();
        let stopped = organisation::ActiveModel {
            id: Set(scene.org),
            status: Set(OrgStatus::Suspended),
            ..Default::default()
        };
        organisation::Entity::update(stopped).exec(writer).await.unwrap();
        sold(&scene, "approve").await;
        assert_eq!((scene.row().await.status, standing(&scene).await), (Active, OrgStatus::Active));
        assert_eq!(pass(&scene, 3).await, [Active], "{}", bench.name);
        scene.sound().await;
    }
}

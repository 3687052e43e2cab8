//! Payments given back in full: of a term, of a change within one, and in the right order.

use super::{
    changes::{renewed, sold},
    *,
};
use crate::{
    catalogue::rows::billing_profile,
    kernel::money::Money,
    organisation::service::stage::mails,
    payment::{
        port::{News, ProviderEvent},
        script::{Entry, write_event},
    },
};

fn full(key: &str) -> RefundForm {
    RefundForm {
        kind: "full".into(),
        reason: "ordered by mistake".into(),
        request_key: key.into(),
        ..RefundForm::default()
    }
}

fn part(amount: i64, key: &str) -> RefundForm {
    let amount = format!("{}.{:02}", amount / 100, amount % 100);
    RefundForm { kind: "partial".into(), amount, ..full(key) }
}

/// Changes the subscription at once, and answers the payment.
async fn changed(scene: &Scene<'_>, wish: ChangeForm) -> payment::Model {
    let form = scene.form(&scene.partner, wish).await;
    confirm(&scene.bench.kontor, &scene.partner, scene.org, &form).await.unwrap();
    last_payment(scene).await
}

async fn last_payment(scene: &Scene<'_>) -> payment::Model {
    rows::<payment::Entity>(scene.bench).await.into_iter().max_by_key(|p| (p.created_at, p.id)).unwrap()
}

#[tokio::test]
async fn a_licence_given_back_undoes_that_licence_and_not_the_year() {
    for bench in Bench::all().await {
        let scene = Scene::set(&bench).await;
        let kontor = &bench.kontor;
        sold(&scene, Term::Yearly, 10).await;
        let year = last_payment(&scene).await;
        scene.next_days(20).await;
        let before = scene.row().await;
        let one = changed(&scene, wish(Plan::Standard, Term::Yearly, 11)).await;
        // The year first: the licence within it would be lost.
        let wrong = payments::give_back(kontor, &scene.finance, year.id, &full("the-whole-year")).await;
        assert_eq!(wrong, Err(Refusal::RefundChangesFirst.into()), "{}", bench.name);
        payments::give_back(kontor, &scene.finance, one.id, &full("the-licence")).await.unwrap();
        scene.work().await;
        let after = scene.row().await;
        assert_eq!((after.seats, after.status), (10, SubscriptionStatus::Active), "{}", bench.name);
        assert_eq!((after.ends_on, after.carry), (before.ends_on, before.carry));
        assert_eq!(scene.balance(Book::Cash).await, year.amount);
        scene.sound().await;
        payments::give_back(kontor, &scene.finance, year.id, &full("the-whole-year")).await.unwrap();
        scene.work().await;
        assert_eq!(scene.row().await.status, SubscriptionStatus::Free, "{}", bench.name);
        assert_eq!(scene.balance(Book::Cash).await, 0);
        scene.sound().await;
    }
}

#[tokio::test]
async fn the_window_counts_from_the_purchase_of_the_term() {
    for bench in Bench::all().await {
        let scene = Scene::set(&bench).await;
        let kontor = &bench.kontor;
        sold(&scene, Term::Yearly, 10).await;
        let year = last_payment(&scene).await;
        scene.next_days(45).await;
        let one = changed(&scene, wish(Plan::Standard, Term::Yearly, 11)).await;
        for (payment, key) in [(year.id, "year-too-late"), (one.id, "one-too-late")] {
            let late = payments::give_back(kontor, &scene.finance, payment, &full(key)).await;
            let told = [Err(Refusal::RefundWindowOver.into()), Err(Refusal::RefundChangesFirst.into())];
            assert!(told.contains(&late), "{}: {late:?}", bench.name);
        }
        assert_eq!(scene.row().await.seats, 11, "{}", bench.name);
        // In parts finance gives back what it will; nothing ends by it.
        payments::give_back(kontor, &scene.finance, one.id, &part(one.amount, "one-in-parts")).await.unwrap();
        let late = payments::give_back(kontor, &scene.finance, year.id, &full("year-too-late")).await;
        assert_eq!(late, Err(Refusal::RefundWindowOver.into()), "{}", bench.name);
        assert_eq!(scene.row().await.seats, 11);
        scene.sound().await;
    }
}

#[tokio::test]
async fn what_was_changed_since_is_given_back_in_parts_only() {
    for bench in Bench::all().await {
        let scene = Scene::set(&bench).await;
        let kontor = &bench.kontor;
        sold(&scene, Term::Yearly, 10).await;
        scene.next_days(5).await;
        let one = changed(&scene, wish(Plan::Standard, Term::Yearly, 11)).await;
        scene.next_days(5).await;
        // Fewer licences: what is left over makes the term longer, so that there is no way back to before the first change.
        let fewer = scene.form(&scene.partner, wish(Plan::Standard, Term::Yearly, 8)).await;
        confirm(kontor, &scene.partner, scene.org, &fewer).await.unwrap();
        let refused = payments::give_back(kontor, &scene.finance, one.id, &full("the-licence")).await;
        assert_eq!(refused, Err(Refusal::RefundPartOnly.into()), "{}", bench.name);
        scene.sound().await;
    }
}

#[tokio::test]
async fn a_renewal_given_back_ends_the_term_it_bought_and_an_earlier_one_does_not() {
    for bench in Bench::all().await {
        let scene = Scene::set(&bench).await;
        let kontor = &bench.kontor;
        sold(&scene, Term::Monthly, 10).await;
        let first = last_payment(&scene).await;
        bench.clock.set(scene.row().await.term_started.unwrap().plus(28).start().plus_hours(9));
        renewed(&scene).await;
        let second = last_payment(&scene).await;
        assert_ne!(first.id, second.id, "{}", bench.name);
        let refused = payments::give_back(kontor, &scene.finance, first.id, &full("an-old-month")).await;
        let told = [Err(Refusal::RefundPartOnly.into()), Err(Refusal::RefundWindowOver.into())];
        assert!(told.contains(&refused), "{}: {refused:?}", bench.name);
        payments::give_back(kontor, &scene.finance, second.id, &full("this-month")).await.unwrap();
        scene.work().await;
        assert_eq!(scene.row().await.status, SubscriptionStatus::Free, "{}", bench.name);
        scene.sound().await;
    }
}

/// The provider tells that so much of a payment is given back by now.
async fn told(scene: &Scene<'_>, of: &payment::Model, total: i64, id: &str) {
    let event = ProviderEvent {
        id: id.into(),
        kind: "refunded".into(),
        key: None,
        provider_ref: of.provider_ref.clone(),
        at: scene.bench.kontor.now(),
        news: News::Refunded { total: Money::new(total, of.currency) },
    };
    let header = vec![("x-outside".to_owned(), "signed".to_owned())];
    let body = write_event(&event);
    payments::webhook(&scene.bench.kontor, Provider::Scripted, &header, body.as_bytes()).await.unwrap();
}

#[tokio::test]
async fn what_was_given_back_at_the_providers_own_desk_is_noted_once() {
    for bench in Bench::all().await {
        let scene = Scene::set(&bench).await;
        let kontor = &bench.kontor;
        sold(&scene, Term::Yearly, 10).await;
        let paid = last_payment(&scene).await;
        let (charge, amount) = (paid.id.to_string(), Money::new(5000, Currency::Eur));
        let by_hand = Entry::Refunded { key: "re_desk".into(), charge, amount };
        bench.outside.book.lock().unwrap().apply(by_hand, kontor.now());
        for id in ["evt_1", "evt_1", "evt_2"] {
            told(&scene, &paid, 5000, id).await;
        }
        // One of ours, of which the provider tells as well.
        payments::give_back(kontor, &scene.finance, paid.id, &part(2000, "refund-of-ours")).await.unwrap();
        told(&scene, &paid, 7000, "evt_3").await;
        let backs = rows::<refund::Entity>(&bench).await;
        assert_eq!(backs.len(), 2, "{}", bench.name);
        let outside = backs.iter().find(|back| back.kind == RefundKind::Outside).unwrap();
        assert_eq!((outside.amount, outside.status), (5000, RefundStatus::Succeeded), "{}", bench.name);
        let notes = rows::<invoice::Entity>(&bench).await;
        let notes: i64 = notes.iter().filter(|i| i.kind == InvoiceKind::CreditNote).map(|i| i.total).sum();
        assert_eq!(notes, -7000, "{}", bench.name);
        assert_eq!(scene.balance(Book::Cash).await, paid.amount - 7000);
        assert_eq!(scene.balance(Book::Receivable).await, 0);
        assert_eq!(scene.row().await.status, SubscriptionStatus::Active, "nothing ends by it");
        let mails = mails(&bench).await;
        assert_eq!(mails.iter().filter(|(_, m)| m.key() == "refunded_outside").count(), 1, "{}", bench.name);
        scene.sound().await;

        // In the report the payment names its credit notes.
        let seen = payments::payments(kontor, &scene.partner, &Default::default()).await.unwrap();
        let row = seen.rows.iter().find(|row| row.id == paid.id).unwrap();
        assert_eq!((row.refunded, row.credit_notes.len()), (7000, 2), "{}", bench.name);
    }
}

#[tokio::test]
async fn a_removed_card_is_forgotten_at_the_provider_too() {
    for bench in Bench::all().await {
        let scene = Scene::set(&bench).await;
        let kontor = &bench.kontor;
        scene.card(&scene.partner, "approve").await;
        scene.card(&scene.partner, "decline").await;
        let cards = payments::methods(kontor, &scene.partner).await.unwrap();
        let other = cards.iter().find(|card| !card.is_default).unwrap();
        payments::remove_method(kontor, &scene.partner, other.id).await.unwrap();
        assert_eq!(*bench.outside.forgotten.lock().unwrap(), [] as [String; 0], "{}", bench.name);
        scene.work().await;
        assert_eq!(*bench.outside.forgotten.lock().unwrap(), ["decline"], "{}", bench.name);
    }
}

#[tokio::test]
async fn payments_are_found_by_customer_and_means_and_summed_by_currency() {
    for bench in Bench::all().await {
        let scene = Scene::set(&bench).await;
        let kontor = &bench.kontor;
        sold(&scene, Term::Yearly, 10).await;
        let (year, begun) = (last_payment(&scene).await, kontor.now().day());
        scene.next_days(1).await;
        let more = ChangeForm { method: payments::TRANSFER.into(), ..wish(Plan::Standard, Term::Yearly, 11) };
        let waits = changed(&scene, more).await;
        let asked = |pairs: &[(&str, &str)]| crate::payment::PaymentQuery::from_pairs(pairs.iter().copied());
        let found = async |pairs: &[(&str, &str)]| {
            let query = asked(pairs);
            let page = payments::payments(kontor, &scene.partner, &query).await.unwrap();
            (page.rows.iter().map(|row| row.id).collect::<Vec<_>>(), page.sums, page.rows)
        };
        let (all, sums, rows) = found(&[]).await;
        assert_eq!(all, [waits.id, year.id], "{}", bench.name);
        // What waits for a transfer is not paid.
        assert_eq!((sums.len(), sums[0].count, sums[0].amount.minor), (1, 1, year.amount), "{}", bench.name);
        let first = rows.iter().find(|row| row.id == year.id).unwrap();
        assert_eq!((first.plan, first.seats, first.net), (Some(Plan::Standard), Some(10), Some(28800)));
        assert_eq!(first.period.unwrap().0, begun);
        assert_eq!(rows[0].seats, Some(11), "what is wished, as long as nothing is billed");
        assert_eq!(found(&[("method", "card")]).await.0, [year.id], "{}", bench.name);
        assert_eq!(found(&[("method", "transfer")]).await.0, [waits.id]);
        assert_eq!(found(&[("q", "kunde.test")]).await.0.len(), 2, "{}", bench.name);
        assert!(found(&[("q", "somebody else")]).await.0.is_empty());
        let customer = scene.org.to_string();
        assert_eq!(found(&[("customer", customer.as_str())]).await.0.len(), 2);
        let page =
            payments::payments(kontor, &scene.partner, &asked(&[("customer", customer.as_str())])).await;
        assert_eq!(page.unwrap().customer.unwrap().0, scene.org, "{}", bench.name);
        let stranger = scene.partner.org.to_string();
        assert!(found(&[("customer", stranger.as_str())]).await.0.is_empty());
    }
}

#[tokio::test]
async fn a_renewal_that_waits_for_billing_details_is_listed_with_what_is_missing() {
    for bench in Bench::all().await {
        let scene = Scene::set(&bench).await;
        let kontor = &bench.kontor;
        sold(&scene, Term::Monthly, 10).await;
        billing_profile::Entity::delete_by_id(scene.partner.org).exec(kontor.db.writer()).await.unwrap();
        renewed(&scene).await;
        let waiting = async |who: &Actor| {
            crate::report::service::report(kontor, who, None, &ReportQuery::default()).await.unwrap().waiting
        };
        assert!(waiting(&scene.partner).await.is_empty(), "the clock of today has not tried in vain yet");
        scene.next_days(2).await;
        begin_billing(kontor).await.unwrap();
        scene.work().await;
        for who in [&scene.partner, &scene.finance] {
            let found = waiting(who).await;
            assert_eq!(found.len(), 1, "{}", bench.name);
            assert_eq!((found[0].org, &found[0].why), (scene.org, &Refusal::BillingDetailsNeeded));
        }
        assert_eq!(scene.row().await.status, SubscriptionStatus::Active, "service goes on");
        profile(&bench, scene.partner.org).await;
        begin_billing(kontor).await.unwrap();
        scene.work().await;
        assert!(waiting(&scene.partner).await.is_empty(), "{}", bench.name);
        scene.sound().await;
    }
}

#[tokio::test]
async fn credit_stays_with_us_and_pays_for_the_next_renewal() {
    for bench in Bench::all().await {
        let scene = Scene::set(&bench).await;
        let kontor = &bench.kontor;
        sold(&scene, Term::Monthly, 10).await;
        let paid = last_payment(&scene).await;
        let credit = RefundForm { kind: "credit".into(), ..part(1000, "credit-of-ten") };
        payments::give_back(kontor, &scene.finance, paid.id, &credit).await.unwrap();
        let other = part(1000, "credit-of-ten");
        let reused = payments::give_back(kontor, &scene.finance, paid.id, &other).await;
        assert_eq!(reused, Err(Refusal::KeyReused.into()), "{}", bench.name);
        assert_eq!(scene.balance(Book::Cash).await, paid.amount, "no money moves");
        assert_eq!(scene.balance(Book::Credit).await, -1000);
        assert_eq!(scene.balance(Book::Receivable).await, 0);
        let there = crate::invoice::service::on_account(kontor, scene.partner.org).await.unwrap();
        assert_eq!(there, [Money::new(1000, Currency::Eur)], "{}", bench.name);
        scene.sound().await;

        renewed(&scene).await;
        let second = last_payment(&scene).await;
        assert_eq!(second.amount, paid.amount - 1000, "{}", bench.name);
        assert_eq!(scene.balance(Book::Credit).await, 0);
        assert_eq!(scene.balance(Book::Receivable).await, 0);
        let states = rows::<invoice_state::Entity>(&bench).await;
        let bill = states.iter().find(|s| Some(s.invoice_id) == second.invoice_id).unwrap();
        assert_eq!((bill.status, bill.paid), (crate::invoice::InvoiceStatus::Paid, paid.amount));
        scene.sound().await;

        // All of it given back: what was paid from the account is there again.
        payments::give_back(kontor, &scene.finance, second.id, &full("this-month")).await.unwrap();
        scene.work().await;
        assert_eq!(scene.row().await.status, SubscriptionStatus::Free, "{}", bench.name);
        assert_eq!(scene.balance(Book::Credit).await, -1000);
        assert_eq!(scene.balance(Book::Cash).await, paid.amount);
        assert_eq!(scene.balance(Book::Receivable).await, 0);
        scene.sound().await;
    }
}

#[tokio::test]
async fn credit_that_covers_a_renewal_leaves_nothing_to_pay() {
    for bench in Bench::all().await {
        let scene = Scene::set(&bench).await;
        let kontor = &bench.kontor;
        sold(&scene, Term::Monthly, 10).await;
        let paid = last_payment(&scene).await;
        let credit = RefundForm { kind: "credit".into(), ..part(paid.amount, "credit-of-all") };
        payments::give_back(kontor, &scene.finance, paid.id, &credit).await.unwrap();
        renewed(&scene).await;
        assert_eq!(rows::<payment::Entity>(&bench).await.len(), 1, "{}", bench.name);
        assert_eq!(scene.row().await.term_started, Some(kontor.now().day()));
        assert_eq!(scene.balance(Book::Credit).await, 0, "{}", bench.name);
        let states = rows::<invoice_state::Entity>(&bench).await;
        assert_eq!(states.iter().filter(|s| s.status == crate::invoice::InvoiceStatus::Paid).count(), 1);
        scene.sound().await;
    }
}

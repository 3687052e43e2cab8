//! An open invoice is paid by whoever owes it, recorded by finance, or taken over by the customer.

use super::{
    debts::{latest_invoice, mails_of, other_card, pass, pay_form, renewed, sold, standing, state_of},
    *,
};
use crate::{
    commission::rows::commission_line,
    invoice::{InvoiceStatus, service::own},
    organisation::OrgStatus,
    payment::{
        PayForm, RecordForm,
        service::{TRANSFER, answer_bank, due, pay_invoice, record_invoice_payment},
    },
    subscription::{SubscriptionStatus::*, TakeOverForm, change::Payer},
};

/// A term that the partner's card did not pay.
async fn failing<'a>(bench: &'a Bench, script: &str) -> (Scene<'a>, invoice::Model) {
    let scene = Scene::set(bench).await;
    sold(&scene, "approve").await;
    other_card(&scene, script).await;
    renewed(&scene).await;
    let bill = latest_invoice(&scene).await;
    assert_eq!(state_of(&scene, bill.id).await, InvoiceStatus::PastDue, "{}", bench.name);
    (scene, bill)
}

fn record(amount: &str, key: &str) -> RecordForm {
    RecordForm { amount: amount.into(), reference: "statement 7".into(), request_key: key.into() }
}

#[tokio::test]
async fn whoever_owes_an_invoice_pays_it_once_and_nobody_else_can() {
    for bench in Bench::all().await {
        let (scene, bill) = failing(&bench, "decline").await;
        let kontor = &bench.kontor;
        let seen = due(kontor, &scene.partner, bill.id).await.unwrap().unwrap();
        assert_eq!((seen.left.minor, seen.late, seen.pays, seen.records), (bill.total, true, true, false));
        assert_eq!(due(kontor, &scene.customer, bill.id).await, Ok(None), "{}", bench.name);
        let other = PayForm {
            left: bill.total.to_string(),
            request_key: "a-key-of-its-own".into(),
            ..PayForm::default()
        };
        let stranger = pay_invoice(kontor, &scene.customer, bill.id, &other).await;
        assert_eq!(stranger, Err(Error::NotFound), "{}", bench.name);

        // The usual card is declined once more: nothing changes, and nobody is written to.
        let mails = mails_of(&scene, "payment_failed").await.len();
        let form = pay_form(&scene, &scene.partner, bill.id, "").await;
        let declined = pay_invoice(kontor, &scene.partner, bill.id, &form).await;
        assert_eq!(declined, Err(Refusal::PaymentDeclined.into()));
        assert_eq!(mails_of(&scene, "payment_failed").await.len(), mails);
        assert_eq!(scene.row().await.status, PastDue, "{}", bench.name);

        scene.card(&scene.partner, "approve").await;
        let good = payments::methods(kontor, &scene.partner).await.unwrap().last().unwrap().id.to_string();
        let form = pay_form(&scene, &scene.partner, bill.id, &good).await;
        let wrong = PayForm { left: "1".into(), ..form.clone() };
        assert_eq!(pay_invoice(kontor, &scene.partner, bill.id, &wrong).await, Err(Error::StaleVersion));
        let paid = pay_invoice(kontor, &scene.partner, bill.id, &form).await.unwrap();
        assert_eq!(paid.status, PaymentStatus::Succeeded);
        assert_eq!(
            pay_invoice(kontor, &scene.partner, bill.id, &form).await.unwrap(),
            paid,
            "a double click"
        );
        let again = PayForm { request_key: "another-key".into(), ..form };
        assert_eq!(
            pay_invoice(kontor, &scene.partner, bill.id, &again).await,
            Err(Refusal::NothingDue.into())
        );
        assert_eq!(due(kontor, &scene.partner, bill.id).await, Ok(None));
        assert_eq!(scene.row().await.status, Active, "{}", bench.name);
        assert_eq!(pass(&scene, 20).await, [Active], "nothing of the debt goes on");
        scene.sound().await;
    }
}

#[tokio::test]
async fn a_bank_that_asks_can_be_answered_because_the_payer_is_there() {
    for bench in Bench::all().await {
        let (scene, bill) = failing(&bench, "action_required").await;
        let kontor = &bench.kontor;
        let form = pay_form(&scene, &scene.partner, bill.id, "").await;
        let asked = pay_invoice(kontor, &scene.partner, bill.id, &form).await.unwrap();
        assert_eq!(asked.status, PaymentStatus::RequiresAction, "{}", bench.name);
        let url = asked.action_url.clone().unwrap();
        // Whoever comes back without having answered is led to the same question.
        let again = pay_form(&scene, &scene.partner, bill.id, "").await;
        assert_eq!(pay_invoice(kontor, &scene.partner, bill.id, &again).await.unwrap(), asked);
        let waiting = due(kontor, &scene.partner, bill.id).await.unwrap().unwrap().waiting.unwrap();
        assert_eq!(waiting.action_url, Some(url.clone()));
        // Meanwhile no step of dunning tries another way.
        assert_eq!(pass(&scene, 0).await, [PastDue]);
        let reference = url.rsplit_once("/demo/bank/").unwrap().1;
        let back = answer_bank(&bench.as_demo(), reference, true).await.unwrap();
        assert_eq!(back, format!("/store/{}/invoices/{}", scene.partner.org, bill.id), "{}", bench.name);
        assert_eq!(scene.row().await.status, Active);
        scene.sound().await;
    }
}

#[tokio::test]
async fn finance_records_what_came_in_also_a_part_and_never_more_than_is_left() {
    for bench in Bench::all().await {
        let (scene, bill) = failing(&bench, "decline").await;
        let kontor = &bench.kontor;
        assert_eq!(pass(&scene, 16).await, [PastDue, Grace, Suspended], "{}", bench.name);
        let form = record("10.00", "key-of-the-form-1");
        let refused = record_invoice_payment(kontor, &scene.partner, bill.id, &form).await;
        assert_eq!(refused, Err(Error::Forbidden));
        for wrong in ["", "abc", "-5", "1.234,567"] {
            let refused =
                record_invoice_payment(kontor, &scene.finance, bill.id, &record(wrong, "key-wrong")).await;
            assert!(refused.is_err(), "{wrong}");
        }
        let first = record_invoice_payment(kontor, &scene.finance, bill.id, &form).await.unwrap();
        assert_eq!(record_invoice_payment(kontor, &scene.finance, bill.id, &form).await, Ok(first));
        let other = record("11.00", "key-of-the-form-1");
        let reused = record_invoice_payment(kontor, &scene.finance, bill.id, &other).await;
        assert_eq!(reused, Err(Refusal::KeyReused.into()), "{}", bench.name);
        assert_eq!(state_of(&scene, bill.id).await, InvoiceStatus::PartiallyPaid);
        assert_eq!((scene.row().await.status, standing(&scene).await), (Suspended, OrgStatus::Suspended));
        assert_eq!(scene.balance(Book::Receivable).await, bill.total - 1000);
        // The rest is awaited, and seen by the debtor.
        let seen = due(kontor, &scene.partner, bill.id).await.unwrap().unwrap();
        assert_eq!(
            (seen.left.minor, seen.waiting.unwrap().amount.minor),
            (bill.total - 1000, bill.total - 1000)
        );
        let much = record_invoice_payment(kontor, &scene.finance, bill.id, &record("99", "key-much")).await;
        let left = crate::kernel::money::Money::new(bill.total - 1000, bill.currency);
        assert_eq!(much, Err(Refusal::PaymentTooMuch { left }.into()));
        let rest = format!("{}.{:02}", left.minor / 100, left.minor % 100);
        record_invoice_payment(kontor, &scene.finance, bill.id, &record(&rest, "key-rest")).await.unwrap();
        assert_eq!(state_of(&scene, bill.id).await, InvoiceStatus::Paid, "{}", bench.name);
        assert_eq!((scene.row().await.status, standing(&scene).await), (Active, OrgStatus::Active));
        let of_bill: Vec<_> = rows::<payment::Entity>(&bench)
            .await
            .into_iter()
            .filter(|p| p.invoice_id == Some(bill.id))
            .collect();
        assert!(of_bill.iter().all(|p| !p.status.is_open()), "{}", bench.name);
        scene.sound().await;
    }
}

#[tokio::test]
async fn a_transfer_is_promised_once_and_a_card_takes_its_place() {
    for bench in Bench::all().await {
        let (scene, bill) = failing(&bench, "decline").await;
        let kontor = &bench.kontor;
        let form = pay_form(&scene, &scene.partner, bill.id, TRANSFER).await;
        let promised = pay_invoice(kontor, &scene.partner, bill.id, &form).await.unwrap();
        assert_eq!(promised.status, PaymentStatus::Processing);
        let form = pay_form(&scene, &scene.partner, bill.id, TRANSFER).await;
        assert_eq!(pay_invoice(kontor, &scene.partner, bill.id, &form).await.unwrap(), promised);
        assert_eq!(scene.row().await.status, PastDue, "a promise is no payment on {}", bench.name);
        scene.card(&scene.partner, "approve").await;
        let good = payments::methods(kontor, &scene.partner).await.unwrap().last().unwrap().id.to_string();
        let form = pay_form(&scene, &scene.partner, bill.id, &good).await;
        pay_invoice(kontor, &scene.partner, bill.id, &form).await.unwrap();
        assert_eq!(scene.row().await.status, Active, "{}", bench.name);
        let late = payments::record_transfer(kontor, &scene.finance, promised.payment, true, "").await;
        assert_eq!(late, Ok(()), "what it was for is paid: it goes back, and nothing is booked twice");
        let listed = own(kontor, &scene.partner, None).await.unwrap();
        assert!(listed.rows.iter().all(|row| row.left.minor == 0), "{}", bench.name);
        scene.sound().await;
    }
}

#[tokio::test]
async fn the_customer_takes_over_what_its_partner_does_not_pay() {
    for bench in Bench::all().await {
        let (scene, theirs) = failing(&bench, "decline").await;
        let (kontor, org) = (&bench.kontor, scene.org);
        let before = scene.row().await;
        assert_eq!(pass(&scene, 10).await, [PastDue, Grace], "{}", bench.name);
        let offered = mails_of(&scene, "suspension_ahead").await;
        assert!(offered.iter().any(|to| to.contains("kunde.test")), "{offered:?}");
        assert_eq!(account(kontor, &scene.partner, org).await.unwrap().take_over, None);
        let seen = account(kontor, &scene.customer, org).await.unwrap();
        let offer = seen.take_over.unwrap();
        // 36.00 by list and 19 % tax: the partner's discount is the partner's.
        assert_eq!((offer.net.minor, offer.total.minor), (3600, 4284));
        assert!(seen.owed.is_empty(), "what the partner owes is not shown on {}", bench.name);
        let form = |total: &str, key: &str| TakeOverForm {
            total: total.into(),
            request_key: key.into(),
            ..TakeOverForm::default()
        };
        let partner = take_over(kontor, &scene.partner, org, &form("4284", "take-over-0")).await;
        assert_eq!(partner, Err(Error::Forbidden));
        let no_card = take_over(kontor, &scene.customer, org, &form("4284", "take-over-1")).await;
        assert_eq!(no_card, Err(Refusal::NoPaymentMethod.into()), "{}", bench.name);
        scene.card(&scene.customer, "approve").await;
        let stale = take_over(kontor, &scene.customer, org, &form("3427", "take-over-2")).await;
        assert_eq!(stale, Err(Error::StaleVersion));
        let done = take_over(kontor, &scene.customer, org, &form("4284", "take-over-3")).await.unwrap();
        assert_eq!(done.status, ChangeStatus::Applied);
        assert_eq!(
            take_over(kontor, &scene.customer, org, &form("4284", "take-over-3")).await.unwrap().change,
            done.change
        );

        let row = scene.row().await;
        assert_eq!((row.status, row.payer, row.past_due_since), (Active, Some(Payer::Customer), None));
        assert_eq!(
            (row.seats, row.ends_on, row.unit_price),
            (before.seats, before.ends_on, before.unit_price)
        );
        assert_eq!(state_of(&scene, theirs.id).await, InvoiceStatus::Void, "{}", bench.name);
        let bill = latest_invoice(&scene).await;
        assert_eq!((bill.debtor_id, bill.payer, bill.total), (org, Payer::Customer, 4284));
        assert_eq!(state_of(&scene, bill.id).await, InvoiceStatus::Paid);
        assert_eq!(scene.balance(Book::Receivable).await, 0);
        // The customer pays: so the partner earns.
        let lines = rows::<commission_line::Entity>(&bench).await;
        assert_eq!(lines.iter().map(|line| line.amount).sum::<i64>(), 720, "{}", bench.name);
        scene.sound().await;

        // The customer's card renews it, and no cent of the term is counted twice.
        let kept = scene.balance(Book::Rounding).await;
        renewed(&scene).await;
        assert_eq!(scene.row().await.status, Active);
        assert_eq!(latest_invoice(&scene).await.debtor_id, org);
        assert_eq!(scene.balance(Book::Rounding).await, kept, "{}", bench.name);
        scene.sound().await;
    }
}

#[tokio::test]
async fn what_is_suspended_is_taken_over_and_goes_on_and_a_declined_card_changes_nothing() {
    for bench in Bench::all().await {
        let (scene, theirs) = failing(&bench, "decline").await;
        let (kontor, org) = (&bench.kontor, scene.org);
        assert_eq!(pass(&scene, 16).await, [PastDue, Grace, Suspended], "{}", bench.name);
        scene.card(&scene.customer, "decline").await;
        let offer = account(kontor, &scene.customer, org).await.unwrap().take_over.unwrap();
        let form = |key: &str, method: String| TakeOverForm {
            total: offer.total.minor.to_string(),
            request_key: key.into(),
            method,
        };
        let declined = take_over(kontor, &scene.customer, org, &form("take-over-1", String::new())).await;
        assert_eq!(declined, Err(Refusal::PaymentDeclined.into()));
        assert_eq!(state_of(&scene, theirs.id).await, InvoiceStatus::PastDue, "{}", bench.name);
        assert_eq!(scene.row().await.payer, Some(Payer::Partner));
        scene.card(&scene.customer, "approve").await;
        let good = payments::methods(kontor, &scene.customer).await.unwrap().last().unwrap().id.to_string();
        take_over(kontor, &scene.customer, org, &form("take-over-2", good)).await.unwrap();
        assert_eq!((scene.row().await.status, standing(&scene).await), (Active, OrgStatus::Active));
        assert_eq!(state_of(&scene, theirs.id).await, InvoiceStatus::Void);
        // What is taken back cannot be paid any more, and nothing of the old debt goes on.
        let form = PayForm {
            left: theirs.total.to_string(),
            request_key: "late-partner".into(),
            ..PayForm::default()
        };
        let late = pay_invoice(kontor, &scene.partner, theirs.id, &form).await;
        assert_eq!(late, Err(Refusal::NothingDue.into()), "{}", bench.name);
        scene.sound().await;
    }
}

#[tokio::test]
async fn while_the_customers_bank_asks_the_partner_cannot_pay_and_nothing_is_suspended() {
    for bench in Bench::all().await {
        let (scene, theirs) = failing(&bench, "decline").await;
        let (kontor, org) = (&bench.kontor, scene.org);
        pass(&scene, 14).await;
        scene.card(&scene.customer, "action_required").await;
        let total =
            account(kontor, &scene.customer, org).await.unwrap().take_over.unwrap().total.minor.to_string();
        let form = TakeOverForm { total, request_key: "take-over-1".into(), ..TakeOverForm::default() };
        let asked = take_over(kontor, &scene.customer, org, &form).await.unwrap();
        assert_eq!(asked.status, ChangeStatus::Charging, "{}", bench.name);
        let pays = PayForm {
            left: theirs.total.to_string(),
            request_key: "partner-pays".into(),
            method: TRANSFER.into(),
        };
        let busy = pay_invoice(kontor, &scene.partner, theirs.id, &pays).await;
        assert_eq!(busy, Err(Refusal::ChangePending.into()), "{}", bench.name);
        bench.clock.set(kontor.now().plus_hours(23));
        scene.work().await;
        assert_eq!(scene.row().await.status, Grace, "{}", bench.name);
        let url = asked.action_url.unwrap();
        let reference = url.rsplit_once("/demo/bank/").unwrap().1;
        answer_bank(&bench.as_demo(), reference, true).await.unwrap();
        let row = scene.row().await;
        assert_eq!((row.status, row.payer), (Active, Some(Payer::Customer)), "{}", bench.name);
        scene.sound().await;
    }
}

#[tokio::test]
async fn a_term_whose_money_the_partners_bank_took_back_is_taken_over_without_booking_it_twice() {
    for bench in Bench::all().await {
        let scene = Scene::set(&bench).await;
        let (kontor, org) = (&bench.kontor, scene.org);
        sold(&scene, "chargeback").await;
        while let Some((headers, body)) = bench.outside.next_webhook() {
            payments::webhook(kontor, Provider::Scripted, &headers, &body).await.unwrap();
        }
        let theirs = latest_invoice(&scene).await;
        scene.card(&scene.customer, "approve").await;
        let offer = account(kontor, &scene.customer, org).await.unwrap().take_over.unwrap();
        let total = offer.total.minor;
        let form = TakeOverForm {
            total: total.to_string(),
            request_key: "take-over-1".into(),
            ..TakeOverForm::default()
        };
        take_over(kontor, &scene.customer, org, &form).await.unwrap();
        assert_eq!(scene.row().await.status, Active, "{}", bench.name);
        assert_eq!(state_of(&scene, theirs.id).await, InvoiceStatus::Void);
        for (account, holds) in [(Book::Cash, total), (Book::Chargebacks, 0), (Book::Receivable, 0)] {
            assert_eq!(scene.balance(account).await, holds, "{account} on {}", bench.name);
        }
        assert_eq!(scene.balance(Book::Tax).await, -offer.tax.minor);
        scene.sound().await;
    }
}

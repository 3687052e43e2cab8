//! The way of the money on both databases: from trial to paid, up and down, renewed, not paid, given back.

use super::*;
use crate::{
    Error, Refusal,
    catalogue::service::stage::{catalogue, profile},
    commission::{LineState, rows::commission_line},
    invoice::{
        InvoiceKind,
        rows::{invoice, invoice_state},
    },
    job::{JobKind, service::claim},
    kernel::{
        actor::Actor,
        id::{OrgId, PaymentId},
        instant::Day,
        money::Currency,
        right::{OrgKind, Role},
        testing::Bench,
    },
    ledger::{
        Account as Book, EVERYBODY,
        service::{balances_of, verify_ledger},
    },
    mapping::service::verify_counters,
    organisation::service::stage::{self, rows},
    partner::PartnerType,
    payment::{
        PaymentStatus, Provider, RefundForm, RefundKind, RefundStatus,
        rows::{payment, refund},
        service as payments,
    },
    report::{ReportQuery, service::tests::figures_are_their_lines},
    subscription::{
        ChangeForm, ChangeStatus, Plan, SubscriptionStatus, Term,
        change::Item,
        rows::{subscription, subscription_change},
    },
};
use sea_orm::EntityTrait;

mod bank;
mod came_late;
mod changes;
mod debts;
mod early;
mod freedom;
mod history;
mod late;
mod leaving;
mod paying;
mod proposals;
mod referral;
mod refunds;
mod residue;
mod scene;
mod two;

pub(crate) use scene::{Scene, wish};

#[tokio::test]
async fn a_trial_is_bought_by_the_partner_upgraded_and_given_back() {
    for bench in Bench::all().await {
        let scene = Scene::set(&bench).await;
        let (kontor, org) = (&bench.kontor, scene.org);
        let buy = ChangeForm { payer: "partner".into(), ..wish(Plan::Standard, Term::Yearly, 10) };
        let form = scene.form(&scene.partner, buy.clone()).await;
        assert_eq!(
            confirm(kontor, &scene.partner, org, &form).await,
            Err(Refusal::NoPaymentMethod.into()),
            "{}",
            bench.name
        );
        scene.card(&scene.partner, "approve").await;
        let form = scene.form(&scene.partner, buy.clone()).await;
        // 360.00 by list, 20 % less, 19 % tax.
        assert_eq!(form.total, "34272");
        let wrong = ChangeForm { total: "34271".into(), ..form.clone() };
        assert_eq!(confirm(kontor, &scene.partner, org, &wrong).await, Err(Error::StaleVersion));
        let done = confirm(kontor, &scene.partner, org, &form).await.unwrap();
        assert_eq!(done.status, ChangeStatus::Applied);
        // A double click is the same purchase; the same key with another wish is none.
        assert_eq!(confirm(kontor, &scene.partner, org, &form).await.unwrap().change, done.change);
        let other = ChangeForm { seats: "11".into(), ..form.clone() };
        assert_eq!(confirm(kontor, &scene.partner, org, &other).await, Err(Refusal::KeyReused.into()));
        let row = scene.row().await;
        assert_eq!((row.plan, row.status, row.seats), (Plan::Standard, SubscriptionStatus::Active, 10));
        assert_eq!(scene.balance(Book::Cash).await, 34272);
        assert_eq!(scene.balance(Book::Receivable).await, 0);
        assert!(
            rows::<commission_line::Entity>(&bench).await.is_empty(),
            "what the partner pays earns nothing"
        );
        scene.sound().await;

        // Example A of domain.md section 7, less the partner's discount: after 90 of 365 days.
        scene.next_days(89).await;
        let form = scene.form(&scene.partner, wish(Plan::Professional, Term::Yearly, 10)).await;
        confirm(kontor, &scene.partner, org, &form).await.unwrap();
        let upgrade = rows::<invoice::Entity>(&bench).await;
        let upgrade = upgrade.iter().max_by_key(|i| i.seq).unwrap();
        assert_eq!((upgrade.list_amount, upgrade.discount), (27123, 5425));
        scene.sound().await;

        // Finance gives a part back; more than was paid cannot be.
        let paid = rows::<payment::Entity>(&bench).await;
        let last = paid.iter().max_by_key(|p| p.created_at).unwrap();
        let back = |amount: &str, key: &str| RefundForm {
            kind: "partial".into(),
            amount: amount.into(),
            reason: "goodwill".into(),
            request_key: key.into(),
        };
        let much = payments::give_back(kontor, &scene.finance, last.id, &back("9999", "refund-key-0")).await;
        assert_eq!(much, Err(Refusal::RefundTooMuch.into()));
        for wrong in ["-5", "1.234,567", "abc", ""] {
            let refused =
                payments::give_back(kontor, &scene.finance, last.id, &back(wrong, "refund-key-1")).await;
            assert!(matches!(refused, Err(Error::Invalid(_))), "{wrong}");
        }
        payments::give_back(kontor, &scene.finance, last.id, &back("50", "refund-key-2")).await.unwrap();
        payments::give_back(kontor, &scene.finance, last.id, &back("50", "refund-key-2")).await.unwrap();
        let stranger =
            payments::give_back(kontor, &scene.partner, last.id, &back("50", "refund-key-3")).await;
        assert_eq!(stranger, Err(Error::Forbidden));
        let notes = rows::<invoice::Entity>(&bench).await;
        let notes: Vec<_> = notes.iter().filter(|i| i.kind == InvoiceKind::CreditNote).collect();
        assert_eq!((notes.len(), notes[0].total), (1, -5000));
        assert_eq!(scene.balance(Book::Receivable).await, 0);
        scene.sound().await;
    }
}

#[tokio::test]
async fn the_customer_approves_what_it_pays_and_the_partner_earns() {
    for bench in Bench::all().await {
        let scene = Scene::set(&bench).await;
        let (kontor, org) = (&bench.kontor, scene.org);
        scene.card(&scene.customer, "approve").await;
        let buy = ChangeForm { payer: "customer".into(), ..wish(Plan::Standard, Term::Yearly, 10) };
        // In a partner-run organisation the customer answers proposals.
        let own = confirm(kontor, &scene.customer, org, &buy).await;
        assert_eq!(own.unwrap_err(), Error::BadRequest, "{}: a form without key", bench.name);
        let form = scene.form(&scene.partner, buy).await;
        let proposed = confirm(kontor, &scene.partner, org, &form).await.unwrap();
        assert_eq!(proposed.status, ChangeStatus::Proposed);
        assert_eq!(bench.outside.charged(), [], "nothing is charged before the customer approves");
        let own = approve(kontor, &scene.partner, org, proposed.change, 1, &form).await;
        assert_eq!(own, Err(Error::Forbidden), "nobody approves their own proposal");
        let no_reason = decline(kontor, &scene.customer, org, proposed.change, 1, " ").await;
        assert!(matches!(no_reason, Err(Error::Invalid(_))));
        let seen = preview_proposal(kontor, &scene.customer, org, proposed.change).await.unwrap();
        let shown = ChangeForm {
            total: seen.quote.unwrap().total.to_string(),
            version: seen.version.to_string(),
            ..ChangeForm::default()
        };
        let done = approve(kontor, &scene.customer, org, proposed.change, 1, &shown).await.unwrap();
        assert_eq!(done.status, ChangeStatus::Applied);
        let again = approve(kontor, &scene.customer, org, proposed.change, 1, &shown).await;
        assert_eq!(again, Err(Refusal::ChangeClosed.into()));
        let lines = rows::<commission_line::Entity>(&bench).await;
        // 20 % of 360.00 (R10.9).
        assert_eq!((lines.len(), lines[0].amount, lines[0].state), (1, 7200, LineState::Pending));
        assert_eq!(scene.balance(Book::CommissionPending).await, -7200);
        scene.sound().await;

        // The hold is over: it can be paid out.
        scene.next_days(46).await;
        begin_billing(kontor).await.unwrap();
        scene.work().await;
        assert_eq!(scene.balance(Book::CommissionPending).await, 0);
        assert_eq!(scene.balance(Book::CommissionAvailable).await, -7200);

        // A part goes back, and so does its commission.
        let paid: PaymentId = rows::<payment::Entity>(&bench).await[0].id;
        let back = RefundForm {
            kind: "partial".into(),
            amount: "119".into(),
            reason: "goodwill".into(),
            request_key: "refund-key".into(),
        };
        payments::give_back(kontor, &scene.finance, paid, &back).await.unwrap();
        assert_eq!(scene.balance(Book::CommissionAvailable).await, -7200 + 2000);
        scene.sound().await;
    }
}

#[tokio::test]
async fn whatever_the_provider_does_there_is_one_charge_or_none() {
    for script in ["decline", "insufficient_funds", "timeout", "timeout_before", "action_required"] {
        for bench in Bench::all().await {
            let scene = Scene::set(&bench).await;
            let (kontor, org) = (&bench.kontor, scene.org);
            scene.card(&scene.partner, script).await;
            let buy = ChangeForm { payer: "partner".into(), ..wish(Plan::Standard, Term::Monthly, 10) };
            let form = scene.form(&scene.partner, buy).await;
            let first = confirm(kontor, &scene.partner, org, &form).await;
            match script {
                "decline" => assert_eq!(first, Err(Refusal::PaymentDeclined.into())),
                "insufficient_funds" => assert_eq!(first, Err(Refusal::InsufficientFunds.into())),
                _ => assert_eq!(first.unwrap().status, ChangeStatus::Charging, "{script}"),
            }
            if script.starts_with("timeout") {
                // Meanwhile nobody can change it otherwise, and the job asks with the same key.
                let other = ChangeForm { request_key: "another-key".into(), ..form.clone() };
                let busy = confirm(kontor, &scene.partner, org, &other).await;
                assert_eq!(busy, Err(Refusal::ChangePending.into()), "{script}");
                bench.clock.move_ms(120_000);
                scene.work().await;
                assert_eq!(scene.row().await.status, SubscriptionStatus::Active, "{script}");
                assert_eq!(bench.outside.charged().len(), 1, "{script}");
                assert_eq!(rows::<invoice::Entity>(&bench).await.len(), 1, "{script}");
            } else {
                assert_eq!(scene.row().await.status, SubscriptionStatus::Trial, "{script}");
                assert!(rows::<invoice::Entity>(&bench).await.is_empty(), "{script}: no number is used up");
                assert_eq!(bench.outside.charged(), [], "{script}");
            }
            if script == "action_required" {
                // Nobody confirms: after a day it is over, and something else can be done.
                bench.clock.set(kontor.now().plus_hours(25));
                scene.work().await;
                let changes = rows::<subscription_change::Entity>(&bench).await;
                assert_eq!(changes[0].status, ChangeStatus::Failed);
            }
            scene.sound().await;
        }
    }
}

#[tokio::test]
async fn what_is_scheduled_survives_is_undone_exactly_and_applies_at_the_renewal() {
    for bench in Bench::all().await {
        let scene = Scene::set(&bench).await;
        let (kontor, org) = (&bench.kontor, scene.org);
        scene.card(&scene.partner, "approve").await;
        let buy = ChangeForm { payer: "partner".into(), ..wish(Plan::Standard, Term::Monthly, 10) };
        let form = scene.form(&scene.partner, buy).await;
        confirm(kontor, &scene.partner, org, &form).await.unwrap();
        let fewer = wish(Plan::Standard, Term::Monthly, 6);
        let now = preview(kontor, &scene.partner, org, &fewer).await;
        assert_eq!(now, Err(Refusal::AtRenewalOnly.into()), "{}", bench.name);
        let later = ChangeForm { when: "renewal".into(), ..fewer };
        let before = account(kontor, &scene.partner, org).await.unwrap();
        let form = scene.form(&scene.partner, later.clone()).await;
        let done = confirm(kontor, &scene.partner, org, &form).await.unwrap();
        assert_eq!(done.status, ChangeStatus::Scheduled);
        undo(kontor, &scene.partner, org, done.change, 1).await.unwrap();
        let after = account(kontor, &scene.partner, org).await.unwrap();
        assert_eq!(
            (after.terms, after.contract, after.next, after.auto_renew),
            (before.terms, before.contract, before.next, before.auto_renew)
        );
        let form = scene.form(&scene.partner, later).await;
        confirm(kontor, &scene.partner, org, &form).await.unwrap();
        // More licences now: the preview says that the renewal will go down to six all the same.
        let more =
            preview(kontor, &scene.partner, org, &wish(Plan::Standard, Term::Monthly, 12)).await.unwrap();
        assert_eq!(more.conflicts.len(), 1);
        assert_eq!(more.next.unwrap().next().terms.seats, 6);
        let form = scene.form(&scene.partner, wish(Plan::Standard, Term::Monthly, 12)).await;
        confirm(kontor, &scene.partner, org, &form).await.unwrap();
        let ends = scene.row().await.ends_on.unwrap();
        bench.clock.set(ends.end().plus_hours(1));
        assert_eq!(renew_due(kontor).await.unwrap(), 1);
        assert_eq!(renew_due(kontor).await.unwrap(), 0, "a term begins once");
        let row = scene.row().await;
        assert_eq!((row.seats, row.term_started), (6, Some(ends.plus(1))));
        scene.work().await;
        let states = rows::<invoice_state::Entity>(&bench).await;
        assert!(states.iter().all(|s| s.status == crate::invoice::InvoiceStatus::Paid), "{states:?}");
        scene.sound().await;
        // Cancelled, it ends with its term; the three people of the house fit into the free plan.
        let cancel = ChangeForm { plan: "free".into(), when: "renewal".into(), ..ChangeForm::default() };
        let form = scene.form(&scene.partner, cancel).await;
        confirm(kontor, &scene.partner, org, &form).await.unwrap();
        assert!(!account(kontor, &scene.partner, org).await.unwrap().auto_renew);
        bench.clock.set(scene.row().await.ends_on.unwrap().end().plus_hours(1));
        renew_due(kontor).await.unwrap();
        assert_eq!(scene.row().await.status, SubscriptionStatus::Free);
        scene.sound().await;
    }
}

#[tokio::test]
async fn an_unpaid_renewal_is_tried_again_suspended_and_brought_back() {
    for bench in Bench::all().await {
        let scene = Scene::set(&bench).await;
        let (kontor, org) = (&bench.kontor, scene.org);
        scene.card(&scene.partner, "approve").await;
        let buy = ChangeForm { payer: "partner".into(), ..wish(Plan::Standard, Term::Monthly, 10) };
        let form = scene.form(&scene.partner, buy).await;
        confirm(kontor, &scene.partner, org, &form).await.unwrap();
        // The card is replaced by one that no longer pays.
        scene.card(&scene.partner, "decline").await;
        let cards = payments::methods(kontor, &scene.partner).await.unwrap();
        payments::remove_method(kontor, &scene.partner, cards[0].id).await.unwrap();
        bench.clock.set(scene.row().await.ends_on.unwrap().end().plus_hours(1));
        renew_due(kontor).await.unwrap();
        let mut seen = vec![scene.row().await.status];
        for _ in 0..20 {
            scene.work().await;
            let status = scene.row().await.status;
            if seen.last() != Some(&status) {
                seen.push(status);
            }
            bench.clock.set(kontor.now().plus_days(1));
        }
        use SubscriptionStatus::*;
        assert_eq!(seen, [Active, PastDue, Grace, Suspended], "{}", bench.name);
        let tries = rows::<payment::Entity>(&bench).await;
        assert_eq!(
            tries.iter().filter(|p| p.status == PaymentStatus::Failed).count(),
            5,
            "one try and four more"
        );
        assert!(stage::mails(&bench).await.iter().any(|(_, m)| m.key() == "suspension_ahead"));
        // Paid after all, by transfer: it runs again.
        let last = tries.iter().max_by_key(|p| p.created_at).unwrap();
        let tx = kontor.db.begin().await.unwrap();
        let again = payments::intend(
            kontor,
            &tx,
            payments::Intent {
                org,
                debtor: last.debtor_id,
                partner: last.partner_id,
                subscription: last.subscription_id,
                change: None,
                invoice: last.invoice_id,
                provider: Provider::Manual,
                method: None,
                amount: crate::kernel::money::Money::new(last.amount, last.currency),
                attempt: 6,
                reference: last.reference.clone(),
                request_key: None,
            },
        )
        .await
        .unwrap();
        tx.commit().await.unwrap();
        payments::record_transfer(kontor, &scene.finance, again, true, "statement 7").await.unwrap();
        assert_eq!(scene.row().await.status, Active);
        scene.sound().await;
    }
}

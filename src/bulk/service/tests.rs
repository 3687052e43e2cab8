//! Runs on both databases: tried first, carried out as tried, taken up wherever they were left.

use super::*;
use crate::{
    Error, Refusal,
    bulk::{
        BulkForm, BulkQuery, BulkView, MAX_ROWS, Operation, RowState, RunStatus,
        rows::{bulk_row, bulk_run},
    },
    catalogue::service::stage::profile,
    invoice::rows::invoice,
    job::JobKind,
    kernel::{
        actor::Actor,
        id::{BulkId, OrgId},
        right::Role,
        testing::Bench,
    },
    mapping::CustomerQuery,
    organisation::{
        MemberStatus,
        rows::member,
        service::stage::{self, rows},
    },
    partner::PartnerType,
    payment::service::{answer_bank, methods, remove_method},
    subscription::{
        ChangeForm, ChangeStatus, Plan, Term,
        rows::subscription_change,
        service::{
            account, confirm,
            money_tests::{Scene, wish},
        },
    },
};
use futures::TryStreamExt;
use sea_orm::{ActiveValue::Set, EntityTrait};

/// A customer more, which has bought ten licences that its partner pays.
async fn sold(scene: &Scene<'_>, n: usize) -> OrgId {
    let org = stage::customer(scene.bench, &scene.partner, &format!("kunde{n:03}.test")).await;
    profile(scene.bench, org).await;
    buy(scene, org).await;
    org
}

async fn buy(scene: &Scene<'_>, org: OrgId) {
    let buy = ChangeForm { payer: "partner".into(), ..wish(Plan::Standard, Term::Monthly, 10) };
    let form = scene.form_for(&scene.partner, org, buy).await;
    confirm(&scene.bench.kontor, &scene.partner, org, &form).await.unwrap();
}

/// A partner whose card pays, with so many customers that have bought; the scene's own is on trial.
async fn selling(scene: &Scene<'_>, customers: usize) -> Vec<OrgId> {
    scene.card(&scene.partner, "approve").await;
    let mut all = Vec::new();
    for n in 0..customers {
        all.push(sold(scene, n).await);
    }
    all
}

fn form(operation: Operation, seats: &str, key: &str) -> BulkForm {
    BulkForm {
        operation: operation.to_string(),
        seats: seats.into(),
        scope: "all".into(),
        request_key: key.into(),
        ..BulkForm::default()
    }
}

/// A run that was tried.
async fn tried(scene: &Scene<'_>, form: &BulkForm) -> BulkId {
    let id = plan(&scene.bench.kontor, &scene.partner, form).await.unwrap();
    scene.work().await;
    assert_eq!(seen(scene, id).await.run.status, RunStatus::Ready);
    id
}

async fn seen(scene: &Scene<'_>, id: BulkId) -> BulkView {
    run(&scene.bench.kontor, &scene.partner, id, BulkQuery::default()).await.unwrap()
}

/// Rows per state.
async fn states(scene: &Scene<'_>, id: BulkId) -> Vec<(RowState, i64)> {
    seen(scene, id).await.counts.into_iter().map(|count| (count.state, count.rows)).collect()
}

async fn problem_of(scene: &Scene<'_>, id: BulkId, org: OrgId) -> Option<Error> {
    seen(scene, id).await.lines.into_iter().find(|line| line.org == org).unwrap().problem
}

#[tokio::test]
async fn a_run_says_what_it_would_do_and_then_does_exactly_that_once() {
    for bench in Bench::all().await {
        let scene = Scene::set(&bench).await;
        let kontor = &bench.kontor;
        let customers = selling(&scene, 3).await;
        let changes = rows::<subscription_change::Entity>(&bench).await.len();
        let id = tried(&scene, &form(Operation::SeatsUp, "2", "two-more-each")).await;
        let view = seen(&scene, id).await;
        assert_eq!(states(&scene, id).await, [(RowState::Done, 3), (RowState::Refused, 1)], "{}", bench.name);
        assert_eq!(problem_of(&scene, id, scene.org).await, Some(Refusal::NotSubscribed.into()));
        // 7.20 a month by list, for the days behind this one; 20 % less, 19 % tax.
        let sum = view.in_state(RowState::Done).unwrap().sums[0].minor;
        assert_eq!(sum, 3 * 664);
        assert!(view.startable_until.is_some());
        assert_eq!(
            rows::<subscription_change::Entity>(&bench).await.len(),
            changes,
            "a dry run changes nothing"
        );
        assert_eq!(bench.outside.charged().len(), 3);

        // The form sent twice is the same run; the same key with another wish is none.
        let again = plan(kontor, &scene.partner, &form(Operation::SeatsUp, "2", "two-more-each")).await;
        assert_eq!(again, Ok(id));
        let other = plan(kontor, &scene.partner, &form(Operation::SeatsUp, "3", "two-more-each")).await;
        assert_eq!(other, Err(Refusal::KeyReused.into()));

        for _ in 0..2 {
            start(kontor, &scene.partner, id).await.unwrap();
        }
        scene.work().await;
        start(kontor, &scene.partner, id).await.unwrap();
        scene.work().await;
        let view = seen(&scene, id).await;
        assert_eq!((view.run.status, view.looked_at()), (RunStatus::Done, 4));
        assert_eq!(states(&scene, id).await, [(RowState::Done, 3), (RowState::Refused, 1)]);
        for org in &customers {
            assert_eq!(scene.row_of(*org).await.seats, 12);
        }
        assert_eq!(bench.outside.charged().len(), 6);
        let bulk: Vec<_> = bench.outside.charged().into_iter().filter(|(_, m)| m.minor == 664).collect();
        assert_eq!(bulk.len(), 3, "what was shown is what was charged");

        // Rows page by page, of one state, and as a file.
        let refused = BulkQuery { state: Some(RowState::Refused), after: None };
        let refused = run(kontor, &scene.partner, id, refused).await.unwrap();
        assert_eq!(refused.lines.iter().map(|l| l.org).collect::<Vec<_>>(), [scene.org]);
        let file = all_lines(kontor.clone(), &scene.partner, id, None).await.unwrap();
        let file: Vec<_> = file.try_concat().await.unwrap();
        assert_eq!(file, view.lines);
        scene.sound().await;
    }
}

#[tokio::test]
async fn what_changed_since_the_dry_run_is_left_alone() {
    for bench in Bench::all().await {
        let scene = Scene::set(&bench).await;
        let kontor = &bench.kontor;
        let customers = selling(&scene, 2).await;
        let id = tried(&scene, &form(Operation::SeatsTo, "12", "twelve-each")).await;
        let more = wish(Plan::Standard, Term::Monthly, 11);
        let by_hand = scene.form_for(&scene.partner, customers[0], more).await;
        confirm(kontor, &scene.partner, customers[0], &by_hand).await.unwrap();
        start(kontor, &scene.partner, id).await.unwrap();
        scene.work().await;
        assert_eq!(problem_of(&scene, id, customers[0]).await, Some(Error::StaleVersion), "{}", bench.name);
        assert_eq!(scene.row_of(customers[0]).await.seats, 11);
        assert_eq!(scene.row_of(customers[1]).await.seats, 12);

        // What was tried a day ago is tried again first.
        let id = tried(&scene, &form(Operation::SeatsTo, "20", "twenty-each")).await;
        scene.next_days(1).await;
        assert!(seen(&scene, id).await.over);
        assert_eq!(start(kontor, &scene.partner, id).await, Err(Refusal::DryRunOver.into()));
        // And where nothing can be done, nothing is started.
        let id = tried(&scene, &form(Operation::RenewOn, "", "none-is-cancelled")).await;
        assert_eq!(states(&scene, id).await, [(RowState::Refused, 3)]);
        assert_eq!(start(kontor, &scene.partner, id).await, Err(Refusal::NothingChanges.into()));
        scene.sound().await;
    }
}

#[tokio::test]
async fn a_run_cut_off_anywhere_is_taken_up_and_carries_each_customer_out_once() {
    for bench in Bench::all().await {
        let scene = Scene::set(&bench).await;
        let kontor = &bench.kontor;
        let customers = selling(&scene, 6).await;
        let id = tried(&scene, &form(Operation::SeatsUp, "1", "one-more-each")).await;
        start(kontor, &scene.partner, id).await.unwrap();
        // Three times the worker dies in the midst of it, wherever it is then.
        for done in [1, 3, 5] {
            let job = stage::due(&bench, JobKind::Bulk).await.remove(0);
            let (worker, at_work) = (kontor.clone(), job);
            let task = tokio::spawn(async move { bulk(&worker, &at_work).await });
            loop {
                let looked_at = seen(&scene, id).await.looked_at();
                if looked_at > done || task.is_finished() {
                    break;
                }
                tokio::task::yield_now().await;
            }
            task.abort();
            drop(task.await);
            // The lease runs out.
            bench.clock.move_ms(10 * 60_000);
        }
        scene.work().await;
        // What was being paid when a worker died is asked for by itself, and the run looks after it.
        bench.clock.set(kontor.now().plus_hours(2));
        scene.work().await;
        assert_eq!(states(&scene, id).await, [(RowState::Done, 6), (RowState::Refused, 1)], "{}", bench.name);
        for org in &customers {
            assert_eq!(scene.row_of(*org).await.seats, 11, "{}", bench.name);
        }
        assert_eq!(bench.outside.charged().len(), 12, "{}", bench.name);
        assert_eq!(rows::<invoice::Entity>(&bench).await.len(), 12, "{}", bench.name);
        scene.sound().await;
    }
}

#[tokio::test]
async fn nobody_sees_or_starts_the_run_of_another_partner() {
    for bench in Bench::all().await {
        let scene = Scene::set(&bench).await;
        let kontor = &bench.kontor;
        let customers = selling(&scene, 1).await;
        let id = tried(&scene, &form(Operation::RenewOff, "", "none-renews")).await;
        let (other, owner) = stage::partner(&bench, "Suedwind", PartnerType::Reseller).await;
        let other = stage::actor(&bench, &owner, other).await;
        let ask = |actor: Actor| async move {
            [
                run(kontor, &actor, id, BulkQuery::default()).await.err(),
                start(kontor, &actor, id).await.err(),
                all_lines(kontor.clone(), &actor, id, None).await.err(),
            ]
        };
        for error in ask(other.clone()).await {
            assert_eq!(error, Some(Error::NotFound), "{}", bench.name);
        }
        // Neither does anybody plan for customers of others: they count as not chosen.
        let theirs = customers.iter().map(ToString::to_string).collect();
        let ticked = BulkForm {
            scope: "ticked".into(),
            customers: theirs,
            ..form(Operation::RenewOff, "", "not-my-customers")
        };
        assert!(matches!(plan(kontor, &other, &ticked).await, Err(Error::Invalid(_))));
        for actor in [&scene.finance, &scene.customer] {
            for error in ask(actor.clone()).await {
                assert!(matches!(error, Some(Error::NotFound | Error::Forbidden)), "{error:?}");
            }
        }
        // Who looks after the books may not change subscriptions.
        let books =
            stage::person(&bench, scene.partner.org, Role::PartnerFinance, "books@partner.test").await;
        let books = stage::actor(&bench, &books, scene.partner.org).await;
        assert_eq!(plan(kontor, &books, &ticked).await, Err(Error::Forbidden));
        assert_eq!(choice(kontor, &books, CustomerQuery::default()).await.err(), Some(Error::Forbidden));

        let many = (0..=MAX_ROWS).map(|_| kontor.id::<crate::kernel::id::OrgId>().to_string()).collect();
        let many = BulkForm { customers: many, request_key: "too-many-of-them".into(), ..ticked };
        assert!(matches!(plan(kontor, &scene.partner, &many).await, Err(Error::Invalid(_))));
        assert_eq!(rows::<bulk_run::Entity>(&bench).await.len(), 1);
    }
}

#[tokio::test]
async fn nothing_is_done_in_the_name_of_somebody_who_has_left() {
    for bench in Bench::all().await {
        let scene = Scene::set(&bench).await;
        let kontor = &bench.kontor;
        let customers = selling(&scene, 2).await;
        let seller = stage::person(&bench, scene.partner.org, Role::PartnerSales, "sales@partner.test").await;
        let sales = stage::actor(&bench, &seller, scene.partner.org).await;
        let form = form(Operation::RenewOff, "", "all-of-them-end");
        let id = plan(kontor, &sales, &form).await.unwrap();
        scene.work().await;
        start(kontor, &sales, id).await.unwrap();
        let left = member::ActiveModel {
            id: Set(seller.member),
            status: Set(MemberStatus::Suspended),
            ..Default::default()
        };
        member::Entity::update(left).exec(kontor.db.writer()).await.unwrap();
        scene.work().await;
        assert_eq!(states(&scene, id).await, [(RowState::Refused, 3)], "{}", bench.name);
        for org in customers {
            assert!(scene.row_of(org).await.auto_renew);
            assert_eq!(problem_of(&scene, id, org).await, Some(Error::Forbidden));
        }
    }
}

#[tokio::test]
async fn renewals_are_switched_off_and_on_bought_early_and_licences_given_up() {
    for bench in Bench::all().await {
        let scene = Scene::set(&bench).await;
        let kontor = &bench.kontor;
        let customers = selling(&scene, 2).await;
        let done = async |operation, seats: &str, key: &str| {
            let id = tried(&scene, &form(operation, seats, key)).await;
            start(kontor, &scene.partner, id).await.unwrap();
            scene.work().await;
            assert_eq!(states(&scene, id).await[0], (RowState::Done, 2), "{} {operation}", bench.name);
            seen(&scene, id).await
        };
        done(Operation::RenewOff, "", "switch-off-1").await;
        for org in &customers {
            assert!(!scene.row_of(*org).await.auto_renew);
        }
        done(Operation::RenewOn, "", "switch-on-1").await;
        for org in &customers {
            assert!(scene.row_of(*org).await.auto_renew);
        }
        let on = tried(&scene, &form(Operation::RenewOn, "", "switch-on-2")).await;
        assert_eq!(states(&scene, on).await, [(RowState::Refused, 3)], "there is nothing to switch on");
        // Fewer licences are so from the renewal on; the next term is bought with them.
        let fewer = done(Operation::SeatsDown, "3", "three-fewer").await;
        assert_eq!(fewer.lines.iter().find(|l| l.org == customers[0]).unwrap().seats, Some((10, 7)));
        assert_eq!(scene.row_of(customers[0]).await.seats, 10);
        done(Operation::RenewEarly, "", "early-for-all").await;
        for org in &customers {
            let account = account(kontor, &scene.partner, *org).await.unwrap();
            assert_eq!((account.terms.seats, account.bought.is_some(), account.early), (10, true, false));
        }
        bench.clock.set(scene.row_of(customers[0]).await.ends_on.unwrap().end().plus_hours(1));
        crate::subscription::service::renew_due(kontor).await.unwrap();
        scene.work().await;
        for org in &customers {
            assert_eq!(scene.row_of(*org).await.seats, 7);
        }
        assert_eq!(bench.outside.charged().len(), 4, "{}: two purchases and two next terms", bench.name);
        scene.sound().await;
    }
}

#[tokio::test]
async fn who_pays_is_asked_and_what_cannot_be_paid_is_said_per_customer() {
    for bench in Bench::all().await {
        let scene = Scene::set(&bench).await;
        let kontor = &bench.kontor;
        let customers = selling(&scene, 1).await;
        // One customer pays for itself: it is asked.
        scene.card(&scene.customer, "approve").await;
        let own = ChangeForm { payer: "customer".into(), ..wish(Plan::Standard, Term::Monthly, 10) };
        let form_ = scene.form(&scene.partner, own).await;
        let proposed = confirm(kontor, &scene.partner, scene.org, &form_).await.unwrap();
        let own = crate::subscription::service::preview_proposal(
            kontor,
            &scene.customer,
            scene.org,
            proposed.change,
        );
        let own = own.await.unwrap();
        let shown = ChangeForm {
            total: own.quote.unwrap().total.to_string(),
            version: own.version.to_string(),
            ..ChangeForm::default()
        };
        let approve = crate::subscription::service::approve;
        approve(kontor, &scene.customer, scene.org, proposed.change, 1, &shown).await.unwrap();
        // The partner's bank asks for each charge.
        scene.card(&scene.partner, "action_required").await;
        let cards = methods(kontor, &scene.partner).await.unwrap();
        remove_method(kontor, &scene.partner, cards[0].id).await.unwrap();

        let id = tried(&scene, &form(Operation::SeatsUp, "2", "asked-and-paying")).await;
        assert_eq!(
            states(&scene, id).await,
            [(RowState::Done, 1), (RowState::Proposed, 1)],
            "{}",
            bench.name
        );
        start(kontor, &scene.partner, id).await.unwrap();
        scene.work().await;
        assert_eq!(states(&scene, id).await, [(RowState::Proposed, 1), (RowState::Paying, 1)]);
        let changes = rows::<subscription_change::Entity>(&bench).await;
        let asked = changes.iter().find(|c| c.org_id == scene.org && c.status == ChangeStatus::Proposed);
        assert!(asked.is_some(), "the customer has its proposal");

        // Confirmed at the bank: the run finds out by itself.
        let payments = rows::<crate::payment::rows::payment::Entity>(&bench).await;
        let url = payments.iter().find_map(|p| p.action_url.clone()).unwrap();
        let reference = url.rsplit_once("/demo/bank/").unwrap().1;
        answer_bank(&bench.as_demo(), reference, true).await.unwrap();
        bench.clock.set(kontor.now().plus_hours(2));
        scene.work().await;
        assert_eq!(states(&scene, id).await, [(RowState::Done, 1), (RowState::Proposed, 1)]);
        assert_eq!(scene.row_of(customers[0]).await.seats, 12);

        // A card that does not pay: nothing is changed, and the row says why.
        scene.card(&scene.partner, "decline").await;
        let cards = methods(kontor, &scene.partner).await.unwrap();
        remove_method(kontor, &scene.partner, cards[0].id).await.unwrap();
        let ticked = BulkForm {
            scope: "ticked".into(),
            customers: vec![customers[0].to_string()],
            ..form(Operation::SeatsUp, "1", "declined-for-all")
        };
        let id = tried(&scene, &ticked).await;
        start(kontor, &scene.partner, id).await.unwrap();
        scene.work().await;
        assert_eq!(states(&scene, id).await, [(RowState::Failed, 1)]);
        assert_eq!(problem_of(&scene, id, customers[0]).await, Some(Refusal::PaymentDeclined.into()));
        assert_eq!(scene.row_of(customers[0]).await.seats, 12);
        let noted = rows::<bulk_row::Entity>(&bench).await;
        assert!(noted.iter().all(|row| row.state != RowState::Waiting));
        scene.sound().await;
    }
}

//! What goes wrong with one renewal is no other's concern, and leaves nothing behind.

use crate::{
    catalogue::rows::billing_profile,
    catalogue::service::stage::profile,
    kernel::{id::OrgId, testing::Bench},
    ledger::{Account as Book, service::verify_ledger},
    organisation::service::stage::{self, rows},
    subscription::{
        ChangeForm, ChangeStatus, Plan, Term,
        rows::{subscription, subscription_change},
        service::{
            approve, confirm,
            money_tests::{Scene, wish},
            preview_proposal, renew_due,
        },
    },
};
use sea_orm::{ConnectionTrait, EntityTrait};

/// The scene's customer, whose partner pays: five licences came one by one, so that its term leaves a residue of rounding
/// behind. And another one that pays itself. Both terms end on the same day. Answers the second.
async fn two_that_end(scene: &Scene<'_>) -> OrgId {
    let (bench, kontor) = (scene.bench, &scene.bench.kontor);
    scene.card(&scene.partner, "approve").await;
    let buy = ChangeForm { payer: "partner".into(), ..wish(Plan::Standard, Term::Monthly, 10) };
    let form = scene.form(&scene.partner, buy).await;
    confirm(kontor, &scene.partner, scene.org, &form).await.unwrap();

    let other = stage::customer(bench, &scene.partner, "zwei.test").await;
    profile(bench, other).await;
    let admin = stage::super_admin(bench, other).await;
    let admin = stage::actor(bench, &admin, other).await;
    scene.card(&admin, "approve").await;
    let buy = ChangeForm { payer: "customer".into(), ..wish(Plan::Standard, Term::Monthly, 5) };
    let form = scene.form_for(&scene.partner, other, buy).await;
    let proposed = confirm(kontor, &scene.partner, other, &form).await.unwrap();
    let seen = preview_proposal(kontor, &admin, other, proposed.change).await.unwrap();
    let shown = ChangeForm {
        total: seen.quote.unwrap().total.to_string(),
        version: seen.version.to_string(),
        ..ChangeForm::default()
    };
    approve(kontor, &admin, other, proposed.change, 1, &shown).await.unwrap();

    for (seats, days) in (11..).zip([0, 5, 8, 5, 8]) {
        scene.next_days(days).await;
        let form = scene.form(&scene.partner, wish(Plan::Standard, Term::Monthly, seats)).await;
        confirm(kontor, &scene.partner, scene.org, &form).await.unwrap();
    }
    scene.sound().await;
    bench.clock.set(scene.row().await.ends_on.unwrap().end().plus_hours(1));
    other
}

/// How many rows there are of whatever a renewal writes.
async fn written(scene: &Scene<'_>) -> Vec<i64> {
    let db = scene.bench.kontor.db.read();
    let mut counts = Vec::new();
    for table in [
        "ledger_transaction",
        "ledger_entry",
        "invoice",
        "invoice_state",
        "payment",
        "subscription_change",
        "customer_event",
        "audit_event",
        "mail",
        "job",
    ] {
        let sql = format!("SELECT count(*) AS n FROM {table}");
        let statement = sea_orm::Statement::from_string(db.get_database_backend(), sql);
        counts.push(db.query_one_raw(statement).await.unwrap().unwrap().try_get("", "n").unwrap());
    }
    counts
}

#[tokio::test]
async fn a_renewal_that_waits_for_billing_details_leaves_nothing_behind() {
    for bench in Bench::all().await {
        let scene = Scene::set(&bench).await;
        let kontor = &bench.kontor;
        let other = two_that_end(&scene).await;
        let details = rows::<billing_profile::Entity>(&bench).await;
        let details = details.into_iter().find(|p| p.org_id == scene.partner.org).unwrap();
        billing_profile::Entity::delete_by_id(details.org_id).exec(kontor.db.writer()).await.unwrap();

        let waits = scene.row().await;
        assert_eq!(renew_due(kontor).await.unwrap(), 1, "{}: the other does not wait", bench.name);
        assert_eq!(scene.row_of(other).await.term_started, waits.ends_on.map(|day| day.plus(1)));
        assert_eq!(scene.row().await, waits, "{}", bench.name);
        assert_eq!(scene.balance(Book::Rounding).await, 0, "{}: the term is not closed", bench.name);
        let before = written(&scene).await;
        assert_eq!(renew_due(kontor).await.unwrap(), 0, "{}", bench.name);
        assert_eq!(written(&scene).await, before, "{}", bench.name);
        scene.sound().await;

        // With them it goes on, and the term is closed once.
        let active = billing_profile::ActiveModel::from(details);
        billing_profile::Entity::insert(active).exec_without_returning(kontor.db.writer()).await.unwrap();
        assert_eq!(renew_due(kontor).await.unwrap(), 1, "{}", bench.name);
        assert_ne!(scene.balance(Book::Rounding).await, 0, "{}: there was a residue", bench.name);
        scene.work().await;
        scene.sound().await;
    }
}

#[tokio::test]
async fn a_renewal_that_fails_does_not_hold_up_the_others() {
    for bench in Bench::all().await {
        let scene = Scene::set(&bench).await;
        let kontor = &bench.kontor;
        let other = two_that_end(&scene).await;
        // A change under the key of the next term: what should not be there.
        let fails = scene.row().await;
        let stray = rows::<subscription_change::Entity>(&bench).await;
        let stray = stray.into_iter().find(|change| change.org_id == scene.org).unwrap();
        let stray = subscription_change::Model {
            id: kontor.id(),
            status: ChangeStatus::Undone,
            request_key: format!("renewal-{}", fails.ends_on.unwrap().plus(1)),
            ..stray
        };
        let id = stray.id;
        let active = subscription_change::ActiveModel::from(stray);
        let writer = kontor.db.writer();
        subscription_change::Entity::insert(active).exec_without_returning(writer).await.unwrap();

        assert_eq!(renew_due(kontor).await.unwrap(), 1, "{}: the other does not wait", bench.name);
        assert_eq!(scene.row_of(other).await.term_started, fails.ends_on.map(|day| day.plus(1)));
        assert_eq!(scene.row().await, fails, "{}", bench.name);
        let before = written(&scene).await;
        assert_eq!(renew_due(kontor).await.unwrap(), 0, "{}", bench.name);
        assert_eq!(written(&scene).await, before, "{}: whatever was written is taken back", bench.name);
        assert!(verify_ledger(kontor).await.unwrap().is_clean(), "{}", bench.name);

        subscription_change::Entity::delete_by_id(id).exec(writer).await.unwrap();
        assert_eq!(renew_due(kontor).await.unwrap(), 1, "{}", bench.name);
        scene.work().await;
        scene.sound().await;
        let left = rows::<subscription::Entity>(&bench).await;
        let today = kontor.now().day();
        assert!(!left.iter().any(|row| subscription::has_ended(row, today)), "{}", bench.name);
    }
}

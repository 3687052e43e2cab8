//! A customer leaves its partner: what was paid runs on, and who pays next is clear.

use super::{changes::renewed, *};
use crate::{
    job::{JobKind, Kinds, service::claim_of},
    kernel::instant::Day,
    mapping::rows::mapping,
    mapping::service::{
        by_code, change_code, keep_customer, leave_partner, map_by_code, notice, notice_over,
        release_customer,
    },
    notification::Mail,
    organisation::service::stage::mails,
    subscription::{change::Payer, service::remind_of_hand_over},
};

/// The customer leaves, having been told that it pays from this day on.
async fn leave(scene: &Scene<'_>, shown: Option<Day>) -> Result<(), Error> {
    let kontor = &scene.bench.kontor;
    let mapped = mapping::active(kontor.db.read(), vec![scene.org]).await.unwrap().remove(0);
    leave_partner(kontor, &scene.customer, mapped.id, shown).await
}

#[tokio::test]
async fn what_the_partner_paid_runs_on_and_the_customer_pays_the_next_term() {
    for bench in Bench::all().await {
        let scene = Scene::set(&bench).await;
        let (kontor, org) = (&bench.kontor, scene.org);
        changes::sold(&scene, Term::Monthly, 10).await;
        let before = scene.row().await;
        let paid = scene.balance(Book::Cash).await;
        scene.next_days(3).await;
        let from = before.ends_on.unwrap().plus(1);
        assert_eq!(leave(&scene, None).await, Err(Error::StaleVersion), "{}", bench.name);
        leave(&scene, Some(from)).await.unwrap();
        let told = mails(&bench).await;
        let days = told.iter().filter_map(|(_, mail)| match mail {
            Mail::PartnerLeft { pays_from, .. } => Some(*pays_from),
            _ => None,
        });
        assert_eq!(days.collect::<Vec<_>>(), [Some(from)], "{}", bench.name);
        let row = scene.row().await;
        assert_eq!((row.status, row.ends_on), (SubscriptionStatus::Active, before.ends_on));
        let gone = preview(kontor, &scene.partner, org, &wish(Plan::Standard, Term::Monthly, 12)).await;
        assert_eq!(gone.map(drop), Err(Error::NotFound), "{}", bench.name);
        scene.sound().await;

        scene.card(&scene.customer, "approve").await;
        renewed(&scene).await;
        let row = scene.row().await;
        assert_eq!((row.payer, row.term_started), (Some(Payer::Customer), Some(from)), "{}", bench.name);
        // 36.00 by list and 19 % tax: nobody has a discount any more, and nobody earns.
        assert_eq!(scene.balance(Book::Cash).await, paid + 4284, "{}", bench.name);
        assert!(rows::<commission_line::Entity>(&bench).await.is_empty());
        scene.sound().await;
    }
}

#[tokio::test]
async fn what_the_partner_had_proposed_lapses() {
    for bench in Bench::all().await {
        let scene = Scene::set(&bench).await;
        let (kontor, org) = (&bench.kontor, scene.org);
        scene.card(&scene.customer, "approve").await;
        let buy = ChangeForm { payer: "customer".into(), ..wish(Plan::Standard, Term::Monthly, 10) };
        let form = scene.form(&scene.partner, buy).await;
        let proposed = confirm(kontor, &scene.partner, org, &form).await.unwrap().change;
        leave(&scene, None).await.unwrap();
        let open = account(kontor, &scene.customer, org).await.unwrap().open;
        assert!(open.is_empty(), "{}: {open:?}", bench.name);
        let late = preview_proposal(kontor, &scene.customer, org, proposed).await;
        assert_eq!(late.map(drop), Err(Refusal::ChangeClosed.into()), "{}", bench.name);
        // Its own master now: it buys what it likes.
        let form = scene.form(&scene.customer, wish(Plan::Standard, Term::Monthly, 5)).await;
        let done = confirm(kontor, &scene.customer, org, &form).await.unwrap();
        assert_eq!(done.status, ChangeStatus::Applied, "{}", bench.name);
        scene.sound().await;
    }
}

/// What the customer was reminded of, as days before.
async fn reminded(bench: &Bench) -> Vec<i32> {
    let all = mails(bench).await.into_iter();
    all.filter_map(|(_, mail)| if let Mail::PaysSoon { days, .. } = mail { Some(days) } else { None })
        .collect()
}

async fn hourly(scene: &Scene<'_>, until: crate::kernel::instant::Instant) {
    const MINE: Kinds = Kinds::Only(&[JobKind::HandOver]);
    while scene.bench.kontor.now() < until {
        scene.bench.clock.set(scene.bench.kontor.now().plus_hours(1));
        for job in claim_of(&scene.bench.kontor, MINE, 10).await.unwrap() {
            remind_of_hand_over(&scene.bench.kontor, &job).await.unwrap();
        }
    }
}

#[tokio::test]
async fn after_a_switch_neither_partner_is_charged_for_the_others_term() {
    for bench in Bench::all().await {
        let scene = Scene::set(&bench).await;
        let (kontor, org) = (&bench.kontor, scene.org);
        changes::sold(&scene, Term::Monthly, 10).await;
        let (alps, owner) = stage::partner(&bench, "Alpen", PartnerType::Reseller).await;
        let alps = stage::actor(&bench, &owner, alps).await;
        profile(&bench, alps.org).await;
        scene.card(&alps, "approve").await;
        change_code(kontor, &alps, "ALPEN2026", 0).await.unwrap();
        let found = by_code(kontor, &scene.customer, "alpen2026").await.unwrap();
        let row = scene.row().await;
        let from = row.ends_on.unwrap().plus(1);
        assert_eq!(found.pays_from, Some(from), "{}", bench.name);
        map_by_code(kontor, &scene.customer, "alpen2026", alps.org, None).await.unwrap();
        // What the first partner paid for is not changed in the middle, by whomever.
        let more = preview(kontor, &alps, org, &wish(Plan::Standard, Term::Monthly, 12)).await;
        assert_eq!(more.map(drop), Err(Refusal::PaidByFormerPartner { on: from }.into()), "{}", bench.name);
        let open = account(kontor, &alps, org).await.unwrap().open;
        assert_eq!(open.len(), 1, "{}: {open:?}", bench.name);
        // Nobody can take it back.
        for actor in [&alps, &scene.customer] {
            let undone = undo(kontor, actor, org, open[0].id, open[0].version).await;
            assert_eq!(undone, Err(Refusal::SubscriptionLocked.into()), "{}", bench.name);
        }
        hourly(&scene, from.start()).await;
        assert_eq!(reminded(&bench).await, [30, 15, 7, 1], "{}", bench.name);
        scene.card(&scene.customer, "approve").await;
        let paid = scene.balance(Book::Cash).await;
        renewed(&scene).await;
        let row = scene.row().await;
        assert_eq!((row.payer, row.term_started), (Some(Payer::Customer), Some(from)), "{}", bench.name);
        assert_eq!(scene.balance(Book::Cash).await, paid + 4284, "{}", bench.name);
        // The new partner earns on what it came to.
        assert!(rows::<commission_line::Entity>(&bench).await.iter().all(|line| line.partner_id == alps.org));
        scene.sound().await;
    }
}

#[tokio::test]
async fn whoever_has_a_card_is_not_reminded_and_notice_runs_thirty_days() {
    for bench in Bench::all().await {
        let scene = Scene::set(&bench).await;
        let (kontor, org) = (&bench.kontor, scene.org);
        changes::sold(&scene, Term::Yearly, 10).await;
        let seen = notice(kontor, &scene.partner, org).await.unwrap();
        let on = kontor.now().plus_days(30).day();
        assert_eq!((seen.until, seen.would_be), (None, Some(on)), "{}", bench.name);
        release_customer(kontor, &scene.partner, org, Some(on)).await.unwrap();
        release_customer(kontor, &scene.partner, org, Some(on)).await.unwrap();
        assert_eq!(notice(kontor, &scene.partner, org).await.unwrap().until, Some(on));
        keep_customer(kontor, &scene.partner, org).await.unwrap();
        assert_eq!(notice(kontor, &scene.partner, org).await.unwrap().until, None, "{}", bench.name);
        let ends = async |days| {
            bench.clock.set(kontor.now().plus_days(days));
            const MINE: Kinds = Kinds::Only(&[JobKind::MappingNotice]);
            for job in claim_of(kontor, MINE, 10).await.unwrap() {
                notice_over(kontor, &job).await.unwrap();
            }
            notice(kontor, &scene.partner, org).await.is_err()
        };
        // The notice that was taken back ends nothing.
        assert!(!ends(31).await, "{}", bench.name);
        let on = notice(kontor, &scene.partner, org).await.unwrap().would_be;
        release_customer(kontor, &scene.partner, org, on).await.unwrap();
        assert!(!ends(29).await && ends(1).await, "{}", bench.name);
        scene.card(&scene.customer, "approve").await;
        let from = scene.row().await.ends_on.unwrap().plus(1);
        bench.clock.set(from.plus(-40).start());
        hourly(&scene, from.start()).await;
        assert!(reminded(&bench).await.is_empty(), "{}", bench.name);
        renewed(&scene).await;
        assert_eq!(scene.row().await.payer, Some(Payer::Customer), "{}", bench.name);
        scene.sound().await;
    }
}

//! What *Extend trial* and the clock of trials promise.

use super::{extend_trial, trial_clock, trial_of, view};
use crate::{
    Error, Refusal,
    audit::rows::audit_event,
    job::JobKind,
    kernel::{
        id::OrgId,
        instant::{DAY_MS, Day, Instant},
        right::Role,
        testing::Bench,
    },
    notification::Mail,
    organisation::{OrgStatus, rows::organisation, service::stage::*},
    partner::PartnerType,
    setting::rows::setting,
    subscription::{
        ExtendTrial, Plan, Service, SubscriptionStatus, TrialView,
        rows::{subscription, trial_extension},
    },
};
use sea_orm::{ActiveValue::Set, EntityTrait};

/// Runs whatever trial jobs are due.
async fn tick(bench: &Bench) {
    for job in due(bench, JobKind::TrialClock).await {
        trial_clock(&bench.kontor, &job).await.unwrap();
    }
}

async fn row(bench: &Bench, org: OrgId) -> subscription::Model {
    subscription::of(bench.kontor.db.read(), org, Service::Workplace).await.unwrap().unwrap()
}

fn wish(view: &TrialView) -> ExtendTrial {
    ExtendTrial { org: view.org, request_key: view.request_key.clone() }
}

/// Adds people without going through the front door.
async fn crowd(bench: &Bench, org: OrgId, count: usize) {
    for n in 0..count {
        person(bench, org, Role::User, &format!("user{n}@crowd.example")).await;
    }
}

fn trial_mails(mails: Vec<(String, Mail)>) -> Vec<(String, String)> {
    let trial = |m: &Mail| match m {
        Mail::TrialEnding { days, .. } => Some(format!("ending {days}")),
        Mail::TrialEnded { status, .. } => Some(format!("ended {status}")),
        Mail::TrialExtended { ends_on, .. } => Some(format!("extended {ends_on}")),
        Mail::DeletionNotice { .. } => Some("notice".into()),
        _ => None,
    };
    mails.iter().filter_map(|(to, m)| Some((to.clone(), trial(m)?))).collect()
}

#[tokio::test]
async fn three_extensions_of_fifteen_days_and_no_more() {
    for bench in Bench::all().await {
        let (nordlicht, owner) = partner(&bench, "Nordlicht", PartnerType::Reseller).await;
        let actor = actor(&bench, &owner, nordlicht).await;
        let org = customer(&bench, &actor, "kunde.example").await;
        let mut view = trial_of(&bench.kontor, &actor, org).await.unwrap();
        let started = view.started;
        for length in [30, 45, 60] {
            view = extend_trial(&bench.kontor, &actor, wish(&view)).await.unwrap();
            assert_eq!(view.ends_on.since(started) + 1, length);
        }
        assert_eq!(view.extendable, Err(Refusal::TrialMax));
        let fourth = extend_trial(&bench.kontor, &actor, wish(&view)).await;
        assert_eq!(fourth, Err(Refusal::TrialMax.into()));
        // Who, when, until when.
        assert_eq!(view.extensions.len(), 3);
        assert_eq!(view.extensions[0].by, "owner@nordlicht.test");
        assert_eq!(view.extensions[0].until, started.plus(29));
        assert_eq!(view.extensions[2].until, started.plus(59));
        let chain = audit_event::latest(bench.kontor.db.read(), org, Some(nordlicht), None, 10).await;
        assert_eq!(chain.unwrap().iter().filter(|e| e.action == "trial.extended").count(), 3);
        let told = trial_mails(mails(&bench).await);
        assert_eq!(told.len(), 6, "super admin and owner, three times: {told:?}");
        assert_eq!(due_at(&bench, format!("trial:{org}")).await, Some(view.ends_on.plus(-7).start()));
    }
}

#[tokio::test]
async fn two_clicks_at_once_extend_once() {
    for bench in Bench::all().await {
        let (nordlicht, owner) = partner(&bench, "Nordlicht", PartnerType::Reseller).await;
        let actor = actor(&bench, &owner, nordlicht).await;
        let org = customer(&bench, &actor, "kunde.example").await;
        let view = trial_of(&bench.kontor, &actor, org).await.unwrap();
        let (a, b) = tokio::join!(
            extend_trial(&bench.kontor, &actor, wish(&view)),
            extend_trial(&bench.kontor, &actor, wish(&view)),
        );
        assert_eq!(a.unwrap().ends_on, view.ends_on.plus(15), "{}", bench.name);
        assert_eq!(b.unwrap().ends_on, view.ends_on.plus(15), "{}", bench.name);
        assert_eq!(rows::<trial_extension::Entity>(&bench).await.len(), 1);
        // A key of an end that never was the current one.
        let other = ExtendTrial { org, request_key: "from-2020-01-01".into() };
        assert_eq!(extend_trial(&bench.kontor, &actor, other).await, Err(Error::StaleVersion));
    }
}

#[tokio::test]
async fn only_the_customers_own_partner_extends() {
    for bench in Bench::all().await {
        let (nordlicht, owner) = partner(&bench, "Nordlicht", PartnerType::Reseller).await;
        let (alpen, other) = partner(&bench, "Alpen", PartnerType::Reseller).await;
        let here = actor(&bench, &owner, nordlicht).await;
        let there = actor(&bench, &other, alpen).await;
        let org = customer(&bench, &here, "kunde.example").await;
        let view = trial_of(&bench.kontor, &here, org).await.unwrap();
        assert_eq!(extend_trial(&bench.kontor, &there, wish(&view)).await, Err(Error::NotFound));
        assert_eq!(trial_of(&bench.kontor, &there, org).await, Err(Error::NotFound));
        let nobody = ExtendTrial { org: bench.kontor.id(), ..wish(&view) };
        assert_eq!(extend_trial(&bench.kontor, &here, nobody).await, Err(Error::NotFound));
        let finance = person(&bench, nordlicht, Role::PartnerFinance, "finance@nordlicht.test").await;
        let finance = actor_of(&bench, &finance, nordlicht).await;
        assert_eq!(extend_trial(&bench.kontor, &finance, wish(&view)).await, Err(Error::Forbidden));
        // Customers cannot extend themselves (R8.10).
        let admin = super_admin(&bench, org).await;
        let admin = actor_of(&bench, &admin, org).await;
        assert_eq!(extend_trial(&bench.kontor, &admin, wish(&view)).await, Err(Error::Forbidden));
    }
}

#[tokio::test]
async fn reminders_then_the_free_plan_and_back_within_seven_days() {
    for bench in Bench::all().await {
        let (nordlicht, owner) = partner(&bench, "Nordlicht", PartnerType::Reseller).await;
        let actor = actor(&bench, &owner, nordlicht).await;
        let org = customer(&bench, &actor, "kunde.example").await;
        let end = row(&bench, org).await.ends_on.unwrap();
        let mut seen = Vec::new();
        // Hour by hour to the end and a day beyond: each thing is said once, to both.
        for hour in 0..16 * 24 {
            bench.clock.set(end.plus(-14).start().plus_hours(9 + hour));
            tick(&bench).await;
        }
        for (to, what) in trial_mails(mails(&bench).await) {
            if to == "owner@nordlicht.test" {
                seen.push(what);
            }
        }
        assert_eq!(seen, ["ending 7", "ending 3", "ending 1", "ending 0", "ended free"], "{}", bench.name);
        assert_eq!(trial_mails(mails(&bench).await).len(), 10);
        let after = row(&bench, org).await;
        assert_eq!((after.status, after.plan, after.seats), (SubscriptionStatus::Free, Plan::Free, 5));
        // Late by six days: it goes on from the old end.
        bench.clock.set(end.plus(6).start());
        let trial = trial_of(&bench.kontor, &actor, org).await.unwrap();
        assert_eq!(trial.extendable, Ok(end.plus(15)));
        let trial = extend_trial(&bench.kontor, &actor, wish(&trial)).await.unwrap();
        assert_eq!((trial.status, trial.ends_on), (SubscriptionStatus::Trial, end.plus(15)));
        let again = row(&bench, org).await;
        assert_eq!((again.plan, again.seats), (Plan::Professional, 10));
        // And when it is over again, eight days are too late.
        bench.clock.set(end.plus(16).start());
        tick(&bench).await;
        bench.clock.set(end.plus(15 + 8).start());
        let trial = trial_of(&bench.kontor, &actor, org).await.unwrap();
        let late = extend_trial(&bench.kontor, &actor, wish(&trial)).await;
        assert_eq!(late, Err(Refusal::TrialNotActive.into()));
        // The clock then forgets the day, and has nothing more to do.
        tick(&bench).await;
        assert_eq!(row(&bench, org).await.ends_on, None);
        assert_eq!(trial_of(&bench.kontor, &actor, org).await, Err(Error::NotFound));
        assert_eq!(due_at(&bench, format!("trial:{org}")).await, None);
    }
}

#[tokio::test]
async fn too_many_people_for_the_free_plan_go_all_the_way_down() {
    for bench in Bench::all().await {
        let (nordlicht, owner) = partner(&bench, "Nordlicht", PartnerType::Reseller).await;
        let actor = actor(&bench, &owner, nordlicht).await;
        let org = customer(&bench, &actor, "kunde.example").await;
        crowd(&bench, org, 5).await;
        let end = row(&bench, org).await.ends_on.unwrap();
        let mut told = Vec::new();
        for day in 0..90 {
            bench.clock.set(end.plus(day).start().plus_hours(1));
            tick(&bench).await;
            let all = trial_mails(mails(&bench).await);
            for (to, what) in &all[told.len().min(all.len())..] {
                told.push((day, to.clone(), what.clone()));
            }
        }
        let owner: Vec<(i32, &str)> =
            told.iter().filter(|t| t.1.starts_with("owner")).map(|t| (t.0, t.2.as_str())).collect();
        let expected = [
            (0, "ending 0"),
            (1, "ended trial_expired"),
            (16, "ended suspended"),
            (46, "notice"),
            (53, "notice"),
        ];
        assert_eq!(owner, expected, "{}", bench.name);
        assert_eq!(row(&bench, org).await.status, SubscriptionStatus::Suspended);
        let organisation = organisation::by_id(bench.kontor.db.read(), org).await.unwrap().unwrap();
        assert_eq!(organisation.status, OrgStatus::Suspended);
        assert_eq!(due_at(&bench, format!("trial:{org}")).await, None, "nothing is deleted by itself");
    }
}

#[tokio::test]
async fn after_downtime_one_mail_tells_how_it_stands() {
    for bench in Bench::all().await {
        let (nordlicht, owner) = partner(&bench, "Nordlicht", PartnerType::Reseller).await;
        let actor = actor(&bench, &owner, nordlicht).await;
        let near = customer(&bench, &actor, "nah.example").await;
        let end = row(&bench, near).await.ends_on.unwrap();
        // Asleep until the day before the end: the reminders of the seventh and third day are stale.
        bench.clock.set(end.plus(-1).start().plus_hours(5));
        tick(&bench).await;
        tick(&bench).await;
        let owners = |list: Vec<(String, String)>| -> Vec<String> {
            list.into_iter().filter(|m| m.0.starts_with("owner")).map(|m| m.1).collect()
        };
        assert_eq!(owners(trial_mails(mails(&bench).await)), ["ending 1"]);
        // Asleep for twenty days more, with more people than the free plan holds.
        crowd(&bench, near, 5).await;
        bench.clock.set(end.plus(20).start());
        tick(&bench).await;
        tick(&bench).await;
        assert_eq!(owners(trial_mails(mails(&bench).await)), ["ending 1", "ended suspended"]);
        assert_eq!(row(&bench, near).await.status, SubscriptionStatus::Suspended);
    }
}

#[tokio::test]
async fn a_job_that_lost_its_lease_changes_nothing() {
    for bench in Bench::all().await {
        let (nordlicht, owner) = partner(&bench, "Nordlicht", PartnerType::Reseller).await;
        let actor = actor(&bench, &owner, nordlicht).await;
        let org = customer(&bench, &actor, "kunde.example").await;
        let end = row(&bench, org).await.ends_on.unwrap();
        bench.clock.set(end.end());
        let slow = due(&bench, JobKind::TrialClock).await.remove(0);
        // While this node dawdles, the partner extends: the job is enqueued anew.
        let trial = trial_of(&bench.kontor, &actor, org).await.unwrap();
        extend_trial(&bench.kontor, &actor, wish(&trial)).await.unwrap();
        trial_clock(&bench.kontor, &slow).await.unwrap();
        let now = row(&bench, org).await;
        assert_eq!((now.status, now.ends_on), (SubscriptionStatus::Trial, Some(end.plus(15))));
        let told = trial_mails(mails(&bench).await);
        assert!(told.iter().all(|m| m.1.starts_with("extended")), "{told:?}");
    }
}

#[tokio::test]
async fn the_last_day_lasts_until_midnight_utc() {
    for bench in Bench::all().await {
        let (nordlicht, owner) = partner(&bench, "Nordlicht", PartnerType::Reseller).await;
        let actor = actor(&bench, &owner, nordlicht).await;
        let org = customer(&bench, &actor, "kunde.example").await;
        let end = row(&bench, org).await.ends_on.unwrap();
        assert_eq!(end, Day(bench.kontor.now().day().0 + 14));
        bench.clock.set(Instant(end.end().0 - 1));
        tick(&bench).await;
        assert_eq!(row(&bench, org).await.status, SubscriptionStatus::Trial);
        let trial = trial_of(&bench.kontor, &actor, org).await.unwrap();
        assert_eq!(trial.days_left, 1);
        bench.clock.move_ms(1);
        tick(&bench).await;
        assert_eq!(row(&bench, org).await.status, SubscriptionStatus::Free);
        let trial = trial_of(&bench.kontor, &actor, org).await.unwrap();
        assert_eq!(trial.days_left, 0);
        bench.clock.move_ms(8 * DAY_MS);
    }
}

#[tokio::test]
async fn a_shorter_cap_leaves_the_remainder_and_the_console_shows_it() {
    for bench in Bench::all().await {
        let (nordlicht, owner) = partner(&bench, "Nordlicht", PartnerType::Reseller).await;
        let actor = actor(&bench, &owner, nordlicht).await;
        let org = customer(&bench, &actor, "kunde.example").await;
        let cap = setting::ActiveModel {
            key: Set("trial_max".into()),
            value: Set("20".into()),
            updated_at: Set(bench.kontor.now()),
            updated_by: Set("test".into()),
        };
        setting::Entity::insert(cap).exec_without_returning(bench.kontor.db.writer()).await.unwrap();
        let trial = trial_of(&bench.kontor, &actor, org).await.unwrap();
        let trial = extend_trial(&bench.kontor, &actor, wish(&trial)).await.unwrap();
        assert_eq!(trial.ends_on.since(trial.started) + 1, 20);
        let admin = super_admin(&bench, org).await;
        let console = actor_of(&bench, &admin, org).await;
        let shown = view(&bench.kontor, &console).await.unwrap().unwrap();
        assert_eq!(shown.trial, Some(trial));
        assert_eq!(shown.partner, Some((nordlicht, "Nordlicht".into())));
        assert_eq!((shown.licences.used, shown.licences.total, shown.licences.free()), (1, 10, 9));
    }
}

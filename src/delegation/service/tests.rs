//! What acting in a customer's console promises.

use super::{access_overview, banner, grant_clock, leave, manage, revoke};
use crate::{
    Error, Refusal,
    audit::rows::audit_event,
    delegation::{
        ClosedWhy, GrantStatus,
        rows::{acting, grant},
    },
    domain::rows::domain,
    job::JobKind,
    kernel::{
        actor::{Actor, Standing},
        id::{GrantId, OrgId},
        instant::{HOUR_MS, MINUTE_MS},
        right::{DELEGABLE, FORBIDDEN_ACTS, Feature, Features, OrgKind, Role},
        testing::Bench,
    },
    mapping::service::{consents, leave_partner, verify_counters},
    notification::Mail,
    organisation::{
        AddUser, EditProfile, MemberStatus,
        rows::member,
        service::{self as organisations, actor_in, stage::*},
    },
    partner::{PartnerStatus, PartnerType, rows::partner},
    setting::rows::setting,
};
use sea_orm::{ActiveValue::Set, EntityTrait};

/// A reseller, its owner, and a customer of theirs whose domain is verified.
struct Play {
    partner: OrgId,
    owner: Person,
    org: OrgId,
}

async fn play(bench: &Bench) -> Play {
    let (partner, owner) = partner(bench, "Nordlicht", PartnerType::Reseller).await;
    let here = actor(bench, &owner, partner).await;
    let org = customer(bench, &here, "kunde.example").await;
    verify(bench, org).await;
    Play { partner, owner, org }
}

impl Play {
    async fn enter(&self, bench: &Bench) -> Actor {
        let here = actor(bench, &self.owner, self.partner).await;
        manage(&bench.kontor, &self.owner.viewer, &here, self.org).await.unwrap();
        actor(bench, &self.owner, self.org).await
    }
    async fn stand(&self, bench: &Bench) -> Result<Actor, Error> {
        actor_in(&bench.kontor, &self.owner.viewer, self.org).await
    }
    async fn grant(&self, bench: &Bench) -> GrantId {
        grant::latest(bench.kontor.db.read(), self.org, self.partner).await.unwrap().unwrap().id
    }
}

#[tokio::test]
async fn manage_opens_the_console_under_the_grant_with_both_names_in_the_trail() {
    for bench in Bench::all().await {
        let play = play(&bench).await;
        assert_eq!(play.stand(&bench).await.err(), Some(Error::NotFound), "not before Manage");
        let there = play.enter(&bench).await;
        assert_eq!(there.features(), Features::of(&DELEGABLE));
        assert_eq!(there.acting_for(), Some(play.partner));
        let banner = banner(&bench.kontor, &there).await.unwrap().unwrap();
        assert_eq!(banner.organisation, "Kunde kunde.example");
        assert_eq!(banner.domain.as_deref(), Some("kunde.example"));
        assert_eq!((banner.partner_name.as_str(), banner.minutes_left), ("Nordlicht", 30));
        let edit = EditProfile { organisation: "Neuer Name".into(), country: "AT".into(), version: 1 };
        organisations::edit_profile(&bench.kontor, &there, edit).await.unwrap();
        let events = audit_event::latest(bench.kontor.db.read(), play.org, Some(play.partner), None, 9);
        let events = events.await.unwrap();
        assert_eq!(events[0].action, "organisation.edited");
        assert_eq!(events[0].actor, "owner@nordlicht.test");
        assert_eq!(events[1].action, "access.entered");
        // Entering twice is one stay.
        play.enter(&bench).await;
        assert_eq!(rows::<acting::Entity>(&bench).await.len(), 1);
        // Leaving ends it, and leaving again changes nothing.
        let back = leave(&bench.kontor, &play.owner.viewer, play.org).await.unwrap();
        assert_eq!(back, Some((play.partner, OrgKind::Partner)));
        assert_eq!(leave(&bench.kontor, &play.owner.viewer, play.org).await.unwrap(), back);
        assert_eq!(play.stand(&bench).await.err(), Some(Error::NotFound));
    }
}

#[tokio::test]
async fn every_forbidden_act_and_everything_unlisted_answers_delegated_forbidden() {
    for bench in Bench::all().await {
        let play = play(&bench).await;
        let there = play.enter(&bench).await;
        for act in FORBIDDEN_ACTS {
            assert_eq!(there.require(act), Err(Error::DelegatedForbidden), "{}", act.key());
        }
        let allowed = Features::of(&DELEGABLE);
        for feature in Feature::ALL.iter().filter(|f| !allowed.has(**f)) {
            assert_eq!(there.require(*feature), Err(Error::DelegatedForbidden), "{}", feature.key());
        }
        let kontor = &bench.kontor;
        let grant = play.grant(&bench).await;
        assert_eq!(revoke(kontor, &there, grant).await, Err(Error::DelegatedForbidden));
        assert_eq!(access_overview(kontor, &there).await, Err(Error::DelegatedForbidden));
        let admin = AddUser {
            email: "neu@mail.example".into(),
            first_name: "N".into(),
            last_name: "Eu".into(),
            role: "admin".into(),
            request_key: "request-1".into(),
        };
        let added = organisations::add_user(kontor, &there, admin.clone()).await;
        assert_eq!(added, Err(Error::DelegatedForbidden));
        let last = AddUser { role: "super-admin".into(), ..admin.clone() };
        let added = organisations::add_user(kontor, &there, last).await;
        assert_eq!(added, Err(Error::DelegatedForbidden));
        let boss = super_admin(&bench, play.org).await;
        let suspended = organisations::suspend_user(kontor, &there, boss.member, 1).await;
        assert_eq!(suspended, Err(Error::DelegatedForbidden));
        // Plain users it may add, suspend and restore.
        let user = AddUser { role: "user".into(), ..admin };
        let user = organisations::add_user(kontor, &there, user).await.unwrap();
        organisations::suspend_user(kontor, &there, user, 1).await.unwrap();
        organisations::restore_user(kontor, &there, user, 2).await.unwrap();
    }
}

#[tokio::test]
async fn a_tampered_grant_still_gives_nothing_that_cannot_be_delegated() {
    for bench in Bench::all().await {
        let play = play(&bench).await;
        let change = grant::ActiveModel {
            id: Set(play.grant(&bench).await),
            capabilities: Set(Features::of(Feature::ALL).keys()),
            ..Default::default()
        };
        grant::Entity::update(change).exec(bench.kontor.db.writer()).await.unwrap();
        assert_eq!(play.enter(&bench).await.features(), Features::of(&DELEGABLE));
    }
}

#[tokio::test]
async fn manage_needs_all_it_rests_on() {
    for bench in Bench::all().await {
        let (nordlicht, owner) = partner(&bench, "Nordlicht", PartnerType::Reseller).await;
        let (alpen, other) = partner(&bench, "Alpen", PartnerType::Reseller).await;
        let (hinweis, referrer) = partner(&bench, "Hinweis", PartnerType::Referral).await;
        let here = actor(&bench, &owner, nordlicht).await;
        let org = customer(&bench, &here, "kunde.example").await;
        let kontor = &bench.kontor;
        let answer = manage(kontor, &owner.viewer, &here, org).await;
        assert_eq!(answer, Err(Refusal::ManageUnverified.into()));
        verify(&bench, org).await;
        // Another partner's customer, an id of nothing, an organisation that is no customer.
        let there = actor(&bench, &other, alpen).await;
        for foreign in [org, kontor.id(), nordlicht] {
            assert_eq!(manage(kontor, &other.viewer, &there, foreign).await, Err(Error::NotFound));
        }
        let referral = actor(&bench, &referrer, hinweis).await;
        let theirs = customer(&bench, &referral, "hinweis.example").await;
        verify(&bench, theirs).await;
        let answer = manage(kontor, &referrer.viewer, &referral, theirs).await;
        assert_eq!(answer, Err(Refusal::ReferralOnly.into()));
        let sales = person(&bench, nordlicht, Role::PartnerSales, "sales@nordlicht.test").await;
        let seller = actor(&bench, &sales, nordlicht).await;
        assert_eq!(manage(kontor, &sales.viewer, &seller, org).await, Err(Error::Forbidden));
        let stop = partner::ActiveModel {
            org_id: Set(nordlicht),
            status: Set(PartnerStatus::Suspended),
            ..Default::default()
        };
        partner::Entity::update(stop).exec(kontor.db.writer()).await.unwrap();
        let answer = manage(kontor, &owner.viewer, &here, org).await;
        assert_eq!(answer, Err(Refusal::PartnerInactive.into()));
    }
}

#[tokio::test]
async fn manage_asks_for_a_fresh_proof_as_the_policy_says() {
    for bench in Bench::all().await {
        let play = play(&bench).await;
        let here = actor(&bench, &play.owner, play.partner).await;
        let kontor = &bench.kontor;
        let mut viewer = play.owner.viewer.clone();
        let session = viewer.session.as_mut().unwrap();
        session.fresh_by_factor = false;
        let ask = Err(Error::StepUpRequired { second_factor: true });
        assert_eq!(manage(kontor, &viewer, &here, play.org).await, ask);
        viewer.session.as_mut().unwrap().second_factor = false;
        let answer = manage(kontor, &viewer, &here, play.org).await;
        assert_eq!(answer, Err(Error::SecondFactorRequired));
        bench.clock.move_ms(15 * MINUTE_MS);
        assert_eq!(manage(kontor, &play.owner.viewer, &here, play.org).await, ask, "fresh for 15 minutes");
        let password = setting::ActiveModel {
            key: Set("manage_second_factor".into()),
            value: Set("false".into()),
            updated_at: Set(kontor.now()),
            updated_by: Set("test".into()),
        };
        setting::Entity::insert(password).exec_without_returning(kontor.db.writer()).await.unwrap();
        let answer = manage(kontor, &viewer, &here, play.org).await;
        assert_eq!(answer, Err(Error::StepUpRequired { second_factor: false }));
        viewer.session.as_mut().unwrap().fresh_at = kontor.now();
        manage(kontor, &viewer, &here, play.org).await.unwrap();
    }
}

#[tokio::test]
async fn whoever_leaves_its_partner_is_out_of_its_reach_at_the_next_request() {
    for bench in Bench::all().await {
        let play = play(&bench).await;
        play.enter(&bench).await;
        let boss = super_admin(&bench, play.org).await;
        let house = actor(&bench, &boss, play.org).await;
        let here = actor(&bench, &play.owner, play.partner).await;
        let own = consents(&bench.kontor, &house, None).await.unwrap().partner.unwrap();
        assert_eq!((own.org, own.name.as_str(), own.pays_from), (play.partner, "Nordlicht", None));
        // Not the partner in the customer's name, nor another customer.
        let theirs = leave_partner(&bench.kontor, &here, own.mapping, None).await;
        assert_eq!(theirs, Err(Error::NotFound), "{}", bench.name);
        let other = customer(&bench, &here, "andere.example").await;
        let other = actor(&bench, &super_admin(&bench, other).await, other).await;
        let not_theirs = leave_partner(&bench.kontor, &other, own.mapping, None).await;
        assert_eq!(not_theirs, Err(Error::NotFound), "{}", bench.name);

        leave_partner(&bench.kontor, &house, own.mapping, None).await.unwrap();
        leave_partner(&bench.kontor, &house, own.mapping, None).await.unwrap();
        assert_eq!(play.stand(&bench).await.err(), Some(Error::AccessRevoked), "{}", bench.name);
        let answer = manage(&bench.kontor, &play.owner.viewer, &here, play.org).await;
        assert!(matches!(answer, Err(Error::NotFound | Error::AccessRevoked)), "{answer:?}");
        let shown = access_overview(&bench.kontor, &house).await.unwrap();
        assert_eq!(shown.grants[0].status, GrantStatus::Revoked, "{}", bench.name);
        assert_eq!(consents(&bench.kontor, &house, None).await.unwrap().partner, None, "{}", bench.name);
        assert!(verify_counters(&bench.kontor).await.unwrap().is_clean(), "{}", bench.name);
        let told = mails(&bench).await;
        let left = told.iter().filter(|m| matches!(m.1, Mail::CustomerLeft { .. }));
        assert_eq!(left.map(|m| m.0.as_str()).collect::<Vec<_>>(), ["owner@nordlicht.test"]);
        assert_eq!(told.iter().filter(|m| matches!(m.1, Mail::PartnerLeft { .. })).count(), 1);
    }
}

#[tokio::test]
async fn revoking_cuts_at_the_next_request() {
    for bench in Bench::all().await {
        let play = play(&bench).await;
        play.enter(&bench).await;
        let boss = super_admin(&bench, play.org).await;
        let house = actor(&bench, &boss, play.org).await;
        let shown = access_overview(&bench.kontor, &house).await.unwrap();
        assert!(shown.may_revoke);
        let grant = &shown.grants[0];
        assert_eq!((grant.partner_name.as_str(), grant.status), ("Nordlicht", GrantStatus::Active));
        assert_eq!(grant.open.len(), 1);
        assert_eq!(grant.last_entry.as_ref().unwrap().1, "owner@nordlicht.test");
        assert_eq!(grant.acts[0].action, "access.entered");
        revoke(&bench.kontor, &house, grant.id).await.unwrap();
        revoke(&bench.kontor, &house, grant.id).await.unwrap();
        // All parts of the page that asks next are told so; later there is nothing.
        for _ in 0..2 {
            assert_eq!(play.stand(&bench).await.err(), Some(Error::AccessRevoked));
        }
        let stays = rows::<acting::Entity>(&bench).await;
        assert_eq!(stays[0].closed_why, Some(ClosedWhy::Cut));
        bench.clock.move_ms(10 * MINUTE_MS);
        assert_eq!(play.stand(&bench).await.err(), Some(Error::NotFound));
        let here = actor(&bench, &play.owner, play.partner).await;
        let answer = manage(&bench.kontor, &play.owner.viewer, &here, play.org).await;
        assert_eq!(answer, Err(Error::AccessRevoked));
        let told: Vec<_> = mails(&bench).await;
        let revoked = told.iter().filter(|m| matches!(m.1, Mail::AccessRevoked { .. }));
        let both = ["kim.kunde.example@mail.example", "owner@nordlicht.test"];
        assert_eq!(revoked.map(|m| m.0.as_str()).collect::<Vec<_>>(), both);
        let shown = access_overview(&bench.kontor, &house).await.unwrap();
        assert_eq!(shown.grants[0].status, GrantStatus::Revoked);
        assert!(shown.grants[0].open.is_empty() && !shown.grants[0].acts.is_empty());
    }
}

#[tokio::test]
async fn only_the_super_admin_of_the_same_house_revokes() {
    for bench in Bench::all().await {
        let play = play(&bench).await;
        let grant = play.grant(&bench).await;
        let admin = person(&bench, play.org, Role::CustomerAdmin, "admin@mail.example").await;
        let admin = actor(&bench, &admin, play.org).await;
        assert_eq!(revoke(&bench.kontor, &admin, grant).await, Err(Error::Forbidden));
        assert!(!access_overview(&bench.kontor, &admin).await.unwrap().may_revoke);
        let here = actor(&bench, &play.owner, play.partner).await;
        let other = customer(&bench, &here, "anders.example").await;
        let boss = super_admin(&bench, other).await;
        let boss = actor(&bench, &boss, other).await;
        assert_eq!(revoke(&bench.kontor, &boss, grant).await, Err(Error::NotFound));
        assert_eq!(revoke(&bench.kontor, &boss, bench.kontor.id()).await, Err(Error::NotFound));
    }
}

#[tokio::test]
async fn a_stay_ends_after_thirty_idle_minutes_and_after_eight_hours() {
    for bench in Bench::all().await {
        let play = play(&bench).await;
        play.enter(&bench).await;
        bench.clock.move_ms(30 * MINUTE_MS - 1);
        assert!(play.stand(&bench).await.is_ok());
        bench.clock.move_ms(30 * MINUTE_MS);
        assert_eq!(play.stand(&bench).await.err(), Some(Error::NotFound));
        let mut fresh = play.owner.clone();
        fresh.viewer.session.as_mut().unwrap().fresh_at = bench.kontor.now();
        let play = Play { owner: fresh, ..play };
        play.enter(&bench).await;
        for _ in 0..31 {
            bench.clock.move_ms(15 * MINUTE_MS);
            assert!(play.stand(&bench).await.is_ok());
        }
        bench.clock.move_ms(8 * HOUR_MS - 31 * 15 * MINUTE_MS);
        assert_eq!(play.stand(&bench).await.err(), Some(Error::NotFound));
        let why: Vec<_> = rows::<acting::Entity>(&bench).await.into_iter().map(|a| a.closed_why).collect();
        assert_eq!(why, [Some(ClosedWhy::TimedOut), Some(ClosedWhy::TimedOut)]);
    }
}

#[tokio::test]
async fn a_stay_ends_with_the_job_at_the_partner_and_with_the_partner() {
    for bench in Bench::all().await {
        let play = play(&bench).await;
        play.enter(&bench).await;
        let place = member::ActiveModel {
            id: Set(play.owner.member),
            status: Set(MemberStatus::Suspended),
            ..Default::default()
        };
        member::Entity::update(place).exec(bench.kontor.db.writer()).await.unwrap();
        assert_eq!(play.stand(&bench).await.err(), Some(Error::AccessRevoked));
    }
    for bench in Bench::all().await {
        let play = play(&bench).await;
        play.enter(&bench).await;
        let stop = partner::ActiveModel {
            org_id: Set(play.partner),
            status: Set(PartnerStatus::Terminated),
            ..Default::default()
        };
        partner::Entity::update(stop).exec(bench.kontor.db.writer()).await.unwrap();
        // Told as it is: the vendor's doing, not the customer's.
        for _ in 0..2 {
            assert_eq!(play.stand(&bench).await.err(), Some(Refusal::PartnerInactive.into()));
        }
    }
}

#[tokio::test]
async fn another_browser_of_the_same_person_is_not_in() {
    for bench in Bench::all().await {
        let play = play(&bench).await;
        play.enter(&bench).await;
        let elsewhere = viewer(&bench, play.owner.account, "owner@nordlicht.test");
        let answer = actor_in(&bench.kontor, &elsewhere, play.org).await;
        assert_eq!(answer.err(), Some(Error::NotFound));
    }
}

#[tokio::test]
async fn both_sides_are_warned_and_the_grant_ends() {
    for bench in Bench::all().await {
        let play = play(&bench).await;
        let row = grant::latest(bench.kontor.db.read(), play.org, play.partner).await.unwrap().unwrap();
        let tick = || async {
            for job in due(&bench, JobKind::GrantClock).await {
                grant_clock(&bench.kontor, &job).await.unwrap();
            }
        };
        for hours in (0..=24 * 31).rev() {
            bench.clock.set(row.until_at.plus_hours(-hours));
            tick().await;
        }
        let told: Vec<String> = mails(&bench)
            .await
            .into_iter()
            .filter(|m| m.0.starts_with("owner"))
            .filter_map(|m| match m.1 {
                Mail::AccessEnding { days, .. } => Some(format!("ending {days}")),
                Mail::AccessExpired { .. } => Some("expired".into()),
                _ => None,
            })
            .collect();
        assert_eq!(told, ["ending 30", "ending 7", "ending 1", "expired"], "{}", bench.name);
        let row = grant::by_id(bench.kontor.db.read(), row.id).await.unwrap().unwrap();
        assert_eq!(row.status, GrantStatus::Expired);
        assert_eq!(due_at(&bench, format!("grant:{}", row.id)).await, None);
        // Without the job having run, the end counts all the same.
        assert!(domain::holds_any(bench.kontor.db.read(), play.org).await.unwrap());
        let here = actor(&bench, &play.owner, play.partner).await;
        let answer = manage(&bench.kontor, &play.owner.viewer, &here, play.org).await;
        assert_eq!(answer, Err(Error::AccessRevoked));
    }
}

#[tokio::test]
async fn two_entries_at_once_and_a_revocation_between_leave_nobody_in() {
    for bench in Bench::all().await {
        let play = play(&bench).await;
        let here = actor(&bench, &play.owner, play.partner).await;
        let boss = super_admin(&bench, play.org).await;
        let house = actor(&bench, &boss, play.org).await;
        let grant = play.grant(&bench).await;
        let (entered, revoked, again) = tokio::join!(
            manage(&bench.kontor, &play.owner.viewer, &here, play.org),
            revoke(&bench.kontor, &house, grant),
            manage(&bench.kontor, &play.owner.viewer, &here, play.org),
        );
        revoked.unwrap();
        for answer in [entered, again] {
            assert!(answer.is_ok() || answer == Err(Error::AccessRevoked), "{answer:?}");
        }
        assert!(matches!(play.stand(&bench).await, Err(Error::AccessRevoked | Error::NotFound)));
    }
}

#[tokio::test]
async fn a_member_is_never_acting() {
    for bench in Bench::all().await {
        let play = play(&bench).await;
        let boss = super_admin(&bench, play.org).await;
        let house = actor(&bench, &boss, play.org).await;
        assert!(matches!(house.standing, Standing::Member { .. }));
        assert_eq!(banner(&bench.kontor, &house).await, Ok(None));
        assert_eq!(leave(&bench.kontor, &boss.viewer, play.org).await, Ok(None));
    }
}

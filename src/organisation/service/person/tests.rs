//! What the acts that stay with the customer's super admin promise.

use super::{change_role, delete_user, hand_over, require_second_factor, reset_password};
use crate::{
    Error, Issue, Refusal,
    account::rows::account,
    kernel::{
        actor::{Actor, Viewer},
        id::{MemberId, OrgId},
        right::Role,
        testing::Bench,
    },
    mapping::service::verify_counters,
    notification::Mail,
    organisation::{
        rows::member,
        service::{actor_in, stage::*},
    },
    partner::PartnerType,
};

struct Play<'a> {
    bench: &'a Bench,
    org: OrgId,
    boss: Person,
    admin: Person,
    user: Person,
    partner: OrgId,
    owner: Person,
}

impl<'a> Play<'a> {
    async fn set(bench: &'a Bench) -> Play<'a> {
        let (partner, owner) = partner(bench, "Nordlicht", PartnerType::Reseller).await;
        let north = actor(bench, &owner, partner).await;
        let org = customer(bench, &north, "kunde.example").await;
        verify(bench, org).await;
        let boss = super_admin(bench, org).await;
        let admin = person(bench, org, Role::CustomerAdmin, "it@kunde.example").await;
        let user = person(bench, org, Role::User, "user@kunde.example").await;
        Play { bench, org, boss, admin, user, partner, owner }
    }
    async fn as_boss(&self) -> Actor {
        actor(self.bench, &self.boss, self.org).await
    }
    async fn row(&self, id: MemberId) -> Option<member::Model> {
        member::by_id(self.bench.kontor.db.read(), self.org, id).await.unwrap()
    }
    async fn role(&self, id: MemberId) -> Role {
        self.row(id).await.unwrap().role
    }
}

#[tokio::test]
async fn roles_change_between_user_and_admin_and_hold_at_the_next_request() {
    for bench in Bench::all().await {
        let play = Play::set(&bench).await;
        let (kontor, boss) = (&bench.kontor, play.as_boss().await);
        change_role(kontor, &boss, play.user.member, "admin", 1).await.unwrap();
        assert_eq!(actor(&bench, &play.user, play.org).await.features(), Role::CustomerAdmin.features());
        // Again changes nothing; from an old form neither.
        change_role(kontor, &boss, play.user.member, "admin", 1).await.unwrap();
        assert_eq!(change_role(kontor, &boss, play.user.member, "user", 1).await, Err(Error::StaleVersion));
        change_role(kontor, &boss, play.user.member, "user", 2).await.unwrap();
        let no = Err(Error::field("role", Issue::NotAChoice));
        for role in ["super-admin", "partner-owner", "vendor-admin", "", "nonsense"] {
            assert_eq!(change_role(kontor, &boss, play.user.member, role, 3).await, no, "{role}");
        }
        assert_eq!(
            change_role(kontor, &boss, play.boss.member, "user", 1).await,
            no,
            "the last word is handed over"
        );
        // Admins do not make admins.
        let admin = actor(&bench, &play.admin, play.org).await;
        assert_eq!(change_role(kontor, &admin, play.user.member, "admin", 3).await, Err(Error::Forbidden));
    }
}

#[tokio::test]
async fn the_last_word_is_handed_over_once_with_a_fresh_proof_and_both_are_told() {
    for bench in Bench::all().await {
        let play = Play::set(&bench).await;
        let (kontor, boss) = (&bench.kontor, play.as_boss().await);
        let mut stale = play.boss.viewer.clone();
        if let Some(session) = &mut stale.session {
            session.fresh_at = kontor.now().plus_minutes(-16);
        }
        let late = hand_over(kontor, &stale, &boss, play.admin.member, 1).await;
        assert_eq!(late, Err(Error::StepUpRequired { second_factor: true }));
        let viewer = &play.boss.viewer;
        let two = tokio::join!(
            hand_over(kontor, viewer, &boss, play.admin.member, 1),
            hand_over(kontor, viewer, &boss, play.user.member, 1)
        );
        assert!(two.0.is_ok() != two.1.is_ok(), "{}: {two:?}", bench.name);
        let supers = member::in_role(
            kontor.db.read(),
            vec![play.org],
            Role::SuperAdmin,
            &[crate::organisation::MemberStatus::Active],
        );
        assert_eq!(supers.await.unwrap().len(), 1, "{}", bench.name);
        assert_eq!(play.role(play.boss.member).await, Role::CustomerAdmin);
        // Whoever has handed it over has it no more.
        let boss = play.as_boss().await;
        assert_eq!(hand_over(kontor, viewer, &boss, play.user.member, 1).await, Err(Error::Forbidden));
        let told = mails(&bench).await;
        let told = told.iter().filter(|mail| matches!(mail.1, Mail::SuperAdminChanged { .. }));
        assert_eq!(told.count(), 2);
        assert!(verify_counters(kontor).await.unwrap().is_clean(), "{}", bench.name);
    }
}

#[tokio::test]
async fn somebody_deleted_is_out_and_the_last_word_cannot_vanish() {
    for bench in Bench::all().await {
        let play = Play::set(&bench).await;
        let (kontor, boss) = (&bench.kontor, play.as_boss().await);
        assert_eq!(delete_user(kontor, &boss, play.user.member, 7).await, Err(Error::StaleVersion));
        delete_user(kontor, &boss, play.user.member, 1).await.unwrap();
        assert_eq!(play.row(play.user.member).await, None);
        assert_eq!(actor_in(kontor, &play.user.viewer, play.org).await.err(), Some(Error::NotFound));
        assert!(account::by_id(kontor.db.read(), play.user.account).await.unwrap().is_some());
        assert_eq!(delete_user(kontor, &boss, play.user.member, 1).await, Err(Error::NotFound));
        let last = delete_user(kontor, &boss, play.boss.member, 1).await;
        assert_eq!(last, Err(Refusal::LastOwner.into()));
        let admin = actor(&bench, &play.admin, play.org).await;
        assert_eq!(delete_user(kontor, &admin, play.admin.member, 1).await, Err(Error::Forbidden));
        // Somebody who was asked in and has not come.
        let invited = crate::organisation::AddUser {
            email: "new@kunde.example".into(),
            first_name: "Neu".into(),
            last_name: "Hier".into(),
            role: "user".into(),
            request_key: "request-1".into(),
        };
        let invited = crate::organisation::service::add_user(kontor, &boss, invited).await.unwrap();
        delete_user(kontor, &boss, invited, 1).await.unwrap();
        assert!(verify_counters(kontor).await.unwrap().is_clean(), "{}", bench.name);
    }
}

#[tokio::test]
async fn a_new_password_is_only_ever_set_by_its_owner() {
    for bench in Bench::all().await {
        let play = Play::set(&bench).await;
        let (kontor, boss) = (&bench.kontor, play.as_boss().await);
        let before = account::by_id(kontor.db.read(), play.boss.account).await.unwrap();
        reset_password(kontor, &boss, play.boss.member).await.unwrap();
        assert_eq!(account::by_id(kontor.db.read(), play.boss.account).await.unwrap(), before);
        let told = mails(&bench).await;
        assert_eq!(told.iter().filter(|mail| matches!(mail.1, Mail::ResetPassword { .. })).count(), 1);
        let admin = actor(&bench, &play.admin, play.org).await;
        assert_eq!(reset_password(kontor, &admin, play.user.member).await, Err(Error::Forbidden));
    }
}

#[tokio::test]
async fn everybody_needs_a_second_factor_where_the_organisation_says_so() {
    for bench in Bench::all().await {
        let play = Play::set(&bench).await;
        let (kontor, boss) = (&bench.kontor, play.as_boss().await);
        let without = |viewer: &Viewer| {
            let mut viewer = viewer.clone();
            if let Some(session) = &mut viewer.session {
                session.second_factor = false;
            }
            viewer
        };
        let own = require_second_factor(kontor, &without(&play.boss.viewer), &boss, true).await;
        assert_eq!(own, Err(Error::SecondFactorRequired), "nobody shuts themselves out");
        require_second_factor(kontor, &play.boss.viewer, &boss, true).await.unwrap();
        require_second_factor(kontor, &play.boss.viewer, &boss, true).await.unwrap();
        let out = actor_in(kontor, &without(&play.user.viewer), play.org).await;
        assert_eq!(out.err(), Some(Error::SecondFactorRequired));
        assert!(actor_in(kontor, &play.user.viewer, play.org).await.is_ok());
        // Strangers learn nothing by it.
        let out = actor_in(kontor, &without(&play.owner.viewer), play.org).await;
        assert_eq!(out.err(), Some(Error::NotFound));
        // Whoever acts for it needs one, too.
        let north = actor(&bench, &play.owner, play.partner).await;
        crate::delegation::service::manage(kontor, &play.owner.viewer, &north, play.org).await.unwrap();
        let out = actor_in(kontor, &without(&play.owner.viewer), play.org).await;
        assert_eq!(out.err(), Some(Error::SecondFactorRequired));
        let there = actor(&bench, &play.owner, play.org).await;
        let off = require_second_factor(kontor, &play.owner.viewer, &there, false).await;
        assert_eq!(off, Err(Error::DelegatedForbidden));
        for refused in [
            change_role(kontor, &there, play.user.member, "admin", 1).await,
            hand_over(kontor, &play.owner.viewer, &there, play.user.member, 1).await,
            reset_password(kontor, &there, play.user.member).await,
            delete_user(kontor, &there, play.user.member, 1).await,
        ] {
            assert_eq!(refused, Err(Error::DelegatedForbidden));
        }
        let seen = super::person(kontor, &play.owner.viewer, &there, play.user.member).await.unwrap();
        assert!(
            seen.row.changeable
                && !seen.delete
                && !seen.reset
                && !seen.hand_over
                && seen.other_role.is_none()
        );
    }
}

//! What grants promise about their terms (domain.md section 6): who consents, what changes, when it ends, and that it holds at the
//! next request.

use super::{
    access_overview, answer, ask, break_glass, break_glass_before, change, give, give_up, grant_clock, held,
    manage, renew, request_clock, restore, revoke, withdraw,
};
use crate::{
    Error, Issue, Refusal,
    delegation::{
        AccessAnswer, AccessRequestStatus, AskAccess, BreakGlassForm, GrantKind, GrantStatus, PartyKind,
        RenewBy, Template, TermsForm,
        rows::{access_request, grant},
    },
    job::{JobKind, Kinds, service::claim_of},
    kernel::{
        actor::{Actor, Viewer},
        id::{AccessRequestId, Id, OrgId},
        right::{DELEGABLE, Feature, Features, Role},
        testing::Bench,
    },
    mapping::service::{consents, leave_partner, verify_counters},
    notification::Mail,
    organisation::service::{actor_in, stage::*},
    partner::PartnerType,
};

mod together;
mod walk;

use std::cell::Cell;

/// The customer's super admin.
const BOSS: &str = "kim.kunde.example@mail.example";

struct Play<'a> {
    bench: &'a Bench,
    partner: OrgId,
    owner: Person,
    north: Actor,
    org: OrgId,
    boss: Actor,
    read: Cell<usize>,
}

fn terms(template: &str, days: &str) -> TermsForm {
    TermsForm { template: template.into(), days: days.into(), ..TermsForm::default() }
}

fn wish(template: &str, days: &str) -> AskAccess {
    AskAccess { terms: terms(template, days), note: "Guten Tag".into() }
}

impl<'a> Play<'a> {
    async fn set(bench: &'a Bench) -> Play<'a> {
        let (partner, owner) = partner(bench, "Nordlicht", PartnerType::Reseller).await;
        let north = actor(bench, &owner, partner).await;
        let org = customer(bench, &north, "kunde.example").await;
        verify(bench, org).await;
        let boss = super_admin(bench, org).await;
        let boss = actor(bench, &boss, org).await;
        Play { bench, partner, owner, north, org, boss, read: Cell::new(0) }
    }

    /// The grant in force, or the last one.
    async fn grant(&self) -> grant::Model {
        grant::latest(self.bench.kontor.db.read(), self.org, self.partner).await.unwrap().unwrap()
    }

    async fn enter(&self) -> Result<(), Error> {
        manage(&self.bench.kontor, &self.proved(), &self.north, self.org).await.map(|_| ())
    }

    /// What the partner's person may do in the customer's console at this moment.
    async fn may(&self) -> Result<Features, Error> {
        actor_in(&self.bench.kontor, &self.owner.viewer, self.org).await.map(|actor| actor.features())
    }

    async fn asked(&self) -> Vec<AccessRequestStatus> {
        rows::<access_request::Entity>(self.bench).await.into_iter().map(|row| row.status).collect()
    }

    /// Does what is due about grants and requests.
    async fn work(&self) {
        const MINE: Kinds = Kinds::Only(&[JobKind::GrantClock, JobKind::AccessRequest]);
        loop {
            let jobs = claim_of(&self.bench.kontor, MINE, 100).await.unwrap();
            if jobs.is_empty() {
                return;
            }
            for job in jobs {
                match job.kind {
                    JobKind::GrantClock => grant_clock(&self.bench.kontor, &job).await.unwrap(),
                    _ => request_clock(&self.bench.kontor, &job).await.unwrap(),
                }
            }
        }
    }

    /// Lets days pass without anybody doing anything.
    fn pass(&self, days: i64) {
        self.bench.clock.set(self.bench.kontor.now().plus_days(days));
    }

    /// Lets days pass, doing each day what is due.
    async fn days(&self, days: i64) {
        for _ in 0..days {
            self.pass(1);
            self.work().await;
        }
    }

    /// The mails about access that were written since this was last asked, by their keys: to the customer's super admin, and to
    /// the partner's owner.
    async fn told(&self) -> (Vec<String>, Vec<String>) {
        let all = mails(self.bench).await;
        let new: Vec<_> = all[self.read.replace(all.len())..].to_vec();
        let about = |mail: &Mail| {
            Some(mail.key()).filter(|key| key.starts_with("access_") || key.starts_with("glass_"))
        };
        let to =
            |to: &str| new.iter().filter(|mail| mail.0 == to).filter_map(|mail| about(&mail.1)).collect();
        (to(BOSS), to("owner@nordlicht.test"))
    }

    /// The owner's browser after a fresh proof.
    fn proved(&self) -> Viewer {
        let mut viewer = self.owner.viewer.clone();
        if let Some(session) = &mut viewer.session {
            session.fresh_at = self.bench.kontor.now();
        }
        viewer
    }
}

fn keys(list: &[&str]) -> Vec<String> {
    list.iter().map(|key| (*key).to_owned()).collect()
}

fn both(list: &[&str]) -> (Vec<String>, Vec<String>) {
    (keys(list), keys(list))
}

#[tokio::test]
async fn less_holds_at_the_next_request_of_whoever_is_in_and_both_are_told_of_every_change() {
    for bench in Bench::all().await {
        let play = Play::set(&bench).await;
        let kontor = &bench.kontor;
        play.enter().await.unwrap();
        assert_eq!(play.may().await, Ok(Features::of(&DELEGABLE)));
        play.told().await;
        let first = play.grant().await;
        change(kontor, &play.boss, first.id, &terms("helpdesk", ""), first.version).await.unwrap();
        // The same stay, the next request.
        assert_eq!(play.may().await, Ok(Template::Helpdesk.capabilities()), "{}", bench.name);
        let there = actor_in(kontor, &play.owner.viewer, play.org).await.unwrap();
        assert_eq!(there.require(Feature::UsersEdit), Err(Error::DelegatedForbidden));
        assert_eq!(play.grant().await.until_at, first.until_at, "its end stays");
        assert_eq!(play.told().await, both(&["access_changed"]));
        // A form from before that change changes nothing.
        let stale = change(kontor, &play.boss, first.id, &terms("full", "30"), first.version).await;
        assert_eq!(stale, Err(Error::StaleVersion));
        // Nothing changes, nobody is told.
        let now = play.grant().await;
        change(kontor, &play.boss, now.id, &terms("helpdesk", ""), now.version).await.unwrap();
        assert_eq!(play.told().await, both(&[]));
        // Sooner.
        change(kontor, &play.boss, now.id, &terms("helpdesk", "1"), now.version).await.unwrap();
        assert_eq!(play.grant().await.until_at, kontor.now().plus_days(1));
        assert_eq!(play.told().await, both(&["access_changed"]));
        play.days(1).await;
        assert_eq!(play.grant().await.status, GrantStatus::Expired, "{}", bench.name);
        assert_eq!(play.may().await, Err(Error::NotFound));
        let over = play.grant().await;
        let late = change(kontor, &play.boss, over.id, &terms("full", "30"), over.version).await;
        assert_eq!(late, Err(Refusal::AccessOver.into()));
        assert!(verify_counters(kontor).await.unwrap().is_clean(), "{}", bench.name);
    }
}

#[tokio::test]
async fn what_is_added_lasts_no_longer_than_it_may() {
    for bench in Bench::all().await {
        let play = Play::set(&bench).await;
        let kontor = &bench.kontor;
        let row = play.grant().await;
        change(kontor, &play.boss, row.id, &terms("subscription", "730"), row.version).await.unwrap();
        let long = play.grant().await;
        assert_eq!(long.until_at, kontor.now().plus_days(730));
        // With its end as it is, people cannot be added to it.
        let more = change(kontor, &play.boss, long.id, &terms("users", ""), long.version).await;
        assert_eq!(more, Err(Error::field("days", Issue::OutOfRange { min: 1, max: 365 })));
        change(kontor, &play.boss, long.id, &terms("users", "365"), long.version).await.unwrap();
        assert_eq!(play.grant().await.until_at, kontor.now().plus_days(365));
    }
}

#[tokio::test]
async fn a_partner_asks_and_the_customer_has_the_last_word() {
    for bench in Bench::all().await {
        let play = Play::set(&bench).await;
        let kontor = &bench.kontor;
        revoke(kontor, &play.boss, play.grant().await.id).await.unwrap();
        assert_eq!(play.told().await, both(&["access_revoked"]));
        let id = ask(kontor, &play.north, play.org, &wish("full", "180")).await.unwrap();
        assert_eq!(play.told().await, (keys(&["access_asked"]), keys(&[])));
        assert_eq!(play.enter().await, Err(Error::AccessRevoked), "asking opens nothing");
        // One at a time.
        let until = kontor.now().plus_days(15).day();
        let again = ask(kontor, &play.north, play.org, &wish("helpdesk", "30")).await;
        assert_eq!(again, Err(Refusal::AccessAsked { until }.into()));
        let seen = access_overview(kontor, &play.boss).await.unwrap().requests;
        assert_eq!(seen.len(), 1);
        assert_eq!(seen[0].terms.capabilities, DELEGABLE.to_vec());
        assert_eq!((seen[0].note.as_str(), &seen[0].has), ("Guten Tag", &None));
        // The customer gives less than was asked.
        let less = AccessAnswer::Grant(terms("helpdesk", "90"));
        answer(kontor, &play.boss, id, &less).await.unwrap();
        let row = play.grant().await;
        assert_eq!(row.terms().capabilities, Template::Helpdesk.capabilities());
        assert_eq!(row.until_at, kontor.now().plus_days(90));
        assert_eq!(play.told().await, both(&["access_given"]));
        play.enter().await.unwrap();
        // Answered twice is answered once; another answer comes too late.
        answer(kontor, &play.boss, id, &less).await.unwrap();
        assert_eq!(play.told().await, both(&[]));
        let other = answer(kontor, &play.boss, id, &AccessAnswer::Decline).await;
        assert_eq!(other, Err(Refusal::RequestClosed.into()));
        // For more, while it has some: as asked.
        let id = ask(kontor, &play.north, play.org, &wish("full", "30")).await.unwrap();
        let seen = access_overview(kontor, &play.boss).await.unwrap().requests;
        assert!(seen[0].has.is_some());
        answer(kontor, &play.boss, id, &AccessAnswer::Grant(terms("asked", "30"))).await.unwrap();
        assert_eq!(play.grant().await.id, row.id);
        assert_eq!(play.may().await, Ok(Features::of(&DELEGABLE)), "whoever is in has it at once");
        assert_eq!(play.grant().await.until_at, row.until_at, "consent never makes it end sooner");
        assert_eq!(play.told().await, (keys(&["access_asked", "access_changed"]), keys(&["access_changed"])));
    }
}

#[tokio::test]
async fn a_refusal_is_quiet_for_a_week_and_silence_is_no_consent() {
    for bench in Bench::all().await {
        let play = Play::set(&bench).await;
        let kontor = &bench.kontor;
        revoke(kontor, &play.boss, play.grant().await.id).await.unwrap();
        let id = ask(kontor, &play.north, play.org, &wish("full", "180")).await.unwrap();
        answer(kontor, &play.boss, id, &AccessAnswer::Decline).await.unwrap();
        answer(kontor, &play.boss, id, &AccessAnswer::Decline).await.unwrap();
        play.told().await;
        let on = kontor.now().plus_days(7).day();
        let again = ask(kontor, &play.north, play.org, &wish("full", "180")).await;
        assert_eq!(again, Err(Refusal::AskAgainLater { on }.into()));
        play.days(7).await;
        let id = ask(kontor, &play.north, play.org, &wish("full", "180")).await.unwrap();
        play.told().await;
        play.days(11).await;
        assert_eq!(play.told().await, both(&[]));
        play.days(1).await;
        assert_eq!(play.told().await, (keys(&["access_asked"]), keys(&[])), "{}: reminded once", bench.name);
        play.days(3).await;
        assert_eq!(play.asked().await, [AccessRequestStatus::Declined, AccessRequestStatus::Lapsed]);
        assert_eq!(play.told().await, (keys(&[]), keys(&["access_request_lapsed"])));
        let late = answer(kontor, &play.boss, id, &AccessAnswer::Grant(terms("asked", "30"))).await;
        assert_eq!(late, Err(Refusal::RequestExpired.into()));
        assert_eq!(play.enter().await, Err(Error::AccessRevoked));
        // A request whose clock has not come round is over all the same, and in nobody's way.
        let id = ask(kontor, &play.north, play.org, &wish("full", "180")).await.unwrap();
        play.pass(15);
        let late = answer(kontor, &play.boss, id, &AccessAnswer::Grant(terms("asked", "30"))).await;
        assert_eq!(late, Err(Refusal::RequestExpired.into()));
        let id = ask(kontor, &play.north, play.org, &wish("full", "180")).await.unwrap();
        withdraw(kontor, &play.north, play.org, id).await.unwrap();
        withdraw(kontor, &play.north, play.org, id).await.unwrap();
        let late = answer(kontor, &play.boss, id, &AccessAnswer::Grant(terms("asked", "30"))).await;
        assert_eq!(late, Err(Refusal::RequestClosed.into()));
    }
}

#[tokio::test]
async fn what_is_over_is_given_again_with_one_click_on_the_same_terms() {
    for bench in Bench::all().await {
        let play = Play::set(&bench).await;
        let kontor = &bench.kontor;
        let row = play.grant().await;
        let own = TermsForm {
            template: "own".into(),
            capabilities: vec!["users.suspend".into(), "domains.view".into()],
            days: "40".into(),
            renewal: "partner".into(),
        };
        change(kontor, &play.boss, row.id, &own, row.version).await.unwrap();
        play.days(10).await;
        play.told().await;
        play.days(30).await;
        // Thirty, seven and one day before, and at the end; to both.
        let told = ["access_ending", "access_ending", "access_ending", "access_expired"];
        assert_eq!(play.told().await, both(&told[1..]), "{}", bench.name);
        let over = play.grant().await;
        assert_eq!(over.status, GrantStatus::Expired);
        let seen = access_overview(kontor, &play.boss).await.unwrap();
        assert!(seen.grants[0].restorable);
        assert_eq!(seen.could_have.as_ref().map(|partner| partner.0), Some(play.partner));
        restore(kontor, &play.boss, over.id).await.unwrap();
        restore(kontor, &play.boss, over.id).await.unwrap();
        let new = play.grant().await;
        assert_ne!(new.id, over.id, "a new consent");
        assert_eq!(new.terms(), over.terms());
        assert_eq!(new.until_at, kontor.now().plus_days(40));
        assert_eq!(play.told().await, both(&["access_given"]));
        assert_eq!(rows::<grant::Entity>(&bench).await.len(), 2);
        assert!(!access_overview(kontor, &play.boss).await.unwrap().grants.iter().any(|g| g.restorable));
        // It has access: giving it as well is refused.
        let twice = give(kontor, &play.boss, play.partner, &terms("full", "30")).await;
        assert_eq!(twice, Err(Refusal::AccessGiven.into()));
        // The partner is none of the customer's any more: nothing is given again.
        let mapping = consents(kontor, &play.boss, None).await.unwrap().partner.unwrap().mapping;
        leave_partner(kontor, &play.boss, mapping, None).await.unwrap();
        assert_eq!(restore(kontor, &play.boss, new.id).await, Err(Error::NotFound));
        assert_eq!(ask(kontor, &play.north, play.org, &wish("full", "30")).await, Err(Error::NotFound));
    }
}

#[tokio::test]
async fn a_partner_renews_only_what_it_may_and_only_near_the_end() {
    for bench in Bench::all().await {
        let play = Play::set(&bench).await;
        let kontor = &bench.kontor;
        let no = Err(Refusal::RenewalNotAllowed.into());
        assert_eq!(renew(kontor, &play.north, play.org).await, no, "only the customer");
        let row = play.grant().await;
        let form = TermsForm { renewal: RenewBy::Partner.key().into(), ..terms("users", "90") };
        change(kontor, &play.boss, row.id, &form, row.version).await.unwrap();
        assert_eq!(renew(kontor, &play.north, play.org).await, no, "the end is far");
        assert!(!held(kontor, &play.north, play.org).await.unwrap().may_renew);
        play.days(60).await;
        play.told().await;
        assert!(held(kontor, &play.north, play.org).await.unwrap().may_renew);
        renew(kontor, &play.north, play.org).await.unwrap();
        assert_eq!(play.grant().await.until_at, kontor.now().plus_days(90));
        assert_eq!(play.told().await, both(&["access_changed"]), "{}", bench.name);
        assert_eq!(renew(kontor, &play.north, play.org).await, no, "clicked twice");
        // What is renewed is warned of anew, and ends.
        play.days(90).await;
        let told = ["access_ending", "access_ending", "access_ending", "access_expired"];
        assert_eq!(play.told().await, both(&told));
        assert_eq!(renew(kontor, &play.north, play.org).await, Err(Refusal::AccessOver.into()));
    }
}

#[tokio::test]
async fn a_partner_gives_up_what_it_has() {
    for bench in Bench::all().await {
        let play = Play::set(&bench).await;
        let kontor = &bench.kontor;
        play.enter().await.unwrap();
        ask(kontor, &play.north, play.org, &wish("full", "30")).await.unwrap();
        play.told().await;
        give_up(kontor, &play.north, play.org).await.unwrap();
        give_up(kontor, &play.north, play.org).await.unwrap();
        assert_eq!(play.told().await, (keys(&["access_revoked"]), keys(&[])));
        assert_eq!(play.asked().await, [AccessRequestStatus::Withdrawn]);
        assert_eq!(play.may().await, Err(Error::AccessRevoked));
        assert!(verify_counters(kontor).await.unwrap().is_clean(), "{}", bench.name);
    }
}

#[tokio::test]
async fn who_may_not_give_or_ask_does_not() {
    for bench in Bench::all().await {
        let play = Play::set(&bench).await;
        let kontor = &bench.kontor;
        let row = play.grant().await;
        let id = ask(kontor, &play.north, play.org, &wish("full", "30")).await.unwrap();
        let sales = person(&bench, play.partner, Role::PartnerSales, "sales@nordlicht.test").await;
        let sales = actor(&bench, &sales, play.partner).await;
        assert_eq!(ask(kontor, &sales, play.org, &wish("full", "30")).await, Err(Error::Forbidden));
        assert_eq!(renew(kontor, &sales, play.org).await, Err(Error::Forbidden));
        assert_eq!(give_up(kontor, &sales, play.org).await, Err(Error::Forbidden));
        assert!(!held(kontor, &sales, play.org).await.unwrap().may_ask);
        let user = person(&bench, play.org, Role::User, "user@kunde.example").await;
        let user = actor(&bench, &user, play.org).await;
        let yes = AccessAnswer::Grant(terms("asked", "30"));
        assert_eq!(answer(kontor, &user, id, &yes).await, Err(Error::Forbidden));
        assert_eq!(give(kontor, &user, play.partner, &terms("full", "30")).await, Err(Error::Forbidden));
        assert_eq!(restore(kontor, &user, row.id).await, Err(Error::Forbidden));
        assert_eq!(change(kontor, &user, row.id, &terms("full", "30"), 1).await, Err(Error::Forbidden));
        // Others' ids are nobody's.
        let (alps, boss) = partner(&bench, "Alpen", PartnerType::Reseller).await;
        let alps = actor(&bench, &boss, alps).await;
        let theirs = customer(&bench, &alps, "fremd.example").await;
        let stranger = actor(&bench, &super_admin(&bench, theirs).await, theirs).await;
        assert_eq!(ask(kontor, &alps, play.org, &wish("full", "30")).await, Err(Error::NotFound));
        assert_eq!(withdraw(kontor, &alps, play.org, id).await, Err(Error::NotFound));
        assert_eq!(give_up(kontor, &alps, play.org).await, Err(Error::NotFound));
        assert_eq!(held(kontor, &alps, play.org).await.err(), Some(Error::NotFound));
        assert_eq!(answer(kontor, &stranger, id, &yes).await, Err(Error::NotFound));
        assert_eq!(restore(kontor, &stranger, row.id).await, Err(Error::NotFound));
        assert_eq!(change(kontor, &stranger, row.id, &terms("full", "30"), 1).await, Err(Error::NotFound));
        let partner = play.partner;
        assert_eq!(give(kontor, &stranger, partner, &terms("full", "30")).await, Err(Error::StaleVersion));
        let nobody = AccessRequestId::from_uuid(uuid::Uuid::nil());
        assert_eq!(answer(kontor, &play.boss, nobody, &yes).await, Err(Error::NotFound));
        // Whoever acts under a grant decides nothing about it.
        play.enter().await.unwrap();
        let there = actor(&bench, &play.owner, play.org).await;
        assert_eq!(answer(kontor, &there, id, &yes).await, Err(Error::DelegatedForbidden));
        let more = change(kontor, &there, row.id, &terms("full", "365"), row.version).await;
        assert_eq!(more, Err(Error::DelegatedForbidden));
    }
}

#[tokio::test]
async fn the_vendor_goes_in_with_a_reason_for_a_short_time_and_the_customer_is_told() {
    for bench in Bench::all().await {
        let play = Play::set(&bench).await;
        let kontor = &bench.kontor;
        let vendor = organisation(&bench, crate::kernel::right::OrgKind::Vendor, "Hersteller").await;
        let admin = person(&bench, vendor, Role::VendorAdmin, "admin@vendor.test").await;
        let staff = actor(&bench, &admin, vendor).await;
        let form = |reason: &str, template: &str, minutes: &str| BreakGlassForm {
            reason: reason.into(),
            template: template.into(),
            minutes: minutes.into(),
        };
        let go = |form: BreakGlassForm| {
            let (viewer, staff, org) = (admin.viewer.clone(), staff.clone(), play.org);
            async move { break_glass(kontor, &viewer, &staff, org, &form).await.map(drop) }
        };
        // Nobody is in without it, and not without a reason.
        assert_eq!(actor_in(kontor, &admin.viewer, play.org).await.err(), Some(Error::NotFound));
        let Err(Error::Invalid(fields)) = go(form("why", "nonsense", "600")).await else { panic!() };
        let fields: Vec<_> = fields.iter().map(|f| f.field.as_str()).collect();
        assert_eq!(fields, ["reason", "template", "minutes"]);
        play.told().await;
        go(form("The domain was taken over by somebody", "domains", "20")).await.unwrap();
        assert_eq!(play.told().await.0, ["glass_broken"]);
        let there = actor(&bench, &admin, play.org).await;
        assert_eq!(there.features(), Template::Domains.capabilities());
        assert_eq!(there.acting_for(), Some(vendor));
        let open = break_glass_before(kontor, &admin.viewer, &staff, play.org).await.unwrap().open.unwrap();
        assert_eq!(open.1, "The domain was taken over by somebody");
        // Entered again it is the same way in: no new reason, no longer time.
        go(form("", "", "")).await.unwrap();
        assert_eq!(rows::<grant::Entity>(&bench).await.len(), 2);
        // The customer sees it as what it is.
        let seen = access_overview(kontor, &play.boss).await.unwrap();
        let line = seen.parties.iter().find(|party| party.kind == PartyKind::BreakGlass).unwrap();
        assert_eq!(line.name, "Hersteller");
        let broken = seen.grants.iter().find(|g| g.kind == GrantKind::BreakGlass).unwrap();
        assert_eq!(broken.reason, "The domain was taken over by somebody");
        assert!(!broken.restorable);
        // It is no grant the customer could widen or give again, but it can end it.
        let more = change(kontor, &play.boss, broken.id, &terms("full", "30"), 1).await;
        assert_eq!(more, Err(Error::NotFound));
        revoke(kontor, &play.boss, broken.id).await.unwrap();
        assert_eq!(actor_in(kontor, &admin.viewer, play.org).await.err(), Some(Error::AccessRevoked));
        assert_eq!(restore(kontor, &play.boss, broken.id).await, Err(Error::NotFound));
        // It ends by itself, and at once with the right.
        go(form("Once more, and it takes long", "helpdesk", "20")).await.unwrap();
        bench.clock.set(kontor.now().plus_minutes(20));
        assert_eq!(actor_in(kontor, &admin.viewer, play.org).await.err(), Some(Error::AccessRevoked));
        play.told().await;
        play.work().await;
        assert_eq!(play.told().await, (keys(&["access_expired"]), keys(&[])));
        // A proof that is not fresh, and people who may not.
        let stale = go(form("A third time, hours later", "helpdesk", "20")).await;
        assert_eq!(stale, Err(Error::StepUpRequired { second_factor: true }));
        let curious = form("Curiosity only", "full", "5");
        for role in [Role::Reviewer, Role::VendorFinance, Role::Support] {
            let other = person(&bench, vendor, role, &format!("{}@vendor.test", role.key())).await;
            let actor = actor(&bench, &other, vendor).await;
            let tried = break_glass(kontor, &other.viewer, &actor, play.org, &curious).await;
            assert_eq!(tried.err(), Some(Error::Forbidden), "{role}");
        }
        let tried = break_glass(kontor, &admin.viewer, &staff, play.partner, &curious).await;
        assert_eq!(tried.err(), Some(Error::NotFound), "not into a partner");
    }
}

#[tokio::test]
async fn everybody_who_can_touch_the_organisation_is_on_one_page() {
    for bench in Bench::all().await {
        let play = Play::set(&bench).await;
        let kontor = &bench.kontor;
        person(&bench, play.org, Role::CustomerAdmin, "it@kunde.example").await;
        person(&bench, play.org, Role::User, "user@kunde.example").await;
        play.enter().await.unwrap();
        let form = terms("helpdesk", "30");
        crate::mapping::service::make_token(kontor, &play.boss, Some(&form)).await.unwrap();
        let seen = access_overview(kontor, &play.boss).await.unwrap().parties;
        let list: Vec<_> = seen.iter().map(|party| (party.kind, party.name.as_str())).collect();
        assert_eq!(
            list,
            [
                (PartyKind::Access, "Nordlicht"),
                (PartyKind::Seller, "Nordlicht"),
                (PartyKind::Token, ""),
                (PartyKind::Own, BOSS),
                (PartyKind::Own, "it@kunde.example"),
            ],
            "{}",
            bench.name
        );
        assert!(seen[0].last_use.is_some() && seen[0].revoke.is_some());
        assert_eq!(seen[2].capabilities, Template::Helpdesk.capabilities().list().collect::<Vec<_>>());
        // A plain user does not read it.
        let user =
            actor(&bench, &person(&bench, play.org, Role::User, "u2@kunde.example").await, play.org).await;
        assert_eq!(access_overview(kontor, &user).await, Err(Error::Forbidden));
    }
}

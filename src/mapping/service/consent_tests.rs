//! What the ways to a partner promise (domain.md section 4).

use super::*;
use crate::{
    Error, Refusal,
    delegation::{GrantStatus, TermsForm, rows::grant},
    job::{JobKind, Kinds, service::claim_of},
    kernel::{
        actor::Actor,
        right::{OrgKind, Role},
        testing::Bench,
    },
    mapping::{
        Answer, Ask, AskMany, MappingEnd, MappingSource, MappingStatus, RequestStatus,
        rows::{mapping, request},
    },
    notification::Mail,
    organisation::service::stage::{self, *},
    partner::PartnerType,
    subscription::Service,
};

mod scene;
mod walk;

use scene::{KIM, Play, full};

#[tokio::test]
async fn whom_a_request_reaches_its_partner_does_not_learn() {
    for bench in Bench::all().await {
        let play = Play::set(&bench).await;
        let known = play.ask(&play.alps, KIM).await;
        let unknown = play.ask(&play.alps, "nobody@nowhere.example").await;
        let own = play.ask(&play.alps, "owner@nordlicht.test").await;
        assert!(known.is_ok() && unknown.is_ok() && own.is_ok());
        // Nor from the request itself: nobody was looked for yet.
        assert!(rows::<request::Entity>(&bench).await.iter().all(|row| row.org_id.is_none()));
        play.work().await;
        assert_eq!(play.status(&play.alps).await, [RequestStatus::Open; 3], "{}", bench.name);
        assert_eq!(play.told(KIM).await, ["asked"]);
        assert_eq!(play.told("owner@nordlicht.test").await, Vec::<String>::new());
        assert_eq!(play.asked().await, [play.alps.org]);
        // The same again is the partner's own affair, and it is told.
        let until = bench.kontor.now().plus_days(15).day();
        let refused = Err(Refusal::RequestOpen { until }.into());
        assert_eq!(play.ask(&play.alps, &KIM.to_uppercase()).await, refused);
        assert_eq!(play.ask(&play.alps, "nobody@nowhere.example").await, refused);
        play.days(14).await;
        assert_eq!(play.told(KIM).await, ["asked", "reminded", "reminded"], "{}", bench.name);
        assert_eq!(play.status(&play.alps).await, [RequestStatus::Open; 3]);
        play.days(2).await;
        assert_eq!(play.status(&play.alps).await, [RequestStatus::Expired; 3]);
        assert_eq!(play.told("owner@alpen.test").await, ["lapsed"; 3]);
        assert_eq!(play.told(KIM).await.len(), 3);
        assert!(play.asked().await.is_empty());
        let late =
            answer(&bench.kontor, &play.boss, known.unwrap(), &Answer::Map { access: Some(full()) }).await;
        assert_eq!(late, Err(Refusal::RequestExpired.into()));
        assert_eq!(play.partner().await, Some(play.north.org));
        play.sound().await;
    }
}

#[tokio::test]
async fn the_customer_answers_once_and_the_old_partner_is_out_at_that_moment() {
    for bench in Bench::all().await {
        let play = Play::set(&bench).await;
        let kontor = &bench.kontor;
        let id = play.ask(&play.alps, KIM).await.unwrap();
        play.work().await;
        let yes = Answer::Map { access: Some(full()) };
        // Not the partner, not a stranger, not a plain user.
        let user = stage::person(&bench, play.org, Role::User, "u@kunde.example").await;
        let user = actor(&bench, &user, play.org).await;
        assert_eq!(answer(kontor, &user, id, &yes).await, Err(Error::Forbidden));
        assert_eq!(answer(kontor, &play.alps, id, &yes).await, Err(Error::Forbidden), "{}", bench.name);
        let other = customer(&bench, &play.north, "andere.example").await;
        let other_boss = super_admin(&bench, other).await;
        let other_boss = actor(&bench, &other_boss, other).await;
        assert_eq!(answer(kontor, &other_boss, id, &yes).await, Err(Error::NotFound));
        // Any of its admins may, whoever was asked.
        let admin = stage::person(&bench, play.org, Role::CustomerAdmin, "a@kunde.example").await;
        let admin = actor(&bench, &admin, play.org).await;
        let (first, second) =
            tokio::join!(answer(kontor, &admin, id, &yes), answer(kontor, &play.boss, id, &yes));
        assert_eq!((first, second), (Ok(()), Ok(())), "{}", bench.name);
        assert_eq!(answer(kontor, &admin, id, &Answer::Deny).await, Err(Refusal::RequestClosed.into()));
        assert_eq!(play.partner().await, Some(play.alps.org));
        assert_eq!(play.access(&play.north).await, Some(GrantStatus::Revoked));
        assert_eq!(play.access(&play.alps).await, Some(GrantStatus::Active));
        let mappings = rows::<mapping::Entity>(&bench).await;
        let before =
            mappings.iter().find(|m| m.org_id == play.org && m.partner_id == play.north.org).unwrap();
        let after = mappings.iter().find(|m| m.org_id == play.org && m.partner_id == play.alps.org).unwrap();
        assert_eq!((before.ended_at, before.ended_why), (Some(after.since), Some(MappingEnd::Switched)));
        assert_eq!(after.source, MappingSource::Request);
        assert_eq!(play.told("owner@alpen.test").await, ["mapped with access"], "{}", bench.name);
        assert_eq!(play.told("owner@nordlicht.test").await, ["left"]);
        assert_eq!(play.told(KIM).await, ["asked", "has a partner"]);
        assert_eq!(play.status(&play.alps).await, [RequestStatus::Approved]);
        play.sound().await;
    }
}

#[tokio::test]
async fn of_several_partners_one_is_before_the_customer_and_a_refusal_is_respected() {
    for bench in Bench::all().await {
        let play = Play::set(&bench).await;
        let (east, owner) = partner(&bench, "Ost", PartnerType::Reseller).await;
        let east = actor(&bench, &owner, east).await;
        let first = play.ask(&play.alps, KIM).await.unwrap();
        play.work().await;
        play.ask(&east, KIM).await.unwrap();
        play.days(1).await;
        assert_eq!(play.asked().await, [play.alps.org], "{}", bench.name);
        answer(&bench.kontor, &play.boss, first, &Answer::Deny).await.unwrap();
        answer(&bench.kontor, &play.boss, first, &Answer::Deny).await.unwrap();
        assert_eq!(play.told("owner@alpen.test").await, ["denied"]);
        assert_eq!(play.partner().await, Some(play.north.org));
        play.days(2).await;
        assert_eq!(play.asked().await, [east.org], "{}", bench.name);
        // Whoever was refused may ask, and is not heard for a while.
        let again = play.ask(&play.alps, KIM).await.unwrap();
        let taken = request::locked(bench.kontor.db.writer(), again).await.unwrap().unwrap();
        take_back(&bench.kontor, &east, again).await.unwrap_err();
        let page = map_page(&bench.kontor, &east, None).await.unwrap();
        take_back(&bench.kontor, &east, page.requests[0].id).await.unwrap();
        assert!(play.asked().await.is_empty());
        play.days(10).await;
        assert!(play.asked().await.is_empty(), "{}", bench.name);
        assert_eq!(taken.status, RequestStatus::Open);
        // What was chosen meanwhile is not asked about again.
        play.ask(&east, KIM).await.unwrap();
        let token = make_token(&bench.kontor, &play.boss, None).await.unwrap();
        let token = consents(&bench.kontor, &play.boss, Some(token)).await.unwrap().new_token.unwrap();
        bench.clock.set(bench.kontor.now().plus_ms(1));
        use_token(&bench.kontor, &play.alps, &token.token).await.unwrap();
        play.days(2).await;
        assert!(play.asked().await.is_empty());
        play.sound().await;
    }
}

#[tokio::test]
async fn a_code_names_its_partner_and_guessing_ends_soon() {
    for bench in Bench::all().await {
        let play = Play::set(&bench).await;
        let kontor = &bench.kontor;
        change_code(kontor, &play.alps, " alpen24 ", 0).await.unwrap();
        assert_eq!(change_code(kontor, &play.alps, "ALPEN25", 0).await, Err(Error::StaleVersion));
        assert_eq!(change_code(kontor, &play.north, "Alpen24", 0).await, Err(Refusal::CodeTaken.into()));
        change_code(kontor, &play.north, "", 0).await.unwrap();
        let made = map_page(kontor, &play.north, None).await.unwrap().code.unwrap();
        assert!(made.link.ends_with(&format!("/partner-code/{}", made.code)), "{}", made.link);
        let found = by_code(kontor, &play.boss, "alpen24").await.unwrap();
        assert_eq!((found.partner, found.replaces.as_deref()), (play.alps.org, Some("Nordlicht")));
        assert!(found.manages);
        // The code changed hands between looking and choosing.
        let wrong = map_by_code(kontor, &play.boss, "alpen24", play.north.org, Some(&full())).await;
        assert_eq!(wrong, Err(Refusal::CodeUnknown.into()));
        map_by_code(kontor, &play.boss, "alpen24", play.alps.org, None).await.unwrap();
        map_by_code(kontor, &play.boss, "alpen24", play.alps.org, None).await.unwrap();
        assert_eq!(play.partner().await, Some(play.alps.org));
        assert_eq!(play.access(&play.alps).await, None, "mapping gives no access: {}", bench.name);
        assert_eq!(play.access(&play.north).await, Some(GrantStatus::Revoked));
        assert_eq!(play.told("owner@alpen.test").await, ["mapped"]);
        for n in 0..9 {
            let guess = by_code(kontor, &play.boss, &format!("GUESS{n}")).await;
            assert_eq!(guess, Err(Refusal::CodeUnknown.into()), "{}", bench.name);
        }
        // The tenth was the wrong choice above. Even the right one has to wait now.
        let until = bench.kontor.now().plus_hours(1);
        let enough = by_code(kontor, &play.boss, &made.code).await;
        assert_eq!(enough, Err(Refusal::CheckTooOften { until }.into()), "{}", bench.name);
        bench.clock.set(until);
        assert_eq!(by_code(kontor, &play.boss, &made.code).await.map(|f| f.partner), Ok(play.north.org));
        // A partner is nobody's customer.
        assert_eq!(by_code(kontor, &play.north, "alpen24").await, Err(Error::Forbidden));
        play.sound().await;
    }
}

#[tokio::test]
async fn a_token_works_once_in_time_and_for_whoever_is_first() {
    for bench in Bench::all().await {
        let play = Play::set(&bench).await;
        let kontor = &bench.kontor;
        let shown = async |id| consents(kontor, &play.boss, Some(id)).await.unwrap().new_token;
        let id = make_token(kontor, &play.boss, Some(&full())).await.unwrap();
        let token = shown(id).await.unwrap().token;
        // To nobody else, and to nobody later.
        let admin = stage::person(&bench, play.org, Role::CustomerAdmin, "a@kunde.example").await;
        let admin = actor(&bench, &admin, play.org).await;
        assert_eq!(consents(kontor, &admin, Some(id)).await.unwrap().new_token, None);
        bench.clock.set(kontor.now().plus_minutes(10));
        assert_eq!(shown(id).await, None, "{}", bench.name);
        assert_eq!(use_token(kontor, &play.alps, "x").await, Err(Refusal::TokenUnknown.into()));
        // Its own partner gains nothing by it, and it is not used up.
        let own = use_token(kontor, &play.north, &token).await;
        assert_eq!(own, Err(Refusal::AlreadyMapped.into()), "{}", bench.name);
        let (east, owner) = partner(&bench, "Ost", PartnerType::Referral).await;
        let east = actor(&bench, &owner, east).await;
        let both = tokio::join!(use_token(kontor, &play.alps, &token), use_token(kontor, &east, &token));
        let won = [&both.0, &both.1].iter().filter(|answer| answer.is_ok()).count();
        assert_eq!(won, 1, "{}: {both:?}", bench.name);
        let (winner, loser) = if both.0.is_ok() { (&play.alps, &east) } else { (&east, &play.alps) };
        assert_eq!(play.partner().await, Some(winner.org));
        assert_eq!(use_token(kontor, loser, &token).await, Err(Refusal::TokenUsed.into()));
        assert_eq!(use_token(kontor, winner, &token).await.map(|used| used.0), Ok(play.org));
        // A referral partner manages nobody, whatever was ticked.
        assert_eq!(play.access(&east).await, None);
        let late = make_token(kontor, &play.boss, None).await.unwrap();
        let late = shown(late).await.unwrap().token;
        let back = make_token(kontor, &play.boss, None).await.unwrap();
        let gone = shown(back).await.unwrap().token;
        withdraw_token(kontor, &play.boss, back).await.unwrap();
        withdraw_token(kontor, &play.boss, back).await.unwrap();
        assert_eq!(withdraw_token(kontor, &play.boss, id).await, Err(Refusal::TokenUsed.into()));
        assert_eq!(use_token(kontor, loser, &gone).await, Err(Refusal::TokenUnknown.into()));
        bench.clock.set(kontor.now().plus_days(15));
        assert_eq!(use_token(kontor, loser, &late).await, Err(Refusal::TokenExpired.into()));
        // Nothing that could be used is kept.
        for row in rows::<crate::mapping::rows::token::Entity>(&bench).await {
            assert!(![&token, &late, &gone].contains(&&row.token_hash));
        }
        play.sound().await;
    }
}

#[tokio::test]
async fn a_partner_that_pays_for_nothing_lets_a_customer_go_at_once() {
    for bench in Bench::all().await {
        let play = Play::set(&bench).await;
        let kontor = &bench.kontor;
        let seen = notice(kontor, &play.north, play.org).await.unwrap();
        assert_eq!((seen.until, seen.would_be), (None, None));
        assert_eq!(release_customer(kontor, &play.alps, play.org, None).await, Err(Error::NotFound));
        let day = Some(kontor.now().day());
        let stale = release_customer(kontor, &play.north, play.org, day).await;
        assert_eq!(stale, Err(Error::StaleVersion), "{}", bench.name);
        release_customer(kontor, &play.north, play.org, None).await.unwrap();
        release_customer(kontor, &play.north, play.org, None).await.unwrap();
        assert_eq!(play.partner().await, None);
        assert_eq!(play.access(&play.north).await, Some(GrantStatus::Revoked));
        assert_eq!(play.told(KIM).await, ["without a partner"], "{}", bench.name);
        assert_eq!(notice(kontor, &play.north, play.org).await, Err(Error::NotFound));
        play.sound().await;
    }
}

#[tokio::test]
async fn what_comes_twice_or_at_the_same_moment_is_no_failure() {
    for bench in Bench::all().await {
        let play = Play::set(&bench).await;
        let kontor = &bench.kontor;
        let form = Ask { email: KIM.into(), note: String::new(), request_key: "the-same-click".into() };
        let (first, second) = tokio::join!(ask(kontor, &play.alps, &form), ask(kontor, &play.alps, &form));
        assert_eq!(first, second, "{}", bench.name);
        let other = Ask { email: "someone@else.example".into(), ..form.clone() };
        assert_eq!(ask(kontor, &play.alps, &other).await, Err(Refusal::KeyReused.into()));
        let (first, second) = tokio::join!(
            change_code(kontor, &play.alps, "SAME2026", 0),
            change_code(kontor, &play.north, "SAME2026", 0)
        );
        let mut answers = [first, second];
        answers.sort_by_key(|answer| answer.is_err());
        assert_eq!(answers, [Ok(()), Err(Refusal::CodeTaken.into())], "{}", bench.name);
        let (version, wish) = (map_page(kontor, &play.alps, None).await.unwrap().code, "ONCE2026");
        let version = version.map_or(0, |code| code.version);
        let (first, second) = tokio::join!(
            change_code(kontor, &play.alps, wish, version),
            change_code(kontor, &play.alps, wish, version)
        );
        let mut answers = [first, second];
        answers.sort_by_key(|answer| answer.is_err());
        assert_eq!(answers, [Ok(()), Err(Error::StaleVersion)], "{}", bench.name);
        // Two partners' requests, looked at by two workers; the customer answers one while it takes a code.
        let (east, owner) = partner(&bench, "Ost", PartnerType::Reseller).await;
        let east = actor(&bench, &owner, east).await;
        play.ask(&east, KIM).await.unwrap();
        let jobs = claim_of(kontor, Kinds::Only(&[JobKind::MappingRequest]), 10).await.unwrap();
        let [one, two] = jobs.as_slice() else { panic!("{} jobs", jobs.len()) };
        let (one, two) = tokio::join!(request_clock(kontor, one), request_clock(kontor, two));
        assert_eq!((one, two), (Ok(()), Ok(())), "{}", bench.name);
        let open = consents(kontor, &play.boss, None).await.unwrap().questions;
        assert_eq!(open.len(), 1, "{}", bench.name);
        let yes = Answer::Map { access: Some(full()) };
        let (answered, chosen) = tokio::join!(
            answer(kontor, &play.boss, open[0].id, &yes),
            map_by_code(kontor, &play.boss, wish, play.alps.org, None),
        );
        let fine = |answer: &Result<(), Error>| {
            matches!(answer, Ok(()) | Err(Error::Refused(Refusal::AlreadyMapped | Refusal::RequestClosed)))
        };
        assert!(fine(&answered) && fine(&chosen), "{}: {answered:?} {chosen:?}", bench.name);
        play.sound().await;
    }
}

#[tokio::test]
async fn many_are_asked_at_once_and_each_once_wherever_the_work_is_broken_off() {
    for bench in Bench::all().await {
        let play = Play::set(&bench).await;
        let kontor = &bench.kontor;
        play.ask(&play.alps, "p7@else.example").await.unwrap();
        let mut list: String = (0..300).map(|n| format!("p{n}@else.example\n")).collect();
        list.push_str(KIM);
        let form = AskMany { list, note: "Grüezi".into(), request_key: "the-same-list".into() };
        let wrong = AskMany { list: format!("{}\nno address", form.list), ..form.clone() };
        let refused = ask_many(kontor, &play.alps, &wrong).await;
        assert_eq!(refused, Err(Error::field("file", crate::Issue::BadLine { line: 302 })), "{}", bench.name);
        assert_eq!(rows::<request::Entity>(&bench).await.len(), 1, "all of them or none");
        assert_eq!(ask_many(kontor, &play.boss, &form).await, Err(Error::Forbidden));
        let (first, second) =
            tokio::join!(ask_many(kontor, &play.alps, &form), ask_many(kontor, &play.alps, &form));
        let mut asked = [first.unwrap(), second.unwrap()].map(|done| (done.asked, done.open));
        asked.sort_unstable();
        // The second click is told what stands, the request of before included.
        assert_eq!(asked, [(300, 1), (301, 0)], "{}", bench.name);
        assert_eq!(rows::<request::Entity>(&bench).await.len(), 301);
        // A worker takes many and dies; another one goes on when its lease is over.
        const MINE: Kinds = Kinds::Only(&[JobKind::MappingRequest]);
        let taken = claim_of(kontor, MINE, 200).await.unwrap();
        for job in taken.iter().take(50) {
            request_clock(kontor, job).await.unwrap();
        }
        play.work().await;
        bench.clock.set(kontor.now().plus_minutes(6));
        play.work().await;
        assert_eq!(play.told(KIM).await, ["asked"], "{}", bench.name);
        assert_eq!(claim_of(kontor, MINE, 1).await.unwrap().len(), 0);
        play.sound().await;
    }
}

//! What users, profile, activity and the chooser promise.

use super::{
    activity, add_user, edit_profile, my_organisations, profile, restore_user, stage::*, suspend_user, users,
};
use crate::{
    Error, Refusal,
    audit::TrailQuery,
    delegation,
    kernel::{
        actor::Actor,
        id::OrgId,
        right::{OrgKind, Role},
        testing::Bench,
    },
    notification::Mail,
    organisation::{AddUser, EditProfile, MemberStatus, UsersQuery, rows::member},
    partner::PartnerType,
};

/// A customer on trial (10 licences) and its super admin's standing.
async fn house(bench: &Bench) -> (OrgId, Person, Actor) {
    let (nordlicht, owner) = partner(bench, "Nordlicht", PartnerType::Reseller).await;
    let here = actor(bench, &owner, nordlicht).await;
    let org = customer(bench, &here, "kunde.example").await;
    let boss = super_admin(bench, org).await;
    let standing = actor(bench, &boss, org).await;
    (org, boss, standing)
}

fn somebody(n: usize) -> AddUser {
    AddUser {
        email: format!("user{n}@mail.example"),
        first_name: format!("First{n:02}"),
        last_name: format!("Last{n:02}"),
        role: "user".into(),
        request_key: format!("request-{n:04}"),
    }
}

#[tokio::test]
async fn adding_takes_a_licence_and_the_last_one_goes_once() {
    for bench in Bench::all().await {
        let (org, _, boss) = house(&bench).await;
        let kontor = &bench.kontor;
        for n in 0..8 {
            add_user(kontor, &boss, somebody(n)).await.unwrap();
        }
        let (a, b) = tokio::join!(add_user(kontor, &boss, somebody(8)), add_user(kontor, &boss, somebody(9)));
        let full = Err(Refusal::NoFreeSeat { total: 10 }.into());
        assert!((a.is_ok() && b == full) || (b.is_ok() && a == full), "{}: {a:?} {b:?}", bench.name);
        let page = users(kontor, &boss, UsersQuery::default()).await.unwrap();
        let licences = page.licences.unwrap();
        assert_eq!((licences.used, licences.total, licences.free()), (10, 10, 0));
        assert_eq!(member::count(kontor.db.read(), org).await.unwrap(), 10);
        // Suspending frees none: a suspended person keeps the licence.
        let one = page.rows.iter().find(|r| r.role == Role::User).unwrap();
        suspend_user(kontor, &boss, one.id, one.version).await.unwrap();
        assert_eq!(add_user(kontor, &boss, somebody(10)).await, full);
    }
}

#[tokio::test]
async fn the_same_form_twice_adds_one_and_the_same_address_is_refused() {
    for bench in Bench::all().await {
        let (_, _, boss) = house(&bench).await;
        let kontor = &bench.kontor;
        let (a, b) = tokio::join!(add_user(kontor, &boss, somebody(1)), add_user(kontor, &boss, somebody(1)));
        assert_eq!(a.clone().unwrap(), b.unwrap());
        let again = AddUser { request_key: "another-key".into(), ..somebody(1) };
        assert_eq!(add_user(kontor, &boss, again).await, Err(Refusal::MemberExists.into()));
        let told = mails(&bench).await;
        let links = told.iter().filter(|m| m.0 == "user1@mail.example");
        assert!(matches!(links.map(|m| &m.1).collect::<Vec<_>>()[..], [Mail::Activate { .. }]));
    }
}

#[tokio::test]
async fn somebody_with_an_account_comes_in_when_they_next_look() {
    for bench in Bench::all().await {
        let (org, _, boss) = house(&bench).await;
        let elsewhere = organisation(&bench, OrgKind::Customer, "Anderswo").await;
        let known = person(&bench, elsewhere, Role::User, "known@mail.example").await;
        let kontor = &bench.kontor;
        let input = AddUser { email: "known@mail.example".into(), ..somebody(1) };
        let place = add_user(kontor, &boss, input).await.unwrap();
        // The list does not tell that the address had an account.
        let page = users(kontor, &boss, UsersQuery::default()).await.unwrap();
        let row = page.rows.iter().find(|r| r.id == place).unwrap();
        assert_eq!(row.status, MemberStatus::Invited);
        // Nor what it is called: the name is the one typed here, until its owner comes.
        assert_eq!(row.name, "First01 Last01");
        let places = my_organisations(kontor, &known.viewer).await.unwrap();
        let names: Vec<&str> = places.iter().map(|p| p.name.as_str()).collect();
        assert_eq!(names, ["Anderswo", "Kunde kunde.example"]);
        let page = users(kontor, &boss, UsersQuery::default()).await.unwrap();
        assert_eq!(page.rows.iter().find(|r| r.id == place).unwrap().name, "Ada Beispiel");
        assert_eq!(actor(&bench, &known, org).await.features(), Role::User.features());
        let told = mails(&bench).await;
        assert!(told.iter().any(|m| matches!(m.1, Mail::AddedToOrganisation { .. })));
    }
}

#[tokio::test]
async fn nobody_gives_more_than_they_have() {
    for bench in Bench::all().await {
        let (org, boss_person, boss) = house(&bench).await;
        let kontor = &bench.kontor;
        let admin = person(&bench, org, Role::CustomerAdmin, "admin@mail.example").await;
        let admin = actor(&bench, &admin, org).await;
        let role = |role: &str, n| AddUser { role: role.into(), ..somebody(n) };
        assert_eq!(add_user(kontor, &admin, role("admin", 1)).await, Err(Error::Forbidden));
        assert_eq!(add_user(kontor, &admin, role("super-admin", 1)).await, Err(Error::Forbidden));
        assert_eq!(add_user(kontor, &boss, role("super-admin", 1)).await, Err(Error::Forbidden));
        assert!(matches!(add_user(kontor, &boss, role("partner-owner", 1)).await, Err(Error::Invalid(_))));
        assert!(matches!(add_user(kontor, &boss, role("emperor", 1)).await, Err(Error::Invalid(_))));
        add_user(kontor, &admin, role("", 1)).await.unwrap();
        add_user(kontor, &boss, role("admin", 2)).await.unwrap();
        // An admin cannot touch the super admin.
        let answer = suspend_user(kontor, &admin, boss_person.member, 1).await;
        assert_eq!(answer, Err(Error::Forbidden));
        let page = users(kontor, &admin, UsersQuery::default()).await.unwrap();
        let shown = page.rows.iter().find(|r| r.role == Role::SuperAdmin).unwrap();
        assert!(!shown.changeable);
        assert_eq!(page.roles, [Role::User]);
        // A plain user sees nothing here.
        let plain = person(&bench, org, Role::User, "plain@mail.example").await;
        let plain = actor(&bench, &plain, org).await;
        assert_eq!(users(kontor, &plain, UsersQuery::default()).await, Err(Error::Forbidden));
    }
}

#[tokio::test]
async fn the_last_one_with_the_last_word_stays() {
    for bench in Bench::all().await {
        let (org, boss_person, boss) = house(&bench).await;
        let kontor = &bench.kontor;
        let alone = suspend_user(kontor, &boss, boss_person.member, 1).await;
        assert_eq!(alone, Err(Refusal::LastOwner.into()));
        // Two who suspend each other at once: one stays.
        let other = person(&bench, org, Role::SuperAdmin, "zweite@mail.example").await;
        let second = actor(&bench, &other, org).await;
        let (a, b) = tokio::join!(
            suspend_user(kontor, &boss, other.member, 1),
            suspend_user(kontor, &second, boss_person.member, 1),
        );
        let refused = Err(Refusal::LastOwner.into());
        assert!((a.is_ok() && b == refused) || (b.is_ok() && a == refused), "{}: {a:?} {b:?}", bench.name);
    }
}

#[tokio::test]
async fn suspending_works_at_the_next_request_and_stale_forms_are_told() {
    for bench in Bench::all().await {
        let (org, _, boss) = house(&bench).await;
        let kontor = &bench.kontor;
        let admin = person(&bench, org, Role::CustomerAdmin, "admin@mail.example").await;
        suspend_user(kontor, &boss, admin.member, 1).await.unwrap();
        // The same click again is no error.
        suspend_user(kontor, &boss, admin.member, 1).await.unwrap();
        let answer = super::actor_in(kontor, &admin.viewer, org).await;
        assert_eq!(answer.err(), Some(Error::NotFound));
        assert_eq!(restore_user(kontor, &boss, admin.member, 1).await, Err(Error::StaleVersion));
        restore_user(kontor, &boss, admin.member, 2).await.unwrap();
        actor(&bench, &admin, org).await;
        // Somebody of another house, and nobody.
        let elsewhere = organisation(&bench, OrgKind::Customer, "Anderswo").await;
        let foreign = person(&bench, elsewhere, Role::User, "fremd@mail.example").await;
        for id in [foreign.member, kontor.id()] {
            assert_eq!(suspend_user(kontor, &boss, id, 1).await, Err(Error::NotFound));
        }
    }
}

#[tokio::test]
async fn people_page_both_ways_and_are_found() {
    for bench in Bench::all().await {
        let (nordlicht, owner) = partner(&bench, "Nordlicht", PartnerType::Reseller).await;
        let here = actor(&bench, &owner, nordlicht).await;
        let kontor = &bench.kontor;
        for n in 0..119 {
            add_user(kontor, &here, AddUser { role: "partner-sales".into(), ..somebody(n) }).await.unwrap();
        }
        let first = users(kontor, &here, UsersQuery::default()).await.unwrap();
        assert_eq!((first.rows.len(), first.before, first.licences), (50, None, None));
        let page = |after, before| UsersQuery { after, before, ..UsersQuery::default() };
        let second = users(kontor, &here, page(first.after, None)).await.unwrap();
        let third = users(kontor, &here, page(second.after, None)).await.unwrap();
        assert_eq!((second.rows.len(), third.rows.len(), third.after), (50, 20, None));
        assert_eq!(users(kontor, &here, page(None, third.before)).await.unwrap(), second);
        assert_eq!(users(kontor, &here, page(None, second.before)).await.unwrap(), first);
        let mut all: Vec<_> = [first.rows, second.rows, third.rows].concat().iter().map(|r| r.id).collect();
        all.sort();
        all.dedup();
        assert_eq!(all.len(), 120, "everybody once");
        let find = |q: &str| UsersQuery { q: q.into(), ..UsersQuery::default() };
        assert_eq!(users(kontor, &here, find("ST07 first")).await.unwrap().rows.len(), 1);
        assert_eq!(users(kontor, &here, find("user11@")).await.unwrap().rows.len(), 1);
        for wild in ["%", "_", "!", "100%"] {
            assert_eq!(users(kontor, &here, find(wild)).await.unwrap().rows.len(), 0, "{wild}");
        }
    }
}

#[tokio::test]
async fn the_profile_is_changed_once_and_not_over_somebody_else() {
    for bench in Bench::all().await {
        let (_, _, boss) = house(&bench).await;
        let kontor = &bench.kontor;
        let shown = profile(kontor, &boss).await.unwrap();
        assert_eq!(shown.super_admins, ["kim.kunde.example@mail.example"]);
        assert_eq!(shown.domain.as_deref(), Some("kunde.example"));
        assert!(shown.subscription.is_some());
        let edit =
            |name: &str, version| EditProfile { organisation: name.into(), country: "at".into(), version };
        edit_profile(kontor, &boss, edit("Müller & Söhne", shown.version)).await.unwrap();
        let stale = edit_profile(kontor, &boss, edit("Zu spät", shown.version)).await;
        assert_eq!(stale, Err(Error::StaleVersion));
        let shown = profile(kontor, &boss).await.unwrap();
        assert_eq!((shown.name.as_str(), shown.country.as_str()), ("Müller & Söhne", "AT"));
        let wrong = EditProfile { organisation: " ".into(), country: "XX".into(), version: 2 };
        match edit_profile(kontor, &boss, wrong).await {
            Err(Error::Invalid(errors)) => assert_eq!(errors.len(), 2),
            other => panic!("{other:?}"),
        }
    }
}

#[tokio::test]
async fn the_trail_pages_and_a_partner_sees_only_its_own_acts() {
    for bench in Bench::all().await {
        let (nordlicht, owner) = partner(&bench, "Nordlicht", PartnerType::Reseller).await;
        let here = actor(&bench, &owner, nordlicht).await;
        let org = customer(&bench, &here, "kunde.example").await;
        verify(&bench, org).await;
        let boss = super_admin(&bench, org).await;
        let boss = actor(&bench, &boss, org).await;
        let kontor = &bench.kontor;
        for version in 1..60 {
            let input =
                EditProfile { organisation: format!("Name {version}"), country: "DE".into(), version };
            edit_profile(kontor, &boss, input).await.unwrap();
        }
        let first = activity(kontor, &boss, &TrailQuery::default()).await.unwrap();
        assert_eq!(first.rows.len(), 50);
        let second = activity(kontor, &boss, &TrailQuery { before: first.before, ..Default::default() })
            .await
            .unwrap();
        assert_eq!((second.rows.len(), second.before), (10, None));
        assert_eq!(second.rows.last().unwrap().action, "customer.added");
        assert_eq!(second.rows.last().unwrap().acting_for.as_deref(), Some("Nordlicht"));
        delegation::service::manage(kontor, &owner.viewer, &here, org).await.unwrap();
        let acting = actor(&bench, &owner, org).await;
        let theirs = activity(kontor, &acting, &TrailQuery::default()).await.unwrap();
        let actions: Vec<&str> = theirs.rows.iter().map(|r| r.action.as_str()).collect();
        assert_eq!(actions, ["access.entered", "customer.added"]);
    }
}

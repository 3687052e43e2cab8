//! What the store's people and roles promise.

use super::*;
use crate::{
    Error, Issue, Refusal,
    audit::rows::audit_event,
    delegation,
    kernel::{
        actor::Actor,
        id::{MemberId, OrgId, StoreRoleId},
        right::{Feature, Features, OrgKind, Role, STORE_FEATURES},
        testing::Bench,
    },
    notification::Mail,
    organisation::{
        AddUser, MemberStatus, UsersQuery,
        rows::member,
        service::{self as house, actor_in, my_organisations, stage::*},
    },
    partner::{PartnerType, RoleForm, RoleHeld, StorePeople, StorePerson, rows::store_role},
};
use proptest::prelude::*;
use sea_orm::{ActiveValue::Set, EntityTrait};

/// A partner, its owner, and what the owner may do.
async fn store(bench: &Bench) -> (OrgId, Person, Actor) {
    let (org, owner) = partner(bench, "Nordlicht", PartnerType::Reseller).await;
    let boss = actor(bench, &owner, org).await;
    (org, owner, boss)
}

fn role(name: &str, features: &[Feature]) -> RoleForm {
    let features = features.iter().map(|f| f.key().to_owned()).collect();
    RoleForm { name: name.into(), description: "For some".into(), features }
}

fn somebody(email: &str, role: impl ToString) -> AddUser {
    AddUser {
        email: email.into(),
        role: role.to_string(),
        request_key: format!("request-{email}"),
        ..AddUser::default()
    }
}

/// Somebody of the partner with a role of its own.
async fn with_role(bench: &Bench, boss: &Actor, email: &str, features: &[Feature]) -> (Person, StoreRoleId) {
    let id = create_role(&bench.kontor, boss, &role(email, features)).await.unwrap();
    let person = person(bench, boss.org, Role::PartnerSales, email).await;
    change_person(&bench.kontor, boss, person.member, 1, &id.to_string()).await.unwrap();
    (person, id)
}

async fn all(bench: &Bench, actor: &Actor) -> StorePeople {
    people(&bench.kontor, actor, UsersQuery::default()).await.unwrap()
}

async fn one(bench: &Bench, actor: &Actor, id: MemberId) -> StorePerson {
    all(bench, actor).await.rows.into_iter().find(|p| p.id == id).unwrap()
}

#[tokio::test]
async fn a_role_of_ones_own_is_all_its_people_may_do_and_holds_at_the_next_request() {
    for bench in Bench::all().await {
        let (org, _, boss) = store(&bench).await;
        let kontor = &bench.kontor;
        let (ada, id) = with_role(&bench, &boss, "ada@mail.example", &[Feature::ReportsView]).await;
        let here = actor(&bench, &ada, org).await;
        assert_eq!(here.features(), Features::of(&[Feature::ReportsView]), "{}", bench.name);
        assert_eq!(here.require(Feature::StoreView), Err(Error::Forbidden));
        let places = my_organisations(kontor, &ada.viewer).await.unwrap();
        assert_eq!(places[0].own_role.as_deref(), Some("ada@mail.example"));
        assert_eq!(places[0].features, here.features());

        let wider = role("Reports", &[Feature::ReportsView, Feature::CustomersView]);
        edit_role(kontor, &boss, id, 1, &wider).await.unwrap();
        assert!(actor(&bench, &ada, org).await.may(Feature::CustomersView));
        change_person(kontor, &boss, ada.member, 2, "partner-finance").await.unwrap();
        assert_eq!(actor(&bench, &ada, org).await.features(), Role::PartnerFinance.features());
        let row = member::by_id(kontor.db.read(), org, ada.member).await.unwrap().unwrap();
        assert_eq!((row.role, row.store_role_id, row.version), (Role::PartnerFinance, None, 3));
        suspend_person(kontor, &boss, ada.member, 3).await.unwrap();
        assert_eq!(actor_in(kontor, &ada.viewer, org).await.err(), Some(Error::NotFound));
        restore_person(kontor, &boss, ada.member, 4).await.unwrap();
        actor(&bench, &ada, org).await;
        let trail: Vec<String> =
            rows::<audit_event::Entity>(&bench).await.into_iter().map(|e| e.action).collect();
        let expected = [
            "store_role.created",
            "user.role_changed",
            "store_role.changed",
            "user.role_changed",
            "user.suspended",
            "user.restored",
        ];
        assert_eq!(trail, expected);
    }
}

#[tokio::test]
async fn whoever_loses_manage_is_out_of_the_console_at_the_next_request() {
    for bench in Bench::all().await {
        let (org, _, boss) = store(&bench).await;
        let kontor = &bench.kontor;
        let manages = [Feature::CustomersView, Feature::ConsoleManage];
        let (ada, id) = with_role(&bench, &boss, "ada@mail.example", &manages).await;
        let kunde = customer(&bench, &boss, "kunde.example").await;
        verify(&bench, kunde).await;
        let here = actor(&bench, &ada, org).await;
        delegation::service::manage(kontor, &ada.viewer, &here, kunde).await.unwrap();
        assert!(actor(&bench, &ada, kunde).await.acting_for().is_some(), "{}", bench.name);
        edit_role(kontor, &boss, id, 1, &role("Less", &[Feature::CustomersView])).await.unwrap();
        assert_eq!(actor_in(kontor, &ada.viewer, kunde).await.err(), Some(Error::AccessRevoked));
    }
}

#[tokio::test]
async fn nobody_gives_takes_or_changes_more_than_they_have() {
    for bench in Bench::all().await {
        let (org, owner, boss) = store(&bench).await;
        let kontor = &bench.kontor;
        let little = [Feature::StoreUsersManage, Feature::ReportsView];
        let (ada, own) = with_role(&bench, &boss, "ada@mail.example", &little).await;
        let here = actor(&bench, &ada, org).await;
        let much = create_role(kontor, &boss, &role("Much", &[Feature::PayoutRequest])).await.unwrap();
        let sales = person(&bench, org, Role::PartnerSales, "sales@mail.example").await;

        let more = [Feature::StoreUsersManage, Feature::PayoutRequest];
        let forbidden = Err(Error::Forbidden);
        assert_eq!(create_role(kontor, &here, &role("More", &more)).await.err(), Some(Error::Forbidden));
        // Their own role is no way up, neither is one that allows more.
        assert_eq!(edit_role(kontor, &here, own, 1, &role("Own", &more)).await, forbidden);
        assert_eq!(edit_role(kontor, &here, much, 1, &role("Much", &little)).await, forbidden);
        assert_eq!(delete_role(kontor, &here, much).await, forbidden);
        for key in ["partner-owner", "partner-admin", "partner-sales", &much.to_string()] {
            assert_eq!(change_person(kontor, &here, ada.member, 2, key).await, forbidden, "{key}");
            let given = add_person(kontor, &here, somebody("new@mail.example", key)).await;
            assert_eq!(given.err(), Some(Error::Forbidden), "{key}");
        }
        let own_key = own.to_string();
        for other in [owner.member, sales.member] {
            assert_eq!(change_person(kontor, &here, other, 1, &own_key).await, forbidden);
            assert_eq!(suspend_person(kontor, &here, other, 1).await, forbidden);
        }
        let seen = all(&bench, &here).await;
        assert_eq!(seen.choices, [RoleHeld::Own(own, "ada@mail.example".into())]);
        assert_eq!(seen.givable, Features::of(&little));
        let changeable: Vec<MemberId> = seen.rows.iter().filter(|p| p.changeable).map(|p| p.id).collect();
        assert_eq!(changeable, [ada.member]);
        // What they have they may give.
        add_person(kontor, &here, somebody("new@mail.example", own)).await.unwrap();
        create_role(kontor, &here, &role("Less", &[Feature::ReportsView])).await.unwrap();

        // The console's own pages are no way round it.
        let admin = person(&bench, org, Role::PartnerAdmin, "admin@mail.example").await;
        let admin = actor(&bench, &admin, org).await;
        assert_eq!(house::suspend_user(kontor, &admin, ada.member, 2).await, forbidden);
        let listed = house::users(kontor, &admin, UsersQuery::default()).await.unwrap();
        let row = listed.rows.iter().find(|r| r.id == ada.member).unwrap();
        assert_eq!((row.own_role.as_deref(), row.changeable), (Some("ada@mail.example"), false));
        let custom = AddUser {
            first_name: "A".into(),
            last_name: "B".into(),
            ..somebody("c@mail.example", "partner-custom")
        };
        assert_eq!(house::add_user(kontor, &boss, custom).await.err(), Some(Error::Forbidden));
    }
}

#[tokio::test]
async fn only_those_who_manage_the_stores_people_do_and_only_their_own() {
    for bench in Bench::all().await {
        let (org, owner, boss) = store(&bench).await;
        let (alpen, other) = partner(&bench, "Alpen", PartnerType::Reseller).await;
        let kontor = &bench.kontor;
        let there = actor(&bench, &other, alpen).await;
        let foreign = create_role(kontor, &there, &role("Theirs", &[Feature::ReportsView])).await.unwrap();
        let form = role("Mine", &[Feature::ReportsView]);
        for as_role in [Role::PartnerAdmin, Role::PartnerSales, Role::PartnerFinance] {
            let plain = person(&bench, org, as_role, &format!("{as_role}@mail.example")).await;
            let plain = actor(&bench, &plain, org).await;
            let forbidden = Some(Error::Forbidden);
            assert_eq!(people(kontor, &plain, UsersQuery::default()).await.err(), forbidden);
            assert_eq!(create_role(kontor, &plain, &form).await.err(), forbidden);
            assert_eq!(edit_role(kontor, &plain, foreign, 1, &form).await.err(), forbidden);
            assert_eq!(delete_role(kontor, &plain, foreign).await.err(), forbidden);
            let add = add_person(kontor, &plain, somebody("x@mail.example", "partner-sales")).await;
            assert_eq!(add.err(), forbidden);
            let change = change_person(kontor, &plain, owner.member, 1, "partner-sales").await;
            assert_eq!(change.err(), forbidden);
            assert_eq!(suspend_person(kontor, &plain, owner.member, 1).await.err(), forbidden);
            assert_eq!(restore_person(kontor, &plain, owner.member, 1).await.err(), forbidden);
        }
        for (member, id) in [(other.member, foreign), (kontor.id(), kontor.id())] {
            assert_eq!(edit_role(kontor, &boss, id, 1, &form).await, Err(Error::NotFound));
            assert_eq!(delete_role(kontor, &boss, id).await, Err(Error::NotFound));
            let change = change_person(kontor, &boss, member, 1, "partner-sales").await;
            assert_eq!(change, Err(Error::NotFound));
            assert_eq!(suspend_person(kontor, &boss, member, 1).await, Err(Error::NotFound));
            // As a choice of a form a foreign role is none, like one that is not there.
            let given = change_person(kontor, &boss, owner.member, 1, &id.to_string()).await;
            assert_eq!(given, Err(Error::field("role", Issue::NotAChoice)), "{}", bench.name);
        }
        let seen = all(&bench, &boss).await;
        assert!(seen.roles.is_empty() && seen.rows.iter().all(|p| p.id != other.member));
        // A name is taken within one partner only.
        create_role(kontor, &boss, &role("THEIRS", &[Feature::ReportsView])).await.unwrap();
    }
}

#[tokio::test]
async fn the_last_owner_stays_one_also_when_two_step_down_at_once() {
    for bench in Bench::all().await {
        let (org, owner, boss) = store(&bench).await;
        let kontor = &bench.kontor;
        let refused = Err(Refusal::LastOwner.into());
        assert_eq!(change_person(kontor, &boss, owner.member, 1, "partner-sales").await, refused);
        assert_eq!(suspend_person(kontor, &boss, owner.member, 1).await, refused);
        let second = person(&bench, org, Role::PartnerSales, "second@mail.example").await;
        change_person(kontor, &boss, second.member, 1, "partner-owner").await.unwrap();
        let other = actor(&bench, &second, org).await;
        let (a, b) = tokio::join!(
            change_person(kontor, &boss, second.member, 2, "partner-sales"),
            suspend_person(kontor, &other, owner.member, 1),
        );
        assert!((a.is_ok() && b == refused) || (b.is_ok() && a == refused), "{}: {a:?} {b:?}", bench.name);
        let active = [MemberStatus::Active];
        let owners = member::in_role(kontor.db.read(), vec![org], Role::PartnerOwner, &active).await.unwrap();
        assert_eq!(owners.len(), 1);
    }
}

#[tokio::test]
async fn a_role_somebody_has_stays_and_one_that_nobody_has_goes() {
    for bench in Bench::all().await {
        let (org, _, boss) = store(&bench).await;
        let kontor = &bench.kontor;
        let id = create_role(kontor, &boss, &role("Reports", &[Feature::ReportsView])).await.unwrap();
        // Whoever is still asked in has it as well.
        let new = add_person(kontor, &boss, somebody("new@mail.example", id)).await.unwrap();
        assert_eq!(delete_role(kontor, &boss, id).await, Err(Refusal::RoleInUse.into()));
        change_person(kontor, &boss, new, 1, "partner-sales").await.unwrap();
        // Given and deleted at the same moment: never a person with a role that is not there.
        let key = id.to_string();
        let (gone, given) =
            tokio::join!(delete_role(kontor, &boss, id), change_person(kontor, &boss, new, 2, &key));
        let left = store_role::of_partner(kontor.db.read(), org).await.unwrap();
        match (&gone, &given) {
            (Ok(()), Err(Error::Invalid(_))) => assert!(left.is_empty()),
            (Err(Error::Refused(Refusal::RoleInUse)), Ok(())) => assert_eq!(left.len(), 1),
            other => panic!("{}: {other:?}", bench.name),
        }
        let row = member::by_id(kontor.db.read(), org, new).await.unwrap().unwrap();
        assert_eq!(row.store_role_id.is_some(), given.is_ok());
    }
}

#[tokio::test]
async fn a_role_without_name_or_features_is_no_role_and_a_name_is_taken_once() {
    for bench in Bench::all().await {
        let (_, _, boss) = store(&bench).await;
        let kontor = &bench.kontor;
        let long = RoleForm { name: "x".repeat(61), description: "y".repeat(256), features: Vec::new() };
        let Err(Error::Invalid(wrong)) = create_role(kontor, &boss, &long).await else { panic!() };
        let fields: Vec<_> = wrong.iter().map(|w| (w.field.as_str(), w.issue.clone())).collect();
        let expected = [
            ("name", Issue::TooLong { max: 60 }),
            ("description", Issue::TooLong { max: 255 }),
            ("features", Issue::Required),
        ];
        assert_eq!(fields, expected);
        for odd in ["nonsense", "org.edit", "users.edit", "settings.edit"] {
            let form = RoleForm { features: vec![odd.into()], ..role("Odd", &[]) };
            let answer = create_role(kontor, &boss, &form).await;
            assert_eq!(answer.err(), Some(Error::field("features", Issue::NotAChoice)), "{odd}");
        }
        let reports = [Feature::ReportsView];
        let (upper, lower) = (role("Büro", &reports), role(" BÜRO ", &reports));
        let (a, b) = tokio::join!(create_role(kontor, &boss, &upper), create_role(kontor, &boss, &lower));
        let taken = Err(Error::field("name", Issue::NameTaken));
        assert!((a.is_ok() && b == taken) || (b.is_ok() && a == taken), "{}: {a:?} {b:?}", bench.name);
        let id = a.or(b).unwrap();
        let other = create_role(kontor, &boss, &role("Other", &reports)).await.unwrap();
        let answer = edit_role(kontor, &boss, other, 1, &upper).await;
        assert_eq!(answer, Err(Error::field("name", Issue::NameTaken)));
        // Its own name in other letters is no other's.
        edit_role(kontor, &boss, id, 1, &role("BÜro", &reports)).await.unwrap();
        let late = edit_role(kontor, &boss, id, 1, &role("Late", &reports)).await;
        assert_eq!(late, Err(Error::StaleVersion));
        // The same form again changes nothing and is no error.
        edit_role(kontor, &boss, id, 1, &role("BÜro", &reports)).await.unwrap();
    }
}

#[tokio::test]
async fn people_come_in_by_address_and_role_and_no_role_is_no_user() {
    for bench in Bench::all().await {
        let (org, _, boss) = store(&bench).await;
        let kontor = &bench.kontor;
        let id = create_role(kontor, &boss, &role("Reports", &[Feature::ReportsView])).await.unwrap();
        let none = add_person(kontor, &boss, somebody("nobody", "")).await;
        let Err(Error::Invalid(wrong)) = none else { panic!("{none:?}") };
        let fields: Vec<&str> = wrong.iter().map(|w| w.field.as_str()).collect();
        assert_eq!(fields, ["email", "role"]);
        for odd in ["partner-custom", "vendor-admin", "super-admin", "x"] {
            let answer = add_person(kontor, &boss, somebody("new@mail.example", odd)).await;
            assert_eq!(answer.err(), Some(Error::field("role", Issue::NotAChoice)), "{odd}");
        }
        let form = somebody("new@mail.example", id);
        let (a, b) =
            tokio::join!(add_person(kontor, &boss, form.clone()), add_person(kontor, &boss, form.clone()));
        let new = a.clone().unwrap();
        assert_eq!(a, b, "{}", bench.name);
        let again = AddUser { request_key: "another-key".into(), ..form };
        assert_eq!(add_person(kontor, &boss, again).await, Err(Refusal::MemberExists.into()));

        let elsewhere = organisation(&bench, OrgKind::Customer, "Anderswo").await;
        let known = person(&bench, elsewhere, Role::User, "known@mail.example").await;
        let place = add_person(kontor, &boss, somebody("known@mail.example", id)).await.unwrap();
        for (id, email) in [(new, "new@mail.example"), (place, "known@mail.example")] {
            let row = one(&bench, &boss, id).await;
            assert_eq!(
                (row.name.as_str(), row.email.as_str(), row.status),
                ("", email, MemberStatus::Invited)
            );
            assert_eq!(
                (row.second_factor, row.signed_in),
                (None, None),
                "that they have an account is not told"
            );
        }
        my_organisations(kontor, &known.viewer).await.unwrap();
        let row = one(&bench, &boss, place).await;
        assert_eq!((row.name.as_str(), row.second_factor), ("Ada Beispiel", Some(true)));
        assert_eq!(row.role, RoleHeld::Own(id, "Reports".into()));
        assert_eq!(actor(&bench, &known, org).await.features(), Features::of(&[Feature::ReportsView]));
        let told = mails(&bench).await;
        let to = |email: &str| told.iter().filter(|m| m.0 == email).map(|m| m.1.clone()).collect::<Vec<_>>();
        assert!(matches!(to("new@mail.example")[..], [Mail::Activate { .. }]));
        let invited = to("known@mail.example");
        assert!(matches!(&invited[..], [Mail::AddedToOrganisation { link, .. }] if link.ends_with("/store")));
    }
}

#[tokio::test]
async fn the_last_sign_in_is_the_latest_one_that_is_complete() {
    use crate::account::rows::session;
    for bench in Bench::all().await {
        let (_, owner, boss) = store(&bench).await;
        let kontor = &bench.kontor;
        assert_eq!(one(&bench, &boss, owner.member).await.signed_in, None);
        let began = kontor.now();
        for (minutes, factor_pending) in [(0, false), (5, false), (9, true)] {
            let at = began.plus_minutes(minutes);
            let row = session::Model {
                id: kontor.id(),
                token_hash: format!("hash {minutes}"),
                account_id: owner.account,
                factor_pending,
                fresh_at: at,
                fresh_by_factor: false,
                created_at: at,
                seen_at: at.plus_minutes(60),
                ip: String::new(),
                user_agent: String::new(),
                provider_id: None,
                provider_sid: None,
                provider_factor: false,
                passkey_id: None,
            };
            let row = session::ActiveModel::from(row);
            session::Entity::insert(row).exec_without_returning(kontor.db.writer()).await.unwrap();
        }
        let shown = one(&bench, &boss, owner.member).await.signed_in;
        assert_eq!(shown, Some(began.plus_minutes(5)), "{}", bench.name);
    }
}

#[tokio::test]
async fn what_a_stored_role_holds_beyond_the_partners_side_counts_for_nothing() {
    for bench in Bench::all().await {
        let (org, _, boss) = store(&bench).await;
        let (ada, id) = with_role(&bench, &boss, "ada@mail.example", &[Feature::ReportsView]).await;
        let change = store_role::ActiveModel {
            id: Set(id),
            features: Set("reports.view settings.edit org.edit users.edit nonsense".into()),
            ..Default::default()
        };
        store_role::Entity::update(change).exec(bench.kontor.db.writer()).await.unwrap();
        let here = actor(&bench, &ada, org).await;
        assert_eq!(here.features(), Features::of(&[Feature::ReportsView]), "{}", bench.name);
    }
}

proptest! {
    #[test]
    fn whatever_a_role_is_given_of_the_partners_side_reads_back(bits in any::<u16>()) {
        let chosen = STORE_FEATURES.iter().enumerate().filter(|(n, _)| bits & (1 << n) != 0);
        let chosen = Features::of(&chosen.map(|(_, f)| *f).collect::<Vec<_>>());
        let read = Role::PartnerCustom.features_with(Some(&chosen.keys()));
        prop_assert_eq!(read, chosen);
        prop_assert!(Role::PartnerOwner.features().contain(read));
    }
}

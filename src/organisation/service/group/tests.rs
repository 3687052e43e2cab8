//! What groups, further addresses, licences of persons and lists of people promise.

use super::{delete_group, edit_group, group, groups, join_group, leave_group, make_group};
use crate::{
    Error, Issue, Refusal,
    delegation::Template,
    kernel::{
        actor::{Actor, Standing},
        id::{GroupId, OrgId},
        right::{Feature, Features, Role},
        testing::Bench,
    },
    mapping::service::verify_counters,
    organisation::{
        GroupForm, ImportUsers, Imported, MAX_GROUPS, UsersQuery,
        rows::member,
        service::{
            add_alias, delete_user, give_licence, import_users, person as person_page, remove_alias,
            stage::*, take_licence, users,
        },
    },
    partner::PartnerType,
};

/// A customer on trial (10 licences) with a proven domain, its super admin and a plain user.
struct House {
    org: OrgId,
    boss: Person,
    user: Person,
    standing: Actor,
}

async fn house(bench: &Bench) -> House {
    let (partner, owner) = partner(bench, "Nordlicht", PartnerType::Reseller).await;
    let north = actor(bench, &owner, partner).await;
    let org = customer(bench, &north, "kunde.example").await;
    verify(bench, org).await;
    let boss = super_admin(bench, org).await;
    let user = person(bench, org, Role::User, "ada@kunde.example").await;
    let standing = actor(bench, &boss, org).await;
    House { org, boss, user, standing }
}

/// The same standing with other features, as a partner has it under a grant.
fn acting(actor: &Actor, allowed: Features) -> Actor {
    let Standing::Member { account, email, session, .. } = actor.standing.clone() else { unreachable!() };
    let standing = Standing::Acting {
        account,
        email,
        partner: actor.org,
        grant: crate::kernel::id::GrantId(uuid::Uuid::nil()),
        acting: crate::kernel::id::ActingId(uuid::Uuid::nil()),
        allowed,
        session,
    };
    Actor { standing, ..actor.clone() }
}

fn form(name: &str, address: &str) -> GroupForm {
    GroupForm { group_name: name.into(), group_address: address.into(), description: String::new() }
}

fn wrong<T>(field: &str, issue: Issue) -> Result<T, Error> {
    Err(Error::field(field, issue))
}

#[tokio::test]
async fn an_address_leads_to_one_of_them() {
    for bench in Bench::all().await {
        let House { org, boss, user, standing } = house(&bench).await;
        let kontor = &bench.kontor;
        let alias = |who, text: &'static str| add_alias(kontor, &standing, who, text);
        assert_eq!(alias(user.member, "ada").await, wrong("alias", Issue::BadEmail));
        assert_eq!(alias(user.member, "ada@fremd.example").await, wrong("alias", Issue::DomainNotHeld));
        assert_eq!(alias(boss.member, "ADA@kunde.example").await, wrong("alias", Issue::AddressTaken));
        alias(user.member, "Lovelace@Kunde.example").await.unwrap();
        // Again changes nothing; somebody else cannot have it, no group either, and nobody comes in by it.
        alias(user.member, "lovelace@kunde.example").await.unwrap();
        assert_eq!(alias(boss.member, "lovelace@kunde.example").await, wrong("alias", Issue::AddressTaken));
        let taken = make_group(kontor, &standing, &form("Sales", "lovelace@kunde.example"), "key-0001").await;
        assert_eq!(taken, wrong("group_address", Issue::AddressTaken));
        let list = |text: &str, key: &str| ImportUsers { list: text.into(), request_key: key.into() };
        let same = import_users(kontor, &standing, &list("lovelace@kunde.example,Ada,L", "key-0002")).await;
        assert_eq!(same, wrong("file", Issue::TakenInLine { line: 1 }));
        let page = person_page(kontor, &boss.viewer, &standing, user.member).await.unwrap();
        assert_eq!(page.aliases, ["lovelace@kunde.example"]);
        // Thirty at most.
        for n in 1..30 {
            add_alias(kontor, &standing, user.member, &format!("a{n}@kunde.example")).await.unwrap();
        }
        let more = alias(user.member, "one.more@kunde.example").await;
        assert_eq!(more, Err(Refusal::AliasLimit { max: 30 }.into()));
        // Who goes leaves their addresses to others.
        remove_alias(kontor, &standing, user.member, "a1@kunde.example").await.unwrap();
        remove_alias(kontor, &standing, user.member, "a1@kunde.example").await.unwrap();
        delete_user(kontor, &standing, user.member, 1).await.unwrap();
        alias(boss.member, "lovelace@kunde.example").await.unwrap();
        // What is another organisation's is not there.
        let other = organisation(&bench, crate::kernel::right::OrgKind::Customer, "Fremd").await;
        let stranger = person(&bench, other, Role::SuperAdmin, "boss@fremd.example").await;
        let stranger = actor(&bench, &stranger, other).await;
        assert_eq!(add_alias(kontor, &stranger, boss.member, "x@kunde.example").await, Err(Error::NotFound));
        assert_eq!(member::count(kontor.db.read(), org).await.unwrap(), 1);
    }
}

#[tokio::test]
async fn two_who_give_the_same_address_do_so_one_after_the_other() {
    for bench in Bench::all().await {
        let House { boss, user, standing, .. } = house(&bench).await;
        let kontor = &bench.kontor;
        let make = form("Info", "info@kunde.example");
        let (a, b, c) = tokio::join!(
            add_alias(kontor, &standing, user.member, "info@kunde.example"),
            add_alias(kontor, &standing, boss.member, "info@kunde.example"),
            make_group(kontor, &standing, &make, "key-0003"),
        );
        let given = [a.is_ok(), b.is_ok(), c.is_ok()].into_iter().filter(|ok| *ok).count();
        assert_eq!(given, 1, "{}: {a:?} {b:?} {c:?}", bench.name);
    }
}

#[tokio::test]
async fn groups_are_made_changed_and_deleted() {
    for bench in Bench::all().await {
        let House { boss, user, standing, .. } = house(&bench).await;
        let kontor = &bench.kontor;
        let all = async || groups(kontor, &standing).await.unwrap().rows;
        let sales = form("Vertrieb Süd", "sales@kunde.example");
        let (a, b) = tokio::join!(
            make_group(kontor, &standing, &sales, "key-0004"),
            make_group(kontor, &standing, &sales, "key-0004"),
        );
        let id = a.unwrap();
        assert_eq!(b, Ok(id), "a double click makes one");
        let same = make_group(kontor, &standing, &form("vertrieb sud", ""), "key-0005").await;
        assert_eq!(same, wrong("group_name", Issue::NameTaken));
        assert_eq!(
            make_group(kontor, &standing, &form("X", ""), "key-0006").await,
            wrong("group_name", Issue::TooShort { min: 2 })
        );
        let rows = all().await;
        assert_eq!(
            (rows.len(), rows[0].address.as_deref(), rows[0].people),
            (1, Some("sales@kunde.example"), 0)
        );
        // People by their own and by further addresses, each once.
        add_alias(kontor, &standing, user.member, "lovelace@kunde.example").await.unwrap();
        let join = |text: &'static str| join_group(kontor, &standing, id, text);
        let both = "ADA@kunde.example, lovelace@kunde.example\nadmin@kunde.example";
        let boss_email = boss.viewer.signed_in().unwrap().email.clone();
        assert_eq!(
            join("ada@kunde.example\nnobody@kunde.example").await,
            wrong("people", Issue::NobodyHere { line: 2 })
        );
        assert_eq!(join("sales@kunde.example").await, wrong("people", Issue::NobodyHere { line: 1 }));
        assert_eq!(join(" , ").await, wrong("people", Issue::Required));
        assert_eq!(all().await[0].people, 0, "all of them or nobody");
        let both = both.replace("admin@kunde.example", &boss_email);
        assert_eq!(join_group(kontor, &standing, id, &both).await, Ok(2));
        assert_eq!(join("ada@kunde.example").await, Ok(0));
        let view = group(kontor, &standing, id, (None, None)).await.unwrap();
        assert_eq!((view.group.people, view.people.len()), (2, 2));
        leave_group(kontor, &standing, id, boss.member).await.unwrap();
        leave_group(kontor, &standing, id, boss.member).await.unwrap();
        // An old form changes nothing; its own address may stay.
        edit_group(kontor, &standing, id, &form("Vertrieb", "sales@kunde.example"), 1).await.unwrap();
        let old = edit_group(kontor, &standing, id, &form("Anders", ""), 1).await;
        assert_eq!(old, Err(Error::StaleVersion));
        edit_group(kontor, &standing, id, &form("Vertrieb", ""), 2).await.unwrap();
        add_alias(kontor, &standing, boss.member, "sales@kunde.example").await.unwrap();
        // Who is deleted is in no group.
        delete_user(kontor, &standing, user.member, 1).await.unwrap();
        assert_eq!(all().await[0].people, 0);
        delete_group(kontor, &standing, id).await.unwrap();
        assert_eq!(delete_group(kontor, &standing, id).await, Err(Error::NotFound));
        assert_eq!(all().await, []);
    }
}

#[tokio::test]
async fn there_are_two_hundred_groups_at_most() {
    for bench in Bench::all().await {
        let House { standing, .. } = house(&bench).await;
        for n in 0..MAX_GROUPS {
            make_group(&bench.kontor, &standing, &form(&format!("G {n}"), ""), &format!("key-{n:05}"))
                .await
                .unwrap();
        }
        let more = make_group(&bench.kontor, &standing, &form("One more", ""), "key-last").await;
        assert_eq!(more, Err(Refusal::GroupLimit { max: MAX_GROUPS }.into()));
    }
}

#[tokio::test]
async fn a_grant_lets_do_what_it_names_and_with_plain_users_only() {
    for bench in Bench::all().await {
        let House { org, boss, user, standing } = house(&bench).await;
        let kontor = &bench.kontor;
        let helpdesk = acting(&standing, Template::Helpdesk.capabilities());
        let no = Err(Error::DelegatedForbidden);
        assert_eq!(add_alias(kontor, &helpdesk, user.member, "x@kunde.example").await, no);
        assert_eq!(take_licence(kontor, &helpdesk, user.member, 1).await, no);
        let denied = make_group(kontor, &helpdesk, &form("Sales", ""), "key-0007").await;
        assert_eq!(denied, Err(Error::DelegatedForbidden));
        let list = ImportUsers { list: "a@mail.example,A,B".into(), request_key: "key-0008".into() };
        assert_eq!(import_users(kontor, &helpdesk, &list).await, Err(Error::DelegatedForbidden));
        let people = acting(&standing, Template::Users.capabilities());
        add_alias(kontor, &people, user.member, "x@kunde.example").await.unwrap();
        assert_eq!(add_alias(kontor, &people, boss.member, "y@kunde.example").await, no);
        assert_eq!(take_licence(kontor, &people, boss.member, 1).await, no);
        take_licence(kontor, &people, user.member, 1).await.unwrap();
        make_group(kontor, &people, &form("Sales", ""), "key-0009").await.unwrap();
        assert_eq!(import_users(kontor, &people, &list).await, Ok(Imported { added: 1, there: 0 }));
        let foreign = GroupId(uuid::Uuid::nil());
        assert_eq!(delete_group(kontor, &people, foreign).await, Err(Error::NotFound));
        // A person of the suite without a say sees none of it.
        let plain = actor(&bench, &user, org).await;
        assert!(!plain.may(Feature::UsersView));
        assert_eq!(groups(kontor, &plain).await, Err(Error::Forbidden));
    }
}

#[tokio::test]
async fn a_licence_goes_from_one_to_another() {
    for bench in Bench::all().await {
        let House { org, user, standing, .. } = house(&bench).await;
        let kontor = &bench.kontor;
        // Two of ten are held; eight more by one list, all or none.
        let line = |n: usize| format!("p{n}@mail.example;P{n};Q\n");
        let list = |from: usize, to: usize, key: &str| ImportUsers {
            list: format!("E-Mail;Vorname;Nachname\n{}", (from..to).map(line).collect::<String>()),
            request_key: key.into(),
        };
        let full = Refusal::NoFreeSeat { total: 10 };
        assert_eq!(import_users(kontor, &standing, &list(0, 9, "key-0010")).await, Err(full.clone().into()));
        assert_eq!(member::count(kontor.db.read(), org).await.unwrap(), 2, "all of them or nobody");
        let eight = list(0, 8, "key-0011");
        assert_eq!(import_users(kontor, &standing, &eight).await, Ok(Imported { added: 8, there: 0 }));
        // Sent again, and another time with one more who is new: nobody twice.
        assert_eq!(import_users(kontor, &standing, &eight).await, Ok(Imported { added: 0, there: 8 }));
        assert_eq!(import_users(kontor, &standing, &list(0, 9, "key-0012")).await, Err(full.clone().into()));
        take_licence(kontor, &standing, user.member, 1).await.unwrap();
        take_licence(kontor, &standing, user.member, 1).await.unwrap();
        assert_eq!(
            import_users(kontor, &standing, &list(0, 9, "key-0013")).await,
            Ok(Imported { added: 1, there: 8 })
        );
        let page = users(kontor, &standing, UsersQuery::default()).await.unwrap();
        assert_eq!((page.rows.len(), page.licences.unwrap().used), (11, 10));
        assert_eq!(give_licence(kontor, &standing, user.member, 2).await, Err(full.into()));
        let other = page.rows.iter().find(|row| row.email == "p0@mail.example").unwrap();
        assert_eq!(
            take_licence(kontor, &standing, other.id, other.version + 1).await,
            Err(Error::StaleVersion)
        );
        take_licence(kontor, &standing, other.id, other.version).await.unwrap();
        // The last free one goes once.
        let (a, b) = tokio::join!(
            give_licence(kontor, &standing, user.member, 2),
            give_licence(kontor, &standing, other.id, other.version + 1),
        );
        assert!(a.is_ok() != b.is_ok(), "{}: {a:?} {b:?}", bench.name);
        assert_eq!(member::count(kontor.db.read(), org).await.unwrap(), 10);
        assert!(verify_counters(kontor).await.unwrap().is_clean());
    }
}

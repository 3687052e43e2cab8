//! Files come and go beside the table of addresses: the same rules hold for them.

use super::world::{Person, World};
use app::{
    admin::person::IMPORT,
    parts::payouts::{EXPORT, UPLOAD},
    store::{ASK_MANY, OPEN_DISPUTE},
};
use kontor::{
    kernel::{
        id::{OrgId, encode},
        right::{Feature, OrgKind, Role},
    },
    mapping::rows::dispute,
};
use sea_orm::EntityTrait;

/// A payout nobody has.
fn unknown() -> String {
    format!("pyo_{}", encode(7))
}

/// What somebody is answered about a file of an organisation: it is asked whose they are, then what they may, and only
/// then what is there.
fn expected(person: &Person, org: OrgId, feature: Feature, let_in: u16) -> u16 {
    match person.org == org {
        false => 404,
        true if !person.features.has(feature) => 403,
        true => let_in,
    }
}

#[tokio::test]
async fn an_invoice_of_a_payout_is_only_for_those_who_see_payouts() {
    for world in World::all().await {
        let (partner, vendor) = (world.own_org(OrgKind::Partner), world.own_org(OrgKind::Vendor));
        let theirs = format!("/store/{partner}/payouts/{}/invoice", unknown());
        let all = format!("/vendor/payouts/{}/invoice", unknown());
        for address in [&theirs, &all, EXPORT] {
            assert_eq!(world.fetch(address, None).await.status, 401, "{} {address}", world.bench.name);
        }
        for person in &world.people {
            let (who, name) = (person.role.key(), world.bench.name);
            let seen = world.fetch(&theirs, Some(person)).await.status;
            assert_eq!(seen, expected(person, partner, Feature::CommissionView, 404), "{name} {who}");
            let seen = world.fetch(&all, Some(person)).await.status;
            assert_eq!(seen, expected(person, vendor, Feature::FinanceManage, 404), "{name} {who}");
        }
    }
}

#[tokio::test]
async fn the_file_for_the_bank_is_finances_and_says_on_the_page_why_there_is_none() {
    for world in World::all().await {
        let vendor = world.own_org(OrgKind::Vendor);
        for person in &world.people {
            let answer = world.fetch(EXPORT, Some(person)).await;
            let right = expected(person, vendor, Feature::FinanceManage, 303);
            assert_eq!(answer.status, right, "{} {}", world.bench.name, person.role.key());
            if right == 303 {
                let page = world.get(&answer.location, person).await;
                assert!(
                    page.body.contains("Payouts for the file: Enter something here"),
                    "{}",
                    answer.location
                );
                let wrong = world.fetch(&format!("{EXPORT}&on=tomorrow"), Some(person)).await;
                let page = world.get(&wrong.location, person).await;
                assert!(page.body.contains("Enter a date like"), "{}", wrong.location);
                let odd =
                    world.fetch(&format!("{EXPORT}&chosen=1&id%5B%5D={}", unknown()), Some(person)).await;
                assert_eq!(odd.status, 404);
            }
        }
    }
}

#[tokio::test]
async fn an_invoice_is_uploaded_by_those_who_request_payouts_from_this_site_alone() {
    for world in World::all().await {
        let partner = world.own_org(OrgKind::Partner);
        let (org, payout) = (partner.to_string(), unknown());
        let today = world.bench.kontor.now().day().to_string();
        let call = format!("{UPLOAD}?org={org}&payout={payout}");
        let fields =
            [("currency", "EUR"), ("number", "RE-1"), ("issued_on", today.as_str()), ("amount", "200.00")];
        let send = async |person, file, site| world.upload(&call, person, &fields, file, site).await;
        assert_eq!(send(None, b"%PDF-1.7", "same-origin").await.status, 401, "{}", world.bench.name);
        for person in &world.people {
            let right = expected(person, partner, Feature::PayoutRequest, 404);
            let status = send(Some(person), b"%PDF-1.7", "same-origin").await.status;
            assert_eq!(status, right, "{} {}", world.bench.name, person.role.key());
            // Another site's form carries the cookie too.
            assert_eq!(send(Some(person), b"%PDF-1.7", "cross-site").await.status, 403);
            if right == 404 && person.org == partner {
                // What is wrong with the file is said in the dialog, however large it is.
                for file in [b"<html>".to_vec(), vec![b' '; 10_100_000], vec![b' '; 11_000_000]] {
                    let answer = world.upload(&call, Some(person), &fields, &file, "same-origin").await;
                    let dialog = format!("/store/{partner}/payouts?upload={payout}&state=");
                    assert_eq!(
                        (answer.status, answer.location.starts_with(&dialog)),
                        (303, true),
                        "{}",
                        file.len()
                    );
                }
            }
        }
    }
}

#[tokio::test]
async fn a_list_of_customers_is_sent_by_those_who_may_ask_from_this_site_alone() {
    for world in World::all().await {
        let partner = world.own_org(OrgKind::Partner);
        let call = format!("{ASK_MANY}?org={partner}");
        let fields = [("request_key", "long-enough-a-key"), ("many_message", "Guten Tag")];
        let send = async |person, file, site| world.upload(&call, person, &fields, file, site).await;
        assert_eq!(send(None, b"a@kunde.example", "same-origin").await.status, 401, "{}", world.bench.name);
        for person in &world.people {
            let right = expected(person, partner, Feature::MappingRequest, 303);
            let answer = send(Some(person), b"no address", "same-origin").await;
            assert_eq!(answer.status, right, "{} {}", world.bench.name, person.role.key());
            assert_eq!(send(Some(person), b"a@kunde.example", "cross-site").await.status, 403);
            if right != 303 {
                continue;
            }
            for file in [b"no address".to_vec(), b"\0\x01".to_vec(), Vec::new(), vec![b' '; 11_000_000]] {
                let answer = world.upload(&call, Some(person), &fields, &file, "same-origin").await;
                let page = format!("/store/{partner}/mapping?state=");
                assert!(answer.status == 303 && answer.location.starts_with(&page), "{}", answer.location);
            }
        }
        let owner = world.people.iter().find(|p| p.org == partner && p.role == Role::PartnerOwner).unwrap();
        for _ in 0..2 {
            let answer = send(Some(owner), b"E-Mail\na@kunde.example\nb@kunde.example", "same-origin").await;
            assert!(answer.location.contains("asked=2&open=0"), "{}: {}", world.bench.name, answer.location);
        }
    }
}

#[tokio::test]
async fn a_list_of_people_is_sent_by_those_who_may_add_them_from_this_site_alone() {
    for world in World::all().await {
        for kind in [OrgKind::Customer, OrgKind::Partner] {
            let org = world.own_org(kind);
            let call = format!("{IMPORT}?org={org}");
            let fields = [("request_key", "long-enough-a-key")];
            let send = async |person, file, site| world.upload(&call, person, &fields, file, site).await;
            let list = b"a@kunde.example,A,B";
            assert_eq!(send(None, list, "same-origin").await.status, 401, "{}", world.bench.name);
            for person in &world.people {
                let right = expected(person, org, Feature::UsersEdit, 303);
                let answer = send(Some(person), b"no address", "same-origin").await;
                assert_eq!(answer.status, right, "{} {}", world.bench.name, person.role.key());
                assert_eq!(send(Some(person), list, "cross-site").await.status, 403);
                if right != 303 {
                    continue;
                }
                for file in [b"no address".to_vec(), b"\0\x01".to_vec(), Vec::new(), vec![b' '; 11_000_000]] {
                    let answer = world.upload(&call, Some(person), &fields, &file, "same-origin").await;
                    let page = format!("/admin/{org}/users?state=");
                    assert!(
                        answer.status == 303 && answer.location.starts_with(&page),
                        "{}",
                        answer.location
                    );
                }
            }
        }
        // What a spreadsheet on Windows writes is read as well, and a double click adds nobody twice.
        let partner = world.own_org(OrgKind::Partner);
        let owner = world.people.iter().find(|p| p.org == partner && p.role == Role::PartnerOwner).unwrap();
        let call = format!("{IMPORT}?org={partner}");
        for added in ["added=1&there=0", "added=0&there=1"] {
            let fields = [("request_key", "another-long-key")];
            let list = b"E-Mail;Vorname;Nachname\r\njoerg@mail.example;J\xf6rg;M\xfcller\r\n";
            let answer = world.upload(&call, Some(owner), &fields, list, "same-origin").await;
            assert!(answer.location.contains(added), "{}: {}", world.bench.name, answer.location);
        }
        let people =
            kontor::account::service::find_by_email(world.bench.kontor.db.read(), "joerg@mail.example");
        let person = people.await.unwrap().unwrap();
        assert_eq!((person.first_name.as_str(), person.last_name.as_str()), ("Jörg", "Müller"));
    }
}

#[tokio::test]
async fn what_shows_a_claim_is_for_those_who_decide_and_comes_from_those_who_may_ask() {
    for world in World::all().await {
        let (partner, vendor) = (world.own_org(OrgKind::Partner), world.own_org(OrgKind::Vendor));
        let call = format!("{OPEN_DISPUTE}?org={partner}");
        let key = |person: &Person| format!("claim-of-{}", person.role.key());
        let send = async |person: Option<&Person>, file: &[u8], site| {
            let key = person.map(key).unwrap_or_default();
            let fields = [
                ("about", "kunde.example"),
                ("statement", "The customer has asked us in writing."),
                ("request_key", key.as_str()),
            ];
            world.upload(&call, person, &fields, file, site).await
        };
        assert_eq!(send(None, b"%PDF-1.7", "same-origin").await.status, 401, "{}", world.bench.name);
        for person in &world.people {
            let right = expected(person, partner, Feature::MappingRequest, 303);
            let answer = send(Some(person), b"%PDF-1.7", "same-origin").await;
            assert_eq!(answer.status, right, "{} {}", world.bench.name, person.role.key());
            assert_eq!(send(Some(person), b"%PDF-1.7", "cross-site").await.status, 403);
            if right == 303 {
                assert_eq!(answer.location, format!("/store/{partner}/disputes"));
                for file in [b"<html>".to_vec(), Vec::new(), vec![b' '; 11_000_000]] {
                    let answer = send(Some(person), &file, "same-origin").await;
                    let page = format!("/store/{partner}/disputes?state=");
                    assert!(
                        answer.status == 303 && answer.location.starts_with(&page),
                        "{}",
                        answer.location
                    );
                }
            }
        }
        #[expect(clippy::disallowed_methods, reason = "the test looks for what was sent")]
        let claim = dispute::Entity::find().one(world.bench.kontor.db.read()).await.unwrap().unwrap();
        let file = format!("/vendor/disputes/{}/evidence", claim.id);
        for person in &world.people {
            let right = match person.org == vendor {
                true if person.features.has(Feature::DisputesDecide) => 200,
                true => 403,
                false => 404,
            };
            assert_eq!(world.fetch(&file, Some(person)).await.status, right, "{}", person.role.key());
            let nothing = world.fetch("/vendor/disputes/none/evidence", Some(person)).await;
            assert!(matches!(nothing.status, 403 | 404), "{} {}", person.role.key(), nothing.status);
        }
        assert_eq!(world.fetch(&file, None).await.status, 401);
    }
}

#[tokio::test]
async fn a_trail_is_for_those_who_see_it_and_is_checked_for_anybody() {
    for world in World::all().await {
        let (customer, partner) = (world.own_org(OrgKind::Customer), world.own_org(OrgKind::Partner));
        let name = world.bench.name;
        for format in ["trail", "csv"] {
            for org in [customer, partner, world.own_org(OrgKind::Vendor)] {
                let address = format!("/admin/{org}/activity?format={format}");
                assert_eq!(world.fetch(&address, None).await.status, 401, "{name} {address}");
                for person in &world.people {
                    let right = expected(person, org, Feature::ActivityView, 200);
                    let seen = world.fetch(&address, Some(person)).await.status;
                    assert_eq!(seen, right, "{name} {} {address}", person.role.key());
                }
            }
        }
        // A customer of somebody else, nobody's and no id at all.
        for other in [customer.to_string(), format!("org_{}", encode(7)), "odd".to_owned()] {
            let address = format!("/store/{partner}/customers/{other}?format=trail");
            assert_eq!(world.fetch(&address, None).await.status, 401, "{name} {address}");
            for person in &world.people {
                let mut right = expected(person, partner, Feature::CustomersView, 404);
                if other == "odd" && right == 403 {
                    right = 404;
                }
                let seen = world.fetch(&address, Some(person)).await.status;
                assert_eq!(seen, right, "{name} {} {address}", person.role.key());
            }
        }
        let boss = world.people.iter().find(|p| p.org == customer && p.role == Role::SuperAdmin).unwrap();
        let trail = world.fetch(&format!("/admin/{customer}/activity?format=trail"), Some(boss)).await.body;
        assert!(trail.lines().count() > 1, "{name}: {trail}");
        let check = async |file: &[u8], site| world.upload("/verify", None, &[], file, site).await;
        let whole = check(trail.as_bytes(), "same-origin").await;
        assert_eq!(whole.status, 200, "{name}");
        assert!(whole.body.contains("The chain is whole up to event"), "{name}: {}", whole.body);
        let changed = trail.replacen("\"action\":\"audit.", "\"action\":\"other.", 1);
        let found = check(changed.as_bytes(), "same-origin").await;
        assert!(found.body.contains("Event 1 was changed"), "{name}: {}", found.body);
        for (file, status, text) in [
            (b"no trail".to_vec(), 422, "This is not a trail file"),
            (vec![b' '; 11_000_000], 422, "This is not a trail file"),
            (Vec::new(), 422, "Choose a file"),
            (vec![b' '; 67_200_000], 413, "The file is larger than 64 MB"),
        ] {
            let answer = check(&file, "same-origin").await;
            assert_eq!(answer.status, status, "{name} {}", file.len());
            assert!(answer.body.contains(text), "{name} {}: {}", file.len(), answer.body);
        }
        // The organisation's own page says the same, and finds by its filters.
        let page = async |query| world.get(&format!("/admin/{customer}/activity?{query}"), boss).await.body;
        assert!(page("check=1").await.contains("The chain is whole up to event"), "{name}");
        assert!(page("category=audit").await.contains("Trail downloaded"), "{name}");
        assert!(page("who=nobody%40example.test").await.contains("No such events"), "{name}");
        // The page after it is as it was: nothing was kept.
        assert!(!world.fetch("/verify", None).await.body.contains("whole up to"), "{name}");
    }
}

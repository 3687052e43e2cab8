//! Ids that are really there and somebody else's, one by one in the place of one's own: nothing is found, and everything
//! is as it was. The matrix proper names what nobody has.

use super::{
    Verdict,
    requests::path,
    things::{Ids, Neighbours, picture},
    verdict,
    world::{Answer, Person, World},
};
use app::routes::{Kind, Need, ROUTES, Spec};
use kontor::kernel::right::{Feature, Role};

/// The ids of an address: `org` first, then those of `mask` somebody else's and the rest one's own. None where it takes
/// an id of which nobody has any.
fn ids(spec: &Spec, org: &str, own: &Ids, strange: &Ids, mask: usize) -> Option<Vec<(String, String)>> {
    let further = spec.ids.iter().skip(1).enumerate();
    let chosen = further.map(|(at, (name, prefix))| {
        let from = if mask & (1 << at) == 0 { own } else { strange };
        Some(((*name).to_owned(), from.get(prefix)?.clone()))
    });
    let first = ((*spec.ids.first()?.0).to_owned(), org.to_owned());
    std::iter::once(Some(first)).chain(chosen).collect()
}

/// Addresses of one's own organisation that name a further thing, with what they ask for.
fn about_things() -> impl Iterator<Item = (&'static Spec, Feature)> {
    ROUTES.iter().filter(|spec| spec.ids.len() > 1).filter_map(|spec| match spec.need {
        Need::Org(feature) => Some((spec, feature)),
        _ => None,
    })
}

/// A partner that has bought nothing itself is told so, whatever change of its own it names.
const NOTHING_BOUGHT: [&str; 3] =
    ["/api/admin/approve_change", "/api/admin/decline_change", "/api/admin/undo_change"];

#[tokio::test]
async fn what_is_somebody_elses_is_not_found_and_stays_as_it_is() {
    let mut wrong = Vec::new();
    for world in World::all().await {
        let neighbours = Neighbours::of(&world).await;
        let before = picture(&world).await;
        let mut tried = 0;
        for (person, own, others) in neighbours.who_and_what() {
            let org = person.org.to_string();
            for (spec, feature) in about_things() {
                for strange in &others {
                    for mask in 1..1usize << (spec.ids.len() - 1) {
                        let Some(ids) = ids(spec, &org, own, strange, mask) else { continue };
                        let (status, location) = world.ask_about(spec, Some(person), &ids).await;
                        let expected = match person.features.has(feature) {
                            true => Verdict::NotFound,
                            false => Verdict::Forbidden,
                        };
                        let nothing_bought = status == 409
                            && person.role == Role::PartnerOwner
                            && NOTHING_BOUGHT.contains(&spec.path);
                        tried += 1;
                        if verdict(spec.kind, status, &location) != Some(expected) && !nothing_bought {
                            wrong.push(format!(
                                "{}: {} at {} with {ids:?}: {status} {location}, expected {expected:?}",
                                world.bench.name,
                                person.role.key(),
                                spec.path
                            ));
                        }
                    }
                }
            }
        }
        let after = picture(&world).await;
        for (before, after) in before.iter().zip(&after) {
            assert_eq!(after, before, "{}: something has changed", world.bench.name);
        }
        assert!(tried > 60, "{tried}");
    }
    assert!(wrong.is_empty(), "{} of the cases:\n{}", wrong.len(), wrong.join("\n"));
}

/// What is a partner's own, or its customer's and shown to it, and still not for it to answer, pay, or take away: and the
/// sample's domain, which nobody has.
const NOT_FOR_PARTNERS: [(&str, u16); 8] = [
    ("/api/admin/leave_partner", 404),
    ("/api/admin/customer_domain_proof", 404),
    ("/api/admin/verify_customer_domain", 404),
    ("/api/admin/revoke_access", 404),
    ("/api/admin/pay_invoice", 404),
    ("/api/store/pay_invoice", 404),
    ("/api/store/approve_change", 403),
    ("/api/store/decline_change", 403),
];

/// The other half of the proof: named by those whose they are, the same ids are found.
#[tokio::test]
async fn what_is_ones_own_is_found() {
    let mut wrong = Vec::new();
    for world in World::all().await {
        let neighbours = Neighbours::of(&world).await;
        for (person, own, _) in neighbours.who_and_what() {
            let org = person.org.to_string();
            for (spec, feature) in about_things() {
                let Some(ids) = ids(spec, &org, own, own, 0).filter(|_| person.features.has(feature)) else {
                    continue;
                };
                let (status, location) = world.ask_about(spec, Some(person), &ids).await;
                let refused =
                    person.role == Role::PartnerOwner && NOT_FOR_PARTNERS.contains(&(spec.path, status));
                if verdict(spec.kind, status, &location) != Some(Verdict::In) && !refused {
                    wrong.push(format!(
                        "{}: {} at {}: {status}",
                        world.bench.name,
                        person.role.key(),
                        spec.path
                    ));
                }
            }
        }
    }
    assert!(wrong.is_empty(), "{} of the cases:\n{}", wrong.len(), wrong.join("\n"));
}

/// The same addresses as a file, and the files that have addresses of their own.
#[tokio::test]
async fn no_form_of_an_address_shows_more_than_its_page() {
    let mut wrong = Vec::new();
    for world in World::all().await {
        let neighbours = Neighbours::of(&world).await;
        let (partner, customer) = (neighbours.ours.owner.org, neighbours.ours.customer);
        let (of_partner, of_customer) = (&neighbours.ours.of_partner, &neighbours.ours.of_customer);
        // Everybody who is not of that partner, or not of that customer.
        let mut people: Vec<&Person> = world.people.iter().collect();
        people.extend([&neighbours.theirs.owner, &neighbours.theirs.admin, &neighbours.ours.admin]);
        for spec in ROUTES.iter().filter(|s| s.kind == Kind::Page && matches!(s.need, Need::Org(_))) {
            let Need::Org(feature) = spec.need else { continue };
            for (org, own) in [(partner, of_partner), (customer, of_customer)] {
                let Some(ids) = ids(spec, &org.to_string(), own, own, 0) else { continue };
                let page = path(spec, &ids);
                for format in ["format=csv", "format=pdf"] {
                    let address = format!("{page}?{format}");
                    let nobody = world.fetch(&address, None).await;
                    if !matches!(nobody.status, 302 | 303 | 401) {
                        wrong.push(format!("{}: nobody at {address}: {}", world.bench.name, nobody.status));
                    }
                    for person in &people {
                        let right: &[u16] = match (person.org == org, person.features.has(feature)) {
                            (false, _) => &[404],
                            (true, false) => &[403],
                            (true, true) => &[200, 302, 303, 404, 409],
                        };
                        let status = world.fetch(&address, Some(person)).await.status;
                        if !right.contains(&status) {
                            let who = person.role.key();
                            wrong.push(format!("{}: {who} at {address}: {status}", world.bench.name));
                        }
                    }
                }
            }
        }
        // Files beside the table: theirs under our address, and ours under theirs.
        let theirs = &neighbours.theirs;
        for (what, of) in [("payouts", "pyo"), ("invoices", "inv")] {
            let (end, query) = if what == "payouts" { ("/invoice", "") } else { ("", "?format=pdf") };
            let own = |org, ids: &Ids| format!("/store/{org}/{what}/{}{end}{query}", ids[of]);
            let seen = world.fetch(&own(partner, of_partner), Some(&neighbours.ours.owner)).await;
            assert_eq!(seen.status, 200, "{}: one's own of {what}", world.bench.name);
            for address in [own(partner, &theirs.of_partner), own(theirs.owner.org, &theirs.of_partner)] {
                let status = world.fetch(&address, Some(&neighbours.ours.owner)).await.status;
                assert_eq!(status, 404, "{}: {address}", world.bench.name);
            }
        }
        let upload =
            format!("{}?org={partner}&payout={}", app::parts::payouts::UPLOAD, theirs.of_partner["pyo"]);
        let fields = [("currency", "EUR"), ("number", "RE-9"), ("issued_on", "2026-03-01"), ("amount", "1")];
        let before = picture(&world).await;
        let answer =
            world.upload(&upload, Some(&neighbours.ours.owner), &fields, b"%PDF-1.7", "same-origin").await;
        assert_eq!(answer.status, 404, "{}", world.bench.name);
        assert_eq!(picture(&world).await, before, "{}", world.bench.name);
    }
    assert!(wrong.is_empty(), "{} of the cases:\n{}", wrong.len(), wrong.join("\n"));
}

/// Ids in the query of one's own pages, where lists are filtered and dialogs opened: whatever they name, nothing of
/// somebody else's is shown.
#[tokio::test]
async fn no_query_of_ones_own_pages_shows_what_is_somebody_elses() {
    let mut wrong = Vec::new();
    for world in World::all().await {
        let neighbours = Neighbours::of(&world).await;
        let theirs = &neighbours.theirs.of_customer;
        let secrets = ["Kunde von alpen", "alpen.example", theirs["inv"].as_str(), theirs["com"].as_str()];
        let named = [
            ("customer", "org"),
            ("line", "com"),
            ("payout", "pyo"),
            ("upload", "pyo"),
            ("answer", "chg"),
            ("run", "blk"),
            ("invoice", "inv"),
            ("refund", "pay"),
            ("record", "pay"),
            ("after", "com"),
            ("role", "srl"),
            ("person", "mem"),
        ];
        for (person, own, _) in neighbours.who_and_what() {
            let org = person.org.to_string();
            for spec in ROUTES.iter().filter(|s| s.kind == Kind::Page) {
                let Need::Org(feature) = spec.need else { continue };
                let Some(ids) = ids(spec, &org, own, own, 0).filter(|_| person.features.has(feature)) else {
                    continue;
                };
                for (name, prefix) in named {
                    for more in ["", "&format=csv"] {
                        let address = format!("{}?{name}={}{more}", path(spec, &ids), theirs[prefix]);
                        let Answer { status, location, body } = world.get(&address, person).await;
                        if status >= 500 || status == 401 || location.starts_with("/signin") {
                            wrong.push(format!("{}: {address}: {status} {location}", world.bench.name));
                        }
                        // The address itself, with the id in it, may stand in the page.
                        let shown = secrets.iter().find(|s| body.replace(&theirs[prefix], "").contains(**s));
                        if let Some(shown) = shown {
                            wrong.push(format!("{}: {address} shows {shown}", world.bench.name));
                        }
                    }
                }
            }
        }
    }
    assert!(wrong.is_empty(), "{} of the cases:\n{}", wrong.len(), wrong.join("\n"));
}

//! The way of a change of many subscriptions without script: choose, try, look, and the rows as a file.

use super::world::{Person, World};
use kontor::{
    bulk::service::bulk,
    job::{JobKind, service::claim},
    kernel::{
        id::{OrgId, encode},
        right::{Feature, OrgKind, Role},
    },
};

fn fields(pairs: &[(&str, &str)]) -> Vec<(String, String)> {
    pairs.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect()
}

fn owner(world: &World) -> &Person {
    world.people.iter().find(|p| p.role == Role::PartnerOwner).unwrap()
}

/// Adds a customer on trial, which has bought nothing that could be changed.
async fn customer(world: &World, name: &str) -> OrgId {
    let owner = owner(world);
    let org = owner.org.to_string();
    let domain = format!("{}.example", name.to_lowercase());
    let (mail, key) = (format!("eva-{domain}@mail.example"), format!("asked-once-{name}"));
    let add = fields(&[
        ("org", &org),
        ("step", "review"),
        ("organisation", name),
        ("domain", &domain),
        ("country", "DE"),
        ("admin_first_name", "Eva"),
        ("admin_last_name", "Muster"),
        ("admin_email", &mail),
        ("plan", "trial"),
        ("request_key", &key),
    ]);
    let added = world.raw_call("/api/admin/add_organisation", owner, &add).await;
    assert!(matches!(added.status, 200 | 302), "{} {}", added.status, added.body);
    let query = fields(&[("org", &org), ("query", &format!("q={name}"))]);
    let list = world.raw_call("/api/admin/customers", owner, &query).await;
    let list: serde_json::Value = serde_json::from_str(&list.body).unwrap();
    list["cards"][0]["org"].as_str().unwrap().parse().unwrap()
}

/// Lets the jobs of runs do their work.
async fn work(world: &World) {
    let kontor = &world.bench.kontor;
    let jobs = claim(kontor, 100).await.unwrap();
    let mut worked = 0;
    for job in jobs.iter().filter(|job| job.kind == JobKind::Bulk) {
        bulk(kontor, job).await.unwrap();
        worked += 1;
    }
    assert_eq!(worked, 1, "{}", world.bench.name);
}

#[tokio::test]
async fn customers_are_ticked_and_tried_and_the_page_says_what_would_come_of_it() {
    for world in World::all().await {
        let (ticked, other) = (customer(&world, "Alster").await, customer(&world, "Bille").await);
        let owner = owner(&world);
        let org = owner.org.to_string();
        let choose = format!("/store/{org}/customers/bulk");

        let list = world.get(&format!("/store/{org}/customers?status=trial"), owner).await.body;
        assert!(list.contains(&format!("href=\"{choose}?status=trial\"")), "the filters are carried on");
        assert!(list.contains(&format!("href=\"/store/{org}/customers/{ticked}\"")), "its subscription");
        let console = world.get(&format!("/admin/{org}/partner/customers"), owner).await.body;
        assert!(!console.contains(&choose) && !console.contains(&format!("/store/{org}/customers/")));

        let page = world.get(&format!("{choose}?q=Alster"), owner).await;
        assert_eq!(page.status, 200);
        assert!(page.body.contains(&format!("id=\"tick-{ticked}\"")), "{}", page.body);
        assert!(!page.body.contains(&other.to_string()), "the query narrows the choice");

        let wrong = fields(&[("org", &org), ("scope", "ticked"), ("request_key", "a-long-key")]);
        let told = world.raw_form("/api/store/plan_bulk", owner, &wrong).await;
        assert!(told.location.starts_with(&format!("{choose}?state=")), "{} {}", told.status, told.location);
        let page = world.get(&told.location, owner).await.body;
        for field in ["What is to be done with each: ", "Which customers: "] {
            assert!(page.contains(field), "{field}");
        }

        let id = ticked.to_string();
        let right = fields(&[
            ("org", &org),
            ("scope", "ticked"),
            ("customers[]", &id),
            ("operation", "seats_up"),
            ("seats", "5"),
            ("query", "q=Alster"),
            ("request_key", "another-long-key"),
        ]);
        let planned = world.raw_form("/api/store/plan_bulk", owner, &right).await;
        let run = planned.location.clone();
        assert!(run.starts_with(&format!("{choose}/blk_")), "{} {run}", planned.status);
        assert_eq!(
            world.raw_form("/api/store/plan_bulk", owner, &right).await.location,
            run,
            "clicked twice"
        );
        let page = world.get(&run, owner).await.body;
        assert!(page.contains("Add 5 licences") && page.contains("0 of 1"), "{page}");

        work(&world).await;
        let page = world.get(&run, owner).await.body;
        for text in ["Alster", "Not possible", "Nothing of this can be done"] {
            assert!(page.contains(text), "{text}");
        }
        assert!(!page.contains("Bille") && !page.contains("Start now"));
        let none = world.get(&format!("{run}?status=done"), owner).await.body;
        assert!(none.contains("None of this change is in this state") && !none.contains(">Alster<"));
        let id = run.rsplit('/').next().unwrap();
        let start = fields(&[("org", &org), ("run", id)]);
        let refused = world.raw_form("/api/store/start_bulk", owner, &start).await;
        assert!(refused.location.starts_with(&format!("{run}?state=")), "{}", refused.location);
        let page = world.get(&refused.location, owner).await.body;
        assert!(page.contains("Nothing would change"), "a start of nothing is refused");
        let latest = world.get(&choose, owner).await.body;
        assert!(latest.contains(&format!("href=\"{run}\"")), "the latest runs");

        let file = world.fetch(&format!("{run}?format=csv"), Some(owner)).await;
        assert_eq!(file.status, 200);
        assert_eq!(file.body.lines().count(), 2, "{}", file.body);
        assert!(file.body.contains("\"Alster\",\"Not possible\""), "{}", file.body);
        let file = world.fetch(&format!("{run}?format=csv&status=done"), Some(owner)).await;
        assert_eq!(file.body.lines().count(), 1, "{}", file.body);
    }
}

#[tokio::test]
async fn the_file_of_a_run_asks_for_rights_before_it_looks() {
    for world in World::all().await {
        let partner = world.own_org(OrgKind::Partner);
        let of = |run: &str| format!("/store/{partner}/customers/bulk/{run}?format=csv");
        for address in [of(&format!("blk_{}", encode(7))), of("odd")] {
            assert_eq!(world.fetch(&address, None).await.status, 401, "{address}");
            for person in &world.people {
                let right = match person.org == partner {
                    true if !person.features.has(Feature::SubsChange) => 403,
                    _ => 404,
                };
                let status = world.fetch(&address, Some(person)).await.status;
                assert_eq!(status, right, "{} {} {address}", world.bench.name, person.role.key());
            }
        }
    }
}

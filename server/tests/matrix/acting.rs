//! The same table for somebody who acts in a customer's console: what the grant lists and nothing else, until *Leave*.

use sea_orm::{ActiveValue::Set, EntityTrait};

use super::{Findings, Verdict, samples, world::World};
use app::routes::{Need, ROUTES, Spec};
use kontor::delegation::{
    OWN_CHOICE, Template, TermsForm,
    rows::grant,
    service::{change, restore, revoke},
};
use kontor::kernel::{
    actor::Actor,
    id::OrgId,
    port::{DnsOutcome, RecordKind},
    right::{DELEGABLE, Features, OrgKind, Role},
};

fn spec(path: &str) -> &'static Spec {
    ROUTES.iter().find(|s| s.path == path).unwrap()
}

fn pairs(fields: &[(&str, &str)]) -> Vec<(String, String)> {
    fields.iter().map(|(n, v)| ((*n).to_owned(), (*v).to_owned())).collect()
}

/// Walks the main job by its calls: a customer is added, its domain proved, its console opened.
async fn enter(world: &World) -> OrgId {
    let owner = world.people.iter().find(|p| p.role == Role::PartnerOwner).unwrap();
    let json = "application/json";
    let add = pairs(&[
        ("step", "review"),
        ("organisation", "Kunde"),
        ("domain", "kunde.example"),
        ("country", "DE"),
        ("admin_first_name", "Eva"),
        ("admin_last_name", "Muster"),
        ("admin_email", "eva@mail.example"),
        ("plan", "trial"),
        ("request_key", "asked-once"),
    ]);
    let added = world.call(spec("/api/admin/add_organisation"), owner, &add, json).await;
    assert!(matches!(added.status, 200 | 302), "{} {}", added.status, added.body);
    let list = world.call(spec("/api/admin/customers"), owner, &[], json).await;
    let list: serde_json::Value = serde_json::from_str(&list.body).unwrap();
    let org: OrgId = list["cards"][0]["org"].as_str().unwrap().parse().unwrap();

    let name = pairs(&[("domain", "kunde.example"), ("method", "txt")]);
    let proof = world.call_for(spec("/api/admin/customer_domain_proof"), owner, org, &name, json).await;
    let proof: serde_json::Value = serde_json::from_str(&proof.body).unwrap();
    let value = proof["txt"]["value"].as_str().unwrap().to_owned();
    let record = (("kunde.example".to_owned(), RecordKind::Txt), DnsOutcome::Records(vec![value]));
    world.bench.outside.dns.lock().unwrap().extend([record]);
    let verified = world.call_for(spec("/api/admin/verify_customer_domain"), owner, org, &name, json).await;
    assert_eq!(verified.status, 200, "{}", verified.body);
    let managed = world.call_for(spec("/api/admin/manage"), owner, org, &[], json).await;
    assert_eq!(managed.location, format!("/admin/{org}"), "{} {}", managed.status, managed.body);
    org
}

/// What somebody gets under a grant with these capabilities.
fn allowed(spec: &Spec, capabilities: Features) -> &'static [Verdict] {
    match spec.need {
        Need::Org(feature) if !capabilities.has(feature) => &[Verdict::Forbidden],
        // A further id or name is somebody's that is not here.
        _ if spec.ids.len() > 1 || samples::of(spec.path).contains("domain=") => {
            &[Verdict::In, Verdict::NotFound]
        }
        _ => &[Verdict::In],
    }
}

/// The table again in each state of a grant: every template, one's own choice, revoked, given again, run out.
#[tokio::test]
async fn the_table_follows_the_grant_through_every_state_it_can_have() {
    let mut findings = Findings::default();
    for world in World::all().await {
        let kontor = &world.bench.kontor;
        let org = enter(&world).await;
        let owner = world.people.iter().find(|p| p.role == Role::PartnerOwner).unwrap();
        let customer = Actor::system(org, OrgKind::Customer, "test");
        let latest = async || grant::latest(kontor.db.read(), org, owner.org).await.unwrap().unwrap();
        let routes = || ROUTES.iter().filter(|s| matches!(s.need, Need::Org(_) | Need::Member));
        let own = TermsForm {
            template: OWN_CHOICE.into(),
            capabilities: vec!["domains.view".into(), "activity.view".into()],
            days: "30".into(),
            ..TermsForm::default()
        };
        let templates = Template::ALL.iter().map(|template| TermsForm {
            template: template.key().into(),
            days: "30".into(),
            ..TermsForm::default()
        });
        let id = org.to_string();
        for form in templates.chain([own]) {
            // The same stay goes on: what is said now holds at its next request.
            let row = latest().await;
            change(kontor, &customer, row.id, &form, row.version).await.unwrap();
            let capabilities = latest().await.terms().capabilities;
            for spec in routes() {
                let state = format!("{} {}", form.template, capabilities.keys());
                findings.check(&world, spec, Some(owner), &id, allowed(spec, capabilities), &state).await;
            }
        }
        revoke(kontor, &customer, latest().await.id).await.unwrap();
        for spec in routes() {
            findings.check(&world, spec, Some(owner), &id, &[Verdict::Forbidden], "revoked").await;
        }
        // Given again: nobody is in until they press Manage once more.
        restore(kontor, &customer, latest().await.id).await.unwrap();
        for spec in routes() {
            findings
                .check(&world, spec, Some(owner), &id, &[Verdict::Forbidden], "given again, not entered")
                .await;
        }
        let managed = world.call_for(spec("/api/admin/manage"), owner, org, &[], "application/json").await;
        assert_eq!(managed.location, format!("/admin/{org}"), "{} {}", managed.status, managed.body);
        let row = latest().await;
        for spec in routes() {
            let expected = allowed(spec, row.terms().capabilities);
            findings.check(&world, spec, Some(owner), &id, expected, "entered again").await;
        }
        // Its end has come, its clock has not.
        let over = grant::ActiveModel { id: Set(row.id), until_at: Set(kontor.now()), ..Default::default() };
        grant::Entity::update(over).exec(kontor.db.writer()).await.unwrap();
        for spec in routes() {
            findings.check(&world, spec, Some(owner), &id, &[Verdict::Forbidden], "run out").await;
        }
    }
    findings.none();
}

#[tokio::test]
async fn whoever_acts_for_a_customer_gets_what_the_grant_lists_until_they_leave() {
    let mut findings = Findings::default();
    for world in World::all().await {
        let org = enter(&world).await.to_string();
        let owner = world.people.iter().find(|p| p.role == Role::PartnerOwner).unwrap();
        let others: Vec<_> = world
            .people
            .iter()
            .filter(|p| p.role.kind() == OrgKind::Partner && p.role != Role::PartnerOwner)
            .collect();
        let routes = || ROUTES.iter().filter(|s| matches!(s.need, Need::Org(_) | Need::Member));
        for spec in routes() {
            let expected = allowed(spec, Features::of(&DELEGABLE));
            findings.check(&world, spec, Some(owner), &org, expected, "acting").await;
            // The stay is one person's: colleagues have not entered.
            for other in &others {
                findings.check(&world, spec, Some(other), &org, &[Verdict::NotFound], "colleague").await;
            }
        }
        let leave = pairs(&[("org", &org)]);
        let left = world.raw_call("/api/admin/leave", owner, &leave).await;
        assert!(matches!(left.status, 200 | 302), "{}", left.status);
        for spec in routes() {
            findings.check(&world, spec, Some(owner), &org, &[Verdict::NotFound], "after leaving").await;
        }
    }
    findings.none();
}

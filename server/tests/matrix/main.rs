//! The access matrix: every address of the table × every role × own, foreign, unknown and malformed ids, on both
//! databases (design.md sections 3 and 8). What a role may see is what its features say, and nothing else.

mod acting;
mod amounts;
mod bulk;
mod files;
mod hostile;
mod requests;
mod samples;
mod strangers;
mod things;
mod world;

use app::routes::{Kind, Need, ROUTES, Spec};
use kontor::kernel::right::OrgKind;
use world::{Person, World};

/// What came back, as far as access is concerned.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Verdict {
    /// Let in: whatever the call then said about its input.
    In,
    /// Sent to sign in.
    SignIn,
    /// Known place, not for this role.
    Forbidden,
    /// No such thing, for this person.
    NotFound,
}

fn verdict(kind: Kind, status: u16, location: &str) -> Option<Verdict> {
    Some(match (kind, status) {
        (_, 404) => Verdict::NotFound,
        (_, 403) => Verdict::Forbidden,
        (_, 401) => Verdict::SignIn,
        (Kind::Page, 302 | 303) if location.starts_with("/signin") => Verdict::SignIn,
        (_, 200 | 302 | 303 | 409 | 422) => Verdict::In,
        _ => return None,
    })
}

/// What was wrong, all of it: one run tells everything.
#[derive(Default)]
struct Findings(Vec<String>);

impl Findings {
    async fn check(
        &mut self,
        world: &World,
        spec: &Spec,
        person: Option<&Person>,
        org: &str,
        expected: &[Verdict],
        what: &str,
    ) {
        let (status, location) = world.ask(spec, person, org).await;
        // A malformed id does not even read as one: the call says bad request before anything is looked at.
        let bad_request = what == "malformed" && spec.kind == Kind::Call && status == 400;
        let right = verdict(spec.kind, status, &location).is_some_and(|v| expected.contains(&v));
        if !right && !bad_request {
            let who = person.map_or("nobody", |p| p.role.key());
            self.0.push(format!(
                "{}: {who} at {} ({what}): {status} {location}, expected {expected:?}",
                world.bench.name, spec.path
            ));
        }
    }
    fn none(self) {
        assert!(self.0.is_empty(), "{} of the cases:\n{}", self.0.len(), self.0.join("\n"));
    }
}

/// What a role gets where it belongs. Where the address names a further thing (an application, a member, a customer),
/// the matrix names one that is not there: let in means told so.
fn expected(person: &Person, spec: &Spec) -> &'static [Verdict] {
    match spec.need {
        Need::Org(feature) | Need::Staff(feature) if !person.features.has(feature) => &[Verdict::Forbidden],
        _ if spec.ids.len() > 1
            || spec.ids.iter().any(|(name, prefix)| *prefix != "org" || *name == "customer") =>
        {
            &[Verdict::In, Verdict::NotFound]
        }
        _ => &[Verdict::In],
    }
}

#[tokio::test]
async fn nobody_gets_past_the_sign_in() {
    let mut findings = Findings::default();
    for world in World::all().await {
        for spec in ROUTES {
            let org = world.own_org(OrgKind::Partner).to_string();
            let expected: &[Verdict] = match spec.need {
                Need::Anyone => &[Verdict::In],
                // An unknown token: refused with a text, or not found.
                Need::Token => &[Verdict::In, Verdict::NotFound],
                Need::Demo => &[Verdict::NotFound],
                Need::SignedIn | Need::Member | Need::Staff(_) | Need::Org(_) => &[Verdict::SignIn],
            };
            if !samples::needs_a_pending_session(spec.path) {
                findings.check(&world, spec, None, &org, expected, "nobody").await;
            }
        }
    }
    findings.none();
}

#[tokio::test]
async fn staff_reach_what_their_role_says_and_others_find_nothing() {
    let mut findings = Findings::default();
    for world in World::all().await {
        for spec in ROUTES.iter().filter(|s| matches!(s.need, Need::Staff(_))) {
            for person in &world.people {
                let expected = match person.role.kind() {
                    OrgKind::Vendor => expected(person, spec),
                    _ => &[Verdict::NotFound],
                };
                let org = world.own_org(OrgKind::Partner).to_string();
                findings.check(&world, spec, Some(person), &org, expected, "staff").await;
            }
        }
    }
    findings.none();
}

#[tokio::test]
async fn members_reach_their_own_organisation_and_no_other() {
    let mut findings = Findings::default();
    for world in World::all().await {
        for spec in ROUTES.iter().filter(|s| matches!(s.need, Need::Org(_) | Need::Member)) {
            for person in &world.people {
                let own = person.org.to_string();
                findings.check(&world, spec, Some(person), &own, expected(person, spec), "own").await;
                for (what, org) in world.not_theirs(person) {
                    findings.check(&world, spec, Some(person), &org, &[Verdict::NotFound], what).await;
                }
            }
        }
    }
    findings.none();
}

#[tokio::test]
async fn a_suspended_member_is_nobody_there() {
    let mut findings = Findings::default();
    for world in World::all().await {
        let person = world.suspended().await;
        for spec in ROUTES.iter().filter(|s| matches!(s.need, Need::Org(_) | Need::Member)) {
            let org = person.org.to_string();
            findings.check(&world, spec, Some(&person), &org, &[Verdict::NotFound], "suspended").await;
        }
    }
}

//! Bad input: every call and every page of the table, with values that nobody means well by. Whatever comes, the answer
//! is no internal error, and nothing typed becomes part of a page's markup.

use super::{
    samples,
    things::entries,
    world::{Person, World},
};
use app::routes::{Kind, Need, ROUTES, Spec};
use kontor::kernel::right::Role;

const MARKUP: &str = "</textarea></script><script>alert(4711)</script>";

fn values() -> Vec<String> {
    let mut values: Vec<String> = [
        "",
        " \t\n ",
        MARKUP,
        "\"><img src=x onerror=alert(4711)>",
        "'; DROP TABLE account; --",
        "\0\u{1}\u{7f}\u{85}",
        "\u{202e}txt.exe\u{2066}",
        "مرحبا",
        "%00%ff%fe",
        "a\r\nBcc: somebody@example.org",
        "-1",
        "-0.01",
        "0.001",
        "9223372036854775807",
        "99999999999999999999999",
        "NaN",
        "null",
        "2026-02-30",
        "org_00000000000000000000000000",
        "../../../../etc/passwd",
        "{\"a\":[1]}",
        "xn--a.example",
        "a@b@c",
    ]
    .map(str::to_owned)
    .to_vec();
    // As long as may be: with one of them in every field the body is still short enough to be read.
    values.push("🎉".repeat(120));
    values.push("x".repeat(1_500));
    values
}

/// Every name of a field that any form has, and of whatever else an address may carry.
fn names() -> Vec<String> {
    let fields: std::collections::BTreeMap<String, String> =
        serde_json::from_str(include_str!("../../../app/locales/en/field.json")).unwrap();
    let others = [
        "version",
        "request_key",
        "step",
        "go",
        "token",
        "language",
        "theme",
        "key",
        "was",
        "default",
        "method",
        "q",
        "query",
        "before",
        "after",
        "category",
        "who",
        "target",
        "check",
        "form",
        "content",
        "next",
        "company_url",
        "sort",
        "view",
        "state",
        "done",
        "verify",
        "of",
        "remove",
        "revoke",
        "factor",
        "due",
        "verified",
        "plan",
        "status",
        "asked",
        "item",
        "price",
        "limits",
        "entity",
        "format",
        "features[]",
        "add",
        "person",
        "figure",
        "from",
        "to",
        "within",
        "kind",
        "period",
        "by",
        "month",
        "line",
        "statement",
        "customer",
        "partner",
        "payout",
        "upload",
        "act",
        "reference",
        "total",
        "change_version",
        "seats",
        "amount",
        "currency",
        "payer",
        "until",
        "change",
        "invoice",
        "run",
        "payment",
        "reason",
        "record",
        "refund",
        "customers[]",
        "operation",
        "scope",
        "setup",
        "arrived",
        "confirms",
        "when",
        "answer",
    ];
    fields.into_keys().chain(others.map(str::to_owned)).collect()
}

/// The value in every field; and again only where the call's numbers and choices can still be read, because what they
/// are not is refused before the text beside them is looked at.
fn fields(spec: &Spec, value: &str) -> [Vec<(String, String)>; 2] {
    let readable: Vec<(String, String)> =
        url::form_urlencoded::parse(samples::of(spec.path).as_bytes()).into_owned().collect();
    let all = names().into_iter().map(|name| (name, value.to_owned()));
    let others = all.clone().filter(|(name, _)| readable.iter().all(|(n, _)| n != name));
    [all.collect(), readable.iter().cloned().chain(others).collect()]
}

/// Those who get furthest: behind a refusal nothing would be reached.
fn masters(world: &World) -> impl Iterator<Item = &Person> {
    let most = [Role::VendorAdmin, Role::PartnerOwner, Role::SuperAdmin];
    world.people.iter().filter(move |p| most.contains(&p.role))
}

fn for_them(spec: &Spec, person: &Person) -> bool {
    match spec.need {
        Need::Org(feature) | Need::Staff(feature) => person.features.has(feature),
        // Would end the session that the rest of the test needs.
        _ => spec.path != "/api/account/sign_out",
    }
}

#[tokio::test]
async fn no_value_of_any_field_is_an_internal_error() {
    let mut wrong = Vec::new();
    for world in World::all().await {
        for person in masters(&world) {
            for spec in ROUTES.iter().filter(|s| s.kind == Kind::Call && for_them(s, person)) {
                for value in values() {
                    for (fields, accept) in fields(spec, &value)
                        .iter()
                        .flat_map(|f| ["application/json", "text/html"].map(|a| (f, a)))
                    {
                        let answer = world.call(spec, person, fields, accept).await;
                        let short: String = value.chars().take(40).collect();
                        let case = format!("{}: {} with {short:?} ({accept})", world.bench.name, spec.path);
                        if answer.status >= 500 {
                            wrong.push(format!("{case}: {}", answer.status));
                        }
                        if accept == "text/html" && answer.location.starts_with('/') {
                            let page = world.get(&answer.location, person).await;
                            if page.status >= 500 || page.body.contains("<script>alert(4711)") {
                                wrong.push(format!("{case}: {} at {}", page.status, answer.location));
                            }
                        }
                    }
                }
            }
        }
        assert_eq!(entries(&world).await, 0, "{}: something was booked", world.bench.name);
    }
    assert!(wrong.is_empty(), "{} cases:\n{}", wrong.len(), wrong.join("\n"));
}

#[tokio::test]
async fn no_query_of_any_page_is_an_internal_error() {
    let mut wrong = Vec::new();
    for world in World::all().await {
        for person in masters(&world) {
            for spec in ROUTES.iter().filter(|s| s.kind == Kind::Page && for_them(s, person)) {
                for value in values().into_iter().filter(|v| v.len() < 200) {
                    let fields: Vec<_> = names().into_iter().map(|name| (name, value.clone())).collect();
                    let query =
                        url::form_urlencoded::Serializer::new(String::new()).extend_pairs(fields).finish();
                    let page = world.look(spec, person, &query).await;
                    if page.status >= 500
                        || page.body.contains("<script>alert(4711)")
                        || page.body.contains("<img src=x")
                    {
                        wrong.push(format!(
                            "{}: {} with {value:?}: {}",
                            world.bench.name, spec.path, page.status
                        ));
                    }
                }
            }
        }
    }
    assert!(wrong.is_empty(), "{} cases:\n{}", wrong.len(), wrong.join("\n"));
}

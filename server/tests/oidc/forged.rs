//! What must not be believed, and what must not work twice.

use super::{
    issuer::Signed,
    world::{Answer, World},
};
use kontor::kernel::testing::Bench;
use serde_json::{Value, json};
use std::time::Duration;

fn ada() -> Value {
    json!({ "sub": "ada", "email": "ada@kunde.example", "email_verified": true, "given_name": "Ada" })
}

/// Nobody was signed in, for this reason.
fn refused(answer: &Answer, why: &str, what: &str) {
    assert_eq!(answer.status, 303, "{what}");
    assert!(answer.location.starts_with(&format!("/signin?problem={why}&")), "{what}: {}", answer.location);
    assert_eq!(World::token(answer), None, "{what}");
}

#[tokio::test]
async fn forged_tokens_are_not_believed() {
    for world in World::all().await {
        let now = world.kontor.now().0 / 1000;
        let twists = [
            ("another issuer", json!({ "iss": "http://evil.test" })),
            ("no issuer", json!({ "iss": null })),
            ("another audience", json!({ "aud": "somebody else" })),
            ("two audiences", json!({ "aud": ["kontor", "somebody else"] })),
            ("another party", json!({ "azp": "somebody else" })),
            ("another nonce", json!({ "nonce": "x" })),
            ("no nonce", json!({ "nonce": null })),
            ("expired", json!({ "exp": now - 1 })),
            ("no end", json!({ "exp": null })),
            ("made long ago", json!({ "iat": now - 3600 })),
            ("made tomorrow", json!({ "iat": now + 86_400 })),
            ("another access token's", json!({ "at_hash": "AAAAAAAAAAAAAAAAAAAAAA" })),
            ("nobody", json!({ "sub": null })),
        ];
        for (what, twist) in twists {
            world.issuer.tell(|s| s.twist = twist);
            refused(&world.way(ada()).await, "provider_answer", what);
        }
        world.issuer.tell(|s| s.twist = json!({}));
        for (what, signed) in [
            ("not signed", Signed::Not),
            ("signed with the public key", Signed::WithPublicKey),
            ("signed by another", Signed::ByAnother),
        ] {
            world.issuer.tell(|s| s.signed = signed);
            refused(&world.way(ada()).await, "provider_answer", what);
        }
        // The same without a twist: it was the twists that were refused.
        world.issuer.tell(|s| s.signed = Signed::Rightly);
        let answer = world.way(ada()).await;
        assert_eq!((answer.status, answer.location.as_str()), (303, "/account"), "{}", world.bench.name);
        assert!(world.is_signed_in(&World::token(&answer).unwrap()).await);
    }
}

#[tokio::test]
async fn nothing_works_twice_or_elsewhere() {
    for world in World::all().await {
        let (browser, asked) = world.go("/account").await;
        let code = world.issuer.sign_in(&asked, ada());
        let fields = [("state", asked["state"].as_str()), ("code", code.as_str())];
        // Somebody else's browser, with or without a sign-in of its own; the first one's stays.
        let (other, others) = world.go("/account").await;
        refused(&world.back(&other, &fields).await, "sign_in_over", "another browser");
        refused(&world.get("/signin/callback?state=x&code=y", &[]).await, "sign_in_over", "no browser");
        // Their own sign-in with the code of the first: it was made for another proof.
        let mixed = [("state", others["state"].as_str()), ("code", code.as_str())];
        refused(&world.back(&other, &mixed).await, "provider_answer", "another's code");
        let code = world.issuer.sign_in(&asked, ada());
        let fields = [("state", asked["state"].as_str()), ("code", code.as_str())];
        assert!(World::token(&world.back(&browser, &fields).await).is_some());
        refused(&world.back(&browser, &fields).await, "sign_in_over", "again");
        // An ID token that was good a moment ago.
        let token = world.issuer.tell(|s| s.last.clone());
        world.issuer.tell(|s| s.again = Some(token));
        refused(&world.way(ada()).await, "provider_answer", "an earlier token");
        world.issuer.tell(|s| s.again = None);
        // Eleven minutes later.
        let (browser, asked) = world.go("/account").await;
        let code = world.issuer.sign_in(&asked, ada());
        world.bench.clock.move_ms(11 * 60_000);
        let late = [("state", asked["state"].as_str()), ("code", code.as_str())];
        refused(&world.back(&browser, &late).await, "sign_in_over", "late");
        // The provider says no.
        let (browser, asked) = world.go("/account").await;
        let no = [("state", asked["state"].as_str()), ("error", "access_denied")];
        refused(&world.back(&browser, &no).await, "provider_denied", "denied");
    }
}

#[tokio::test]
async fn an_answer_of_another_issuer_is_not_taken() {
    let world = World::new(Bench::all().await.remove(0), "off", None).await;
    let (browser, asked) = world.go("/account").await;
    let code = world.issuer.sign_in(&asked, ada());
    let fields = [("state", asked["state"].as_str()), ("code", code.as_str()), ("iss", "http://evil.test")];
    refused(&world.back(&browser, &fields).await, "provider_answer", "mixed up");
    let (browser, asked) = world.go("/account").await;
    let code = world.issuer.sign_in(&asked, ada());
    let own = world.issuer.url.clone();
    let fields = [("state", asked["state"].as_str()), ("code", code.as_str()), ("iss", own.as_str())];
    assert!(World::token(&world.back(&browser, &fields).await).is_some());
    // One that says that it always names itself, and does not.
    let world = World::new(Bench::all().await.remove(0), "off", None).await;
    world.issuer.tell(|s| s.names_itself = true);
    refused(&world.way(ada()).await, "provider_answer", "nameless");
}

#[tokio::test]
async fn keys_are_fetched_anew_once_when_they_have_changed() {
    let world = World::new(Bench::all().await.remove(0), "off", None).await;
    assert!(World::token(&world.way(ada()).await).is_some());
    let asked = world.issuer.tell(|s| s.keys_asked);
    world.issuer.rotate();
    // A moment ago the keys were new: whoever forges does not make us ask with every token.
    refused(&world.way(ada()).await, "provider_answer", "at once");
    assert_eq!(world.issuer.tell(|s| s.keys_asked), asked);
    tokio::time::sleep(Duration::from_millis(3_100)).await;
    assert!(World::token(&world.way(ada()).await).is_some());
    assert_eq!(world.issuer.tell(|s| s.keys_asked), asked + 1);
}

#[tokio::test]
async fn tries_are_limited() {
    let world = World::new(Bench::all().await.remove(0), "on", None).await;
    // Some come back while they are counted: the first are heard, and later ones are not.
    let mut answers = Vec::new();
    for n in 0..80 {
        answers.push(world.get(&format!("/signin/callback?state=guess-{n}&code=x"), &[]).await.status);
    }
    assert!(answers[..40].iter().all(|status| *status == 303), "{answers:?}");
    assert!(answers[40..].contains(&429), "{answers:?}");
    let hook = format!("/hooks/oidc/{}/logout", world.provider);
    let mut answers = Vec::new();
    for _ in 0..400 {
        answers.push(world.post(&hook, &[("logout_token", "x")], &[]).await.status);
    }
    assert!(answers[..240].iter().all(|status| *status == 400), "{answers:?}");
    assert!(answers[240..].contains(&429));
}

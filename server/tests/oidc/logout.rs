//! Signing out: at the provider, which tells us, and here, from where one goes on to the provider.

use super::{issuer::Signed, world::World};
use serde_json::{Value, json};

async fn signed_in(world: &World, sub: &str, sid: &str) -> String {
    let claims =
        json!({ "sub": sub, "sid": sid, "email": format!("{sub}@kunde.example"), "email_verified": true });
    World::token(&world.way(claims).await).unwrap()
}

#[tokio::test]
async fn whoever_signs_out_there_is_signed_out_here() {
    for world in World::all().await {
        let hook = format!("/hooks/oidc/{}/logout", world.provider);
        let (one, two) = (signed_in(&world, "ada", "s1").await, signed_in(&world, "ada", "s2").await);
        let other = signed_in(&world, "bob", "s3").await;
        let tell = |token: String| {
            let (world, hook) = (&world, hook.as_str());
            async move { world.post(hook, &[("logout_token", token.as_str())], &[]).await.status }
        };
        let now = world.kontor.now().0 / 1000;
        let twists: [(&str, Value); 11] = [
            ("another issuer", json!({ "sid": "s1", "iss": "http://evil.test" })),
            ("another audience", json!({ "sid": "s1", "aud": "somebody else" })),
            ("an ID token's nonce", json!({ "sid": "s1", "nonce": "x" })),
            ("no event", json!({ "sid": "s1", "events": {} })),
            ("another event", json!({ "sid": "s1", "events": { "x": {} } })),
            ("no events", json!({ "sid": "s1", "events": null })),
            ("expired", json!({ "sid": "s1", "exp": now - 1 })),
            ("made long ago", json!({ "sid": "s1", "iat": now - 3600 })),
            ("made tomorrow", json!({ "sid": "s1", "iat": now + 86_400 })),
            ("nobody", json!({})),
            ("nameless", json!({ "sid": "s1", "jti": null })),
        ];
        for (what, twist) in twists {
            assert_eq!(tell(world.issuer.logout_token(&twist, Signed::Rightly)).await, 400, "{what}");
        }
        for signed in [Signed::Not, Signed::WithPublicKey, Signed::ByAnother] {
            assert_eq!(tell(world.issuer.logout_token(&json!({ "sid": "s1" }), signed)).await, 400);
        }
        for odd in ["", "x", "a.b.c", "....", "e30.e30.e30"] {
            assert_eq!(tell(odd.to_owned()).await, 400, "{odd}");
        }
        assert!(world.is_signed_in(&one).await, "{}", world.bench.name);
        // One session.
        let right = world.issuer.logout_token(&json!({ "sid": "s1" }), Signed::Rightly);
        assert_eq!(tell(right.clone()).await, 200);
        assert_eq!((world.is_signed_in(&one).await, world.is_signed_in(&two).await), (false, true));
        assert_eq!(tell(right).await, 400, "heard before");
        // The session of one is not ended in the name of another.
        let mixed = world.issuer.logout_token(&json!({ "sid": "s3", "sub": "ada" }), Signed::Rightly);
        assert_eq!(tell(mixed).await, 200);
        assert!(world.is_signed_in(&other).await);
        // All of a person's.
        let all = world.issuer.logout_token(&json!({ "sub": "ada" }), Signed::Rightly);
        assert_eq!(tell(all).await, 200);
        assert_eq!((world.is_signed_in(&two).await, world.is_signed_in(&other).await), (false, true));
        let unknown = world.issuer.logout_token(&json!({ "sub": "nobody" }), Signed::Rightly);
        assert_eq!(tell(unknown).await, 200);
        assert_eq!(
            world
                .post("/hooks/oidc/idp_00000000000000000000000007/logout", &[("logout_token", "x")], &[])
                .await
                .status,
            404
        );
        assert_eq!(world.post(&hook, &[], &[]).await.status, 400);
    }
}

#[tokio::test]
async fn whoever_signs_out_here_goes_on_to_the_provider() {
    for world in World::all().await {
        let token = signed_in(&world, "ada", "s1").await;
        let answer = world.post("/api/account/sign_out", &[], &[("kontor_session", &token)]).await;
        assert_eq!(answer.location, format!("/signin/out/{}", world.provider), "{}", world.bench.name);
        assert!(!world.is_signed_in(&token).await);
        let page = world.get(&answer.location, &[]).await;
        assert!(page.body.contains(&format!("url={}/leave?", world.issuer.url)), "{}", page.body);
        assert!(page.body.contains("client_id=kontor"), "{}", page.body);
    }
}

#[tokio::test]
async fn a_provider_that_is_switched_off_keeps_nobody_in() {
    for world in World::all().await {
        let token = signed_in(&world, "ada", "s1").await;
        let form = kontor::identity::ProviderForm { active: String::new(), ..world.form() };
        world.save(form).await.unwrap();
        assert!(!world.is_signed_in(&token).await, "{}", world.bench.name);
    }
}

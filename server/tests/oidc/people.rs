//! Who it is: linked, made, given a role, asked for a code, kept out.

use super::world::{DOMAIN, PASSWORD, World, holds, nobody, organisation, person};
use kontor::{
    Error, Issue, Refusal,
    account::{
        rows::account,
        service::{find_by_email, preset_second_factor, sign_in, sign_up},
    },
    identity::{
        ProviderForm,
        service::{choices, save_provider},
    },
    kernel::{
        actor::Actor,
        right::{OrgKind, Role},
    },
};
use sea_orm::EntityTrait;
use serde_json::json;

#[tokio::test]
async fn a_person_is_linked_by_a_verified_address_and_then_by_name() {
    for world in World::all().await {
        let kontor = &world.kontor;
        let id = person(kontor, "ada@kunde.example", Some((world.org, Role::CustomerAdmin))).await;
        let unverified = json!({ "sub": "a-1", "email": "ada@kunde.example", "email_verified": false });
        for claims in
            [unverified, json!({ "sub": "a-1", "email": "ada@kunde.example" }), json!({ "sub": "a-1" })]
        {
            let answer = world.way(claims).await;
            assert!(answer.location.contains("problem=provider_unverified"), "{}", answer.location);
        }
        let claims =
            json!({ "sub": "a-1", "email": "Ada@Kunde.example", "email_verified": true, "groups": ["it"] });
        assert!(World::token(&world.way(claims).await).is_some());
        // The provider's own name for her is enough now, whatever address it tells.
        let renamed = json!({ "sub": "a-1", "email": "lovelace@kunde.example", "groups": ["it"] });
        let token = World::token(&world.way(renamed).await).unwrap();
        let viewer = kontor::account::service::resolve(kontor, &token).await.unwrap().unwrap();
        assert_eq!(viewer.account.id, id);
        assert!(find_by_email(kontor.db.read(), "lovelace@kunde.example").await.unwrap().is_none());
        // Addresses of others are others' to vouch for.
        person(kontor, "eve@else.example", None).await;
        let foreign = json!({ "sub": "e", "email": "eve@else.example", "email_verified": true });
        assert!(
            world.way(foreign).await.location.contains("problem=provider_domain"),
            "{}",
            world.bench.name
        );
    }
}

#[tokio::test]
async fn whoever_took_an_address_first_does_not_keep_it() {
    for world in World::all().await {
        // Never confirmed: somebody who typed another's address.
        sign_up(&world.kontor, &nobody(), "bob@kunde.example", PASSWORD).await.unwrap();
        let squatter = sign_in(&world.kontor, &nobody(), "bob@kunde.example", PASSWORD).await.unwrap().token;
        let claims = json!({ "sub": "b", "email": "bob@kunde.example", "email_verified": true });
        assert!(World::token(&world.way(claims).await).is_some());
        assert!(!world.is_signed_in(&squatter).await);
        let again = sign_in(&world.kontor, &nobody(), "bob@kunde.example", PASSWORD).await;
        assert_eq!(again, Err(Refusal::WrongCredentials.into()), "{}", world.bench.name);
    }
}

#[tokio::test]
async fn claims_give_roles_and_never_the_last_word() {
    for world in World::all().await {
        let of = |groups: &[&str]| {
            json!({ "sub": "c", "email": "cleo@kunde.example", "email_verified": true, "given_name": "Cleo",
                "family_name": "Muster", "groups": groups })
        };
        assert!(World::token(&world.way(of(&["it"])).await).is_some());
        assert_eq!(world.role("cleo@kunde.example").await, Some(Role::CustomerAdmin));
        assert!(World::token(&world.way(of(&["sales"])).await).is_some());
        assert_eq!(world.role("cleo@kunde.example").await, Some(Role::User), "{}", world.bench.name);
        // Whoever has the last word keeps it.
        let boss = json!({ "sub": "boss", "email": "boss@kunde.example", "email_verified": true });
        assert!(World::token(&world.way(boss).await).is_some());
        assert_eq!(world.role("boss@kunde.example").await, Some(Role::SuperAdmin));
        for (map, line) in [("it = super-admin", 1), ("it = admin\nx = partner-owner", 2)] {
            let form = ProviderForm { role_map: map.into(), ..world.form() };
            let wrong = Error::field("role_map", Issue::BadRoleLine { line });
            assert_eq!(world.save(form).await, Err(wrong));
        }
        let form = ProviderForm { default_role: "super-admin".into(), ..world.form() };
        assert_eq!(world.save(form).await, Err(Error::field("default_role", Issue::NotAChoice)));
        // No role for those of no group: neither a place nor, once they have one, a way in.
        world.save(ProviderForm { default_role: String::new(), ..world.form() }).await.unwrap();
        assert!(world.way(of(&[])).await.location.contains("problem=provider_no_role"));
        let dora = json!({ "sub": "d", "email": "dora@kunde.example", "email_verified": true });
        assert!(world.way(dora.clone()).await.location.contains("problem=provider_no_account"));
        world.save(ProviderForm { creates_people: String::new(), ..world.form() }).await.unwrap();
        assert!(world.way(dora).await.location.contains("problem=provider_no_account"));
        assert!(find_by_email(world.kontor.db.read(), "dora@kunde.example").await.unwrap().is_none());
    }
}

#[tokio::test]
async fn a_second_factor_is_asked_for_unless_the_provider_is_trusted_with_it() {
    for world in World::all().await {
        let kontor = &world.kontor;
        let id = person(kontor, "finn@kunde.example", Some((world.org, Role::User))).await;
        let tx = kontor.db.begin().await.unwrap();
        preset_second_factor(kontor, &tx, id, b"0123456789").await.unwrap();
        tx.commit().await.unwrap();
        let claims = json!({ "sub": "f", "email": "finn@kunde.example", "email_verified": true, "amr": ["pwd", "mfa"] });
        let code = "/signin?step=code&next=%2Faccount";
        assert_eq!(world.way(claims.clone()).await.location, code, "its word does not count");
        world.save(ProviderForm { trusts_factor: "true".into(), ..world.form() }).await.unwrap();
        assert_eq!(world.way(claims.clone()).await.location, "/account");
        let weak = json!({ "sub": "f", "amr": ["pwd"] });
        assert_eq!(world.way(weak).await.location, code, "it saw none");
        // What another organisation asks of him is not this one's to answer.
        let other = organisation(kontor, OrgKind::Partner).await;
        let place = kontor::organisation::rows::member::Model {
            id: kontor.id(),
            org_id: other,
            account_id: id,
            role: Role::PartnerSales,
            status: kontor::organisation::MemberStatus::Active,
            store_role_id: None,
            licensed: true,
            sort_key: "f".into(),
            created_at: kontor.now(),
            version: 1,
        };
        let place = kontor::organisation::rows::member::ActiveModel::from(place);
        let db = kontor.db.writer();
        kontor::organisation::rows::member::Entity::insert(place).exec_without_returning(db).await.unwrap();
        assert_eq!(world.way(claims).await.location, code, "{}", world.bench.name);
    }
}

#[tokio::test]
async fn a_required_provider_keeps_passwords_out_but_for_the_last_word() {
    for world in World::all().await {
        let kontor = &world.kontor;
        person(kontor, "gus@kunde.example", Some((world.org, Role::CustomerAdmin))).await;
        person(kontor, "guest@else.example", Some((world.org, Role::User))).await;
        world.save(ProviderForm { required: "true".into(), ..world.form() }).await.unwrap();
        let refused = sign_in(kontor, &nobody(), "gus@kunde.example", PASSWORD).await;
        let required = Refusal::ProviderRequired { provider: world.provider };
        assert_eq!(refused, Err(required.into()), "{}", world.bench.name);
        // Told to nobody but whoever knows the password.
        let wrong = sign_in(kontor, &nobody(), "gus@kunde.example", "something else").await;
        assert_eq!(wrong, Err(Refusal::WrongCredentials.into()));
        assert!(
            sign_in(kontor, &nobody(), "guest@else.example", PASSWORD).await.is_ok(),
            "not of the domain"
        );
        // By the form they are led there.
        let fields = [("email", "gus@kunde.example"), ("password", PASSWORD), ("next", "/account")];
        let led = world.post("/api/account/sign_in", &fields, &[]).await;
        let there = format!("/signin/with/{}?next=%2Faccount&hint=gus%40kunde.example", world.provider);
        assert_eq!((led.status, led.location.as_str()), (303, there.as_str()));
        assert_eq!(World::token(&led), None);
        // The provider is down: a page that says so, and a way in for whoever has the last word.
        world.issuer.tell(|s| s.down = true);
        let page = world.get(&format!("/signin/with/{}?next=/account", world.provider), &[]).await;
        assert_eq!(page.location, "/signin?problem=provider_down&next=%2Faccount");
        let page = world.get(&page.location, &[]).await;
        assert!(page.body.contains("does not answer at the moment"), "{}", page.body);
        assert!(sign_in(kontor, &nobody(), "boss@kunde.example", PASSWORD).await.is_ok());
        world.issuer.tell(|s| s.down = false);
        // A provider of the programme is no way past it.
        let form = ProviderForm { provider_name: "All".into(), role_map: String::new(), ..world.form() };
        let vendor = Actor::system(world.vendor, OrgKind::Vendor, "test");
        save_provider(kontor, &world.admin(), &vendor, true, 0, &form).await.unwrap();
        let all = choices(kontor).await.unwrap();
        let claims = |email: &str| json!({ "sub": email, "email": email, "email_verified": true });
        let (browser, url) = world.go_to(all[0].id, "/account").await;
        let asked = url.query_pairs().into_owned().collect();
        let code = world.issuer.sign_in(&asked, claims("gus@kunde.example"));
        let answer = world.back(&browser, &[("state", &asked["state"]), ("code", &code)]).await;
        assert!(answer.location.contains("problem=provider_required"), "{}", answer.location);
        let (browser, url) = world.go_to(all[0].id, "/account").await;
        let asked = url.query_pairs().into_owned().collect();
        let code = world.issuer.sign_in(&asked, claims("guest@else.example"));
        let answer = world.back(&browser, &[("state", &asked["state"]), ("code", &code)]).await;
        assert!(World::token(&answer).is_some(), "{}", answer.location);
        // Switched off, it requires nothing and lets nobody in.
        world
            .save(ProviderForm { required: "true".into(), active: String::new(), ..world.form() })
            .await
            .unwrap();
        assert!(sign_in(kontor, &nobody(), "gus@kunde.example", PASSWORD).await.is_ok());
        let off = world.get(&format!("/signin/with/{}", world.provider), &[]).await;
        assert!(off.location.contains("problem=provider_off"), "{}", off.location);
    }
}

#[tokio::test]
async fn a_domain_leads_to_its_provider_whoever_asks() {
    for world in World::all().await {
        person(&world.kontor, "hal@kunde.example", Some((world.org, Role::User))).await;
        let mut answers = Vec::new();
        for email in ["hal@kunde.example", "nobody@kunde.example"] {
            let fields = [("email", email), ("next", "/account")];
            let answer = world.post("/api/account/single_sign_on", &fields, &[]).await;
            answers.push((answer.status, answer.location.split("&hint").next().unwrap().to_owned()));
        }
        assert_eq!(answers[0], answers[1], "{}", world.bench.name);
        assert!(answers[0].1.starts_with(&format!("/signin/with/{}", world.provider)));
        let none = world.post("/api/account/single_sign_on", &[("email", "x@else.example")], &[]).await;
        assert!(none.location.starts_with("/signin?state="), "{}", none.location);
        // A subdomain is another domain, and a domain another organisation holds leads elsewhere.
        let other = organisation(&world.kontor, OrgKind::Customer).await;
        holds(&world.kontor, other, "sub.kunde.example").await;
        let sub = world.post("/api/account/single_sign_on", &[("email", "x@sub.kunde.example")], &[]).await;
        assert!(sub.location.starts_with("/signin?state="), "{DOMAIN}: {}", sub.location);
        let unknown = world.get("/signin/with/idp_00000000000000000000000007", &[]).await;
        assert_eq!(unknown.status, 404);
        assert_eq!(world.get("/signin/with/x", &[]).await.status, 404);
    }
}

#[tokio::test]
async fn a_suspended_person_stays_out() {
    for world in World::all().await {
        let id = person(&world.kontor, "ida@kunde.example", None).await;
        let gone = account::ActiveModel {
            id: sea_orm::ActiveValue::Set(id),
            suspended: sea_orm::ActiveValue::Set(true),
            ..Default::default()
        };
        account::Entity::update(gone).exec(world.kontor.db.writer()).await.unwrap();
        let claims = json!({ "sub": "i", "email": "ida@kunde.example", "email_verified": true });
        assert!(
            world.way(claims).await.location.contains("problem=account_suspended"),
            "{}",
            world.bench.name
        );
    }
}

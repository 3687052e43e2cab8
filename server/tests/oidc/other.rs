//! A provider that others wrote: `oidc-provider-mock`, over Authlib. It signs with RS256 and tells addresses by its
//! userinfo endpoint as well.

use super::world::World;
use kontor::{
    identity::{
        ProviderForm,
        service::{providers, save_provider},
    },
    kernel::{
        clock::{Clock as _, SystemClock},
        testing::Bench,
    },
};
use std::{
    net::{Ipv4Addr, TcpListener},
    path::PathBuf,
    process::{Child, Command, Stdio},
    time::Duration,
};

/// Its process; ends with the test.
struct Running(Child);

impl Drop for Running {
    fn drop(&mut self) {
        // One that was ended by the test already cannot be ended again.
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

/// As scripts/lib.sh has it.
fn python() -> PathBuf {
    let cache = std::env::var_os("KONTOR_CACHE").map(PathBuf::from);
    let home = || PathBuf::from(std::env::var_os("HOME").unwrap()).join(".cache/kontor");
    cache.unwrap_or_else(home).join("tools/oidc-mock/bin/python")
}

const PEOPLE: [&str; 2] = [
    r#"{"sub": "ada", "email": "ada@kunde.example", "email_verified": true, "given_name": "Ada", "family_name": "L", "groups": ["it"]}"#,
    r#"{"sub": "eve", "email": "eve@kunde.example", "email_verified": false}"#,
];

#[tokio::test]
async fn authlibs_provider_signs_people_in() {
    let python = python();
    assert!(python.exists(), "oidc-provider-mock is missing: run `scripts/setup.sh test`");
    let port = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).unwrap().local_addr().unwrap().port();
    let mut command = Command::new(python);
    command.args(["-W", "ignore", "-m", "oidc_provider_mock", "--port", &port.to_string()]);
    for person in PEOPLE {
        command.args(["--user-claims", person]);
    }
    let mut provider = Running(command.stdout(Stdio::null()).stderr(Stdio::null()).spawn().unwrap());
    let _ = rustls::crypto::ring::default_provider().install_default();
    let redirects = reqwest::redirect::Policy::none();
    let http = reqwest::Client::builder().no_proxy().redirect(redirects).build().unwrap();
    let issuer = format!("http://127.0.0.1:{port}");
    for _ in 0..600 {
        if http.get(&issuer).send().await.is_ok() {
            break;
        }
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
    let bench = Bench::all().await.remove(0);
    bench.clock.set(SystemClock.now());
    let at = format!("127.0.0.1:{port}").parse().unwrap();
    let world = World::new(bench, "off", Some(at)).await;
    let form = ProviderForm { provider_name: "Other".into(), issuer, ..world.form() };
    let admin = world.admin();
    save_provider(&world.kontor, &admin, &world.actor(), false, 0, &form).await.unwrap();
    let all = providers(&world.kontor, &world.actor(), false).await.unwrap().all;
    let other = all.iter().find(|one| one.name == "Other").unwrap().id;
    let way = |sub: &'static str| {
        let (world, http) = (&world, &http);
        async move {
            let (browser, url) = world.go_to(other, "/account").await;
            assert_eq!(http.get(url.clone()).send().await.unwrap().status(), 200);
            let body = format!("sub={sub}");
            let kind = "application/x-www-form-urlencoded";
            let sent = http.post(url).header("content-type", kind).body(body).send().await.unwrap();
            let back = sent.headers()["location"].to_str().unwrap().to_owned();
            let path = back.strip_prefix("http://127.0.0.1:3000").unwrap().to_owned();
            world.get(&path, &[("kontor_sign_in", &browser)]).await
        }
    };
    let answer = way("ada").await;
    assert_eq!((answer.status, answer.location.as_str()), (303, "/account"));
    assert!(world.is_signed_in(&World::token(&answer).unwrap()).await);
    assert_eq!(world.role("ada@kunde.example").await, Some(kontor::kernel::right::Role::CustomerAdmin));
    assert!(way("eve").await.location.contains("problem=provider_unverified"));
    let page = world.get(&format!("/signin/out/{other}"), &[]).await;
    assert_eq!(page.status, 200, "it has a page to sign out at");
    // Down, with a sign-in under way.
    let (browser, url) = world.go_to(other, "/account").await;
    let asked: std::collections::HashMap<_, _> = url.query_pairs().into_owned().collect();
    provider.0.kill().unwrap();
    provider.0.wait().unwrap();
    let fields = [("state", asked["state"].as_str()), ("code", "whatever")];
    assert!(world.back(&browser, &fields).await.location.contains("problem=provider_down"));
}

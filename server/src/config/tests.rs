use super::*;

fn with(change: impl FnOnce(&mut Config)) -> Result<Checked, ConfigError> {
    let mut config = Config::default();
    change(&mut config);
    config.check()
}

#[test]
fn defaults_are_possible() {
    let checked = with(|_| {}).unwrap();
    assert_eq!(checked.public_url(checked.listen), "http://127.0.0.1:3000");
    assert_eq!(checked.verify_host(checked.listen), "localhost");
    assert!(!checked.secure());
    let checked = with(|c| c.public_url = "HTTPS://Kontor.Example/".into()).unwrap();
    assert!(checked.secure());
    assert_eq!(checked.public_url(checked.listen), "https://kontor.example");
    assert_eq!(checked.verify_host(checked.listen), "kontor.example");
}

#[test]
fn impossible_values_are_named() {
    type Change = fn(&mut Config);
    let cases: [(&str, Change); 24] = [
        ("public_url", |c| c.public_url = "https://kontor.example/?x=1".into()),
        ("public_url", |c| c.public_url = "https://me:secret@kontor.example".into()),
        ("mail_url", |c| c.mail_url = "smtp://".into()),
        ("mail_url", |c| c.mail_url = "smtp://host:99999".into()),
        ("verify_host", |c| c.verify_host = "bad host".into()),
        ("dns_zones", |c| c.dns_zones = "=127.0.0.1:53".into()),
        ("secret_file", |c| c.secret_file = "".into()),
        ("database_url", |c| c.database_url = "postgres://".into()),
        ("argon2_passes", |c| c.argon2_passes = 0),
        ("listen", |c| c.listen = "nowhere".into()),
        ("public_url", |c| c.public_url = "ftp://x".into()),
        ("database_url", |c| c.database_url = "mysql://x".into()),
        ("mail_url", |c| c.mail_url = "pigeon://x".into()),
        ("support_email", |c| c.support_email = "nobody".into()),
        ("dns_zones", |c| c.dns_zones = "x".into()),
        ("rate_limits", |c| c.rate_limits = "maybe".into()),
        ("demo", |c| (c.demo, c.public_url) = (true, "https://kontor.example".into())),
        ("html_check_allow", |c| {
            (c.html_check_allow, c.public_url) = ("10.0.0.1:80".into(), "https://kontor.example".into())
        }),
        ("payment_script", |c| {
            (c.payment_script, c.public_url) = ("script".into(), "https://kontor.example".into())
        }),
        ("stripe_webhook_secret", |c| c.stripe_secret_key = Hidden("sk_test_1".into())),
        ("stripe_secret_key", |c| c.stripe_webhook_secret = Hidden("whsec_1".into())),
        ("stripe_secret_key", |c| {
            stripe(c);
            c.stripe_secret_key_file = "key".into();
        }),
        ("stripe_webhook_secret_file", |c| c.stripe_webhook_secret_file = "no/such/file".into()),
        ("stripe_url", |c| {
            stripe(c);
            c.stripe_url = "http://api.stripe.com".into();
        }),
    ];
    for (key, change) in cases {
        let error = with(change).unwrap_err().to_string();
        assert!(error.contains(key) && !error.contains('\n'), "{error}");
        assert!(!error.contains("sk_test"), "{error}");
    }
}

fn stripe(c: &mut Config) {
    c.stripe_secret_key = Hidden("sk_test_1".into());
    c.stripe_webhook_secret = Hidden("whsec_1".into());
}

#[test]
fn payment_providers_are_there_when_they_are_asked_for() {
    let none = with(|_| {}).unwrap();
    assert!(none.stripe.is_none() && none.payment_script.is_none());
    let demo = with(|c| (c.demo, c.secret_file) = (true, "world/secret".into())).unwrap();
    assert_eq!(demo.payment_script.as_deref(), Some(Path::new("world/payment-script")));
    let both = with(|c| {
        stripe(c);
        c.payment_script = "script".into();
    });
    let both = both.unwrap();
    assert_eq!(both.stripe.as_ref().unwrap().url, "https://api.stripe.com");
    assert_eq!(both.payment_script.as_deref(), Some(Path::new("script")));
    // Neither key is shown.
    let shown = format!("{both:?}");
    assert!(!shown.contains("sk_test") && !shown.contains("whsec"), "{shown}");
}

#[test]
fn secrets_are_read_from_files() {
    let dir = tempfile::tempdir().unwrap();
    std::fs::write(dir.path().join("key"), "sk_test_2\n").unwrap();
    let checked = with(|c| {
        stripe(c);
        c.stripe_secret_key = Hidden::default();
        c.stripe_secret_key_file = dir.path().join("key");
    });
    assert_eq!(checked.unwrap().stripe.unwrap().secret_key.0, "sk_test_2");
}

#[test]
fn lists_are_read() {
    let checked = with(|c| {
        c.dns_zones = "kontor-test.example=127.0.0.1:5300, demo.test=[::1]:53".into();
        c.trusted_proxies = "10.0.0.0/8,192.0.2.1".into();
    })
    .unwrap();
    assert_eq!(checked.dns_zones.len(), 2);
    assert_eq!(checked.trusted_proxies.len(), 2);
}

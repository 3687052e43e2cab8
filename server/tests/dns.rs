//! The DNS and web ports against counterparts that are real: knotd (an independent name server) and an axum server.
//! knotd and knsupdate (Debian: knot, knot-dnsutils) must be installed.

use kontor::domain::{
    demo::{DemoZone, Kind, Unpublishable},
    mail::{
        DmarcPolicy, LampHint, LampState,
        judge::{self, Seen},
        wanted::Wanted,
    },
};
use kontor::kernel::port::{DnsOutcome, DnsPort, RecordKind, WebOutcome, WebPort};
use kontor_server::outside::{
    demo_dns::DemoDns,
    dns::{Addresses, RealDns, Zone},
    web::RealWeb,
};
use std::{
    io::Write,
    net::{Ipv4Addr, SocketAddr},
    process::{Child, Command, Stdio},
    sync::Arc,
    time::Duration,
};
use tokio::time::Instant;

/// An independent name server for `kunde.test` that takes dynamic updates.
struct Knot {
    child: Child,
    addr: SocketAddr,
    _dir: tempfile::TempDir,
}

impl Knot {
    /// One that answers. A port that was free a moment ago may be another test's by the time knotd binds it: then another is
    /// tried.
    async fn start() -> Self {
        for _ in 0..5 {
            let knot = Self::spawn();
            if tokio::time::timeout(Duration::from_secs(10), knot.answers()).await.is_ok() {
                return knot;
            }
        }
        panic!("knotd does not answer");
    }

    fn spawn() -> Self {
        let dir = tempfile::tempdir().unwrap();
        let at = dir.path().display();
        let port = {
            let udp = std::net::UdpSocket::bind((Ipv4Addr::LOCALHOST, 0)).unwrap();
            udp.local_addr().unwrap().port()
        };
        let addr = SocketAddr::from((Ipv4Addr::LOCALHOST, port));
        let zone = "$ORIGIN kunde.test.\n@ 5 SOA ns.kunde.test. admin.kunde.test. 1 60 60 60 5\n@ 5 NS ns\n\
                    ns 5 A 127.0.0.1\nweb 5 A 127.0.0.1\nother 5 TXT \"v=spf1 -all\"\n";
        std::fs::write(dir.path().join("kunde.test.zone"), zone).unwrap();
        let config = format!(
            "server:\n  listen: 127.0.0.1@{port}\n  rundir: \"{at}\"\n  user: root:root\n\
             database:\n  storage: \"{at}\"\n\
             acl:\n  - id: local\n    address: 127.0.0.1\n    action: update\n\
             zone:\n  - domain: kunde.test\n    storage: \"{at}\"\n    file: kunde.test.zone\n    acl: local\n"
        );
        let config = if is_root() { config } else { config.replace("  user: root:root\n", "") };
        let path = dir.path().join("knot.conf");
        std::fs::write(&path, config).unwrap();
        let child = Command::new("knotd")
            .arg("-c")
            .arg(&path)
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()
            .expect("knotd is installed (Debian package knot)");
        Self { child, addr, _dir: dir }
    }

    /// Waits until the zone is served.
    async fn answers(&self) {
        let dns = self.port();
        loop {
            let answers = dns.look_up("other.kunde.test", RecordKind::Txt).await;
            if matches!(answers[0].outcome, DnsOutcome::Records(_)) {
                return;
            }
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
    }

    /// Sends a dynamic update, as an operator does.
    fn update(&self, change: &str) {
        let mut child = Command::new("knsupdate")
            .stdin(Stdio::piped())
            .stdout(Stdio::null())
            .spawn()
            .expect("knsupdate is installed (Debian package knot-dnsutils)");
        let script =
            format!("server 127.0.0.1 {}\nzone kunde.test.\nupdate {change}\nsend\nquit\n", self.addr.port());
        child.stdin.take().unwrap().write_all(script.as_bytes()).unwrap();
        assert!(child.wait().unwrap().success(), "{change}");
    }

    fn port(&self) -> RealDns {
        RealDns::new(vec![dead()], vec![Zone { suffix: "kunde.test".into(), server: self.addr }])
    }
}

impl Drop for Knot {
    fn drop(&mut self) {
        // It may have ended by itself; there is nothing left to stop then.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// knotd would drop root's rights and then not reach its own directory.
fn is_root() -> bool {
    let id = Command::new("id").arg("-u").output().unwrap();
    id.stdout == b"0\n"
}

/// A port that swallows questions: bound, never answered.
fn dead() -> SocketAddr {
    let socket = std::net::UdpSocket::bind((Ipv4Addr::LOCALHOST, 0)).unwrap();
    let addr = socket.local_addr().unwrap();
    std::mem::forget(socket);
    addr
}

async fn txt(dns: &RealDns, name: &str) -> DnsOutcome {
    let answers = dns.look_up(name, RecordKind::Txt).await;
    assert_eq!(answers.len(), 1, "{answers:?}");
    assert!(answers[0].authoritative);
    answers[0].outcome.clone()
}

fn records(values: &[&str]) -> DnsOutcome {
    DnsOutcome::Records(values.iter().map(|v| (*v).to_owned()).collect())
}

#[tokio::test]
async fn the_authority_is_asked_afresh_each_time() {
    let knot = Knot::start().await;
    let dns = knot.port();
    assert_eq!(txt(&dns, "neu.kunde.test").await, DnsOutcome::NxDomain);
    knot.update("add neu.kunde.test. 3600 TXT \"kontor-verification=abc\"");
    assert_eq!(txt(&dns, "NEU.kunde.test.").await, records(&["kontor-verification=abc"]));
    knot.update("del neu.kunde.test. TXT");
    knot.update("add neu.kunde.test. 3600 A 192.0.2.1");
    assert_eq!(txt(&dns, "neu.kunde.test").await, DnsOutcome::NoRecords);
    assert_eq!(txt(&dns, "other.kunde.test").await, records(&["v=spf1 -all"]));
}

#[tokio::test]
async fn strings_are_joined_and_long_answers_come_over_tcp() {
    let knot = Knot::start().await;
    let dns = knot.port();
    knot.update("add lang.kunde.test. 60 TXT \"kontor-\" \"verification=abc\"");
    assert_eq!(txt(&dns, "lang.kunde.test").await, records(&["kontor-verification=abc"]));
    for n in 0..20 {
        knot.update(&format!("add viel.kunde.test. 60 TXT \"{n}-{}\"", "x".repeat(200)));
    }
    let DnsOutcome::Records(many) = txt(&dns, "viel.kunde.test").await else { panic!("no records") };
    assert_eq!(many.len(), 20);
}

/// What the suite wants of a domain in these tests.
fn wanted() -> Wanted {
    Wanted {
        mx: vec![(10, "mx1.suite.test".into()), (20, "mx2.suite.test".into())],
        include: "spf.suite.test".into(),
        selector: "kontor".into(),
        dmarc: DmarcPolicy::None,
    }
}

async fn seen(dns: &RealDns, name: &str, kind: RecordKind) -> Seen {
    Seen::of(&dns.look_up(name, kind).await)
}

#[tokio::test]
async fn mail_records_are_judged_as_name_servers_say_them() {
    let knot = Knot::start().await;
    let (dns, wanted) = (knot.port(), wanted());
    let mx = async || judge::mx(&seen(&dns, "post.kunde.test", RecordKind::Mx).await, &wanted);
    let spf = async || judge::spf(&seen(&dns, "post.kunde.test", RecordKind::Txt).await, &wanted);
    assert_eq!((mx().await.state, spf().await.state), (LampState::Missing, LampState::Missing));
    knot.update("add post.kunde.test. 60 MX 20 MX2.suite.test.");
    knot.update("add post.kunde.test. 60 MX 10 mx1.suite.test.");
    knot.update("add post.kunde.test. 60 MX 30 old.kunde.test.");
    let look = mx().await;
    assert_eq!(look.state, LampState::Right, "{look:?}");
    assert!(look.found.iter().any(|found| found == "10 mx1.suite.test"), "{look:?}");
    knot.update("add post.kunde.test. 60 MX 5 old.kunde.test.");
    assert_eq!(mx().await.hint, Some(LampHint::MxElsewhere));
    knot.update("add post.kunde.test. 60 TXT \"v=spf1 include:spf.\" \"suite.test ~all\"");
    assert_eq!(spf().await.state, LampState::Right);
    knot.update("add post.kunde.test. 60 TXT \"v=spf1 -all\"");
    let look = spf().await;
    assert_eq!((look.state, look.hint), (LampState::Differs, Some(LampHint::SpfSeveral)));
    assert_eq!(look.found.len(), 2);
    // A key in pieces, as zones of 255 characters a string hold it.
    let key = "QUJD".repeat(98);
    let (head, tail) = key.split_at(200);
    knot.update(&format!(
        "add kontor._domainkey.post.kunde.test. 60 TXT \"v=DKIM1; k=rsa; p={head}\" \"{tail}\""
    ));
    let there = seen(&dns, "kontor._domainkey.post.kunde.test", RecordKind::Txt).await;
    assert_eq!(judge::dkim(&there, &key, None).state, LampState::Right);
    assert_eq!(judge::dkim(&there, "other", None).hint, Some(LampHint::DkimOther));
    // An alias of a key's record is followed, as those do who let others keep it.
    knot.update("add weg._domainkey.post.kunde.test. 60 CNAME kontor._domainkey.post.kunde.test.");
    let there = seen(&dns, "weg._domainkey.post.kunde.test", RecordKind::Txt).await;
    assert_eq!(judge::dkim(&there, &key, None).state, LampState::Right);
    knot.update("add _dmarc.post.kunde.test. 60 TXT \"v=DMARC1; p=none\"");
    let there = seen(&dns, "_dmarc.post.kunde.test", RecordKind::Txt).await;
    assert_eq!(judge::dmarc(&there, &wanted).state, LampState::Right);
}

#[tokio::test]
async fn name_servers_that_fail_or_stay_silent_make_no_record_missing() {
    let knot = Knot::start().await;
    let fails = RealDns::new(vec![dead()], vec![Zone { suffix: "fremd.test".into(), server: knot.addr }]);
    let silent = RealDns::new(vec![dead()], vec![Zone { suffix: "fremd.test".into(), server: dead() }]);
    for dns in [fails, silent] {
        let mx = seen(&dns, "kunde.fremd.test", RecordKind::Mx).await;
        assert_eq!(judge::mx(&mx, &wanted()).state, LampState::NoAnswer);
    }
}

#[tokio::test]
async fn aliases_are_followed_five_links_far() {
    let knot = Knot::start().await;
    let dns = knot.port();
    knot.update("add ziel.kunde.test. 60 TXT \"kontor-verification=abc\"");
    knot.update("add l5.kunde.test. 60 CNAME ziel.kunde.test.");
    for n in (1..5).rev() {
        knot.update(&format!("add l{n}.kunde.test. 60 CNAME l{}.kunde.test.", n + 1));
    }
    assert_eq!(txt(&dns, "l1.kunde.test").await, records(&["kontor-verification=abc"]));
    knot.update("add kreis1.kunde.test. 60 CNAME kreis2.kunde.test.");
    knot.update("add kreis2.kunde.test. 60 CNAME kreis1.kunde.test.");
    assert!(!matches!(txt(&dns, "kreis1.kunde.test").await, DnsOutcome::Records(_)));
    let answers = dns.look_up("l5.kunde.test", RecordKind::Cname).await;
    assert_eq!(answers[0].outcome, records(&["ziel.kunde.test"]));
    assert_eq!(answers[0].server, knot.addr.to_string());
    // An alias into a zone of another server is followed there.
    knot.update("add weg.kunde.test. 60 CNAME da.demo.test.");
    let demo = DemoDns::start().await.unwrap();
    demo.publish(Kind::Txt, "da.demo.test", "kontor-verification=far").unwrap();
    let both = vec![
        Zone { suffix: "kunde.test".into(), server: knot.addr },
        Zone { suffix: "demo.test".into(), server: demo.dns_addr() },
    ];
    let dns = RealDns::new(vec![dead()], both);
    assert_eq!(txt(&dns, "weg.kunde.test").await, records(&["kontor-verification=far"]));
}

#[tokio::test]
async fn a_dead_server_is_an_outcome_within_five_seconds() {
    let dns = RealDns::new(vec![dead()], vec![Zone { suffix: "tot.test".into(), server: dead() }]);
    let start = Instant::now();
    assert_eq!(txt(&dns, "kunde.tot.test").await, DnsOutcome::Timeout);
    assert!(start.elapsed() < Duration::from_millis(5500), "{:?}", start.elapsed());
    // No zone named and no resolver that answers.
    let start = Instant::now();
    let answers = dns.look_up("kunde.beispiel.test", RecordKind::Txt).await;
    assert!(answers.iter().all(|a| a.outcome == DnsOutcome::Timeout), "{answers:?}");
    assert!(start.elapsed() < Duration::from_millis(5500), "{:?}", start.elapsed());
    assert!(!dns.resolves("kunde.tot.test").await);
}

#[tokio::test]
async fn a_server_that_is_not_in_charge_fails() {
    let knot = Knot::start().await;
    let dns = RealDns::new(vec![dead()], vec![Zone { suffix: "fremd.test".into(), server: knot.addr }]);
    assert_eq!(txt(&dns, "kunde.fremd.test").await, DnsOutcome::ServFail);
}

/// A server that answers every question with rubbish.
#[tokio::test]
async fn a_lying_server_is_an_outcome() {
    let socket = tokio::net::UdpSocket::bind((Ipv4Addr::LOCALHOST, 0)).await.unwrap();
    let server = socket.local_addr().unwrap();
    tokio::spawn(async move {
        let mut buffer = [0u8; 2048];
        while let Ok((length, from)) = socket.recv_from(&mut buffer).await {
            let mut rubbish = buffer[..length.min(3)].to_vec();
            rubbish.extend([0xff; 40]);
            if socket.send_to(&rubbish, from).await.is_err() {
                break;
            }
        }
    });
    let dns = RealDns::new(vec![dead()], vec![Zone { suffix: "luege.test".into(), server }]);
    let start = Instant::now();
    let outcome = txt(&dns, "kunde.luege.test").await;
    assert!(matches!(outcome, DnsOutcome::Timeout | DnsOutcome::ServFail), "{outcome:?}");
    assert!(start.elapsed() < Duration::from_millis(5500));
}

/// knotd as the configured resolver names name servers at private addresses: they are not asked, the resolver's own
/// answer counts.
#[tokio::test]
async fn private_name_servers_are_refused_unless_named() {
    let knot = Knot::start().await;
    knot.update("add neu.kunde.test. 60 TXT \"kontor-verification=abc\"");
    let dns = RealDns::new(vec![knot.addr], Vec::new());
    let answers = dns.look_up("neu.kunde.test", RecordKind::Txt).await;
    assert_eq!(answers.len(), 1, "{answers:?}");
    assert_eq!((answers[0].authoritative, answers[0].server.as_str()), (false, "resolver"));
    assert_eq!(answers[0].outcome, records(&["kontor-verification=abc"]));
}

mod web {
    use super::*;
    use axum::{
        Router,
        http::{HeaderMap, StatusCode},
        response::Redirect,
        routing::get,
    };

    /// A web server with files of every sort.
    async fn serve() -> SocketAddr {
        let host = |headers: HeaderMap| async move {
            headers.get("host").and_then(|h| h.to_str().ok()).unwrap_or_default().to_owned()
        };
        let app = Router::new()
            .route("/ok", get(|| async { "token\n" }))
            .route("/host", get(host))
            .route("/missing", get(|| async { (StatusCode::NOT_FOUND, "token") }))
            .route("/large", get(|| async { "x".repeat(64 * 1024 + 1) }))
            .route("/full", get(|| async { "x".repeat(64 * 1024) }))
            .route("/here", get(|| async { Redirect::temporary("/ok") }))
            .route("/round", get(|| async { Redirect::temporary("/round") }))
            .route("/away", get(|| async { Redirect::temporary("http://www.kunde.test/ok") }))
            .route("/meta", get(|| async { Redirect::temporary("http://169.254.169.254/latest") }))
            .route("/port", get(|| async { Redirect::temporary("http://web.kunde.test:22/") }))
            .route(
                "/slow",
                get(|| async {
                    tokio::time::sleep(Duration::from_secs(30)).await;
                    "token"
                }),
            );
        let listener = tokio::net::TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).await.unwrap();
        let addr = listener.local_addr().unwrap();
        tokio::spawn(async move { axum::serve(listener, app).await });
        addr
    }

    #[tokio::test]
    async fn the_file_is_fetched_where_allowed() {
        let knot = Knot::start().await;
        let addr = serve().await;
        let web = RealWeb::new(Arc::new(knot.port()), vec![addr], vec![]).unwrap();
        let plain = async |path: &str| {
            let answers = web.fetch_proof("web.kunde.test", path).await;
            assert_eq!(answers[0].outcome, WebOutcome::PrivateAddress, "HTTPS has no port to go to");
            assert_eq!(answers[1].url, format!("http://web.kunde.test{path}"));
            answers[1].outcome.clone()
        };
        assert_eq!(plain("/ok").await, WebOutcome::Body("token\n".into()));
        assert!(matches!(plain("/host").await, WebOutcome::Body(host) if host.starts_with("web.kunde.test")));
        assert_eq!(plain("/missing").await, WebOutcome::Status(404));
        assert_eq!(plain("/large").await, WebOutcome::TooLarge);
        assert!(matches!(plain("/full").await, WebOutcome::Body(_)));
        assert_eq!(plain("/here").await, WebOutcome::Body("token\n".into()));
        assert_eq!(plain("/round").await, WebOutcome::Status(307));
        assert_eq!(plain("/away").await, WebOutcome::OffsiteRedirect("http://www.kunde.test/ok".into()));
        assert!(matches!(plain("/meta").await, WebOutcome::OffsiteRedirect(_)));
        assert!(matches!(plain("/port").await, WebOutcome::OffsiteRedirect(_)));
        let start = Instant::now();
        assert_eq!(plain("/slow").await, WebOutcome::Timeout);
        assert!(start.elapsed() < Duration::from_secs(6));
    }

    #[tokio::test]
    async fn private_addresses_are_refused() {
        let knot = Knot::start().await;
        let addr = serve().await;
        let other = SocketAddr::from((Ipv4Addr::new(127, 0, 0, 2), addr.port()));
        for allow in [vec![], vec![other]] {
            let web = RealWeb::new(Arc::new(knot.port()), allow, vec![]).unwrap();
            for answer in web.fetch_proof("web.kunde.test", "/ok").await {
                assert_eq!(answer.outcome, WebOutcome::PrivateAddress, "{}", answer.url);
            }
        }
        // One private address among public ones spoils them all: nobody knows which one would be taken.
        knot.update("add gemischt.kunde.test. 60 A 127.0.0.1");
        knot.update("add gemischt.kunde.test. 60 A 1.1.1.1");
        knot.update("add sechs.kunde.test. 60 AAAA ::1");
        let web = RealWeb::new(Arc::new(knot.port()), vec![], vec![]).unwrap();
        for host in ["gemischt.kunde.test", "sechs.kunde.test"] {
            let answers = web.fetch_proof(host, "/ok").await;
            assert!(answers.iter().all(|a| a.outcome == WebOutcome::PrivateAddress), "{host}");
        }
        let answers = web.fetch_proof("nirgends.kunde.test", "/ok").await;
        assert!(answers.iter().all(|a| a.outcome == WebOutcome::NoHost));
    }
}

#[tokio::test]
async fn the_demo_answers_for_its_zone() {
    let demo = DemoDns::start().await.unwrap();
    let zones = vec![Zone { suffix: "demo.test".into(), server: demo.dns_addr() }];
    let dns = Arc::new(RealDns::new(vec![dead()], zones));
    assert_eq!(txt(&dns, "kunde.demo.test").await, DnsOutcome::NoRecords);
    let long = format!("kontor-verification={}", "ä".repeat(300));
    demo.publish(Kind::Txt, "Kunde.demo.test.", "v=spf1 -all").unwrap();
    let record = demo.publish(Kind::Txt, "kunde.demo.test", &long).unwrap();
    assert_eq!(txt(&dns, "kunde.demo.test").await, records(&["v=spf1 -all", &long]));
    assert!(demo.remove(&record) && !demo.remove(&record));
    assert_eq!(txt(&dns, "kunde.demo.test").await, records(&["v=spf1 -all"]));
    for mx in ["20 mx2.vendor.test", "10 mx1.vendor.test"] {
        demo.publish(Kind::Mx, "kunde.demo.test", mx).unwrap();
    }
    let mx = dns.look_up("kunde.demo.test", RecordKind::Mx).await;
    assert_eq!(mx[0].outcome, records(&["20 mx2.vendor.test", "10 mx1.vendor.test"]));
    for wrong in ["mx1.vendor.test", "ten mx1.vendor.test", "10 a..b"] {
        assert_eq!(demo.publish(Kind::Mx, "kunde.demo.test", wrong), Err(Unpublishable::Value), "{wrong}");
    }
    demo.publish(Kind::Cname, "tok.kunde.demo.test", "verify.vendor.test").unwrap();
    let cname = dns.look_up("tok.kunde.demo.test", RecordKind::Cname).await;
    assert_eq!(cname[0].outcome, records(&["verify.vendor.test"]));
    assert_eq!(dns.addresses("kunde.demo.test").await, Addresses::Found(vec![Ipv4Addr::LOCALHOST.into()]));

    // Another allowed port of the same address is not mistaken for the demo's.
    let site = Zone { suffix: "demo.test".into(), server: demo.web_addr() };
    let web = RealWeb::new(dns.clone(), vec![dead()], vec![site]).unwrap();
    let path = kontor::domain::judge::FILE_PATH;
    let answers = web.fetch_proof("kunde.demo.test", path).await;
    assert_eq!(answers[1].outcome, WebOutcome::Status(404));
    demo.publish(Kind::Html, "kunde.demo.test", "token").unwrap();
    let answers = web.fetch_proof("kunde.demo.test", path).await;
    assert_eq!(answers[1].outcome, WebOutcome::Body("token\n".into()));

    for (name, value, why) in [
        ("example.org", "x", Unpublishable::Name),
        ("xdemo.test", "x", Unpublishable::Name),
        ("a..demo.test", "x", Unpublishable::Name),
        ("kunde.demo.test", " ", Unpublishable::Value),
    ] {
        assert_eq!(demo.publish(Kind::Txt, name, value), Err(why), "{name}");
    }
}
